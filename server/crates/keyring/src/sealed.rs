//! The one form of everything encrypted: authenticated encryption under a key that is named.
//!
//! ```text
//! offset  bytes  what
//!      0      1  format version, 1
//!      1      1  algorithm
//!      2      8  key id, derived from the key or from where it is kept
//!                algorithm 1, AES-256-GCM (NIST SP 800-38D):
//!     10     12    nonce
//!     22      n    ciphertext
//!   22+n     16    tag
//!                algorithm 2, Vault transit:
//!     10      n    the text `vault:v1:…` (see `crate::provider::vault`)
//! ```
//!
//! What is authenticated covers the first ten bytes and then the caller's associated data, which says what the
//! blob is and whose: a blob moved to another place does not open there.
//!
//! To add an algorithm: a number in this table, and its name in [`sealed_by`]. A reader that does not know the
//! number says so ([`KeyError::UnknownFormat`]) and never guesses.
//!
//! A random 96-bit nonce is safe for 2^32 blobs under one key (SP 800-38D, section 8.3): at ten messages a
//! second, thirteen years of one tenant.

use std::{fmt, str::FromStr};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};
use leeward_domain::{Ambient, Sha256Digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::error::KeyError;

const VERSION: u8 = 1;
pub(crate) const AES_256_GCM_ID: u8 = 1;
pub(crate) const VAULT_TRANSIT: u8 = 2;
pub(crate) const HEADER: usize = 10;
const TAG: usize = 16;

/// How many bytes longer than its content a sealed blob is.
pub const OVERHEAD: usize = HEADER + NONCE_LEN + TAG;

/// Names a key without revealing it: eight bytes derived from it, written as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// The text was not a key's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a key id of 16 hexadecimal digits")]
pub struct ParseKeyIdError;

impl FromStr for KeyId {
    type Err = ParseKeyIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = Self(hex::decode(text).ok().and_then(|id| id.try_into().ok()).ok_or(ParseKeyIdError)?);
        // One spelling: the lower-case one.
        if id.to_string() == text { Ok(id) } else { Err(ParseKeyIdError) }
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl KeyId {
    /// The id of a key that cannot be looked at, from where it is kept: the first eight bytes of the SHA-256 digest
    /// of the parts with a NUL between them.
    pub(crate) fn of_place(parts: &[&str]) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = *Sha256Digest::of(parts.join("\0").as_bytes()).as_bytes();
        Self([a, b, c, d, e, f, g, h])
    }
}

/// The key a blob says it was sealed under. It is only a claim until the blob opens.
///
/// # Errors
/// If the blob is too short to be one, or of a format or algorithm not known here.
pub fn sealed_by(blob: &[u8]) -> Result<KeyId, KeyError> {
    let header = blob.first_chunk::<HEADER>().ok_or(KeyError::TooShort(blob.len()))?;
    match *header {
        [VERSION, AES_256_GCM_ID | VAULT_TRANSIT, ref id @ ..] => Ok(KeyId(*id)),
        [version, algorithm, ..] => Err(KeyError::UnknownFormat { version, algorithm }),
    }
}

/// The first bytes of a blob.
pub(crate) fn header(algorithm: u8, id: KeyId) -> [u8; HEADER] {
    let [a, b, c, d, e, f, g, h] = id.0;
    [VERSION, algorithm, a, b, c, d, e, f, g, h]
}

/// What follows the header of a blob of this algorithm and key. A key has one algorithm: under its name, another
/// one is as unknown as a number that nobody has given yet.
pub(crate) fn payload(blob: &[u8], algorithm: u8, ours: KeyId) -> Result<&[u8], KeyError> {
    let sealed_by = sealed_by(blob)?;
    if sealed_by != ours {
        return Err(KeyError::WrongKey { sealed_by, ours });
    }
    match blob.split_first_chunk::<HEADER>() {
        Some(([version, found, ..], _)) if *found != algorithm => {
            Err(KeyError::UnknownFormat { version: *version, algorithm: *found })
        }
        Some((_, payload)) => Ok(payload),
        None => Err(KeyError::TooShort(blob.len())),
    }
}

/// A subkey of `key` for one use: HKDF-SHA-256 (RFC 5869) with `salt` for the kind of key and `info` for the use.
pub(crate) fn derive(salt: &str, key: &[u8; 32], info: &str) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut subkey = Zeroizing::new([0; 32]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt.as_bytes())
        .extract(key)
        .expand(&[info.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(subkey.as_mut_slice()))
        .map_err(|_| KeyError::Refused("derive a key"))?;
    Ok(subkey)
}

/// Seals and opens; the key is wiped when dropped.
pub(crate) struct SealingKey {
    id: KeyId,
    key: Zeroizing<[u8; 32]>,
}

impl SealingKey {
    /// Derives the sealing subkey and the id of `key`, a key of the kind `salt` names.
    pub(crate) fn derived(salt: &str, key: &[u8; 32]) -> Result<Self, KeyError> {
        let [a, b, c, d, e, f, g, h, ..] = *derive(salt, key, "id")?;
        Ok(Self { id: KeyId([a, b, c, d, e, f, g, h]), key: derive(salt, key, "seal")? })
    }

    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn seal(&self, ambient: &Ambient, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, KeyError> {
        let header = header(AES_256_GCM_ID, self.id);
        let nonce: [u8; NONCE_LEN] = ambient.bytes();
        let mut blob = Vec::with_capacity(plaintext.len() + OVERHEAD);
        blob.extend_from_slice(&header);
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(plaintext);
        let (_, content) = blob.split_at_mut(HEADER + NONCE_LEN);
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), bound(&header, aad), content)
            .map_err(|_| KeyError::Refused("seal"))?;
        blob.extend_from_slice(tag.as_ref());
        Ok(blob)
    }

    pub(crate) fn open(&self, aad: &[u8], blob: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        if blob.len() < OVERHEAD {
            return Err(KeyError::TooShort(blob.len()));
        }
        let rest = payload(blob, AES_256_GCM_ID, self.id)?;
        let Some((nonce, content)) = rest.split_first_chunk::<NONCE_LEN>() else {
            return Err(KeyError::TooShort(blob.len()));
        };
        let mut plaintext = Zeroizing::new(content.to_vec());
        let length = self
            .cipher()?
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                bound(&header(AES_256_GCM_ID, self.id), aad),
                &mut plaintext,
            )
            .map_err(|_| KeyError::Damaged)?
            .len();
        plaintext.truncate(length);
        Ok(plaintext)
    }

    /// Made anew for each use: the key schedule is cheap, and one copy of the key is easier to wipe than two.
    fn cipher(&self) -> Result<LessSafeKey, KeyError> {
        let key = UnboundKey::new(&AES_256_GCM, self.key.as_slice()).map_err(|_| KeyError::Refused("load a key"))?;
        Ok(LessSafeKey::new(key))
    }
}

/// The header has a fixed length, so joining the two is unambiguous.
fn bound(header: &[u8; HEADER], aad: &[u8]) -> Aad<Vec<u8>> {
    Aad::from([header, aad].concat())
}
