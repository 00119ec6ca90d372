//! What the checks need to know of an entry, worked out by itself: the part that many threads share.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{AuditId, RequestId},
};

use super::quick;
use crate::{
    checkpoint::LogId,
    entry::{MAX_ENTRY_BYTES, canonical},
    event::EventCode,
    record::{Phase, Record},
    tree,
};

/// The name, in a rotation's record, of the value that changed.
pub(super) const LOG_KEY: &str = "log_key";

/// An entry's hash, and what it says if it is a record.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) hash: Sha256Digest,
    pub(super) facts: Result<Facts, String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) id: AuditId,
    pub(super) at: Timestamp,
    pub(super) log: LogId,
    pub(super) phase: Phase,
    pub(super) request: Option<RequestId>,
    /// Whether it tells that the clock was set back, which explains a step that follows.
    pub(super) clock_jumped: bool,
    /// The successor a record of a key's rotation names.
    pub(super) next_key: Option<String>,
}

/// Reads one entry's line.
pub(super) fn read(bytes: &[u8]) -> Read {
    Read { hash: tree::leaf(bytes), facts: quick::read(bytes).map_or_else(|| parsed(bytes), Ok) }
}

/// The facts by parsing a record and writing it again.
pub(super) fn parsed(bytes: &[u8]) -> Result<Facts, String> {
    record(bytes).map(Facts::from)
}

impl From<Record> for Facts {
    fn from(record: Record) -> Self {
        let rotated = record.event == EventCode::LogKeyRotated;
        let next = record.changes.into_iter().find(|change| rotated && change.field == LOG_KEY);
        Self {
            id: record.id,
            at: record.at,
            log: LogId::from(record.tenant),
            phase: record.phase,
            request: record.request,
            clock_jumped: record.event == EventCode::ClockJumped,
            next_key: next.and_then(|change| change.to),
        }
    }
}

/// Demands that the record writes back to the same bytes: no unknown field at any depth, no repeated one, no
/// second spelling.
pub(crate) fn record(bytes: &[u8]) -> Result<Record, String> {
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(format!("the entry has {} bytes, more than {MAX_ENTRY_BYTES}", bytes.len()));
    }
    let record: Record = serde_json::from_slice(bytes).map_err(|error| format!("not a record: {error}"))?;
    if record.schema != Record::SCHEMA {
        return Err(format!("schema {} is not known here; use the leeward-verify of its release", record.schema));
    }
    if record.phase != Phase::Event && record.request.is_none() {
        return Err("an intent or outcome that names no request".to_owned());
    }
    if canonical(&record) == bytes {
        Ok(record)
    } else {
        Err("not canonical, or with fields a record of this schema does not have".to_owned())
    }
}
