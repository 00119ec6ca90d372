//! The roles a tenant made for itself.

use leeward_domain::{Timestamp, ids::RoleId, permission::PermissionSet};
use sqlx::types::Json;

use crate::{
    Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, one_row},
};

/// How many roles a tenant may have; all of them are read at every sign-in.
pub const MAX_ROLES: usize = 100;

/// A role as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomRole {
    /// Names it for ever.
    pub id: RoleId,
    /// What people call it; unique within the tenant (`roles_name`).
    pub name: String,
    /// What it may do.
    pub permissions: PermissionSet,
    /// When it was made.
    pub created_at: Timestamp,
}

fn from_row(row: &Row) -> Result<CustomRole> {
    Ok(CustomRole {
        id: row.id("id")?,
        name: row.get("name")?,
        permissions: row.json("permissions")?,
        created_at: row.time("created_at")?,
    })
}

impl TenantRead {
    /// Every role the tenant made, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn custom_roles(&mut self) -> Result<Vec<CustomRole>> {
        let limit = i64::try_from(MAX_ROLES).unwrap_or(i64::MAX);
        let rows = fetch_all!(
            self.tx,
            "select id, name, permissions, created_at from roles where tenant_id = $1 order by id limit $2",
            self.tenant.uuid(),
            limit,
        )?;
        rows.iter().map(from_row).collect()
    }

    /// Whether a user or a group of the tenant holds the role.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn role_is_held(&mut self, id: RoleId) -> Result<bool> {
        // A JSON array of names, compared as text: ids hold no character that JSON would escape.
        let needle = format!("%\"{id}\"%");
        let rows = fetch_all!(
            self.tx,
            "select 1 as held from users where tenant_id = $1 and cast(roles as text) like $2 \
             union all select 1 from groups where tenant_id = $1 and cast(roles as text) like $2 limit 1",
            self.tenant.uuid(),
            needle.as_str(),
        )?;
        Ok(!rows.is_empty())
    }
}

impl TenantWrite {
    /// Adds a role.
    ///
    /// # Errors
    /// `Conflict` on `roles_name`.
    pub async fn add_role(&mut self, role: &CustomRole) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into roles (tenant_id, id, name, permissions, created_at) values ($1, $2, $3, $4, $5)",
            tenant,
            role.id.uuid(),
            role.name.as_str(),
            Json(role.permissions),
            Time(role.created_at),
        )?;
        Ok(())
    }

    /// Sets a role's name and what it may do.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such role, `Conflict` on `roles_name`.
    pub async fn update_role(&mut self, role: &CustomRole) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update roles set name = $3, permissions = $4 where tenant_id = $1 and id = $2",
            tenant,
            role.id.uuid(),
            role.name.as_str(),
            Json(role.permissions),
        )?)
    }

    /// Deletes a role; whoever still names it holds nothing through it.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such role.
    pub async fn delete_role(&mut self, id: RoleId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(self.tx, "delete from roles where tenant_id = $1 and id = $2", tenant, id.uuid())?)
    }
}
