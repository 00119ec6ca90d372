//! `/api/users`: the people of the tenant.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::UserId,
    permission::{Role, RoleRef},
    tenant::{Email, Status},
    time::Timestamp,
    user::{Origin, UserKind},
};
use leeward_ledger::{Change, EventCode};
use leeward_store::{Page, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{duties, failed};
use crate::{
    accounts,
    app::App,
    auth::{
        permit::{Permit, UsersManage},
        secret::one_time_password,
    },
    error::{AppError, Code},
    http::{
        Body,
        errors::Problem,
        life,
        paging::{self, PageQuery, Paged},
    },
};

/// A user of the tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = String)]
    email: Email,
    display_name: String,
    /// What is held directly; groups may add to it.
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleRef>,
    #[schema(value_type = String)]
    status: Status,
    /// `person`, `service` or `break_glass`.
    #[schema(value_type = String)]
    kind: UserKind,
    /// Who keeps the account: `local`, `scim` or the id of an identity provider.
    #[schema(value_type = String)]
    origin: Origin,
    /// What a provisioning system calls it.
    external_id: Option<String>,
    /// Whether the next sign-in begins with choosing a password.
    must_change_password: bool,
    /// Whether they sign in at another tenant and act here as its guest.
    guest: bool,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>)]
    last_login_at: Option<Timestamp>,
}

impl From<leeward_store::User> for User {
    fn from(user: leeward_store::User) -> Self {
        Self {
            id: user.id,
            email: user.email,
            display_name: user.display_name,
            roles: user.roles,
            status: user.status,
            kind: user.kind,
            origin: user.origin,
            external_id: user.external_id,
            must_change_password: user.must_change_password,
            guest: user.guest_of.is_some(),
            created_at: user.created_at,
            last_login_at: user.last_login_at,
        }
    }
}

/// A user to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The address to sign in with; for a service account, one to reach its keepers under.
    #[schema(value_type = String)]
    email: Email,
    /// The name for people; the address's first part, if absent.
    #[serde(default)]
    display_name: Option<String>,
    /// At least one of `tenant_admin`, `security_officer`, `auditor`, `member` or the tenant's own (`rol_…`).
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleRef>,
    /// `person` (the default), or `service`: a program, which has keys and never signs in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    kind: Option<UserKind>,
}

/// A user who was added, or whose password was reset.
#[derive(Serialize, ToSchema)]
pub struct CreatedUser {
    /// The person.
    pub(super) user: User,
    /// The password for the first sign-in, to be replaced there; shown this once. None for service accounts.
    pub(super) one_time_password: Option<String>,
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The roles from now on.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    roles: Option<Vec<RoleRef>>,
    /// The name for people from now on.
    #[serde(default)]
    display_name: Option<String>,
    /// `active` or `disabled`; disabling ends sessions, keys and running answers at once.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    status: Option<Status>,
}

/// Lists the tenant's people, oldest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/users", tag = "admin", params(PageQuery), responses(
    (status = 200, description = "A page of users", body = Paged<User>),
    (status = 403, description = "Needs users.manage", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let users = app.store.tenant_read(permit.tenant.id).await?.users(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&users, limit, |user| user.id);
    let items: Vec<User> = users.into_iter().map(User::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Tells of one user.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(get, path = "/api/users/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 200, description = "The user", body = User),
    (status = 404, description = "No such user", body = Problem)))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let user = app.store.tenant_read(permit.tenant.id).await?.user(id).await?;
    Ok(HttpResponse::Ok().json(User::from(user.ok_or_else(|| AppError::not_found("user", id))?)))
}

/// Adds a person with a one-time password, or a service account.
///
/// # Errors
/// 400 for no or foreign roles, 409 when the address is taken in this tenant or duties would mix.
#[utoipa::path(post, path = "/api/users", tag = "admin", request_body = NewUser, responses(
    (status = 201, description = "Added; the password is shown this once", body = CreatedUser),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The address is taken, or duties would mix", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    Body(new): Body<NewUser>,
) -> Result<HttpResponse, AppError> {
    let kind = new.kind.unwrap_or(UserKind::Person);
    if kind == UserKind::BreakGlass {
        return Err(AppError::invalid("kind", "the emergency account is sealed at the machine's command line only"));
    }
    let mut user = accounts::new_user(&app.ambient, new.email, new.display_name, new.roles);
    user.kind = kind;
    let password = (kind == UserKind::Person).then(|| one_time_password(&app.ambient));
    user.must_change_password = password.is_some();
    let draft = permit.draft(&app);
    match add(&app, &permit, &user, password.clone()).await {
        Ok(()) => Ok(HttpResponse::Created().json(CreatedUser { user: user.into(), one_time_password: password })),
        Err(error) => Err(failed(&app, draft.on(EventCode::UserCreateFailed, "user", user.id), error).await),
    }
}

