//! Reads an export as a stream, one bounded line at a time, and refuses every byte the writer would not have
//! written: two different files are never the same export.

use std::io::{self, BufRead, Read as _};

use leeward_domain::Sha256Digest;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use super::{FORMAT, Header, Line, MAX_LINE_BYTES, VERSION};

/// Why the next line could not be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error("cannot read the export")]
    Io(#[from] io::Error),
    /// The line is longer than any line may be.
    #[error("line {0} is longer than {MAX_LINE_BYTES} bytes")]
    TooLong(u64),
    /// The file ends in the middle of a line.
    #[error("line {0} does not end in a newline")]
    Cut(u64),
    /// The line is not of this format.
    #[error("line {line} is not one a writer of this format makes: {why}")]
    Malformed {
        /// The line's number; the first is 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
}

/// An export being read.
#[derive(Debug)]
pub struct Reader<R> {
    from: R,
    number: u64,
    buffer: Vec<u8>,
    digest: Sha256,
    before: Sha256Digest,
}

impl<R: BufRead> Reader<R> {
    /// Reads nothing yet.
    pub fn new(from: R) -> Self {
        let digest = Sha256::new();
        let before = Sha256Digest::from_bytes(digest.clone().finalize().into());
        Self { from, number: 0, buffer: Vec::new(), digest, before }
    }

    /// The number of the line last read; the first is 1.
    #[must_use]
    pub fn line_number(&self) -> u64 {
        self.number
    }

    /// SHA-256 of every byte before the line last read, if that line was a checkpoint.
    #[must_use]
    pub fn digest_before(&self) -> Sha256Digest {
        self.before
    }

    /// The next line; none at the end of the file. After a malformed line reading goes on with the next.
    ///
    /// # Errors
    /// If the file cannot be read, or the line is too long, cut off, or not of this format.
    pub fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        self.buffer.clear();
        let limit = u64::try_from(MAX_LINE_BYTES + 1).unwrap_or(u64::MAX);
        let read = self.from.by_ref().take(limit).read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.buffer.last() != Some(&b'\n') {
            return Err(if read > MAX_LINE_BYTES {
                ReadError::TooLong(self.number)
            } else {
                ReadError::Cut(self.number)
            });
        }
        let line = parse(self.buffer.strip_suffix(b"\n").unwrap_or_default());
        if matches!(line, Ok(Line::Checkpoint(_))) {
            self.before = Sha256Digest::from_bytes(self.digest.clone().finalize().into());
        }
        self.digest.update(&self.buffer);
        line.map(Some).map_err(|why| ReadError::Malformed { line: self.number, why })
    }
}

fn parse(bytes: &[u8]) -> Result<Line, String> {
    if bytes.starts_with(br#"{"type":"entry","#) {
        exactly(bytes).map(Line::Entry)
    } else if bytes.starts_with(br#"{"type":"header","#) {
        let header: Header = exactly(bytes)?;
        if header.format == FORMAT && header.version == VERSION {
            Ok(Line::Header(header))
        } else {
            Err(format!("{} version {} is not known here; use a newer leeward-verify", header.format, header.version))
        }
    } else if bytes.starts_with(br#"{"type":"checkpoint","#) {
        exactly(bytes).map(Line::Checkpoint)
    } else {
        Err("it does not begin with one of the three known types".to_owned())
    }
}

/// Parses, and demands that writing the value again gives the same bytes: no white space, no second spelling
/// of a string or a number, no repeated member, no other order.
fn exactly<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, String> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match serde_json::to_vec(&value) {
        Ok(again) if again == bytes => Ok(value),
        _ => Err("the same content would be written otherwise".to_owned()),
    }
}
