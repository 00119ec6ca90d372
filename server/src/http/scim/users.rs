//! `/scim/v2/Users`: the people of the tenant. All are shown; only those that SCIM made are changed.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use leeward_domain::{
    ids::{GroupId, UserId},
    permission::Role,
    tenant::{Email, Status},
    user::{Origin, UserKind},
};
use leeward_identity::scim::{self, Filter, Mistake, Projection, Refusal, USER};
use leeward_ledger::{EventCode, Record};
use leeward_store::{Group, MAX_PAGE, Page, StoreError, TenantRead, User, UserFilter, conflict};
use serde_json::{Map, Value, json};

use super::{Found, ListQuery, Wanted, base, created, external_id, invalid, respond, text};
use crate::{
    accounts,
    app::App,
    auth::permit::{Permit, UsersProvision},
    error::{AppError, Code},
    http::{
        Body,
        admin::{changed, duties, recorded},
        errors::ScimError,
        life,
    },
};

/// The longest name.
const MAX_NAME: usize = 200;

/// What a client wants a user to be.
struct Wish {
    email: Email,
    display_name: String,
    active: Option<bool>,
    external_id: Option<String>,
}

/// Lists the tenant's people, oldest first.
///
/// # Errors
/// 400 for a filter that cannot be read or would look through too much.
#[utoipa::path(get, path = "/scim/v2/Users", tag = "scim", params(ListQuery), responses(
    (status = 200, description = "A page of users", body = Value, content_type = "application/scim+json"),
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

/// Tells of one user.
///
/// # Errors
/// 404 for another tenant's, a guest or a service account.
#[utoipa::path(get, path = "/scim/v2/Users/{id}", tag = "scim", params(("id" = String, Path), ListQuery), responses(
    (status = 200, description = "The user", body = Value, content_type = "application/scim+json"),
    (status = 404, description = "No such user", body = ScimError, content_type = "application/scim+json")))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, AppError> {
    let (id, projection) = (parse(&id)?, query.projection()?);
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let user = read.user(id).await?.filter(is_person).ok_or_else(|| AppError::not_found("user", id))?;
    let shown = show(&mut read, &user, &base(&app, &request), &projection).await?;
    Ok(respond(StatusCode::OK, &shown))
}

/// Makes a user, who signs in at an identity provider and holds the role `member`.
///
/// # Errors
/// 400 for a value of the wrong kind, 409 when `userName` or `externalId` is taken.
#[utoipa::path(post, path = "/scim/v2/Users", tag = "scim", params(ListQuery),
    request_body(content = Value, content_type = "application/scim+json"), responses(
    (status = 201, description = "Made", body = Value, content_type = "application/scim+json"),
    (status = 400, description = "A bad value", body = ScimError, content_type = "application/scim+json"),
    (status = 409, description = "userName or externalId is taken", body = ScimError, content_type = "application/scim+json")))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    query: web::Query<ListQuery>,
    Body(body): Body<Value>,
) -> Result<HttpResponse, AppError> {
    let (id, draft): (UserId, _) = (app.ambient.mint(), permit.draft(&app));
    let work = async {
        let wish = wish(&scim::replace(&USER, &body)?, None)?;
        let name = Some(wish.display_name);
        let mut user = accounts::new_user(&app.ambient, wish.email, name, vec![Role::Member.into()]);
        (user.id, user.origin, user.external_id) = (id, Origin::Scim, wish.external_id);
        user.must_change_password = false;
        user.status = if wish.active == Some(false) { Status::Disabled } else { Status::Active };
        let mut record = draft.on(EventCode::UserCreated, "user", id);
        record.changes = vec![
            changed("kind", None, Some(user.kind.as_str().into())),
            changed("roles", None, Some(Role::Member.to_string())),
            changed("origin", None, Some(user.origin.to_string())),
            changed("status", None, Some(user.status.as_str().into())),
        ];
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        duties::check(&mut tx, &permit.tenant, &user.roles).await?;
        tx.add_user(&user, None).await.map_err(|error| taken(error, &user))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(user)
    };
    let projection = query.projection()?;
    let user = recorded(&app, draft.on(EventCode::UserCreateFailed, "user", id), work).await?;
    Ok(created(resource(&user, &[], &base(&app, &request)), &USER, &projection))
}

