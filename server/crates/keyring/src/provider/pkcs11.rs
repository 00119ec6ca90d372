//! A key-encryption key in a PKCS#11 token: a hardware security module, a smart card, SoftHSM.
//!
//! An AES-256 key that cannot be taken out of the token is found by its label; wrapping is AES-GCM in the token
//! (`CKM_AES_GCM` with `C_Encrypt` and `C_Decrypt`, PKCS#11 v2.40 and later). The blob is that of algorithm 1 in
//! [`crate::sealed`]. Its key id is that of the place: the labels of token and key and, if given, the key's
//! `CKA_ID`. A second token that holds the same key under the same labels opens the same blobs.
//!
//! The nonce is ours, random; a token that insists on making its own (FIPS mode) writes it back over ours, and
//! what stands there afterwards is what goes into the blob. A token that appends its nonce to the ciphertext in
//! ways of its own is told by the length and refused.
//!
//! Every call has a deadline ([`Deadline`]); the token is opened at the first call and again after every failure.
//!
//! Left out: making keys (the vendor's tools do; docs/keys.md has the commands) and `C_WrapKey`, whose AEAD
//! mechanisms vendors implement in different ways.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use cryptoki::{
    error::{Error, RvError},
    mechanism::{Mechanism, aead::GcmParams},
};
use leeward_domain::Ambient;
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    provider::{
        Deadline, KeyProvider,
        pkcs11_token::{Door, Token, spell},
    },
    sealed::{self, AES_256_GCM_ID, KeyId},
};

const NONCE: usize = 12;
/// A wrapped key in the token's output: 32 bytes and the tag.
const SEALED_KEY: usize = 32 + 16;
const TAG_BITS: u64 = 128;

/// Where the key is, and what opens it.
#[derive(Debug, Clone)]
pub struct Pkcs11Place {
    /// The vendor's library, by its whole path.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// The key's `CKA_LABEL`.
    pub key: String,
    /// The key's `CKA_ID`, where the label alone is not enough.
    pub key_ident: Option<Vec<u8>>,
    /// A file of mode 0600 with the user's PIN, read whenever the token is opened.
    pub pin: PathBuf,
}

/// Wraps keys in a token; made by [`Pkcs11Provider::start`], used through its deadline.
pub struct Pkcs11Provider {
    id: String,
    key_id: KeyId,
    door: Mutex<Door>,
}

impl fmt::Debug for Pkcs11Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pkcs11Provider").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a token did not do something.
enum Fault {
    /// It could not be opened.
    Shut(KeyError),
    /// It was open, and refused.
    Refused(Error),
}

impl Pkcs11Provider {
    /// A provider of the key at `place`, each of whose calls comes back within `limit`. Opens nothing yet.
    ///
    /// # Errors
    /// If the module's path is not absolute: a library is code, and never looked for.
    pub fn start(place: Pkcs11Place, limit: Duration) -> Result<Deadline, KeyError> {
        let id = format!("pkcs11:token={};object={}", place.token, place.key);
        if !place.module.is_absolute() {
            return Err(KeyError::NoSuchProvider(id));
        }
        let ident = place.key_ident.as_deref().map(hex::encode).unwrap_or_default();
        let key_id = KeyId::of_place(&["leeward/kek/pkcs11/v1", &place.token, &place.key, &ident]);
        Deadline::new(Arc::new(Self { id, key_id, door: Mutex::new(Door::new(place)) }), limit)
    }

    /// Does something with the open token, opening it first if need be. A session that was lost since the last call
    /// (a device that restarted, an idle limit) is opened again once.
    fn with<T>(&self, mut job: impl FnMut(&Token) -> Result<T, Error>) -> Result<T, Fault> {
        let mut door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        let mut again = door.is_open();
        loop {
            let token = door.open().map_err(|why| Fault::Shut(self.unavailable(why)))?;
            let error = match job(token) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            // Whatever it was, an operation may be left half done in that session.
            door.close();
            if !(std::mem::take(&mut again) && is_lost(&error)) {
                return Err(Fault::Refused(error));
            }
        }
    }

