//! `/api/holds` and `/api/erasures`: what must not be deleted, and what was, for good; and handing out what is kept of a
//! person.
//!
//! Deleting itself stands where things are: conversations in the chat, users among the users. All of it asks
//! [`let_go`] first and goes through the graveyard afterwards. Left out: what runs out by itself ([`crate::retention`]).

pub mod erasures;
pub mod holds;
pub mod subject;
mod takeout;

use leeward_domain::ids::HoldId;
use leeward_keyring::erasure::Head;
use leeward_ledger::Record;
use leeward_store::Grave;

use crate::{
    app::App,
    error::{AppError, Code},
};

/// Refuses if anything holds.
///
/// # Errors
/// `legal_hold`, with the holds for the record.
pub(super) fn let_go(holds: Vec<HoldId>) -> Result<(), AppError> {
    let Some(first) = holds.first() else { return Ok(()) };
    let more = if holds.len() > 1 { format!(" and {} more", holds.len() - 1) } else { String::new() };
    let detail = format!("a legal hold keeps it from being deleted ({first}{more}); whoever placed it can release it");
    Err(AppError { holds, ..AppError::new(Code::LegalHold, detail) })
}

/// Why somebody does it, for the record.
///
/// # Errors
/// `invalid_request` if it is shorter than 3 characters or longer than 500.
pub(super) fn reason(text: &str) -> Result<String, AppError> {
    let reason = text.trim();
    if (3..=500).contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    Err(AppError::invalid("reason", "say why in 3 to 500 characters: it goes on record"))
}

/// Where the deletion that this record tells of is remembered.
pub(super) const fn grave(record: &Record) -> Grave {
    Grave { at: record.at, record: record.id }
}

/// Waits until no backup of the database can bring back what was just deleted; gives the head of the list that says so.
///
/// # Errors
/// When that cannot be promised: it is deleted all the same.
pub(super) async fn entomb(app: &App) -> Result<Head, AppError> {
    app.graveyard.catch_up().await.map_err(|source| AppError {
        source: Some(source),
        ..AppError::new(
            Code::AuditUnavailable,
            "it was deleted, but its tombstone cannot be kept apart from the database yet: a backup could bring it \
             back until it is; an operator must look at the log",
        )
    })
}
