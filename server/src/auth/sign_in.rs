//! From a proof to a session: the one place where sessions begin and move on.
//!
//! Whatever somebody signs in with ends in a [`Proof`]; [`open`] makes the session and says what is still
//! missing ([`Stage`]), [`advance`] moves it on when that was given. Each step is a record; a session that gains
//! rights gets a new token. To add a way of signing in: a handler that ends in [`open`].

use std::{sync::Arc, time::Duration};

use leeward_domain::{
    ids::{SessionId, TenantId, UserId},
    permission::PermissionSet,
    principal::{AuthMethod, Principal},
    sign_in::{Facts, Stage},
};
use leeward_ledger::{EventCode, Record};
use leeward_store::{ProviderSession, SecondFactor, Session, Tenant, TenantWrite, User};

use super::{Credential, Identity, secret::SessionToken};
use crate::{app::App, audit::Draft, error::AppError, http::RequestContext};

/// The longest part of a browser's name for itself that is kept, in characters.
const USER_AGENT_CHARS: usize = 200;

/// Somebody proved who they are; nothing more is decided yet.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The tenant, checked to be active.
    pub tenant: Tenant,
    /// The user, checked to be active.
    pub user: User,
    /// With what.
    pub method: AuthMethod,
    /// What the method showed besides by itself.
    pub second_factor: Option<SecondFactor>,
    /// The provider's session it grew out of.
    pub provider: Option<ProviderSession>,
}

/// Opens a session for `proof`; it is durable, with its record, when this returns.
///
/// # Errors
/// When the database fails.
pub async fn open(app: &App, context: &RequestContext, proof: Proof) -> Result<(Identity, SessionToken), AppError> {
    let factors = factors_of(app, proof.tenant.id, proof.user.id).await?;
    let stage = Stage::next(facts(&proof.tenant, &proof.user, proof.method, proof.second_factor, factors));
    let lasts = Duration::from_secs(u64::from(proof.tenant.sign_in.session_hours) * 3600);
    let opening = Opening::new(app, context, proof, stage, lasts);
    let event = if stage == Stage::Full { EventCode::LoginSucceeded } else { EventCode::FirstFactorSucceeded };
    let mut record = opening.draft(app, context).event(event);
    if stage != Stage::Full {
        record.reason = Some(format!("next: {}", stage.as_str()));
    }
    let mut tx = app.store.tenant_write(opening.identity.tenant.id).await?;
    opening.keep(&mut tx).await?;
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    opening.finish(app, context).await
}

/// A session on its way into the database, for who must keep it together with something else: [`Opening::keep`] in
/// their transaction, with a record made by [`Opening::draft`], then [`Opening::finish`].
pub struct Opening {
    identity: Identity,
    session: Arc<Session>,
    token: SessionToken,
}

impl Opening {
    /// A session at `stage` that ends after `lasts` in any case.
    #[must_use]
    pub fn new(app: &App, context: &RequestContext, proof: Proof, stage: Stage, lasts: Duration) -> Self {
        let token = SessionToken::mint(&app.ambient);
        let now = app.ambient.now();
        let session = Arc::new(Session {
            id: app.ambient.mint::<SessionId>(),
            user: proof.user.id,
            created_at: now,
            expires_at: now.plus(lasts),
            last_seen_at: now,
            method: proof.method,
            second_factor: proof.second_factor,
            stage,
            idle_s: proof.tenant.sign_in.session_idle_minutes * 60,
            source: context.source,
            user_agent: context.user_agent.as_ref().map(|text| text.chars().take(USER_AGENT_CHARS).collect()),
            provider: proof.provider,
        });
        let principal = Principal {
            tenant: proof.tenant.id,
            user: proof.user.id,
            api_key: None,
            project: None,
            session: Some(session.id),
            roles: proof.user.roles.clone(),
            permissions: PermissionSet::NONE,
            method: proof.method,
            source: context.source,
        };
        let identity = Identity {
            principal,
            tenant: Arc::new(proof.tenant),
            user: Arc::new(proof.user),
            csrf: Some(token.csrf()),
            limited_key: false,
            credential: Credential::Session(token.hash()),
            session: Some(Arc::clone(&session)),
        };
        Self { identity, session, token }
    }

    /// Whose it is; nothing may be done in this name yet.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        &self.identity
    }

    /// A maker of the records of this sign-in.
    #[must_use]
    pub fn draft(&self, app: &App, context: &RequestContext) -> Draft {
        Draft::of(&app.ambient, context, &self.identity)
    }

    /// Keeps the session within the caller's transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep(&self, tx: &mut TenantWrite) -> Result<(), AppError> {
        tx.add_session(&self.session, &self.token.hash()).await?;
        Ok(tx.touch_login(self.identity.user.id, self.session.created_at).await?)
    }

    /// The identity as every later request will see it (with the roles of groups, and the permissions), and the
    /// session's token; after the commit.
    ///
    /// # Errors
    /// When the database fails, or the account was suspended in the meantime.
    pub async fn finish(self, app: &App, context: &RequestContext) -> Result<(Identity, SessionToken), AppError> {
        let identity = app.authenticator.by_session(&self.token, context.source).await?;
        Ok((identity, self.token))
    }
}

/// Moves a session on after `shown`, or after what was missing has been done, within the caller's
/// transaction. The caller commits, then gives the browser the new token's cookie.
///
/// # Errors
/// When the database fails, or the session has ended.
pub async fn advance(
    app: &App,
    tx: &mut TenantWrite,
    identity: &Identity,
    user: &User,
    shown: Option<SecondFactor>,
    factors: Factors,
) -> Result<(Stage, SessionToken), AppError> {
    let session = identity.session.as_ref().ok_or_else(|| AppError::internal(anyhow::anyhow!("no session")))?;
    let second = shown.or(session.second_factor);
    let stage = Stage::next(facts(&identity.tenant, user, session.method, second, factors));
    let token = SessionToken::mint(&app.ambient);
    tx.advance_session(session.id, stage, shown, &token.hash()).await?;
    Ok((stage, token))
}

/// The record that a sign-in is whole, if this step made it so.
#[must_use]
pub fn finished(draft: &Draft, before: Stage, after: Stage) -> Option<Record> {
    (before != Stage::Full && after == Stage::Full).then(|| draft.event(EventCode::LoginSucceeded))
}

/// What a user has to show besides the password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Factors {
    /// A confirmed authenticator app.
    pub totp: bool,
    /// At least one passkey.
    pub passkey: bool,
    /// At least one unused recovery code.
    pub recovery: bool,
}

/// What the user has, from the database.
///
/// # Errors
/// When the database fails.
pub async fn factors_of(app: &App, tenant: TenantId, user: UserId) -> Result<Factors, AppError> {
    let mut read = app.store.tenant_read(tenant).await?;
    Ok(Factors {
        totp: read.totp(user).await?.is_some_and(|totp| totp.confirmed_at.is_some()),
        passkey: !read.passkeys(user).await?.is_empty(),
        recovery: read.recovery_codes_left(user).await? > 0,
    })
}

fn facts(
    tenant: &Tenant,
    user: &User,
    method: AuthMethod,
    second_factor: Option<SecondFactor>,
    factors: Factors,
) -> Facts {
    Facts {
        has_second_factor: factors.totp || factors.passkey,
        second_factor_shown: second_factor.is_some(),
        second_factor_demanded: tenant.sign_in.second_factor,
        must_change_password: method == AuthMethod::Password && user.must_change_password,
    }
}
