//! `leeward signing-key`.

use clap::Subcommand;
use leeward_ledger::EventCode;
use serde_json::json;

use super::output::Output;
use crate::{audit::Draft, auth::tokens, config::Config, foundation::Foundation};

#[derive(Debug, Subcommand)]
pub(super) enum SigningKeyCommand {
    /// Make the next key that signs access tokens; it signs once it was published for tokens.key_lead_s.
    Rotate,
    /// List the keys, newest first.
    List,
}

impl SigningKeyCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        match self {
            Self::Rotate => {
                let made = tokens::rotate(&base.store, &base.keyring, &base.ambient, &config.tokens, true).await?;
                let id = made.ok_or_else(|| anyhow::anyhow!("no key was made"))?;
                let record = Draft::local_console(&base.ambient).on(EventCode::SigningKeyRotated, "signing_key", id);
                let mut tx = base.store.platform_write().await?;
                tx.append_audit(&[record]).await?;
                tx.commit().await?;
                out.say(&format!("key {id}"), &json!({ "key_id": id }));
            }
            Self::List => {
                let keys = base.store.platform_read().await?.signing_keys().await?;
                let rows: Vec<_> = keys
                    .iter()
                    .map(|key| json!({"key_id": key.id, "created_at": key.created_at, "signs_from": key.signs_from}))
                    .collect();
                let lines: Vec<_> =
                    keys.iter().map(|key| format!("{}  signs from {}", key.id, key.signs_from)).collect();
                out.say(&lines.join("\n"), &json!({ "keys": rows }));
            }
        }
        Ok(())
    }
}
