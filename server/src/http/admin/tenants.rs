//! `/api/tenants`: the operator's view of who lives here, without any of their content.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::TenantId,
    permission::Role,
    residency::ResidencyPolicy,
    tenant::{Email, Status, TenantName},
    time::Timestamp,
};
use leeward_ledger::EventCode;
use leeward_store::{Page, StoreError};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{changed, failed, recorded, users::CreatedUser};
use crate::{
    accounts,
    app::App,
    audit::Draft,
    auth::{
        permit::{Permit, TenantsManage},
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

/// A tenant.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tenant {
    #[schema(value_type = String)]
    id: TenantId,
    #[schema(value_type = String)]
    name: TenantName,
    #[schema(value_type = String)]
    status: Status,
    /// Its residency policy.
    #[schema(value_type = Object)]
    policy: ResidencyPolicy,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl From<leeward_store::Tenant> for Tenant {
    fn from(tenant: leeward_store::Tenant) -> Self {
        Self {
            id: tenant.id,
            name: tenant.name,
            status: tenant.status,
            policy: tenant.policy,
            created_at: tenant.created_at,
        }
    }
}

/// A tenant to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTenant {
    /// 1 to 64 lower-case letters, digits and hyphens.
    #[schema(value_type = String)]
    name: TenantName,
}

/// A tenant's administrator to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdmin {
    /// The address to sign in with.
    #[schema(value_type = String)]
    email: Email,
    /// The name for people.
    #[serde(default)]
    display_name: Option<String>,
}

/// Lists the tenants, oldest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/tenants", tag = "admin", params(PageQuery), responses(
    (status = 200, description = "A page of tenants", body = Paged<Tenant>),
    (status = 403, description = "Needs tenants.manage", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    _permit: Permit<TenantsManage>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let limit = page.limit()?;
    let after = page.cursor()?;
    let tenants = app.store.platform_read().await?.tenants(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&tenants, limit, |tenant| tenant.id);
    let items: Vec<Tenant> = tenants.into_iter().map(Tenant::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Makes a tenant whose policy allows this appliance's place only.
///
/// # Errors
/// 409 when the name is taken.
#[utoipa::path(post, path = "/api/tenants", tag = "admin", request_body = NewTenant, responses(
    (status = 201, description = "Made", body = Tenant),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<TenantsManage>,
    Body(new): Body<NewTenant>,
) -> Result<HttpResponse, AppError> {
    let tenant = accounts::new_tenant(&app.ambient, &app.keyring, &app.place, new.name).await?;
    let draft = permit.draft(&app);
    let added = async {
        let mut tx = app.store.platform_write().await?;
        tx.add_tenant(&tenant).await?;
        // In the operator's log, and as the first record of the new tenant's own.
        tx.append_audit_to(draft.log(), &[draft.on(EventCode::TenantCreated, "tenant", tenant.id)]).await?;
        let theirs = draft.clone().in_tenant(tenant.id).on(EventCode::TenantCreated, "tenant", tenant.id);
        tx.append_audit_to(Some(tenant.id), &[theirs]).await?;
        tx.commit().await
    };
    if let Err(error) = added.await {
        let error = match error {
            StoreError::Conflict { .. } => {
                AppError::new(Code::Conflict, format!("there is a tenant {} already", tenant.name))
            }
            other => other.into(),
        };
        return Err(failed(&app, draft.on(EventCode::TenantCreateFailed, "tenant", &tenant.name), error).await);
    }
    Ok(HttpResponse::Created().json(Tenant::from(tenant)))
}

/// Adds an administrator to a tenant; they name its auditors.
///
/// # Errors
/// 404 for no such tenant, 409 when the address is taken there.
#[utoipa::path(post, path = "/api/tenants/{id}/admins", tag = "admin", params(("id" = String, Path)),
    request_body = NewAdmin, responses(
    (status = 201, description = "Added; the password is shown this once", body = CreatedUser),
    (status = 404, description = "No such tenant", body = Problem),
    (status = 409, description = "The address is taken", body = Problem)))]