/// Replaces a user. `active` stays as it is if the body does not name it.
///
/// # Errors
/// 403 for a user that SCIM does not keep, 404 for another tenant's, else as for making one.
#[utoipa::path(put, path = "/scim/v2/Users/{id}", tag = "scim", params(("id" = String, Path), ListQuery),
    request_body(content = Value, content_type = "application/scim+json"), responses(
    (status = 200, description = "Replaced", body = Value, content_type = "application/scim+json"),
    (status = 403, description = "Not kept by SCIM", body = ScimError, content_type = "application/scim+json"),
    (status = 404, description = "No such user", body = ScimError, content_type = "application/scim+json")))]
pub async fn replace(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<ListQuery>,
    Body(body): Body<Value>,
) -> Result<HttpResponse, AppError> {
    let change = |_: &User| wish(&scim::replace(&USER, &body)?, None);
    update(&app, &permit, &request, &id, &query, change).await
}

/// Changes parts of a user; `active` false ends their sessions, keys and running answers at once.
///
/// # Errors
/// As for replacing one.
#[utoipa::path(patch, path = "/scim/v2/Users/{id}", tag = "scim", params(("id" = String, Path), ListQuery),
    request_body(content = Value, content_type = "application/scim+json"), responses(
    (status = 200, description = "Changed", body = Value, content_type = "application/scim+json"),
    (status = 403, description = "Not kept by SCIM", body = ScimError, content_type = "application/scim+json"),
    (status = 404, description = "No such user", body = ScimError, content_type = "application/scim+json")))]
pub async fn patch(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<ListQuery>,
    Body(body): Body<Value>,
) -> Result<HttpResponse, AppError> {
    let change = |before: &User| {
        let Value::Object(mut now) = resource(before, &[], "") else { return Err(invalid("a user is an object")) };
        scim::patch(&USER, &mut now, &body)?;
        wish(&now, Some(&before.display_name))
    };
    update(&app, &permit, &request, &id, &query, change).await
}

/// Deletes a user with what is theirs; the audit log keeps what they did.
///
/// # Errors
/// 403 for a user that SCIM does not keep, 404 for another tenant's.
#[utoipa::path(delete, path = "/scim/v2/Users/{id}", tag = "scim", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 403, description = "Not kept by SCIM", body = ScimError, content_type = "application/scim+json"),
    (status = 404, description = "No such user", body = ScimError, content_type = "application/scim+json")))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<UsersProvision>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let (id, draft) = (parse(&id)?, permit.draft(&app));
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let user = tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        kept_here(&permit, &user)?;
        tx.settle_holds().await?;
        life::let_go(tx.holds_on_user(id).await?)?;
        let record = draft.on(EventCode::UserDeleted, "user", id);
        tx.delete_user(id, life::grave(&record)).await?;
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::UserDeleteFailed, "user", id), work).await?;
    life::entomb(&app).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn update(
    app: &App,
    permit: &Permit<UsersProvision>,
    request: &HttpRequest,
    id: &str,
    query: &ListQuery,
    change: impl FnOnce(&User) -> Result<Wish, AppError>,
) -> Result<HttpResponse, AppError> {
    let (id, projection, draft) = (parse(id)?, query.projection()?, permit.draft(app));
    let base = base(app, request);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        kept_here(permit, &before)?;
        let wish = change(&before)?;
        let status = match wish.active {
            Some(true) => Status::Active,
            Some(false) => Status::Disabled,
            None => before.status,
        };
        let (email, display_name, external_id) = (wish.email, wish.display_name, wish.external_id);
        let after = User { email, display_name, status, external_id, ..before.clone() };
        if after != before {
            tx.update_user(&after).await.map_err(|error| taken(error, &after))?;
        }
        if after.status != Status::Active {
            tx.delete_sessions_of(id).await?;
        }
        let mut record = draft.on(EventCode::UserUpdated, "user", id);
        tell(&mut record, &before, &after);
        tx.append_audit(&[record]).await?;
        let shown = show(&mut tx, &after, &base, &projection).await?;
        tx.commit().await?;
        Ok(shown)
    };
    let shown = recorded(app, draft.on(EventCode::UserUpdateFailed, "user", id), work).await?;
    Ok(respond(StatusCode::OK, &shown))
}

