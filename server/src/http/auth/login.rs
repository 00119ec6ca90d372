//! `POST /auth/login`: an e-mail address and a password.

use actix_web::{HttpRequest, HttpResponse, web};
use leeward_domain::{
    principal::AuthMethod,
    tenant::{Email, Status, TenantName},
    user::UserKind,
};
use leeward_ledger::EventCode;
use leeward_store::LoginCandidate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionInfo, signed_in};
use crate::{
    app::App,
    audit::Draft,
    auth::{
        password,
        sign_in::{self, Proof, factors_of},
        throttle,
    },
    error::{AppError, Code},
    http::{Body, RequestContext, errors::Problem},
};

/// Credentials.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginRequest {
    /// The e-mail address.
    email: String,
    /// The password.
    password: String,
    /// The tenant's name, needed only if the address exists in several.
    #[serde(default)]
    tenant: Option<String>,
}

/// Signs in.
///
/// # Errors
/// 401 `invalid_credentials`, 409 when the tenant must be named, 429 after too many failures.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = LoginRequest, security(()), responses(
    (status = 200, description = "Signed in, or on the way: see `stage`; the cookie is set", body = SessionInfo),
    (status = 400, description = "Malformed", body = Problem),
    (status = 401, description = "Wrong address or password", body = Problem),
    (status = 409, description = "Name the tenant", body = Problem),
    (status = 429, description = "Too many attempts; Retry-After says when to come back", body = Problem)))]
pub async fn login(
    app: web::Data<App>,
    request: HttpRequest,
    Body(login): Body<LoginRequest>,
) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    if login.password.len() > password::MAX_BYTES {
        return Err(AppError::invalid("password", format!("a password has at most {} bytes", password::MAX_BYTES)));
    }
    let candidates = candidates(&app, &login).await?;
    // Before any work is done on the password: an attempt that is not allowed costs nothing.
    let attempt = throttle::begin(&app, &context, &login.email, &candidates).await?;
    let mut fitting = fitting(&app, login.password, candidates).await?;
    let anonymous = Draft::anonymous(&app.ambient, &context);
    if fitting.len() > 1 {
        let mut record = anonymous.event(EventCode::LoginFailed);
        record.reason = Some("the address and password fit several tenants, and none was named".into());
        app.audit.append(None, vec![record]).await?;
        let detail = "this address exists in several tenants with this password; send \"tenant\" with the one you mean";
        return Err(AppError { param: Some("tenant".into()), ..AppError::new(Code::Conflict, detail) });
    }
    let Some(account) = fitting.pop() else {
        let mut record = anonymous.event(EventCode::LoginFailed);
        record.reason = Some("no active account with this address and password".into());
        app.audit.append(None, vec![record]).await?;
        return Err(AppError::new(
            Code::InvalidCredentials,
            "the address or the password is wrong; after a reset, ask your administrator for a new one-time password",
        ));
    };
    attempt.succeeded(&app, account.tenant.id, account.user.id).await?;
    let factors = factors_of(&app, account.tenant.id, account.user.id).await?;
    let proof = Proof {
        tenant: account.tenant,
        user: account.user,
        method: AuthMethod::Password,
        second_factor: None,
        provider: None,
    };
    let (identity, token) = sign_in::open(&app, &context, proof).await?;
    Ok(signed_in(&app, &identity, &token, factors))
}

/// Whom the address might be.
async fn candidates(app: &App, login: &LoginRequest) -> Result<Vec<LoginCandidate>, AppError> {
    let email = login.email.parse::<Email>().ok();
    let tenant = login.tenant.as_deref().map(str::parse::<TenantName>).transpose();
    match (email, tenant) {
        (Some(email), Ok(tenant)) => {
            Ok(app.store.platform_read().await?.login_candidates(&email, tenant.as_ref()).await?)
        }
        _ => Ok(Vec::new()),
    }
}

/// The accounts that may sign in so and whose password fits; the same work whether there is one or none.
async fn fitting(
    app: &App,
    password: String,
    candidates: Vec<LoginCandidate>,
) -> Result<Vec<LoginCandidate>, AppError> {
    if candidates.is_empty() {
        app.passwords.verify(password, None).await?;
        return Ok(Vec::new());
    }
    let mut fitting = Vec::new();
    for candidate in candidates {
        let fits = app.passwords.verify(password.clone(), Some(candidate.password_hash.clone())).await?;
        let active = candidate.tenant.status == Status::Active && candidate.user.status == Status::Active;
        let so = candidate.tenant.sign_in.passwords && candidate.user.kind == UserKind::Person;
        if fits && active && so && candidate.user.guest_of.is_none() {
            fitting.push(candidate);
        }
    }
    Ok(fitting)
}
