//! Access tokens: short-lived JWTs (RFC 9068) that the appliance signs with Ed25519 and knows again.
//!
//! A token stands on a grant in the database, so that it ends when the grant, its user or its tenant does, however
//! long it would still live. Keys are in the database, wrapped; each is published for a while before it signs and
//! stays published until its last token has expired. Left out: deciding who gets a token (`http::auth::token`).

use std::{
    sync::{Arc, RwLock},
    time::Duration,
};

use leeward_domain::{
    Ambient, Timestamp,
    ids::{GrantId, SigningKeyId, TenantId, UserId},
    permission::PermissionSet,
};
use leeward_identity::{
    jwks::{KeySet, ed25519_jwk},
    jwt::{self, Expected, LEEWAY_S, TokenSigner},
};
use leeward_keyring::Keyring;
use leeward_store::{SigningKey, Store, TokenGrant};
use serde_json::{Map, Value, json};

use super::epoch::{Moment, SecurityEpoch};
use crate::{
    config::TokensSection,
    error::{AppError, Code},
    keys,
};

/// `typ` of our tokens (RFC 9068).
const TYP: &str = "at+jwt";

/// Signs and recognises access tokens.
pub struct Tokens {
    issuer: String,
    config: TokensSection,
    store: Store,
    keyring: Arc<Keyring>,
    ambient: Ambient,
    epoch: SecurityEpoch,
    keys: RwLock<Option<Arc<Keys>>>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The keys as last read.
struct Keys {
    moment: Moment,
    read_at: Timestamp,
    /// Newest first, with the instant from which each signs.
    signers: Vec<(Timestamp, TokenSigner)>,
    public: KeySet,
    published: Value,
}

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The tenant acted in.
    pub tenant: TenantId,
    /// The grant it stands on.
    pub grant: GrantId,
}

/// A token that was issued.
pub struct Issued {
    /// The token.
    pub token: String,
    /// Seconds it lives.
    pub expires_in: u64,
}

impl Tokens {
    /// Issues in the name of `issuer`: the service's public address.
    #[must_use]
    pub const fn new(
        issuer: String,
        config: TokensSection,
        store: Store,
        keyring: Arc<Keyring>,
        ambient: Ambient,
        epoch: SecurityEpoch,
    ) -> Self {
        Self { issuer, config, store, keyring, ambient, epoch, keys: RwLock::new(None) }
    }

    /// Who issues: `iss` and `aud` of our tokens.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// How tokens are to live.
    #[must_use]
    pub const fn config(&self) -> &TokensSection {
        &self.config
    }

