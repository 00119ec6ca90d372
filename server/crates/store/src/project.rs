//! Projects: people and API keys of a tenant that belong together.
//!
//! A key belongs to a project while its row says so; it ends with its owner's membership. Who takes a membership away
//! revokes afterwards, and who adds a key holds the membership before: so no key slips in between.

use leeward_domain::{
    Timestamp,
    ids::{ApiKeyId, ProjectId, UserId},
    project::ProjectRole,
};
use uuid::Uuid;

use crate::{
    ApiKey, Page, Result, TenantRead, TenantWrite, User,
    api_key::{self, api_key_columns},
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
    user::{self, user_columns},
};

/// A project as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Names it for ever.
    pub id: ProjectId,
    /// What people call it; unique within the tenant (`projects_name`).
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A member of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectMember {
    /// Who.
    pub user: User,
    /// As what.
    pub role: ProjectRole,
}

fn from_row(row: &Row) -> Result<Project> {
    Ok(Project { id: row.id("id")?, name: row.get("name")?, created_at: row.time("created_at")? })
}

/// A project, and what somebody is in it.
fn seen(row: &Row) -> Result<(Project, Option<ProjectRole>)> {
    Ok((from_row(row)?, row.parsed_opt("role")?))
}

impl TenantRead {
    /// Projects in the order they were made, each with what `user` is in it; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn projects(
        &mut self,
        user: UserId,
        page: Page<ProjectId>,
    ) -> Result<Vec<(Project, Option<ProjectRole>)>> {
        let rows = fetch_all!(
            self.tx,
            "select p.id, p.name, p.created_at, m.role from projects p left join project_members m \
             on m.tenant_id = p.tenant_id and m.project_id = p.id and m.user_id = $2 \
             where p.tenant_id = $1 and p.id > $3 order by p.id limit $4",
            self.tenant.uuid(),
            user.uuid(),
            page.after.map_or(Uuid::nil(), ProjectId::uuid),
            page.rows(),
        )?;
        rows.iter().map(seen).collect()
    }

    /// The projects `user` is a member of, in the order they were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn projects_of(
        &mut self,
        user: UserId,
        page: Page<ProjectId>,
    ) -> Result<Vec<(Project, Option<ProjectRole>)>> {
        let rows = fetch_all!(
            self.tx,
            "select p.id, p.name, p.created_at, m.role from project_members m \
             join projects p on p.tenant_id = m.tenant_id and p.id = m.project_id \
             where m.tenant_id = $1 and m.user_id = $2 and p.id > $3 order by p.id limit $4",
            self.tenant.uuid(),
            user.uuid(),
            page.after.map_or(Uuid::nil(), ProjectId::uuid),
            page.rows(),
        )?;
        rows.iter().map(seen).collect()
    }

    /// One project of this tenant, with what `user` is in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn project(&mut self, id: ProjectId, user: UserId) -> Result<Option<(Project, Option<ProjectRole>)>> {
        let row = fetch_optional!(
            self.tx,
            "select p.id, p.name, p.created_at, m.role from projects p left join project_members m \
             on m.tenant_id = p.tenant_id and m.project_id = p.id and m.user_id = $3 \
             where p.tenant_id = $1 and p.id = $2",
            self.tenant.uuid(),
            id.uuid(),
            user.uuid(),
        )?;
        row.as_ref().map(seen).transpose()
    }

    /// The members of a project, in the order the users were made; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn project_members(&mut self, id: ProjectId, page: Page<UserId>) -> Result<Vec<ProjectMember>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                ", m.role from project_members m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id \
                 where m.tenant_id = $1 and m.project_id = $2 and u.id > $3 order by u.id limit $4"
            ),
            self.tenant.uuid(),
            id.uuid(),
            page.after.map_or(Uuid::nil(), UserId::uuid),
            page.rows(),
        )?;
        rows.iter().map(|row| Ok(ProjectMember { user: user::from_row(row)?, role: row.parsed("role")? })).collect()
    }

    /// The keys of a project, those of one member only if one is given, in the order they were made, revoked ones
    /// too; the cursor is the last one's id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn project_keys(
        &mut self,
        id: ProjectId,
        of: Option<UserId>,
        page: Page<ApiKeyId>,
    ) -> Result<Vec<ApiKey>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                api_key_columns!(),
                " from api_keys k where k.tenant_id = $1 and k.project_id = $2 and ($3 is null or k.user_id = $3) \
                 and k.id > $4 order by k.id limit $5"
            ),
            self.tenant.uuid(),
            id.uuid(),
            of.map(UserId::uuid),
            page.after.map_or(Uuid::nil(), ApiKeyId::uuid),
            page.rows(),
        )?;
        rows.iter().map(api_key::from_row).collect()
    }
}

impl TenantWrite {
    /// Adds a project without members.
    ///
    /// # Errors
    /// `Conflict` on `projects_name`, `NotFound` if the tenant does not exist.
    pub async fn add_project(&mut self, project: &Project) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into projects (tenant_id, id, name, created_at) values ($1, $2, $3, $4)",
            tenant,
            project.id.uuid(),
            project.name.as_str(),
            Time(project.created_at),
        )?;
        Ok(())
    }

    /// Gives a project another name.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such project, `Conflict` on `projects_name`.
    pub async fn rename_project(&mut self, id: ProjectId, name: &str) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update projects set name = $3 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            name,
        )?)
    }

    /// Deletes a project with its memberships and revokes its keys; gives how many keys that were.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such project.
    pub async fn delete_project(&mut self, id: ProjectId, at: Timestamp) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(self.tx, "delete from projects where tenant_id = $1 and id = $2", tenant, id.uuid())?)?;
        execute!(
            self.tx,
            "update api_keys set revoked_at = $3 where tenant_id = $1 and project_id = $2 and revoked_at is null",
            tenant,
            id.uuid(),
            Time(at),
        )
    }

    /// Makes a user a member of a project, or gives a member another role.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such project or no such user.
    pub async fn set_project_member(&mut self, id: ProjectId, user: UserId, role: ProjectRole) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into project_members (tenant_id, project_id, user_id, role) values ($1, $2, $3, $4) \
             on conflict (tenant_id, project_id, user_id) do update set role = excluded.role",
            tenant,
            id.uuid(),
            user.uuid(),
            role.as_str(),
        )?;
        Ok(())
    }

    /// What a user is in a project, held until the commit: nobody takes the membership away before. (`SQLite`'s
    /// writers take turns anyway.)
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_project_member(&mut self, id: ProjectId, user: UserId) -> Result<Option<ProjectRole>> {
        let tenant = self.tenant.uuid();
        let row = fetch_optional!(
            self.tx,
            "update project_members set role = role where tenant_id = $1 and project_id = $2 and user_id = $3 \
             returning role",
            tenant,
            id.uuid(),
            user.uuid(),
        )?;
        row.map(|row| row.parsed("role")).transpose()
    }

    /// Takes a user out of a project and revokes their keys of it; gives how many keys that were.
    ///
    /// # Errors
    /// `NotFound` if they are no member.
    pub async fn remove_project_member(&mut self, id: ProjectId, user: UserId, at: Timestamp) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "delete from project_members where tenant_id = $1 and project_id = $2 and user_id = $3",
            tenant,
            id.uuid(),
            user.uuid(),
        )?)?;
        execute!(
            self.tx,
            "update api_keys set revoked_at = $4 where tenant_id = $1 and project_id = $2 and user_id = $3 \
             and revoked_at is null",
            tenant,
            id.uuid(),
            user.uuid(),
            Time(at),
        )
    }
}
