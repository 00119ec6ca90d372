//! Who is acting, for whom, and how they proved it.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ApiKeyId, SessionId, TenantId, UserId},
    permission::{Permission, Role},
};

/// How the credentials were proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// An e-mail address and a password, just now.
    Password,
    /// A browser session that began with a sign-in.
    Session,
    /// An API key.
    ApiKey,
    /// The operating system let this process read the appliance's data directory (the command line).
    LocalConsole,
}

/// An authenticated actor within exactly one tenant.
///
/// Made only by the authentication layer; everything behind it trusts it.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The tenant all tenant-scoped work happens in.
    pub tenant: TenantId,
    /// The person, or the owner of the key.
    pub user: UserId,
    /// The key that was used, if one was.
    pub api_key: Option<ApiKeyId>,
    /// The browser session, if there is one.
    pub session: Option<SessionId>,
    /// The roles held in this tenant.
    pub roles: Vec<Role>,
    /// How this request was authenticated.
    pub method: AuthMethod,
    /// The peer's address as the gateway saw it.
    pub source: Option<IpAddr>,
}

impl Principal {
    /// Whether any role of this principal carries `permission`.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.permissions().contains(&permission))
    }

    /// The permissions held, sorted, each once.
    #[must_use]
    pub fn permissions(&self) -> Vec<Permission> {
        let mut all: Vec<_> = self.roles.iter().flat_map(|role| role.permissions()).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