/// What changed. Of names and addresses only that they did: they are personal data.
fn tell(record: &mut Record, before: &User, after: &User) {
    if before.status != after.status {
        let (from, to) = (before.status.as_str().to_owned(), after.status.as_str().to_owned());
        record.changes.push(changed("status", Some(from), Some(to)));
    }
    if before.external_id != after.external_id {
        record.changes.push(changed("external_id", before.external_id.clone(), after.external_id.clone()));
    }
    if before.email != after.email {
        record.changes.push(changed("email", None, None));
    }
    if before.display_name != after.display_name {
        record.changes.push(changed("display_name", None, None));
    }
}

/// Refuses users that SCIM did not make, and those it must not have power over.
///
/// # Errors
/// `forbidden`, saying whose the user is.
pub(super) fn kept_here(permit: &Permit<UsersProvision>, user: &User) -> Result<(), AppError> {
    let why = if user.id == permit.user.id {
        "is the caller itself"
    } else if user.kind != UserKind::Person {
        "is not a person"
    } else if user.guest_of.is_some() {
        "is a guest, kept by another tenant"
    } else if user.roles.contains(&Role::PlatformOperator.into()) {
        "operates the platform"
    } else {
        match user.origin {
            Origin::Scim => return Ok(()),
            Origin::Local => "is kept by the tenant's administrators",
            Origin::Provider(_) => "is kept by the identity provider they sign in at",
        }
    };
    let detail = format!("{} {why}; SCIM changes only the users it made", user.id);
    Err(AppError::new(Code::Forbidden, detail))
}

fn is_person(user: &User) -> bool {
    user.kind == UserKind::Person && user.guest_of.is_none()
}

/// What the resource says. `renamed_from` is the name before a PATCH: there `name` counts unless `displayName` changed.
fn wish(resource: &Map<String, Value>, renamed_from: Option<&str>) -> Result<Wish, AppError> {
    let address = text(resource, "userName")
        .ok_or_else(|| invalid("userName is missing: send the e-mail address the person signs in with"))?;
    let email: Email = address.parse().map_err(|error| invalid(format!("userName: {error}")))?;
    let name = resource.get("name").and_then(Value::as_object).and_then(|name| {
        let parts = || Some(format!("{} {}", text(name, "givenName")?, text(name, "familyName")?));
        text(name, "formatted").map(str::to_owned).or_else(parts)
    });
    let given = text(resource, "displayName").map(str::to_owned);
    let display_name = if given.as_deref() == renamed_from { name.or(given) } else { given.or(name) };
    let local_part = || email.as_str().split('@').next().unwrap_or_default().to_owned();
    let display_name = display_name.unwrap_or_else(local_part);
    if display_name.chars().count() > MAX_NAME || display_name.chars().any(char::is_control) {
        return Err(invalid(format!("displayName has at most {MAX_NAME} characters, and no control characters")));
    }
    let active = resource.get("active").and_then(Value::as_bool);
    Ok(Wish { display_name, active, external_id: external_id(resource)?, email })
}

