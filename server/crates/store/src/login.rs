//! Whom an e-mail address might be, before anybody is signed in.

use leeward_domain::tenant::{Email, TenantName};

use crate::{
    PlatformRead, Result, Tenant, User,
    tenant::{self, tenant_columns},
    tx::{Row, fetch_all},
    user::{self, user_columns},
};

/// How many tenants one e-mail address is looked for in; each candidate costs a slow password check.
const MAX_CANDIDATES: i64 = 5;

/// A user with a password and this e-mail address. The caller checks the password and both statuses.
#[derive(Clone)]
pub struct LoginCandidate {
    /// The tenant.
    pub tenant: Tenant,
    /// The user in it.
    pub user: User,
    /// The hash to check the password against.
    pub password_hash: String,
}

fn from_row(row: &Row) -> Result<LoginCandidate> {
    Ok(LoginCandidate {
        tenant: tenant::from_row(row)?,
        user: user::from_row(row)?,
        password_hash: row.get("u_password_hash")?,
    })
}

impl PlatformRead {
    /// Users with this e-mail address and a password, in one tenant or in all; at most five, oldest tenant
    /// first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn login_candidates(
        &mut self,
        email: &Email,
        tenant: Option<&TenantName>,
    ) -> Result<Vec<LoginCandidate>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                tenant_columns!(),
                ", ",
                user_columns!(),
                ", u.password_hash as u_password_hash from users u join tenants t on t.id = u.tenant_id \
                 where u.email = $1 and ($2 is null or t.name = $2) and u.password_hash is not null \
                 order by t.id limit $3"
            ),
            email.as_str(),
            tenant.map(TenantName::as_str),
            MAX_CANDIDATES,
        )?;
        rows.iter().map(from_row).collect()
    }
}
