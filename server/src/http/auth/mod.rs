//! `/auth`: signing in, out, and asking who one is.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieDuration},
    web,
};
use leeward_domain::{
    ids::{SessionId, TenantId, UserId},
    permission::{Permission, Role},
    principal::{AuthMethod, Principal},
    tenant::{Email, Status, TenantName},
    time::Timestamp,
};
use leeward_ledger::EventCode;
use leeward_store::{LoginCandidate, Session};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Body, RequestContext, errors::Problem};
use crate::{
    app::App,
    audit::Draft,
    auth::{
        Identity,
        middleware::cookie_name,
        password,
        permit::{Anyone, Permit},
        secret::SessionToken,
    },
    error::{AppError, Code},
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

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionInfo {
    /// The person.
    user: SessionUser,
    /// The tenant acted for.
    tenant: SessionTenant,
    /// What the roles add up to.
    #[schema(value_type = Vec<String>)]
    permissions: Vec<Permission>,
    /// To be sent as `X-CSRF-Token` with every change; absent for API keys.
    csrf_token: Option<String>,
    /// When the session ends; absent for API keys.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
}

/// The person in a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionUser {
    /// Its id.
    #[schema(value_type = String)]
    id: UserId,
    /// Its address.
    #[schema(value_type = String)]
    email: Email,
    /// Its name for people.
    display_name: String,
    /// Its roles.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
}

/// The tenant in a session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionTenant {
    /// Its id.
    #[schema(value_type = String)]
    id: TenantId,
    /// Its name.
    #[schema(value_type = String)]
    name: TenantName,
}

impl SessionInfo {
    fn of(identity: &Identity) -> Self {
        let user = &identity.user;
        Self {
            user: SessionUser {
                id: user.id,
                email: user.email.clone(),
                display_name: user.display_name.clone(),
                roles: user.roles.clone(),
            },
            tenant: SessionTenant { id: identity.tenant.id, name: identity.tenant.name.clone() },
            permissions: identity.principal.permissions(),
            csrf_token: identity.csrf.clone(),
            expires_at: identity.expires_at,
        }
    }
}

/// Signs in.
///
/// # Errors
/// 401 `invalid_credentials`, 409 when the tenant must be named, 429 when too many checks wait.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = LoginRequest, security(()), responses(
    (status = 200, description = "Signed in; the cookie is set", body = SessionInfo),
    (status = 400, description = "Malformed", body = Problem),
    (status = 401, description = "Wrong address or password", body = Problem),
    (status = 409, description = "Name the tenant", body = Problem),
    (status = 429, description = "Try again in a few seconds", body = Problem)))]
pub async fn login(
    app: web::Data<App>,
    request: HttpRequest,
    Body(login): Body<LoginRequest>,
) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    let mut fitting = fitting_accounts(&app, login).await?;
    let anonymous = Draft::anonymous(&app.ambient, &context);
    if fitting.len() > 1 {
        let detail = "this address exists in several tenants with this password; send \"tenant\" with the one you mean";
        return Err(AppError { param: Some("tenant".into()), ..AppError::new(Code::Conflict, detail) });
    }
    let usable = fitting.pop().filter(|it| it.tenant.status == Status::Active && it.user.status == Status::Active);
    let Some(account) = usable else {
        let mut record = anonymous.event(EventCode::LoginFailed);
        record.reason = Some("no active account with this address and password".into());
        app.audit.append(None, vec![record]).await?;
        return Err(AppError::new(
            Code::InvalidCredentials,
            "the address or the password is wrong; after a reset, ask your administrator for a new one-time password",
        ));
    };
    let token = SessionToken::mint(&app.ambient);
    let identity = open_session(&app, &context, account, &token).await?;
    request.extensions_mut().insert(identity.clone());
    Ok(HttpResponse::Ok().cookie(cookie(&app, token.reveal())).json(SessionInfo::of(&identity)))
}

/// The accounts whose password fits; the same work whether there is one or none.
async fn fitting_accounts(app: &App, login: LoginRequest) -> Result<Vec<LoginCandidate>, AppError> {
    if login.password.len() > password::MAX_BYTES {
        return Err(AppError::invalid("password", format!("a password has at most {} bytes", password::MAX_BYTES)));
    }
    let email = login.email.parse::<Email>().ok();
    let tenant = login.tenant.map(|name| name.parse::<TenantName>()).transpose();
    let candidates = match (email, tenant) {
        (Some(email), Ok(tenant)) => app.store.platform_read().await?.login_candidates(&email, tenant.as_ref()).await?,
        _ => Vec::new(),
    };
    if candidates.is_empty() {
        app.passwords.verify(login.password, None).await?;
        return Ok(Vec::new());
    }
    let mut fitting = Vec::new();
    for candidate in candidates {
        if app.passwords.verify(login.password.clone(), Some(candidate.password_hash.clone())).await? {
            fitting.push(candidate);
        }
    }
    Ok(fitting)
}

async fn open_session(
    app: &App,
    context: &RequestContext,
    account: LoginCandidate,
    token: &SessionToken,
) -> Result<Identity, AppError> {
    let now = app.ambient.now();
    let id: SessionId = app.ambient.mint();
    let principal = Principal {
        tenant: account.tenant.id,
        user: account.user.id,
        api_key: None,
        session: Some(id),
        roles: account.user.roles.clone(),
        method: AuthMethod::Password,
        source: context.source,
    };
    let session =
        Session { id, user: account.user.id, created_at: now, expires_at: now.plus(lifetime(app)), last_seen_at: now };
    let identity = Identity {
        principal,
        tenant: account.tenant,
        user: account.user,
        csrf: Some(token.csrf()),
        expires_at: Some(session.expires_at),
    };
    let record = Draft::of(&app.ambient, context, &identity).event(EventCode::LoginSucceeded);
    let mut tx = app.store.tenant_write(identity.tenant.id).await?;
    tx.add_session(&session, &token.hash()).await?;
    tx.touch_login(identity.user.id, now).await?;
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    Ok(identity)
}

/// Tells who is signed in.
///
/// # Errors
/// 401 when nobody is.
#[utoipa::path(get, path = "/auth/session", tag = "auth", responses(
    (status = 200, description = "The session", body = SessionInfo),
    (status = 401, description = "Not signed in", body = Problem)))]
pub async fn session(permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(SessionInfo::of(&permit.identity)))
}

/// Signs out: the session ends, the cookie is cleared.
///
/// # Errors
/// 400 for an API key, which has no session.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses(
    (status = 204, description = "Signed out"),
    (status = 400, description = "There is no session", body = Problem)))]
pub async fn logout(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    let Some(id) = permit.principal.session else {
        return Err(AppError::new(Code::InvalidRequest, "an API key has no session to end; revoke the key instead"));
    };
    let record = permit.draft(&app).event(EventCode::LoggedOut);
    let mut tx = app.store.tenant_write(permit.tenant.id).await?;
    tx.delete_session(id).await?;
    tx.append_audit(&[record]).await?;
    tx.commit().await?;
    let mut gone = cookie(&app, "");
    gone.make_removal();
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

fn lifetime(app: &App) -> std::time::Duration {
    std::time::Duration::from_secs(app.config.auth.session_hours * 3600)
}

fn cookie(app: &App, value: &str) -> Cookie<'static> {
    let hours = i64::try_from(app.config.auth.session_hours).unwrap_or(12);
    Cookie::build(cookie_name(app), value.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.config.tls.is_secure())
        .same_site(SameSite::Strict)
        .max_age(CookieDuration::hours(hours))
        .finish()
}
