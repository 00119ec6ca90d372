//! C2SP signed notes: a text, an empty line, and Ed25519 signature lines (<https://c2sp.org/signed-note>).
//!
//! A key is known by its name and a 32-bit id that hashes name, algorithm and public key, so a note can
//! carry signatures of other keys (a rotated one, a witness) which a verifier passes over. Witnesses sign with
//! another kind of key, so that no cosignature can be taken for the log's own word.
//! Left out: other signature types, and signing texts that are not ours (see [`crate::checkpoint`] and
//! [`crate::attest`]).

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::checkpoint::Checkpoint;

/// Signature lines a note may have; C2SP asks for at least 16.
const MAX_SIGNATURES: usize = 16;
/// The longest note read, in bytes: room for 16 post-quantum signatures would be 80 kB, ours are 70 bytes.
const MAX_NOTE_BYTES: usize = 64 * 1024;
const ED25519: u8 = 0x01;
const COSIGNATURE: u8 = 0x04;

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

/// The id of a key: it depends on the name and the kind of signature too.
fn key_id(name: &str, algorithm: u8, key: &VerifyingKey) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update([b'\n', algorithm]);
    hasher.update(key.as_bytes());
    let [a, b, c, d, ..]: [u8; 32] = hasher.finalize().into();
    [a, b, c, d]
}

/// `name+hex(id)+base64(algorithm || key)`, the text of a key.
fn key_text(name: &str, id: [u8; 4], algorithm: u8, key: &VerifyingKey) -> String {
    let mut bytes = vec![algorithm];
    bytes.extend_from_slice(key.as_bytes());
    format!("{name}+{}+{}", hex::encode(id), STANDARD.encode(bytes))
}

/// The name and the key of such a text, if it is of this algorithm and its id fits.
fn parse_key(text: &str, algorithm: u8) -> Option<(String, [u8; 4], VerifyingKey)> {
    let mut parts = text.splitn(3, '+');
    let (name, id, key) = (parts.next()?, parts.next()?, STANDARD.decode(parts.next()?).ok()?);
    let (&kind, key) = key.split_first()?;
    let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    let expected = key_id(name, algorithm, &key);
    (kind == algorithm && is_name(name) && hex::encode(expected) == id).then(|| (name.to_owned(), expected, key))
}

impl VerifierKey {
    fn new(name: &str, key: VerifyingKey) -> Self {
        Self { name: name.to_owned(), id: key_id(name, ED25519, &key), key }
    }

    /// The key's name; for a log's key, its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same key under another name: notes it signs there are told apart from all others it signs.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self::new(name, self.key)
    }

    /// The signed text of `note`, if this key signed it.
    ///
    /// # Errors
    /// If it is no note, if this key is not among its signers, or if the signature is wrong.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, NoteError> {
        let (text, signature) = signature_of(note, &self.name, self.id)?;
        check(&self.key, text.as_bytes(), &signature)
            .map(|()| text)
            .ok_or_else(|| NoteError::BadSignature(self.name.clone()))
    }
}

/// Strict: refuses small-order keys and the second encodings RFC 8032 leaves open.
fn check(key: &VerifyingKey, text: &[u8], signature: &[u8]) -> Option<()> {
    key.verify_strict(text, &Signature::from_slice(signature).ok()?).ok()
}

/// The note's text, and what the signature line of this name and key id holds.
fn signature_of<'a>(note: &'a str, name: &str, id: [u8; 4]) -> Result<(&'a str, Vec<u8>), NoteError> {
    let (text, signatures) = split(note)?;
    let mut found = None;
    for line in signatures {
        let (line_name, line_id, signature) = signature_line(line)?;
        if line_name == name && line_id == id && found.is_none() {
            found = Some(signature);
        }
    }
    found.map(|signature| (text, signature)).ok_or_else(|| NoteError::UnknownKey(name.to_owned()))
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
        f.write_str(&key_text(&self.name, self.id, ED25519, &self.key))
    }
}

impl FromStr for VerifierKey {
    type Err = ParseVerifierKeyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_key(text, ED25519).map(|(name, id, key)| Self { name, id, key }).ok_or(ParseVerifierKeyError)
    }
}

/// A witness: a key name and an Ed25519 public key for cosignatures, written `name+hash+base64`
/// (<https://c2sp.org/tlog-cosignature>). Its id differs from that of a log's key of the same name and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl WitnessKey {
    /// The witness's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When (Unix seconds) this witness cosigned the checkpoint in `note`.
    ///
    /// # Errors
    /// If it is no note, if the witness is not among its signers, or if the cosignature is wrong.
    pub fn cosigned(&self, note: &str) -> Result<u64, NoteError> {
        let (text, bytes) = signature_of(note, &self.name, self.id)?;
        let wrong = || NoteError::BadSignature(self.name.clone());
        let (time, signature) = bytes.split_first_chunk::<8>().ok_or_else(wrong)?;
        let time = u64::from_be_bytes(*time);
        check(&self.key, cosigned_text(time, text).as_bytes(), signature).map(|()| time).ok_or_else(wrong)
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_text(&self.name, self.id, COSIGNATURE, &self.key))
    }
}

impl FromStr for WitnessKey {
    type Err = ParseVerifierKeyError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_key(text, COSIGNATURE).map(|(name, id, key)| Self { name, id, key }).ok_or(ParseVerifierKeyError)
    }
}

/// What a cosignature of a note's text at this time signs.
fn cosigned_text(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// The note with one more signature line, which must not be there yet.
///
/// # Errors
/// If either is malformed.
pub fn with_line(note: &str, line: &str) -> Result<String, NoteError> {
    let (_, lines) = split(note)?;
    let line = line.strip_suffix('\n').unwrap_or(line);
    signature_line(line)?;
    if lines.contains(&line) { Ok(note.to_owned()) } else { Ok(format!("{note}{line}\n")) }
}

/// The names of everybody whose signature lines a note has, checked or not.
///
/// # Errors
/// If it is no note.
pub fn signers(note: &str) -> Result<Vec<&str>, NoteError> {
    split(note)?.1.into_iter().map(|line| signature_line(line).map(|(name, ..)| name)).collect()
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

    /// What verifies cosignatures this key makes under `name`.
    #[must_use]
    pub fn witness_key(&self, name: &str) -> WitnessKey {
        let key = self.0.verifying_key();
        WitnessKey { name: name.to_owned(), id: key_id(name, COSIGNATURE, &key), key }
    }

    /// A cosignature line (with its newline) under `name` for the text of a checkpoint, at `time` (Unix seconds).
    ///
    /// Cosign only what was checked to continue everything cosigned before.
    #[must_use]
    pub fn cosign(&self, name: &str, time: u64, checkpoint: &Checkpoint) -> String {
        let mut bytes = self.witness_key(name).id.to_vec();
        bytes.extend_from_slice(&time.to_be_bytes());
        bytes.extend_from_slice(&self.0.sign(cosigned_text(time, &checkpoint.text()).as_bytes()).to_bytes());
        format!("\u{2014} {name} {}\n", STANDARD.encode(bytes))
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
        assert_eq!(key.open(&NOTE.replace("answer", "Answer")), Err(NoteError::BadSignature("PeterNeumann".into())));
        assert_eq!(key.open(&NOTE.replace("PeterN", "PaterN")), Err(NoteError::UnknownKey("PeterNeumann".into())));
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
