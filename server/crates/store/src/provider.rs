//! Identity providers, and whose user a subject of one is.

use leeward_domain::{
    Timestamp,
    federation::ProviderSettings,
    ids::{ProviderId, TenantId, UserId},
};
use sqlx::types::Json;

use crate::{
    PlatformRead, Result, Tenant, TenantRead, TenantWrite, User,
    tenant::{self, tenant_columns},
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
    user::{self, user_columns},
};

/// How many providers a tenant may have; the sign-in page lists them all.
pub const MAX_PROVIDERS: usize = 20;

/// A provider as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Names it for ever.
    pub id: ProviderId,
    /// What people call it; unique within the tenant (`identity_providers_name`).
    pub name: String,
    /// Whether it may be signed in with.
    pub enabled: bool,
    /// How it is asked, and whom it lets in.
    pub settings: ProviderSettings,
    /// The client's secret or the service account's password, sealed under the tenant's key.
    pub secret: Option<Vec<u8>>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// The columns [`from_row`] reads, of a table aliased `p`.
macro_rules! provider_columns {
    () => {
        "p.id as p_id, p.name as p_name, p.enabled as p_enabled, p.settings as p_settings, p.secret as p_secret, \
         p.created_at as p_created_at, p.updated_at as p_updated_at"
    };
}

fn from_row(row: &Row) -> Result<Provider> {
    Ok(Provider {
        id: row.id("p_id")?,
        name: row.get("p_name")?,
        enabled: row.get("p_enabled")?,
        settings: row.json("p_settings")?,
        secret: row.get("p_secret")?,
        created_at: row.time("p_created_at")?,
        updated_at: row.time("p_updated_at")?,
    })
}

impl TenantRead {
    /// The tenant's providers, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn providers(&mut self) -> Result<Vec<Provider>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                provider_columns!(),
                " from identity_providers p where p.tenant_id = $1 order by p.id limit $2"
            ),
            self.tenant.uuid(),
            i64::try_from(MAX_PROVIDERS).unwrap_or(i64::MAX),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// One provider of this tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn provider(&mut self, id: ProviderId) -> Result<Option<Provider>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", provider_columns!(), " from identity_providers p where p.tenant_id = $1 and p.id = $2"),
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }

    /// The user that a subject of a provider is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_of_subject(&mut self, provider: ProviderId, subject: &str) -> Result<Option<User>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                " from provider_subjects l join users u on u.tenant_id = l.tenant_id and u.id = l.user_id \
                 where l.tenant_id = $1 and l.provider_id = $2 and l.subject = $3"
            ),
            self.tenant.uuid(),
            provider.uuid(),
            subject,
        )?;
        row.as_ref().map(user::from_row).transpose()
    }
}

impl PlatformRead {
    /// A provider with its tenant, before anybody is signed in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_provider(&mut self, id: ProviderId) -> Result<Option<(Tenant, Provider)>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                provider_columns!(),
                " from identity_providers p join tenants t on t.id = p.tenant_id where p.id = $1"
            ),
            id.uuid(),
        )?;
        row.map(|row| Ok((tenant::from_row(&row)?, from_row(&row)?))).transpose()
    }

    /// A tenant's providers, before anybody is signed in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn providers_of(&mut self, tenant: TenantId) -> Result<Vec<Provider>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                provider_columns!(),
                " from identity_providers p where p.tenant_id = $1 order by p.id limit $2"
            ),
            tenant.uuid(),
            i64::try_from(MAX_PROVIDERS).unwrap_or(i64::MAX),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantWrite {
    /// Adds a provider.
    ///
    /// # Errors
    /// `Conflict` on `identity_providers_name`.
    pub async fn add_provider(&mut self, provider: &Provider) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into identity_providers (tenant_id, id, name, kind, enabled, settings, secret, created_at, \
             updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            tenant,
            provider.id.uuid(),
            provider.name.as_str(),
            provider.settings.connection.kind(),
            provider.enabled,
            Json(&provider.settings),
            provider.secret.as_deref(),
            Time(provider.created_at),
            Time(provider.updated_at),
        )?;
        Ok(())
    }

    /// Sets a provider's name, settings, secret and whether it is on.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such provider, `Conflict` on `identity_providers_name`.
    pub async fn update_provider(&mut self, provider: &Provider) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update identity_providers set name = $3, kind = $4, enabled = $5, settings = $6, secret = $7, \
             updated_at = $8 where tenant_id = $1 and id = $2",
            tenant,
            provider.id.uuid(),
            provider.name.as_str(),
            provider.settings.connection.kind(),
            provider.enabled,
            Json(&provider.settings),
            provider.secret.as_deref(),
            Time(provider.updated_at),
        )?)
    }

    /// Removes a provider and ends the sessions that grew out of it; its users stay.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such provider.
    pub async fn delete_provider(&mut self, id: ProviderId) -> Result<()> {
        self.end_sessions_from(id).await?;
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "delete from identity_providers where tenant_id = $1 and id = $2",
            tenant,
            id.uuid()
        )?)
    }

    /// Ends every session that grew out of a sign-in at a provider; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_sessions_from(&mut self, provider: ProviderId) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(self.tx, "delete from sessions where tenant_id = $1 and provider_id = $2", tenant, provider.uuid())
    }

    /// Remembers whose user a subject of a provider is.
    ///
    /// # Errors
    /// `Conflict` if it is somebody's already, `NotFound` if there is no such provider or user.
    pub async fn add_subject(
        &mut self,
        provider: ProviderId,
        subject: &str,
        user: UserId,
        at: Timestamp,
    ) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into provider_subjects (tenant_id, provider_id, subject, user_id, created_at) \
             values ($1, $2, $3, $4, $5)",
            tenant,
            provider.uuid(),
            subject,
            user.uuid(),
            Time(at),
        )?;
        Ok(())
    }
}
