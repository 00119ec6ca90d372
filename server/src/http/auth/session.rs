//! `GET /auth/session`, `POST /auth/logout`.

use actix_web::{HttpResponse, web};
use leeward_domain::sign_in::Stage;
use leeward_ledger::EventCode;

use super::{SessionInfo, cookie};
use crate::{
    app::App,
    auth::{
        permit::{AnyStage, Permit},
        sign_in::{Factors, factors_of},
    },
    error::{AppError, Code},
    http::errors::Problem,
};

/// Tells who is signed in, and what is missing if the sign-in is not finished.
///
/// # Errors
/// 401 when nobody is.
#[utoipa::path(get, path = "/auth/session", tag = "auth", responses(
    (status = 200, description = "The session", body = SessionInfo),
    (status = 401, description = "Not signed in", body = Problem)))]
pub async fn session(app: web::Data<App>, permit: Permit<AnyStage>) -> Result<HttpResponse, AppError> {
    let factors = match permit.stage() {
        Stage::SecondFactor => factors_of(&app, permit.tenant.id, permit.user.id).await?,
        _ => Factors::default(),
    };
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(SessionInfo::of(&permit.identity, factors)))
}

/// Signs out: the session ends, the cookie is cleared.
///
/// # Errors
/// 400 for an API key, which has no session.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses(
    (status = 204, description = "Signed out"),
    (status = 400, description = "There is no session", body = Problem)))]
pub async fn logout(app: web::Data<App>, permit: Permit<AnyStage>) -> Result<HttpResponse, AppError> {
    let Some(id) = permit.principal.session else {
        return Err(AppError::new(Code::InvalidRequest, "an API key has no session to end; revoke the key instead"));
    };
    let record = permit.draft(&app).event(EventCode::LoggedOut);
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    tx.delete_session(id).await?;
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    let mut gone = cookie(&app, "", 0);
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}
