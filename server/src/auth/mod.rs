//! Who is it, and may they: credentials in, a typed permission out.
//!
//! [`middleware`] runs before every handler and refuses by default: only the public list of
//! `http::routes` passes without credentials. It leaves an [`Identity`] in the request; a handler asks for
//! [`permit::Permit`] with the permission it needs as a type. Secrets are made and checked in [`secret`],
//! passwords in [`password`]. Left out until the identity issue: SSO, MFA, scopes, throttling.

pub mod middleware;
pub mod password;
pub mod permit;
pub mod secret;

use leeward_domain::{Timestamp, principal::Principal};
use leeward_store::{Tenant, User};

/// An authenticated caller with the rows the request will need anyway.
#[derive(Debug, Clone)]
pub struct Identity {
    /// What decisions and records are made of.
    pub principal: Principal,
    /// The tenant acted for, with its policy.
    pub tenant: Tenant,
    /// The person, or the owner of the key.
    pub user: User,
    /// The CSRF token of the browser session, if that is how the request was authenticated.
    pub csrf: Option<String>,
    /// When that session ends.
    pub expires_at: Option<Timestamp>,
}
