//! `/auth/token`, `/auth/revoke`, `/.well-known/…`: access tokens for programs, by OAuth 2.0 (RFC 6749).
//!
//! | grant | what is shown | what comes back |
//! |---|---|---|
//! | `client_credentials` | an API key as the client's secret | an access token |
//! | token exchange (RFC 8693) | a trusted issuer's token, for example a Kubernetes service account's | an access token |
//! | `refresh_token` | a refresh token of `POST /api/me/tokens` | an access token and the next refresh token |
//!
//! Every token issued is a record, and every refusal.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use leeward_domain::{
    Timestamp,
    ids::{GrantId, TenantId},
    tenant::Status,
    user::UserKind,
};
use leeward_identity::{
    jwks::KeySet,
    jwt::{self, Expected},
};
use leeward_ledger::{EventCode, Record};
use leeward_store::{GrantKind, Tenant, TenantWrite, TokenGrant, TrustedIssuer};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    app::App,
    audit::Draft,
    auth::{authenticator, issuers::IssuerAt, secret::SessionToken},
    error::{AppError, Code},
    http::{RequestContext, admin::recorded, body::Form, errors::OAuthError},
};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
/// What a foreign token may be called (RFC 8693, section 3).
const FOREIGN: [&str; 2] = ["urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token"];

/// What the token endpoint takes; which fields depends on `grant_type`.
#[derive(Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the form; its fields are read by name")]
pub struct TokenForm {
    /// `client_credentials`, `refresh_token` or `urn:ietf:params:oauth:grant-type:token-exchange`.
    grant_type: String,
    /// An API key, for `client_credentials`; HTTP Basic will do as well.
    client_secret: Option<String>,
    /// For `refresh_token`.
    refresh_token: Option<String>,
    /// For token exchange: the foreign token.
    subject_token: Option<String>,
    /// For token exchange: `urn:ietf:params:oauth:token-type:jwt`.
    subject_token_type: Option<String>,
}

/// What the token endpoint gives.
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// To be sent as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds it lives.
    expires_in: u64,
    /// Good for the next access token, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// For token exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
}

/// Issues an access token.
///
/// # Errors
/// OAuth's: `invalid_request`, `invalid_client`, `invalid_grant`, `unsupported_grant_type`.
#[utoipa::path(post, path = "/auth/token", tag = "auth",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"), security(()), responses(
    (status = 200, description = "The token", body = TokenAnswer),
    (status = 400, description = "What was shown is no good", body = OAuthError),
    (status = 401, description = "The API key is no good", body = OAuthError)))]
pub async fn token(app: web::Data<App>, request: HttpRequest, form: Form) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    let failure = Draft::anonymous(&app.ambient, &context).event(EventCode::TokenRefused);
    let work = async {
        match form.need("grant_type")? {
            "client_credentials" => by_key(&app, &context, &request, &form).await,
            "refresh_token" => refresh(&app, &context, form.need("refresh_token")?).await,
            EXCHANGE => exchange(&app, &context, &form).await,
            _ => Err(AppError::new(
                Code::UnsupportedGrantType,
                "grant_type is client_credentials, refresh_token or urn:ietf:params:oauth:grant-type:token-exchange",
            )),
        }
    };
    let answer = recorded(&app, failure, work).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(answer))
}

async fn by_key(
    app: &App,
    context: &RequestContext,
    request: &HttpRequest,
    form: &Form,
) -> Result<TokenAnswer, AppError> {
    let basic = request.headers().get(header::AUTHORIZATION).and_then(|value| basic_password(value.to_str().ok()?));
    let secret = match (basic, form.get("client_secret")) {
        (Some(secret), None) => secret,
        (None, Some(secret)) => secret.to_owned(),
        (Some(_), Some(_)) => return Err(AppError::invalid("client_secret", "show the API key once, not twice")),
        (None, None) => return Err(AppError::new(Code::InvalidApiKey, "show an API key as client_secret")),
    };
    let identity = app.authenticator.by_key(&secret, context.source).await?;
    let now = app.ambient.now();
    let grant = TokenGrant {
        id: app.ambient.mint(),
        user: identity.user.id,
        kind: GrantKind::ApiKey,
        name: "API key".into(),
        api_key: identity.principal.api_key,
        issuer: None,
        subject: None,
        // As much as the key carries: the token is bound by the same limits.
        scopes: Some(identity.principal.permissions),
        created_at: now,
        expires_at: now.plus(Duration::from_secs(app.authenticator.tokens().config().access_s)),
        last_used_at: None,
    };
    let draft = Draft::of(&app.ambient, context, &identity);
    let mut tx = app.store.tenant_write(identity.tenant.id).await?;
    tx.add_grant(&grant).await?;
    give(app, tx, &draft, identity.tenant.id, grant, None).await
}

