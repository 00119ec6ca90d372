//! `leeward user`.

use anyhow::Context as _;
use clap::Subcommand;
use leeward_domain::{
    permission::{Role, RoleRef},
    tenant::Email,
};
use leeward_ledger::{Change, EventCode};
use serde_json::json;

use super::{find_tenant, output::Output};
use crate::{
    accounts,
    audit::Draft,
    auth::{password::Passwords, secret::one_time_password},
    config::Config,
    foundation::Foundation,
};

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Add a user; prints a one-time password once.
    Create {
        /// The tenant's name or id.
        #[arg(long)]
        tenant: String,
        /// The e-mail address to sign in with.
        email: Email,
        /// A role; may be given several times [default: member].
        #[arg(long = "role")]
        roles: Vec<Role>,
    },
    /// Give a user a new one-time password and end their sessions.
    ResetPassword {
        /// The tenant's name or id.
        #[arg(long)]
        tenant: String,
        /// The e-mail address.
        email: Email,
    },
}

impl UserCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let password = one_time_password(&base.ambient);
        let hash = Passwords::new(&config.auth, &base.ambient)?.hash(password.clone()).await?;
        match self {
            Self::Create { tenant, email, mut roles } => {
                let tenant = find_tenant(base, &tenant).await?;
                if roles.is_empty() {
                    roles.push(Role::Member);
                }
                let roles = roles.into_iter().map(RoleRef::from).collect();
                let user = accounts::new_user(&base.ambient, email, None, roles);
                let draft = Draft::local_console(&base.ambient).in_tenant(tenant.id);
                let mut tx = base.store.tenant_write(tenant.id).await?;
                tx.add_user(&user, Some(&hash)).await.with_context(|| format!("adding {}", user.email))?;
                tx.append_audit(&[draft.on(EventCode::UserCreated, "user", user.id)]).await?;
                tx.commit().await?;
                say(out, &user, &password);
            }
            Self::ResetPassword { tenant, email } => {
                let tenant = find_tenant(base, &tenant).await?;
                let found = base.store.platform_read().await?.login_candidates(&email, Some(&tenant.name)).await?.pop();
                let user = found.with_context(|| format!("{} has no user {email}", tenant.name))?.user;
                let mut record = Draft::local_console(&base.ambient).in_tenant(tenant.id).on(
                    EventCode::UserUpdated,
                    "user",
                    user.id,
                );
                record.changes = vec![Change { field: "password".into(), from: None, to: Some("one-time".into()) }];
                let mut tx = base.store.tenant_write(tenant.id).await?;
                tx.set_password_hash(user.id, Some(&hash), true).await?;
                tx.delete_sessions_of(user.id).await?;
                tx.append_audit(&[record]).await?;
                tx.commit().await?;
                say(out, &user, &password);
            }
        }
        Ok(())
    }
}

fn say(out: Output, user: &leeward_store::User, password: &str) {
    let text = format!("user {} ({})\none-time password  {password}\n\nIt is shown this once.", user.email, user.id);
    out.say(&text, &json!({ "user_id": user.id, "password": password }));
}
