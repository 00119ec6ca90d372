//! `/api`: administration of tenants, users, keys; models; reading the audit log.
//!
//! Every change and its record are one transaction. A failed attempt is recorded by [`failed`].

pub mod audit;
pub mod keys;
pub mod models;
pub mod roles;
pub mod tenants;
pub mod users;

use leeward_ledger::Record;

use crate::{app::App, error::AppError};

/// Records a failed attempt and hands the error on; if it cannot be recorded, that is the error.
async fn failed(app: &App, mut record: Record, error: AppError) -> AppError {
    record.reason = Some(error.code.as_str().to_owned());
    let log = record.tenant;
    match app.audit.append(log, vec![record]).await {
        Ok(()) => error,
        Err(unrecorded) => unrecorded,
    }
}
