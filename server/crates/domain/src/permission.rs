//! Roles and what they may do: the one permission table.
//!
//! A permission names an act, a role is a set of them. To add a permission: a variant, its name in
//! [`Permission::as_str`], its place in [`Permission::ALL`] and in the roles of [`Role::permissions`].
//! Handlers do not look roles up: they take a typed permission as an argument.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::tenant::InvalidName;

/// Something a principal may be allowed to do, within its own tenant unless it says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// Ask a model; keep, read and delete one's own conversations.
    #[serde(rename = "chat.use")]
    ChatUse,
    /// See which models there are.
    #[serde(rename = "models.read")]
    ModelsRead,
    /// Make, list and revoke API keys of the tenant.
    #[serde(rename = "keys.manage")]
    KeysManage,
    /// Make, list and disable users of the tenant.
    #[serde(rename = "users.manage")]
    UsersManage,
    /// Read the tenant's audit log; every read is itself a record.
    #[serde(rename = "audit.read")]
    AuditRead,
    /// Make and list tenants of the whole appliance.
    #[serde(rename = "tenants.manage")]
    TenantsManage,
}

impl Permission {
    /// Every permission, in the order docs list them.
    pub const ALL: [Self; 6] =
        [Self::ChatUse, Self::ModelsRead, Self::KeysManage, Self::UsersManage, Self::AuditRead, Self::TenantsManage];

    /// The name in JSON, docs and audit records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ChatUse => "chat.use",
            Self::ModelsRead => "models.read",
            Self::KeysManage => "keys.manage",
            Self::UsersManage => "users.manage",
            Self::AuditRead => "audit.read",
            Self::TenantsManage => "tenants.manage",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A named set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the appliance; never reads a tenant's content.
    PlatformOperator,
    /// Administers one tenant's users and keys.
    TenantAdmin,
    /// Reads the audit log, changes nothing.
    Auditor,
    /// Uses the chat and the API.
    Member,
}

impl Role {
    /// Every role, in the order docs list them.
    pub const ALL: [Self; 4] = [Self::PlatformOperator, Self::TenantAdmin, Self::Auditor, Self::Member];

    /// What the role may do.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::PlatformOperator => &[Permission::TenantsManage, Permission::ModelsRead],
            Self::TenantAdmin => {
                &[Permission::ChatUse, Permission::ModelsRead, Permission::KeysManage, Permission::UsersManage]
            }
            Self::Auditor => &[Permission::AuditRead],
            Self::Member => &[Permission::ChatUse, Permission::ModelsRead],
        }
    }

    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformOperator => "platform_operator",
            Self::TenantAdmin => "tenant_admin",
            Self::Auditor => "auditor",
            Self::Member => "member",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(InvalidName("a role is platform_operator, tenant_admin, auditor or member"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_agree_with_serde() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).ok(), Some(role.as_str().into()));
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        for permission in Permission::ALL {
            assert_eq!(serde_json::to_value(permission).ok(), Some(permission.as_str().into()));
        }
    }

    #[test]
    fn the_operator_never_reads_a_tenants_content() {
        let operator = Role::PlatformOperator.permissions();
        assert!(!operator.contains(&Permission::ChatUse) && !operator.contains(&Permission::AuditRead));
    }
}