pub(super) async fn find(
    app: &App,
    permit: &Permit<UsersProvision>,
    base: &str,
    wanted: &Wanted,
) -> Result<Found, AppError> {
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let (total, users) = match &wanted.filter {
        None => {
            let total = read.count_persons().await?;
            let limit = u32::try_from(wanted.count).unwrap_or(MAX_PAGE);
            (total, if limit == 0 { Vec::new() } else { read.persons_from(wanted.skip, limit).await? })
        }
        Some(filter) => match indexed(&mut read, filter).await? {
            Some(user) => wanted.page(user.into_iter().collect()),
            None if filter.mentions("groups") => {
                let detail = "users are not looked for by group; ask for the group, or add id eq or userName eq";
                return Err(Refusal::new(Mistake::InvalidFilter, detail).into());
            }
            None => {
                let rows = async |skip| Ok(read.persons_from(skip, MAX_PAGE).await?);
                wanted.scan(filter, &USER, rows, |user| resource(user, &[], base)).await?
            }
        },
    };
    let mut resources = Vec::with_capacity(users.len());
    for user in &users {
        resources.push(show(&mut read, user, base, &wanted.projection).await?);
    }
    Ok(Found { total, resources })
}

/// The one user that can fit, if the filter names them by something unique.
async fn indexed(read: &mut TenantRead, filter: &Filter) -> Result<Option<Option<User>>, AppError> {
    let address = filter.pinned("userName", None).or_else(|| filter.pinned("emails", Some("value")));
    let user = if let Some(id) = filter.pinned("id", None) {
        match id.parse() {
            Ok(id) => read.user(id).await?,
            Err(_) => None,
        }
    } else if let Some(address) = address {
        match address.parse() {
            Ok(email) => read.user_by_email(&email).await?,
            Err(_) => None,
        }
    } else if let Some(id) = filter.pinned("externalId", None) {
        let by = UserFilter { external_id: Some(id.to_owned()), ..UserFilter::default() };
        read.users_where(&by, Page::first(1)).await?.pop()
    } else {
        return Ok(None);
    };
    let Some(user) = user.filter(is_person) else { return Ok(Some(None)) };
    let groups = if filter.mentions("groups") { groups_of(read, user.id).await? } else { Vec::new() };
    let fits = filter.fits(&USER, &resource(&user, &groups, ""));
    Ok(Some(fits.then_some(user)))
}

async fn show(read: &mut TenantRead, user: &User, base: &str, projection: &Projection) -> Result<Value, AppError> {
    let groups = if projection.shows(&USER, "groups") { groups_of(read, user.id).await? } else { Vec::new() };
    Ok(projection.of(&USER, resource(user, &groups, base)))
}

async fn groups_of(read: &mut TenantRead, user: UserId) -> Result<Vec<Group>, AppError> {
    Ok(read.groups_of(user, Page::<GroupId>::first(MAX_PAGE)).await?)
}

fn resource(user: &User, groups: &[Group], base: &str) -> Value {
    let mut resource = json!({
        "schemas": [USER.urn],
        "id": user.id,
        "userName": user.email,
        "displayName": user.display_name,
        "active": user.status == Status::Active,
        "emails": [{"value": user.email, "type": "work", "primary": true}],
        "meta": {"resourceType": USER.name, "created": user.created_at, "location": location(base, user.id)},
    });
    if let Some(id) = &user.external_id {
        resource["externalId"] = json!(id);
    }
    if !groups.is_empty() {
        let named = |group: &Group| json!({"value": group.id, "$ref": format!("{base}/Groups/{}", group.id), "display": group.name});
        resource["groups"] = groups.iter().map(named).collect();
    }
    resource
}

/// A user's address.
pub(super) fn location(base: &str, id: UserId) -> String {
    format!("{base}/Users/{id}")
}

fn parse(id: &str) -> Result<UserId, AppError> {
    id.parse().map_err(|_| AppError::not_found("user", id))
}

fn taken(error: StoreError, user: &User) -> AppError {
    match error {
        StoreError::Conflict { constraint } if constraint == conflict::USERS_EXTERNAL_ID => {
            AppError::new(Code::Conflict, "another user has this externalId")
        }
        StoreError::Conflict { .. } => {
            AppError::new(Code::Conflict, format!("{} is a user of this tenant already", user.email))
        }
        other => other.into(),
    }
}
