//! Clearing away what has run its time: sessions, unfinished ceremonies, forgotten failures.
//!
//! Nothing here decides anything: whoever uses such a row checks its end. It only keeps the tables small. Several
//! gateways may do it at the same time.

use std::time::Duration;

use leeward_domain::Ambient;
use leeward_store::{Store, StoreError};
use tokio::time::sleep;

use crate::tasks::Tasks;

/// How often.
const PERIOD: Duration = Duration::from_secs(10 * 60);

/// Starts clearing away, on tasks nobody waits for: it ends with the process.
pub fn start(store: Store, ambient: Ambient, tasks: &Tasks) {
    tasks.spawn(async move {
        loop {
            match clear(&store, &ambient).await {
                Ok(0) => {}
                Ok(rows) => tracing::debug!(rows, "cleared away what has run its time"),
                Err(error) => tracing::warn!(%error, "could not clear away what has run its time; tried again later"),
            }
            sleep(PERIOD).await;
        }
    });
}

async fn clear(store: &Store, ambient: &Ambient) -> Result<u64, StoreError> {
    let now = ambient.now();
    let mut tx = store.platform_write().await?;
    let rows = tx.delete_expired_sessions(now).await?
        + tx.delete_expired_ceremonies(now).await?
        + tx.delete_expired_failures(now).await?;
    tx.commit().await?;
    Ok(rows)
}
