//! `/auth/oidc/…`: signing in at an OpenID provider, and being told by it that somebody signed out.
//!
//! The browser is sent away with a state that is good for ten minutes and once, and bound to that browser by a
//! cookie, so that nobody can be signed in with somebody else's answer. It comes back with a code, which is
//! redeemed here (PKCE, client secret) for an ID token.

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieDuration},
    web,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leeward_domain::{
    Sha256Digest, Timestamp,
    federation::{Connection, OidcConfig},
    ids::ProviderId,
    principal::AuthMethod,
    tenant::Status,
};
use leeward_identity::{
    jwt::Claims,
    oidc::{self, Pending},
};
use leeward_ledger::EventCode;
use leeward_store::{Provider, Tenant};
use serde::{Deserialize, Serialize};

use super::{landing, session_cookie};
use crate::{
    app::App,
    audit::Draft,
    auth::{
        ceremony::{self, Kind},
        federation::{self, Outsider},
        issuers::{IssuerAt, IssuerError},
        sign_in,
    },
    error::{AppError, Code},
    http::{RequestContext, admin::recorded, body::Form, errors::Problem},
};

/// Binds an answer to the browser that asked.
const COOKIE: &str = "leeward_sign_in";
const COOKIE_PATH: &str = "/auth/oidc";
/// How long somebody may take at the provider.
const MINUTES: i64 = 10;
/// The longest code or state read, in bytes.
const MAX_PARAMETER: usize = 4096;

/// Remembered while the browser is away.
#[derive(Serialize, Deserialize)]
struct Away {
    provider: ProviderId,
    pending: Pending,
    return_to: String,
    browser: Sha256Digest,
}

/// Where to go afterwards.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BeginQuery {
    /// A path of this service; `/` by default.
    return_to: Option<String>,
}

/// What a provider sends the browser back with.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    /// RFC 9207.
    iss: Option<String>,
}

/// A logout token (OpenID Connect Back-Channel Logout 1.0).
#[derive(Deserialize, utoipa::ToSchema)]
pub struct LogoutForm {
    /// The token.
    #[expect(dead_code, reason = "describes the form; its fields are read by name")]
    logout_token: String,
}

/// Sends the browser to a provider.
///
/// # Errors
/// None of its own: whatever goes wrong is a page that says so.
#[utoipa::path(get, path = "/auth/oidc/{id}/begin", tag = "auth", params(("id" = String, Path), BeginQuery), security(()),
    responses((status = 302, description = "On to the provider"),
    (status = 404, description = "No such provider, as a page"),
    (status = 503, description = "The provider cannot be asked, as a page")))]
pub async fn begin(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    query: web::Query<BeginQuery>,
) -> HttpResponse {
    let context = RequestContext::of(&request);
    match send_away(&app, &context, &id, query.return_to.as_deref()).await {
        Ok(response) => response,
        Err(error) => landing::failed(&error, &context),
    }
}

async fn send_away(
    app: &App,
    context: &RequestContext,
    id: &str,
    return_to: Option<&str>,
) -> Result<HttpResponse, AppError> {
    let (tenant, provider) = find(app, id).await?;
    let oidc = settings(&provider)?;
    let draft = Draft::anonymous(&app.ambient, context).in_tenant(tenant.id);
    let work = async {
        let discovery = app.issuers.discovery(at(oidc)).await.map_err(unavailable)?;
        let described = |error| unavailable(IssuerError::Discovery(oidc.issuer.clone(), error));
        discovery.authorization_endpoint().map_err(described)
    };
    let endpoint = recorded(app, draft.on(EventCode::LoginFailed, "provider", provider.id), work).await?;
    let browser = URL_SAFE_NO_PAD.encode(app.ambient.bytes::<32>());
    let away = Away {
        provider: provider.id,
        pending: Pending::mint(&app.ambient),
        return_to: landing::local_path(return_to).to_owned(),
        browser: Sha256Digest::of(browser.as_bytes()),
    };
    let pending = away.pending.clone();
    let bytes = serde_json::to_vec(&away).map_err(AppError::internal)?;
    let state = ceremony::keep_for_anybody(app, Kind::OidcSignIn, bytes).await?;
    let scopes = std::iter::once("openid").chain(oidc.scopes.iter().map(String::as_str)).collect::<Vec<_>>().join(" ");
    let url = pending.authorization_url(endpoint, &oidc.client_id, &redirect_uri(app), &scopes, &state);
    Ok(HttpResponse::Found()
        .insert_header(("location", url.as_str()))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("referrer-policy", "no-referrer"))
        .cookie(browser_cookie(app, browser, CookieDuration::minutes(MINUTES)))
        .finish())
}

