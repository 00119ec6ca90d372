//! Permissions and roles: the one table of who may do what.
//!
//! A permission names an act, a role is a set of them. To add a permission: one line in the table below, a
//! place in the roles of [`Role::permissions`], a marker type in the gateway's `auth::permit`. Handlers do not
//! look roles up: they take a typed permission as an argument. `docs/security.md` shows the table, and a test
//! keeps the two equal.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{ids::RoleId, tenant::InvalidName};

macro_rules! permissions {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// Something a principal may be allowed to do, within its own tenant unless it says otherwise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Permission { $($(#[doc = $doc])+ $name),+ }

        impl Permission {
            /// Every permission, in the order docs list them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in JSON, docs and audit records.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// One line of meaning, for docs and the console.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+)),+ }
            }
        }
    };
}

permissions! {
    /// Ask a model; keep, read and delete one's own conversations.
    ChatUse = "chat.use",
    /// See which models there are.
    ModelsRead = "models.read",
    /// Make, list, rotate and revoke one's own API keys.
    KeysOwn = "keys.own",
    /// Make, list, rotate and revoke any API key of the tenant.
    KeysManage = "keys.manage",
    /// Make, change, suspend and delete users, guests, service accounts and groups.
    UsersManage = "users.manage",
    /// Make, change and delete the tenant's own roles.
    RolesManage = "roles.manage",
    /// Set the sign-in policy and the separation of duties; propose and approve residency policies.
    PolicyManage = "policy.manage",
    /// See how the residency policy came about and what is proposed; everybody may see the one in force.
    PolicyRead = "policy.read",
    /// Place and release legal holds, which no deletion and no retention gets past.
    HoldsManage = "holds.manage",
    /// Take out all that is kept of one person, content included, with a stated reason; it is a record.
    SubjectsExport = "subjects.export",
    /// Set up identity providers and trusted token issuers, and which roles their groups bring.
    ProvidersManage = "providers.manage",
    /// Make, change and delete projects; a project's own administrators need no permission for theirs.
    ProjectsManage = "projects.manage",
    /// Keep users and groups through SCIM; for a provisioning system's service account.
    UsersProvision = "users.provision",
    /// Read and export the tenant's audit log; every read is itself a record.
    AuditRead = "audit.read",
    /// Save, change and delete alerts over the tenant's audit log.
    AlertsManage = "alerts.manage",
    /// Read what was captured behind an audit record, content included, with a stated reason; it is a record.
    CapturedRead = "captured.read",
    /// Decide who may use which model of the appliance, promote and retire models, set aliases.
    ModelsManage = "models.manage",
    /// Make, list, suspend and delete tenants of the whole appliance.
    TenantsManage = "tenants.manage",
}

impl Permission {
    /// Whether the permission changes what an auditor looks at: nobody audits what they administer.
    #[must_use]
    pub const fn is_administrative(self) -> bool {
        matches!(
            self,
            Self::KeysManage
                | Self::UsersManage
                | Self::RolesManage
                | Self::PolicyManage
                | Self::HoldsManage
                | Self::ProvidersManage
                | Self::ProjectsManage
                | Self::UsersProvision
                | Self::ModelsManage
                | Self::TenantsManage
        )
    }

    /// Whether a tenant may put the permission into a role of its own.
    #[must_use]
    pub const fn is_grantable(self) -> bool {
        !matches!(self, Self::TenantsManage | Self::ModelsManage)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Permission {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = InvalidName("there is no such permission; GET /api/roles lists them");
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text).ok_or(wrong)
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A set of permissions: small, copied freely, in JSON a sorted array of names.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct PermissionSet(u32);

impl PermissionSet {
    /// Nothing at all.
    pub const NONE: Self = Self(0);
    /// Everything there is.
    pub const EVERYTHING: Self = Self(u32::MAX);

    /// Whether `permission` is in it.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u32) != 0
    }

    /// This set and one more.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | (1 << permission as u32))
    }

    /// This set without one.
    #[must_use]
    pub const fn without(self, permission: Permission) -> Self {
        Self(self.0 & !(1 << permission as u32))
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The members, sorted.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }

    /// Whether somebody with these permissions would audit what they administer.
    #[must_use]
    pub fn mixes_duties(self) -> bool {
        self.contains(Permission::AuditRead) && self.iter().any(Permission::is_administrative)
    }

    /// What is left of the set under the separation of duties: who administers does not audit, unless the
    /// tenant turned `self_audit` on.
    #[must_use]
    pub fn separated(self, self_audit: bool) -> Self {
        if self_audit || !self.mixes_duties() { self } else { self.without(Permission::AuditRead) }
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A named set of permissions that every tenant has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the appliance; never reads a tenant's content.
    PlatformOperator,
    /// Administers one tenant's users, groups, roles and keys.
    TenantAdmin,
    /// Sets the tenant's policies and its identity providers.
    SecurityOfficer,
    /// Reads the audit log and sets alerts over it; changes nothing else.
    Auditor,
    /// Uses the chat and the API.
    Member,
    /// Keeps users and groups through SCIM: a provisioning system.
    Provisioner,
}

impl Role {
    /// Every role, in the order docs list them.
    pub const ALL: [Self; 6] = [
        Self::PlatformOperator,
        Self::TenantAdmin,
        Self::SecurityOfficer,
        Self::Auditor,
        Self::Member,
        Self::Provisioner,
    ];

