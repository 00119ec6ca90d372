//! Writes an export as a stream: one entry in memory at a time.

use std::io::{self, Write};

use leeward_domain::{Sha256Digest, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{CheckpointTag, Entry, EntryTag, FORMAT, Header, HeaderTag, Seal, VERSION};
use crate::{
    MAX_ENTRY_BYTES,
    chain::Head,
    checkpoint::{Checkpoint, LogId},
    note::{NoteError, VerifierKey},
};

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file could not be written.
    #[error("cannot write the export")]
    Io(#[from] io::Error),
    /// An entry is longer than [`MAX_ENTRY_BYTES`].
    #[error("entry {seq} has {bytes} bytes, more than the {MAX_ENTRY_BYTES} an entry may have")]
    TooLong {
        /// Its place in the log.
        seq: u64,
        /// Its length.
        bytes: usize,
    },
    /// An entry is not UTF-8, so it cannot be a record.
    #[error("entry {0} is not UTF-8")]
    NotText(u64),
    /// The checkpoint is not signed by the key the header names.
    #[error("the checkpoint cannot be used")]
    Note(#[from] NoteError),
    /// The checkpoint signs something else than what was written: the stored log is not what was signed.
    #[error("the checkpoint covers {signed} entries of {log}, but other entries were written ({written} of them)")]
    NotCovered {
        /// The log the checkpoint names.
        log: LogId,
        /// The size it signs.
        signed: u64,
        /// The entries written.
        written: u64,
    },
}

/// An export being written. Call [`Writer::entry`] for each record in order, then [`Writer::finish`]; a file
/// that was not finished is reported as truncated by every verifier.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    log: LogId,
    key: VerifierKey,
    head: Head,
    digest: Sha256,
}

impl<W: Write> Writer<W> {
    /// Writes the header. Give a buffered `out`: every line is one write.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn new(out: W, log: LogId, key: VerifierKey, exported_at: Timestamp) -> Result<Self, WriteError> {
        let header = Header {
            kind: HeaderTag::Header,
            format: FORMAT.to_owned(),
            version: VERSION,
            log,
            public_key: key.to_string(),
            exported_at,
        };
        let mut writer = Self { out, log, key, head: Head::empty(), digest: Sha256::new() };
        writer.line(&header)?;
        Ok(writer)
    }

    /// Writes the next entry (the exact bytes that were appended to the log) and returns the head after it.
    ///
    /// # Errors
    /// If it is too long, not UTF-8, or the file cannot be written.
    pub fn entry(&mut self, entry: &[u8]) -> Result<Head, WriteError> {
        let seq = self.head.size;
        if entry.len() > MAX_ENTRY_BYTES {
            return Err(WriteError::TooLong { seq, bytes: entry.len() });
        }
        let text = std::str::from_utf8(entry).map_err(|_| WriteError::NotText(seq))?;
        let head = self.head.push(entry);
        self.line(&Entry { kind: EntryTag::Entry, seq, entry: text.to_owned(), chain: head.hash })?;
        self.head = head;
        Ok(head)
    }

    /// Writes the checkpoint, flushes, and gives the output back.
    ///
    /// The checkpoint must sign exactly what was written, so an export that exists passes verification, and a
    /// stored log that was altered behind the service's back cannot be exported as if it were whole.
    ///
    /// # Errors
    /// If the note is not a checkpoint of this log signed by the header's key, if it signs another head, or
    /// if the file cannot be written.
    pub fn finish(mut self, note: &str) -> Result<W, WriteError> {
        let Checkpoint { log, head } = Checkpoint::open(note, &self.key)?;
        if log != self.log || head != self.head {
            return Err(WriteError::NotCovered { log, signed: head.size, written: self.head.size });
        }
        let digest = Sha256Digest::from_bytes(self.digest.clone().finalize().into());
        self.line(&Seal { kind: CheckpointTag::Checkpoint, note: note.to_owned(), digest })?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), WriteError> {
        let mut bytes = serde_json::to_vec(line).map_err(io::Error::from)?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        Ok(self.out.write_all(&bytes)?)
    }
}
