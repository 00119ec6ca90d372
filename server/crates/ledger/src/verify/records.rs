//! Whether each record makes sense beside the others.

use std::{
    collections::{HashMap, HashSet, hash_map},
    time::Duration,
};

use leeward_domain::{
    Timestamp,
    ids::{AuditId, RequestId},
};

use super::{Kind, facts::Facts, finding::Findings};
use crate::{checkpoint::LogId, record::Phase};

/// How much older than the latest record before it a record may be. A record takes its time when it is made
/// and its place when it is written, and records made side by side wait for each other in between.
pub(crate) const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

#[derive(Debug, Default)]
pub(super) struct Records {
    /// Whether the file begins in the middle of the log: then intents may lie before it.
    partial: bool,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    /// The latest time since the clock was last seen to run backwards.
    latest: Option<Timestamp>,
    ids: HashSet<AuditId>,
    /// Requests with an intent, and whether their outcome was seen.
    requests: HashMap<RequestId, bool>,
    open: u64,
    clock_jumps: u64,
}

impl Records {
    pub(super) fn begins_at(&mut self, first: u64) {
        self.partial = first > 0;
    }

    pub(super) fn first(&self) -> Option<Timestamp> {
        self.first
    }

    pub(super) fn last(&self) -> Option<Timestamp> {
        self.last
    }

    pub(super) fn open_intents(&self) -> u64 {
        self.open
    }

    pub(super) fn clock_jumps(&self) -> u64 {
        self.clock_jumps
    }

    pub(super) fn entry(
        &mut self,
        seq: u64,
        facts: Result<&Facts, &String>,
        log: Option<LogId>,
        findings: &mut Findings,
    ) {
        let facts = match facts {
            Ok(facts) => facts,
            Err(why) => return findings.add(Kind::Malformed, Some(seq), why.clone()),
        };
        if log.is_some_and(|log| log != facts.log) {
            findings.add(Kind::Foreign, Some(seq), format!("it belongs to {}", facts.log.origin()));
        }
        if !self.ids.insert(facts.id) {
            findings.add(Kind::DuplicateId, Some(seq), format!("{} is the id of an earlier record", facts.id));
        }
        self.time(seq, facts, findings);
        self.pair(seq, facts, findings);
    }

    fn time(&mut self, seq: u64, facts: &Facts, findings: &mut Findings) {
        let at = facts.at;
        self.first.get_or_insert(at);
        self.last = self.last.max(Some(at));
        if facts.clock_jumped {
            self.clock_jumps += 1;
            self.latest = Some(at);
        }
        match self.latest {
            Some(latest) if latest.since(at) > CLOCK_TOLERANCE => {
                findings.add(Kind::ClockBackwards, Some(seq), format!("it is of {at}, an earlier one of {latest}"));
                // From here on measured anew: one step back is one finding.
                self.latest = Some(at);
            }
            _ => self.latest = self.latest.max(Some(at)),
        }
    }

    fn pair(&mut self, seq: u64, facts: &Facts, findings: &mut Findings) {
        let Some(request) = facts.request.filter(|_| facts.phase != Phase::Event) else { return };
        match (facts.phase, self.requests.entry(request)) {
            (Phase::Intent, hash_map::Entry::Vacant(slot)) => {
                slot.insert(false);
                self.open += 1;
            }
            (Phase::Intent, hash_map::Entry::Occupied(_)) => {
                findings.add(Kind::DuplicateIntent, Some(seq), format!("{request} has an intent already"));
            }
            (_, hash_map::Entry::Vacant(slot)) if self.partial => {
                slot.insert(true);
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
