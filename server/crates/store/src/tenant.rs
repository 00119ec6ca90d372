//! Tenants.

use leeward_domain::{
    CaptureLevel, Timestamp,
    ids::TenantId,
    residency::ResidencyPolicy,
    sign_in::SignInPolicy,
    tenant::{Status, TenantName},
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Grave, Page, PlatformRead, PlatformWrite, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
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
    /// How its people sign in.
    pub sign_in: SignInPolicy,
    /// How much its audit log is accompanied by.
    pub capture: CaptureLevel,
    /// Its key, wrapped by the key provider; opaque here.
    pub wrapped_key: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The columns [`from_row`] reads, of a table aliased `t`.
macro_rules! tenant_columns {
    () => {
        "t.id as t_id, t.name as t_name, t.status as t_status, t.policy as t_policy, \
         t.wrapped_key as t_wrapped_key, t.created_at as t_created_at, t.sign_in as t_sign_in, \
         t.capture as t_capture"
    };
}
pub(crate) use tenant_columns;

pub(crate) fn from_row(row: &Row) -> Result<Tenant> {
    Ok(Tenant {
        id: row.id("t_id")?,
        name: row.parsed("t_name")?,
        status: row.parsed("t_status")?,
        policy: row.json("t_policy")?,
        sign_in: row.json("t_sign_in")?,
        capture: row.parsed("t_capture")?,
        wrapped_key: row.get("t_wrapped_key")?,
        created_at: row.time("t_created_at")?,
    })
}

/// What a tenant owns that does not go by itself with its users, projects, providers and groups.
const TENANT_ROWS: &[&str] = &[
    "delete from audit_alerts where log_id = $1",
    "delete from holds where tenant_id = $1",
    "delete from residency_decisions where tenant_id = $1",
    "delete from policy_proposals where tenant_id = $1",
    "delete from policies where tenant_id = $1",
    "delete from conversations where tenant_id = $1",
    "delete from data_keys where tenant_id = $1",
    "delete from sessions where tenant_id = $1",
    "delete from token_grants where tenant_id = $1",
    "delete from token_issuers where tenant_id = $1",
    "delete from used_tokens where tenant_id = $1",
    "delete from identity_providers where tenant_id = $1",
    "delete from projects where tenant_id = $1",
    "delete from api_keys where tenant_id = $1",
    "delete from groups where tenant_id = $1",
    "delete from roles where tenant_id = $1",
    "delete from users where tenant_id = $1",
];

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

impl TenantWrite {
    /// Sets how much the tenant's audit log is accompanied by.
    ///
    /// # Errors
    /// `NotFound` if there is no such tenant.
    pub async fn set_capture(&mut self, level: CaptureLevel) -> Result<()> {
        // Tenants are kept in memory: the epoch has them read again.
        self.security = true;
        let tenant = self.tenant.uuid();
        one_row(execute!(self.tx, "update tenants set capture = $2 where id = $1", tenant, level.as_str())?)
    }

    /// Sets how the tenant's people sign in.
    ///
    /// # Errors
    /// `NotFound` if there is no such tenant.
    pub async fn set_sign_in_policy(&mut self, policy: &SignInPolicy) -> Result<()> {
        self.security = true;
        let tenant = self.tenant.uuid();
        one_row(execute!(self.tx, "update tenants set sign_in = $2 where id = $1", tenant, Json(policy))?)
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
            "insert into tenants (id, name, status, policy, wrapped_key, created_at, sign_in, capture) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            tenant.id.uuid(),
            tenant.name.as_str(),
            tenant.status.as_str(),
            Json(&tenant.policy),
            tenant.wrapped_key.as_slice(),
            Time(tenant.created_at),
            Json(&tenant.sign_in),
            tenant.capture.as_str(),
        )?;
        Ok(())
    }

    /// Lets a tenant's people act, or stops them all.
    ///
    /// # Errors
    /// `NotFound` if there is no such tenant.
    pub async fn set_tenant_status(&mut self, id: TenantId, status: Status) -> Result<()> {
        self.security = true;
        one_row(execute!(self.tx, "update tenants set status = $2 where id = $1", id.uuid(), status.as_str())?)
    }

    /// Puts another wrapped form of a tenant's key in place of `old`; false if that is not its form any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_wrapped_key(&mut self, id: TenantId, old: &[u8], new: &[u8]) -> Result<bool> {
        // Tenants are kept in memory with their keys: the epoch has them read again.
        self.security = true;
        let replace = "update tenants set wrapped_key = $3 where id = $1 and wrapped_key = $2";
        Ok(execute!(self.tx, replace, id.uuid(), old, new)? == 1)
    }

    /// Deletes a tenant with everything of its own but its audit log. With the wrapped key gone, nothing that
    /// was sealed for it can be read again, in backups of this database's other tables neither.
    ///
    /// # Errors
    /// `NotFound` if there is no such tenant.
    pub async fn delete_tenant(&mut self, id: TenantId, grave: Grave) -> Result<()> {
        self.security = true;
        self.bury_tenant(id, grave).await?;
        for statement in TENANT_ROWS {
            execute!(self.tx, *statement, id.uuid())?;
        }
        one_row(execute!(self.tx, "delete from tenants where id = $1", id.uuid())?)
    }
}
