//! Tenants.

use leeward_domain::{
    Timestamp,
    ids::TenantId,
    residency::ResidencyPolicy,
    tenant::{Status, TenantName},
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Page, PlatformRead, PlatformWrite, Result, TenantRead,
    tx::{Row, Time, execute, fetch_all, fetch_optional},
};

/// A tenant as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Names it for ever.
    pub id: TenantId,
    /// What people type; unique (`tenants_name`).
    pub name: TenantName,
    /// Whether anybody in it may act.
    pub status: Status,
    /// Where its content may be.
    pub policy: ResidencyPolicy,
    /// Its key, wrapped by the key provider; opaque here.
    pub wrapped_key: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The columns [`from_row`] reads, of a table aliased `t`.
macro_rules! tenant_columns {
    () => {
        "t.id as t_id, t.name as t_name, t.status as t_status, t.policy as t_policy, \
         t.wrapped_key as t_wrapped_key, t.created_at as t_created_at"
    };
}
pub(crate) use tenant_columns;

pub(crate) fn from_row(row: &Row) -> Result<Tenant> {
    Ok(Tenant {
        id: row.id("t_id")?,
        name: row.parsed("t_name")?,
        status: row.parsed("t_status")?,
        policy: row.json("t_policy")?,
        wrapped_key: row.get("t_wrapped_key")?,
        created_at: row.time("t_created_at")?,
    })
}

impl TenantRead {
    /// The tenant itself.
    ///
    /// # Errors
    /// `NotFound` if there is no such tenant.
    pub async fn tenant(&mut self) -> Result<Tenant> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", tenant_columns!(), " from tenants t where t.id = $1"),
            self.tenant.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()?.ok_or(crate::StoreError::NotFound)
    }
}

impl PlatformRead {
    /// Tenants in the order they were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tenants(&mut self, page: Page<TenantId>) -> Result<Vec<Tenant>> {
        let rows = fetch_all!(
            self.tx,
            concat!("select ", tenant_columns!(), " from tenants t where t.id > $1 order by t.id limit $2"),
            page.after.map_or(Uuid::nil(), TenantId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// One tenant, by id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tenant(&mut self, id: TenantId) -> Result<Option<Tenant>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", tenant_columns!(), " from tenants t where t.id = $1"),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }

    /// One tenant, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tenant_by_name(&mut self, name: &TenantName) -> Result<Option<Tenant>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", tenant_columns!(), " from tenants t where t.name = $1"),
            name.as_str(),
        )?;
        row.as_ref().map(from_row).transpose()
    }

    /// How many tenants there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_tenants(&mut self) -> Result<u64> {
        match fetch_optional!(self.tx, "select count(*) as n from tenants")? {
            Some(row) => row.unsigned("n"),
            None => Ok(0),
        }
    }
}

impl PlatformWrite {
    /// Adds a tenant; go on with [`PlatformWrite::into_tenant`] to fill it.
    ///
    /// # Errors
    /// `Conflict` on `tenants_name`.
    pub async fn add_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        execute!(
            self.tx,
            "insert into tenants (id, name, status, policy, wrapped_key, created_at) values ($1, $2, $3, $4, $5, $6)",
            tenant.id.uuid(),
            tenant.name.as_str(),
            tenant.status.as_str(),
            Json(&tenant.policy),
            tenant.wrapped_key.as_slice(),
            Time(tenant.created_at),
        )?;
        Ok(())
    }
}
