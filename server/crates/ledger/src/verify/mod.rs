//! The verifier: reads an export and says everything that is wrong with it.
//!
//! Its questions, a file each: is every line one a writer makes ([`lines`], [`facts`]), are the entries whole and
//! in order ([`order`]), does each record make sense beside the others ([`records`]), did the log's key sign the
//! result ([`trust`]). To add a check: a [`Kind`], its place in one of those files, a row in docs/audit.md and a
//! case in `tests/ledger/tampering.rs`.
//!
//! Memory grows by some 60 bytes for each record, to find repeated ids; the file itself is streamed.

mod facts;
mod finding;
mod lines;
mod order;
mod quick;
mod records;
mod trust;

use std::io;

use leeward_domain::{Sha256Digest, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

pub(crate) use facts::record as record_of;
pub use finding::{Finding, Kind};
pub(crate) use records::CLOCK_TOLERANCE;

use crate::{
    checkpoint::{Checkpoint, LogId},
    export::{Header, Line, Seal},
    note::{VerifierKey, WitnessKey},
    tree::Frontier,
};
use facts::{Facts, Read};
use finding::Findings;
use lines::Item;
use order::Order;
use records::Records;
use trust::Trust;

/// What to hold the file against.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A key of the log that is known to be its own. Without it the file's own claim is believed.
    pub key: Option<VerifierKey>,
    /// An older checkpoint of the same log (a signed note), which this file must continue.
    pub since: Option<String>,
    /// Witnesses that must have cosigned the checkpoint.
    pub witnesses: Vec<WitnessKey>,
}

/// Where the key that checked the signature came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// Given by whoever asked: the signature says who signed.
    Given,
    /// Handed over, by records and checkpoints in the file, from the key that was given.
    Rotated,
    /// Read from the file: the signature says only that the file is of one piece.
    File,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Whose log it says it is.
    pub log: Option<LogId>,
    /// The place in the log of the first entry in the file; 0 for a whole log.
    pub from: u64,
    /// The entries in the file.
    pub entries: u64,
    /// The size of the log that the checkpoint signs, if it is well signed.
    pub size: Option<u64>,
    /// The root it signs.
    pub root: Option<Sha256Digest>,
    /// The first record's time.
    pub first: Option<Timestamp>,
    /// The latest time of any record.
    pub last: Option<Timestamp>,
    /// Intents without an outcome: work in progress when the file was written.
    pub open_intents: u64,
    /// Records that tell of a jump of the appliance's clock.
    pub clock_jumps: u64,
    /// The key the signature was checked with.
    pub key: Option<String>,
    /// Where that key came from.
    pub key_source: KeySource,
    /// Witnesses asked for that cosigned the checkpoint, and when (Unix seconds).
    pub witnesses: Vec<(String, u64)>,
    /// The size of the older checkpoint this file continues, if one was given and it does.
    pub continues: Option<u64>,
    /// What is wrong, in the order of the entries; the first 100.
    pub findings: Vec<Finding>,
    /// How many things are wrong.
    pub findings_total: u64,
}

/// Checks an export.
///
/// # Errors
/// Only if the file cannot be read; everything wrong with its content is in the report.
pub fn verify<R: io::Read + Send>(from: R, options: &Options) -> io::Result<Report> {
    let mut walk = Walk { trust: Trust::new(options), ..Walk::default() };
    lines::for_each(from, |item| walk.item(item))?;
    Ok(walk.finish(options))
}

#[derive(Default)]
struct Walk {
    line: u64,
    log: Option<LogId>,
    from: u64,
    trust: Trust,
    order: Order,
    records: Records,
    /// What entries say that no index line has covered yet.
    unproven: Vec<(u64, Result<Facts, String>)>,
    seal: Option<Seal>,
    ended: bool,
    /// Of the lines that are no entries.
    digest: Sha256,
    digest_wrong: bool,
    findings: Findings,
}

impl Walk {
    fn item(&mut self, item: Item) {
        self.line += 1;
        if self.ended && !matches!(item, Item::Entry(_)) {
            let detail = format!("line {} comes after the end", self.line);
            return self.findings.add(Kind::Inserted, None, detail);
        }
        match item {
            Item::Entry(read) => self.entry(read),
            Item::Other(line, bytes) => {
                if !matches!(*line, Line::End(_)) {
                    self.digest.update(&bytes);
                }
                match *line {
                    Line::End(end) => {
                        self.ended = true;
                        self.digest_wrong = end.digest.as_bytes() != self.digest.clone().finalize().as_slice();
                    }
                    Line::Header(header) => self.header(&header),
                    Line::Index(_) if self.seal.is_some() => {
                        self.findings.add(Kind::Inserted, None, "an index after the checkpoint".to_owned());
                    }
                    Line::Index(index) => {
                        let proven = self.order.index(index.first, index.hashes, &mut self.findings);
                        self.records(proven);
                    }
                    Line::Checkpoint(seal) if self.seal.is_none() => self.seal = Some(seal),
                    _ => self.findings.add(Kind::Inserted, None, "a second checkpoint".to_owned()),
                }
            }
            Item::Malformed(why) => {
                let detail = format!("line {}: {why}", self.line);
                self.findings.add(Kind::Malformed, Some(self.order.next()), detail);
            }
            Item::Cut => {
                let detail = format!("line {} does not end in a newline", self.line);
                self.findings.add(Kind::Truncated, Some(self.order.next()), detail);
            }
            Item::TooLong => {
                let detail = format!("line {} is longer than any line may be", self.line);
                self.findings.add(Kind::Malformed, Some(self.order.next()), detail);
            }
        }
    }

