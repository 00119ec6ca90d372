//! Grants that access tokens stand on, their refresh tokens, ids of tokens that may be used once, and the
//! appliance's signing keys.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{ApiKeyId, GrantId, IssuerId, SigningKeyId, TenantId, UserId},
    permission::PermissionSet,
    tenant::InvalidName,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Page, PlatformRead, PlatformWrite, Result, TenantRead, TenantWrite,
    identity::GrantIdentity,
    tenant::{self, tenant_columns},
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
    user::{self, user_columns},
};

/// Signing keys kept: the one in use, the next, and those whose tokens may still live.
const MAX_SIGNING_KEYS: i64 = 16;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// How a grant came about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum GrantKind { $($(#[doc = $doc])+ $name),+ }

        impl GrantKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The database and JSON spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }

        impl std::str::FromStr for GrantKind {
            type Err = InvalidName;
            fn from_str(text: &str) -> std::result::Result<Self, InvalidName> {
                match text { $($text => Ok(Self::$name),)+ _ => Err(InvalidName("no such kind of grant")) }
            }
        }
    };
}

kinds! {
    /// A person handed it to a program of theirs.
    Personal = "personal",
    /// An API key was exchanged.
    ApiKey = "api_key",
    /// A foreign issuer's token was exchanged.
    Workload = "workload",
}

/// A grant as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenGrant {
    /// Names it for ever; access tokens carry it.
    pub id: GrantId,
    /// Who acts.
    pub user: UserId,
    /// How it came about.
    pub kind: GrantKind,
    /// What its owner calls it.
    pub name: String,
    /// The key that was exchanged; its end ends the grant.
    pub api_key: Option<ApiKeyId>,
    /// The foreign issuer.
    pub issuer: Option<IssuerId>,
    /// Who it was at the foreign issuer.
    pub subject: Option<String>,
    /// What it may at most do; unset: what its user may.
    pub scopes: Option<PermissionSet>,
    /// When it was given.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used; may lag behind.
    pub last_used_at: Option<Timestamp>,
}

macro_rules! grant_columns {
    () => {
        "g.id as g_id, g.user_id as g_user_id, g.kind as g_kind, g.name as g_name, g.api_key_id as g_api_key_id, \
         g.issuer_id as g_issuer_id, g.subject as g_subject, g.scopes as g_scopes, g.created_at as g_created_at, \
         g.expires_at as g_expires_at, g.last_used_at as g_last_used_at"
    };
}

fn from_row(row: &Row) -> Result<TokenGrant> {
    Ok(TokenGrant {
        id: row.id("g_id")?,
        user: row.id("g_user_id")?,
        kind: row.parsed("g_kind")?,
        name: row.get("g_name")?,
        api_key: row.id_opt("g_api_key_id")?,
        issuer: row.id_opt("g_issuer_id")?,
        subject: row.get("g_subject")?,
        scopes: row.json_opt("g_scopes")?,
        created_at: row.time("g_created_at")?,
        expires_at: row.time("g_expires_at")?,
        last_used_at: row.time_opt("g_last_used_at")?,
    })
}

/// A refresh token as kept: never the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// What it renews.
    pub grant: TokenGrant,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was first exchanged.
    pub used_at: Option<Timestamp>,
}

/// A key that signs access tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Names it for ever; tokens carry it as `kid`.
    pub id: SigningKeyId,
    /// The public half.
    pub public_key: [u8; 32],
    /// The seed of the private half, wrapped.
    pub seed: Vec<u8>,
    /// When it was made and published.
    pub created_at: Timestamp,
    /// From when on it signs: later than its publication, so that whoever checks has it by then.
    pub signs_from: Timestamp,
}

impl TenantRead {
    /// The living grants of one user of one kind, in the order they were given; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grants_of(&mut self, user: UserId, kind: GrantKind, page: Page<GrantId>) -> Result<Vec<TokenGrant>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                grant_columns!(),
                " from token_grants g where g.tenant_id = $1 and g.user_id = $2 and g.kind = $3 and g.id > $4 \
                 order by g.id limit $5"
            ),
            self.tenant.uuid(),
            user.uuid(),
            kind.as_str(),
            page.after.map_or(Uuid::nil(), GrantId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl PlatformRead {
    /// The owner of a grant, expired ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_grant(&mut self, tenant: TenantId, id: GrantId) -> Result<Option<GrantIdentity>> {
        let epoch = self.security_epoch().await?;
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                grant_columns!(),
                ", ",
                user_columns!(),
                ", k.revoked_at as revoked_at, k.expires_at as key_expires_at, k.project_id as key_project_id \
                 from token_grants g \
                 join users u on u.tenant_id = g.tenant_id and u.id = g.user_id join tenants t on t.id = g.tenant_id \
                 left join api_keys k on k.tenant_id = g.tenant_id and k.id = g.api_key_id \
                 where g.tenant_id = $1 and g.id = $2"
            ),
            tenant.uuid(),
            id.uuid(),
        )?;
        let Some(row) = row else { return Ok(None) };
        if row.time_opt("revoked_at")?.is_some() {
            return Ok(None);
        }
        let (tenant, user) = (tenant::from_row(&row)?, user::from_row(&row)?);
        let mut grant = from_row(&row)?;
        // A grant never outlives the key it was made from.
        if let Some(end) = row.time_opt("key_expires_at")? {
            grant.expires_at = grant.expires_at.min(end);
        }
        let grants = self.grants(tenant.id, &user, epoch).await?;
        Ok(Some(GrantIdentity { tenant, grant, user, project: row.id_opt("key_project_id")?, grants }))
    }

    /// The signing keys, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_keys(&mut self) -> Result<Vec<SigningKey>> {
        let rows = fetch_all!(
            self.tx,
            "select id, public_key, seed, created_at, signs_from from signing_keys order by id desc limit $1",
            MAX_SIGNING_KEYS,
        )?;
        rows.iter()
            .map(|row| {
                Ok(SigningKey {
                    id: row.id("id")?,
                    public_key: *row.digest("public_key")?.as_bytes(),
                    seed: row.get("seed")?,
                    created_at: row.time("created_at")?,
                    signs_from: row.time("signs_from")?,
                })
            })
            .collect()
    }
}

