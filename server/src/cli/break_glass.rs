//! `leeward break-glass`.

use anyhow::Context as _;
use clap::Subcommand;
use leeward_domain::{permission::Role, tenant::Status, user::UserKind};
use leeward_ledger::{Change, EventCode};
use leeward_store::BreakGlassSeal;
use serde_json::json;

use super::{find_tenant, output::Output};
use crate::{
    accounts,
    audit::Draft,
    auth::{
        break_glass::{Half, digest},
        secret::one_time_password,
    },
    foundation::Foundation,
};

#[derive(Debug, Subcommand)]
pub(super) enum BreakGlassCommand {
    /// Seal a tenant's emergency account; prints two halves once, for two people. Halves of before stop working.
    Seal {
        /// The tenant's name or id.
        #[arg(long)]
        tenant: String,
    },
}

impl BreakGlassCommand {
    pub(super) async fn run(self, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let Self::Seal { tenant } = self;
        let tenant = find_tenant(base, &tenant).await?;
        let draft = Draft::local_console(&base.ambient).in_tenant(tenant.id);
        let [first, second] = [(); 2].map(|()| one_time_password(&base.ambient));
        let mut records = Vec::new();
        let mut tx = base.store.tenant_write(tenant.id).await?;
        let user = match tx.break_glass_user().await? {
            Some(user) => user,
            None => {
                let email = format!("break-glass@{}.invalid", tenant.name).parse()?;
                let roles = vec![Role::TenantAdmin.into(), Role::SecurityOfficer.into()];
                let mut user = accounts::new_user(&base.ambient, email, Some("Emergency access".into()), roles);
                (user.kind, user.must_change_password) = (UserKind::BreakGlass, false);
                tx.add_user(&user, None).await.with_context(|| format!("adding {}", user.email))?;
                records.push(draft.on(EventCode::UserCreated, "user", user.id));
                user
            }
        };
        let before = tx.break_glass_seal(user.id).await?.map(|seal| format!("sealed {}", seal.sealed_at));
        let seal = BreakGlassSeal {
            user: user.id,
            first: digest(Half::First, tenant.id, &first),
            second: digest(Half::Second, tenant.id, &second),
            sealed_at: base.ambient.now(),
        };
        tx.set_break_glass_seal(&seal).await?;
        // Whatever was opened with the halves of before is over.
        tx.delete_sessions_of(user.id).await?;
        let mut record = draft.on(EventCode::BreakGlassSealed, "user", user.id);
        record.changes =
            vec![Change { field: "seal".into(), from: before, to: Some(format!("sealed {}", seal.sealed_at)) }];
        records.push(record);
        tx.append_audit(&records).await?;
        tx.commit().await?;

        let suspended = if user.status == Status::Active {
            ""
        } else {
            "\nThe account is suspended: an administrator must resume it before it can be unlocked."
        };
        let text = format!(
            "emergency account of {} ({})\nfirst half   {first}\nsecond half  {second}\n\nThey are shown this once and work \
             once. Put each into an envelope of its own, held by two people; at the sign-in page, \"Emergency access\" \
             asks for both.{suspended}",
            tenant.name, user.id
        );
        let object = json!({
            "user_id": user.id, "status": user.status, "first_half": first, "second_half": second,
        });
        out.say(&text, &object);
        Ok(())
    }
}
