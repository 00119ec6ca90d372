//! `/api/users`: the people of the tenant.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::UserId,
    permission::Role,
    tenant::{Email, Status},
    time::Timestamp,
};
use leeward_ledger::{Change, EventCode};
use leeward_store::{Page, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failed;
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
        paging::{self, PageQuery, Paged},
    },
};

/// A person of the tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    #[schema(value_type = String)]
    id: UserId,
    #[schema(value_type = String)]
    email: Email,
    display_name: String,
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    #[schema(value_type = String)]
    status: Status,
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
            created_at: user.created_at,
            last_login_at: user.last_login_at,
        }
    }
}

/// A person to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// The address to sign in with.
    #[schema(value_type = String)]
    email: Email,
    /// The name for people; the address's first part, if absent.
    #[serde(default)]
    display_name: Option<String>,
    /// At least one of `tenant_admin`, `auditor`, `member`.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
}

/// A person who was added.
#[derive(Serialize, ToSchema)]
pub struct CreatedUser {
    /// The person.
    pub(super) user: User,
    /// The password for the first sign-in; shown this once.
    pub(super) one_time_password: String,
}

/// What to change; absent fields stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// The roles from now on.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    roles: Option<Vec<Role>>,
    /// `active` or `disabled`; disabling ends sessions and keys at once.
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

/// Adds a person with a one-time password.
///
/// # Errors
/// 400 for no or foreign roles, 409 when the address is taken in this tenant.
#[utoipa::path(post, path = "/api/users", tag = "admin", request_body = NewUser, responses(
    (status = 201, description = "Added; the password is shown this once", body = CreatedUser),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The address is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    Body(new): Body<NewUser>,
) -> Result<HttpResponse, AppError> {
    check_roles(&new.roles)?;
    let user = accounts::new_user(&app.ambient, new.email, new.display_name, new.roles);
    let password = one_time_password(&app.ambient);
    let hash = app.passwords.hash(password.clone()).await?;
    let draft = permit.draft(&app);
    let mut record = draft.on(EventCode::UserCreated, "user", user.id);
    record.changes = vec![Change { field: "roles".into(), from: None, to: Some(spell(&user.roles)) }];
    let added = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.add_user(&user, Some(&hash)).await?;
        tx.append_audit(&[record]).await?;
        tx.commit().await
    };
    if let Err(error) = added.await {
        let error = match error {
            StoreError::Conflict { .. } => {
                AppError::new(Code::Conflict, format!("{} is a user of this tenant already", user.email))
            }
            other => other.into(),
        };
        return Err(failed(&app, draft.on(EventCode::UserCreateFailed, "user", user.id), error).await);
    }
    Ok(HttpResponse::Created().json(CreatedUser { user: user.into(), one_time_password: password }))
}

/// Changes a person's roles or status.
///
/// # Errors
/// 404 for another tenant's, 409 for shutting oneself out.
#[utoipa::path(patch, path = "/api/users/{id}", tag = "admin", params(("id" = String, Path)), request_body = UserPatch,
    responses(
    (status = 200, description = "Changed", body = User),
    (status = 404, description = "No such user", body = Problem),
    (status = 409, description = "One cannot shut oneself out", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
    Body(patch): Body<UserPatch>,
) -> Result<HttpResponse, AppError> {
    let id: UserId = id.parse().map_err(|_| AppError::not_found("user", &id))?;
    if let Some(roles) = &patch.roles {
        check_roles(roles)?;
    }
    let draft = permit.draft(&app);
    match change(&app, &permit, id, patch).await {
        Ok(user) => Ok(HttpResponse::Ok().json(User::from(user))),
        Err(error) => Err(failed(&app, draft.on(EventCode::UserUpdateFailed, "user", id), error).await),
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
    let mut after = before.clone();
    if let Some(roles) = patch.roles {
        // The operator's role is granted at the command line only: a tenant's administrator can neither
        // give nor take it.
        let operator = before.roles.iter().copied().filter(|role| *role == Role::PlatformOperator);
        after.roles = operator.chain(roles).collect();
        after.roles.sort_unstable();
        after.roles.dedup();
    }
    after.status = patch.status.unwrap_or(before.status);
    let shuts_out = after.status != Status::Active || !after.roles.contains(&Role::TenantAdmin);
    if id == permit.user.id && shuts_out {
        let detail = "you cannot disable yourself or give up tenant_admin; another administrator can do it";
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
    tx.update_user(id, &after.roles, after.status).await?;
    if after.status != Status::Active {
        tx.delete_sessions_of(id).await?;
    }
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    Ok(after)
}

fn check_roles(roles: &[Role]) -> Result<(), AppError> {
    if roles.is_empty() {
        return Err(AppError::invalid("roles", "give at least one role: tenant_admin, auditor or member"));
    }
    if roles.contains(&Role::PlatformOperator) {
        return Err(AppError::invalid("roles", "platform_operator is granted at the machine's command line only"));
    }
    Ok(())
}

fn spell(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ")
}
