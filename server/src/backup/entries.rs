//! What is inside a backup: entries, one after the other.
//!
//! ```text
//! head     a line of JSON: {"bytes":N,"columns":[…],"name":"…"}; `bytes` only of files, `columns` only of tables
//! blocks   4 bytes of length (big-endian, 1 to 1 MiB), then as many bytes; any number of them
//! end      4 bytes of zero, then the SHA-256 of the blocks' bytes, 32 bytes
//! ```
//!
//! The last entry is followed by nothing. That nothing was changed is proven a layer further out; the digests are for
//! mistakes of our own.

use std::io::{self, BufRead, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The most bytes in a block that is read.
const MAX_BLOCK: usize = 1024 * 1024;
/// Bytes in a block that is written.
const BLOCK: usize = 64 * 1024;
/// The longest head.
const MAX_HEAD: u64 = 64 * 1024;

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many bytes a file has; for asking beforehand whether there is room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// A table's columns, in the order of its rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// `leeward.db`, `table/NAME` or `keys/audit-log`.
    pub name: String,
}

/// Writes one entry; without [`EntryWriter::finish`] it has no end.
pub struct EntryWriter<'a, W: Write> {
    to: &'a mut W,
    block: Vec<u8>,
    digest: Sha256,
}

impl<'a, W: Write> EntryWriter<'a, W> {
    /// Begins an entry.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(to: &'a mut W, head: &Head) -> io::Result<Self> {
        serde_json::to_writer(&mut *to, head)?;
        to.write_all(b"\n")?;
        Ok(Self { to, block: Vec::with_capacity(BLOCK), digest: Sha256::new() })
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.put()?;
        self.to.write_all(&[0; 4])?;
        self.to.write_all(&self.digest.finalize())
    }

    fn put(&mut self) -> io::Result<()> {
        if !self.block.is_empty() {
            self.to.write_all(&u32::try_from(self.block.len()).unwrap_or(u32::MAX).to_be_bytes())?;
            self.to.write_all(&self.block)?;
            self.digest.update(&self.block);
            self.block.clear();
        }
        Ok(())
    }
}

impl<W: Write> Write for EntryWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.block.len() == BLOCK {
            self.put()?;
        }
        let (taken, _) = bytes.split_at(bytes.len().min(BLOCK - self.block.len()));
        self.block.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// What fills no block yet stays here.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads entries: a head, then its bytes as if they were a file's.
pub struct EntryReader<R: BufRead> {
    from: R,
    /// What is left of the block; none between two entries.
    left: Option<usize>,
    digest: Sha256,
}

impl<R: BufRead> EntryReader<R> {
    /// Reads entries from here on.
    pub fn new(from: R) -> Self {
        Self { from, left: None, digest: Sha256::new() }
    }

    /// The next entry's head; none after the last. What is left of the one before is passed over.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub fn next_entry(&mut self) -> io::Result<Option<Head>> {
        if self.left.is_some() {
            io::copy(self, &mut io::sink())?;
        }
        let mut line = Vec::new();
        (&mut self.from).take(MAX_HEAD).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let head = serde_json::from_slice(&line)?;
        self.left = Some(0);
        self.digest = Sha256::new();
        Ok(Some(head))
    }

    /// What was read from.
    pub fn into_inner(self) -> R {
        self.from
    }
}

impl<R: BufRead> Read for EntryReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some(mut left) = self.left else { return Ok(0) };
        if left == 0 {
            let mut length = [0; 4];
            self.from.read_exact(&mut length)?;
            left = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
            if left > MAX_BLOCK {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a block is too long"));
            }
            if left == 0 {
                let mut digest = [0; 32];
                self.from.read_exact(&mut digest)?;
                self.left = None;
                return if self.digest.finalize_reset().as_slice() == digest {
                    Ok(0)
                } else {
                    Err(io::Error::new(io::ErrorKind::InvalidData, "an entry is not the one its digest is of"))
                };
            }
        }
        let (to, _) = to.split_at_mut(to.len().min(left));
        let read = self.from.read(to)?;
        if read == 0 && !to.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.digest.update(to.get(..read).unwrap_or_default());
        self.left = Some(left - read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(name: &str) -> Head {
        Head { bytes: None, columns: vec!["id".into()], name: name.into() }
    }

    #[test]
    fn entries_read_as_they_were_written_also_when_one_is_passed_over() {
        let mut bytes = Vec::new();
        let contents = [Vec::new(), vec![7; BLOCK], vec![8; 3 * BLOCK + 1], b"x".to_vec()];
        for (at, content) in contents.iter().enumerate() {
            let mut entry = EntryWriter::begin(&mut bytes, &head(&at.to_string())).unwrap();
            entry.write_all(content).unwrap();
            entry.finish().unwrap();
        }
        for passed_over in [None, Some(2)] {
            let mut reader = EntryReader::new(bytes.as_slice());
            for (at, content) in contents.iter().enumerate() {
                assert_eq!(reader.next_entry().unwrap(), Some(head(&at.to_string())));
                if passed_over != Some(at) {
                    let mut read = Vec::new();
                    reader.read_to_end(&mut read).unwrap();
                    assert!(read == *content, "{at}");
                }
            }
            assert_eq!(reader.next_entry().unwrap(), None);
        }
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        let mut reader = EntryReader::new(bytes.as_slice());
        let error = loop {
            match reader.next_entry() {
                Ok(head) => assert!(head.is_some(), "its end was reached"),
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("digest"), "{error}");
        assert!(EntryReader::new(&bytes[..9]).next_entry().is_err());
    }
}
