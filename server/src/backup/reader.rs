//! Reading a backup's file: header, decryption, decompression, entries.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, anyhow};
use flate2::bufread::ZlibDecoder;
use leeward_domain::Sha256Digest;
use leeward_keyring::{KeyError, Keyring, StreamReader};
use sha2::{Digest as _, Sha256};

use super::{
    entries::{EntryReader, Head},
    header::Header,
    writer::Written,
};
use crate::keys;

/// A file that counts and digests what is read of it.
struct Counted {
    file: File,
    bytes: u64,
    digest: Sha256,
}

impl Read for Counted {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(to)?;
        self.bytes += read as u64;
        self.digest.update(to.get(..read).unwrap_or_default());
        Ok(read)
    }
}

type Decrypted = BufReader<StreamReader<BufReader<Counted>>>;

/// A backup's file that is being read. Nothing of it is to be believed before [`Reader::finish`].
pub(super) struct Reader {
    path: PathBuf,
    header: Header,
    entries: EntryReader<BufReader<ZlibDecoder<Decrypted>>>,
}

/// What a file claims to be, before anything of it was opened.
pub(super) fn header_of(path: &Path) -> anyhow::Result<Header> {
    let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let (header, _) =
        Header::read(&mut BufReader::new(file)).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    Ok(header)
}

impl Reader {
    /// Reads the header and asks for the key.
    ///
    /// # Errors
    /// When it is no backup, or the key-encryption key it was made under is not at hand.
    pub(super) async fn open(path: &Path, keyring: &Arc<Keyring>) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        let mut from = BufReader::new(Counted { file, bytes: 0, digest: Sha256::new() });
        let (header, head) = Header::read(&mut from).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let wrapped =
            hex::decode(&header.key).with_context(|| format!("{}: its header was changed", path.display()))?;
        let purpose = header.purpose();
        let key = keys::ask(keyring, None, move |keyring| keyring.stream_key(&purpose, &wrapped)).await;
        let key = key.map_err(|error| match error {
            KeyError::WrongKey { sealed_by, ours } => anyhow!(
                "{} was made under the key-encryption key {sealed_by}, and this installation has {ours}: name that key \
                 at [[keys.older]], or bring it back",
                path.display()
            ),
            KeyError::Damaged => anyhow!("{}: its header was changed: the key in it does not open", path.display()),
            other => anyhow::Error::new(other).context(path.display().to_string()),
        })?;
        let plain = ZlibDecoder::new(BufReader::new(key.open(&head, from)));
        Ok(Self { path: path.to_owned(), header, entries: EntryReader::new(BufReader::new(plain)) })
    }

    pub(super) const fn header(&self) -> &Header {
        &self.header
    }

    /// The next entry; none after the last.
    pub(super) fn next_entry(&mut self) -> anyhow::Result<Option<Head>> {
        self.entries.next_entry().map_err(|error| failed(&self.path, error))
    }

    /// The next bytes of the entry, at most as many as `to` has; none at its end.
    pub(super) fn piece<'a>(&mut self, to: &'a mut [u8]) -> anyhow::Result<&'a [u8]> {
        let read = self.entries.read(to).map_err(|error| failed(&self.path, error))?;
        Ok(to.get(..read).unwrap_or_default())
    }

    /// Whether the file ends where its content does: only then it is what was written.
    pub(super) fn finish(self) -> anyhow::Result<Written> {
        let decrypted = self.entries.into_inner().into_inner().into_inner();
        let counted = end_of(decrypted).map_err(|error| failed(&self.path, error))?;
        let sha256 = Sha256Digest::from_bytes(counted.digest.finalize().into());
        Ok(Written { bytes: counted.bytes, sha256 })
    }
}

fn end_of(mut decrypted: Decrypted) -> io::Result<Counted> {
    if !decrypted.fill_buf()?.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "something follows its end"));
    }
    Ok(decrypted.into_inner().into_inner().into_inner())
}

fn failed(path: &Path, error: io::Error) -> anyhow::Error {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => {
            let damaged = error.get_ref().is_some_and(|inner| inner.is::<KeyError>());
            let why = if damaged { "a part of it does not open".to_owned() } else { error.to_string() };
            anyhow!("{path} was changed or cut off since it was made ({why}): take another backup")
        }
        _ => anyhow::Error::new(error).context(format!("cannot read {path}")),
    }
}
