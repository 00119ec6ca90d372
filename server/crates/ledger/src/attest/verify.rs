//! Checks a report with nothing but the file, and a key had from elsewhere.
//!
//! In three steps, each only if the one before found nothing: are the two lines of their form; did the log's key sign
//! the report, and is the evidence the one it names, whole and signed ([`crate::verify`]); does the report say what
//! the evidence says ([`super::check`]). One pass over the file, in memory bounded by the report and by what
//! [`crate::verify`] needs.

use std::io::{self, BufReader, Read};

use leeward_domain::Sha256Digest;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Body, Finding, Kind, Period, Report,
    check::{self, Stretch},
    head::{self, Head},
    tally::Tally,
};
use crate::{
    checkpoint::LogId,
    export::{Line, MAX_LINE_BYTES, parse},
    note::VerifierKey,
    verify::{self as audit, KeySource, Options, record_of},
};

/// A report that holds, and what was established about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The report.
    pub report: Report,
    /// SHA-256 of its JSON.
    pub digest: Sha256Digest,
    /// What was found out about the evidence, and whose key it was.
    pub evidence: audit::Report,
    /// Decisions that the policies of the report give as well, each decided again.
    pub redecided: u64,
    /// Decisions whose records do not tell enough to decide them again.
    pub not_redecided: u64,
}

/// A report that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// What is wrong; never empty.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Where the key came from that the signatures were checked with.
    #[must_use]
    pub const fn key_source(&self) -> KeySource {
        self.evidence.key_source
    }
}

/// Checks a report. Without a key among the options the one in the file is believed: see [`Checked::key_source`].
///
/// # Errors
/// Only if the file cannot be read; everything wrong with its content is among the findings.
pub fn verify<R: Read + Send>(from: R, options: &Options) -> io::Result<Result<Checked, Rejected>> {
    let mut from = BufReader::new(from);
    let head = match head::read(&mut from)? {
        Ok(head) => head,
        Err(finding) => return Ok(Err(Rejected { findings: vec![finding] })),
    };
    let mut seen = Seen::new(&head.body);
    let evidence = audit::verify(Tap { from, seen: &mut seen }, options)?;
    let mut findings = integrity(&head, &evidence, &seen);
    if !findings.is_empty() {
        return Ok(Err(Rejected { findings }));
    }
    let Head { body, digest, .. } = head;
    let stretch =
        Stretch { first: evidence.from, entries: evidence.entries, size: evidence.size.unwrap_or(evidence.entries) };
    reference(&body, &evidence, &seen, &mut findings);
    let (redecided, differences) = check::content(&body, &seen.tally, stretch);
    findings.extend(differences);
    if !findings.is_empty() {
        return Ok(Err(Rejected { findings }));
    }
    let report = Report::checked(body);
    Ok(Ok(Checked { report, digest, evidence, redecided: redecided.agreed, not_redecided: redecided.untold }))
}

/// Whether the log's key signed the report, and the evidence is the one it names, and whole.
fn integrity(head: &Head, evidence: &audit::Report, seen: &Seen) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &seen.key {
        Some(key) => findings.extend(head.check(key)),
        None => findings.push(Finding::new(Kind::UnknownKey, "the evidence names no key that could have signed")),
    }
    findings.extend(evidence.findings.iter().map(|finding| Finding::new(Kind::Evidence, finding.to_string())));
    if evidence.log.is_some_and(|log| log != LogId::Tenant(head.body.tenant)) {
        findings.push(Finding::new(Kind::Foreign, format!("the evidence is not of the log of {}", head.body.tenant)));
    }
    if seen.hash.clone().finalize().as_slice() != head.body.evidence.sha256.as_bytes() {
        findings.push(Finding::new(Kind::Edited, "the evidence is not the one that the report names"));
    }
    if seen.tally.overflown {
        findings.push(Finding::new(Kind::Malformed, "the records are of more kinds than a report can count"));
    }
    findings
}

/// What the report says of its evidence.
fn reference(body: &Body, evidence: &audit::Report, seen: &Seen, findings: &mut Vec<Finding>) {
    let stated = &body.evidence;
    for (what, agrees) in [
        ("checkpoint", seen.note.as_ref() == Some(&stated.checkpoint)),
        ("entries", stated.entries == evidence.entries),
        ("first", stated.first == evidence.from),
        ("key", seen.key.as_ref().map(ToString::to_string).as_ref() == Some(&stated.key)),
    ] {
        if !agrees {
            findings.push(Finding::new(Kind::CountDiffers, format!("evidence.{what} is not that of the evidence")));
        }
    }
}

/// What passed through on the way to the export's verifier.
struct Seen {
    hash: Sha256,
    tally: Tally,
    /// The key the export says it is signed with, if it is one of its log.
    key: Option<VerifierKey>,
    /// The checkpoint's note.
    note: Option<String>,
    /// The place of the next entry.
    next: u64,
    /// Whether nothing was read yet.
    begun: bool,
    /// The beginning of a line whose end is still to come.
    line: Vec<u8>,
}

impl Seen {
    fn new(body: &Body) -> Self {
        // A period that is none has no records; the check of the period says so.
        let period = Period::new(body.from, body.to).unwrap_or(Period::NONE);
        Self {
            hash: Sha256::new(),
            tally: Tally::new(period),
            key: None,
            note: None,
            next: 0,
            begun: false,
            line: Vec::new(),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            // Longer lines are the export's verifier's to refuse.
            if self.line.len() + part.len() <= MAX_LINE_BYTES + 1 {
                self.line.extend_from_slice(part);
            }
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.whole(line.strip_suffix(b"\n").unwrap_or_default());
            }
        }
    }

    /// Looks at a line. What is wrong with it, the export's verifier says; nothing counted here is of use then.
    fn whole(&mut self, line: &[u8]) {
        let is_first = !std::mem::replace(&mut self.begun, true);
        if line.starts_with(br#"{"type":"index","#) {
            // The export's verifier has its use for it.
        } else if line.starts_with(br#"{"type":"#) {
            match parse(line) {
                Ok(Line::Header(header)) if is_first => {
                    self.next = header.first;
                    let origin = header.log.origin();
                    self.key = header.public_key.parse().ok().filter(|key: &VerifierKey| key.name() == origin);
                }
                Ok(Line::Checkpoint(seal)) => self.note = Some(seal.note),
                _ => {}
            }
        } else if let Ok(record) = record_of(line) {
            self.tally.record(self.next, record);
            self.next = self.next.saturating_add(1);
        }
    }
}

/// A file that is looked at while it is read.
struct Tap<'a, R> {
    from: R,
    seen: &'a mut Seen,
}

impl<R: Read> Read for Tap<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.seen.take(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}
