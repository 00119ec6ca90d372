//! `/scim/v2/Groups`: groups of people. All are shown; only those that SCIM made, which have an external id, are
//! changed. A group shows the members that SCIM keeps; others, put in by hand, stay as they are.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use leeward_domain::{
    ids::{GroupId, UserId},
    user::Origin,
};
use leeward_identity::scim::{self, Filter, GROUP, Mistake, Projection, Refusal};
use leeward_ledger::{Change, EventCode, Record};
use leeward_store::{Group, MAX_PAGE, Page, StoreError, TenantRead, TenantWrite, User, conflict};
use serde_json::{Map, Value, json};

use super::{Found, ListQuery, Wanted, base, created, external_id, invalid, respond, text, too_many, users};
use crate::{
    app::App,
    audit::Draft,
    auth::permit::{Permit, UsersProvision},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, recorded},
        errors::ScimError,
    },
};

/// The longest name.
const MAX_NAME: usize = 256;
/// The most members that a client may give a group.
const MAX_MEMBERS: usize = 10_000;
/// The most members that are read to answer one filter.
const MAX_MEMBERS_SCANNED: usize = 100_000;
/// The most changes one record tells; more are told by several.
const MAX_CHANGES: usize = 500;

/// What a client wants a group to be.
struct Wish {
    name: String,
    external_id: Option<String>,
    members: BTreeSet<UserId>,
}

/// Lists the tenant's groups, oldest first.
///
/// # Errors
/// 400 for a filter that cannot be read or would look through too much.
#[utoipa::path(get, path = "/scim/v2/Groups", tag = "scim", params(ListQuery), responses(
    (status = 200, description = "A page of groups", body = Value, content_type = "application/scim+json"),
    (status = 400, description = "A bad filter", body = ScimError, content_type = "application/scim+json")))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let wanted = query.wanted()?;
    Ok(find(&app, &permit, &base(&app, &request), &wanted).await?.respond(wanted.skip))
}

/// Tells of one group.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(get, path = "/scim/v2/Groups/{id}", tag = "scim", params(("id" = String, Path), ListQuery), responses(
    (status = 200, description = "The group", body = Value, content_type = "application/scim+json"),
    (status = 404, description = "No such group", body = ScimError, content_type = "application/scim+json")))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, projection) = (parse(&id)?, query.projection()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let group = read.group(id).await?.ok_or_else(|| AppError::not_found("group", id))?;
    let shown = show(&mut read, &group, &base(&app, &request), &projection).await?;
    Ok(respond(StatusCode::OK, &shown))
}

/// Makes a group, which brings no roles until an administrator gives it some.
///
/// # Errors
/// 400 for a value of the wrong kind, 403 for a member that SCIM does not keep, 409 when a name is taken.
#[utoipa::path(post, path = "/scim/v2/Groups", tag = "scim", params(ListQuery),
    request_body(content = Value, content_type = "application/scim+json"), responses(
    (status = 201, description = "Made", body = Value, content_type = "application/scim+json"),
    (status = 400, description = "A bad value", body = ScimError, content_type = "application/scim+json"),
    (status = 409, description = "displayName or externalId is taken", body = ScimError, content_type = "application/scim+json")))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    Body(body): Body<Value>,
) -> Result<HttpResponse, AppError> {
    let (id, now): (GroupId, _) = (app.ambient.mint(), app.ambient.now());
    let (projection, draft) = (query.projection()?, permit.draft(&app));
    let work = async {
        let wish = wish(&scim::replace(&GROUP, &body)?)?;
        let external_id = Some(wish.external_id.unwrap_or_else(|| id.to_string()));
        let group = Group { id, name: wish.name, external_id, roles: Vec::new(), created_at: now, updated_at: now };
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.add_group(&group).await.map_err(|error| taken(error, &group))?;
        let changes = set_members(&mut tx, &permit, id, &BTreeSet::new(), &wish.members).await?;
        tx.append_audit(&records(&draft, EventCode::GroupCreated, id, &changes)).await?;
        let members = kept_members(&mut tx, id).await?;
        tx.commit().await?;
        Ok((group, members))
    };
    let (group, members) = recorded(&app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(created(resource(&group, &members, &base(&app, &request)), &GROUP, &projection))
}

/// Replaces a group and its members.
///
/// # Errors
/// 403 for a group or a member that SCIM does not keep, 404 for another tenant's, else as for making one.
#[utoipa::path(put, path = "/scim/v2/Groups/{id}", tag = "scim", params(("id" = String, Path), ListQuery),
    request_body(content = Value, content_type = "application/scim+json"), responses(
    (status = 200, description = "Replaced", body = Value, content_type = "application/scim+json"),
    (status = 403, description = "Not kept by SCIM", body = ScimError, content_type = "application/scim+json"),
    (status = 404, description = "No such group", body = ScimError, content_type = "application/scim+json")))]
