//! Clearing away what has run its time (sessions, tokens, unfinished ceremonies, forgotten failures), and signing
//! keys' successors.
//!
//! Nothing here decides anything: whoever uses such a row checks its end. It only keeps the tables small. Several
//! gateways may do it at the same time.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;

use crate::{app::App, error::AppError, startup::record_rotation, tasks::Tasks};

/// How often.
const PERIOD: Duration = Duration::from_secs(10 * 60);

/// How long decisions stay counted: longer than any dry run looks back.
const DECISIONS_KEPT: Duration = Duration::from_secs(400 * 86_400);

/// Starts clearing away, on tasks nobody waits for: it ends with the process.
pub fn start(app: Arc<App>, tasks: &Tasks) {
    tasks.spawn(async move {
        loop {
            match clear(&app).await {
                Ok(0) => {}
                Ok(rows) => tracing::debug!(rows, "cleared away what has run its time"),
                Err(error) => tracing::warn!(%error, "could not clear away what has run its time; tried again later"),
            }
            let made = app.authenticator.tokens().rotate(false).await;
            if let Err(error) = record_rotation(made, &app.audit, &app.ambient).await {
                tracing::warn!(%error, "the signing keys could not be looked after; tried again later");
            }
            sleep(PERIOD).await;
        }
    });
}

async fn clear(app: &App) -> Result<u64, AppError> {
    let now = app.ambient.now();
    let mut tx = app.store.platform_write().await?;
    let rows = tx.delete_expired_sessions(now).await?
        + tx.delete_expired_ceremonies(now).await?
        + tx.delete_expired_failures(now).await?
        + tx.delete_expired_tokens(now).await?
        + tx.delete_expired_leases(now).await?
        + tx.delete_decisions(now.minus(DECISIONS_KEPT)).await?;
    tx.commit().await?;
    Ok(rows)
}
