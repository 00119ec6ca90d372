//! Finding users: pages of them, filtered, and by the names that others know them by.

use leeward_domain::{
    ids::{TenantId, UserId},
    tenant::Email,
};
use uuid::Uuid;

use crate::{
    Page, PlatformRead, Result, Tenant, TenantRead, User,
    tenant::{self, tenant_columns},
    tx::{fetch_all, fetch_optional},
    user::{self, user_columns},
};

/// How many tenants a person is looked for in as a guest.
const MAX_MEMBERSHIPS: i64 = 100;

/// Which users; the default is all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Exactly this address.
    pub email: Option<Email>,
    /// Exactly this external id.
    pub external_id: Option<String>,
}

impl TenantRead {
    /// Users in the order they were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&mut self, page: Page<UserId>) -> Result<Vec<User>> {
        self.users_where(&UserFilter::default(), page).await
    }

    /// Users that fit, in the order they were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users_where(&mut self, filter: &UserFilter, page: Page<UserId>) -> Result<Vec<User>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                " from users u where u.tenant_id = $1 and u.id > $2 and ($3 is null or u.email = $3) \
                 and ($4 is null or u.external_id = $4) order by u.id limit $5"
            ),
            self.tenant.uuid(),
            page.after.map_or(Uuid::nil(), UserId::uuid),
            filter.email.as_ref().map(Email::as_str),
            filter.external_id.as_deref(),
            page.rows(),
        )?;
        rows.iter().map(user::from_row).collect()
    }

    /// How many users fit.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_users(&mut self, filter: &UserFilter) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select count(*) as n from users u where u.tenant_id = $1 and ($2 is null or u.email = $2) \
             and ($3 is null or u.external_id = $3)",
            self.tenant.uuid(),
            filter.email.as_ref().map(Email::as_str),
            filter.external_id.as_deref(),
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }

    /// The user with this address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_by_email(&mut self, email: &Email) -> Result<Option<User>> {
        let filter = UserFilter { email: Some(email.clone()), external_id: None };
        Ok(self.users_where(&filter, Page { after: None, limit: 1 }).await?.into_iter().next())
    }
}

impl PlatformRead {
    /// The tenants a person was invited to as a guest, with the user they are there, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memberships(&mut self, home: TenantId, person: UserId) -> Result<Vec<(Tenant, User)>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                user_columns!(),
                " from users u join tenants t on t.id = u.tenant_id \
                 where u.home_tenant = $1 and u.home_user = $2 order by t.id limit $3"
            ),
            home.uuid(),
            person.uuid(),
            MAX_MEMBERSHIPS,
        )?;
        rows.iter().map(|row| Ok((tenant::from_row(row)?, user::from_row(row)?))).collect()
    }
}
