//! Writes the evidence of a report, an audit export, and counts what its records say.

use std::io::{self, Write};

use leeward_domain::{Sha256Digest, ids::TenantId};
use sha2::{Digest as _, Sha256};

use super::{EvidenceRef, Period, tally::Tally};
use crate::{
    checkpoint::{Checkpoint, LogId},
    export::{Start, WriteError, Writer},
    note::VerifierKey,
    verify::record_of,
};

/// Why evidence could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// As an export.
    #[error(transparent)]
    Export(#[from] WriteError),
    /// An entry is not a record in its one form: what it says cannot be counted.
    #[error("entry {seq} of the log is not a record: {why}")]
    NotARecord {
        /// Its place in the log.
        seq: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The platform's log is nobody's; a report is a tenant's.
    #[error("a report is about a tenant; the platform's log belongs to none")]
    Platform,
    /// There are more kinds of decisions, or more builds, than a report can hold.
    #[error(
        "the period has more kinds of decisions than the {} a report can hold: take a shorter one",
        super::MAX_ROWS
    )]
    TooMany,
}

/// The evidence of a report being written: give it the stretch of the tenant's log that holds the period.
///
/// Which stretch: from the last record older than [`Period::evidence_from`] (or the log's first) to the first that is
/// not older than [`Period::evidence_to`] (or the log's last).
#[derive(Debug)]
pub struct EvidenceWriter<W: Write> {
    export: Writer<Hashing<W>>,
    tenant: TenantId,
    key: VerifierKey,
    period: Period,
    first: u64,
    next: u64,
    tally: Tally,
}

/// Evidence that was written, and what its records say.
#[derive(Debug)]
pub struct Evidence {
    pub(super) tenant: TenantId,
    pub(super) period: Period,
    pub(super) reference: EvidenceRef,
    /// How many entries the checkpoint signs.
    pub(super) size: u64,
    pub(super) tally: Tally,
}

impl<W: Write> EvidenceWriter<W> {
    /// Begins to write. Give a buffered `out`: every line is one write.
    ///
    /// # Errors
    /// If the log is the platform's, or `out` cannot be written.
    pub fn new(out: W, start: Start, period: Period) -> Result<Self, EvidenceError> {
        let LogId::Tenant(tenant) = start.log else { return Err(EvidenceError::Platform) };
        let (key, first) = (start.key.clone(), start.before.size());
        let export = Writer::new(Hashing { out, hash: Sha256::new() }, start)?;
        Ok(Self { export, tenant, key, period, first, next: first, tally: Tally::new(period) })
    }

    /// Writes the next entry: the exact bytes that were appended to the log.
    ///
    /// # Errors
    /// If it is no record, if there is more than a report can hold, or `out` cannot be written.
    pub fn entry(&mut self, entry: &[u8]) -> Result<(), EvidenceError> {
        let record = record_of(entry).map_err(|why| EvidenceError::NotARecord { seq: self.next, why })?;
        self.export.entry(entry)?;
        self.tally.record(self.next, record);
        self.next += 1;
        if self.tally.overflown { Err(EvidenceError::TooMany) } else { Ok(()) }
    }

    /// Writes the end, and gives back what it wrote to. See [`Writer::finish`] for `after` and `note`.
    ///
    /// # Errors
    /// As [`Writer::finish`].
    pub fn finish(mut self, after: Vec<Sha256Digest>, note: &str) -> Result<(Evidence, W), EvidenceError> {
        self.export.finish(after, note)?;
        let size = Checkpoint::open(note, &self.key).map_err(WriteError::from)?.head.size;
        let Hashing { out, hash } = self.export.into_output();
        let reference = EvidenceRef {
            checkpoint: note.to_owned(),
            entries: self.next - self.first,
            first: self.first,
            key: self.key.to_string(),
            sha256: Sha256Digest::from_bytes(hash.finalize().into()),
        };
        Ok((Evidence { tenant: self.tenant, period: self.period, reference, size, tally: self.tally }, out))
    }
}

/// Hashes what passes through.
#[derive(Debug)]
struct Hashing<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
