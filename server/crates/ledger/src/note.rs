//! C2SP signed notes: a text, an empty line, and Ed25519 signature lines (<https://c2sp.org/signed-note>).
//!
//! A key is known by its name and a 32-bit id that hashes name, algorithm and public key, so a note can
//! carry signatures of other keys (a rotated one, a witness) which this verifier passes over.
//! Left out: other signature types, and signing texts that are not ours (see [`crate::checkpoint`]).

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Signature lines a note may have; C2SP asks for at least 16.
const MAX_SIGNATURES: usize = 16;
/// The longest note read, in bytes: room for 16 post-quantum signatures would be 80 kB, ours are 70 bytes.
const MAX_NOTE_BYTES: usize = 64 * 1024;
const ED25519: u8 = 0x01;

/// Why a note cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not a signed note at all.
    #[error("not a signed note: {0}")]
    Malformed(&'static str),
    /// No signature line names the key we were given.
    #[error("no signature by {0}")]
    UnknownKey(String),
    /// The key we were given did not make the signature that names it.
    #[error("the signature by {0} does not fit the text")]
    BadSignature(String),
}

/// The text was not a verifier key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a verifier key of the form name+hash+base64")]
pub struct ParseVerifierKeyError;

/// Who may have signed: a key name and an Ed25519 public key, written `name+hash+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, key: VerifyingKey) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(name.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(key.as_bytes());
        let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
        Self { name: name.to_owned(), id: [a, b, c, d], key }
    }

    /// The key's name; for a log's key, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signed text of `note`, if this key signed it.
    ///
    /// # Errors
    /// If it is no note, if this key is not among its signers, or if the signature is wrong.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let (text, signatures) = split(note)?;
        for line in signatures {
            let (name, id, signature) = signature_line(line)?;
            if name != self.name || id != self.id {
                continue;
            }
            let wrong = || NoteError::BadSignature(self.to_string());
            let signature = Signature::from_slice(&signature).map_err(|_| wrong())?;
            // Strict: refuses small-order keys and the second encodings RFC 8032 leaves open.
            return self.key.verify_strict(text.as_bytes(), &signature).map(|()| text).map_err(|_| wrong());
        }
        Err(NoteError::UnknownKey(self.to_string()))
    }
}

/// Splits at the last empty line: the text (with its final newline), and the signature lines.
fn split(note: &str) -> Result<(&str, Vec<&str>), NoteError> {
    if note.len() > MAX_NOTE_BYTES {
        return Err(NoteError::Malformed("longer than 64 KiB"));
    }
    if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::Malformed("holds control characters"));
    }
    let gap = note.rfind("\n\n").ok_or(NoteError::Malformed("no empty line before the signatures"))?;
    let (text, rest) = note.split_at(gap + 1);
    let signatures = rest
        .strip_prefix('\n')
        .and_then(|rest| rest.strip_suffix('\n'))
        .filter(|rest| !rest.is_empty())
        .ok_or(NoteError::Malformed("no whole signature line"))?;
    let signatures: Vec<_> = signatures.split('\n').collect();
    if signatures.len() > MAX_SIGNATURES {
        return Err(NoteError::Malformed("more than 16 signatures"));
    }
    Ok((text, signatures))
}

/// Reads `— name base64(id || signature)`.
fn signature_line(line: &str) -> Result<(&str, [u8; 4], Vec<u8>), NoteError> {
    let wrong = NoteError::Malformed("a signature line is not `\u{2014} name base64`");
    let (name, encoded) =
        line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or_else(|| wrong.clone())?;
    let bytes = STANDARD.decode(encoded).map_err(|_| wrong.clone())?;
    match bytes.split_first_chunk::<4>() {
        Some((id, signature)) if is_name(name) => Ok((name, *id, signature.to_vec())),
        _ => Err(wrong),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+')
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = ParseVerifierKeyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(ParseVerifierKeyError);
        };
        let key = STANDARD.decode(key).map_err(|_| ParseVerifierKeyError)?;
        let Some((&ED25519, key)) = key.split_first() else { return Err(ParseVerifierKeyError) };
        let key = <&[u8; 32]>::try_from(key).map_err(|_| ParseVerifierKeyError)?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| ParseVerifierKeyError)?;
        let parsed = Self::new(name, key);
        if is_name(name) && hex::encode(parsed.id) == id { Ok(parsed) } else { Err(ParseVerifierKeyError) }
    }
}

/// An Ed25519 private key that signs notes; wiped from memory when dropped.
pub struct Signer(SigningKey);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("public", &hex::encode(self.0.verifying_key().as_bytes()))
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// From the 32-byte seed that is the private key (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// What verifies notes this key signs under `name`.
    pub(crate) fn verifier_named(&self, name: &str) -> VerifierKey {
        VerifierKey::new(name, self.0.verifying_key())
    }

    /// Signs `text`, which ends in a newline and holds no empty line.
    pub(crate) fn sign_text(&self, name: &str, text: &str) -> String {
        let mut signature = self.verifier_named(name).id.to_vec();
        signature.extend_from_slice(&self.0.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode(signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The note and key of the Go reference implementation's documentation (golang.org/x/mod/sumdb/note).
    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn opens_a_note_of_another_implementation() {
        let key: VerifierKey = KEY.parse().unwrap();
        assert_eq!(key.to_string(), KEY);
        assert!(key.open(NOTE).unwrap().ends_with("problem is.\n"));
        assert_eq!(key.open(&NOTE.replace("answer", "Answer")), Err(NoteError::BadSignature(KEY.into())));
        assert_eq!(key.open(&NOTE.replace("PeterN", "PaterN")), Err(NoteError::UnknownKey(KEY.into())));
    }

    #[test]
    fn passes_over_other_signers_and_refuses_what_is_no_note() {
        let signer = Signer::from_seed(&[7; 32]);
        let key = signer.verifier_named("leeward/a");
        let note = signer.sign_text("leeward/a", "hello\n");
        let twice = note.replace("hello\n\n", &format!("hello\n\n{}\n", NOTE.lines().last().unwrap()));
        assert_eq!(key.open(&twice), Ok("hello\n"));
        for wrong in
            ["", "\n\n", "hello\n\n", "hello\n", note.trim_end(), &note.replace('\u{2014}', "-"), &format!("{note}\n")]
        {
            assert!(matches!(key.open(wrong), Err(NoteError::Malformed(_))), "{wrong:?}");
        }
        let many = format!("hello\n\n{}", note.lines().last().map(|line| format!("{line}\n")).unwrap().repeat(17));
        assert!(matches!(key.open(&many), Err(NoteError::Malformed(_))));
    }

    #[test]
    fn a_verifier_key_must_fit_its_hash_and_the_private_key_is_never_shown() {
        for wrong in
            [KEY.replace("c74f", "c74e"), KEY.replace("+AR", "+BR"), KEY.replace("Peter", "Pe ter"), String::new()]
        {
            assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
        }
        assert!(!format!("{:?}", Signer::from_seed(&[7; 32])).contains("0707"));
    }
}
