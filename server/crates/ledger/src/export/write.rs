//! Writes an export as a stream: one entry in memory at a time.

use std::io::{self, Write};

use leeward_domain::{Sha256Digest, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{CheckpointTag, End, EndTag, FORMAT, Header, HeaderTag, INDEXED, Index, IndexTag, Rotation, Seal, VERSION};
use crate::{
    MAX_ENTRY_BYTES,
    checkpoint::{Checkpoint, Head, LogId},
    note::{NoteError, VerifierKey},
    tree::{self, Frontier},
};

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file could not be written.
    #[error("cannot write the export")]
    Io(#[from] io::Error),
    /// An entry is longer than [`MAX_ENTRY_BYTES`], or holds a newline: it cannot be a record.
    #[error("entry {seq} cannot be a record: {why}")]
    NotARecord {
        /// Its place in the log.
        seq: u64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The checkpoint is not signed by the key the header names.
    #[error("the checkpoint cannot be used")]
    Note(#[from] NoteError),
    /// The checkpoint signs something else than what was written: the stored log is not what was signed.
    #[error("the checkpoint signs {signed} entries of {log}, and those written (up to {written}) are not among them")]
    NotCovered {
        /// The log the checkpoint names.
        log: LogId,
        /// The size it signs.
        signed: u64,
        /// The place after the last entry written.
        written: u64,
    },
}

/// Where an export begins.
#[derive(Debug, Clone)]
pub struct Start {
    /// Whose log it is.
    pub log: LogId,
    /// The key that signed the checkpoint to come.
    pub key: VerifierKey,
    /// When the file is written.
    pub exported_at: Timestamp,
    /// The tree of the entries before the first in the file; empty for a whole log.
    pub before: Frontier,
    /// How older keys of the log handed over, oldest first.
    pub rotations: Vec<Rotation>,
}

/// An export being written. Call [`Writer::entry`] for each record in order, then [`Writer::finish`]; a file
/// that was not finished is reported as truncated by every verifier.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    log: LogId,
    key: VerifierKey,
    tree: Frontier,
    unindexed: Vec<Sha256Digest>,
    digest: Sha256,
}

impl<W: Write> Writer<W> {
    /// Writes the header. Give a buffered `out`: every line is one write.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn new(out: W, start: Start) -> Result<Self, WriteError> {
        let header = Header {
            kind: HeaderTag::Header,
            format: FORMAT.to_owned(),
            version: VERSION,
            log: start.log,
            public_key: start.key.to_string(),
            exported_at: start.exported_at,
            first: start.before.size(),
            before: start.before.peaks().to_vec(),
            rotations: start.rotations,
        };
        let (log, key, before) = (start.log, start.key, start.before);
        let mut writer = Self { out, log, key, tree: before, unindexed: Vec::new(), digest: Sha256::new() };
        writer.line(&header)?;
        Ok(writer)
    }

    /// Writes the next entry: the exact bytes that were appended to the log.
    ///
    /// # Errors
    /// If it is too long, holds a newline, or the file cannot be written.
    pub fn entry(&mut self, entry: &[u8]) -> Result<(), WriteError> {
        let wrong = |why| WriteError::NotARecord { seq: self.tree.size(), why };
        if entry.len() > MAX_ENTRY_BYTES {
            return Err(wrong("it is longer than 65,535 bytes"));
        }
        if entry.contains(&b'\n') || !entry.starts_with(br#"{"a"#) {
            return Err(wrong("it is not canonical JSON"));
        }
        let hash = tree::leaf(entry);
        self.out.write_all(entry)?;
        self.out.write_all(b"\n")?;
        self.tree.push(hash);
        self.unindexed.push(hash);
        if self.unindexed.len() == INDEXED { self.index() } else { Ok(()) }
    }

    /// Where it writes to: to take what was written so far, if that is memory.
    pub fn output(&mut self) -> &mut W {
        &mut self.out
    }

    /// What it wrote to. Call [`Writer::finish`] first.
    pub(crate) fn into_output(self) -> W {
        self.out
    }

    /// Writes the checkpoint and the end, and flushes.
    ///
    /// `after` holds the roots of the perfect subtrees between the last entry written and the size the checkpoint
    /// signs; none for a whole log. Checkpoint and entries must fit, so an export that exists passes verification,
    /// and a stored log that was altered behind the service's back cannot be exported as if it were whole.
    ///
    /// # Errors
    /// If the note is not a checkpoint of this log signed by the header's key, if it signs other entries, or if
    /// the file cannot be written.
    pub fn finish(&mut self, after: Vec<Sha256Digest>, note: &str) -> Result<(), WriteError> {
        let Checkpoint { log, head } = Checkpoint::open(note, &self.key)?;
        if log != self.log || extended(&self.tree, head.size, &after) != Some(head) {
            return Err(WriteError::NotCovered { log, signed: head.size, written: self.tree.size() });
        }
        if !self.unindexed.is_empty() {
            self.index()?;
        }
        self.line(&Seal { kind: CheckpointTag::Checkpoint, after, note: note.to_owned() })?;
        let digest = Sha256Digest::from_bytes(self.digest.clone().finalize().into());
        self.line(&End { kind: EndTag::End, digest })?;
        Ok(self.out.flush()?)
    }

    fn index(&mut self) -> Result<(), WriteError> {
        let hashes = std::mem::take(&mut self.unindexed);
        let first = self.tree.size() - hashes.len() as u64;
        self.line(&Index { kind: IndexTag::Index, first, hashes })
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), WriteError> {
        let mut bytes = serde_json::to_vec(line).map_err(io::Error::from)?;
        bytes.push(b'\n');
        self.digest.update(&bytes);
        Ok(self.out.write_all(&bytes)?)
    }
}

/// The head of `tree` grown to `size` by perfect subtrees; none if they are not those it takes.
pub(crate) fn extended(tree: &Frontier, size: u64, subtrees: &[Sha256Digest]) -> Option<Head> {
    let parts = tree::cover(tree.size(), size);
    let mut tree = tree.clone();
    let fits = parts.len() == subtrees.len()
        && parts.iter().zip(subtrees).all(|(part, root)| tree.push_subtree(part.height, *root));
    (fits && tree.size() == size).then(|| Head::from(&tree))
}
