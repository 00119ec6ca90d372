//! The only route table.
//!
//! Every route not in [`is_public`] needs credentials; which permission it needs stands in its handler's
//! signature. To add one: a line below, under the prefix it belongs to.

use actix_web::{
    HttpRequest,
    http::Method,
    web::{self, ServiceConfig, delete, get, patch, post, put},
};

use super::{
    admin, anthropic, assets, audit, auth, catalogue, chat, health, life, me, openai, openapi, projects, residency,
    scim, witness,
};

/// Puts every handler at its place.
pub fn configure(config: &mut ServiceConfig) {
    config
        // Programs
        .route("/v1/chat/completions", post().to(openai::chat::completions))
        .route("/v1/completions", post().to(openai::completions::completions))
        .route("/v1/messages", post().to(anthropic::messages::messages))
        .route("/v1/messages/count_tokens", post().to(anthropic::count::count_tokens))
        .route("/v1/responses", post().to(openai::responses::responses))
        .service(
            web::resource("/v1/responses/{id}")
                .route(get().to(openai::responses::stored::get))
                .route(delete().to(openai::responses::stored::delete)),
        )
        .route("/v1/embeddings", post().to(openai::embeddings::embeddings))
        .route("/v1/tokenize", post().to(openai::tokenize::tokenize))
        .route("/v1/models", get().to(openai::models::list))
        .route("/v1/models/{id}", get().to(openai::models::get))
        // Signing in
        .route("/auth/login", post().to(auth::login::login))
        .route("/auth/break-glass", post().to(auth::break_glass::unlock))
        .route("/auth/methods", get().to(auth::passkey::methods))
        .route("/auth/passkey/begin", post().to(auth::passkey::begin))
        .route("/auth/passkey/finish", post().to(auth::passkey::finish))
        .route("/auth/second-factor/totp", post().to(auth::second_factor::totp))
        .route("/auth/second-factor/recovery", post().to(auth::second_factor::recovery))
        .route("/auth/second-factor/passkey/begin", post().to(auth::second_factor::begin_passkey))
        .route("/auth/second-factor/passkey/finish", post().to(auth::second_factor::finish_passkey))
        .route("/auth/password", post().to(auth::password::change))
        .service(
            web::resource("/auth/tenants").route(get().to(auth::tenants::list)).route(post().to(auth::tenants::accept)),
        )
        .route("/auth/switch", post().to(auth::tenants::switch))
        .route("/auth/oidc/callback", get().to(auth::oidc::callback))
        .route("/auth/oidc/{id}/begin", get().to(auth::oidc::begin))
        .route("/auth/oidc/{id}/backchannel-logout", post().to(auth::oidc::backchannel_logout))
        .route("/auth/certificate/{id}", post().to(auth::certificate::login))
        .route("/auth/ldap/{id}", post().to(auth::ldap::login))
        .route("/auth/token", post().to(auth::token::token))
        .route("/auth/revoke", post().to(auth::token::revoke))
        .route("/.well-known/jwks.json", get().to(auth::token::jwks))
        .route("/.well-known/oauth-authorization-server", get().to(auth::token::metadata))
        .route("/auth/logout", post().to(auth::session::logout))
        .route("/auth/session", get().to(auth::session::session))
        // The chat
        .service(
            web::resource("/api/conversations")
                .route(get().to(chat::conversations::list))
                .route(post().to(chat::conversations::create)),
        )
        .service(
            web::resource("/api/conversations/{id}")
                .route(get().to(chat::conversations::get))
                .route(patch().to(chat::conversations::rename))
                .route(delete().to(chat::conversations::delete)),
        )
        .route("/api/conversations/{id}/messages", post().to(chat::messages::send))
        // Administration
        .route("/api/models", get().to(admin::models::list))
        .service(web::resource("/api/roles").route(get().to(admin::roles::list)).route(post().to(admin::roles::create)))
        .service(
            web::resource("/api/roles/{id}")
                .route(put().to(admin::roles::update))
                .route(delete().to(admin::roles::delete)),
        )
        .service(
            web::resource("/api/sign-in-policy")
                .route(get().to(admin::policy::get))
                .route(put().to(admin::policy::put)),
        )
        // What must stay, and what is gone for good
        .service(web::resource("/api/holds").route(get().to(life::holds::list)).route(post().to(life::holds::place)))
        .route("/api/holds/{id}/release", post().to(life::holds::release))
        .route("/api/erasures", get().to(life::erasures::list))
        .route("/api/erasures/{id}", get().to(life::erasures::certify))
        // Where content may be
        .route("/api/residency-policy", get().to(residency::get))
        .route("/api/residency-policy/history", get().to(residency::history))
        .route("/api/residency-policy/dry-run", post().to(residency::trial::dry_run))
        .route("/api/residency-policy/attest", post().to(residency::attest::attest))
        .service(
            web::resource("/api/residency-policy/proposals")
                .route(get().to(residency::proposals::list))
                .route(post().to(residency::proposals::create)),
        )
        .route("/api/residency-policy/proposals/{id}", get().to(residency::proposals::get))
        .route("/api/residency-policy/proposals/{id}/approve", post().to(residency::proposals::approve))
        .route("/api/residency-policy/proposals/{id}/withdraw", post().to(residency::proposals::withdraw))
        .service(
            web::resource("/api/identity-providers")
                .route(get().to(admin::providers::list))
                .route(post().to(admin::providers::create)),
        )
        .service(
            web::resource("/api/identity-providers/{id}")
                .route(put().to(admin::providers::update))
                .route(delete().to(admin::providers::delete)),
        )
        .route("/api/identity-providers/{id}/probe", post().to(admin::providers::probe))
        .service(
            web::resource("/api/token-issuers")
                .route(get().to(admin::issuers::list))
                .route(post().to(admin::issuers::create)),
        )
        .service(
            web::resource("/api/token-issuers/{id}")
                .route(put().to(admin::issuers::update))
                .route(delete().to(admin::issuers::delete)),
        )
        .route("/api/audit", get().to(audit::search::list))
        .route("/api/audit/events", get().to(audit::search::events_list))
        .route("/api/audit/records/{seq}", get().to(audit::record::get))
        .route("/api/audit/checkpoints", get().to(audit::log::checkpoints))
        .route("/api/audit/health", get().to(audit::state::health))
        .route("/api/audit/sinks", get().to(audit::state::sinks))
        .route("/api/audit/witnesses", get().to(audit::state::witnesses))
        .service(
            web::resource("/api/audit/alerts")
                .route(get().to(audit::alerts::list))
                .route(post().to(audit::alerts::create)),
        )
        .service(
            web::resource("/api/audit/capture")
                .route(get().to(audit::capture::get))
                .route(put().to(audit::capture::put)),
        )
        .route("/api/audit/captured", post().to(audit::capture::read))
        .route("/api/audit/alerts/{id}", delete().to(audit::alerts::delete))
        .route("/api/audit/export", post().to(audit::export::export))
        .route("/api/audit/evidence", post().to(audit::evidence::evidence))
        .route("/api/audit/log/checkpoint", get().to(audit::log::checkpoint))
        .route("/api/audit/log/tile/entries/{index:.*}", get().to(audit::log::entries))
        .route("/api/audit/log/tile/{level}/{index:.*}", get().to(audit::log::tile))
        .service(web::resource("/api/catalogue/models/{name}").route(patch().to(catalogue::listing::update)))
        .route("/api/catalogue", get().to(catalogue::get))
        .route("/api/catalogue/models/{name}/reload", post().to(catalogue::listing::reload))
        .route("/api/catalogue/models/{name}/propose", post().to(catalogue::promotion::propose))
        .route("/api/catalogue/models/{name}/approve", post().to(catalogue::promotion::approve))
        .route("/api/catalogue/models/{name}/withdraw", post().to(catalogue::promotion::withdraw))
        .route("/api/catalogue/models/{name}/retire", post().to(catalogue::promotion::retire))
        .service(
            web::resource("/api/catalogue/aliases/{alias}")
                .route(put().to(catalogue::aliases::put))
                .route(delete().to(catalogue::aliases::delete)),
        )
        .service(
            web::resource("/api/tenants")
                .route(get().to(admin::tenants::list))
                .route(post().to(admin::tenants::create)),
        )
        .service(
            web::resource("/api/tenants/{id}")
                .route(patch().to(admin::tenants::update))
                .route(delete().to(admin::tenants::delete)),
        )
        .route("/api/tenants/{id}/admins", post().to(admin::tenants::create_admin))
        .service(web::resource("/api/users").route(get().to(admin::users::list)).route(post().to(admin::users::create)))
        .service(
            web::resource("/api/users/{id}")
                .route(get().to(admin::users::get))
                .route(patch().to(admin::users::update))
                .route(delete().to(admin::users::delete)),
        )
        .route("/api/users/{id}/export", post().to(life::subject::export))
        .route("/api/guests", post().to(admin::guests::invite))
        .route("/api/users/{id}/password", post().to(admin::accounts::reset_password))
        .route("/api/users/{id}/factors", delete().to(admin::accounts::reset_factors))
        .service(
            web::resource("/api/users/{id}/sessions")
                .route(get().to(admin::accounts::sessions))
                .route(delete().to(admin::accounts::end_sessions)),
        )
        .service(
            web::resource("/api/groups").route(get().to(admin::groups::list)).route(post().to(admin::groups::create)),
        )
        .service(
            web::resource("/api/groups/{id}")
                .route(patch().to(admin::groups::update))
                .route(delete().to(admin::groups::delete)),
        )
        .route("/api/groups/{id}/members", get().to(admin::groups::members))
        .service(
            web::resource("/api/groups/{id}/members/{user_id}")
                .route(put().to(admin::groups::add_member))
                .route(delete().to(admin::groups::remove_member)),
        )
        .service(web::resource("/api/keys").route(get().to(admin::keys::list)).route(post().to(admin::keys::create)))
        .route("/api/keys/{id}", delete().to(admin::keys::revoke))
        .route("/api/keys/{id}/rotate", post().to(admin::keys::rotate))
        // Projects
        .service(web::resource("/api/projects").route(get().to(projects::list)).route(post().to(projects::create)))
        .service(
            web::resource("/api/projects/{id}")
                .route(patch().to(projects::rename))
                .route(delete().to(projects::delete)),
        )
        .route("/api/projects/{id}/members", get().to(projects::members::list))
        .service(
            web::resource("/api/projects/{id}/members/{user_id}")
                .route(put().to(projects::members::put))
                .route(delete().to(projects::members::remove)),
        )
        .service(
            web::resource("/api/projects/{id}/keys")
                .route(get().to(projects::keys::list))
                .route(post().to(projects::keys::create)),
        )
        .route("/api/projects/{id}/keys/{key_id}", delete().to(projects::keys::revoke))
        // One's own account
        .route("/api/me/factors", get().to(me::factors::list))
        .route("/api/me/totp", delete().to(me::factors::remove_totp))
        .route("/api/me/totp/begin", post().to(me::factors::begin_totp))
        .route("/api/me/totp/confirm", post().to(me::factors::confirm_totp))
        .route("/api/me/passkeys/begin", post().to(me::passkeys::begin))
        .route("/api/me/passkeys/finish", post().to(me::passkeys::finish))
        .route("/api/me/passkeys/{id}", delete().to(me::passkeys::remove))
        .route("/api/me/export", post().to(life::subject::export_own))
        .route("/api/me/sessions", get().to(me::sessions::list))
        .route("/api/me/sessions/{id}", delete().to(me::sessions::end))
        .service(web::resource("/api/me/keys").route(get().to(me::keys::list)).route(post().to(me::keys::create)))
        .route("/api/me/keys/{id}", delete().to(me::keys::revoke))
        .route("/api/me/keys/{id}/rotate", post().to(me::keys::rotate))
        .service(web::resource("/api/me/tokens").route(get().to(me::tokens::list)).route(post().to(me::tokens::create)))
        .route("/api/me/tokens/{id}", delete().to(me::tokens::revoke))
        // Provisioning systems
        .route("/scim/v2/.search", post().to(scim::search::everything))
        .route("/scim/v2/Users/.search", post().to(scim::search::users))
        .route("/scim/v2/Groups/.search", post().to(scim::search::groups))
        .service(
            web::resource("/scim/v2/Users").route(get().to(scim::users::list)).route(post().to(scim::users::create)),
        )
        .service(
            web::resource("/scim/v2/Users/{id}")
                .route(get().to(scim::users::get))
                .route(put().to(scim::users::replace))
                .route(patch().to(scim::users::patch))
                .route(delete().to(scim::users::delete)),
        )
        .service(
            web::resource("/scim/v2/Groups").route(get().to(scim::groups::list)).route(post().to(scim::groups::create)),
        )
        .service(
            web::resource("/scim/v2/Groups/{id}")
                .route(get().to(scim::groups::get))
                .route(put().to(scim::groups::replace))
                .route(patch().to(scim::groups::patch))
                .route(delete().to(scim::groups::delete)),
        )
        .service(web::resource("/scim/v2/ServiceProviderConfig").route(get().to(scim::discovery::config)))
        .service(web::resource("/scim/v2/ResourceTypes").route(get().to(scim::discovery::resource_types)))
        .service(web::resource("/scim/v2/ResourceTypes/{id}").route(get().to(scim::discovery::resource_type)))
        .service(web::resource("/scim/v2/Schemas").route(get().to(scim::discovery::schemas)))
        .service(web::resource("/scim/v2/Schemas/{id}").route(get().to(scim::discovery::schema)))
        // Other appliances
        .route("/witness/add-checkpoint", post().to(witness::add_checkpoint))
        .route("/witness/key", get().to(witness::key))
        // Operations
        .route("/healthz", get().to(health::live))
        .route("/readyz", get().to(health::ready))
        .route("/metrics", get().to(health::metrics))
        .route("/openapi.json", get().to(openapi::document))
        .route("/docs", get().to(openapi::page))
        // The web applications
        .route("/", get().to(assets::chat))
        .route("/c/{id}", get().to(assets::chat))
        .route("/login", get().to(assets::chat))
        .route("/console", get().to(assets::console))
        .route("/console/{path:.*}", get().to(assets::console))
        .route("/assets/{path:.*}", get().to(assets::asset))
        .route("/favicon.svg", get().to(assets::icon));
}