/// Takes the browser back and signs it in.
///
/// # Errors
/// None of its own: whatever goes wrong is a page that says so.
#[utoipa::path(get, path = "/auth/oidc/callback", tag = "auth", params(CallbackQuery), security(()), responses(
    (status = 200, description = "Signed in, as a page that goes on by itself; the cookie is set"),
    (status = 400, description = "The answer is over, or not this browser's, as a page"),
    (status = 403, description = "The provider or the tenant says no, as a page")))]
pub async fn callback(app: web::Data<App>, request: HttpRequest, query: web::Query<CallbackQuery>) -> HttpResponse {
    let context = RequestContext::of(&request);
    let browser = request.cookie(&cookie_name(&app)).map(|cookie| cookie.value().to_owned());
    let mut response = match come_back(&app, &context, query.into_inner(), browser).await {
        Ok(response) => response,
        Err(error) => landing::failed(&error, &context),
    };
    let mut gone = browser_cookie(&app, String::new(), CookieDuration::ZERO);
    gone.make_removal();
    // A cookie that cannot be cleared is worth nothing by now: its state is taken.
    let _ = response.add_cookie(&gone);
    response
}

async fn come_back(
    app: &App,
    context: &RequestContext,
    query: CallbackQuery,
    browser: Option<String>,
) -> Result<HttpResponse, AppError> {
    let over =
        || AppError::new(Code::InvalidRequest, "this sign-in is over or belongs to another browser; begin again");
    let state = query.state.as_deref().filter(|state| state.len() <= MAX_PARAMETER).ok_or_else(over)?;
    let bytes = ceremony::take_for_anybody(app, Kind::OidcSignIn, state).await.map_err(|_| over())?;
    let away: Away = serde_json::from_slice(&bytes).map_err(AppError::internal)?;
    if browser.map(|value| Sha256Digest::of(value.as_bytes())) != Some(away.browser) {
        return Err(over());
    }
    let (tenant, provider) = find(app, &away.provider.to_string()).await?;
    let draft = Draft::anonymous(&app.ambient, context).in_tenant(tenant.id);
    let work = async {
        let claims = redeem(app, &tenant, &provider, &away.pending, &query).await?;
        let outsider = outsider(settings(&provider)?, &claims)?;
        federation::admit(app, context, tenant, &provider, outsider).await
    };
    let proof = recorded(app, draft.on(EventCode::LoginFailed, "provider", provider.id), work).await?;
    let (identity, token) = sign_in::open(app, context, proof).await?;
    Ok(landing::go_on(&away.return_to, session_cookie(app, &identity, &token)))
}

