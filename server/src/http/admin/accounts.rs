//! `/api/users/{id}/…`: what an administrator does to an account: its password, its factors, its sessions.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    ids::UserId,
    permission::{Permission, Role},
    user::UserKind,
};
use leeward_ledger::EventCode;

use super::{
    changed, recorded,
    users::{CreatedUser, parse},
};
use crate::{
    app::App,
    auth::{
        permit::{Permit, UsersManage},
        secret::one_time_password,
    },
    error::{AppError, Code},
    http::{
        errors::Problem,
        me::sessions::{SessionRow, Sessions},
    },
};

/// Gives a user a one-time password and ends their sessions.
///
/// # Errors
/// 404 for another tenant's, 409 for an account that does not sign in with a password kept here.
#[utoipa::path(post, path = "/api/users/{id}/password", tag = "admin", params(("id" = String, Path)), responses(
    (status = 200, description = "The password is shown this once", body = CreatedUser),
    (status = 404, description = "No such user", body = Problem),
    (status = 409, description = "The account has no password here", body = Problem)))]
pub async fn reset_password(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let password = one_time_password(&app.ambient);
    let work = async {
        let hash = app.passwords.hash(password.clone()).await?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let user = tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        if user.kind != UserKind::Person || user.guest_of.is_some() {
            let detail = "service accounts, guests and the emergency account have no password here";
            return Err(AppError::new(Code::Conflict, detail));
        }
        not_the_operators(&permit, &user)?;
        tx.set_password_hash(id, Some(&hash), true).await?;
        tx.delete_sessions_of(id).await?;
        let mut record = draft.on(EventCode::UserUpdated, "user", id);
        record.changes = vec![changed("password", None, Some("one-time".into()))];
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(leeward_store::User { must_change_password: true, ..user })
    };
    let user = recorded(&app, draft.on(EventCode::UserUpdateFailed, "user", id), work).await?;
    Ok(HttpResponse::Ok().json(CreatedUser { user: user.into(), one_time_password: Some(password) }))
}

/// Takes away a user's second factors, for somebody who lost their device; their sessions end.
///
/// # Errors
/// 404 for another tenant's, 409 for oneself.
#[utoipa::path(delete, path = "/api/users/{id}/factors", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Gone"),
    (status = 404, description = "No such user", body = Problem),
    (status = 409, description = "One's own are removed under /api/me", body = Problem)))]
pub async fn reset_factors(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let user = tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        not_the_operators(&permit, &user)?;
        if id == permit.user.id {
            return Err(AppError::new(Code::Conflict, "remove your own factors under /api/me"));
        }
        if tx.totp(id).await?.is_some() {
            tx.delete_totp(id).await?;
        }
        let passkeys = tx.delete_passkeys_of(id).await?;
        tx.set_recovery_codes(id, &[]).await?;
        tx.delete_sessions_of(id).await?;
        let mut record = draft.on(EventCode::FactorRemoved, "user", id);
        record.changes = vec![changed("factors", Some(format!("all; {passkeys} passkeys")), None)];
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::UserUpdateFailed, "user", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The operator's credentials are the platform's: a tenant's administrator who reset them could become operator.
fn not_the_operators(permit: &Permit<UsersManage>, user: &leeward_store::User) -> Result<(), AppError> {
    if user.roles.contains(&Role::PlatformOperator.into()) && !permit.principal.may(Permission::TenantsManage) {
        let detail = "the platform's operator is helped at the machine's command line (leeward user reset-password)";
        return Err(AppError::new(Code::Forbidden, detail));
    }
    Ok(())
}

/// Lists a user's sessions, newest first.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(get, path = "/api/users/{id}/sessions", tag = "admin", params(("id" = String, Path)), responses(
    (status = 200, description = "The sessions", body = Sessions),
    (status = 404, description = "No such user", body = Problem)))]
pub async fn sessions(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    read.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
    let now = app.ambient.now();
    let rows = read.sessions_of(id).await?.into_iter().filter(|session| session.is_alive(now));
    let items = rows.map(|session| SessionRow::of(session, permit.principal.session)).collect();
    Ok(HttpResponse::Ok().json(Sessions { items }))
}

/// Ends every session of a user, and what they are having answered.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(delete, path = "/api/users/{id}/sessions", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "No such user", body = Problem)))]
pub async fn end_sessions(
    app: web::Data<App>,
    permit: Permit<UsersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id: UserId = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.user(id).await?.ok_or_else(|| AppError::not_found("user", id))?;
        let ended = tx.delete_sessions_of(id).await?;
        let mut record = draft.on(EventCode::SessionRevoked, "user", id);
        record.reason = Some(format!("{ended} sessions, by an administrator"));
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::UserUpdateFailed, "user", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}
