//! Signing what is said about erasure: with the key that signs the audit log, under a name of its own.
//!
//! The form is a C2SP signed note (<https://c2sp.org/signed-note>), as the log's checkpoints are, so one kind of
//! tool reads both. The name `leeward/erasure` is part of what identifies a note's key: a statement can never be
//! taken for a checkpoint. Whoever trusts a log's verifier key has this one too: [`erasure_key`].
//!
//! `leeward_ledger::Signer` signs checkpoints only, on purpose; hence this second, small signer over the same seed.

use std::{fmt, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey};
use leeward_domain::Sha256Digest;
use leeward_ledger::VerifierKey;

use crate::{error::KeyError, keyring::Keyring};

const NAME: &str = "leeward/erasure";
/// The kind of signature in a signed note that is Ed25519.
const ED25519: u8 = 0x01;

/// Signs certificates and heads of lists; the key is wiped when dropped.
pub struct ErasureSigner(SigningKey);

impl fmt::Debug for ErasureSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasureSigner").field("key", &self.verifier_text()).finish_non_exhaustive()
    }
}

impl Keyring {
    /// The signer of statements about erasure: the log's signing key, from the file [`Keyring::log_signer`] made.
    ///
    /// # Errors
    /// If there is no such file yet, it is not private to this user, or it cannot be unwrapped.
    pub fn erasure_signer(&self, path: &Path) -> Result<ErasureSigner, KeyError> {
        Ok(ErasureSigner(SigningKey::from_bytes(&*self.log_seed(path)?)))
    }
}

impl ErasureSigner {
    /// What verifies this signer's statements, for whoever is to check them; written `name+hash+base64`.
    #[must_use]
    pub fn verifier_text(&self) -> String {
        text_of(&[&[ED25519], self.0.verifying_key().as_bytes().as_slice()].concat())
    }

    /// Signs `text`, whose first line says what it is; it ends in a newline and holds no empty line.
    pub(super) fn sign(&self, text: &str) -> String {
        let id = id_of(&[&[ED25519], self.0.verifying_key().as_bytes().as_slice()].concat());
        let signed = [id.as_slice(), &self.0.sign(text.as_bytes()).to_bytes()].concat();
        format!("{text}\n\u{2014} {NAME} {}\n", STANDARD.encode(signed))
    }
}

/// The key of statements about erasure that belongs to the log key an auditor has already.
#[must_use]
pub fn erasure_key(log: &VerifierKey) -> Option<VerifierKey> {
    let text = log.to_string();
    let encoded = text.splitn(3, '+').nth(2)?;
    text_of(&STANDARD.decode(encoded).ok()?).parse().ok()
}

/// The id of a note's key: of its name and of its kind and bytes.
fn id_of(key: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = *Sha256Digest::of(&[NAME.as_bytes(), b"\n", key].concat()).as_bytes();
    [a, b, c, d]
}

fn text_of(key: &[u8]) -> String {
    format!("{NAME}+{}+{}", hex::encode(id_of(key)), STANDARD.encode(key))
}
