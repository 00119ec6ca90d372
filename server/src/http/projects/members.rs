//! `/api/projects/{id}/members`: who is in a project, and as what.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{ProjectId, UserId},
    project::ProjectRole,
    tenant::Email,
    user::UserKind,
};
use leeward_ledger::EventCode;
use leeward_store::{Page, ProjectMember, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{parse, standing};
use crate::{
    app::App,
    auth::permit::{Anyone, Permit},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// A member of a project.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberRow {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = String)]
    email: Email,
    display_name: String,
    /// `admin` or `member`.
    #[schema(value_type = String)]
    role: ProjectRole,
}

impl From<ProjectMember> for MemberRow {
    fn from(member: ProjectMember) -> Self {
        let ProjectMember { user, role } = member;
        Self { id: user.id, email: user.email, display_name: user.display_name, role }
    }
}

/// As what somebody is to be in a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectMembership {
    /// `admin` or `member`.
    #[schema(value_type = String)]
    role: ProjectRole,
}

/// Lists a project's members, oldest user first.
///
/// # Errors
/// 404 for a project the caller is not to see.
#[utoipa::path(get, path = "/api/projects/{id}/members", tag = "projects", params(("id" = String, Path), PageQuery),
    responses(
    (status = 200, description = "A page of members", body = Paged<MemberRow>),
    (status = 404, description = "No such project", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    id: web::Path<String>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, limit, after) = (parse(&id)?, page.limit()?, page.cursor()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    standing(&mut read, &permit, id).await?;
    let members = read.project_members(id, Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&members, limit, |member| member.user.id);
    let items: Vec<MemberRow> = members.into_iter().map(MemberRow::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a user of the tenant a member, or gives a member another role.
///
/// # Errors
/// 403 for who does not administer the project, 404 for no such project or user, 409 for oneself.
#[utoipa::path(put, path = "/api/projects/{id}/members/{user_id}", tag = "projects",
    params(("id" = String, Path), ("user_id" = String, Path)), request_body = ProjectMembership, responses(
    (status = 204, description = "In"),
    (status = 403, description = "Needs projects.manage, or to administer the project", body = Problem),
    (status = 404, description = "No such project or user", body = Problem),
    (status = 409, description = "Nobody changes their own membership", body = Problem)))]
pub async fn put(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    path: web::Path<(String, String)>,
    Body(membership): Body<ProjectMembership>,
) -> Result<HttpResponse, AppError> {
    let (id, user) = ids(&path)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let standing = standing(&mut tx, &permit, id).await?;
        standing.must_administer()?;
        if user == permit.user.id && !standing.manages {
            let detail = "nobody changes their own membership; another administrator of the project can";
            return Err(AppError::new(Code::Conflict, detail));
        }
        let kind = tx.user(user).await?.ok_or_else(|| AppError::not_found("user", user))?.kind;
        if kind == UserKind::BreakGlass {
            return Err(AppError::new(Code::Conflict, "the emergency account is in no project"));
        }
        let before = tx.hold_project_member(id, user).await?;
        tx.set_project_member(id, user, membership.role).await?;
        let mut record = draft.on(EventCode::ProjectUpdated, "project", id);
        record.changes =
            vec![changed("member", before.map(|role| spell(user, role)), Some(spell(user, membership.role)))];
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::ProjectChangeFailed, "project", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a member out of a project; their keys of it are revoked. Its administrators may leave it themselves.
///
/// # Errors
/// 403 for who does not administer the project, 404 for no such project or member.
#[utoipa::path(delete, path = "/api/projects/{id}/members/{user_id}", tag = "projects",
    params(("id" = String, Path), ("user_id" = String, Path)), responses(
    (status = 204, description = "Out"),
    (status = 403, description = "Needs projects.manage, or to administer the project", body = Problem),
    (status = 404, description = "No such project or member", body = Problem)))]
pub async fn remove(
    app: web::Data<App>,
    permit: Permit<Anyone>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, AppError> {
    let (id, user) = ids(&path)?;
    let draft = permit.draft(&app);
    let work = async {
        let missing = || AppError::not_found("member", user);
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        standing(&mut tx, &permit, id).await?.must_administer()?;
        let before = tx.hold_project_member(id, user).await?.ok_or_else(missing)?;
        let keys = tx.remove_project_member(id, user, app.ambient.now()).await.map_err(|error| match error {
            StoreError::NotFound => missing(),
            other => other.into(),
        })?;
        let mut record = draft.on(EventCode::ProjectUpdated, "project", id);
        record.changes = vec![
            changed("member", Some(spell(user, before)), None),
            changed("living_keys", Some(keys.to_string()), Some("0".into())),
        ];
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::ProjectChangeFailed, "project", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn ids((project, user): &(String, String)) -> Result<(ProjectId, UserId), AppError> {
    Ok((parse(project)?, user.parse().map_err(|_| AppError::not_found("user", user))?))
}

fn spell(user: UserId, role: ProjectRole) -> String {
    format!("{user} {}", role.as_str())
}
