//! Filling the index that searches walk, a moment after what was appended: few entries at a time, so that no append waits
//! long for its turn at the database, and many enough that a page of the index is written for many.
//!
//! A stop anywhere loses nothing: the index says how far it goes. Of several gateways that try at once, one does it.

use std::time::Duration;

use leeward_store::{Store, StoreError};
use tokio::time::sleep;

use crate::tasks::Tasks;

/// How often, while there is little to do.
const PERIOD: Duration = Duration::from_millis(250);
/// Logs looked at in one round.
const LOGS: u32 = 64;
/// Entries put into the index in one transaction: this part of what waits, within these bounds. Each touches a page or
/// two that no other does, and an append that comes meanwhile waits for all of them.
const PART: u64 = 32;
const FEWEST: u64 = 8;
const MOST: u64 = 256;

/// Starts filling, on a task nobody waits for: it ends with the process.
pub fn start(store: Store, tasks: &Tasks) {
    tasks.spawn(async move {
        let mut failing = false;
        loop {
            match round(&store).await {
                Ok(true) => continue,
                Ok(false) => failing = false,
                Err(error) if !failing => {
                    failing = true;
                    tracing::warn!(%error, "the audit logs' index could not be filled; tried again, searches go on");
                }
                Err(_) => {}
            }
            sleep(PERIOD).await;
        }
    });
}

/// Puts into the index what it lacks, for each log once; true if there is more to do at once.
async fn round(store: &Store) -> Result<bool, StoreError> {
    let lacking = store.platform_read().await?.unindexed(LOGS).await?;
    let waiting: u64 = lacking.iter().map(|log| log.entries - log.from).sum();
    let most = (waiting / PART).clamp(FEWEST, MOST);
    let (mut steps, mut entries) = (Vec::new(), 0);
    for log in &lacking {
        let (mut from, end) = (log.from, log.entries);
        while from < end {
            let to = end.min(from + most - entries);
            steps.push((log.log, from, to));
            entries += to - from;
            from = to;
            if entries == most {
                fill(store, &mut steps).await?;
                entries = 0;
            }
        }
    }
    fill(store, &mut steps).await?;
    Ok(lacking.len() as u64 == u64::from(LOGS))
}

/// One transaction.
async fn fill(
    store: &Store,
    steps: &mut Vec<(Option<leeward_domain::ids::TenantId>, u64, u64)>,
) -> Result<(), StoreError> {
    if steps.is_empty() {
        return Ok(());
    }
    let mut tx = store.platform_write().await?;
    for (log, from, to) in steps.drain(..) {
        tx.index(log, from, to).await?;
    }
    tx.commit().await
}
