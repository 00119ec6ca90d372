//! The verifier: reads an export and says everything that is wrong with it.
//!
//! Four questions, a file each: is every line one a writer makes ([`crate::export`]), are the entries whole
//! and in order ([`order`]), does each record make sense beside the others ([`records`]), and did the log's
//! key sign the result (here). To add a check: a [`Kind`], its place in one of those files, a row in
//! docs/audit.md and a case in `tests/tampering.rs`.
//!
//! Memory grows by some 100 bytes for each record, to find repeated ids; the file itself is streamed.

mod finding;
mod order;
mod records;

use std::io::{self, BufRead};

use leeward_domain::{Sha256Digest, Timestamp};
use serde::Serialize;

pub use finding::{Finding, Kind};

use crate::{
    checkpoint::{Checkpoint, LogId},
    export::{Entry, Header, Line, ReadError, Reader, Seal},
    note::{NoteError, VerifierKey},
};
use finding::Findings;
use order::Order;
use records::Records;

/// What to hold the file against.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The key the checkpoint must be signed with. Without it the file's own claim is believed.
    pub key: Option<VerifierKey>,
    /// An older checkpoint of the same log (a signed note), which this file must continue.
    pub since: Option<String>,
}

/// Where the key that checked the signature came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeySource {
    /// Given by whoever asked: the signature says who signed.
    Given,
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
    /// The entries in the file.
    pub size: u64,
    /// The chain hash over them.
    pub hash: Sha256Digest,
    /// The first record's time.
    pub first: Option<Timestamp>,
    /// The latest time of any record.
    pub last: Option<Timestamp>,
    /// Intents without an outcome: work in progress when the file was written.
    pub open_intents: u64,
    /// The key the signature was checked with.
    pub key: Option<String>,
    /// Where that key came from.
    pub key_source: KeySource,
    /// The size of the older checkpoint this file continues, if one was given and it does.
    pub continues: Option<u64>,
    /// What is wrong, in the order of the entries; the first 100.
    pub findings: Vec<Finding>,
    /// How many things are wrong.
    pub findings_total: u64,
}

/// Checks a whole export.
///
/// # Errors
/// Only if the file cannot be read; everything wrong with its content is in the report.
pub fn verify<R: BufRead>(from: R, options: &Options) -> io::Result<Report> {
    let mut reader = Reader::new(from);
    let mut walk = Walk::new(options);
    loop {
        match reader.next_line() {
            Ok(None) => break,
            Ok(Some(Line::Header(header))) => walk.header(header, reader.line_number()),
            Ok(Some(Line::Entry(entry))) => walk.entry(&entry),
            Ok(Some(Line::Checkpoint(seal))) => walk.seal(seal, reader.digest_before()),
            Err(ReadError::Io(error)) => return Err(error),
            Err(error @ ReadError::Malformed { .. }) => walk.unreadable(&error),
            Err(error @ ReadError::Cut(_)) => {
                walk.findings.add(Kind::Truncated, None, error.to_string());
                break;
            }
            Err(error @ ReadError::TooLong(_)) => {
                walk.findings.add(Kind::Malformed, None, error.to_string());
                break;
            }
        }
    }
    Ok(walk.finish())
}

struct Walk<'a> {
    options: &'a Options,
    key: Option<VerifierKey>,
    log: Option<LogId>,
    since: Option<Checkpoint>,
    continues: Option<u64>,
    order: Order,
    records: Records,
    seal: Option<(Seal, Sha256Digest)>,
    findings: Findings,
}

impl<'a> Walk<'a> {
    fn new(options: &'a Options) -> Self {
        Self {
            options,
            key: options.key.clone(),
            log: None,
            since: None,
            continues: None,
            order: Order::new(),
            records: Records::default(),
            seal: None,
            findings: Findings::default(),
        }
    }

