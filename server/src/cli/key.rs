//! `leeward key`: API keys, and the key-encryption keys.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use leeward_domain::{ids::ApiKeyId, tenant::Email};
use leeward_ledger::EventCode;
use leeward_store::Page;
use serde_json::json;

use super::{find_tenant, output::Output};
use crate::{
    accounts,
    audit::Draft,
    config::Config,
    foundation::Foundation,
    keys::{NewFile, Rotation},
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make an API key that acts as a user; prints the secret once.
    Create {
        /// The tenant's name or id.
        #[arg(long)]
        tenant: String,
        /// The e-mail address of the user it acts as.
        #[arg(long)]
        user: Email,
        /// What to call it.
        name: String,
    },
    /// List the first 500 keys.
    List {
        /// The tenant's name or id.
        #[arg(long)]
        tenant: String,
    },
    /// Make a key-encryption key in a new file, for a rotation; say in the configuration that it is to be used.
    NewKek {
        /// The file, which must not exist.
        file: PathBuf,
        /// Encrypt it under the passphrase in this file of mode 0600.
        #[arg(long)]
        passphrase_file: Option<PathBuf>,
    },
    /// Move every wrapped key under the current key-encryption key, while the service runs; exit 1 if any is left.
    RotateKek,
    /// Revoke a key at once.
    Revoke {
        /// The tenant's name or id.
        #[arg(long)]
        tenant: String,
        /// The key's id.
        key: ApiKeyId,
    },
}

impl KeyCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let draft = Draft::local_console(&base.ambient);
        match self {
            Self::Create { tenant, user, name } => {
                let tenant = find_tenant(base, &tenant).await?;
                let found = base.store.platform_read().await?.login_candidates(&user, Some(&tenant.name)).await?.pop();
                let owner = found.with_context(|| format!("{} has no user {user}", tenant.name))?.user;
                let (key, secret) = accounts::new_key(&base.ambient, owner.id, name);
                let mut tx = base.store.tenant_write(tenant.id).await?;
                tx.add_api_key(&key, &secret.hash()).await?;
                tx.append_audit(&[draft.in_tenant(tenant.id).on(EventCode::KeyCreated, "key", key.id)]).await?;
                tx.commit().await?;
                let text = format!("key {}\nAPI key  {}\n\nThe secret is shown this once.", key.id, secret.reveal());
                out.say(&text, &json!({ "key_id": key.id, "api_key": secret.reveal() }));
            }
            Self::List { tenant } => {
                let tenant = find_tenant(base, &tenant).await?;
                let keys = base.store.tenant_read(tenant.id).await?.api_keys(Page::first(500)).await?;
                let state = |key: &leeward_store::ApiKey| if key.revoked_at.is_some() { "revoked" } else { "active" };
                let text: Vec<String> = keys
                    .iter()
                    .map(|key| format!("{}  {}…  {}  {}", key.id, key.prefix, state(key), key.name))
                    .collect();
                let items: Vec<_> = keys
                    .iter()
                    .map(|key| json!({ "key_id": key.id, "name": key.name, "prefix": key.prefix, "state": state(key) }))
                    .collect();
                out.say(&text.join("\n"), &json!({ "items": items }));
            }
            Self::NewKek { file, passphrase_file } => {
                let key = NewFile { path: file.clone(), passphrase_file }.make(&base.ambient)?;
                let text =
                    format!("key {key} in {}\n\nBack it up apart from the data before it is used.", file.display());
                out.say(&text, &json!({ "kek_id": key.to_string(), "file": file }));
            }
            Self::RotateKek => {
                let (store, keyring) = (base.store.clone(), Arc::clone(&base.keyring));
                let walked = Rotation::new(config, store, keyring, base.ambient.clone(), draft).walk(0, false).await?;
                out.say(&format!("{} keys rewrapped, {} left", walked.rewrapped, walked.left), &json!(walked));
                if let Some(reason) = walked.reason {
                    bail!("{} keys are left as they were: {reason}", walked.left);
                }
            }
            Self::Revoke { tenant, key } => {
                let tenant = find_tenant(base, &tenant).await?;
                let mut tx = base.store.tenant_write(tenant.id).await?;
                tx.revoke_api_key(key, base.ambient.now()).await.with_context(|| key.to_string())?;
                tx.append_audit(&[draft.in_tenant(tenant.id).on(EventCode::KeyRevoked, "key", key)]).await?;
                tx.commit().await?;
                out.say(&format!("revoked {key}"), &json!({ "key_id": key }));
            }
        }
        Ok(())
    }
}
