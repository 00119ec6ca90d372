//! Writing a backup's file: header, encryption, compression, entries.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
};

use flate2::{Compression, write::ZlibEncoder};
use leeward_domain::Sha256Digest;
use leeward_keyring::{StreamKey, StreamWriter};
use sha2::{Digest as _, Sha256};

use super::{
    entries::{EntryWriter, Head},
    header::Header,
};

/// A file that counts and digests what is written to it.
pub(super) struct Counted {
    file: BufWriter<File>,
    bytes: u64,
    digest: Sha256,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: u64,
    pub(super) sha256: Sha256Digest,
}

/// What entries are written to.
pub(super) type Inside = ZlibEncoder<StreamWriter<Counted>>;

/// A backup's file that is being written.
pub(super) struct Writer(Inside);

impl Writer {
    pub(super) fn begin(file: File, header: &Header, key: StreamKey) -> io::Result<Self> {
        let mut counted = Counted { file: BufWriter::new(file), bytes: 0, digest: Sha256::new() };
        let head = header.text();
        counted.write_all(head.as_bytes())?;
        // Most of it is ciphertext, which does not get any smaller: the log and the indexes do, and quickly.
        Ok(Self(ZlibEncoder::new(key.seal(head.as_bytes(), counted), Compression::fast())))
    }

    pub(super) fn entry(&mut self, head: &Head) -> io::Result<EntryWriter<'_, Inside>> {
        EntryWriter::begin(&mut self.0, head)
    }

    /// Ends the file, and waits until the disk has it.
    pub(super) fn finish(self) -> io::Result<Written> {
        let mut counted = self.0.finish()?.finish()?;
        counted.flush()?;
        counted.file.get_ref().sync_all()?;
        let sha256 = Sha256Digest::from_bytes(counted.digest.finalize().into());
        Ok(Written { bytes: counted.bytes, sha256 })
    }
}
