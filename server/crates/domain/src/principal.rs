//! Who is acting, for whom, and how they proved it.

use std::{net::IpAddr, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ApiKeyId, ProjectId, SessionId, TenantId, UserId},
    permission::{Permission, PermissionSet, RoleRef},
    tenant::InvalidName,
};

macro_rules! methods {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// How the credentials were proved.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum AuthMethod { $($(#[doc = $doc])+ #[serde(rename = $text)] $name),+ }

        impl AuthMethod {
            /// Every way there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The database and JSON spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

methods! {
    /// An e-mail address and a password, just now.
    Password = "password",
    /// A passkey (WebAuthn), just now.
    Passkey = "passkey",
    /// A sign-in in another tenant, carried over by its guest.
    Guest = "guest",
    /// A sign-in at an OpenID provider.
    Oidc = "oidc",
    /// A name and password that a directory checked.
    Ldap = "ldap",
    /// A client certificate: a smart card.
    Certificate = "certificate",
    /// Both halves of the emergency account's credential.
    BreakGlass = "break_glass",
    /// A browser session that began with a sign-in.
    Session = "session",
    /// An API key.
    ApiKey = "api_key",
    /// An access token issued here.
    AccessToken = "access_token",
    /// The operating system let this process read the appliance's data directory (the command line).
    LocalConsole = "local_console",
}

impl FromStr for AuthMethod {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|method| method.as_str() == text).ok_or(InvalidName("no such way of signing in"))
    }
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
    /// The project the key belongs to, or the key an access token was exchanged for.
    pub project: Option<ProjectId>,
    /// The browser session, if there is one.
    pub session: Option<SessionId>,
    /// The roles held in this tenant, through groups too.
    pub roles: Vec<RoleRef>,
    /// What they add up to, less what the key's scopes, the separation of duties and an unfinished sign-in
    /// take away.
    pub permissions: PermissionSet,
    /// How this request was authenticated.
    pub method: AuthMethod,
    /// The peer's address as the gateway saw it.
    pub source: Option<IpAddr>,
}

impl Principal {
    /// Whether this principal holds `permission`.
    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }
}