pub(super) async fn add(
    app: &App,
    permit: &Permit<UsersManage>,
    user: &leeward_store::User,
    password: Option<String>,
) -> Result<(), AppError> {
    let hash = match password {
        Some(password) => Some(app.passwords.hash(password).await?),
        None => None,
    };
    let mut record = permit.draft(app).on(EventCode::UserCreated, "user", user.id);
    record.changes = vec![
        Change { field: "kind".into(), from: None, to: Some(user.kind.as_str().into()) },
        Change { field: "roles".into(), from: None, to: Some(spell(&user.roles)) },
    ];
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    duties::check(&mut tx, &permit.tenant, &user.roles).await?;
    tx.add_user(user, hash.as_deref()).await.map_err(|error| match error {
        StoreError::Conflict { .. } => {
            AppError::new(Code::Conflict, format!("{} is a user of this tenant already", user.email))
        }
        other => other.into(),
    })?;
    tx.append_audit(&[record]).await?;
    Ok(tx.commit().await?)
}

/// Changes a user's name, roles or status.
///
/// # Errors
/// 404 for another tenant's, 409 for changing one's own rights or mixing duties.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "admin", params(("id" = String, Path)), request_body = UserPatch,
    responses(
    (status = 200, description = "Changed", body = User),
    (status = 404, description = "No such user", body = Problem),
    (status = 409, description = "Nobody changes their own rights", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
    Body(patch): Body<UserPatch>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    match change(&app, &permit, id, patch).await {
        Ok(user) => Ok(HttpResponse::Ok().json(User::from(user))),
        Err(error) => Err(failed(&app, permit.draft(&app).on(EventCode::UserUpdateFailed, "user", id), error).await),
    }
}

async fn change(
    app: &App,
    permit: &Permit<UsersManage>,
    id: UserId,
    patch: UserPatch,
) -> Result<leeward_store::User, AppError> {
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    let before = tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
    if before.kind == UserKind::BreakGlass && (patch.roles.is_some() || patch.display_name.is_some()) {
        let detail = "the emergency account is as its seal made it; it can be suspended, resumed and deleted";
        return Err(AppError::new(Code::Conflict, detail));
    }
    let mut after = before.clone();
    if let Some(roles) = patch.roles {
        duties::check(&mut tx, &permit.tenant, &roles).await?;
        // The operator's role is granted at the command line only: a tenant's administrator can neither
        // give nor take it.
        let operator = before.roles.iter().copied().filter(|role| *role == Role::PlatformOperator.into());
        after.roles = operator.chain(roles).collect();
        after.roles.sort_unstable();
        after.roles.dedup();
    }
    after.status = patch.status.unwrap_or(before.status);
    if let Some(name) = patch.display_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()) {
        after.display_name = name.chars().take(200).collect();
    }
    if id == permit.user.id && (after.status != before.status || after.roles != before.roles) {
        let detail = "nobody changes their own roles or status; another administrator can do it";
        return Err(AppError::new(Code::Conflict, detail));
    }
    let mut record = permit.draft(app).on(EventCode::UserUpdated, "user", id);
    if before.roles != after.roles {
        let (from, to) = (Some(spell(&before.roles)), Some(spell(&after.roles)));
        record.changes.push(Change { field: "roles".into(), from, to });
    }
    if before.status != after.status {
        let (from, to) = (Some(before.status.as_str().into()), Some(after.status.as_str().into()));
        record.changes.push(Change { field: "status".into(), from, to });
    }
    if before.display_name != after.display_name {
        // That it changed, not to what: names are personal data.
        record.changes.push(Change { field: "display_name".into(), from: None, to: None });
    }
    tx.update_user(&after).await?;
    if after.status != Status::Active {
        tx.delete_sessions_of(id).await?;
    }
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes a user with their sessions, keys, conversations and factors; the audit log keeps what they did.
///
/// # Errors
/// 404 for another tenant's, 409 for deleting oneself or the platform's operator, and for whom a legal hold is in force.
#[utoipa::path(delete, path = "/api/users/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 404, description = "No such user", body = Problem),
    (status = 409, description = "Nobody deletes themselves", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let deleted = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let user = tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        if id == permit.user.id || user.roles.contains(&Role::PlatformOperator.into()) {
            let detail = "nobody deletes themselves, and a tenant does not delete the platform's operator";
            return Err(AppError::new(Code::Conflict, detail));
        }
        tx.settle_holds().await?;
        life::let_go(tx.holds_on_user(id).await?)?;
        let record = permit.draft(&app).on(EventCode::UserDeleted, "user", id);
        tx.delete_user(id, life::grave(&record)).await?;
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    match deleted.await {
        Ok(()) => {
            life::entomb(&app).await?;
            Ok(HttpResponse::NoContent().finish())
        }
        Err(error) => Err(failed(&app, permit.draft(&app).on(EventCode::UserDeleteFailed, "user", id), error).await),
    }
}

pub(super) fn parse(id: &str) -> Result<UserId, AppError> {
    id.parse().map_err(|_| AppError::not_found("user", id))
}

pub(super) fn spell(roles: &[RoleRef]) -> String {
    roles.iter().map(RoleRef::to_string).collect::<Vec<_>>().join(" ")
}
