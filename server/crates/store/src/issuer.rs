//! Foreign issuers whose workload tokens a tenant trusts.

use leeward_domain::{Timestamp, federation::IssuerSettings, ids::IssuerId};
use sqlx::types::Json;

use crate::{
    PlatformRead, Result, Tenant, TenantRead, TenantWrite,
    tenant::{self, tenant_columns},
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
};

/// How many issuers a tenant may trust.
pub const MAX_ISSUERS: usize = 50;

/// A trusted issuer as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// Names it for ever.
    pub id: IssuerId,
    /// What people call it; unique within the tenant (`token_issuers_name`).
    pub name: String,
    /// Whether its tokens are taken.
    pub enabled: bool,
    /// `iss` of its tokens; with the audience unique in the appliance (`token_issuers_issuer`).
    pub issuer: String,
    /// What `aud` of its tokens must name.
    pub audience: String,
    /// Its keys, and who its subjects are.
    pub settings: IssuerSettings,
    /// When it was first trusted.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

macro_rules! issuer_columns {
    () => {
        "i.id as i_id, i.name as i_name, i.enabled as i_enabled, i.issuer as i_issuer, i.audience as i_audience, \
         i.settings as i_settings, i.created_at as i_created_at, i.updated_at as i_updated_at"
    };
}

fn from_row(row: &Row) -> Result<TrustedIssuer> {
    Ok(TrustedIssuer {
        id: row.id("i_id")?,
        name: row.get("i_name")?,
        enabled: row.get("i_enabled")?,
        issuer: row.get("i_issuer")?,
        audience: row.get("i_audience")?,
        settings: row.json("i_settings")?,
        created_at: row.time("i_created_at")?,
        updated_at: row.time("i_updated_at")?,
    })
}

impl TenantRead {
    /// The issuers the tenant trusts, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn issuers(&mut self) -> Result<Vec<TrustedIssuer>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                issuer_columns!(),
                " from token_issuers i where i.tenant_id = $1 order by i.id limit $2"
            ),
            self.tenant.uuid(),
            i64::try_from(MAX_ISSUERS).unwrap_or(i64::MAX),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl PlatformRead {
    /// The tenant that trusts an issuer for one of these audiences, before anybody is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_issuer(&mut self, issuer: &str, audience: &str) -> Result<Option<(Tenant, TrustedIssuer)>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                issuer_columns!(),
                " from token_issuers i join tenants t on t.id = i.tenant_id where i.issuer = $1 and i.audience = $2"
            ),
            issuer,
            audience,
        )?;
        row.map(|row| Ok((tenant::from_row(&row)?, from_row(&row)?))).transpose()
    }
}

impl TenantWrite {
    /// Trusts an issuer.
    ///
    /// # Errors
    /// `Conflict` on `token_issuers_name` or `token_issuers_issuer`.
    pub async fn add_issuer(&mut self, issuer: &TrustedIssuer) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into token_issuers (tenant_id, id, name, enabled, issuer, audience, settings, created_at, \
             updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            tenant,
            issuer.id.uuid(),
            issuer.name.as_str(),
            issuer.enabled,
            issuer.issuer.as_str(),
            issuer.audience.as_str(),
            Json(&issuer.settings),
            Time(issuer.created_at),
            Time(issuer.updated_at),
        )?;
        Ok(())
    }

    /// Sets everything of a trusted issuer but its id; grants it brought end.
    ///
    /// # Errors
    /// `NotFound` if this tenant trusts no such issuer, `Conflict` as for adding.
    pub async fn update_issuer(&mut self, issuer: &TrustedIssuer) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update token_issuers set name = $3, enabled = $4, issuer = $5, audience = $6, settings = $7, \
             updated_at = $8 where tenant_id = $1 and id = $2",
            tenant,
            issuer.id.uuid(),
            issuer.name.as_str(),
            issuer.enabled,
            issuer.issuer.as_str(),
            issuer.audience.as_str(),
            Json(&issuer.settings),
            Time(issuer.updated_at),
        )?)?;
        execute!(
            self.tx,
            "delete from token_grants where tenant_id = $1 and issuer_id = $2",
            tenant,
            issuer.id.uuid()
        )?;
        Ok(())
    }

    /// Trusts an issuer no more; grants it brought end.
    ///
    /// # Errors
    /// `NotFound` if this tenant trusts no such issuer.
    pub async fn delete_issuer(&mut self, id: IssuerId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(self.tx, "delete from token_issuers where tenant_id = $1 and id = $2", tenant, id.uuid())?)
    }
}
