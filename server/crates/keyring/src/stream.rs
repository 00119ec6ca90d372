//! A stream that is encrypted chunk by chunk, for what is too big for one blob: a backup.
//!
//! The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its
//! Nonce-Reuse Misuse-Resistance", CRYPTO 2015) over AES-256-GCM:
//!
//! ```text
//! chunk   64 KiB of content encrypted, then 16 bytes of tag; the last one may hold less, and none if all is empty
//! nonce   3 bytes of zero, the chunk's number from 0 in 8 bytes (big-endian), 1 byte: 1 for the last chunk, else 0
//! bound   SHA-256 of the head, which is whatever precedes the stream in clear
//! key     HKDF-SHA-256 (salt `leeward/stream/v1`, info `seal`) of a random secret made for this stream alone
//! ```
//!
//! So a chunk opens at its own place in its own stream only, behind its own head, and a stream that was cut off has no
//! last chunk. A reader gives out what it has checked, and says at the end whether that was all: nothing that follows
//! from the content may be done before the end was reached.
//!
//! Left out: what the content is, and where it is kept.

use std::{
    fmt,
    io::{self, BufRead, Read, Write},
};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use leeward_domain::{Ambient, Sha256Digest};
use zeroize::Zeroizing;

use crate::{error::KeyError, keyring::Keyring, sealed::derive};

/// Bytes of content in a chunk.
pub const CHUNK: usize = 64 * 1024;
/// Bytes that a chunk is longer than its content.
pub const TAG: usize = 16;

const SALT: &str = "leeward/stream/v1";

/// The key of one stream. It is used up by it: no second stream can be sealed under the same key.
pub struct StreamKey(LessSafeKey);

impl fmt::Debug for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamKey").finish_non_exhaustive()
    }
}

impl Keyring {
    /// Makes the key of one stream: the key, and its wrapped form under the house's key-encryption key. `purpose` says
    /// which stream; unwrapping demands the same.
    ///
    /// # Errors
    /// If the house's provider cannot wrap it.
    pub fn new_stream_key(&self, ambient: &Ambient, purpose: &str) -> Result<(StreamKey, Vec<u8>), KeyError> {
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        let wrapped = self.wrap_own(ambient, &aad(purpose), &secret)?;
        Ok((StreamKey::derived(&secret)?, wrapped))
    }

    /// The key that [`Keyring::new_stream_key`] wrapped for the same purpose.
    ///
    /// # Errors
    /// If it was wrapped for another purpose or under a key-encryption key not at hand, or was changed.
    pub fn stream_key(&self, purpose: &str, wrapped: &[u8]) -> Result<StreamKey, KeyError> {
        StreamKey::derived(&*self.unwrap_own(&aad(purpose), wrapped)?)
    }
}

fn aad(purpose: &str) -> Vec<u8> {
    format!("leeward/stream-key/v1/{purpose}").into_bytes()
}

impl StreamKey {
    fn derived(secret: &[u8; 32]) -> Result<Self, KeyError> {
        let key = derive(SALT, secret, "seal")?;
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| KeyError::Refused("load a key"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Encrypts what is written, into `to`, behind `head`.
    #[must_use]
    pub fn seal<W: Write>(self, head: &[u8], to: W) -> StreamWriter<W> {
        StreamWriter { cipher: Cipher::new(self, head), chunk: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)), to }
    }

    /// Decrypts what was sealed behind the same `head`.
    #[must_use]
    pub fn open<R: BufRead>(self, head: &[u8], from: R) -> StreamReader<R> {
        let chunk = Zeroizing::new(Vec::with_capacity(CHUNK + TAG));
        StreamReader { cipher: Cipher::new(self, head), chunk, at: 0, state: State::Open, from }
    }
}

struct Cipher {
    key: LessSafeKey,
    head: Sha256Digest,
    next: u64,
}

impl Cipher {
    fn new(key: StreamKey, head: &[u8]) -> Self {
        Self { key: key.0, head: Sha256Digest::of(head), next: 0 }
    }

