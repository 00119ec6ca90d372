//! `/auth`: signing in and out, and asking who one is.
//!
//! Every way of signing in ends in `auth::sign_in::open` and answers with a [`SessionInfo`]. To add one: a file
//! here, its route, and its name in `methods`.

pub mod break_glass;
pub mod certificate;
pub mod landing;
pub mod ldap;
pub mod login;
pub mod oidc;
pub mod passkey;
pub mod password;
pub mod second_factor;
pub mod session;
pub mod tenants;
pub mod token;

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieDuration},
};
use leeward_domain::{
    ids::{TenantId, UserId},
    permission::{PermissionSet, RoleRef},
    principal::AuthMethod,
    sign_in::Stage,
    tenant::{Email, TenantName},
    time::Timestamp,
    user::UserKind,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::{Identity, middleware::cookie_name, secret::SessionToken, sign_in::Factors},
};

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionInfo {
    /// The person.
    user: SessionUser,
    /// The tenant acted for.
    tenant: SessionTenant,
    /// What the roles add up to.
    #[schema(value_type = Vec<String>)]
    permissions: PermissionSet,
    /// To be sent as `X-CSRF-Token` with every change; absent for API keys.
    csrf_token: Option<String>,
    /// When the session ends; absent for API keys.
    #[schema(value_type = Option<String>)]
    expires_at: Option<Timestamp>,
    /// What is missing: `full` (nothing), `second_factor`, `enrol_second_factor` or `change_password`.
    #[schema(value_type = String)]
    stage: Stage,
    /// How the session began, or `api_key`.
    #[schema(value_type = String)]
    method: AuthMethod,
    /// The second factors that may be shown now: `totp`, `passkey`, `recovery`.
    factors: Vec<&'static str>,
    /// The shortest password the tenant accepts, in characters.
    password_min_chars: u32,
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
    /// Its roles, those of its groups too.
    #[schema(value_type = Vec<String>)]
    roles: Vec<RoleRef>,
    /// `person`, `service` or `break_glass`.
    #[schema(value_type = String)]
    kind: UserKind,
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
    /// What the browser may know; `factors` are told only while one is asked for.
    #[must_use]
    pub fn of(identity: &Identity, factors: Factors) -> Self {
        let user = &identity.user;
        let asked = identity.stage() == Stage::SecondFactor;
        let names = [(factors.totp, "totp"), (factors.passkey, "passkey"), (factors.recovery, "recovery")];
        Self {
            user: SessionUser {
                id: user.id,
                email: user.email.clone(),
                display_name: user.display_name.clone(),
                roles: identity.principal.roles.clone(),
                kind: user.kind,
            },
            tenant: SessionTenant { id: identity.tenant.id, name: identity.tenant.name.clone() },
            permissions: identity.principal.permissions,
            csrf_token: identity.csrf.clone(),
            expires_at: identity.expires_at(),
            stage: identity.stage(),
            method: identity.session.as_ref().map_or(identity.principal.method, |session| session.method),
            factors: names.into_iter().filter(|(has, _)| asked && *has).map(|(_, name)| name).collect(),
            password_min_chars: identity.tenant.sign_in.password_min_chars,
        }
    }
}

/// The answer to everything that begins a session or moves it on: who, and the cookie.
#[must_use]
pub fn signed_in(app: &App, identity: &Identity, token: &SessionToken, factors: Factors) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .cookie(session_cookie(app, identity, token))
        .json(SessionInfo::of(identity, factors))
}

/// The cookie that carries on `identity`'s session under `token`.
#[must_use]
pub fn session_cookie(app: &App, identity: &Identity, token: &SessionToken) -> Cookie<'static> {
    cookie(app, token.reveal(), identity.tenant.sign_in.session_hours)
}

/// The session cookie with any value.
#[must_use]
fn cookie(app: &App, value: &str, hours: u32) -> Cookie<'static> {
    Cookie::build(cookie_name(app), value.to_owned())
        .path("/")
        .http_only(true)
        .secure(app.config.tls.is_secure())
        .same_site(SameSite::Strict)
        .max_age(CookieDuration::hours(i64::from(hours)))
        .finish()
}
