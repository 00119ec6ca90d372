//! `leeward audit`: a file that `leeward-verify` checks without us, and what is done to the logs as such.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use leeward_domain::ids::TenantId;
use leeward_ledger::{EventCode, LogId};
use leeward_store::SignedHead;
use serde_json::json;

use super::{audit_key, find_tenant, output::Output};
use crate::{audit::Draft, config::Config, foundation::Foundation};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Write a log and its signed checkpoint to a file for leeward-verify.
    Export {
        /// The tenant's id or name; `platform` for the appliance's own log.
        #[arg(long)]
        tenant: String,
        /// The file to write; must not exist.
        #[arg(long)]
        out: PathBuf,
    },
    /// Print the key that a log's checkpoints are checked with, for auditors and witnesses.
    Key {
        /// The tenant's id or name; the appliance's own log if left out, whose key witnesses are given.
        #[arg(long, default_value = "platform", conflicts_with = "witness")]
        tenant: String,
        /// Print instead the key with which this appliance cosigns the logs of others.
        #[arg(long)]
        witness: bool,
    },
    /// Give the logs a new signing key; the old key signs the hand-over. Stop every gateway first. Run it again if it
    /// was broken off.
    RotateKey {
        /// Why; it goes on record.
        #[arg(long)]
        reason: String,
    },
    /// After a restore from a backup that was meant: take the logs as they are, although longer ones were signed.
    AcceptRestore {
        /// Why; it goes on record.
        #[arg(long)]
        reason: String,
    },
}

impl AuditCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        match self {
            Self::Export { tenant, out: path } => Self::export(&tenant, path, base, out).await,
            Self::Key { tenant, witness } => {
                let key = if witness {
                    base.reading().witness_key(&config.audit.witness_name).to_string()
                } else {
                    let log = if tenant == "platform" { None } else { Some(log_of(base, &tenant).await?) };
                    base.reading().key(log)
                };
                out.say(&key, &json!({ "key": key }));
                Ok(())
            }
            Self::RotateKey { reason } => audit_key::rotate(config, base, &reason, out).await,
            Self::AcceptRestore { reason } => audit_key::accept_restore(config, base, &reason, out).await,
        }
    }

    async fn export(tenant: &str, path: PathBuf, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let log = if tenant == "platform" { None } else { Some(log_of(base, tenant).await?) };
        let draft = Draft::local_console(&base.ambient);
        let mut record = match log {
            Some(id) => draft.clone().in_tenant(id),
            None => draft,
        }
        .on(EventCode::AuditExported, "audit_log", LogId::from(log));
        record.reason = Some("exported at the command line".into());
        // The export is a record of its own export: append first, then write up to and including it.
        let mut tx = base.store.platform_write().await?;
        tx.append_audit_to(log, &[record]).await?;
        tx.commit().await?;
        let signed = base.sequencer().catch_up(log).await?;

        let file = File::create_new(&path).with_context(|| format!("cannot make {}", path.display()))?;
        match write(base, log, &signed, file).await {
            Ok(()) => {
                let (id, head) = (LogId::from(log), signed.head);
                let text = format!("{} records of {id} in {}", head.size, path.display());
                let key = base.reading().key(log);
                let object = json!({ "log": id, "size": head.size, "root": head.root, "key": key, "file": path });
                out.say(&text, &object);
                Ok(())
            }
            Err(error) => {
                // Half an export would only be reported as truncated.
                drop(fs::remove_file(&path));
                Err(error)
            }
        }
    }
}

/// The tenant whose log is meant; a deleted tenant's log stays, and is named by the tenant's id.
async fn log_of(base: &Foundation, text: &str) -> anyhow::Result<TenantId> {
    let Ok(id) = text.parse::<TenantId>() else { return Ok(find_tenant(base, text).await?.id) };
    if base.store.tenant_read(id).await?.audit_range(0, 1).await?.is_empty() {
        bail!("there is no log of a tenant {id}");
    }
    Ok(id)
}

async fn write(base: &Foundation, log: Option<TenantId>, signed: &SignedHead, file: File) -> anyhow::Result<()> {
    let export = base.reading().export(log, 0..signed.head.size, signed.clone()).await?;
    export.write_to(&file).await?;
    Ok(file.sync_all()?)
}
