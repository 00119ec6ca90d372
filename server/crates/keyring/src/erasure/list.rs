//! The list of tombstones: lines that each commit to all before them.
//!
//! ```text
//! leeward-tombstones v1
//! {"previous":"<SHA-256 of the line above>","at":…,"tenant":…,"holder":…,"key":…,"record":…}
//! ```
//!
//! A digest is over a line without its newline. Lines are only ever appended. A list's head, the number of its
//! tombstones and the digest of its last line, is signed (see [`crate::erasure::statement`]):
//!
//! ```text
//! leeward-tombstones-head v1
//! 2
//! <SHA-256 of the last line, hexadecimal>
//! ```
//!
//! Keep the list and its latest head apart from the data and its backups: on another disk, with the auditor, in
//! the audit log. A list that a head was signed of can have grown since, never shrunk or changed.
//!
//! Left out: writing it to disk. Append [`TombstoneList::push`]'s line and sync before destroying the key.

use leeward_domain::Sha256Digest;
use leeward_ledger::VerifierKey;
use serde::{Deserialize, Serialize};

use crate::erasure::{ErasureError, ErasureSigner, Tombstone};

const HEADING: &str = "leeward-tombstones v1";
const HEAD_HEADING: &str = "leeward-tombstones-head v1";

/// How far a list has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The number of its tombstones.
    pub count: u64,
    /// The SHA-256 digest of its last line; of the heading, if there is no tombstone yet.
    pub last: Sha256Digest,
}

/// Tombstones in the order they were set up, and the digests that chain them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TombstoneList {
    tombstones: Vec<Tombstone>,
    /// Of the heading, then of each tombstone's line: one more than there are tombstones.
    digests: Vec<Sha256Digest>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    previous: Sha256Digest,
    #[serde(flatten)]
    tombstone: Tombstone,
}

impl Default for TombstoneList {
    fn default() -> Self {
        Self { tombstones: Vec::new(), digests: vec![Sha256Digest::of(HEADING.as_bytes())] }
    }
}

impl TombstoneList {
    /// The tombstones, oldest first.
    #[must_use]
    pub fn tombstones(&self) -> &[Tombstone] {
        &self.tombstones
    }

    /// The list's head.
    #[must_use]
    pub fn head(&self) -> Head {
        let last = self.digests.last().copied().unwrap_or_else(|| Sha256Digest::of(HEADING.as_bytes()));
        Head { count: self.tombstones.len() as u64, last }
    }

    /// Adds a tombstone, and gives the line to append to the file (the first time after its heading: see
    /// [`TombstoneList::text`]).
    pub fn push(&mut self, tombstone: Tombstone) -> String {
        let line = line_of(self.head().last, &tombstone);
        self.digests.push(Sha256Digest::of(line.as_bytes()));
        self.tombstones.push(tombstone);
        line + "\n"
    }

    /// The whole list as it is stored.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{HEADING}\n");
        for (previous, tombstone) in self.digests.iter().zip(&self.tombstones) {
            text += &line_of(*previous, tombstone);
            text.push('\n');
        }
        text
    }

    /// Reads a stored list and checks its chain. What is missing at its end, only a head can tell.
    ///
    /// # Errors
    /// [`ErasureError::Broken`] with the number of the first line that is not what was written; also for a last line
    /// that was torn by a power failure, whose key was then not destroyed yet.
    pub fn parse(text: &str) -> Result<Self, ErasureError> {
        let mut list = Self::default();
        let mut lines = text.split_inclusive('\n');
        if lines.next().and_then(|line| line.strip_suffix('\n')) != Some(HEADING) {
            return Err(ErasureError::NotA("a list of tombstones"));
        }
        for (number, line) in (2..).zip(lines) {
            let broken = || ErasureError::Broken(number);
            let read: Line = serde_json::from_str(line).map_err(|_| broken())?;
            // Comparing with what we would have written refuses every second spelling, and a wrong digest.
            if list.push(read.tombstone) != line {
                return Err(broken());
            }
        }
        Ok(list)
    }

    /// Reads a stored list that continues the one whose signed head is `note`.
    ///
    /// # Errors
    /// As [`TombstoneList::parse`]; [`ErasureError::NotTheSigned`] if lines are missing or others; or if the head is
    /// not signed by `key`.
    pub fn open(text: &str, note: &str, key: &VerifierKey) -> Result<Self, ErasureError> {
        let (list, head) = (Self::parse(text)?, Head::open(note, key)?);
        if list.continues(head) {
            Ok(list)
        } else {
            Err(ErasureError::NotTheSigned { signed: head.count, found: list.head().count })
        }
    }

    /// Whether the list is that of an earlier head, or has grown from it.
    #[must_use]
    pub fn continues(&self, head: Head) -> bool {
        usize::try_from(head.count).is_ok_and(|count| self.digests.get(count) == Some(&head.last))
    }
}

impl Head {
    /// The head as a signed note.
    #[must_use]
    pub fn sign(&self, signer: &ErasureSigner) -> String {
        signer.sign(&self.text())
    }

    /// The head in a signed note.
    ///
    /// # Errors
    /// If it is not signed by `key`, or is the note of something else.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, ErasureError> {
        let text = key.open(note)?;
        let mut lines = text.lines().skip(1);
        let count = lines.next().and_then(|count| count.parse().ok());
        let last = lines.next().and_then(|last| last.parse().ok());
        count
            .zip(last)
            .map(|(count, last)| Self { count, last })
            .filter(|head| head.text() == text)
            .ok_or(ErasureError::NotA("the head of a list of tombstones"))
    }

    fn text(&self) -> String {
        format!("{HEAD_HEADING}\n{}\n{}\n", self.count, self.last)
    }
}

fn line_of(previous: Sha256Digest, tombstone: &Tombstone) -> String {
    // Ids, times and digests: there is nothing that could fail.
    serde_json::to_string(&Line { previous, tombstone: tombstone.clone() }).unwrap_or_default()
}