    fn encrypt(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, Fault> {
        let header = sealed::header(AES_256_GCM_ID, self.key_id);
        let aad = [header.as_slice(), aad].concat();
        self.with(|token| {
            let mut nonce: [u8; NONCE] = ambient.bytes();
            let params = GcmParams::new(&mut nonce, &aad, TAG_BITS.into())?;
            let content = token.session.encrypt(&Mechanism::AesGcm(params), token.key, key)?;
            Ok([header.as_slice(), &nonce, &content].concat())
        })
    }

    fn decrypt(&self, aad: &[u8], nonce: [u8; NONCE], content: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let aad = [sealed::header(AES_256_GCM_ID, self.key_id).as_slice(), aad].concat();
        self.with(|token| {
            let mut nonce = nonce;
            let params = GcmParams::new(&mut nonce, &aad, TAG_BITS.into())?;
            token.session.decrypt(&Mechanism::AesGcm(params), token.key, content).map(Zeroizing::new)
        })
    }

    /// What a refusal to decrypt means. Tokens say it in many ways (SoftHSM with the same code as for a fault of its
    /// own), so an open question is settled by having it open something that is surely good.
    fn refusal(&self, error: &Error) -> KeyError {
        let plain = matches!(
            error,
            Error::Pkcs11(
                RvError::EncryptedDataInvalid | RvError::EncryptedDataLenRange | RvError::SignatureInvalid,
                _
            )
        );
        if plain || self.works() { KeyError::Damaged } else { self.unavailable(spell(error)) }
    }

    /// Whether the token opens what it has just sealed: zeros, under associated data that nothing else has.
    fn works(&self) -> bool {
        const AAD: &[u8] = b"leeward/self-test/v1";
        let aad = [sealed::header(AES_256_GCM_ID, self.key_id).as_slice(), AAD].concat();
        let done = self.with(|token| {
            let mut nonce = [0; NONCE];
            token.session.generate_random_slice(&mut nonce)?;
            let params = GcmParams::new(&mut nonce, &aad, TAG_BITS.into())?;
            let content = token.session.encrypt(&Mechanism::AesGcm(params), token.key, &[0; 32])?;
            let params = GcmParams::new(&mut nonce, &aad, TAG_BITS.into())?;
            token.session.decrypt(&Mechanism::AesGcm(params), token.key, &content)
        });
        done.is_ok_and(|plaintext| plaintext == [0; 32])
    }

    fn unavailable(&self, why: String) -> KeyError {
        KeyError::Unavailable { provider: self.id.clone(), why }
    }
}

impl KeyProvider for Pkcs11Provider {
    fn id(&self) -> &str {
        &self.id
    }

    fn key_id(&self) -> KeyId {
        self.key_id
    }

    fn wrap(&self, ambient: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        let blob = self.encrypt(ambient, aad, key).map_err(|fault| match fault {
            Fault::Shut(error) => error,
            Fault::Refused(error) => self.unavailable(spell(&error)),
        })?;
        if blob.len() != sealed::HEADER + NONCE + SEALED_KEY {
            return Err(self.unavailable("the token's AES-GCM does not give ciphertext and tag alone".to_owned()));
        }
        Ok(blob)
    }

    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let payload = sealed::payload(wrapped, AES_256_GCM_ID, self.key_id)?;
        let Some((nonce, content)) = payload.split_first_chunk::<NONCE>() else {
            return Err(KeyError::TooShort(wrapped.len()));
        };
        if content.len() != SEALED_KEY {
            return Err(KeyError::Damaged);
        }
        let key = self.decrypt(aad, *nonce, content).map_err(|fault| match fault {
            Fault::Shut(error) => error,
            Fault::Refused(error) => self.refusal(&error),
        })?;
        key.as_slice().try_into().map(Zeroizing::new).map_err(|_| KeyError::Damaged)
    }
}

/// Whether a session that was good has gone, and a new one may be.
fn is_lost(error: &Error) -> bool {
    use RvError::{
        DeviceError, DeviceRemoved, KeyHandleInvalid, ObjectHandleInvalid, OperationActive, SessionClosed,
        SessionHandleInvalid, TokenNotPresent, UserNotLoggedIn,
    };
    matches!(
        error,
        Error::Pkcs11(
            DeviceError
                | DeviceRemoved
                | KeyHandleInvalid
                | ObjectHandleInvalid
                | OperationActive
                | SessionClosed
                | SessionHandleInvalid
                | TokenNotPresent
                | UserNotLoggedIn,
            _
        )
    )
}
