//! Deleting backups that are older than tenants' policies let backups be.
//!
//! A backup holds every tenant's content, so the shortest of their times counts. Only a command that has just made a
//! backup deletes others, so there is always one.

use std::{fs, time::Duration};

use leeward_ledger::EventCode;

use super::{ask::Asked, records, target::Target, work};
use crate::{audit::Draft, foundation::Foundation};

/// Deletes what has run its time, each on record. Gives the names, and what stands in the way of one.
///
/// # Errors
/// When the directory cannot be read, or the database fails.
pub(super) async fn expire(
    base: &Foundation,
    target: &Target,
    asked: &[Asked],
    keep: &str,
) -> anyhow::Result<(Vec<String>, Option<anyhow::Error>)> {
    let Some(days) = asked.iter().filter_map(|asked| asked.days).min() else { return Ok((Vec::new(), None)) };
    let oldest = base.ambient.now().minus(Duration::from_secs(u64::from(days.get()) * 86_400));
    let (mut gone, mut stuck) = (Vec::new(), None);
    for backup in target.list()?.into_iter().filter(|it| it.header.created_at < oldest && it.name != keep) {
        if let Err(error) = fs::remove_file(&backup.path) {
            stuck = Some(anyhow::Error::new(error).context(format!("cannot delete {}", backup.path.display())));
            continue;
        }
        let mut record = Draft::local_console(&base.ambient).on(EventCode::BackupExpired, "backup", &backup.name);
        record.place = Some(target.section.place.clone());
        let (name, made) = (&target.section.name, backup.header.created_at);
        record.reason = Some(format!("at {name}: made {made}, to be kept for at most {days} days"));
        records::append(&base.store, &[(None, record)]).await?;
        gone.push(backup.name);
    }
    if !gone.is_empty() {
        work::sync_dir(&target.dir)?;
    }
    Ok((gone, stuck))
}
