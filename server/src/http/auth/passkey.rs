//! `/auth/passkey/…`: signing in with a passkey alone. It checked its user, so it is both factors.

use actix_web::{HttpRequest, HttpResponse, web};
use leeward_domain::{
    ids::ProviderId,
    principal::AuthMethod,
    tenant::{Status, TenantName},
    user::UserKind,
};
use leeward_identity::passkey::RelyingParty;
use leeward_ledger::EventCode;
use leeward_store::SecondFactor;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionInfo, second_factor::PasskeyAnswer, signed_in};
use crate::{
    app::App,
    audit::Draft,
    auth::{
        ceremony::{self, Kind},
        passkeys::{party, refused},
        sign_in::{self, Factors, Proof},
    },
    error::{AppError, Code},
    http::{Body, RequestContext, admin::recorded, errors::Problem, me::passkeys::Begun},
};

/// Begins to ask whoever is there.
///
/// # Errors
/// 400 where the service has no host name.
#[utoipa::path(post, path = "/auth/passkey/begin", tag = "auth", security(()), responses(
    (status = 200, description = "What to ask the authenticator", body = Begun)))]
pub async fn begin(app: web::Data<App>) -> Result<HttpResponse, AppError> {
    let begun = party(&app)?.begin_discoverable().map_err(refused)?;
    let ceremony = ceremony::keep_for_anybody(&app, Kind::PasskeySignIn, begun.state).await?;
    Ok(HttpResponse::Ok().json(Begun { ceremony, options: begun.options }))
}

/// Signs in with the passkey that answered.
///
/// # Errors
/// 400 for a ceremony that is over, 401 for a passkey that is unknown or refused.
#[utoipa::path(post, path = "/auth/passkey/finish", tag = "auth", request_body = PasskeyAnswer, security(()), responses(
    (status = 200, description = "Signed in; the cookie is set", body = SessionInfo),
    (status = 401, description = "Unknown or refused", body = Problem)))]
pub async fn finish(
    app: web::Data<App>,
    request: HttpRequest,
    Body(answer): Body<PasskeyAnswer>,
) -> Result<HttpResponse, AppError> {
    let context = RequestContext::of(&request);
    let failure = Draft::anonymous(&app.ambient, &context).on(EventCode::LoginFailed, "factor", "passkey");
    recorded(&app, failure, sign_in_with(&app, &context, answer)).await
}

async fn sign_in_with(app: &App, context: &RequestContext, answer: PasskeyAnswer) -> Result<HttpResponse, AppError> {
    let unknown = || AppError::new(Code::InvalidCredentials, "this passkey is not known here (any more)");
    let state = ceremony::take_for_anybody(app, Kind::PasskeySignIn, &answer.ceremony).await?;
    let id = RelyingParty::credential_id(&answer.credential).map_err(refused)?;
    let mut read = app.store.platform_read().await?;
    let (tenant, kept) = read.find_passkey(&id).await?.ok_or_else(unknown)?;
    let found = read.find_user(tenant, kept.user).await?.ok_or_else(unknown)?;
    drop(read);
    let used = party(app)?.finish_authentication(&state, answer.credential, &kept.credential).map_err(refused)?;
    let active = found.tenant.status == Status::Active && found.user.status == Status::Active;
    if !active || found.user.kind != UserKind::Person || found.user.guest_of.is_some() {
        return Err(unknown());
    }
    let mut tx = app.store.tenant_write(tenant).await?;
    tx.use_passkey(kept.id, &used.credential, app.ambient.now()).await?;
    tx.commit().await?;
    let proof = Proof {
        tenant: found.tenant,
        user: found.user,
        method: AuthMethod::Passkey,
        second_factor: Some(SecondFactor::Passkey),
        provider: None,
    };
    let (identity, token) = sign_in::open(app, context, proof).await?;
    Ok(signed_in(app, &identity, &token, Factors::default()))
}

/// Whose ways of signing in are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MethodsQuery {
    /// The tenant's name; not needed where there is only one.
    tenant: Option<String>,
}

/// How a tenant's people may sign in.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct Methods {
    /// The tenant, if it is known which.
    #[schema(value_type = Option<String>)]
    tenant: Option<TenantName>,
    /// With an e-mail address and a password.
    password: bool,
    /// With a passkey.
    passkey: bool,
    /// At one of these identity providers.
    providers: Vec<ProviderMethod>,
}

/// An identity provider one may sign in with.
#[derive(Debug, serde::Serialize, ToSchema)]
pub struct ProviderMethod {
    #[schema(value_type = String)]
    id: ProviderId,
    /// As its tenant calls it.
    name: String,
    /// `oidc` (go to `/auth/oidc/{id}/begin`), `ldap` (post a name and password) or `certificate`.
    kind: &'static str,
}

/// Tells how one may sign in. What is told of a tenant that does not exist is what is told of one with the
/// defaults.
///
/// # Errors
/// When the database fails.
#[utoipa::path(get, path = "/auth/methods", tag = "auth", params(MethodsQuery), security(()), responses(
    (status = 200, description = "The ways", body = Methods)))]
pub async fn methods(app: web::Data<App>, query: web::Query<MethodsQuery>) -> Result<HttpResponse, AppError> {
    let named = query.tenant.as_deref().and_then(|name| name.parse::<TenantName>().ok());
    let mut read = app.store.platform_read().await?;
    let tenant = match &named {
        Some(name) => read.tenant_by_name(name).await?,
        None => {
            let mut first = read.tenants(leeward_store::Page { after: None, limit: 2 }).await?;
            if first.len() == 1 { first.pop() } else { None }
        }
    };
    let password = tenant.as_ref().is_none_or(|tenant| tenant.sign_in.passwords);
    let providers = match &tenant {
        Some(tenant) => read.providers_of(tenant.id).await?,
        None => Vec::new(),
    };
    let providers = providers.into_iter().filter(|provider| provider.enabled).map(|provider| ProviderMethod {
        id: provider.id,
        kind: provider.settings.connection.kind(),
        name: provider.name,
    });
    let providers = providers.collect();
    let name = named.or(tenant.map(|tenant| tenant.name));
    Ok(HttpResponse::Ok().json(Methods { tenant: name, password, passkey: app.passkeys.is_some(), providers }))
}
