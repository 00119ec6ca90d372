//! Deleting what has run its time by the tenants' policies: a batch at a time, each with its record; at full speed
//! while nobody asks for anything, and slowly beside those who do.
//!
//! One gateway does it at a time. A stop anywhere loses nothing: the next round goes on, for what was deleted is no
//! longer found. Legal holds come first. Conversations run out, and what was captured for the audit log; backups have a
//! job of their own, and exports are in the hands of those they were handed to.

use std::{sync::Arc, time::Duration};

use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::EventCode;
use leeward_store::{Page, Tenant};
use tokio::time::sleep;

use crate::{app::App, audit::Draft, error::AppError, tasks::Tasks};

/// The name of the lease of whoever deletes.
const LEASE: &str = "retention";
/// A batch and the pause after it, while no inference was admitted for [`QUIET`].
const AT_ONCE: (u32, Duration) = (100, Duration::from_millis(5));
/// The same beside requests. SQLite has one writer, and what is deleted must be written back into its file now and then:
/// few enough rows that fewer than one request in a hundred waits for either. scripts/retention-bench.py measures it.
const BESIDE: (u32, Duration) = (10, Duration::from_millis(500));
/// How long nobody must have asked for anything before it goes at full speed.
const QUIET: Duration = Duration::from_secs(2);
/// How long the lease lasts.
const LENGTH: Duration = Duration::from_secs(120);
/// How often it is taken again: it costs a commit, as a batch does.
const RENEWED: Duration = Duration::from_secs(30);
/// Tenants looked at in one transaction.
const PAGE: u32 = 100;

/// Starts deleting, on a task nobody waits for: it ends with the process.
pub fn start(app: Arc<App>, tasks: &Tasks) {
    let period = Duration::from_secs(app.config.retention.every_s);
    tasks.spawn(async move {
        loop {
            match round(&app).await {
                Ok(0) => {}
                Ok(conversations) => tracing::info!(conversations, "deleted what has run its time"),
                Err(error) => tracing::warn!(%error, "could not delete what has run its time; tried again later"),
            }
            sleep(period).await;
        }
    });
}

/// Goes through all tenants once, and says how many conversations went.
async fn round(app: &App) -> Result<u64, AppError> {
    let (mut deleted, mut after) = (0, None);
    loop {
        let tenants = app.store.platform_read().await?.tenants(Page { after, limit: PAGE }).await?;
        let Some(last) = tenants.last() else { return Ok(deleted) };
        after = Some(last.id);
        for tenant in &tenants {
            deleted += of(app, tenant).await?;
        }
    }
}

/// What runs out by one number of days.
#[derive(Debug, Clone, Copy)]
enum Class {
    Conversations,
    Captured,
}

async fn of(app: &App, tenant: &Tenant) -> Result<u64, AppError> {
    let retention = &tenant.policy.retention;
    let mut deleted = 0;
    for (class, days) in [(Class::Conversations, retention.conversations), (Class::Captured, retention.audit_capture)] {
        if let Some(days) = days {
            deleted += all_of(app, tenant.id, class, days.get()).await?;
        }
    }
    Ok(deleted)
}

async fn all_of(app: &App, tenant: TenantId, class: Class, days: u32) -> Result<u64, AppError> {
    let before = app.ambient.now().minus(Duration::from_secs(u64::from(days) * 86_400));
    let mut deleted = 0;
    let mut renewed = None;
    loop {
        if renewed.is_none_or(|at: Timestamp| app.ambient.now().since(at) >= RENEWED) {
            if !is_ours(app).await? {
                break;
            }
            renewed = Some(app.ambient.now());
        }
        let quiet = app.ambient.now().since(app.admitted.last()) >= QUIET;
        let (size, pause) = if quiet { AT_ONCE } else { BESIDE };
        let batch = batch(app, tenant, class, (before, days), size).await?;
        deleted += batch;
        if batch < u64::from(size) {
            break;
        }
        sleep(pause).await;
    }
    Ok(deleted)
}

async fn is_ours(app: &App) -> Result<bool, AppError> {
    let mut tx = app.store.platform_write().await?;
    let ours = tx.lease(LEASE, app.ambient.now(), LENGTH).await?;
    tx.commit().await?;
    Ok(ours)
}

async fn batch(
    app: &App,
    tenant: TenantId,
    class: Class,
    (before, days): (Timestamp, u32),
    size: u32,
) -> Result<u64, AppError> {
    let mut tx = app.store.tenant_write(tenant).await?;
    let (deleted, what, rule) = match class {
        Class::Conversations => (tx.expire_conversations(before, size).await?, "conversations", "conversations"),
        Class::Captured => (tx.expire_captured(before, size).await?, "captured exchanges", "audit_capture"),
    };
    if deleted > 0 {
        let mut record =
            Draft::system(&app.ambient).in_tenant(tenant).on(EventCode::RetentionExpired, "tenant", tenant);
        record.reason = Some(format!("{deleted} {what} last changed before {before} (retention.{rule}: {days} days)"));
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
    }
    Ok(deleted)
}
