//! API keys: the digest of a secret, never the secret.

use ipnet::IpNet;
use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{ApiKeyId, ProjectId, UserId},
    permission::PermissionSet,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Page, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
};

/// An API key as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Names the key for ever.
    pub id: ApiKeyId,
    /// Whose key it is: it acts with this user's roles.
    pub user: UserId,
    /// What its owner calls it; unique among the tenant's unrevoked keys (`api_keys_name`).
    pub name: String,
    /// The secret's first characters, to recognise it by.
    pub prefix: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, if ever; may lag behind.
    pub last_used_at: Option<Timestamp>,
    /// The only permissions of its owner it carries; all of them if unset.
    pub scopes: Option<PermissionSet>,
    /// The only networks it works from; any if unset.
    pub networks: Option<Vec<IpNet>>,
    /// The key that took its place; this one works until it expires.
    pub successor: Option<ApiKeyId>,
    /// The project it belongs to; it ends when its owner leaves that.
    pub project: Option<ProjectId>,
}

/// The columns [`from_row`] reads, of a table aliased `k`.
macro_rules! api_key_columns {
    () => {
        "k.id as k_id, k.user_id as k_user_id, k.name as k_name, k.prefix as k_prefix, \
         k.created_at as k_created_at, k.expires_at as k_expires_at, k.revoked_at as k_revoked_at, \
         k.last_used_at as k_last_used_at, k.scopes as k_scopes, k.networks as k_networks, \
         k.successor_id as k_successor_id, k.project_id as k_project_id"
    };
}
pub(crate) use api_key_columns;

pub(crate) fn from_row(row: &Row) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.id("k_id")?,
        user: row.id("k_user_id")?,
        name: row.get("k_name")?,
        prefix: row.get("k_prefix")?,
        created_at: row.time("k_created_at")?,
        expires_at: row.time_opt("k_expires_at")?,
        revoked_at: row.time_opt("k_revoked_at")?,
        last_used_at: row.time_opt("k_last_used_at")?,
        scopes: row.json_opt("k_scopes")?,
        networks: row.json_opt("k_networks")?,
        successor: row.id_opt("k_successor_id")?,
        project: row.id_opt("k_project_id")?,
    })
}

impl TenantRead {
    /// Keys in the order they were made, revoked ones too; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_keys(&mut self, page: Page<ApiKeyId>) -> Result<Vec<ApiKey>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                api_key_columns!(),
                " from api_keys k where k.tenant_id = $1 and k.id > $2 order by k.id limit $3"
            ),
            self.tenant.uuid(),
            page.after.map_or(Uuid::nil(), ApiKeyId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// One key of this tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_key(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", api_key_columns!(), " from api_keys k where k.tenant_id = $1 and k.id = $2"),
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }
}

impl TenantRead {
    /// The keys of one user, in the order they were made, revoked ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_keys_of(&mut self, user: UserId, page: Page<ApiKeyId>) -> Result<Vec<ApiKey>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                api_key_columns!(),
                " from api_keys k where k.tenant_id = $1 and k.user_id = $2 and k.id > $3 order by k.id limit $4"
            ),
            self.tenant.uuid(),
            user.uuid(),
            page.after.map_or(Uuid::nil(), ApiKeyId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantWrite {
    /// Adds a key by the SHA-256 of its secret.
    ///
    /// # Errors
    /// `Conflict` on `api_keys_name` or `api_keys_secret_hash`, `NotFound` if this tenant has no such user.
    pub async fn add_api_key(&mut self, key: &ApiKey, secret_hash: &Sha256Digest) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into api_keys (tenant_id, id, user_id, name, prefix, secret_hash, created_at, expires_at, \
             revoked_at, last_used_at, scopes, networks, successor_id, project_id) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            tenant,
            key.id.uuid(),
            key.user.uuid(),
            key.name.as_str(),
            key.prefix.as_str(),
            secret_hash.as_bytes().as_slice(),
            Time(key.created_at),
            key.expires_at.map(Time),
            key.revoked_at.map(Time),
            key.last_used_at.map(Time),
            key.scopes.map(Json),
            key.networks.as_ref().map(Json),
            key.successor.map(ApiKeyId::uuid),
            key.project.map(ProjectId::uuid),
        )?;
        Ok(())
    }

    /// Revokes a key for good.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such key, or it is revoked already.
    pub async fn revoke_api_key(&mut self, id: ApiKeyId, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update api_keys set revoked_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null",
            tenant,
            id.uuid(),
            Time(at),
        )?)
    }

    /// Revokes every key of a user; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_api_keys_of(&mut self, user: UserId, at: Timestamp) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(
            self.tx,
            "update api_keys set revoked_at = $3 where tenant_id = $1 and user_id = $2 and revoked_at is null",
            tenant,
            user.uuid(),
            Time(at),
        )
    }

    /// Names the key that takes this one's place, and when this one ends.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such key, or it is revoked or was replaced already.
    pub async fn supersede_api_key(&mut self, id: ApiKeyId, by: ApiKeyId, until: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update api_keys set successor_id = $3, expires_at = $4 where tenant_id = $1 and id = $2 \
             and revoked_at is null and successor_id is null",
            tenant,
            id.uuid(),
            by.uuid(),
            Time(until),
        )?)
    }

    /// Keeps when a key was last used. Every call is a write: callers do it at most once in a while.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such key.
    pub async fn touch_api_key(&mut self, id: ApiKeyId, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update api_keys set last_used_at = $3 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            Time(at),
        )?)
    }
}