    /// The nonce and the associated data of the next chunk.
    fn place(&mut self, last: bool) -> Result<(Nonce, Aad<[u8; 32]>), KeyError> {
        let mut nonce = [0; NONCE_LEN];
        let [_, _, _, number @ .., flag] = &mut nonce;
        *number = self.next.to_be_bytes();
        *flag = u8::from(last);
        self.next = self.next.checked_add(1).ok_or(KeyError::Refused("count so many chunks"))?;
        Ok((Nonce::assume_unique_for_key(nonce), Aad::from(*self.head.as_bytes())))
    }

    fn seal(&mut self, chunk: &mut Vec<u8>, last: bool) -> Result<(), KeyError> {
        let (nonce, bound) = self.place(last)?;
        self.key.seal_in_place_append_tag(nonce, bound, chunk).map_err(|_| KeyError::Refused("seal"))
    }

    fn open(&mut self, chunk: &mut Vec<u8>, last: bool) -> Result<(), KeyError> {
        let is_first = self.next == 0;
        let (nonce, bound) = self.place(last)?;
        let length = self.key.open_in_place(nonce, bound, chunk).map_err(|_| KeyError::Damaged)?.len();
        chunk.truncate(length);
        // There is one way to write a content: only an empty one has an empty chunk.
        if length == 0 && !is_first { Err(KeyError::Damaged) } else { Ok(()) }
    }
}

fn invalid(error: KeyError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Encrypts what is written to it. Without [`StreamWriter::finish`] there is no last chunk, and nothing reads as whole.
pub struct StreamWriter<W: Write> {
    cipher: Cipher,
    chunk: Zeroizing<Vec<u8>>,
    to: W,
}

impl<W: Write> fmt::Debug for StreamWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamWriter").field("chunks", &self.cipher.next).finish_non_exhaustive()
    }
}

impl<W: Write> StreamWriter<W> {
    /// Writes the last chunk, and gives back what was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(true)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn put(&mut self, last: bool) -> io::Result<()> {
        self.cipher.seal(&mut self.chunk, last).map_err(invalid)?;
        self.to.write_all(&self.chunk)?;
        self.chunk.clear();
        Ok(())
    }
}

impl<W: Write> Write for StreamWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for more: it may be the last.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.put(false)?;
        }
        let (taken, _) = bytes.split_at(bytes.len().min(CHUNK - self.chunk.len()));
        self.chunk.extend_from_slice(taken);
        Ok(taken.len())
    }

    /// What fills no chunk yet stays here.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Ended,
    Broken,
}

/// Decrypts what it reads. Its end is the stream's own; any other is an error ([`KeyError::Damaged`] within).
pub struct StreamReader<R: BufRead> {
    cipher: Cipher,
    chunk: Zeroizing<Vec<u8>>,
    /// How far the chunk was given out.
    at: usize,
    state: State,
    from: R,
}

impl<R: BufRead> fmt::Debug for StreamReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamReader").field("chunks", &self.cipher.next).finish_non_exhaustive()
    }
}

impl<R: BufRead> StreamReader<R> {
    /// What was read from.
    pub fn into_inner(self) -> R {
        self.from
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        self.chunk.clear();
        self.at = 0;
        // Until it is checked it is nothing.
        self.state = State::Broken;
        (&mut self.from).take((CHUNK + TAG) as u64).read_to_end(&mut self.chunk)?;
        let last = loop {
            match self.from.fill_buf() {
                Ok(rest) => break rest.is_empty(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        if let Err(error) = self.cipher.open(&mut self.chunk, last) {
            self.chunk.clear();
            return Err(invalid(error));
        }
        self.state = if last { State::Ended } else { State::Open };
        Ok(())
    }
}

impl<R: BufRead> Read for StreamReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() {
            match self.state {
                State::Open => self.next_chunk()?,
                State::Ended => return Ok(0),
                State::Broken => return Err(invalid(KeyError::Damaged)),
            }
        }
        let rest = self.chunk.get(self.at..).unwrap_or_default();
        let length = rest.len().min(to.len());
        for (to, from) in to.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += length;
        Ok(length)
    }
}