    fn header(&mut self, header: Header, line: u64) {
        if line != 1 {
            return self.findings.add(Kind::Inserted, None, format!("line {line} is a second header"));
        }
        self.log = Some(header.log);
        let claimed = header.public_key.parse::<VerifierKey>().ok().filter(|key| key.name() == header.log.origin());
        match (&self.options.key, claimed) {
            (_, None) => {
                let detail =
                    format!("the header's key {:?} is not a key of {}", header.public_key, header.log.origin());
                self.findings.add(Kind::UnknownKey, None, detail);
            }
            (Some(given), Some(claimed)) if *given != claimed => {
                let detail = format!("the file is signed with {claimed}, not with {given}");
                self.findings.add(Kind::UnknownKey, None, detail);
            }
            (Some(_), Some(_)) => {}
            (None, Some(claimed)) => self.key = Some(claimed),
        }
        if let (Some(note), Some(key)) = (&self.options.since, &self.key) {
            match Checkpoint::open(note, key) {
                Ok(checkpoint) => self.since = Some(checkpoint),
                Err(error) => self.findings.add(kind_of(&error), None, format!("the older checkpoint: {error}")),
            }
        }
        self.compare_with_since();
    }

    fn entry(&mut self, entry: &Entry) {
        if self.seal.is_some() {
            return self.findings.add(Kind::Inserted, Some(entry.seq), "an entry after the checkpoint".to_owned());
        }
        let place = self.order.entry(entry, &mut self.findings);
        self.records.entry(place, &entry.entry, self.log, &mut self.findings);
        self.compare_with_since();
    }

    fn unreadable(&mut self, error: &ReadError) {
        let place = self.seal.is_none().then(|| self.order.unreadable());
        self.findings.add(Kind::Malformed, place, error.to_string());
    }

    fn seal(&mut self, seal: Seal, digest: Sha256Digest) {
        if self.seal.is_some() {
            return self.findings.add(Kind::Inserted, None, "a second checkpoint".to_owned());
        }
        self.seal = Some((seal, digest));
    }

    /// At the size the older checkpoint signs, the hashes must be the same.
    fn compare_with_since(&mut self) {
        let (Some(old), Some(head)) = (self.since, self.order.head()) else { return };
        if old.head.size != head.size || self.continues.is_some() {
            return;
        }
        if Some(old.log) == self.log && old.head.hash == head.hash {
            self.continues = Some(head.size);
        } else {
            let detail = format!("the first {} entries are not those the older checkpoint signs", head.size);
            self.findings.add(Kind::Forked, head.size.checked_sub(1), detail);
        }
    }

    fn finish(mut self) -> Report {
        if self.log.is_none() {
            self.findings.add(Kind::Malformed, None, "the first line is not a header".to_owned());
        }
        let signed = self.signed_checkpoint();
        self.order.finish(signed.map(|checkpoint| checkpoint.head), &mut self.findings);
        if let Some(old) = self.since.filter(|old| old.head.size > self.order.count()) {
            let detail =
                format!("the older checkpoint signs {} entries, the file has {}", old.head.size, self.order.count());
            self.findings.add(Kind::Truncated, Some(self.order.count()), detail);
        }
        // Last, because whatever else was found explains a wrong digest.
        if let Some((seal, digest)) = &self.seal
            && seal.digest != *digest
            && self.findings.is_empty()
        {
            let detail = "the header or the digest itself was changed: the two do not fit".to_owned();
            self.findings.add(Kind::Edited, None, detail);
        }
        let (findings, findings_total) = self.findings.sorted();
        Report {
            ok: findings_total == 0,
            log: self.log,
            size: self.order.count(),
            hash: self.order.hash(),
            first: self.records.first(),
            last: self.records.last(),
            open_intents: self.records.open_intents(),
            key: self.key.map(|key| key.to_string()),
            key_source: if self.options.key.is_some() { KeySource::Given } else { KeySource::File },
            continues: self.continues,
            findings,
            findings_total,
        }
    }

    fn signed_checkpoint(&mut self) -> Option<Checkpoint> {
        let Some((seal, _)) = &self.seal else {
            self.findings.add(Kind::Truncated, Some(self.order.count()), "the file has no checkpoint".to_owned());
            return None;
        };
        match Checkpoint::open(&seal.note, self.key.as_ref()?) {
            Ok(checkpoint) if Some(checkpoint.log) == self.log => Some(checkpoint),
            Ok(checkpoint) => {
                self.findings.add(Kind::Forked, None, format!("the checkpoint is of {}", checkpoint.log.origin()));
                None
            }
            Err(error) => {
                self.findings.add(kind_of(&error), None, format!("the checkpoint: {error}"));
                None
            }
        }
    }
}

fn kind_of(error: &NoteError) -> Kind {
    match error {
        NoteError::Malformed(_) => Kind::Malformed,
        NoteError::UnknownKey(_) => Kind::UnknownKey,
        NoteError::BadSignature(_) => Kind::BadSignature,
    }
}
