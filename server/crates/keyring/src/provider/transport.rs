//! How a provider reaches a peer over HTTP: through whoever implements this.
//!
//! This crate opens no socket. The service has one client for everything outbound, with its residency guard, its
//! TLS and its deadlines; it implements [`Transport`] over that.

use zeroize::Zeroizing;

/// What a peer answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body; wiped when dropped, for it may hold a key.
    pub body: Zeroizing<Vec<u8>>,
}

/// Sends requests to one peer, whose address and certificate it knows.
///
/// It blocks, sets a deadline, follows no redirect (the token would go along), and refuses bodies beyond 64 KiB. It
/// never logs a token or a body.
pub trait Transport: Send + Sync {
    /// POSTs the JSON text `body` to `path` (it begins with `/v1/`), with `token` in the header `X-Vault-Token`.
    ///
    /// # Errors
    /// A sentence for the operator when there is no answer; never a token or a body. An answer of any status is
    /// not an error.
    fn post(&self, path: &str, token: &str, body: &[u8]) -> Result<Answer, String>;
}