/// The claims of the ID token that the code is worth.
async fn redeem(
    app: &App,
    tenant: &Tenant,
    provider: &Provider,
    pending: &Pending,
    query: &CallbackQuery,
) -> Result<Claims, AppError> {
    let oidc = settings(provider)?;
    let said_no = |text: String| AppError::new(Code::SignInRefused, format!("{} says: {text}", provider.name));
    if let Some(error) = &query.error {
        let text = query.error_description.as_ref().unwrap_or(error);
        return Err(said_no(text.chars().filter(|c| !c.is_control()).take(300).collect()));
    }
    // Another provider's answer must not be taken for this one's (RFC 9207).
    if query.iss.as_deref().is_some_and(|issuer| issuer != oidc.issuer) {
        return Err(AppError::new(Code::SignInRefused, "the answer came from another provider than the one asked"));
    }
    let code = query.code.as_deref().filter(|code| code.len() <= MAX_PARAMETER);
    let code = code.ok_or_else(|| AppError::new(Code::InvalidRequest, "the provider sent no code"))?;
    let discovery = app.issuers.discovery(at(oidc)).await.map_err(unavailable)?;
    let described = |error| unavailable(IssuerError::Discovery(oidc.issuer.clone(), error));
    let endpoint = discovery.token_endpoint().map_err(described)?;
    let secret = open_secret(app, tenant, provider).await?;
    let redirect = redirect_uri(app);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &redirect),
        ("code_verifier", pending.verifier()),
    ];
    // RFC 6749, section 2.3.1: both parts are form-encoded before they become a Basic header.
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let basic = secret.as_ref().filter(|_| !discovery.secret_in_form()).map(|it| (encode(&oidc.client_id), encode(it)));
    match (&secret, &basic) {
        (_, Some(_)) => {}
        (Some(secret), None) => form.extend([("client_id", oidc.client_id.as_str()), ("client_secret", secret)]),
        (None, None) => form.push(("client_id", &oidc.client_id)),
    }
    let basic = basic.as_ref().map(|(name, secret)| (name.as_str(), secret.as_str()));
    let answer = app.issuers.outbound().post_form(&endpoint, oidc.ca_pem.as_deref(), basic, &form).await;
    let (status, body) = answer.map_err(|error| unavailable(error.into()))?;
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    if status != 200 {
        let why = body.get("error").and_then(serde_json::Value::as_str).unwrap_or("an error").to_owned();
        return if status >= 500 {
            let detail = format!("{} answered with status {status}; try again later", provider.name);
            Err(AppError::new(Code::ProviderUnavailable, detail))
        } else {
            Err(said_no(why.chars().filter(|c| !c.is_control()).take(100).collect()))
        };
    }
    let token = body.get("id_token").and_then(serde_json::Value::as_str);
    let token = token.ok_or_else(|| AppError::new(Code::SignInRefused, "the provider's answer holds no ID token"))?;
    let now = app.ambient.now();
    let check = |keys: &_| pending.id_token(token, keys, &oidc.issuer, &oidc.client_id, now);
    app.issuers.verified(at(oidc), check).await.map_err(unavailable)
}

fn outsider(oidc: &OidcConfig, claims: &Claims) -> Result<Outsider, AppError> {
    let subject = claims.subject.clone();
    Ok(Outsider {
        subject: subject.ok_or_else(|| AppError::new(Code::SignInRefused, "the ID token names nobody (sub)"))?,
        email: claims.text(&oidc.email_claim).map(str::to_owned),
        email_verified: claims.all.get("email_verified") == Some(&serde_json::Value::Bool(true)),
        name: claims.text(&oidc.name_claim).map(str::to_owned),
        groups: oidc::groups(&claims.all, &oidc.groups_claim),
        called: (oidc.email_claim.clone(), oidc.groups_claim.clone()),
        method: AuthMethod::Oidc,
        sid: claims.text("sid").map(str::to_owned),
    })
}

/// Takes a provider's word that somebody signed out there: their sessions here end.
///
/// # Errors
/// 400 for a token that is not to be believed, 404 for an unknown provider.
#[utoipa::path(post, path = "/auth/oidc/{id}/backchannel-logout", tag = "auth", params(("id" = String, Path)),
    request_body(content = LogoutForm, content_type = "application/x-www-form-urlencoded"), security(()), responses(
    (status = 200, description = "Done; how many sessions that were is not told"),
    (status = 400, description = "The token is refused", body = Problem),
    (status = 404, description = "No such provider", body = Problem)))]
pub async fn backchannel_logout(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    let (tenant, provider) = find(&app, &id).await?;
    let draft = Draft::anonymous(&app.ambient, &context).in_tenant(tenant.id);
    let failure = draft.on(EventCode::BackchannelLogoutRefused, "provider", provider.id);
    let token = form.need("logout_token")?;
    let work = end_sessions(&app, &draft, &tenant, &provider, token);
    crate::http::admin::recorded(&app, failure, work).await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).finish())
}

