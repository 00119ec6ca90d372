//! What a sign-in or an enrolment remembers between two requests: sealed, short-lived, taken once.

use std::time::Duration;

use leeward_domain::{
    Sha256Digest,
    ids::{TenantId, UserId},
};
use leeward_store::{Ceremony, Tenant};

use super::secret::SessionToken;
use crate::{
    app::App,
    error::{AppError, Code},
};

/// The kinds of ceremonies; a token of one is worth nothing in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Registering a passkey.
    RegisterPasskey,
    /// A passkey as the second factor.
    SecondFactor,
    /// Signing in with a passkey alone.
    PasskeySignIn,
    /// Signing in at an OpenID provider.
    OidcSignIn,
    /// Becoming a guest of another tenant.
    Invitation,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::RegisterPasskey => "register_passkey",
            Self::SecondFactor => "second_factor",
            Self::PasskeySignIn => "passkey_sign_in",
            Self::OidcSignIn => "oidc_sign_in",
            Self::Invitation => "invitation",
        }
    }

    /// How long somebody may take.
    const fn lifetime(self) -> Duration {
        match self {
            Self::Invitation => Duration::from_secs(7 * 24 * 3600),
            Self::OidcSignIn => Duration::from_secs(10 * 60),
            _ => Duration::from_secs(5 * 60),
        }
    }
}

/// Keeps `state` for a user, sealed, and gives the token it can be taken back with.
///
/// # Errors
/// When the database or the keyring fails.
pub async fn keep(app: &App, kind: Kind, tenant: &Tenant, user: UserId, state: &[u8]) -> Result<String, AppError> {
    let token = SessionToken::mint(&app.ambient);
    let key = app.tenant_key(tenant).await?;
    let sealed = key.seal(&app.ambient, &aad(&token.hash()), state)?;
    store(app, kind, Some(tenant.id), Some(user), sealed, token).await
}

/// Keeps `state` for somebody nobody knows yet. It is not sealed: it must hold nothing about anybody.
///
/// # Errors
/// When the database fails.
pub async fn keep_for_anybody(app: &App, kind: Kind, state: Vec<u8>) -> Result<String, AppError> {
    store(app, kind, None, None, state, SessionToken::mint(&app.ambient)).await
}

async fn store(
    app: &App,
    kind: Kind,
    tenant: Option<TenantId>,
    user: Option<UserId>,
    state: Vec<u8>,
    token: SessionToken,
) -> Result<String, AppError> {
    let expires_at = app.ambient.now().plus(kind.lifetime());
    let ceremony = Ceremony { kind: kind.as_str().to_owned(), user, state, expires_at };
    let mut tx = app.store.platform_write().await?;
    tx.add_ceremony(tenant, &token.hash(), &ceremony).await?;
    tx.commit().await?;
    Ok(token.reveal().to_owned())
}

/// Takes back what was kept for `user` of `tenant` under `token`; nobody can take it again.
///
/// # Errors
/// `invalid_request` on `ceremony` when there is nothing of this kind and theirs (any more).
pub async fn take(app: &App, kind: Kind, tenant: &Tenant, user: UserId, token: &str) -> Result<Vec<u8>, AppError> {
    let (whose, ceremony, hash) = fetch(app, kind, token).await?;
    if whose != Some(tenant.id) || ceremony.user != Some(user) {
        return Err(gone());
    }
    let key = app.tenant_key(tenant).await?;
    Ok(key.open(&aad(&hash), &ceremony.state)?.to_vec())
}

/// Takes back what was kept for anybody under `token`.
///
/// # Errors
/// As [`take`].
pub async fn take_for_anybody(app: &App, kind: Kind, token: &str) -> Result<Vec<u8>, AppError> {
    let (whose, ceremony, _) = fetch(app, kind, token).await?;
    if whose.is_some() { Err(gone()) } else { Ok(ceremony.state) }
}

/// Takes back an invitation: the tenant that invites, and the user its guest will be there.
///
/// # Errors
/// As [`take`].
pub async fn take_invitation(app: &App, token: &str) -> Result<(TenantId, UserId), AppError> {
    let (whose, ceremony, _) = fetch(app, Kind::Invitation, token).await?;
    whose.zip(ceremony.user).ok_or_else(gone)
}

async fn fetch(app: &App, kind: Kind, token: &str) -> Result<(Option<TenantId>, Ceremony, Sha256Digest), AppError> {
    let hash = SessionToken::parse(token).ok_or_else(gone)?.hash();
    let mut tx = app.store.platform_write().await?;
    let (whose, ceremony) = tx.take_ceremony(&hash).await?.ok_or_else(gone)?;
    tx.commit().await?;
    if ceremony.kind != kind.as_str() || ceremony.expires_at <= app.ambient.now() {
        return Err(gone());
    }
    Ok((whose, ceremony, hash))
}

fn gone() -> AppError {
    AppError {
        param: Some("ceremony".into()),
        ..AppError::new(Code::InvalidRequest, "this was begun too long ago, or is finished already; begin again")
    }
}

fn aad(token: &Sha256Digest) -> Vec<u8> {
    format!("leeward/ceremony/v1/{token}").into_bytes()
}