    /// The public keys, as a JSON Web Key Set.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn published(&self) -> Result<Value, AppError> {
        Ok(self.keys().await?.published.clone())
    }

    /// Signs an access token on a grant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issue(&self, tenant: TenantId, grant: &TokenGrant) -> Result<Issued, AppError> {
        let keys = self.keys().await?;
        let now = self.ambient.now();
        let signer = keys.signers.iter().find(|(from, _)| *from <= now).map(|(_, signer)| signer);
        let signer = signer.ok_or_else(|| AppError::internal(anyhow::anyhow!("no signing key is in use")))?;
        let expires_in = self.config.access_s.min(grant.expires_at.since(now).as_secs());
        let seconds = now.unix_seconds();
        let scope = |scopes: PermissionSet| scopes.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ");
        let mut claims = Map::from_iter([
            ("iss".to_owned(), json!(self.issuer)),
            ("aud".to_owned(), json!(self.issuer)),
            ("sub".to_owned(), json!(grant.user)),
            ("client_id".to_owned(), json!(grant.id)),
            ("tenant".to_owned(), json!(tenant)),
            ("iat".to_owned(), json!(seconds)),
            ("nbf".to_owned(), json!(seconds)),
            ("exp".to_owned(), json!(seconds + i64::try_from(expires_in).unwrap_or_default())),
            ("jti".to_owned(), json!(hex::encode(self.ambient.bytes::<16>()))),
        ]);
        if let Some(scopes) = grant.scopes {
            claims.insert("scope".to_owned(), json!(scope(scopes)));
        }
        let token = signer.sign(TYP, &claims).map_err(AppError::internal)?;
        Ok(Issued { token, expires_in })
    }

    /// Recognises one of our access tokens. Whether its grant still stands is the authenticator's question.
    ///
    /// # Errors
    /// `invalid_token`, whatever is wrong with it.
    pub async fn recognise(&self, token: &str) -> Result<Bearer, AppError> {
        let keys = self.keys().await?;
        let expected = Expected {
            issuer: &self.issuer,
            audience: &self.issuer,
            kinds: &[TYP],
            requires: &["exp", "nbf", "iat", "jti", "sub"],
            now: self.ambient.now(),
        };
        let wrong = |why: &str| AppError::new(Code::InvalidToken, format!("the access token was refused: {why}"));
        let claims = jwt::verify(token, &keys.public, &expected).map_err(|refusal| wrong(&refusal.to_string()))?;
        let id = |name| claims.text(name).unwrap_or_default();
        // Signed by us, so these parse; were they ever to change, the token is none of ours.
        let (Ok(tenant), Ok(grant), Ok(_)) =
            (id("tenant").parse(), id("client_id").parse(), id("sub").parse::<UserId>())
        else {
            return Err(wrong("it names nobody"));
        };
        Ok(Bearer { tenant, grant })
    }

    /// Makes the first key, or a successor when the newest one has signed long enough, and removes keys whose
    /// tokens are all over. Gives the new key, if there is one.
    ///
    /// # Errors
    /// When the database or the keyring fails.
    pub async fn rotate(&self, force: bool) -> Result<Option<SigningKeyId>, AppError> {
        rotate(&self.store, &self.keyring, &self.ambient, &self.config, force).await
    }

    async fn keys(&self) -> Result<Arc<Keys>, AppError> {
        let now = self.ambient.now();
        let kept = self.keys.read().map(|keys| keys.clone()).unwrap_or_default();
        if let Some(keys) = kept
            && self.epoch.holds(keys.moment)
            && now.since(keys.read_at) < Duration::from_secs(3600)
        {
            return Ok(keys);
        }
        let mark = self.epoch.mark();
        let mut read = self.store.platform_read().await?;
        let epoch = read.security_epoch().await?;
        let rows = read.signing_keys().await?;
        drop(read);
        let mut signers = Vec::new();
        for row in &rows {
            let (purpose, wrapped) = (purpose(row.id), row.seed.clone());
            let seed = keys::ask(&self.keyring, None, move |keyring| keyring.unwrap_seed(&purpose, &wrapped)).await?;
            signers.push((row.signs_from, TokenSigner::from_seed(row.id.to_string(), &seed)));
        }
        let published: Vec<Value> = rows.iter().map(|row| ed25519_jwk(&row.id.to_string(), &row.public_key)).collect();
        let keys = Arc::new(Keys {
            moment: SecurityEpoch::moment(mark, epoch),
            read_at: now,
            signers,
            public: KeySet::of_ed25519(rows.iter().map(|row| (row.id.to_string(), row.public_key))),
            published: json!({ "keys": published }),
        });
        if let Ok(mut kept) = self.keys.write() {
            *kept = Some(Arc::clone(&keys));
        }
        Ok(keys)
    }
}

/// As [`Tokens::rotate`], for the command line.
///
/// # Errors
/// When the database or the keyring fails.
pub async fn rotate(
    store: &Store,
    keyring: &Arc<Keyring>,
    ambient: &Ambient,
    config: &TokensSection,
    force: bool,
) -> Result<Option<SigningKeyId>, AppError> {
    let now = ambient.now();
    let rows = store.platform_read().await?.signing_keys().await?;
    let age = Duration::from_secs(config.key_days.max(1) * 24 * 3600);
    let due = rows.first().is_none_or(|newest| force || now.since(newest.signs_from) >= age);
    // A key's last token was signed just before its successor began to.
    let over = Duration::from_secs(config.access_s + 2 * u64::try_from(LEEWAY_S).unwrap_or_default());
    let dead = rows.iter().zip(rows.iter().skip(1)).filter(|(next, _)| next.signs_from.plus(over) < now);
    let dead: Vec<SigningKeyId> = dead.map(|(_, old)| old.id).collect();
    if !due && dead.is_empty() {
        return Ok(None);
    }
    let made = if due {
        let id: SigningKeyId = ambient.mint();
        let seed: [u8; 32] = ambient.bytes();
        let pair = aws_lc_rs::signature::Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|error| AppError::internal(anyhow::anyhow!("{error}")))?;
        let public = aws_lc_rs::signature::KeyPair::public_key(&pair).as_ref().try_into();
        let public_key = public.map_err(|_| AppError::internal(anyhow::anyhow!("a public key of 32 bytes")))?;
        let lead = if rows.is_empty() { Duration::ZERO } else { Duration::from_secs(config.key_lead_s) };
        let clock = ambient.clone();
        let seed = keys::ask(keyring, None, move |keyring| keyring.wrap_seed(&clock, &purpose(id), &seed)).await?;
        Some(SigningKey { id, public_key, seed, created_at: now, signs_from: now.plus(lead) })
    } else {
        None
    };
    let mut tx = store.platform_write().await?;
    for id in dead {
        tx.delete_signing_key(id).await?;
    }
    if let Some(key) = &made {
        tx.add_signing_key(key).await?;
    }
    tx.commit().await?;
    Ok(made.map(|key| key.id))
}

/// What a key's seed is wrapped for.
#[must_use]
pub fn purpose(id: SigningKeyId) -> String {
    format!("token-signing-key/{id}")
}