async fn end_sessions(
    app: &App,
    draft: &Draft,
    tenant: &Tenant,
    provider: &Provider,
    token: &str,
) -> Result<(), AppError> {
    let oidc = settings(provider)?;
    let now = app.ambient.now();
    let check = |keys: &_| oidc::logout_token(token, keys, &oidc.issuer, &oidc.client_id, now);
    let logout = app.issuers.verified(at(oidc), check).await.map_err(|error| match error {
        IssuerError::Token(refusal) => AppError::invalid("logout_token", format!("the token was refused: {refusal}")),
        other => unavailable(other),
    })?;
    let name = Sha256Digest::of([&provider.id.to_string(), logout.id.as_str()].join("\0").as_bytes());
    let until = Timestamp::from_unix_micros(logout.remember_until.saturating_mul(1_000_000));
    let mut tx = app.store.tenant_write(tenant.id).await?;
    if !tx.use_token_id(&name, until).await? {
        return Err(AppError::invalid("logout_token", "the token was used before"));
    }
    let ended = tx.delete_provider_sessions(provider.id, logout.subject.as_deref(), logout.session.as_deref()).await?;
    let mut record = draft.on(EventCode::BackchannelLogout, "provider", provider.id);
    record.reason = Some(format!("{} sessions ended", ended.len()));
    tx.append_audit(&[record]).await?;
    Ok(tx.commit().await?)
}

/// A provider that may be used, with its tenant.
pub(super) async fn find(app: &App, id: &str) -> Result<(Tenant, Provider), AppError> {
    let unknown = || AppError::not_found("identity provider", id);
    let parsed: ProviderId = id.parse().map_err(|_| unknown())?;
    let found = app.store.platform_read().await?.find_provider(parsed).await?;
    let (tenant, provider) = found.ok_or_else(unknown)?;
    if tenant.status != Status::Active || !provider.enabled {
        return Err(unknown());
    }
    Ok((tenant, provider))
}

/// A provider's secret, opened.
pub(in crate::http) async fn open_secret(
    app: &App,
    tenant: &Tenant,
    provider: &Provider,
) -> Result<Option<String>, AppError> {
    let Some(sealed) = &provider.secret else { return Ok(None) };
    let key = app.tenant_key(tenant).await?;
    let opened = key.open(&crate::http::admin::providers::secret_aad(provider.id), sealed)?;
    Ok(Some(String::from_utf8_lossy(&opened).into_owned()))
}

fn settings(provider: &Provider) -> Result<&OidcConfig, AppError> {
    match &provider.settings.connection {
        Connection::Oidc(oidc) => Ok(oidc),
        _ => Err(AppError::not_found("OpenID provider", provider.id)),
    }
}

const fn at(oidc: &OidcConfig) -> IssuerAt<'_> {
    IssuerAt {
        issuer: oidc.issuer.as_str(),
        ca_pem: match &oidc.ca_pem {
            Some(pem) => Some(pem.as_str()),
            None => None,
        },
    }
}

/// What a caller is told when a provider cannot be asked, or what it says is not to be believed.
pub(super) fn unavailable(error: IssuerError) -> AppError {
    let code = match &error {
        IssuerError::Token(_) => Code::SignInRefused,
        _ => Code::ProviderUnavailable,
    };
    AppError::new(code, format!("the identity provider: {error}"))
}

/// Where providers send browsers back to; what is to be registered there.
#[must_use]
pub fn redirect_uri(app: &App) -> String {
    format!("{}/auth/oidc/callback", app.public_url)
}

fn cookie_name(app: &App) -> String {
    if app.config.tls.is_secure() { format!("__Secure-{COOKIE}") } else { COOKIE.to_owned() }
}

/// Lax, because the browser comes back from another site; good for nothing but this.
fn browser_cookie(app: &App, value: String, age: CookieDuration) -> Cookie<'static> {
    Cookie::build(cookie_name(app), value)
        .path(COOKIE_PATH)
        .http_only(true)
        .secure(app.config.tls.is_secure())
        .same_site(SameSite::Lax)
        .max_age(age)
        .finish()
}
