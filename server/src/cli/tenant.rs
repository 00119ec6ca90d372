//! `leeward tenant`.

use clap::Subcommand;
use leeward_domain::tenant::TenantName;
use leeward_ledger::EventCode;
use leeward_store::Page;
use serde_json::json;

use super::output::Output;
use crate::{accounts, audit::Draft, config::Config, foundation::Foundation};

#[derive(Debug, Subcommand)]
pub(super) enum TenantCommand {
    /// Make a tenant without users; see `leeward bootstrap` for one with an administrator.
    Create {
        /// Lower-case letters, digits and hyphens.
        name: TenantName,
    },
    /// List the tenants.
    List,
}

impl TenantCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        match self {
            Self::Create { name } => {
                let tenant = accounts::new_tenant(&base.ambient, &base.keyring, &config.place.place(), name).await?;
                let draft = Draft::local_console(&base.ambient);
                let theirs = draft.clone().in_tenant(tenant.id).on(EventCode::TenantCreated, "tenant", tenant.id);
                let mut tx = base.store.platform_write().await?;
                tx.add_tenant(&tenant).await?;
                tx.append_audit(&[draft.on(EventCode::TenantCreated, "tenant", tenant.id)]).await?;
                tx.append_audit_to(Some(tenant.id), &[theirs]).await?;
                tx.commit().await?;
                let text = format!("tenant {} ({})", tenant.name, tenant.id);
                out.say(&text, &json!({ "tenant_id": tenant.id, "name": tenant.name }));
            }
            Self::List => {
                let mut rows = Vec::new();
                let mut after = None;
                loop {
                    let page = base.store.platform_read().await?.tenants(Page { after, limit: 200 }).await?;
                    after = page.last().map(|tenant| tenant.id);
                    let last = page.len() < 200;
                    rows.extend(page);
                    if last {
                        break;
                    }
                }
                let text: Vec<String> =
                    rows.iter().map(|t| format!("{}  {}  {}", t.id, t.status.as_str(), t.name)).collect();
                let items: Vec<_> = rows
                    .iter()
                    .map(|t| json!({ "tenant_id": t.id, "name": t.name, "status": t.status, "created_at": t.created_at }))
                    .collect();
                out.say(&text.join("\n"), &json!({ "items": items }));
            }
        }
        Ok(())
    }
}
