//! A key-encryption key in HashiCorp Vault or OpenBao: the transit secrets engine.
//!
//! The key never leaves the peer; a key to be wrapped goes there and comes back encrypted. The blob is a header of
//! algorithm 2 (see [`crate::sealed`]) and the peer's text, `vault:v<version>:<base64>`. Its key id is that of the
//! place: the name the operator gave the peer, the mount and the key. Rename none of them while blobs name it.
//!
//! What is encrypted is the key and the SHA-256 digest of the header and the associated data, and both of these go
//! along as `associated_data` too. The digest is for peers that pass over `associated_data` without a word (Vault
//! before 1.9): the binding never rests on the peer alone.
//!
//! The token comes from a file, read again at every call, so that an agent can renew it. It needs
//! `update` on `<mount>/encrypt/<key>` and `<mount>/decrypt/<key>`, nothing else. The key: type `aes256-gcm96` or
//! `chacha20-poly1305`, not derived, not exportable.
//!
//! A rotation within the peer (`<mount>/keys/<key>/rotate`) makes a new version under the same name. This provider
//! learns of it when it next wraps; blobs of earlier versions then ask to be rewrapped, and until that is done
//! `min_decryption_version` stays as it is.
//!
//! Left out: creating keys, renewing tokens, and batches.

use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use leeward_domain::{Ambient, Sha256Digest};
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    provider::{
        KeyProvider,
        transport::{Answer, Transport},
        vault_wire as wire,
    },
    sealed::{self, KeyId, VAULT_TRANSIT},
    secret_file::{self, Rule},
};

/// Wraps keys with a transit engine.
pub struct VaultProvider {
    id: String,
    key_id: KeyId,
    mount: String,
    key: String,
    token: PathBuf,
    transport: Arc<dyn Transport>,
    /// The latest version a wrap was answered with.
    latest: AtomicU32,
}

impl fmt::Debug for VaultProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultProvider").field("id", &self.id).finish_non_exhaustive()
    }
}

impl VaultProvider {
    /// A provider that uses the key named `key` of the transit engine at `mount` (with its namespace, if it is in
    /// one: `team/transit`), at the peer the operator calls `peer`. Asks nobody yet.
    ///
    /// # Errors
    /// [`KeyError::NoSuchProvider`] if a name is empty or has characters other than letters, digits, `-`, `_` and
    /// `.` (and `/` in a mount): they go into a path.
    pub fn new(
        transport: Arc<dyn Transport>,
        peer: &str,
        mount: &str,
        key: &str,
        token: PathBuf,
    ) -> Result<Self, KeyError> {
        let id = format!("vault:{peer}/{mount}/{key}");
        if !mount.split('/').chain([peer, key]).all(is_name) {
            return Err(KeyError::NoSuchProvider(id));
        }
        Ok(Self {
            key_id: KeyId::of_place(&["leeward/kek/vault/v1", peer, mount, key]),
            id,
            mount: mount.to_owned(),
            key: key.to_owned(),
            token,
            transport,
            latest: AtomicU32::new(0),
        })
    }

    fn call(&self, operation: &str, body: &[u8]) -> Result<Answer, KeyError> {
        let token = secret_file::read_text(&self.token, Rule::Private)?;
        let token = token.trim();
        // It goes into a header line.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(KeyError::Format { path: self.token.clone(), why: "it holds no token" });
        }
        let path = format!("/v1/{}/{operation}/{}", self.mount, self.key);
        let answer = self.transport.post(&path, token, body).map_err(|why| self.unavailable(why))?;
        match answer.status {
            200 => Ok(answer),
            400 if operation == "decrypt" && is_damage(&answer) => Err(KeyError::Damaged),
            403 => Err(self.unavailable(format!(
                "{}; its token may have expired, or its policy does not allow {operation}",
                wire::complaint(&answer)
            ))),
            // Vault's health codes: sealed, or a standby that does not forward.
            429 | 472 | 473 | 503 => {
                Err(self.unavailable(format!("{}; it is sealed, overloaded or a standby", wire::complaint(&answer))))
            }
            _ => Err(self.unavailable(wire::complaint(&answer))),
        }
    }

    fn unavailable(&self, why: String) -> KeyError {
        KeyError::Unavailable { provider: self.id.clone(), why }
    }

    /// What binds a key to its place, as the peer's associated data and, digested, beside the key.
    fn bound(&self, aad: &[u8]) -> (Vec<u8>, Sha256Digest) {
        let bound = [&sealed::header(VAULT_TRANSIT, self.key_id), aad].concat();
        let digest = Sha256Digest::of(&bound);
        (bound, digest)
    }
}

impl KeyProvider for VaultProvider {
    fn id(&self) -> &str {
        &self.id
    }

    fn key_id(&self) -> KeyId {
        self.key_id
    }

    fn is_stale(&self, wrapped: &[u8]) -> bool {
        let text = sealed::payload(wrapped, VAULT_TRANSIT, self.key_id).ok();
        let version = text.and_then(|text| std::str::from_utf8(text).ok()).and_then(wire::version);
        version.is_some_and(|version| version < self.latest.load(Ordering::Relaxed))
    }

    fn wrap(&self, _: &Ambient, aad: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, KeyError> {
        let (bound, digest) = self.bound(aad);
        let mut plaintext = Zeroizing::new([0; 64]);
        for (to, from) in plaintext.iter_mut().zip(key.iter().chain(digest.as_bytes())) {
            *to = *from;
        }
        let answer = self.call("encrypt", &wire::encrypt(plaintext.as_slice(), &bound))?;
        let text = wire::ciphertext(&answer.body)
            .ok_or_else(|| self.unavailable("its answer to encrypt is not that of a transit engine".to_owned()))?;
        self.latest.fetch_max(wire::version(&text).unwrap_or_default(), Ordering::Relaxed);
        Ok([sealed::header(VAULT_TRANSIT, self.key_id).as_slice(), text.as_bytes()].concat())
    }

    fn unwrap(&self, aad: &[u8], wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let text = sealed::payload(wrapped, VAULT_TRANSIT, self.key_id)?;
        let text = std::str::from_utf8(text).ok().filter(|text| wire::version(text).is_some());
        let (bound, digest) = self.bound(aad);
        let answer = self.call("decrypt", &wire::decrypt(text.ok_or(KeyError::Damaged)?, &bound))?;
        let plaintext = wire::plaintext(&answer.body)
            .ok_or_else(|| self.unavailable("its answer to decrypt is not that of a transit engine".to_owned()))?;
        match plaintext.split_first_chunk::<32>() {
            Some((key, found)) if found == digest.as_bytes() => Ok(Zeroizing::new(*key)),
            _ => Err(KeyError::Damaged),
        }
    }
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.chars().all(plain) && name.chars().any(|c| c != '.')
}

/// Whether the peer says that the bytes or what they are bound to are wrong, and not that it lacks the key or a
/// version of it. The words are those of Go's `crypto/cipher` and of the engine itself.
fn is_damage(answer: &Answer) -> bool {
    let said = wire::complaint(answer);
    said.contains("message authentication failed") || said.contains("invalid ciphertext") && !said.contains("version")
}