impl PlatformWrite {
    /// Takes a refresh token for an exchange: marks its first use. Exactly one of several at once sees `used_at`
    /// unset. The tenant is the one to go on in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_refresh_token(
        &mut self,
        token_hash: &Sha256Digest,
        now: Timestamp,
    ) -> Result<Option<(TenantId, RefreshToken)>> {
        let first = execute!(
            self.tx,
            "update refresh_tokens set used_at = $2 where token_hash = $1 and used_at is null",
            token_hash.as_bytes().as_slice(),
            Time(now),
        )? == 1;
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select r.tenant_id as tenant_id, r.expires_at as expires_at, r.used_at as used_at, ",
                grant_columns!(),
                " from refresh_tokens r join token_grants g on g.tenant_id = r.tenant_id and g.id = r.grant_id \
                 where r.token_hash = $1"
            ),
            token_hash.as_bytes().as_slice(),
        )?;
        row.map(|row| {
            let used_at = if first { None } else { row.time_opt("used_at")? };
            let token = RefreshToken { grant: from_row(&row)?, expires_at: row.time("expires_at")?, used_at };
            Ok((row.id("tenant_id")?, token))
        })
        .transpose()
    }

    /// Adds a signing key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_signing_key(&mut self, key: &SigningKey) -> Result<()> {
        self.security = true;
        execute!(
            self.tx,
            "insert into signing_keys (id, public_key, seed, created_at, signs_from) values ($1, $2, $3, $4, $5)",
            key.id.uuid(),
            key.public_key.as_slice(),
            key.seed.as_slice(),
            Time(key.created_at),
            Time(key.signs_from),
        )?;
        Ok(())
    }

    /// Puts another wrapped form of a signing key's seed in place of `old`; false if that is not its form any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_signing_seed(&mut self, id: SigningKeyId, old: &[u8], new: &[u8]) -> Result<bool> {
        let replace = "update signing_keys set seed = $3 where id = $1 and seed = $2";
        Ok(execute!(self.tx, replace, id.uuid(), old, new)? == 1)
    }

    /// Removes a signing key whose tokens have all expired.
    ///
    /// # Errors
    /// `NotFound` if there is no such key.
    pub async fn delete_signing_key(&mut self, id: SigningKeyId) -> Result<()> {
        self.security = true;
        one_row(execute!(self.tx, "delete from signing_keys where id = $1", id.uuid())?)
    }

    /// Clears away the grants, refresh tokens and token ids that ended before `now`; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_tokens(&mut self, now: Timestamp) -> Result<u64> {
        Ok(execute!(self.tx, "delete from token_grants where expires_at < $1", Time(now))?
            + execute!(self.tx, "delete from refresh_tokens where expires_at < $1", Time(now))?
            + execute!(self.tx, "delete from used_tokens where expires_at < $1", Time(now))?)
    }
}

impl TenantWrite {
    /// Adds a grant.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user, key or issuer.
    pub async fn add_grant(&mut self, grant: &TokenGrant) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into token_grants (tenant_id, id, user_id, kind, name, api_key_id, issuer_id, subject, scopes, \
             created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            tenant,
            grant.id.uuid(),
            grant.user.uuid(),
            grant.kind.as_str(),
            grant.name.as_str(),
            grant.api_key.map(ApiKeyId::uuid),
            grant.issuer.map(IssuerId::uuid),
            grant.subject.as_deref(),
            grant.scopes.map(Json),
            Time(grant.created_at),
            Time(grant.expires_at),
        )?;
        Ok(())
    }

    /// Ends a grant with all its tokens.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such grant (any more).
    pub async fn delete_grant(&mut self, id: GrantId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(self.tx, "delete from token_grants where tenant_id = $1 and id = $2", tenant, id.uuid())?)
    }

    /// Keeps when a grant was last used. Every call is a write: callers do it at most once in a while.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such grant (any more).
    pub async fn touch_grant(&mut self, id: GrantId, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update token_grants set last_used_at = $3 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            Time(at),
        )?)
    }

    /// Adds a refresh token by its SHA-256.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such grant.
    pub async fn add_refresh_token(
        &mut self,
        grant: GrantId,
        token_hash: &Sha256Digest,
        created_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into refresh_tokens (tenant_id, token_hash, grant_id, created_at, expires_at) \
             values ($1, $2, $3, $4, $5)",
            tenant,
            token_hash.as_bytes().as_slice(),
            grant.uuid(),
            Time(created_at),
            Time(expires_at),
        )?;
        Ok(())
    }

    /// Uses up a token's id; `false` if it was used before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_token_id(&mut self, digest: &Sha256Digest, until: Timestamp) -> Result<bool> {
        let tenant = self.tenant.uuid();
        let added = execute!(
            self.tx,
            "insert into used_tokens (tenant_id, digest, expires_at) values ($1, $2, $3) on conflict do nothing",
            tenant,
            digest.as_bytes().as_slice(),
            Time(until),
        )?;
        Ok(added == 1)
    }
}