async fn exchange(app: &App, context: &RequestContext, form: &Form) -> Result<TokenAnswer, AppError> {
    if !FOREIGN.contains(&form.need("subject_token_type")?) {
        return Err(AppError::invalid("subject_token_type", format!("subject_token_type is {}", FOREIGN.join(" or "))));
    }
    if form.get("requested_token_type").is_some_and(|wanted| wanted != ACCESS_TOKEN) {
        return Err(AppError::invalid("requested_token_type", format!("only {ACCESS_TOKEN} is issued")));
    }
    let token = form.need("subject_token")?;
    let (tenant, issuer) = trusting(app, token).await?;
    let grant = workload(app, &tenant, &issuer, token).await?;
    let draft = Draft::anonymous(&app.ambient, context).in_tenant(tenant.id);
    let mut tx = app.store.tenant_write(tenant.id).await?;
    tx.add_grant(&grant).await?;
    let answer = give(app, tx, &draft, tenant.id, grant, None).await?;
    Ok(TokenAnswer { issued_token_type: Some(ACCESS_TOKEN), ..answer })
}

/// The tenant that trusts a token's issuer for one of its audiences. Nothing of the token is believed yet.
async fn trusting(app: &App, token: &str) -> Result<(Tenant, TrustedIssuer), AppError> {
    let unknown =
        || AppError::new(Code::InvalidGrant, "nobody here trusts the token's issuer for any of its audiences");
    let (issuer, audiences) = jwt::unverified_issuer(token).ok_or_else(unknown)?;
    let mut read = app.store.platform_read().await?;
    for audience in audiences.iter().take(8) {
        if let Some((tenant, found)) = read.find_issuer(&issuer, audience).await?
            && found.enabled
            && tenant.status == Status::Active
        {
            return Ok((tenant, found));
        }
    }
    Err(unknown())
}

/// Checks a foreign token; gives the grant it is worth.
async fn workload(app: &App, tenant: &Tenant, issuer: &TrustedIssuer, token: &str) -> Result<TokenGrant, AppError> {
    let now = app.ambient.now();
    let expected = Expected {
        issuer: &issuer.issuer,
        audience: &issuer.audience,
        kinds: &["", "jwt"],
        requires: &["exp", "iat", "sub"],
        now,
    };
    let refused = |why: String| AppError::new(Code::InvalidGrant, why);
    let claims = match &issuer.settings.jwks {
        Some(jwks) => {
            let keys = KeySet::parse(jwks.as_bytes()).map_err(|error| refused(error.to_string()))?;
            jwt::verify(token, &keys, &expected).map_err(|why| refused(format!("the token was refused: {why}")))?
        }
        None => {
            let at = IssuerAt { issuer: &issuer.issuer, ca_pem: issuer.settings.ca_pem.as_deref() };
            let checked = app.issuers.verified(at, |keys| jwt::verify(token, keys, &expected)).await;
            checked.map_err(|error| refused(error.to_string()))?
        }
    };
    let subject = claims.subject.unwrap_or_default();
    let rule = issuer.settings.subjects.iter().find(|rule| rule.subject == subject);
    let rule = rule.ok_or_else(|| refused(format!("no rule of {:?} is for the subject {subject:?}", issuer.name)))?;
    let user = app.store.tenant_read(tenant.id).await?.user(rule.user).await?;
    let user = user.filter(|user| user.kind == UserKind::Service && user.status == Status::Active);
    let user = user.ok_or_else(|| refused("the service account it acts as is suspended or gone".to_owned()))?;
    // Ours never outlives theirs.
    let theirs = claims.expires_at.map_or(now, |end| Timestamp::from_unix_micros(end.saturating_mul(1_000_000)));
    let ours = now.plus(Duration::from_secs(app.authenticator.tokens().config().access_s));
    let grant = TokenGrant {
        id: app.ambient.mint(),
        user: user.id,
        kind: GrantKind::Workload,
        name: issuer.name.clone(),
        api_key: None,
        issuer: Some(issuer.id),
        subject: Some(subject),
        scopes: rule.scopes,
        created_at: now,
        expires_at: ours.min(theirs),
        last_used_at: None,
    };
    if grant.expires_at <= now {
        return Err(refused("the token has expired".to_owned()));
    }
    Ok(grant)
}

async fn refresh(app: &App, context: &RequestContext, shown: &str) -> Result<TokenAnswer, AppError> {
    let wrong =
        || AppError::new(Code::InvalidGrant, "the refresh token is wrong, expired or revoked; ask for a new one");
    let token = SessionToken::parse(shown).ok_or_else(wrong)?;
    let now = app.ambient.now();
    let mut tx = app.store.platform_write().await?;
    let (tenant, kept) = tx.use_refresh_token(&token.hash(), now).await?.ok_or_else(wrong)?;
    let mut tx = tx.into_tenant(tenant).await?;
    let draft = Draft::anonymous(&app.ambient, context).in_tenant(tenant);
    let leeway = Duration::from_secs(app.authenticator.tokens().config().refresh_leeway_s);
    if kept.used_at.is_some_and(|first| now.since(first) > leeway) {
        // Two hold the same token, and one of them is not its owner.
        tx.delete_grant(kept.grant.id).await?;
        let mut record = draft.on(EventCode::TokenReused, "grant", kept.grant.id);
        record.reason = Some(format!("shown again after its use; every token for {} by it ended", kept.grant.user));
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        return Err(AppError::new(
            Code::InvalidGrant,
            "this refresh token was used before, so all its tokens have ended",
        ));
    }
    if kept.expires_at <= now || kept.grant.expires_at <= now || !may_act(app, tenant, &kept.grant).await? {
        return Err(wrong());
    }
    let next = SessionToken::mint(&app.ambient);
    give(app, tx, &draft, tenant, kept.grant, Some(next)).await
}

