//! `/api/roles`: the permission table, for people, and the tenant's own roles.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::RoleId,
    permission::{Permission, PermissionSet, Role, RoleRef},
};
use leeward_ledger::EventCode;
use leeward_store::{CustomRole, MAX_ROLES, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{changed, duties, name, recorded};
use crate::{
    app::App,
    auth::permit::{Anyone, Permit, RolesManage},
    error::{AppError, Code},
    http::{Body, errors::Problem},
};

/// The table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Roles {
    /// What may be permitted.
    permissions: Vec<PermissionRow>,
    /// Each role with what it may do; ours first, then the tenant's own.
    roles: Vec<RoleRow>,
}

/// One permission.
#[derive(Debug, Serialize, ToSchema)]
pub struct PermissionRow {
    #[schema(value_type = String)]
    name: Permission,
    meaning: &'static str,
    /// Whoever holds it does not audit, unless the tenant's policy says so.
    administrative: bool,
    /// Whether a tenant may put it into a role of its own.
    grantable: bool,
}

/// One role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoleRow {
    /// What users and groups hold: a name of ours, or an id (`rol_…`).
    #[schema(value_type = String)]
    name: RoleRef,
    /// What people call it.
    title: String,
    /// Who it is for; empty for the tenant's own.
    meaning: &'static str,
    /// What it may do.
    #[schema(value_type = Vec<String>)]
    permissions: PermissionSet,
    /// Whether every tenant has it.
    builtin: bool,
}

impl From<CustomRole> for RoleRow {
    fn from(role: CustomRole) -> Self {
        let (name, permissions) = (RoleRef::Custom(role.id), role.permissions);
        Self { name, title: role.name, meaning: "", permissions, builtin: false }
    }
}

/// A role to make, or to replace one by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// 1 to 100 characters, unique in the tenant.
    name: String,
    /// At least one grantable permission.
    #[schema(value_type = Vec<String>)]
    permissions: PermissionSet,
}

/// Lists permissions and roles.
///
/// # Errors
/// When the database fails.
#[utoipa::path(get, path = "/api/roles", tag = "admin", responses((status = 200, description = "The table", body = Roles)))]
pub async fn list(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    let permissions = Permission::ALL.iter().map(|permission| PermissionRow {
        name: *permission,
        meaning: permission.meaning().trim(),
        administrative: permission.is_administrative(),
        grantable: permission.is_grantable(),
    });
    let ours = Role::ALL.into_iter().map(|role| RoleRow {
        name: role.into(),
        title: role.as_str().replace('_', " "),
        meaning: role.meaning(),
        permissions: role.permissions().iter().copied().collect(),
        builtin: true,
    });
    let custom = app.store.tenant_read(permit.tenant.id).await?.custom_roles().await?;
    let roles = ours.chain(custom.into_iter().map(RoleRow::from)).collect();
    Ok(HttpResponse::Ok().json(Roles { permissions: permissions.collect(), roles }))
}

/// Makes a role.
///
/// # Errors
/// 400 for permissions no tenant may give, 409 when the name is taken, duties would mix or there are too many.
#[utoipa::path(post, path = "/api/roles", tag = "admin", request_body = NewRole, responses(
    (status = 201, description = "Made", body = RoleRow),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The name is taken, or duties would mix", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<RolesManage>,
    Body(new): Body<NewRole>,
) -> Result<HttpResponse, AppError> {
    let id: RoleId = app.ambient.mint();
    let draft = permit.draft(&app);
    let work = async {
        let role = checked(&permit, id, &new, app.ambient.now())?;
        let mut record = draft.on(EventCode::RoleCreated, "role", id);
        record.changes = vec![changed("permissions", None, Some(spell(role.permissions)))];
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if tx.custom_roles().await?.len() >= MAX_ROLES {
            let detail = format!("a tenant has at most {MAX_ROLES} roles of its own; delete one that nobody holds");
            return Err(AppError::new(Code::Conflict, detail));
        }
        tx.add_role(&role).await.map_err(|error| taken(error, &role.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(role)
    };
    let role = recorded(&app, draft.on(EventCode::RoleChangeFailed, "role", id), work).await?;
    Ok(HttpResponse::Created().json(RoleRow::from(role)))
}

/// Replaces a role's name and permissions; whoever holds it is bound by them at once.
///
/// # Errors
/// As for making one; 404 for another tenant's.
#[utoipa::path(put, path = "/api/roles/{id}", tag = "admin", params(("id" = String, Path)), request_body = NewRole,
    responses(
    (status = 200, description = "Changed", body = RoleRow),
    (status = 404, description = "No such role", body = Problem),
    (status = 409, description = "The name is taken, or duties would mix", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<RolesManage>,
    id: web::Path<String>,
    Body(new): Body<NewRole>,
) -> Result<HttpResponse, AppError> {
    let id: RoleId = id.parse().map_err(|_| AppError::not_found("role", &id))?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.custom_roles().await?.into_iter().find(|role| role.id == id);
        let before = before.ok_or_else(|| AppError::not_found("role", id))?;
        let after = checked(&permit, id, &new, before.created_at)?;
        if permit.principal.roles.contains(&RoleRef::Custom(id)) {
            return Err(AppError::new(Code::Conflict, "nobody changes a role they hold; another administrator can"));
        }
        let mut record = draft.on(EventCode::RoleUpdated, "role", id);
        record.changes = vec![changed("permissions", Some(spell(before.permissions)), Some(spell(after.permissions)))];
        tx.update_role(&after).await.map_err(|error| taken(error, &after.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(after)
    };
    let role = recorded(&app, draft.on(EventCode::RoleChangeFailed, "role", id), work).await?;
    Ok(HttpResponse::Ok().json(RoleRow::from(role)))
}

/// Deletes a role that nobody holds.
///
/// # Errors
/// 404 for another tenant's, 409 while a user or a group holds it.
#[utoipa::path(delete, path = "/api/roles/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Deleted"),
    (status = 404, description = "No such role", body = Problem),
    (status = 409, description = "Somebody holds it", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<RolesManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id: RoleId = id.parse().map_err(|_| AppError::not_found("role", &id))?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if tx.role_is_held(id).await? {
            let detail = "users or groups hold this role; take it from them first";
            return Err(AppError::new(Code::Conflict, detail));
        }
        tx.delete_role(id).await.map_err(|error| match error {
            StoreError::NotFound => AppError::not_found("role", id),
            other => other.into(),
        })?;
        tx.append_audit(&[draft.on(EventCode::RoleDeleted, "role", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::RoleChangeFailed, "role", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn checked(
    permit: &Permit<RolesManage>,
    id: RoleId,
    new: &NewRole,
    created_at: leeward_domain::Timestamp,
) -> Result<CustomRole, AppError> {
    let name = name(&new.name)?;
    if new.permissions == PermissionSet::NONE {
        return Err(AppError::invalid("permissions", "give at least one permission; GET /api/roles lists them"));
    }
    if let Some(wrong) = new.permissions.iter().find(|permission| !permission.is_grantable()) {
        return Err(AppError::invalid("permissions", format!("{wrong} is no tenant's to give")));
    }
    duties::separate(new.permissions, &permit.tenant)?;
    Ok(CustomRole { id, name, permissions: new.permissions, created_at })
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Conflict { .. } => AppError::new(Code::Conflict, format!("there is a role {name:?} already")),
        other => other.into(),
    }
}

fn spell(permissions: PermissionSet) -> String {
    permissions.iter().map(Permission::as_str).collect::<Vec<_>>().join(" ")
}
