//! `/api/groups`: groups of users, and the roles their members hold through them.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::{GroupId, UserId},
    permission::RoleRef,
    tenant::Email,
    time::Timestamp,
    user::UserKind,
};
use leeward_ledger::EventCode;
use leeward_store::{Page, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{changed, duties, name, recorded, users};
use crate::{
    app::App,
    auth::permit::{Permit, UsersManage},
    error::{AppError, Code},
    http::{
        Body,
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
};

/// A group.
#[derive(Debug, Serialize, ToSchema)]
pub struct Group {
    #[schema(value_type = String)]
    id: GroupId,
    name: String,
    /// What a provisioning system calls it.
    external_id: Option<String>,
    /// What every member holds.
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleRef>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

impl From<leeward_store::Group> for Group {
    fn from(group: leeward_store::Group) -> Self {
        Self {
            id: group.id,
            name: group.name,
            external_id: group.external_id,
            roles: group.roles,
            created_at: group.created_at,
            updated_at: group.updated_at,
        }
    }
}

/// A member of a group.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = String)]
    email: Email,
    display_name: String,
}

/// A group to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// 1 to 100 characters, unique in the tenant.
    name: String,
    /// What every member will hold; may be none.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleRef>,
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupPatch {
    /// The name from now on.
    #[serde(default)]
    name: Option<String>,
    /// The roles from now on.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    roles: Option<Vec<RoleRef>>,
}

/// Lists the tenant's groups, oldest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/groups", tag = "admin", params(PageQuery), responses(
    (status = 200, description = "A page of groups", body = Paged<Group>),
    (status = 403, description = "Needs users.manage", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let groups = app.store.tenant_read(permit.tenant.id).await?.groups(None, Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&groups, limit, |group| group.id);
    let items: Vec<Group> = groups.into_iter().map(Group::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a group.
///
/// # Errors
/// 400 for roles the tenant does not have, 409 when the name is taken or duties would mix.
#[utoipa::path(post, path = "/api/groups", tag = "admin", request_body = NewGroup, responses(
    (status = 201, description = "Made", body = Group),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The name is taken, or duties would mix", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    Body(new): Body<NewGroup>,
) -> Result<HttpResponse, AppError> {
    let (id, now): (GroupId, _) = (app.ambient.mint(), app.ambient.now());
    let draft = permit.draft(&app);
    let work = async {
        let group = leeward_store::Group {
            id,
            name: name(&new.name)?,
            external_id: None,
            roles: new.roles,
            created_at: now,
            updated_at: now,
        };
        let mut record = draft.on(EventCode::GroupCreated, "group", id);
        record.changes = vec![changed("roles", None, Some(users::spell(&group.roles)))];
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if !group.roles.is_empty() {
            duties::check(&mut tx, &permit.tenant, &group.roles).await?;
        }
        tx.add_group(&group).await.map_err(|error| taken(error, &group.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(group)
    };
    let group = recorded(&app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(HttpResponse::Created().json(Group::from(group)))
}

/// Changes a group's name or roles.
///
/// # Errors
/// 404 for another tenant's, 409 when the name is taken or duties would mix.
#[utoipa::path(patch, path = "/api/groups/{id}", tag = "admin", params(("id" = String, Path)),
    request_body = GroupPatch, responses(
    (status = 200, description = "Changed", body = Group),
    (status = 404, description = "No such group", body = Problem),
    (status = 409, description = "The name is taken, or duties would mix", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
    Body(patch): Body<GroupPatch>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.group(id).await?.ok_or_else(|| AppError::not_found("group", id))?;
        let mut after = leeward_store::Group { updated_at: app.ambient.now(), ..before.clone() };
        let mut record = draft.on(EventCode::GroupUpdated, "group", id);
        if let Some(new) = &patch.name {
            after.name = name(new)?;
            record.changes.push(changed("name", Some(before.name), Some(after.name.clone())));
        }
        if let Some(roles) = patch.roles {
            if !roles.is_empty() {
                duties::check(&mut tx, &permit.tenant, &roles).await?;
            }
            let own = tx.group_members(id, Page { after: None, limit: leeward_store::MAX_PAGE }).await?;
            if own.iter().any(|member| member.id == permit.user.id) {
                let detail = "nobody changes the roles of a group they are in; another administrator can";
                return Err(AppError::new(Code::Conflict, detail));
            }
            record.changes.push(changed("roles", Some(users::spell(&before.roles)), Some(users::spell(&roles))));
            after.roles = roles;
        }
        tx.update_group(&after).await.map_err(|error| taken(error, &after.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(after)
    };
    let group = recorded(&app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(HttpResponse::Ok().json(Group::from(group)))
}

/// Deletes a group; its members stay users.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(delete, path = "/api/groups/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 404, description = "No such group", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.delete_group(id).await.map_err(|error| missing(error, id))?;
        tx.append_audit(&[draft.on(EventCode::GroupDeleted, "group", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lists a group's members, oldest first.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(get, path = "/api/groups/{id}/members", tag = "admin", params(("id" = String, Path), PageQuery),
    responses(
    (status = 200, description = "A page of members", body = Paged<Member>),
    (status = 404, description = "No such group", body = Problem)))]
pub async fn members(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, limit, after) = (parse(&id)?, page.limit()?, page.cursor()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    read.group(id).await?.ok_or_else(|| AppError::not_found("group", id))?;
    let users = read.group_members(id, Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&users, limit, |user| user.id);
    let items: Vec<Member> = users
        .into_iter()
        .map(|user| Member { id: user.id, email: user.email, display_name: user.display_name })
        .collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Puts a user into a group.
///
/// # Errors
/// 404 for another tenant's group or user, 409 for oneself.
#[utoipa::path(put, path = "/api/groups/{id}/members/{user_id}", tag = "admin",
    params(("id" = String, Path), ("user_id" = String, Path)), responses(
    (status = 204, description = "In"),
    (status = 404, description = "No such group or user", body = Problem),
    (status = 409, description = "Nobody changes their own rights", body = Problem)))]
pub async fn add_member(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, AppError> {
    set_member(&app, &permit, &path, true).await
}

/// Takes a user out of a group.
///
/// # Errors
/// As for putting them in.
#[utoipa::path(delete, path = "/api/groups/{id}/members/{user_id}", tag = "admin",
    params(("id" = String, Path), ("user_id" = String, Path)), responses(
    (status = 204, description = "Out"),
    (status = 404, description = "No such group or user", body = Problem),
    (status = 409, description = "Nobody changes their own rights", body = Problem)))]
pub async fn remove_member(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, AppError> {
    set_member(&app, &permit, &path, false).await
}

async fn set_member(
    app: &App,
    permit: &Permit<UsersManage>,
    (group, user): &(String, String),
    member: bool,
) -> Result<HttpResponse, AppError> {
    let (id, user) = (parse(group)?, users::parse(user)?);
    let draft = permit.draft(app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.group(id).await?.ok_or_else(|| AppError::not_found("group", id))?;
        let kind = tx.user(user).await?.ok_or_else(|| AppError::not_found("user", user))?.kind;
        if member && kind == UserKind::BreakGlass {
            return Err(AppError::new(Code::Conflict, "the emergency account is in no group: its roles are fixed"));
        }
        if user == permit.user.id {
            return Err(AppError::new(Code::Conflict, "nobody changes their own groups; another administrator can"));
        }
        let mut record = draft.on(EventCode::GroupUpdated, "group", id);
        if member {
            tx.add_group_member(id, user).await?;
            record.changes = vec![changed("member", None, Some(user.to_string()))];
        } else {
            tx.remove_group_member(id, user).await?;
            record.changes = vec![changed("member", Some(user.to_string()), None)];
        }
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn parse(id: &str) -> Result<GroupId, AppError> {
    id.parse().map_err(|_| AppError::not_found("group", id))
}

fn missing(error: StoreError, id: GroupId) -> AppError {
    match error {
        StoreError::NotFound => AppError::not_found("group", id),
        other => other.into(),
    }
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Conflict { .. } => AppError::new(Code::Conflict, format!("there is a group {name:?} already")),
        other => other.into(),
    }
}
