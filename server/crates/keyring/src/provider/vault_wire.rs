//! The two calls of the transit API, as JSON (<https://openbao.org/api-docs/secret/transit/>, and the same in
//! Vault 1.9 and later).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::provider::transport::Answer;

#[derive(Serialize)]
struct EncryptRequest<'a> {
    plaintext: &'a str,
    associated_data: &'a str,
}

#[derive(Serialize)]
struct DecryptRequest<'a> {
    ciphertext: &'a str,
    associated_data: &'a str,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
struct Encrypted {
    ciphertext: String,
}

/// Borrowed from the body, which is wiped; base64 has nothing that JSON would escape.
#[derive(Deserialize)]
struct Decrypted<'a> {
    plaintext: &'a str,
}

#[derive(Deserialize)]
struct Errors {
    errors: Vec<String>,
}

/// The body of a request to `encrypt`.
pub(super) fn encrypt(plaintext: &[u8], aad: &[u8]) -> Zeroizing<Vec<u8>> {
    let plaintext = Zeroizing::new(STANDARD.encode(plaintext));
    json(&EncryptRequest { plaintext: &plaintext, associated_data: &STANDARD.encode(aad) })
}

/// The body of a request to `decrypt`.
pub(super) fn decrypt(ciphertext: &str, aad: &[u8]) -> Zeroizing<Vec<u8>> {
    json(&DecryptRequest { ciphertext, associated_data: &STANDARD.encode(aad) })
}

/// Room for all of it at once, so that growing leaves no copy behind.
fn json<T: Serialize>(request: &T) -> Zeroizing<Vec<u8>> {
    let mut body = Zeroizing::new(Vec::with_capacity(4096));
    // Strings into memory: there is nothing that could fail.
    let _ = serde_json::to_writer(&mut *body, request);
    body
}

/// The ciphertext in an answer to `encrypt`, if it is one.
pub(super) fn ciphertext(body: &[u8]) -> Option<String> {
    let answer: Envelope<Encrypted> = serde_json::from_slice(body).ok()?;
    version(&answer.data.ciphertext).map(|_| answer.data.ciphertext)
}

/// The plaintext in an answer to `decrypt`, if it is one.
pub(super) fn plaintext(body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let answer: Envelope<Decrypted<'_>> = serde_json::from_slice(body).ok()?;
    STANDARD.decode(answer.data.plaintext).ok().map(Zeroizing::new)
}

/// The key version in a ciphertext `vault:v2:base64`, if it is spelled in the one way it can be.
///
/// The peer's own reading is looser (leading zeros, spare bits, line breaks), and a blob that can be changed and
/// still opens is one more thing to think about.
pub(super) fn version(ciphertext: &str) -> Option<u32> {
    let (digits, encoded) = ciphertext.strip_prefix("vault:v")?.split_once(':')?;
    let version: u32 = digits.parse().ok()?;
    STANDARD.decode(encoded).ok()?;
    (version.to_string() == digits).then_some(version)
}

/// What a peer says went wrong, fit for a log: short, on one line.
pub(super) fn complaint(answer: &Answer) -> String {
    let errors = serde_json::from_slice(&answer.body).map(|Errors { errors }| errors.join("; ")).unwrap_or_default();
    let clean = errors.split(|c: char| c.is_control()).collect::<Vec<_>>().join(" ");
    let said: String = clean.trim().chars().take(200).collect();
    if said.is_empty() { format!("status {}", answer.status) } else { format!("status {}: {said}", answer.status) }
}
