//! Whether each record makes sense by itself and beside the others.

use std::{
    collections::{HashMap, HashSet, hash_map},
    time::Duration,
};

use leeward_domain::{
    Timestamp,
    ids::{AuditId, RequestId},
};

use super::{Kind, finding::Findings};
use crate::{
    chain::{MAX_ENTRY_BYTES, canonical},
    checkpoint::LogId,
    record::{Phase, Record},
};

/// How much older than the latest record before it a record may be. A record takes its time when it is made
/// and its place when it is written, and records made side by side wait for each other in between.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(super) struct Records {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// The latest time since the clock was last seen to run backwards.
    latest: Option<Timestamp>,
    ids: HashSet<AuditId>,
    /// Requests with an intent, and whether their outcome was seen.
    requests: HashMap<RequestId, bool>,
    open: u64,
}

impl Records {
    pub(super) fn first(&self) -> Option<Timestamp> {
        self.first
    }

    pub(super) fn last(&self) -> Option<Timestamp> {
        self.last
    }

    pub(super) fn open_intents(&self) -> u64 {
        self.open
    }

    pub(super) fn entry(&mut self, seq: u64, text: &str, log: Option<LogId>, findings: &mut Findings) {
        let record = match parse(text) {
            Ok(record) => record,
            Err(why) => return findings.add(Kind::Malformed, Some(seq), why),
        };
        let owner = LogId::from(record.tenant);
        if log.is_some_and(|log| log != owner) {
            findings.add(Kind::Foreign, Some(seq), format!("it belongs to {}", owner.origin()));
        }
        if !self.ids.insert(record.id) {
            findings.add(Kind::DuplicateId, Some(seq), format!("{} is the id of an earlier record", record.id));
        }
        self.time(seq, record.at, findings);
        self.pair(seq, &record, findings);
    }

    fn time(&mut self, seq: u64, at: Timestamp, findings: &mut Findings) {
        self.first.get_or_insert(at);
        self.last = self.last.max(Some(at));
        match self.latest {
            Some(latest) if latest.since(at) > CLOCK_TOLERANCE => {
                findings.add(Kind::ClockBackwards, Some(seq), format!("it is of {at}, an earlier one of {latest}"));
                // From here on measured anew: one step back is one finding.
                self.latest = Some(at);
            }
            _ => self.latest = self.latest.max(Some(at)),
        }
    }

    fn pair(&mut self, seq: u64, record: &Record, findings: &mut Findings) {
        if record.phase == Phase::Event {
            return;
        }
        let Some(request) = record.request else {
            return findings.add(Kind::Malformed, Some(seq), "an intent or outcome that names no request".to_owned());
        };
        match (record.phase, self.requests.entry(request)) {
            (Phase::Intent, hash_map::Entry::Vacant(slot)) => {
                slot.insert(false);
                self.open += 1;
            }
            (Phase::Intent, hash_map::Entry::Occupied(_)) => {
                findings.add(Kind::DuplicateIntent, Some(seq), format!("{request} has an intent already"));
            }
            (_, hash_map::Entry::Vacant(_)) => {
                findings.add(Kind::OutcomeWithoutIntent, Some(seq), format!("{request} has no intent before it"));
            }
            (_, hash_map::Entry::Occupied(slot)) if *slot.get() => {
                findings.add(Kind::DuplicateOutcome, Some(seq), format!("{request} has an outcome already"));
            }
            (_, hash_map::Entry::Occupied(mut slot)) => {
                slot.insert(true);
                self.open -= 1;
            }
        }
    }
}

/// Reads an entry, and demands that the record writes back to the same bytes: no unknown field at any depth,
/// no repeated one, no second spelling.
fn parse(text: &str) -> Result<Record, String> {
    if text.len() > MAX_ENTRY_BYTES {
        return Err(format!("the entry has {} bytes, more than {MAX_ENTRY_BYTES}", text.len()));
    }
    let record: Record = serde_json::from_str(text).map_err(|error| format!("not a record: {error}"))?;
    if record.schema != Record::SCHEMA {
        return Err(format!("schema {} is not known here; use a newer leeward-verify", record.schema));
    }
    if canonical(&record) == text.as_bytes() {
        Ok(record)
    } else {
        Err("not canonical, or with fields a record of this schema does not have".to_owned())
    }
}
