//! The default-deny door: no route but the public ones is reached without an identity.

use actix_web::{
    HttpMessage as _, HttpRequest, ResponseError as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web,
};
use leeward_domain::permission::Permission;
use leeward_ledger::EventCode;
use subtle::ConstantTimeEq as _;

use super::{Identity, permit::Lacking, secret::SessionToken};
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
/// The header that carries a key as Anthropic's clients send it, on the routes that speak their API only; where a
/// request has both, `Authorization` counts.
const API_KEY_HEADER: &str = "x-api-key";

/// Lets public routes pass, everybody else only with an [`Identity`]; a refusal is a record.
///
/// # Errors
/// None of its own: a refusal (`unauthenticated`, `invalid_api_key`, `csrf_failed`) is a response.
pub async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    match admit(&request).await {
        Ok(()) => {
            let response = next.call(request).await?;
            let lacking = response.request().extensions_mut().remove::<Lacking>();
            match lacking {
                None => Ok(response.map_into_left_body()),
                Some(Lacking(permission)) => match record_lacking(response.request(), permission).await {
                    Ok(()) => Ok(response.map_into_left_body()),
                    Err(unrecorded) => {
                        let (request, _) = response.into_parts();
                        Ok(ServiceResponse::new(request, unrecorded.error_response()).map_into_right_body())
                    }
                },
            }
        }
        // As a response, so that it keeps its request and gets its body like every other error.
        Err(refusal) => Ok(request.error_response(refusal).map_into_right_body()),
    }
}

async fn admit(request: &ServiceRequest) -> Result<(), AppError> {
    if routes::is_public(request.method(), request.path()) {
        return Ok(());
    }
    let app = app_of(request)?;
    app.ledger.answers()?;
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
        return app.authenticator.by_bearer(bearer.unwrap_or_default(), source).await;
    }
    if let Some(value) = request.headers().get(API_KEY_HEADER).filter(|_| routes::is_anthropic(request.path())) {
        return app.authenticator.by_bearer(value.to_str().map(str::trim).unwrap_or_default(), source).await;
    }
    let name = cookie_name(app);
    let token = request.cookie(name).and_then(|cookie| SessionToken::parse(cookie.value())).ok_or_else(|| {
        AppError::new(
            Code::Unauthenticated,
            "credentials are missing: sign in, or send an API key as \"Authorization: Bearer lwd_…\"",
        )
    })?;
    let identity = app.authenticator.by_session(&token, source).await?;
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

fn check_csrf(request: &ServiceRequest, token: &SessionToken) -> Result<(), AppError> {
    let given = request.headers().get(CSRF_HEADER).map_or(&b""[..], |value| value.as_bytes());
    if bool::from(given.ct_eq(token.csrf().as_bytes())) {
        Ok(())
    } else {
        let detail = "send the session's csrf_token in the X-CSRF-Token header; GET /auth/session tells it";
        Err(AppError::new(Code::CsrfFailed, detail))
    }
}

async fn record_lacking(request: &HttpRequest, permission: Permission) -> Result<(), AppError> {
    let context = RequestContext::of(request);
    let identity = request.extensions().get::<Identity>().cloned();
    let (Some(identity), Some(app)) = (identity, request.app_data::<web::Data<App>>()) else {
        return Err(AppError::internal(anyhow::anyhow!("a refusal without an identity")));
    };
    let draft = Draft::of(&app.ambient, &context, &identity);
    let mut record = draft.on(EventCode::AccessRefused, "route", routes::pattern(request));
    record.reason = Some(format!("{} lacks {permission}", Code::Forbidden.as_str()));
    app.audit.append(draft.log(), vec![record]).await
}

async fn record_refusal(app: &App, request: &ServiceRequest, refusal: &AppError) -> Result<(), AppError> {
    let context = RequestContext::of(request.request());
    let draft = Draft::anonymous(&app.ambient, &context);
    let mut record = draft.on(EventCode::AccessRefused, "route", routes::pattern(request.request()));
    record.reason = Some(refusal.code.as_str().to_owned());
    app.audit.append(None, vec![record]).await
}
