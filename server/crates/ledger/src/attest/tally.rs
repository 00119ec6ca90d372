//! Counting what the records of a period say.
//!
//! A record is of the period if its time is. A decision is counted in the record that tells of it first: an intent,
//! or an event; an outcome repeats the decision of its intent. Tokens are counted wherever a record has them.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use leeward_domain::{
    Sha256Digest, Timestamp,
    residency::{Classification, Place, Purpose},
};

use super::{Decisions, MAX_REPORT_BYTES, MAX_ROWS, Period, Records, TokenTotals};
use crate::{
    decided,
    event::EventCode,
    record::{Phase, Record},
};

/// What decisions counted together have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Alike {
    pub(super) allowed: bool,
    pub(super) classification: Option<Classification>,
    pub(super) place: Option<Place>,
    pub(super) policy_hash: Sha256Digest,
    pub(super) policy_version: u32,
    pub(super) purpose: Option<Purpose>,
    pub(super) rule: String,
}

/// How many there were, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) count: u64,
    /// The place in the log of the first.
    pub(super) seq: u64,
    pub(super) earliest: Timestamp,
    pub(super) latest: Timestamp,
}

/// What the records of a stretch of a log say about a period.
#[derive(Debug)]
pub(super) struct Tally {
    period: Period,
    /// The times of the stretch's first and last record.
    pub(super) ends: Option<(Timestamp, Timestamp)>,
    pub(super) records: Records,
    pub(super) tokens: TokenTotals,
    pub(super) builds: BTreeSet<String>,
    pub(super) decisions: BTreeMap<Alike, Group>,
    /// Bytes of text in `builds` and `decisions`.
    texts: usize,
    /// Whether there was more than a report can hold.
    pub(super) overflown: bool,
}

impl Tally {
    pub(super) fn new(period: Period) -> Self {
        Self {
            period,
            ends: None,
            records: Records::default(),
            tokens: TokenTotals::default(),
            builds: BTreeSet::new(),
            decisions: BTreeMap::new(),
            texts: 0,
            overflown: false,
        }
    }

    /// Takes the record at place `seq` of the log.
    pub(super) fn record(&mut self, seq: u64, record: Record) {
        let at = record.at;
        self.ends = Some(self.ends.map_or((at, at), |(first, _)| (first, at)));
        if !self.period.contains(at) {
            return;
        }
        self.records.count += 1;
        self.records.first.get_or_insert(seq);
        self.records.last = Some(seq);
        if let Some(tokens) = &record.tokens {
            let total = &mut self.tokens;
            total.answers += 1;
            total.cached += u64::from(tokens.cached);
            total.input += u64::from(tokens.input);
            total.output += u64::from(tokens.output);
        }
        self.decision(seq, &record);
        if !self.builds.contains(&record.build) {
            self.texts += record.build.len();
            self.builds.insert(record.build);
        }
        self.overflown |= self.builds.len().max(self.decisions.len()) > MAX_ROWS || self.texts > MAX_REPORT_BYTES;
        // Memory stays bounded; the counts are of no use any more.
        if self.overflown {
            self.builds.clear();
            self.decisions.clear();
        }
    }

    fn decision(&mut self, seq: u64, record: &Record) {
        let Some(decision) = record.decision.as_ref().filter(|_| record.phase != Phase::Outcome) else { return };
        let alike = Alike {
            allowed: decision.allowed,
            classification: record.classification,
            place: record.place.clone(),
            policy_hash: decision.policy_hash,
            policy_version: decision.policy_version,
            purpose: purpose_of(&decision.rule, record.event),
            rule: decision.rule.clone(),
        };
        let at = record.at;
        let group = match self.decisions.entry(alike) {
            btree_map::Entry::Occupied(entry) => entry.into_mut(),
            btree_map::Entry::Vacant(entry) => {
                self.texts += entry.key().texts();
                entry.insert(Group { count: 0, seq, earliest: at, latest: at })
            }
        };
        group.count += 1;
        group.earliest = group.earliest.min(at);
        group.latest = group.latest.max(at);
    }

    /// The rows of a report, in their order.
    pub(super) fn rows(&self) -> Vec<Decisions> {
        let mut rows: Vec<_> = self.decisions.iter().map(|(alike, group)| alike.row(group.count)).collect();
        rows.sort_by_cached_key(|row| serde_json::to_vec(row).unwrap_or_default());
        rows
    }
}

impl Alike {
    /// Bytes of text in it.
    fn texts(&self) -> usize {
        let place = self.place.as_ref();
        let names = place.map_or(0, |place| place.site.len() + place.region.len() + place.jurisdiction.len());
        self.rule.len() + names
    }

    fn row(&self, count: u64) -> Decisions {
        let Self { allowed, classification, place, policy_hash, policy_version, purpose, rule } = self.clone();
        Decisions { allowed, classification, count, place, policy_hash, policy_version, purpose, rule }
    }
}

impl From<&Decisions> for Alike {
    fn from(row: &Decisions) -> Self {
        let Decisions { allowed, classification, count: _, place, policy_hash, policy_version, purpose, rule } =
            row.clone();
        Self { allowed, classification, place, policy_hash, policy_version, purpose, rule }
    }
}

/// What was decided about: the rule begins with it, unless a ceiling decided; then the event tells, where it can.
fn purpose_of(rule: &str, event: EventCode) -> Option<Purpose> {
    let told = rule.split_once(": ").map(|(word, _)| word);
    let by_rule = Purpose::ALL.into_iter().find(|purpose| told == Some(purpose.as_str()));
    by_rule.or_else(|| decided::purpose(event.as_str()))
}
