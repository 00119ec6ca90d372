//! Who is it, and may they: credentials in, a typed permission out.
//!
//! [`middleware`] runs before every handler and refuses by default: only the public list of
//! `http::routes` passes without credentials. It asks [`authenticator`] whose the credentials are, and leaves
//! an [`Identity`] in the request; a handler asks for [`permit::Permit`] with the permission it needs as a
//! type. What was found is kept in memory as long as [`epoch`] says that nobody's rights changed, and work that
//! outlasts its request holds a [`lease`]. Signing in ends in [`sign_in`], whatever it began with. Secrets are
//! made and checked in [`secret`], passwords in [`password`], guessing is slowed
//! down in [`throttle`].

pub mod authenticator;
pub mod break_glass;
pub mod ceremony;
pub mod epoch;
pub mod federation;
pub mod issuers;
pub mod lease;
pub mod middleware;
pub mod passkeys;
pub mod password;
pub mod permit;
pub mod secret;
pub mod sign_in;
pub mod throttle;
pub mod tokens;

use std::sync::Arc;

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{GrantId, TenantId},
    principal::Principal,
    sign_in::Stage,
};
use leeward_store::{Session, Tenant, User};

/// An authenticated caller with the rows the request will need anyway.
#[derive(Debug, Clone)]
pub struct Identity {
    /// What decisions and records are made of.
    pub principal: Principal,
    /// The tenant acted for, with its policies.
    pub tenant: Arc<Tenant>,
    /// The person, or the owner of the key.
    pub user: Arc<User>,
    /// The browser session, if that is how the request was authenticated.
    pub session: Option<Arc<Session>>,
    /// The session's CSRF token.
    pub csrf: Option<String>,
    /// Whether it is an access token, or an API key that its scopes, networks, expiry or project limit: it hands on no
    /// more than it has.
    pub limited_key: bool,
    /// What to look up again to know whether all this still holds.
    pub credential: Credential,
}

/// A credential by what the database knows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// The SHA-256 of an API key's secret.
    ApiKey(Sha256Digest),
    /// The SHA-256 of a session's token.
    Session(Sha256Digest),
    /// The grant of an access token whose signature was right.
    Grant(TenantId, GrantId),
}

impl Identity {
    /// What is missing before the caller may do everything; `Full` for all but browser sessions.
    #[must_use]
    pub fn stage(&self) -> Stage {
        self.session.as_ref().map_or(Stage::Full, |session| session.stage)
    }

    /// When the session ends in any case.
    #[must_use]
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.session.as_ref().map(|session| session.expires_at)
    }
}
