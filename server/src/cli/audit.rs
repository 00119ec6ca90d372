//! `leeward audit export`: a file that `leeward-verify` checks without us.

use std::{
    fs::{self, File},
    io::BufWriter,
    path::PathBuf,
};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use leeward_domain::ids::TenantId;
use leeward_ledger::{Checkpoint, EventCode, LogId, export::Writer};
use leeward_store::AuditEntry;
use serde_json::json;

use super::{find_tenant, output::Output};
use crate::{audit::Draft, config::Config, startup::Foundation};

/// Entries read per transaction.
const CHUNK: u32 = 1000;

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
}

impl AuditCommand {
    pub(super) async fn run(self, config: &Config, base: &Foundation, out: Output) -> anyhow::Result<()> {
        let Self::Export { tenant, out: path } = self;
        let log = if tenant == "platform" { None } else { Some(log_of(base, &tenant).await?) };
        let draft = Draft::local_console(&base.ambient);
        let mut record = match log {
            Some(id) => draft.clone().in_tenant(id),
            None => draft,
        }
        .on(EventCode::AuditExported, "audit_log", LogId::from(log));
        record.reason = Some("exported at the command line".into());
        // The export is a record of its own export: append first, then write up to and including it.
        let mut tx = base.store.platform_write().await?;
        let last = tx.append_audit_to(log, &[record]).await?.first().map_or(0, |appended| appended.seq);
        tx.commit().await?;

        let file = File::create_new(&path).with_context(|| format!("cannot make {}", path.display()))?;
        match write(config, base, log, last, file).await {
            Ok(checkpoint) => {
                let text = format!("{} records of {} in {}", checkpoint.head.size, checkpoint.log, path.display());
                let object = json!({ "log": checkpoint.log, "size": checkpoint.head.size, "hash": checkpoint.head.hash, "file": path });
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

async fn write(
    config: &Config,
    base: &Foundation,
    log: Option<TenantId>,
    last: u64,
    file: File,
) -> anyhow::Result<Checkpoint> {
    let id = LogId::from(log);
    let signer = base.keyring.log_signer(&base.ambient, &config.log_key_file())?;
    let mut writer = Writer::new(BufWriter::new(file), id, signer.verifier_key(&id), base.ambient.now())?;
    let mut next = 0;
    let mut head = None;
    while next <= last {
        let entries = range(base, log, next).await?;
        if entries.is_empty() {
            bail!("the log ends at {next}, but its head says {}: records are missing", last + 1);
        }
        for entry in entries.into_iter().take_while(|entry| entry.seq <= last) {
            let computed = writer.entry(&entry.entry)?;
            if computed.hash != entry.chain_hash {
                bail!("record {} does not fit the chain: the stored log was altered", entry.seq);
            }
            next = entry.seq + 1;
            head = Some(computed);
        }
    }
    let head = head.context("the log is empty")?;
    let checkpoint = Checkpoint { log: id, head };
    let file = writer.finish(&signer.sign(&checkpoint))?;
    file.into_inner().map_err(|error| error.into_error())?.sync_all()?;
    Ok(checkpoint)
}

async fn range(base: &Foundation, log: Option<TenantId>, from: u64) -> anyhow::Result<Vec<AuditEntry>> {
    Ok(match log {
        Some(tenant) => base.store.tenant_read(tenant).await?.audit_range(from, CHUNK).await?,
        None => base.store.platform_read().await?.audit_range(from, CHUNK).await?,
    })
}
