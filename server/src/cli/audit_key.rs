//! `leeward audit rotate-key` and `accept-restore`: what is done to the logs as such, while nothing is served.

use std::fs;

use anyhow::{Context as _, bail};
use leeward_domain::ids::TenantId;
use leeward_ledger::{Change, Checkpoint, EventCode, LogId, Record, Signer};
use serde_json::json;

use super::output::Output;
use crate::{
    audit::{Anchors, Draft},
    config::Config,
    foundation::Foundation,
    instance,
};

/// Gives the logs a new signing key. Each log holds the record of it as the last entry that the old key signs, so
/// that who trusts the old key can trust the new one. Broken off, it is to be run again: it goes on where it was.
///
/// # Errors
/// While a gateway runs; when a log is not the one that was signed; when the database or a key file fails.
pub(super) async fn rotate(config: &Config, base: &Foundation, reason: &str, out: Output) -> anyhow::Result<()> {
    nothing_runs(config, base).await?;
    // Before the anchors are forgotten below.
    base.holds_what_was_signed(config).await?;
    let (current, next) = (config.log_key_file(), config.next_log_key_file());
    let signer = base.keyring.log_signer(&base.ambient, &next)?;
    let logs = base.store.platform_read().await?.audit_logs().await?;
    for (log, _) in &logs {
        hand_over(base, *log, &signer, reason).await?;
        // The old key's anchor says nothing to the new one.
        Anchors::of(config).forget(LogId::from(*log))?;
    }
    let old = signer_name(&base.signer);
    // A copy, so that there is a key at every instant.
    fs::copy(&current, current.with_file_name(format!("audit-log.{old}.old")))
        .with_context(|| format!("cannot copy {}", current.display()))?;
    fs::rename(&next, &current).with_context(|| format!("cannot move {}", next.display()))?;
    if let Some(dir) = current.parent() {
        fs::File::open(dir)?.sync_all()?;
    }
    let key = signer.verifier_key(&LogId::Platform).to_string();
    out.say(
        &format!("{} logs are signed by a new key; the platform's: {key}", logs.len()),
        &json!({ "logs": logs.len(), "platform_key": key }),
    );
    Ok(())
}

/// The key's id, as file names may hold it.
fn signer_name(signer: &Signer) -> String {
    let key = signer.verifier_key(&LogId::Platform).to_string();
    key.split('+').nth(1).unwrap_or("key").to_owned()
}

/// One log: a record of it under the old key, then the same head under the new one.
async fn hand_over(base: &Foundation, log: Option<TenantId>, signer: &Signer, reason: &str) -> anyhow::Result<()> {
    let id = LogId::from(log);
    let (old_key, new_key) = (base.signer.verifier_key(&id), signer.verifier_key(&id));
    let signed = base.store.platform_read().await?.audit_checkpoint(log).await?;
    if signed.is_some_and(|signed| Checkpoint::open(&signed.note, &new_key).is_ok()) {
        return Ok(());
    }
    let mut record = in_log(base, log).on(EventCode::LogKeyRotated, "audit_log", id);
    let change = Change { field: "log_key".into(), from: Some(old_key.to_string()), to: Some(new_key.to_string()) };
    record.changes = vec![change];
    record.reason = Some(reason.to_owned());
    append(base, log, &record).await?;
    let last = base.sequencer().catch_up(log).await?;
    let place = last.head.size.saturating_sub(1);
    let newest = base.store.platform_read().await?.audit_range(log, place, 1).await?;
    if newest.first().map(leeward_store::AuditEntry::record).transpose()?.is_none_or(|newest| newest.id != record.id) {
        bail!("something was recorded meanwhile: stop every gateway and every other command, and run this again");
    }
    let note = signer.sign(&Checkpoint { log: id, head: last.head });
    let mut write = base.store.platform_write().await?;
    write.keep_rotation(log, last.head.size, &old_key.to_string(), &new_key.to_string(), &last.note).await?;
    write.signed_anew(log, last.head.size, &note).await?;
    Ok(write.commit().await?)
}

/// Takes the logs as they are now for good, although longer ones were signed: after a restore that was meant.
///
/// # Errors
/// While a gateway runs; when there is nothing to accept.
pub(super) async fn accept_restore(
    config: &Config,
    base: &Foundation,
    reason: &str,
    out: Output,
) -> anyhow::Result<()> {
    nothing_runs(config, base).await?;
    let logs = base.take_as_they_are(config, reason).await?;
    if logs.is_empty() {
        bail!("every log is at least what was kept outside the database: there is nothing to accept");
    }
    for log in &logs {
        Anchors::of(config).forget(*log)?;
    }
    let logs: Vec<_> = logs.iter().map(LogId::to_string).collect();
    out.say(&format!("accepted: {}", logs.join(", ")), &json!({ "logs": logs }));
    Ok(())
}

async fn append(base: &Foundation, log: Option<TenantId>, record: &Record) -> anyhow::Result<()> {
    let mut write = base.store.platform_write().await?;
    write.append_audit_to(log, std::slice::from_ref(record)).await?;
    Ok(write.commit().await?)
}

fn in_log(base: &Foundation, log: Option<TenantId>) -> Draft {
    let draft = Draft::local_console(&base.ambient);
    match log {
        Some(id) => draft.in_tenant(id),
        None => draft,
    }
}

async fn nothing_runs(config: &Config, base: &Foundation) -> anyhow::Result<()> {
    instance::nothing_runs(&config.data.dir, Some(&base.store), base.ambient.now()).await
}
