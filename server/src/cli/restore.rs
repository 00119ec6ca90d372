//! `leeward restore`: a backup takes the database's place, with every gateway stopped.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::output::Output;
use crate::{backup, config::Config};

/// What an older state brings back, and nobody but its operator can know of.
const COMES_BACK: &str = "Back as they were then: passwords and second factors, recovery codes that were used since, API \
                          keys that were revoked since, people who were suspended or deleted since, and the emergency \
                          account's halves. End again what must not work. Every session and token grant was ended.";

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup's file.
    file: PathBuf,
    /// Why; it goes on record.
    #[arg(long)]
    reason: String,
    /// Put it in the place of the database that is there. SQLite's is kept beside it under another name; PostgreSQL's
    /// is gone.
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub(super) async fn run(self, config: &Config, out: Output) -> anyhow::Result<()> {
        let restored = backup::restore(config, &self.file, &self.reason, self.replace).await?;
        let accepted: Vec<_> = restored.accepted.iter().map(ToString::to_string).collect();
        let mut text = format!(
            "put back {}, made {}: {} tenants (SHA-256 {})",
            restored.name, restored.created_at, restored.tenants, restored.sha256
        );
        if let Some(kept) = &restored.kept {
            text.push_str(&format!("\nthe database that was there is {}", kept.display()));
        }
        if !accepted.is_empty() {
            text.push_str(&format!("\nlogs that were longer, now on record: {}", accepted.join(", ")));
        }
        if !restored.had_tombstones {
            text.push_str(&format!(
                "\nthere was no {}: if anything was erased after the backup, put the newest one there before the \
                 service starts, or it can be read again",
                config.tombstones_file().display()
            ));
        }
        text.push_str(&format!("\n\n{COMES_BACK}"));
        let object = json!({
            "name": restored.name, "sha256": restored.sha256, "created_at": restored.created_at,
            "tenants": restored.tenants, "accepted": accepted, "kept": restored.kept,
            "had_tombstones": restored.had_tombstones,
        });
        out.say(&text, &object);
        Ok(())
    }
}