pub async fn create_admin(
    app: web::Data<App>,
    permit: Permit<TenantsManage>,
    id: web::Path<String>,
    Body(new): Body<NewAdmin>,
) -> Result<HttpResponse, AppError> {
    let id: TenantId = id.parse().map_err(|_| AppError::not_found("tenant", &id))?;
    let exists = app.store.platform_read().await?.tenant(id).await?;
    exists.ok_or_else(|| AppError::not_found("tenant", id))?;
    let user = accounts::new_user(&app.ambient, new.email, new.display_name, vec![Role::TenantAdmin.into()]);
    let password = one_time_password(&app.ambient);
    let hash = app.passwords.hash(password.clone()).await?;
    let draft = permit.draft(&app);
    let theirs = draft.clone().in_tenant(id);
    let added = async {
        let mut tx = app.store.platform_write().await?;
        if draft.log() != Some(id) {
            tx.append_audit_to(draft.log(), &[draft.on(EventCode::UserCreated, "user", user.id)]).await?;
        }
        let mut tx = tx.into_tenant(id).await?;
        tx.add_user(&user, Some(&hash)).await?;
        tx.append_audit(&[theirs.on(EventCode::UserCreated, "user", user.id)]).await?;
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
    Ok(HttpResponse::Created().json(CreatedUser { user: user.into(), one_time_password: Some(password) }))
}

/// What to change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantPatch {
    /// `disabled` stops everybody in it at once, running answers too; `active` lets them act again.
    #[schema(value_type = String)]
    status: Status,
}

/// What confirms a deletion.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Confirmation {
    /// The tenant's name, spelled out.
    confirm: String,
}

/// Suspends or resumes a tenant.
///
/// # Errors
/// 404 for no such tenant, 409 for one's own.
#[utoipa::path(patch, path = "/api/tenants/{id}", tag = "admin", params(("id" = String, Path)),
    request_body = TenantPatch, responses(
    (status = 200, description = "Changed", body = Tenant),
    (status = 404, description = "No such tenant", body = Problem),
    (status = 409, description = "It is your own", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<TenantsManage>,
    id: web::Path<String>,
    Body(patch): Body<TenantPatch>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.platform_write().await?;
        let before = tx.tenant(id).await?.ok_or_else(|| AppError::not_found("tenant", id))?;
        not_own(&permit, id)?;
        tx.set_tenant_status(id, patch.status).await?;
        let record = |draft: &Draft| {
            let mut record = draft.on(EventCode::TenantUpdated, "tenant", id);
            let (from, to) = (before.status.as_str().to_owned(), patch.status.as_str().to_owned());
            record.changes = vec![changed("status", Some(from), Some(to))];
            record
        };
        tx.append_audit_to(draft.log(), &[record(&draft)]).await?;
        tx.append_audit_to(Some(id), &[record(&draft.clone().in_tenant(id))]).await?;
        tx.commit().await?;
        Ok(leeward_store::Tenant { status: patch.status, ..before })
    };
    let tenant = recorded(&app, draft.on(EventCode::TenantUpdateFailed, "tenant", id), work).await?;
    Ok(HttpResponse::Ok().json(Tenant::from(tenant)))
}

/// Deletes a suspended tenant with everything of its own; its audit log stays. What was sealed for it can never
/// be read again.
///
/// # Errors
/// 400 when the name is not spelled out, 404 for no such tenant, 409 while it is active.
#[utoipa::path(delete, path = "/api/tenants/{id}", tag = "admin", params(("id" = String, Path), Confirmation),
    responses(
    (status = 204, description = "Deleted"),
    (status = 400, description = "The name is not spelled out", body = Problem),
    (status = 404, description = "No such tenant", body = Problem),
    (status = 409, description = "It is active, or your own", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<TenantsManage>,
    id: web::Path<String>,
    confirmation: web::Query<Confirmation>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.platform_write().await?;
        let tenant = tx.tenant(id).await?.ok_or_else(|| AppError::not_found("tenant", id))?;
        not_own(&permit, id)?;
        if confirmation.confirm != tenant.name.as_str() {
            let detail = format!("spell the tenant's name out: ?confirm={}", tenant.name);
            return Err(AppError::invalid("confirm", detail));
        }
        if tenant.status == Status::Active {
            return Err(AppError::new(Code::Conflict, "an active tenant is not deleted; suspend it first"));
        }
        if app.store.tenant_read(id).await?.holds_in_force().await? > 0 {
            let detail = "legal holds are in force in this tenant: whoever placed them must release them first";
            return Err(AppError::new(Code::LegalHold, detail));
        }
        let record = draft.on(EventCode::TenantDeleted, "tenant", id);
        tx.delete_tenant(id, life::grave(&record)).await?;
        let theirs = draft.clone().in_tenant(id).on(EventCode::TenantDeleted, "tenant", id);
        tx.append_audit_to(draft.log(), &[record]).await?;
        tx.append_audit_to(Some(id), &[theirs]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::TenantUpdateFailed, "tenant", id), work).await?;
    app.keyring.forget(id);
    life::entomb(&app).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn parse(id: &str) -> Result<TenantId, AppError> {
    id.parse().map_err(|_| AppError::not_found("tenant", id))
}

fn not_own(permit: &Permit<TenantsManage>, id: TenantId) -> Result<(), AppError> {
    if permit.tenant.id == id {
        return Err(AppError::new(Code::Conflict, "you would shut yourself out: this is the tenant you act in"));
    }
    Ok(())
}