pub async fn replace(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<ListQuery>,
    Body(body): Body<Value>,
) -> Result<HttpResponse, AppError> {
    let change = |_: &Group, _: &[User]| wish(&scim::replace(&GROUP, &body)?);
    update(&app, &permit, &request, &id, &query, change).await
}

/// Changes parts of a group: its name, its members.
///
/// # Errors
/// As for replacing one.
#[utoipa::path(patch, path = "/scim/v2/Groups/{id}", tag = "scim", params(("id" = String, Path), ListQuery),
    request_body(content = Value, content_type = "application/scim+json"), responses(
    (status = 200, description = "Changed", body = Value, content_type = "application/scim+json"),
    (status = 403, description = "Not kept by SCIM", body = ScimError, content_type = "application/scim+json"),
    (status = 404, description = "No such group", body = ScimError, content_type = "application/scim+json")))]
pub async fn patch(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<ListQuery>,
    Body(body): Body<Value>,
) -> Result<HttpResponse, AppError> {
    let change = |group: &Group, members: &[User]| {
        let Value::Object(mut now) = resource(group, members, "") else { return Err(invalid("a group is an object")) };
        scim::patch(&GROUP, &mut now, &body)?;
        wish(&now)
    };
    update(&app, &permit, &request, &id, &query, change).await
}

