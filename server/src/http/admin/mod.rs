//! `/api`: administration of tenants, users, keys; models.
//!
//! Every change and its record are one transaction. A failed attempt is recorded by [`failed`].

pub mod accounts;
pub mod duties;
pub mod groups;
pub mod guests;
pub mod issuers;
pub mod keys;
pub mod models;
pub mod policy;
pub mod providers;
pub mod roles;
pub mod tenants;
pub mod users;

use leeward_ledger::{Change, Record};

use crate::{app::App, error::AppError};

/// The answer of `work`; if it failed, after recording that.
pub(in crate::http) async fn recorded<T>(
    app: &App,
    failure: Record,
    work: impl Future<Output = Result<T, AppError>>,
) -> Result<T, AppError> {
    match work.await {
        Ok(answer) => Ok(answer),
        Err(error) => Err(failed(app, failure, error).await),
    }
}

/// A change of one field, for the record. No value is `null` there, never an empty text.
pub(in crate::http) fn changed(field: &str, from: Option<String>, to: Option<String>) -> Change {
    let [from, to] = [from, to].map(|value| value.filter(|text| !text.is_empty()));
    Change { field: field.to_owned(), from, to }
}

/// A name that people type for a role, a group, a project or a key: trimmed, 1 to 100 characters.
pub(super) fn name(text: &str) -> Result<String, AppError> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(AppError::invalid("name", "a name has 1 to 100 characters"));
    }
    Ok(name.to_owned())
}

/// Records a failed attempt and hands the error on; if it cannot be recorded, that is the error.
pub(super) async fn failed(app: &App, mut record: Record, error: AppError) -> AppError {
    record.reason = Some(error.code.as_str().to_owned());
    record.holds = error.holds.iter().map(ToString::to_string).collect();
    let log = record.tenant;
    match app.audit.append(log, vec![record]).await {
        Ok(()) => error,
        Err(unrecorded) => unrecorded,
    }
}