async fn may_act(app: &App, tenant: TenantId, grant: &TokenGrant) -> Result<bool, AppError> {
    let mut read = app.store.platform_read().await?;
    match read.find_user(tenant, grant.user).await? {
        Some(found) => authenticator::may_act(&mut read, &found.tenant, &found.user).await,
        None => Ok(false),
    }
}

/// Signs a token on a grant that `tx` holds or that was there before; the refresh token and the record are durable
/// first.
pub(in crate::http) async fn give(
    app: &App,
    mut tx: TenantWrite,
    draft: &Draft,
    tenant: TenantId,
    grant: TokenGrant,
    refresh: Option<SessionToken>,
) -> Result<TokenAnswer, AppError> {
    let now = app.ambient.now();
    if let Some(refresh) = &refresh {
        tx.add_refresh_token(grant.id, &refresh.hash(), now, grant.expires_at).await?;
    }
    tx.append_audit(&[issued(draft, &grant)]).await?;
    tx.commit().await?;
    let access = app.authenticator.tokens().issue(tenant, &grant).await?;
    Ok(TokenAnswer {
        access_token: access.token,
        token_type: "Bearer",
        expires_in: access.expires_in,
        refresh_token: refresh.map(|token| token.reveal().to_owned()),
        issued_token_type: None,
    })
}

fn issued(draft: &Draft, grant: &TokenGrant) -> Record {
    let mut record = draft.on(EventCode::TokenIssued, "grant", grant.id);
    let subject = grant.subject.as_ref().map(|subject| format!(" subject={subject}")).unwrap_or_default();
    record.reason = Some(format!("{} for {}{subject}", grant.kind.as_str(), grant.user));
    record
}

/// Ends the grant a refresh token renews (RFC 7009). An unknown token is no error.
///
/// # Errors
/// When the database fails.
#[utoipa::path(post, path = "/auth/revoke", tag = "auth",
    request_body(content = Object, content_type = "application/x-www-form-urlencoded"), security(()), responses(
    (status = 200, description = "It is worth nothing now"),
    (status = 400, description = "No token was sent", body = OAuthError)))]
pub async fn revoke(app: web::Data<App>, request: HttpRequest, form: Form) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    if let Some((tenant, grant)) = grant_of(&app, form.need("token")?).await? {
        let mut tx = app.store.tenant_write(tenant).await?;
        match tx.delete_grant(grant).await {
            Ok(()) => {
                let draft = Draft::anonymous(&app.ambient, &context).in_tenant(tenant);
                tx.append_audit(&[draft.on(EventCode::TokenRevoked, "grant", grant)]).await?;
                tx.commit().await?;
            }
            Err(leeward_store::StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(HttpResponse::Ok().finish())
}

/// The grant behind a refresh token, or behind an access token of ours.
async fn grant_of(app: &App, token: &str) -> Result<Option<(TenantId, GrantId)>, AppError> {
    if let Some(refresh) = SessionToken::parse(token) {
        let mut tx = app.store.platform_write().await?;
        // Not committed: looking is not using.
        let found = tx.use_refresh_token(&refresh.hash(), app.ambient.now()).await?;
        return Ok(found.map(|(tenant, kept)| (tenant, kept.grant.id)));
    }
    match app.authenticator.tokens().recognise(token).await {
        Ok(bearer) => Ok(Some((bearer.tenant, bearer.grant))),
        Err(error) if error.code == Code::InvalidToken => Ok(None),
        Err(error) => Err(error),
    }
}

/// The keys our access tokens are signed with (RFC 7517).
///
/// # Errors
/// When the database fails.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth", security(()), responses(
    (status = 200, description = "The key set", body = Object)))]
pub async fn jwks(app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let keys = app.authenticator.tokens().published().await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(keys))
}

/// What the token endpoint can do (RFC 8414).
#[utoipa::path(get, path = "/.well-known/oauth-authorization-server", tag = "auth", security(()), responses(
    (status = 200, description = "The metadata", body = Object)))]
pub async fn metadata(app: web::Data<App>) -> HttpResponse {
    let issuer = app.authenticator.tokens().issuer();
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}/auth/token"),
        "revocation_endpoint": format!("{issuer}/auth/revoke"),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials", "refresh_token", EXCHANGE],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    }))
}

/// The password of an HTTP Basic header; the name is not looked at.
fn basic_password(value: &str) -> Option<String> {
    let decoded = STANDARD.decode(value.strip_prefix("Basic ")?.trim()).ok()?;
    Some(String::from_utf8(decoded).ok()?.split_once(':')?.1.to_owned())
}
