//! The default-deny door: no route but the public ones is reached without an identity.

use actix_web::{
    HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web,
};
use leeward_domain::{
    Sha256Digest,
    principal::{AuthMethod, Principal},
    tenant::Status,
};
use leeward_ledger::EventCode;
use subtle::ConstantTimeEq as _;

use super::{
    Identity,
    secret::{ApiKeySecret, SessionToken},
};
use crate::{
    app::App,
    audit::Draft,
    error::{AppError, Code},
    http::{RequestContext, routes},
};

/// The cookie's name over plain HTTP on loopback.
pub const COOKIE: &str = "leeward_session";
/// The cookie's name over TLS: browsers then insist on Secure, Path=/ and no Domain (RFC 6265bis).
pub const SECURE_COOKIE: &str = "__Host-leeward_session";
/// The header that carries the CSRF token.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// Lets public routes pass, everybody else only with an [`Identity`]; a refusal is a record.
///
/// # Errors
/// None of its own: a refusal (`unauthenticated`, `invalid_api_key`, `csrf_failed`) is a response.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    match admit(&request).await {
        Ok(()) => next.call(request).await.map(ServiceResponse::map_into_left_body),
        // As a response, so that it keeps its request and gets its body like every other error.
        Err(refusal) => Ok(request.error_response(refusal).map_into_right_body()),
    }
}

async fn admit(request: &ServiceRequest) -> Result<(), AppError> {
    if routes::is_public(request.method(), request.path()) {
        return Ok(());
    }
    let app = app_of(request)?;
    match identify(&app, request).await {
        Ok(identity) => {
            request.extensions_mut().insert(identity);
            Ok(())
        }
        Err(refusal) => {
            if refusal.code.status().is_client_error() {
                record_refusal(&app, request, &refusal).await?;
            }
            Err(refusal)
        }
    }
}

fn app_of(request: &ServiceRequest) -> Result<web::Data<App>, AppError> {
    request.app_data::<web::Data<App>>().cloned().ok_or_else(|| AppError::internal(anyhow::anyhow!("no app data")))
}

async fn identify(app: &App, request: &ServiceRequest) -> Result<Identity, AppError> {
    let source = RequestContext::of(request.request()).source;
    if let Some(value) = request.headers().get(header::AUTHORIZATION) {
        let bearer = value.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).map(str::trim);
        let (tenant, key, user) = by_key(app, bearer.unwrap_or_default()).await?;
        let principal = Principal {
            tenant: tenant.id,
            user: user.id,
            api_key: Some(key),
            session: None,
            roles: user.roles.clone(),
            method: AuthMethod::ApiKey,
            source,
        };
        return Ok(Identity { principal, tenant, user, csrf: None, expires_at: None });
    }
    let name = cookie_name(app);
    let token = request.cookie(name).and_then(|cookie| SessionToken::parse(cookie.value())).ok_or_else(|| {
        AppError::new(
            Code::Unauthenticated,
            "credentials are missing: sign in, or send an API key as \"Authorization: Bearer lwd_…\"",
        )
    })?;
    let identity = by_session(app, &token, source).await?;
    if !request.method().is_safe() || *request.method() == Method::TRACE {
        check_csrf(request, &token)?;
    }
    Ok(identity)
}

/// The session cookie's name in this installation.
#[must_use]
pub fn cookie_name(app: &App) -> &'static str {
    if app.config.tls.is_secure() { SECURE_COOKIE } else { COOKIE }
}

async fn by_key(
    app: &App,
    secret: &str,
) -> Result<(leeward_store::Tenant, leeward_domain::ids::ApiKeyId, leeward_store::User), AppError> {
    let wrong = || {
        AppError::new(
            Code::InvalidApiKey,
            "the API key is wrong, revoked or expired; a tenant administrator can make one",
        )
    };
    let hash = ApiKeySecret::parse(secret).ok_or_else(wrong)?.hash();
    let found = app.store.platform_read().await?.find_api_key(&hash).await?.ok_or_else(wrong)?;
    let now = app.ambient.now();
    let alive = found.key.revoked_at.is_none() && found.key.expires_at.is_none_or(|end| end > now);
    if alive && found.tenant.status == Status::Active && found.user.status == Status::Active {
        app.key_use.touch(found.tenant.id, found.key.id, found.key.last_used_at, now);
        Ok((found.tenant, found.key.id, found.user))
    } else {
        Err(wrong())
    }
}

async fn by_session(app: &App, token: &SessionToken, source: Option<std::net::IpAddr>) -> Result<Identity, AppError> {
    let ended = || AppError::new(Code::Unauthenticated, "the session has ended; sign in again");
    let hash: Sha256Digest = token.hash();
    let found = app.store.platform_read().await?.find_session(&hash).await?.ok_or_else(ended)?;
    let alive = found.session.expires_at > app.ambient.now();
    if !alive || found.tenant.status != Status::Active || found.user.status != Status::Active {
        return Err(ended());
    }
    let principal = Principal {
        tenant: found.tenant.id,
        user: found.user.id,
        api_key: None,
        session: Some(found.session.id),
        roles: found.user.roles.clone(),
        method: AuthMethod::Session,
        source,
    };
    Ok(Identity {
        principal,
        tenant: found.tenant,
        user: found.user,
        csrf: Some(token.csrf()),
        expires_at: Some(found.session.expires_at),
    })
}

fn check_csrf(request: &ServiceRequest, token: &SessionToken) -> Result<(), AppError> {
    let given = request.headers().get(CSRF_HEADER).map_or(&b""[..], |value| value.as_bytes());
    if bool::from(given.ct_eq(token.csrf().as_bytes())) {
        Ok(())
    } else {
        let detail = "send the session's csrf_token in the X-CSRF-Token header; GET /auth/session tells it";
        Err(AppError::new(Code::CsrfFailed, detail))
    }
}

async fn record_refusal(app: &App, request: &ServiceRequest, refusal: &AppError) -> Result<(), AppError> {
    let context = RequestContext::of(request.request());
    let draft = Draft::anonymous(&app.ambient, &context);
    let mut record = draft.on(EventCode::AccessRefused, "route", routes::pattern(request.request()));
    record.reason = Some(refusal.code.as_str().to_owned());
    app.audit.append(None, vec![record]).await
}
