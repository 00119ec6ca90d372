//! Groups of users, and the roles their members hold through them.

use leeward_domain::{
    Timestamp,
    ids::{GroupId, UserId},
    permission::RoleRef,
};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    Page, Result, TenantRead, TenantWrite, User,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
    user::{self, user_columns},
};

/// A group as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Names it for ever.
    pub id: GroupId,
    /// What people call it; unique within the tenant (`groups_name`).
    pub name: String,
    /// What a provisioning system calls it; unique within the tenant (`groups_external_id`).
    pub external_id: Option<String>,
    /// The roles every member holds.
    pub roles: Vec<RoleRef>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its name, roles or members last changed.
    pub updated_at: Timestamp,
}

pub(crate) fn from_row(row: &Row) -> Result<Group> {
    Ok(Group {
        id: row.id("id")?,
        name: row.get("name")?,
        external_id: row.get("external_id")?,
        roles: row.json("roles")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
    })
}

impl TenantRead {
    /// Groups in the order they were made, those of exactly this name only if one is given; the cursor is the
    /// last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn groups(&mut self, name: Option<&str>, page: Page<GroupId>) -> Result<Vec<Group>> {
        let rows = fetch_all!(
            self.tx,
            "select g.id, g.name, g.external_id, g.roles, g.created_at, g.updated_at from groups g \
             where g.tenant_id = $1 and g.id > $2 and ($3 is null or g.name = $3) order by g.id limit $4",
            self.tenant.uuid(),
            page.after.map_or(Uuid::nil(), GroupId::uuid),
            name,
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }

    /// How many groups there are, of exactly this name if one is given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_groups(&mut self, name: Option<&str>) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select count(*) as n from groups where tenant_id = $1 and ($2 is null or name = $2)",
            self.tenant.uuid(),
            name,
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }

    /// One group of this tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn group(&mut self, id: GroupId) -> Result<Option<Group>> {
        let row = fetch_optional!(
            self.tx,
            "select g.id, g.name, g.external_id, g.roles, g.created_at, g.updated_at from groups g \
             where g.tenant_id = $1 and g.id = $2",
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }

    /// The members of a group, in the order they were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn group_members(&mut self, id: GroupId, page: Page<UserId>) -> Result<Vec<User>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                " from group_members m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id \
                 where m.tenant_id = $1 and m.group_id = $2 and u.id > $3 order by u.id limit $4"
            ),
            self.tenant.uuid(),
            id.uuid(),
            page.after.map_or(Uuid::nil(), UserId::uuid),
            page.rows(),
        )?;
        rows.iter().map(user::from_row).collect()
    }

    /// The groups a user is in, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn groups_of(&mut self, user: UserId, page: Page<GroupId>) -> Result<Vec<Group>> {
        let rows = fetch_all!(
            self.tx,
            "select g.id, g.name, g.external_id, g.roles, g.created_at, g.updated_at from group_members m \
             join groups g on g.tenant_id = m.tenant_id and g.id = m.group_id \
             where m.tenant_id = $1 and m.user_id = $2 and g.id > $3 order by g.id limit $4",
            self.tenant.uuid(),
            user.uuid(),
            page.after.map_or(Uuid::nil(), GroupId::uuid),
            page.rows(),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantWrite {
    /// Adds a group.
    ///
    /// # Errors
    /// `Conflict` on `groups_name` or `groups_external_id`.
    pub async fn add_group(&mut self, group: &Group) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into groups (tenant_id, id, name, external_id, roles, created_at, updated_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            tenant,
            group.id.uuid(),
            group.name.as_str(),
            group.external_id.as_deref(),
            Json(&group.roles),
            Time(group.created_at),
            Time(group.updated_at),
        )?;
        Ok(())
    }

    /// Sets a group's name, external id and roles.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such group, `Conflict` on `groups_name` or `groups_external_id`.
    pub async fn update_group(&mut self, group: &Group) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update groups set name = $3, external_id = $4, roles = $5, updated_at = $6 \
             where tenant_id = $1 and id = $2",
            tenant,
            group.id.uuid(),
            group.name.as_str(),
            group.external_id.as_deref(),
            Json(&group.roles),
            Time(group.updated_at),
        )?)
    }

    /// Deletes a group; its members stay users.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such group.
    pub async fn delete_group(&mut self, id: GroupId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(self.tx, "delete from groups where tenant_id = $1 and id = $2", tenant, id.uuid())?)
    }

    /// Puts a user into a group; no change if they are in it.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such group or no such user.
    pub async fn add_group_member(&mut self, group: GroupId, user: UserId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(
            self.tx,
            "insert into group_members (tenant_id, group_id, user_id) values ($1, $2, $3) on conflict do nothing",
            tenant,
            group.uuid(),
            user.uuid(),
        )?;
        Ok(())
    }

    /// Takes a user out of a group; no change if they are not in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_group_member(&mut self, group: GroupId, user: UserId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(
            self.tx,
            "delete from group_members where tenant_id = $1 and group_id = $2 and user_id = $3",
            tenant,
            group.uuid(),
            user.uuid(),
        )?;
        Ok(())
    }

    /// Takes everybody out of a group.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_group_members(&mut self, group: GroupId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(self.tx, "delete from group_members where tenant_id = $1 and group_id = $2", tenant, group.uuid(),)?;
        Ok(())
    }
}
