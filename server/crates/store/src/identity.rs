//! Whose credential it is: the look-ups every request begins with, and what the owner may do.

use leeward_domain::{
    Sha256Digest,
    ids::{ProjectId, RoleId, TenantId, UserId},
    permission::{PermissionSet, RoleRef},
};
use uuid::Uuid;

use crate::{
    ApiKey, PlatformRead, Result, Session, Tenant, TokenGrant, User,
    api_key::{self, api_key_columns},
    role::MAX_ROLES,
    session::{self, session_columns},
    tenant::{self, tenant_columns},
    tx::{Row, fetch_all, fetch_optional},
    user::{self, user_columns},
};

/// Groups read of one user; SCIM sources have been seen with a few hundred.
const MAX_GROUPS: i64 = 1000;

/// The owner of an API key. The caller checks statuses, expiry and revocation.
#[derive(Debug, Clone)]
pub struct KeyIdentity {
    /// The tenant the key acts in.
    pub tenant: Tenant,
    /// The key.
    pub key: ApiKey,
    /// Its owner.
    pub user: User,
    /// What the owner holds.
    pub grants: Grants,
}

/// The owner of a session. The caller checks statuses and expiry.
#[derive(Debug, Clone)]
pub struct SessionIdentity {
    /// The tenant the session is in.
    pub tenant: Tenant,
    /// The session.
    pub session: Session,
    /// Who signed in.
    pub user: User,
    /// What they hold.
    pub grants: Grants,
}

/// The owner of a grant that access tokens stand on. The caller checks statuses and expiry.
#[derive(Debug, Clone)]
pub struct GrantIdentity {
    /// The tenant the grant acts in.
    pub tenant: Tenant,
    /// The grant.
    pub grant: TokenGrant,
    /// Who acts.
    pub user: User,
    /// The project of the key it was made from.
    pub project: Option<ProjectId>,
    /// What they hold.
    pub grants: Grants,
}

/// A user with what they hold. The caller checks statuses.
#[derive(Debug, Clone)]
pub struct UserIdentity {
    /// The tenant.
    pub tenant: Tenant,
    /// The user.
    pub user: User,
    /// What they hold.
    pub grants: Grants,
}

/// The roles a user holds directly and through groups, and what the tenant's own roles mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Sorted, each once.
    pub roles: Vec<RoleRef>,
    /// What the roles add up to, before scopes and the separation of duties.
    pub permissions: PermissionSet,
    /// The security epoch they were read at.
    pub epoch: u64,
}

impl PlatformRead {
    /// The key whose secret has this SHA-256, revoked and expired ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_api_key(&mut self, secret_hash: &Sha256Digest) -> Result<Option<KeyIdentity>> {
        // Before the rows: a change between the two is then noticed later, never missed.
        let epoch = self.security_epoch().await?;
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                api_key_columns!(),
                ", ",
                user_columns!(),
                " from api_keys k join users u on u.tenant_id = k.tenant_id and u.id = k.user_id \
                 join tenants t on t.id = k.tenant_id where k.secret_hash = $1"
            ),
            secret_hash.as_bytes().as_slice(),
        )?;
        let Some(row) = row else { return Ok(None) };
        let (tenant, user) = (tenant::from_row(&row)?, user::from_row(&row)?);
        let grants = self.grants(tenant.id, &user, epoch).await?;
        Ok(Some(KeyIdentity { tenant, key: api_key::from_row(&row)?, user, grants }))
    }

    /// The session whose token has this SHA-256, expired ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_session(&mut self, token_hash: &Sha256Digest) -> Result<Option<SessionIdentity>> {
        let epoch = self.security_epoch().await?;
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                session_columns!(),
                ", ",
                user_columns!(),
                " from sessions s join users u on u.tenant_id = s.tenant_id and u.id = s.user_id \
                 join tenants t on t.id = s.tenant_id where s.token_hash = $1"
            ),
            token_hash.as_bytes().as_slice(),
        )?;
        let Some(row) = row else { return Ok(None) };
        let (tenant, user) = (tenant::from_row(&row)?, user::from_row(&row)?);
        let grants = self.grants(tenant.id, &user, epoch).await?;
        Ok(Some(SessionIdentity { tenant, session: session::from_row(&row)?, user, grants }))
    }

    /// A user by tenant and id, with what they hold.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_user(&mut self, tenant: TenantId, user: UserId) -> Result<Option<UserIdentity>> {
        let epoch = self.security_epoch().await?;
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                user_columns!(),
                " from users u join tenants t on t.id = u.tenant_id where u.tenant_id = $1 and u.id = $2"
            ),
            tenant.uuid(),
            user.uuid(),
        )?;
        let Some(row) = row else { return Ok(None) };
        let (tenant, user) = (tenant::from_row(&row)?, user::from_row(&row)?);
        let grants = self.grants(tenant.id, &user, epoch).await?;
        Ok(Some(UserIdentity { tenant, user, grants }))
    }

    /// What a user of a tenant holds.
    pub(crate) async fn grants(&mut self, tenant: TenantId, user: &User, epoch: u64) -> Result<Grants> {
        let through_groups = fetch_all!(
            self.tx,
            "select g.roles as roles from group_members m \
             join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id \
             where m.tenant_id = $1 and m.user_id = $2 order by g.id limit $3",
            tenant.uuid(),
            user.id.uuid(),
            MAX_GROUPS,
        )?;
        let mut roles = user.roles.clone();
        for row in &through_groups {
            roles.extend(row.json::<Vec<RoleRef>>("roles")?);
        }
        roles.sort_unstable();
        roles.dedup();
        let custom = self.custom_permissions(tenant.uuid()).await?;
        let meaning = |id| custom.iter().find(|(known, _)| *known == id).map(|(_, held)| *held);
        let permissions = roles.iter().fold(PermissionSet::NONE, |all, role| all.union(role.permissions(meaning)));
        Ok(Grants { roles, permissions, epoch })
    }

    async fn custom_permissions(&mut self, tenant: Uuid) -> Result<Vec<(RoleId, PermissionSet)>> {
        let limit = i64::try_from(MAX_ROLES).unwrap_or(i64::MAX);
        let rows = fetch_all!(
            self.tx,
            "select id, permissions from roles where tenant_id = $1 order by id limit $2",
            tenant,
            limit,
        )?;
        rows.iter().map(|row: &Row| Ok((row.id("id")?, row.json("permissions")?))).collect()
    }
}