    fn header(&mut self, header: &Header) {
        if self.line != 1 {
            return self.findings.add(Kind::Inserted, None, format!("line {} is a second header", self.line));
        }
        self.log = Some(header.log);
        self.from = header.first;
        self.records.begins_at(header.first);
        match Frontier::new(header.first, header.before.clone()) {
            Some(before) => self.order.begin(&before),
            None => {
                let detail = format!("{} subtrees cannot hold {} entries", header.before.len(), header.first);
                self.findings.add(Kind::Malformed, None, detail);
            }
        }
        self.trust.header(header, &mut self.findings);
        self.trust.grown(self.order.head(), None, &mut self.findings);
    }

    fn entry(&mut self, read: Read) {
        let place = self.order.next();
        if self.seal.is_some() {
            return self.findings.add(Kind::Inserted, Some(place), "an entry after the checkpoint".to_owned());
        }
        self.order.entry(read.hash);
        if self.trust.waits_for(place + 1) {
            let next_key = read.facts.as_ref().ok().and_then(|facts| facts.next_key.as_deref());
            self.trust.grown(self.order.head(), next_key, &mut self.findings);
        }
        // Beyond the first difference nothing tells what was meant to stand here.
        if self.order.together() {
            self.unproven.push((place, read.facts));
        }
    }

    /// Looks at the records whose hashes have been held against the index; those of a file that was changed are
    /// looked at as far as they agree with it.
    fn records(&mut self, proven: bool) {
        for (place, facts) in self.unproven.drain(..) {
            if proven {
                self.records.entry(place, facts.as_ref(), self.log, &mut self.findings);
            }
        }
    }

    fn finish(mut self, options: &Options) -> Report {
        if self.log.is_none() {
            self.findings.add(Kind::Malformed, None, "the first line is not a header".to_owned());
        }
        let entries = self.order.next().saturating_sub(self.from);
        let signed = self.signed();
        let after = self.seal.as_ref().map_or(&[][..], |seal| &seal.after);
        self.order.finish(signed.map(|checkpoint| checkpoint.head), after, &mut self.findings);
        let size = signed.map_or(self.order.next(), |checkpoint| checkpoint.head.size);
        self.trust.finish(self.from, self.order.next(), size, &mut self.findings);
        let note = self.seal.as_ref().map_or("", |seal| seal.note.as_str());
        let witnesses = trust::witnesses(note, &options.witnesses, &mut self.findings);
        if self.seal.is_some() && !self.ended {
            self.findings.add(Kind::Truncated, None, "the file has no end line".to_owned());
        }
        // Last, because whatever else was found explains a wrong digest.
        if self.digest_wrong && self.findings.is_empty() {
            let detail = "a line that is no entry, or the digest itself, was changed: they do not fit".to_owned();
            self.findings.add(Kind::Edited, None, detail);
        }
        let (findings, findings_total) = self.findings.sorted();
        Report {
            ok: findings_total == 0,
            log: self.log,
            from: self.from,
            entries,
            size: signed.map(|checkpoint| checkpoint.head.size),
            root: signed.map(|checkpoint| checkpoint.head.root),
            first: self.records.first(),
            last: self.records.last(),
            open_intents: self.records.open_intents(),
            clock_jumps: self.records.clock_jumps(),
            key: self.trust.key().map(ToString::to_string),
            key_source: self.trust.source(),
            witnesses,
            continues: self.trust.continues(),
            findings,
            findings_total,
        }
    }

    fn signed(&mut self) -> Option<Checkpoint> {
        let Some(seal) = &self.seal else {
            let place = Some(self.order.next());
            self.findings.add(Kind::Truncated, place, "the file has no checkpoint".to_owned());
            return None;
        };
        match Checkpoint::open(&seal.note, self.trust.key()?) {
            Ok(checkpoint) if Some(checkpoint.log) == self.log => Some(checkpoint),
            Ok(checkpoint) => {
                let detail = format!("the checkpoint is of {}", checkpoint.log.origin());
                self.findings.add(Kind::Forked, None, detail);
                None
            }
            Err(error) => {
                self.findings.add(trust::kind_of(&error), None, format!("the checkpoint: {error}"));
                None
            }
        }
    }
}
