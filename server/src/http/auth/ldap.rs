//! `POST /auth/ldap/{id}`: a name and a password that a directory checks.
//!
//! Slowed down like local passwords: the directory must not become the place to guess at. The password goes to the
//! directory and nowhere else.

use actix_web::{HttpRequest, HttpResponse, web};
use leeward_domain::{federation::Connection, principal::AuthMethod, provider::LdapConfig};
use leeward_ledger::EventCode;
use leeward_store::{Provider, Tenant};
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use super::{SessionInfo, oidc, signed_in};
use crate::{
    app::App,
    audit::Draft,
    auth::{
        federation::{self, Outsider},
        sign_in::{self, Proof, factors_of},
        throttle,
    },
    directory::{self, DirectoryError},
    error::{AppError, Code},
    http::{Body, RequestContext, admin::recorded, errors::Problem},
};

/// What a person types.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LdapLogin {
    /// The name the directory knows them by.
    login: String,
    /// The password there.
    password: String,
}

/// Signs in with a directory's word.
///
/// # Errors
/// 401 `invalid_credentials`, 403 `sign_in_refused` with what was missing, 404 for an unknown provider, 429 after too
/// many failures, 503 `provider_unavailable`.
#[utoipa::path(post, path = "/auth/ldap/{id}", tag = "auth", params(("id" = String, Path)), request_body = LdapLogin,
    security(()), responses(
    (status = 200, description = "Signed in, or on the way: see `stage`; the cookie is set", body = SessionInfo),
    (status = 401, description = "Wrong name or password", body = Problem),
    (status = 403, description = "The directory or the tenant lets nobody in so", body = Problem),
    (status = 404, description = "No such provider", body = Problem),
    (status = 429, description = "Too many attempts; Retry-After says when to come back", body = Problem),
    (status = 503, description = "The directory cannot be asked", body = Problem)))]
pub async fn login(
    app: web::Data<App>,
    request: HttpRequest,
    id: web::Path<String>,
    Body(login): Body<LdapLogin>,
) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    let (tenant, provider) = oidc::find(&app, &id).await?;
    let Connection::Ldap(config) = &provider.settings.connection else {
        return Err(AppError::not_found("directory", &id));
    };
    let account = format!("{}\0{}", provider.id, login.login);
    let attempt = throttle::begin(&app, &context, &account, &[]).await?;
    let draft = Draft::anonymous(&app.ambient, &context).in_tenant(tenant.id);
    let failure = draft.on(EventCode::LoginFailed, "provider", provider.id);
    let proof = recorded(&app, failure, ask(&app, &context, tenant, &provider, config, &login)).await?;
    attempt.succeeded(&app, proof.tenant.id, proof.user.id).await?;
    let factors = factors_of(&app, proof.tenant.id, proof.user.id).await?;
    let (identity, token) = sign_in::open(&app, &context, proof).await?;
    Ok(signed_in(&app, &identity, &token, factors))
}

async fn ask(
    app: &App,
    context: &RequestContext,
    tenant: Tenant,
    provider: &Provider,
    config: &LdapConfig,
    login: &LdapLogin,
) -> Result<Proof, AppError> {
    may_connect(app, config).map_err(|error| AppError::new(Code::ProviderUnavailable, error))?;
    let secret = oidc::open_secret(app, &tenant, provider).await?;
    let person = directory::authenticate(
        app.issuers.outbound().guard(),
        config,
        secret.as_deref(),
        &login.login,
        &login.password,
    )
    .await;
    let person = person.map_err(|error| AppError::new(code(&error), error.to_string()))?;
    let outsider = Outsider {
        subject: person.id,
        email: Some(person.email),
        // The directory is the tenant's own: what stands in it is so.
        email_verified: true,
        name: person.display_name,
        // Where no groups are looked for, nobody has said; where they are, an empty list is an answer.
        groups: config.group_base.as_ref().map(|_| person.groups),
        called: (config.mail_attribute.clone(), "group_base".to_owned()),
        method: AuthMethod::Ldap,
        sid: None,
    };
    federation::admit(app, context, tenant, provider, outsider).await
}

/// Whether the operator allows the directory's address.
///
/// # Errors
/// What to do about it.
pub fn may_connect(app: &App, config: &LdapConfig) -> Result<(), String> {
    let url: Url = config.url.parse().map_err(|_| "the directory's address is none".to_owned())?;
    app.issuers.outbound().check(&url).map_err(|error| error.to_string())
}

const fn code(error: &DirectoryError) -> Code {
    match error {
        DirectoryError::WrongCredentials => Code::InvalidCredentials,
        DirectoryError::MissingAttribute(_) | DirectoryError::Ambiguous(_) => Code::SignInRefused,
        _ => Code::ProviderUnavailable,
    }
}
