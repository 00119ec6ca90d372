//! `/api/projects`: projects of a tenant, administered by some of their own members.
//!
//! Who holds `projects.manage` makes, changes and deletes any project. A project's administrators need no permission:
//! they name it, choose its members and revoke its keys, and can do nothing else by it. Whoever is neither a member
//! nor a manager does not learn that a project is there. To add something a project owns: a file here that begins
//! with [`standing`].

pub mod keys;
pub mod members;

use actix_web::{HttpResponse, web};
use leeward_domain::{ids::ProjectId, permission::Permission, project::ProjectRole, time::Timestamp};
use leeward_ledger::EventCode;
use leeward_store::{Page, StoreError, TenantRead};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{Anyone, Permit, ProjectsManage},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, name, recorded},
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// A project.
#[derive(Debug, Serialize, ToSchema)]
pub struct Project {
    #[schema(value_type = String)]
    id: ProjectId,
    name: String,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// What the caller is in it: `admin` or `member`; null for a manager who is neither.
    #[schema(value_type = Option<String>)]
    role: Option<ProjectRole>,
}

impl Project {
    fn of((project, role): (leeward_store::Project, Option<ProjectRole>)) -> Self {
        Self { id: project.id, name: project.name, created_at: project.created_at, role }
    }
}

/// A project's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectName {
    /// 1 to 100 characters, unique in the tenant.
    name: String,
}

/// What a caller is to a project they may see.
#[derive(Debug)]
pub(super) struct Standing {
    /// The project.
    project: leeward_store::Project,
    /// What the caller is in it.
    role: Option<ProjectRole>,
    /// Whether the caller holds `projects.manage`.
    manages: bool,
}

impl Standing {
    /// Whether the caller may choose its members and revoke its keys.
    fn administers(&self) -> bool {
        self.manages || self.role == Some(ProjectRole::Admin)
    }

    /// Refuses whoever may not.
    fn must_administer(&self) -> Result<(), AppError> {
        if self.administers() {
            return Ok(());
        }
        let detail = "only the project's administrators can do this; GET its members to see who they are";
        Err(AppError::new(Code::Forbidden, detail))
    }
}

/// What the caller is to a project; 404 if they are to see nothing of it.
async fn standing(read: &mut TenantRead, permit: &Permit<Anyone>, id: ProjectId) -> Result<Standing, AppError> {
    let manages = manages(permit)?;
    let found = read.project(id, permit.user.id).await?.filter(|(_, role)| manages || role.is_some());
    let (project, role) = found.ok_or_else(|| AppError::not_found("project", id))?;
    Ok(Standing { project, role, manages })
}

/// Whether the caller holds `projects.manage`. No scope of a key says whether it may use its owner's memberships, so a
/// limited one may not.
fn manages(permit: &Permit<Anyone>) -> Result<bool, AppError> {
    let manages = permit.principal.may(Permission::ProjectsManage);
    if permit.limited_key && !manages {
        let detail = "an access token, or a key limited by scopes, networks, expiry or a project, uses no memberships; \
                      sign in, or use a key without limits";
        return Err(AppError::new(Code::Forbidden, detail));
    }
    Ok(manages)
}

/// Lists the projects the caller is a member of, or all for who holds `projects.manage`; oldest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/projects", tag = "projects", params(PageQuery), responses(
    (status = 200, description = "A page of projects", body = Paged<Project>)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let manages = manages(&permit)?;
    let (mut read, page) = (app.store.tenant_read(permit.tenant.id).await?, Page { after, limit });
    let rows = match manages {
        true => read.projects(permit.user.id, page).await?,
        false => read.projects_of(permit.user.id, page).await?,
    };
    let next_cursor = paging::next_cursor(&rows, limit, |(project, _)| project.id);
    let items: Vec<Project> = rows.into_iter().map(Project::of).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a project without members.
///
/// # Errors
/// 409 when the name is taken.
#[utoipa::path(post, path = "/api/projects", tag = "projects", request_body = ProjectName, responses(
    (status = 201, description = "Made", body = Project),
    (status = 403, description = "Needs projects.manage", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<ProjectsManage>,
    Body(new): Body<ProjectName>,
) -> Result<HttpResponse, AppError> {
    let (id, now): (ProjectId, _) = (app.ambient.mint(), app.ambient.now());
    let draft = permit.draft(&app);
    let work = async {
        let project = leeward_store::Project { id, name: name(&new.name)?, created_at: now };
        let mut record = draft.on(EventCode::ProjectCreated, "project", id);
        record.changes = vec![changed("name", None, Some(project.name.clone()))];
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.add_project(&project).await.map_err(|error| taken(error, &project.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(project)
    };
    let project = recorded(&app, draft.on(EventCode::ProjectChangeFailed, "project", id), work).await?;
    Ok(HttpResponse::Created().json(Project::of((project, None))))
}

/// Gives a project another name.
///
/// # Errors
/// 404 for one the caller is not to see, 403 for who does not administer it, 409 when the name is taken.
#[utoipa::path(patch, path = "/api/projects/{id}", tag = "projects", params(("id" = String, Path)),
    request_body = ProjectName, responses(
    (status = 200, description = "Renamed", body = Project),
    (status = 403, description = "Needs projects.manage, or to administer the project", body = Problem),
    (status = 404, description = "No such project", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn rename(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    id: web::Path<String>,
    Body(new): Body<ProjectName>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let name = name(&new.name)?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let standing = standing(&mut tx, &permit, id).await?;
        standing.must_administer()?;
        tx.rename_project(id, &name).await.map_err(|error| taken(error, &name))?;
        let mut record = draft.on(EventCode::ProjectUpdated, "project", id);
        record.changes = vec![changed("name", Some(standing.project.name.clone()), Some(name.clone()))];
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok((leeward_store::Project { name, ..standing.project }, standing.role))
    };
    let project = recorded(&app, draft.on(EventCode::ProjectChangeFailed, "project", id), work).await?;
    Ok(HttpResponse::Ok().json(Project::of(project)))
}

/// Deletes a project and revokes its keys; its members stay users.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(delete, path = "/api/projects/{id}", tag = "projects", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Needs projects.manage", body = Problem),
    (status = 404, description = "No such project", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<ProjectsManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let keys = tx.delete_project(id, app.ambient.now()).await.map_err(|error| match error {
            StoreError::NotFound => AppError::not_found("project", id),
            other => other.into(),
        })?;
        let mut record = draft.on(EventCode::ProjectDeleted, "project", id);
        record.changes = vec![changed("living_keys", Some(keys.to_string()), Some("0".into()))];
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::ProjectChangeFailed, "project", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn parse(id: &str) -> Result<ProjectId, AppError> {
    id.parse().map_err(|_| AppError::not_found("project", id))
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Conflict { .. } => AppError::new(Code::Conflict, format!("there is a project {name:?} already")),
        other => other.into(),
    }
}
