//! What goes wrong with keys, and what to do about it.

use std::{io, path::PathBuf};

use crate::sealed::KeyId;

/// A key could not be had or used. The text says what to do; it never holds key bytes.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no key file.
    #[error("there is no key file at {0}; restore it from your key backup (a new one cannot open existing data)")]
    Missing(PathBuf),
    /// There is a key file already; replacing it would lose everything encrypted under it.
    #[error("there is a key file at {0} already; it is never overwritten")]
    Exists(PathBuf),
    /// Others than the owner may read or write the key file.
    #[error("key file {path} has mode {mode:04o}, so others can use it; run: chmod 600 {path}")]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file belongs to another user.
    #[error("key file {path} belongs to user {owner}, but this process runs as {ours}; run: chown {ours} {path}")]
    Owner {
        /// The file.
        path: PathBuf,
        /// The user id it belongs to.
        owner: u32,
        /// The user id of this process.
        ours: u32,
    },
    /// The file is not a key file of the kind expected.
    #[error("{path} is not a key file: {why}; restore it from your key backup")]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; never its content.
        why: &'static str,
    },
    /// The passphrase does not open the key file, or the file was changed.
    #[error("this passphrase does not open {0}; if it is right, restore the file from your key backup")]
    Passphrase(PathBuf),
    /// A passphrase of no bytes protects nothing.
    #[error("the passphrase for {0} is empty")]
    EmptyPassphrase(PathBuf),
    /// The service was not started with the credential.
    #[error(
        "there is no systemd credential {name}: {why}; add LoadCredential= or LoadCredentialEncrypted= to the unit"
    )]
    NoCredential {
        /// Its name.
        name: String,
        /// What is missing.
        why: &'static str,
    },
    /// The operating system refused.
    #[error("cannot {doing} {path}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The blob was sealed under another key.
    #[error("sealed under key {sealed_by}, but the key at hand is {ours}; load the key it was sealed under")]
    WrongKey {
        /// The key the blob names.
        sealed_by: KeyId,
        /// The key that was tried.
        ours: KeyId,
    },
    /// The key-encryption key is out of reach: a device, a peer or a network does not answer, or does not let us
    /// in. Nothing is lost; the same call can succeed later. What is wrapped under other keys stays open.
    #[error("the key-encryption key of {provider} is unavailable: {why}")]
    Unavailable {
        /// The provider's [`crate::KeyProvider::id`].
        provider: String,
        /// What happened, and what to do if that is known.
        why: String,
    },
    /// A provider did not give back the key it had just wrapped, so what it made was thrown away.
    #[error("{0} cannot unwrap what it has just wrapped; nothing was stored under it")]
    Unreliable(String),
    /// A tenant was given a provider that the set does not have.
    #[error("there is no key provider named {0}; add it to the configuration first")]
    NoSuchProvider(String),
    /// The key was destroyed and has a tombstone: its wrapped form came back out of a backup.
    #[error("the key {0} was destroyed, and what it sealed is erased; delete the wrapped key that was restored")]
    Destroyed(KeyId),
    /// The blob's format or algorithm is not known here.
    #[error("sealed in format {version} with algorithm {algorithm}, which this version does not know; use a newer one")]
    UnknownFormat {
        /// The format's version.
        version: u8,
        /// The algorithm's number.
        algorithm: u8,
    },
    /// The blob is too short to be one.
    #[error("not a sealed blob: {0} bytes are too few")]
    TooShort(usize),
    /// The bytes, or what they are bound to, are not what was sealed.
    #[error("authentication failed: the sealed bytes were changed, or belong to something else")]
    Damaged,
    /// The cryptographic library refused; happens only with lengths no caller can reach.
    #[error("the cryptographic library refused to {0}")]
    Refused(&'static str),
}

impl KeyError {
    /// Whether the same call can succeed later, with nothing else changed here.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}
