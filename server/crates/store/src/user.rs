//! Users. The password's hash is kept apart from the row that is handed around.

use leeward_domain::{
    Timestamp,
    ids::UserId,
    permission::Role,
    tenant::{Email, Status},
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Page, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
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
    /// The roles held.
    pub roles: Vec<Role>,
    /// Whether they may act.
    pub status: Status,
    /// When the user was made.
    pub created_at: Timestamp,
    /// The last sign-in, if there was one.
    pub last_login_at: Option<Timestamp>,
}

/// The columns [`from_row`] reads, of a table aliased `u`.
macro_rules! user_columns {
    () => {
        "u.id as u_id, u.email as u_email, u.display_name as u_display_name, u.roles as u_roles, \
         u.status as u_status, u.created_at as u_created_at, u.last_login_at as u_last_login_at"
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
    })
}

impl TenantRead {
    /// Users in the order they were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&mut self, page: Page<UserId>) -> Result<Vec<User>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                " from users u where u.tenant_id = $1 and u.id > $2 order by u.id limit $3"
            ),
            self.tenant.uuid(),
            page.after.map_or(Uuid::nil(), UserId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }

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
    /// `Conflict` on `users_email`, `NotFound` if the tenant does not exist.
    pub async fn add_user(&mut self, user: &User, password_hash: Option<&str>) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into users (tenant_id, id, email, display_name, roles, status, password_hash, created_at, \
             last_login_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            tenant,
            user.id.uuid(),
            user.email.as_str(),
            user.display_name.as_str(),
            Json(&user.roles),
            user.status.as_str(),
            password_hash,
            Time(user.created_at),
            user.last_login_at.map(Time),
        )?;
        Ok(())
    }

    /// Sets a user's roles and status.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn update_user(&mut self, id: UserId, roles: &[Role], status: Status) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update users set roles = $3, status = $4 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            Json(roles),
            status.as_str(),
        )?)
    }

    /// Replaces the hash of a user's password.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn set_password_hash(&mut self, id: UserId, hash: &str) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update users set password_hash = $3 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            hash,
        )?)
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
