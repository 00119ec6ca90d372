//! `POST /auth/password`: a new password of one's own.

use actix_web::{HttpResponse, web};
use leeward_domain::principal::AuthMethod;
use leeward_ledger::EventCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionInfo, signed_in};
use crate::{
    app::App,
    auth::{
        password,
        permit::{PasswordStage, Permit},
        sign_in::{self, factors_of},
        throttle,
    },
    error::{AppError, Code},
    http::{Body, admin::failed, errors::Problem},
};

/// The old password and the new.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// What the password is now.
    current_password: String,
    /// What it is to be: long; nothing else is asked of it.
    new_password: String,
}

/// Sets a new password; every other session of the user ends.
///
/// # Errors
/// 400 for one the tenant's policy does not take, 401 when the current one is wrong, 429 after too many failures.
#[utoipa::path(post, path = "/auth/password", tag = "auth", request_body = PasswordChange, responses(
    (status = 200, description = "Changed; the session goes on under a new cookie", body = SessionInfo),
    (status = 400, description = "The new password is too short or too like the account", body = Problem),
    (status = 401, description = "The current password is wrong", body = Problem),
    (status = 429, description = "Too many attempts", body = Problem)))]
pub async fn change(
    app: web::Data<App>,
    permit: Permit<PasswordStage>,
    Body(change): Body<PasswordChange>,
) -> Result<HttpResponse, AppError> {
    match set(&app, &permit, change).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let record = permit.draft(&app).on(EventCode::PasswordChangeFailed, "user", permit.user.id);
            Err(failed(&app, record, error).await)
        }
    }
}

async fn set(app: &App, permit: &Permit<PasswordStage>, change: PasswordChange) -> Result<HttpResponse, AppError> {
    let session = permit.session.as_ref().filter(|session| session.method == AuthMethod::Password);
    let Some(session) = session else {
        let detail = "only a session that began with a password can change it; your account's password, if it has one, \
                      is kept elsewhere";
        return Err(AppError::new(Code::Forbidden, detail));
    };
    password::check(&change.new_password, &permit.tenant, &permit.user)?;
    let attempt =
        throttle::begin_for(app, &permit.context, "current_password", permit.tenant.id, permit.user.id).await?;
    let stored = app.store.tenant_read(permit.tenant.id).await?.password_hash(permit.user.id).await?;
    if !app.passwords.verify(change.current_password, stored.clone()).await? {
        return Err(AppError::new(Code::InvalidCredentials, "the current password is wrong"));
    }
    attempt.succeeded(app, permit.tenant.id, permit.user.id).await?;
    if app.passwords.verify(change.new_password.clone(), stored).await? {
        return Err(AppError::invalid("new_password", "the new password is the old one; choose another"));
    }
    let hash = app.passwords.hash(change.new_password).await?;
    let factors = factors_of(app, permit.tenant.id, permit.user.id).await?;
    let user = leeward_store::User { must_change_password: false, ..(*permit.user).clone() };

    let draft = permit.draft(app);
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    tx.set_password_hash(permit.user.id, Some(&hash), false).await?;
    tx.delete_other_sessions(permit.user.id, session.id).await?;
    let (stage, token) = sign_in::advance(app, &mut tx, &permit.identity, &user, None, factors).await?;
    let mut records = vec![draft.on(EventCode::PasswordChanged, "user", permit.user.id)];
    records.extend(sign_in::finished(&draft, permit.stage(), stage));
    tx.append_audit(&records).await?;
    tx.commit().await?;
    let identity = app.authenticator.by_session(&token, permit.context.source).await?;
    Ok(signed_in(app, &identity, &token, factors))
}
