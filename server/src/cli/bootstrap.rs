//! `leeward bootstrap`: a tenant, its administrator and an API key, in one transaction.

use clap::Args;
use leeward_domain::{
    permission::Role,
    tenant::{Email, TenantName},
};
use leeward_ledger::{Change, EventCode};
use leeward_store::StoreError;
use serde_json::json;

use super::output::Output;
use crate::{
    accounts,
    audit::Draft,
    auth::{password::Passwords, secret::one_time_password},
    config::Config,
    foundation::Foundation,
};

#[derive(Debug, Args)]
pub(super) struct Bootstrap {
    /// The tenant's name: lower-case letters, digits and hyphens.
    #[arg(long)]
    tenant: TenantName,
    /// The administrator's e-mail address.
    #[arg(long)]
    admin: Email,
    /// Let those who administer the tenant read its audit log too: for one person alone, or a trial. Off, the
    /// administrator names an auditor.
    #[arg(long)]
    self_audit: bool,
}

impl Bootstrap {
    /// Makes all three or nothing. The first administrator of an installation also operates the platform:
    /// somebody has to, and it can be handed on.
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let Foundation { ambient, store, keyring, .. } = base;
        let password = one_time_password(ambient);
        let hash = Passwords::new(&config.auth, ambient)?.hash(password.clone()).await?;
        let mut tenant = accounts::new_tenant(ambient, keyring, &config.place.place(), self.tenant).await?;
        tenant.sign_in.self_audit = self.self_audit;

        let mut tx = store.platform_write().await?;
        let mut roles = vec![Role::TenantAdmin.into()];
        if tx.count_tenants().await? == 0 {
            roles.insert(0, Role::PlatformOperator.into());
        }
        if self.self_audit {
            roles.push(Role::Auditor.into());
        }
        let user = accounts::new_user(ambient, self.admin, None, roles);
        let (key, secret) = accounts::new_key(ambient, user.id, "bootstrap".into());
        match tx.add_tenant(&tenant).await {
            Err(StoreError::Conflict { .. }) => {
                anyhow::bail!("there is a tenant {} already; `leeward tenant list` shows them", tenant.name)
            }
            other => other?,
        }
        let draft = Draft::local_console(ambient);
        tx.append_audit(&[draft.on(EventCode::TenantCreated, "tenant", tenant.id)]).await?;
        let draft = draft.in_tenant(tenant.id);
        let mut tx = tx.into_tenant(tenant.id).await?;
        tx.add_user(&user, Some(&hash)).await?;
        tx.add_api_key(&key, &secret.hash()).await?;
        let mut created = draft.on(EventCode::TenantCreated, "tenant", tenant.id);
        created.changes =
            vec![Change { field: "self_audit".into(), from: None, to: Some(self.self_audit.to_string()) }];
        tx.append_audit(&[
            created,
            draft.on(EventCode::UserCreated, "user", user.id),
            draft.on(EventCode::KeyCreated, "key", key.id),
        ])
        .await?;
        tx.commit().await?;

        let text = format!(
            "tenant {} ({})\nadmin  {} ({})\none-time password  {password}\nAPI key            {}\n\nBoth secrets are shown this once.",
            tenant.name,
            tenant.id,
            user.email,
            user.id,
            secret.reveal()
        );
        let object = json!({
            "tenant_id": tenant.id, "user_id": user.id, "password": password, "api_key": secret.reveal(),
        });
        out.say(&text, &object);
        Ok(())
    }
}