/// Deletes a group; its members stay users.
///
/// # Errors
/// 403 for a group that SCIM does not keep, 404 for another tenant's.
#[utoipa::path(delete, path = "/scim/v2/Groups/{id}", tag = "scim", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Not kept by SCIM", body = ScimError, content_type = "application/scim+json"),
    (status = 404, description = "No such group", body = ScimError, content_type = "application/scim+json")))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let (id, draft) = (parse(&id)?, permit.draft(&app));
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        kept_here(&tx.group(id).await?.ok_or_else(|| AppError::not_found("group", id))?)?;
        tx.delete_group(id).await?;
        tx.append_audit(&[draft.on(EventCode::GroupDeleted, "group", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn update(
    app: &App,
    permit: &Permit<UsersProvision>,
    request: &HttpRequest,
    id: &str,
    query: &ListQuery,
    change: impl FnOnce(&Group, &[User]) -> Result<Wish, AppError>,
) -> Result<HttpResponse, AppError> {
    let (id, projection, draft) = (parse(id)?, query.projection()?, permit.draft(app));
    let base = base(app, request);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.group(id).await?.ok_or_else(|| AppError::not_found("group", id))?;
        kept_here(&before)?;
        let members = kept_members(&mut tx, id).await?;
        let wish = change(&before, &members)?;
        let external_id = Some(wish.external_id.unwrap_or_else(|| id.to_string()));
        let mut after = Group { name: wish.name, external_id, ..before.clone() };
        let mut changes = Vec::new();
        if after.name != before.name {
            changes.push(changed("name", Some(before.name.clone()), Some(after.name.clone())));
        }
        if after.external_id != before.external_id {
            changes.push(changed("external_id", before.external_id.clone(), after.external_id.clone()));
        }
        let there: BTreeSet<UserId> = members.iter().map(|member| member.id).collect();
        changes.extend(set_members(&mut tx, permit, id, &there, &wish.members).await?);
        if !changes.is_empty() {
            after.updated_at = app.ambient.now();
            tx.update_group(&after).await.map_err(|error| taken(error, &after))?;
        }
        tx.append_audit(&records(&draft, EventCode::GroupUpdated, id, &changes)).await?;
        let shown = show(&mut tx, &after, &base, &projection).await?;
        tx.commit().await?;
        Ok(shown)
    };
    let shown = recorded(app, draft.on(EventCode::GroupChangeFailed, "group", id), work).await?;
    Ok(respond(StatusCode::OK, &shown))
}

/// Puts in who is missing, takes out who is too much; each change for the record.
async fn set_members(
    tx: &mut TenantWrite,
    permit: &Permit<UsersProvision>,
    id: GroupId,
    there: &BTreeSet<UserId>,
    wanted: &BTreeSet<UserId>,
) -> Result<Vec<Change>, AppError> {
    let mut changes = Vec::new();
    for user in wanted.difference(there) {
        let found = tx.user(*user).await?.ok_or_else(|| invalid(format!("members: there is no user {user}")))?;
        users::kept_here(permit, &found)?;
        tx.add_group_member(id, *user).await?;
        changes.push(changed("member", None, Some(user.to_string())));
    }
    for user in there.difference(wanted) {
        tx.remove_group_member(id, *user).await?;
        changes.push(changed("member", Some(user.to_string()), None));
    }
    Ok(changes)
}

/// At least one record, and as many as the changes need.
fn records(draft: &Draft, event: EventCode, id: GroupId, changes: &[Change]) -> Vec<Record> {
    let mut records = vec![draft.on(event, "group", id)];
    for (index, some) in changes.chunks(MAX_CHANGES).enumerate() {
        if index > 0 {
            records.push(draft.on(EventCode::GroupUpdated, "group", id));
        }
        if let Some(record) = records.last_mut() {
            record.changes = some.to_vec();
        }
    }
    records
}

/// Refuses groups made by hand.
fn kept_here(group: &Group) -> Result<(), AppError> {
    if group.external_id.is_some() {
        return Ok(());
    }
    let detail = format!("{} was made by hand; SCIM changes only the groups it made", group.id);
    Err(AppError::new(Code::Forbidden, detail))
}

fn wish(resource: &Map<String, Value>) -> Result<Wish, AppError> {
    let name = text(resource, "displayName").ok_or_else(|| invalid("displayName is missing: send the group's name"))?;
    if name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
        return Err(invalid(format!("displayName has at most {MAX_NAME} characters, and no control characters")));
    }
    let listed = resource.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if listed.len() > MAX_MEMBERS {
        return Err(Refusal::new(Mistake::TooMany, format!("a group has at most {MAX_MEMBERS} members")).into());
    }
    let mut members = BTreeSet::new();
    for member in listed {
        let value = member["value"].as_str().unwrap_or_default();
        let id = value.parse().map_err(|_| {
            invalid(format!("members: {value:?} is no user's id; groups in groups are not kept, members are users"))
        })?;
        members.insert(id);
    }
    Ok(Wish { name: name.to_owned(), external_id: external_id(resource)?, members })
}

pub(super) async fn find(
    app: &App,
    permit: &Permit<UsersProvision>,
    base: &str,
    wanted: &Wanted,
) -> Result<Found, AppError> {
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let (total, groups) = match &wanted.filter {
        None => {
            let total = read.count_groups(None).await?;
            let limit = u32::try_from(wanted.count).unwrap_or(MAX_PAGE);
            (total, if limit == 0 { Vec::new() } else { read.groups_from(wanted.skip, limit).await? })
        }
        Some(filter) => match indexed(&mut read, filter).await? {
            Some(groups) => wanted.page(groups),
            None if filter.mentions("members") => {
                let detail = "ask for members with members.value eq \"usr_…\" or members[value eq \"usr_…\"]";
                return Err(Refusal::new(Mistake::InvalidFilter, detail).into());
            }
            None => {
                let rows = async |skip| Ok(read.groups_from(skip, MAX_PAGE).await?);
                wanted.scan(filter, &GROUP, rows, |group| resource(group, &[], base)).await?
            }
        },
    };
    let mut resources = Vec::with_capacity(groups.len());
    for group in &groups {
        resources.push(show(&mut read, group, base, &wanted.projection).await?);
    }
    Ok(Found { total, resources })
}

/// The groups that fit, if the filter names them by something that has an index.
async fn indexed(read: &mut TenantRead, filter: &Filter) -> Result<Option<Vec<Group>>, AppError> {
    let candidates: Vec<Group> = if let Some(id) = filter.pinned("id", None) {
        match id.parse() {
            Ok(id) => read.group(id).await?.into_iter().collect(),
            Err(_) => Vec::new(),
        }
    } else if let Some(id) = filter.pinned("externalId", None) {
        read.group_by_external_id(id).await?.into_iter().collect()
    } else if let Some(name) = filter.pinned("displayName", None) {
        read.groups(Some(name), Page::first(1)).await?
    } else if let Some(user) = filter.pinned("members", Some("value")) {
        match user.parse() {
            Ok(user) => read.groups_of(user, Page::first(MAX_PAGE)).await?,
            Err(_) => Vec::new(),
        }
    } else {
        return Ok(None);
    };
    let (mut fitting, mut looked_at) = (Vec::new(), 0);
    for group in candidates {
        let members = if filter.mentions("members") { kept_members(read, group.id).await? } else { Vec::new() };
        looked_at += members.len();
        if looked_at > MAX_MEMBERS_SCANNED {
            return Err(too_many());
        }
        if filter.fits(&GROUP, &resource(&group, &members, "")) {
            fitting.push(group);
        }
    }
    Ok(Some(fitting))
}

/// The members that SCIM keeps.
async fn kept_members(read: &mut TenantRead, id: GroupId) -> Result<Vec<User>, AppError> {
    let (mut kept, mut after) = (Vec::new(), None);
    loop {
        let page = read.group_members(id, Page { after, limit: MAX_PAGE }).await?;
        let full = page.len() == MAX_PAGE as usize;
        after = page.last().map(|member| member.id);
        kept.extend(page.into_iter().filter(|member| member.origin == Origin::Scim));
        if !full || kept.len() >= MAX_MEMBERS {
            return Ok(kept);
        }
    }
}

async fn show(read: &mut TenantRead, group: &Group, base: &str, projection: &Projection) -> Result<Value, AppError> {
    let members = if projection.shows(&GROUP, "members") { kept_members(read, group.id).await? } else { Vec::new() };
    Ok(projection.of(&GROUP, resource(group, &members, base)))
}

fn resource(group: &Group, members: &[User], base: &str) -> Value {
    let mut resource = json!({
        "schemas": [GROUP.urn],
        "id": group.id,
        "displayName": group.name,
        "meta": {
            "resourceType": GROUP.name,
            "created": group.created_at,
            "lastModified": group.updated_at,
            "location": format!("{base}/Groups/{}", group.id),
        },
    });
    // A group that came without an external id has its own in that place.
    if let Some(id) = group.external_id.as_ref().filter(|id| **id != group.id.to_string()) {
        resource["externalId"] = json!(id);
    }
    if !members.is_empty() {
        let named = |user: &User| {
            json!({
                "value": user.id,
                "$ref": users::location(base, user.id),
                "type": "User",
                "display": user.display_name,
            })
        };
        resource["members"] = members.iter().map(named).collect();
    }
    resource
}

fn parse(id: &str) -> Result<GroupId, AppError> {
    id.parse().map_err(|_| AppError::not_found("group", id))
}

fn taken(error: StoreError, group: &Group) -> AppError {
    match error {
        StoreError::Conflict { constraint } if constraint == conflict::GROUPS_EXTERNAL_ID => {
            AppError::new(Code::Conflict, "another group has this externalId")
        }
        StoreError::Conflict { .. } => {
            AppError::new(Code::Conflict, format!("there is a group {:?} already", group.name))
        }
        other => other.into(),
    }
}