    /// What the role may do.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::PlatformOperator => &[P::TenantsManage, P::ModelsManage, P::ModelsRead],
            Self::TenantAdmin => &[
                P::ChatUse,
                P::ModelsRead,
                P::KeysOwn,
                P::KeysManage,
                P::UsersManage,
                P::RolesManage,
                P::PolicyRead,
                P::ProjectsManage,
            ],
            Self::SecurityOfficer => &[
                P::ModelsRead,
                P::PolicyManage,
                P::PolicyRead,
                P::HoldsManage,
                P::SubjectsExport,
                P::ProvidersManage,
                P::AlertsManage,
                P::CapturedRead,
            ],
            Self::Auditor => &[P::PolicyRead, P::AuditRead, P::AlertsManage],
            Self::Member => &[P::ChatUse, P::ModelsRead, P::KeysOwn],
            Self::Provisioner => &[P::UsersProvision],
        }
    }

    /// The database and JSON spelling.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformOperator => "platform_operator",
            Self::TenantAdmin => "tenant_admin",
            Self::SecurityOfficer => "security_officer",
            Self::Auditor => "auditor",
            Self::Member => "member",
            Self::Provisioner => "provisioner",
        }
    }

    /// Who the role is for, for docs and the console.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::PlatformOperator => "Runs the appliance; never reads a tenant's content.",
            Self::TenantAdmin => "Administers one tenant's users, groups, roles and keys.",
            Self::SecurityOfficer => "Sets the tenant's policies and its identity providers.",
            Self::Auditor => "Reads the audit log and sets alerts over it; changes nothing else.",
            Self::Member => "Uses the chat and the API.",
            Self::Provisioner => "Keeps users and groups through SCIM: a provisioning system.",
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
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(InvalidName(
            "a role is platform_operator, tenant_admin, security_officer, auditor, member or provisioner",
        ))
    }
}

/// A role as users and groups hold it: one of ours, or one the tenant made (`rol_…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleRef {
    /// One of ours.
    Builtin(Role),
    /// One of the tenant's.
    Custom(RoleId),
}

impl RoleRef {
    /// What the role may do; `custom` tells what the tenant's own roles hold, and a role it does not know
    /// (any more) holds nothing.
    #[must_use]
    pub fn permissions(self, custom: impl Fn(RoleId) -> Option<PermissionSet>) -> PermissionSet {
        match self {
            Self::Builtin(role) => role.permissions().iter().copied().collect(),
            Self::Custom(id) => custom(id).unwrap_or_default(),
        }
    }
}

impl From<Role> for RoleRef {
    fn from(role: Role) -> Self {
        Self::Builtin(role)
    }
}

impl fmt::Display for RoleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin(role) => role.fmt(f),
            Self::Custom(id) => id.fmt(f),
        }
    }
}

impl FromStr for RoleRef {
    type Err = InvalidName;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::Builtin).or_else(|_| text.parse().map(Self::Custom)).map_err(|_| {
            InvalidName("a role is tenant_admin, security_officer, auditor, member, provisioner or the id of one of the tenant's own (rol_…)")
        })
    }
}

impl Serialize for RoleRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RoleRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PrefixedId as _;

    #[test]
    fn spellings_agree_with_serde() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).ok(), Some(role.as_str().into()));
            assert_eq!(role.as_str().parse(), Ok(role));
            assert_eq!(role.as_str().parse(), Ok(RoleRef::Builtin(role)));
        }
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(*permission));
        }
        assert!(Permission::ALL.len() <= 32, "a PermissionSet has 32 bits");
    }

    #[test]
    fn the_operator_never_reads_a_tenants_content() {
        let operator: PermissionSet = Role::PlatformOperator.permissions().iter().copied().collect();
        assert!(!operator.contains(Permission::ChatUse) && !operator.contains(Permission::AuditRead));
    }

    #[test]
    fn no_role_mixes_duties_and_mixed_ones_lose_the_audit() {
        let of = |role: Role| role.permissions().iter().copied().collect::<PermissionSet>();
        for role in Role::ALL {
            assert!(!of(role).mixes_duties(), "{role}");
            assert_eq!(of(role).separated(false), of(role), "{role}");
        }
        let both = of(Role::TenantAdmin).union(of(Role::Auditor));
        assert_eq!(both.separated(false), both.without(Permission::AuditRead));
        assert!(!both.separated(false).mixes_duties());
        assert_eq!(both.separated(true), both);
    }

    #[test]
    fn the_security_page_shows_this_table() {
        const PAGE: &str = include_str!("../../../../docs/security.md");
        for permission in Permission::ALL {
            let cells = Role::ALL.map(|role| if role.permissions().contains(permission) { "yes" } else { "" });
            let row = format!("| `{permission}` | {} | {} |", permission.meaning().trim(), cells.join(" | "));
            assert!(PAGE.contains(&row), "docs/security.md lacks: {row}");
        }
    }

    #[test]
    fn a_role_nobody_knows_holds_nothing() {
        let id = RoleId::from_uuid(uuid::Uuid::from_u128(7));
        assert_eq!(RoleRef::Custom(id).permissions(|_| None), PermissionSet::NONE);
        assert_eq!(id.to_string().parse(), Ok(RoleRef::Custom(id)));
    }
}
