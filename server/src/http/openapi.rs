//! `/openapi.json` and `/docs`: the API described by the code that serves it.

mod failures;

use std::fmt::Write as _;

use actix_web::HttpResponse;
use utoipa::{
    Modify, OpenApi,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use self::failures::Failures;
use super::{
    admin, anthropic, audit, auth, catalogue, chat, health, life, me, openai, projects, residency, scim, witness,
};

/// The whole API. To add a route, add its handler here.
#[derive(OpenApi, Debug)]
#[openapi(
    info(title = "Leeward", description = "On-prem LLM appliance. See docs/api.md for the map.", license(name = "Apache-2.0")),
    paths(
        openai::chat::completions, openai::completions::completions, anthropic::messages::messages, anthropic::count::count_tokens, openai::embeddings::embeddings, openai::tokenize::tokenize, openai::responses::responses, openai::responses::stored::get, openai::responses::stored::delete,
        openai::models::list, openai::models::get,
        auth::break_glass::unlock, auth::login::login, auth::password::change, auth::passkey::methods,
        auth::passkey::begin, auth::passkey::finish, auth::second_factor::totp, auth::second_factor::recovery,
        auth::second_factor::begin_passkey, auth::second_factor::finish_passkey, auth::tenants::list, auth::tenants::accept, auth::tenants::switch, auth::session::logout, auth::session::session,
        auth::certificate::login, auth::ldap::login, auth::oidc::begin, auth::oidc::callback, auth::oidc::backchannel_logout,
        auth::token::token, auth::token::revoke, auth::token::jwks, auth::token::metadata,
        admin::providers::list, admin::providers::create, admin::providers::update, admin::providers::delete,
        admin::providers::probe,
        admin::issuers::list, admin::issuers::create, admin::issuers::update, admin::issuers::delete,
        me::tokens::list, me::tokens::create, me::tokens::revoke,
        chat::conversations::list, chat::conversations::create, chat::conversations::get,
        chat::conversations::rename, chat::conversations::delete, chat::messages::send,
        admin::models::list,
        catalogue::get, catalogue::listing::update, catalogue::listing::reload, catalogue::promotion::propose, catalogue::promotion::approve,
        catalogue::promotion::withdraw, catalogue::promotion::retire, catalogue::aliases::put, catalogue::aliases::delete,
        audit::search::list, audit::search::events_list, audit::record::get, audit::log::checkpoints,
        audit::log::checkpoint, audit::log::entries, audit::log::tile, audit::export::export, audit::evidence::evidence,
        audit::alerts::list, audit::alerts::create, audit::alerts::delete, audit::capture::get, audit::capture::put, audit::capture::read,
        audit::state::witnesses,
        witness::add_checkpoint, witness::key, audit::state::health, audit::state::sinks,
        admin::roles::list, admin::roles::create, admin::roles::update, admin::roles::delete,
        admin::policy::get, admin::policy::put,
        life::holds::list, life::holds::place, life::holds::release, life::erasures::list, life::erasures::certify,
        life::subject::export, life::subject::export_own,
        residency::get, residency::history, residency::attest::attest, residency::trial::dry_run, residency::proposals::list,
        residency::proposals::create, residency::proposals::get, residency::proposals::approve,
        residency::proposals::withdraw,
        admin::groups::list, admin::groups::create, admin::groups::update, admin::groups::delete,
        admin::groups::members, admin::groups::add_member, admin::groups::remove_member,
        admin::guests::invite, admin::accounts::reset_password, admin::accounts::reset_factors, admin::accounts::sessions,
        admin::accounts::end_sessions,
        me::factors::list, me::factors::begin_totp, me::factors::confirm_totp, me::factors::remove_totp,
        me::passkeys::begin, me::passkeys::finish, me::passkeys::remove,
        me::sessions::list, me::sessions::end,
        me::keys::list, me::keys::create, me::keys::rotate, me::keys::revoke,
        admin::tenants::list, admin::tenants::create, admin::tenants::update, admin::tenants::delete, admin::tenants::create_admin,
        admin::users::list, admin::users::create, admin::users::get,
        admin::users::update, admin::users::delete,
        admin::keys::list, admin::keys::create, admin::keys::rotate, admin::keys::revoke,
        projects::list, projects::create, projects::rename, projects::delete,
        projects::members::list, projects::members::put, projects::members::remove,
        projects::keys::list, projects::keys::create, projects::keys::revoke,
        scim::search::everything, scim::search::users, scim::search::groups,
        scim::users::list, scim::users::create, scim::users::get, scim::users::replace, scim::users::patch,
        scim::users::delete,
        scim::groups::list, scim::groups::create, scim::groups::get, scim::groups::replace, scim::groups::patch,
        scim::groups::delete,
        scim::discovery::config, scim::discovery::resource_types, scim::discovery::resource_type,
        scim::discovery::schemas, scim::discovery::schema,
        health::live, health::ready, health::metrics,
    ),
    security(("api_key" = []), ("session" = [])),
    modifiers(&Credentials, &OperationIds, &Failures),
)]
pub struct ApiDoc;

struct Credentials;

impl Modify for Credentials {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_with(Default::default);
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
        let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::auth::middleware::COOKIE));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Handlers of different rooms share names (`list`, `create`); operation ids must not.
struct OperationIds;

impl Modify for OperationIds {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        for (path, item) in &mut openapi.paths.paths {
            let place: Vec<&str> = path.split(['/', '{', '}', '.']).filter(|part| !part.is_empty()).collect();
            let operations = [
                ("get", &mut item.get),
                ("post", &mut item.post),
                ("put", &mut item.put),
                ("patch", &mut item.patch),
                ("delete", &mut item.delete),
            ];
            for (method, operation) in operations {
                if let Some(operation) = operation {
                    operation.operation_id = Some(format!("{method}_{}", place.join("_")));
                }
            }
        }
    }
}

/// The document.
pub async fn document() -> HttpResponse {
    HttpResponse::Ok().json(ApiDoc::openapi())
}

/// A plain page that lists the routes; no script, nothing from elsewhere.
pub async fn page() -> HttpResponse {
    let api = ApiDoc::openapi();
    let mut rows = String::new();
    for (path, item) in &api.paths.paths {
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                let summary = operation.summary.as_deref().unwrap_or_default();
                // Writing into a String cannot fail.
                let _ = writeln!(rows, "<tr><td>{method}</td><td><code>{path}</code></td><td>{summary}</td></tr>");
            }
        }
    }
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Leeward API</title>\
         <style>body{{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}td{{padding:.2rem .8rem .2rem 0;vertical-align:top}}</style>\
         <h1>Leeward API</h1><p>The exact description is <a href=\"/openapi.json\">openapi.json</a>. \
         Programs written for OpenAI's API work with this address and an API key.</p><table>{rows}</table></html>"
    );
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html)
}
