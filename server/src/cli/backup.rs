//! `leeward backup`: made beside a running service, listed, looked over.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::output::Output;
use crate::{
    backup::{self, target::Target},
    config::Config,
    foundation::Foundation,
};

#[derive(Debug, Subcommand)]
pub(super) enum BackupCommand {
    /// Copy the whole database, encrypted, while the service runs; deletes older backups that have run their time.
    Create {
        /// The name of one of the configuration's [[backups]].
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// List the backups at a place, oldest first.
    List {
        /// The name of one of the configuration's [[backups]].
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Read a backup whole with the configured keys; exit 1 names what is wrong. Needs no database.
    Verify {
        /// The file.
        file: PathBuf,
    },
}

impl BackupCommand {
    pub(super) async fn run(self, config: &Config, out: Output) -> anyhow::Result<()> {
        match self {
            Self::Create { to } => {
                let target = Target::named(config, &to)?;
                let base = Foundation::open(config).await?;
                let made = backup::create(config, &base, &target).await;
                base.store.close().await;
                let made = made?;
                let mut text = format!(
                    "{}\n{} bytes, SHA-256 {}, {} tenants; read back and whole",
                    made.path.display(),
                    made.bytes,
                    made.sha256,
                    made.tenants
                );
                for name in &made.expired {
                    text.push_str(&format!("\ndeleted {name}, which had run its time"));
                }
                let object = json!({
                    "name": made.name, "file": made.path, "bytes": made.bytes, "sha256": made.sha256,
                    "created_at": made.created_at, "tenants": made.tenants, "expired": made.expired,
                });
                out.say(&text, &object);
            }
            Self::List { to } => {
                let listed = Target::named(config, &to)?.list()?;
                let text: Vec<_> = listed
                    .iter()
                    .map(|it| {
                        let header = &it.header;
                        let (name, at, kek) = (&it.name, header.created_at, header.kek);
                        format!("{name}  {at}  {} bytes  {}  key {kek}", it.bytes, header.backend.as_str())
                    })
                    .collect();
                let items: Vec<_> = listed
                    .iter()
                    .map(|it| {
                        json!({
                            "name": it.name, "file": it.path, "bytes": it.bytes, "created_at": it.header.created_at,
                            "backend": it.header.backend, "schema": it.header.schema, "kek_id": it.header.kek,
                        })
                    })
                    .collect();
                out.say(&text.join("\n"), &json!({ "items": items }));
            }
            Self::Verify { file } => {
                let whole = backup::verify(config, &file).await?;
                let header = &whole.header;
                let text = format!(
                    "{} is whole: {} database, made {}, {} bytes, SHA-256 {}, {} logs held against their checkpoints",
                    file.display(),
                    header.backend.as_str(),
                    header.created_at,
                    whole.bytes,
                    whole.sha256,
                    whole.logs
                );
                let object = json!({
                    "file": file, "bytes": whole.bytes, "sha256": whole.sha256, "created_at": header.created_at,
                    "backend": header.backend, "schema": header.schema, "kek_id": header.kek, "logs": whole.logs,
                });
                out.say(&text, &object);
            }
        }
        Ok(())
    }
}
