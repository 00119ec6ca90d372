//! `/api/me/sessions`: where one is signed in.

use std::net::IpAddr;

use actix_web::{HttpResponse, web};
use leeward_domain::{ids::SessionId, principal::AuthMethod, time::Timestamp};
use leeward_ledger::EventCode;
use leeward_store::{SecondFactor, Session};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{Anyone, Permit},
    error::AppError,
    http::errors::Problem,
};

/// Somebody's living sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sessions {
    /// At most 200.
    pub items: Vec<SessionRow>,
}

/// One session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionRow {
    #[schema(value_type = String)]
    id: SessionId,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// Accurate to half a minute.
    #[schema(value_type = String)]
    last_seen_at: Timestamp,
    #[schema(value_type = String)]
    expires_at: Timestamp,
    /// How it began.
    #[schema(value_type = String)]
    method: AuthMethod,
    /// What was shown besides.
    second_factor: Option<&'static str>,
    /// Where the sign-in came from.
    #[schema(value_type = Option<String>)]
    source: Option<IpAddr>,
    /// What the browser called itself.
    user_agent: Option<String>,
    /// Whether it is the one that asks.
    current: bool,
}

impl SessionRow {
    /// As shown to whoever is in session `current`.
    #[must_use]
    pub fn of(session: Session, current: Option<SessionId>) -> Self {
        Self {
            id: session.id,
            created_at: session.created_at,
            last_seen_at: session.last_seen_at,
            expires_at: session.expires_at,
            method: session.method,
            second_factor: session.second_factor.map(SecondFactor::as_str),
            source: session.source,
            user_agent: session.user_agent,
            current: current == Some(session.id),
        }
    }
}

/// Lists one's own sessions.
///
/// # Errors
/// 401 when nobody is signed in.
#[utoipa::path(get, path = "/api/me/sessions", tag = "me", responses(
    (status = 200, description = "The sessions", body = Sessions)))]
pub async fn list(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    let now = app.ambient.now();
    let rows = app.store.tenant_read(permit.tenant.id).await?.sessions_of(permit.user.id).await?;
    let alive = rows.into_iter().filter(|session| session.is_alive(now));
    let items = alive.map(|session| SessionRow::of(session, permit.principal.session)).collect();
    Ok(HttpResponse::Ok().json(Sessions { items }))
}

/// Ends one of one's own sessions, and what it is having answered.
///
/// # Errors
/// 404 for anybody else's.
#[utoipa::path(delete, path = "/api/me/sessions/{id}", tag = "me", params(("id" = String, Path)), responses(
    (status = 204, description = "Ended"),
    (status = 404, description = "No such session of yours", body = Problem)))]
pub async fn end(app: web::Data<App>, permit: Permit<Anyone>, id: web::Path<String>) -> Result<HttpResponse, AppError> {
    let not_found = || AppError::not_found("session", &id);
    let session: SessionId = id.parse().map_err(|_| not_found())?;
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    let own = tx.sessions_of(permit.user.id).await?.into_iter().any(|row| row.id == session);
    if !own {
        return Err(not_found());
    }
    tx.delete_session(session).await?;
    tx.append_audit(&[permit.draft(&app).on(EventCode::SessionRevoked, "session", session)]).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}
