//! Users. The password's hash is kept apart from the row that is handed around.

use leeward_domain::{
    Timestamp,
    ids::UserId,
    permission::RoleRef,
    tenant::{Email, Status},
    user::{GuestOf, Origin, UserKind},
};
use sqlx::types::Json;

use crate::{
    Grave, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_optional, one_row},
};

/// A user as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Names the user for ever.
    pub id: UserId,
    /// What they sign in with; unique within the tenant (`users_email`).
    pub email: Email,
    /// What others see.
    pub display_name: String,
    /// Who or what it is.
    pub kind: UserKind,
    /// Who keeps the account.
    pub origin: Origin,
    /// What a provisioning system calls it; unique within the tenant (`users_external_id`).
    pub external_id: Option<String>,
    /// The roles held directly; groups may add to them.
    pub roles: Vec<RoleRef>,
    /// Whether they may act.
    pub status: Status,
    /// When the user was made.
    pub created_at: Timestamp,
    /// The last sign-in, if there was one.
    pub last_login_at: Option<Timestamp>,
    /// Whether the password was given by somebody else and must be replaced.
    pub must_change_password: bool,
    /// Whose user this is, if they sign in elsewhere.
    pub guest_of: Option<GuestOf>,
}

/// The columns [`from_row`] reads, of a table aliased `u`.
macro_rules! user_columns {
    () => {
        "u.id as u_id, u.email as u_email, u.display_name as u_display_name, u.roles as u_roles, \
         u.status as u_status, u.created_at as u_created_at, u.last_login_at as u_last_login_at, u.kind as u_kind, \
         u.origin as u_origin, u.external_id as u_external_id, u.must_change_password as u_must_change_password, \
         u.home_tenant as u_home_tenant, u.home_user as u_home_user, u.home_accepted_at as u_home_accepted_at"
    };
}
pub(crate) use user_columns;

pub(crate) fn from_row(row: &Row) -> Result<User> {
    Ok(User {
        id: row.id("u_id")?,
        email: row.parsed("u_email")?,
        display_name: row.get("u_display_name")?,
        roles: row.json("u_roles")?,
        status: row.parsed("u_status")?,
        created_at: row.time("u_created_at")?,
        last_login_at: row.time_opt("u_last_login_at")?,
        kind: row.parsed("u_kind")?,
        origin: row.parsed("u_origin")?,
        external_id: row.get("u_external_id")?,
        must_change_password: row.get("u_must_change_password")?,
        guest_of: match (row.id_opt("u_home_tenant")?, row.id_opt("u_home_user")?) {
            (Some(tenant), Some(user)) => {
                Some(GuestOf { tenant, user, accepted_at: row.time_opt("u_home_accepted_at")? })
            }
            _ => None,
        },
    })
}

impl TenantRead {
    /// One user of this tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user(&mut self, id: UserId) -> Result<Option<User>> {
        let row = fetch_optional!(
            self.tx,
            concat!("select ", user_columns!(), " from users u where u.tenant_id = $1 and u.id = $2"),
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }

    /// The hash of a user's password; `None` if there is no such user or the user has no password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn password_hash(&mut self, id: UserId) -> Result<Option<String>> {
        let row = fetch_optional!(
            self.tx,
            "select password_hash from users where tenant_id = $1 and id = $2",
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.map_or(Ok(None), |row| row.get("password_hash"))
    }
}

impl TenantWrite {
    /// Adds a user, with the hash of a password if they sign in with one.
    ///
    /// # Errors
    /// `Conflict` on `users_email`, `users_external_id` or `users_home`, `NotFound` if the tenant does not exist.
    pub async fn add_user(&mut self, user: &User, password_hash: Option<&str>) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into users (tenant_id, id, email, display_name, roles, status, password_hash, created_at, \
             last_login_at, kind, origin, external_id, must_change_password, home_tenant, home_user, \
             home_accepted_at) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            tenant,
            user.id.uuid(),
            user.email.as_str(),
            user.display_name.as_str(),
            Json(&user.roles),
            user.status.as_str(),
            password_hash,
            Time(user.created_at),
            user.last_login_at.map(Time),
            user.kind.as_str(),
            user.origin.to_string(),
            user.external_id.as_deref(),
            user.must_change_password,
            user.guest_of.map(|guest| guest.tenant.uuid()),
            user.guest_of.map(|guest| guest.user.uuid()),
            user.guest_of.and_then(|guest| guest.accepted_at).map(Time),
        )?;
        Ok(())
    }

    /// Sets what may change about a user: name, address, roles, status, external id, an accepted invitation.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user, `Conflict` on `users_email` or `users_external_id`.
    pub async fn update_user(&mut self, user: &User) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update users set email = $3, display_name = $4, roles = $5, status = $6, external_id = $7, \
             home_accepted_at = $8 where tenant_id = $1 and id = $2",
            tenant,
            user.id.uuid(),
            user.email.as_str(),
            user.display_name.as_str(),
            Json(&user.roles),
            user.status.as_str(),
            user.external_id.as_deref(),
            user.guest_of.and_then(|guest| guest.accepted_at).map(Time),
        )?)
    }

    /// Says whose user a guest is; they may act from now on.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user, `Conflict` on `users_home`.
    pub async fn set_guest(&mut self, id: UserId, guest: GuestOf) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update users set home_tenant = $3, home_user = $4, home_accepted_at = $5 \
             where tenant_id = $1 and id = $2 and home_user is null",
            tenant,
            id.uuid(),
            guest.tenant.uuid(),
            guest.user.uuid(),
            guest.accepted_at.map(Time),
        )?)
    }

    /// Replaces the hash of a user's password; `None` takes the password away. `must_change` marks one that
    /// somebody else chose.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn set_password_hash(&mut self, id: UserId, hash: Option<&str>, must_change: bool) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update users set password_hash = $3, must_change_password = $4 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            hash,
            must_change,
        )?)
    }

    /// Deletes a user with everything that is theirs: sessions, API keys, conversations, their data keys, factors,
    /// memberships.
    /// The audit log keeps what they did. It is for good; ask for holds before.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn delete_user(&mut self, id: UserId, grave: Grave) -> Result<()> {
        let (tenant, user) = (self.tenant.uuid(), id.uuid());
        self.security = true;
        self.bury_user(id, grave).await?;
        execute!(self.tx, "delete from sessions where tenant_id = $1 and user_id = $2", tenant, user)?;
        execute!(self.tx, "delete from api_keys where tenant_id = $1 and user_id = $2", tenant, user)?;
        execute!(self.tx, "delete from conversations where tenant_id = $1 and user_id = $2", tenant, user)?;
        self.delete_data_key_of(id).await?;
        one_row(execute!(self.tx, "delete from users where tenant_id = $1 and id = $2", tenant, user)?)
    }

    /// Keeps when a user last signed in.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn touch_login(&mut self, id: UserId, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update users set last_login_at = $3 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            Time(at),
        )?)
    }
}
