//! Lists for a provisioning system (SCIM): by position instead of by cursor, because that is how its pages go.
//!
//! A person here is somebody who signs in at this tenant: no guest, no service account, no emergency account.

use crate::{
    Group, Result, TenantRead, User, group, page,
    tx::{fetch_all, fetch_optional, signed},
    user::{self, user_columns},
};

impl TenantRead {
    /// Persons in the order they were made, without the first `skip`, at most `limit` (and [`crate::MAX_PAGE`]).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn persons_from(&mut self, skip: u64, limit: u32) -> Result<Vec<User>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                " from users u where u.tenant_id = $1 and u.kind = 'person' and u.home_user is null \
                 order by u.id limit $2 offset $3"
            ),
            self.tenant.uuid(),
            page::bounded(limit),
            signed(skip),
        )?;
        rows.iter().map(user::from_row).collect()
    }

    /// How many persons there are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_persons(&mut self) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select count(*) as n from users where tenant_id = $1 and kind = 'person' and home_user is null",
            self.tenant.uuid(),
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }

    /// Groups in the order they were made, without the first `skip`, at most `limit` (and [`crate::MAX_PAGE`]).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn groups_from(&mut self, skip: u64, limit: u32) -> Result<Vec<Group>> {
        let rows = fetch_all!(
            self.tx,
            "select g.id, g.name, g.external_id, g.roles, g.created_at, g.updated_at from groups g \
             where g.tenant_id = $1 order by g.id limit $2 offset $3",
            self.tenant.uuid(),
            page::bounded(limit),
            signed(skip),
        )?;
        rows.iter().map(group::from_row).collect()
    }

    /// The group that a provisioning system calls by this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn group_by_external_id(&mut self, external_id: &str) -> Result<Option<Group>> {
        let row = fetch_optional!(
            self.tx,
            "select g.id, g.name, g.external_id, g.roles, g.created_at, g.updated_at from groups g \
             where g.tenant_id = $1 and g.external_id = $2",
            self.tenant.uuid(),
            external_id,
        )?;
        row.as_ref().map(group::from_row).transpose()
    }
}