/// The routes that need no credentials, each for a reason.
#[must_use]
pub fn is_public(method: &Method, path: &str) -> bool {
    // How one gets credentials.
    if matches!(
        path,
        "/auth/break-glass"
            | "/auth/login"
            | "/auth/passkey/begin"
            | "/auth/passkey/finish"
            | "/auth/token"
            | "/auth/revoke"
            // A checkpoint proves itself: it is signed by the log it is of.
            | "/witness/add-checkpoint"
    ) {
        return *method == Method::POST;
    }
    let below = |prefix| path.strip_prefix(prefix).is_some_and(|id: &str| !id.contains('/'));
    if below("/auth/ldap/") || below("/auth/certificate/") {
        return *method == Method::POST;
    }
    // Coming from and going to an identity provider, which sends its own proof along.
    if let Some(rest) = path.strip_prefix("/auth/oidc/") {
        return match rest.split_once('/') {
            Some((_, "begin")) => *method == Method::GET,
            Some((_, "backchannel-logout")) => *method == Method::POST,
            None => *method == Method::GET && rest == "callback",
            Some(_) => false,
        };
    }
    let reads = *method == Method::GET || *method == Method::HEAD;
    let exact = matches!(
        path,
        // Probes and Prometheus come without credentials; none of the three holds content.
        "/healthz" | "/readyz" | "/metrics"
        // Which ways there are to sign in.
        | "/auth/methods"
        // Public keys, and where the token endpoint is.
        | "/witness/key" | "/.well-known/jwks.json" | "/.well-known/oauth-authorization-server"
        // The description of the doors is not what is behind them.
        | "/openapi.json" | "/docs"
        // The web applications: static files, the same for everybody.
        | "/" | "/login" | "/console" | "/favicon.svg"
    );
    let below = ["/assets/", "/c/", "/console/"].iter().any(|prefix| path.starts_with(prefix));
    reads && (exact || below)
}

/// The routes that speak Anthropic's API: their errors have its shape, and `x-api-key` carries the key.
#[must_use]
pub fn is_anthropic(path: &str) -> bool {
    path.strip_prefix("/v1/messages").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The matched route's pattern: bounded, unlike paths, so it may label metrics and records.
#[must_use]
pub fn pattern(request: &HttpRequest) -> String {
    request.match_pattern().unwrap_or_else(|| "unmatched".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_answers_with_data_needs_credentials() {
        for path in ["/api/users", "/v1/models", "/auth/session", "/auth/logout", "/api/audit", "/anything", "/assets"]
        {
            assert!(!is_public(&Method::GET, path), "{path}");
        }
        assert!(!is_public(&Method::GET, "/auth/login"));
        assert!(!is_public(&Method::POST, "/"));
        assert!(is_public(&Method::GET, "/assets/app.js"));
    }
}
