//! What outside issuers publish: their description and their keys, fetched when needed and kept.
//!
//! A key that is not known makes the keys be fetched again, at most once in [`RETRY`]: issuers rotate, and tokens
//! with made-up key names must not become a flood of requests. While an issuer is down, the last good keys go on.

use std::{sync::Arc, time::Duration};

use leeward_domain::{Ambient, Sha256Digest, Timestamp};
use leeward_identity::{
    jwks::KeySet,
    jwt::Refusal,
    oidc::{Discovery, DiscoveryError},
};
use quick_cache::sync::Cache;
use tokio::sync::Mutex;

use crate::outbound::{Outbound, OutboundError};

/// How long a description and keys are good without asking again.
const FRESH: Duration = Duration::from_secs(3600);
/// How long to wait before asking again for a key that was not there, or after a failure.
const RETRY: Duration = Duration::from_secs(5);
/// Issuers kept in memory.
const KEPT: usize = 256;

/// Why an issuer's token could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// The issuer could not be asked.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// Its description is not to be believed.
    #[error("{0}: {1}")]
    Discovery(String, DiscoveryError),
    /// Its keys cannot be used.
    #[error("{0}: {1}")]
    Keys(String, leeward_identity::jwks::KeySetError),
    /// Asking failed a moment ago; the message says how.
    #[error("{0}; it is asked again in a few seconds")]
    Lately(String),
    /// The token itself is wrong.
    #[error("the token was refused: {0}")]
    Token(#[from] Refusal),
}

/// Where an issuer is and whom to trust for its certificate.
#[derive(Debug, Clone, Copy)]
pub struct IssuerAt<'a> {
    /// The issuer's name: its address.
    pub issuer: &'a str,
    /// Certificate authorities (PEM) to trust instead of the system's.
    pub ca_pem: Option<&'a str>,
}

/// Issuers as known now.
pub struct Issuers {
    outbound: Outbound,
    ambient: Ambient,
    kept: Cache<Sha256Digest, Arc<Mutex<Known>>>,
}

impl std::fmt::Debug for Issuers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuers").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Known {
    discovery: Option<Arc<Discovery>>,
    keys: Option<Arc<KeySet>>,
    /// When all of it was last fetched.
    fetched_at: Option<Timestamp>,
    /// The last attempt, and what it said if it failed.
    tried_at: Option<Timestamp>,
    failure: Option<String>,
}

impl Issuers {
    /// Asks through `outbound`.
    #[must_use]
    pub fn new(outbound: Outbound, ambient: Ambient) -> Self {
        Self { outbound, ambient, kept: Cache::new(KEPT) }
    }

    /// The client that asks.
    #[must_use]
    pub const fn outbound(&self) -> &Outbound {
        &self.outbound
    }

    /// The issuer's description of itself.
    ///
    /// # Errors
    /// When it cannot be had, and none is known from before.
    pub async fn discovery(&self, at: IssuerAt<'_>) -> Result<Arc<Discovery>, IssuerError> {
        let known = self.known(at);
        let mut known = known.lock().await;
        self.refresh(at, &mut known, FRESH).await?;
        known.discovery.clone().ok_or_else(|| IssuerError::Lately(at.issuer.to_owned()))
    }

    /// Gives the issuer's keys to `check`; once more after fetching them anew, if one was not among them.
    ///
    /// # Errors
    /// What `check` says, or why there are no keys.
    pub async fn verified<T>(
        &self,
        at: IssuerAt<'_>,
        check: impl Fn(&KeySet) -> Result<T, Refusal>,
    ) -> Result<T, IssuerError> {
        let known = self.known(at);
        let keys = self.keys(at, &known, FRESH).await?;
        match check(&keys) {
            Err(Refusal::UnknownKey) => {
                let keys = self.keys(at, &known, RETRY).await?;
                Ok(check(&keys)?)
            }
            done => Ok(done?),
        }
    }

    async fn keys(
        &self,
        at: IssuerAt<'_>,
        known: &Mutex<Known>,
        max_age: Duration,
    ) -> Result<Arc<KeySet>, IssuerError> {
        let mut known = known.lock().await;
        self.refresh(at, &mut known, max_age).await?;
        known.keys.clone().ok_or_else(|| IssuerError::Lately(at.issuer.to_owned()))
    }

    fn known(&self, at: IssuerAt<'_>) -> Arc<Mutex<Known>> {
        let key = Sha256Digest::of([at.issuer, at.ca_pem.unwrap_or_default()].join("\0").as_bytes());
        if let Some(known) = self.kept.get(&key) {
            return known;
        }
        let fresh = Arc::<Mutex<Known>>::default();
        self.kept.insert(key, Arc::clone(&fresh));
        fresh
    }

    /// Fetches what is missing or older than `max_age`; what is there already survives a failure. The lock is held
    /// meanwhile, so that many waiting cause one request; the outbound client bounds how long.
    async fn refresh(&self, at: IssuerAt<'_>, known: &mut Known, max_age: Duration) -> Result<(), IssuerError> {
        let now = self.ambient.now();
        if known.fetched_at.is_some_and(|then| now.since(then) < max_age) {
            return Ok(());
        }
        let there = known.discovery.is_some() && known.keys.is_some();
        if known.tried_at.is_some_and(|then| now.since(then) < RETRY) {
            return match &known.failure {
                Some(failure) if !there => Err(IssuerError::Lately(failure.clone())),
                _ => Ok(()),
            };
        }
        known.tried_at = Some(now);
        match self.fetch(at).await {
            Ok((discovery, keys)) => {
                *known = Known {
                    discovery: Some(Arc::new(discovery)),
                    keys: Some(Arc::new(keys)),
                    fetched_at: Some(now),
                    tried_at: Some(now),
                    failure: None,
                };
                Ok(())
            }
            Err(error) => {
                known.failure = Some(error.to_string());
                if there {
                    tracing::warn!(issuer = at.issuer, %error, "an issuer cannot be asked; its last keys go on");
                    return Ok(());
                }
                Err(error)
            }
        }
    }

    async fn fetch(&self, at: IssuerAt<'_>) -> Result<(Discovery, KeySet), IssuerError> {
        let described = |error| IssuerError::Discovery(at.issuer.to_owned(), error);
        let url = Discovery::url(at.issuer).map_err(|error| described(DiscoveryError::Malformed(error.to_string())))?;
        let document = self.outbound.get(&url, at.ca_pem).await?;
        let discovery = Discovery::parse(&document, at.issuer).map_err(described)?;
        let keys = self.outbound.get(&discovery.jwks_uri, at.ca_pem).await?;
        let keys = KeySet::parse(&keys).map_err(|error| IssuerError::Keys(at.issuer.to_owned(), error))?;
        Ok((discovery, keys))
    }
}
