//! `/api/identity-providers`: whom the tenant lets vouch for its people.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    federation::{Connection, ProviderSettings},
    ids::ProviderId,
    provider::InvalidProvider,
    time::Timestamp,
};
use leeward_identity::certificate::CertificateTrust;
use leeward_keyring::TenantKey;
use leeward_ledger::EventCode;
use leeward_store::{MAX_PROVIDERS, Provider, StoreError, TenantWrite};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use utoipa::ToSchema;

use super::{changed, duties, name, recorded};
use crate::{
    app::App,
    auth::{
        issuers::IssuerAt,
        permit::{Permit, ProvidersManage},
    },
    directory,
    error::{AppError, Code},
    http::{Body, auth::oidc, errors::Problem},
};

/// The longest secret, in bytes.
const MAX_SECRET: usize = 4096;

/// The tenant's providers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Providers {
    /// Oldest first, at most 20.
    items: Vec<ProviderRow>,
    /// What to register at OpenID providers as the redirect URI.
    redirect_uri: String,
}

/// A provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProviderRow {
    #[schema(value_type = String)]
    id: ProviderId,
    name: String,
    enabled: bool,
    /// How it is asked: `kind` is `oidc`, `ldap` or `certificate`.
    #[schema(value_type = Object)]
    connection: Connection,
    /// Whom it lets in, and with which roles.
    #[schema(value_type = Object)]
    admission: leeward_domain::federation::Admission,
    /// Whether a secret is kept; it is never shown.
    has_secret: bool,
    /// What to register at an OpenID provider as the back-channel logout URI.
    backchannel_logout_uri: Option<String>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

/// A provider to set up, or to replace one by.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProvider {
    /// 1 to 100 characters, unique in the tenant; the sign-in page shows it.
    name: String,
    /// Whether it may be signed in with.
    #[serde(default = "yes")]
    enabled: bool,
    /// How it is asked.
    #[schema(value_type = Object)]
    connection: Connection,
    /// Whom it lets in.
    #[schema(value_type = Object)]
    admission: leeward_domain::federation::Admission,
    /// The client's secret, or the service account's password. When replacing: absent keeps it, null removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    secret: Option<Option<String>>,
}

const fn yes() -> bool {
    true
}

/// Tells "not given" from "given as null".
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// What trying a provider showed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Probe {
    /// Whether it can be used.
    ok: bool,
    /// What was found, or what is wrong and what to do.
    detail: String,
}

/// Lists the tenant's providers.
///
/// # Errors
/// 403 without `providers.manage`.
#[utoipa::path(get, path = "/api/identity-providers", tag = "admin", responses(
    (status = 200, description = "The providers", body = Providers),
    (status = 403, description = "Needs providers.manage", body = Problem)))]
pub async fn list(app: web::Data<App>, permit: Permit<ProvidersManage>) -> Result<HttpResponse, AppError> {
    let providers = app.store.tenant_read(permit.tenant.id).await?.providers().await?;
    let items = providers.into_iter().map(|provider| row(&app, provider)).collect();
    Ok(HttpResponse::Ok().json(Providers { items, redirect_uri: oidc::redirect_uri(&app) }))
}

/// Sets up a provider.
///
/// # Errors
/// 400 naming the field that is wrong, 409 when the name is taken or there are too many.
#[utoipa::path(post, path = "/api/identity-providers", tag = "admin", request_body = NewProvider, responses(
    (status = 201, description = "Set up", body = ProviderRow),
    (status = 400, description = "Malformed, or the operator does not allow its address", body = Problem),
    (status = 409, description = "The name is taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    Body(new): Body<NewProvider>,
) -> Result<HttpResponse, AppError> {
    let (id, now): (ProviderId, _) = (app.ambient.mint(), app.ambient.now());
    let draft = permit.draft(&app);
    let work = async {
        let key = app.tenant_key(&permit.tenant).await?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if tx.providers().await?.len() >= MAX_PROVIDERS {
            let detail = format!("a tenant has at most {MAX_PROVIDERS} identity providers; remove one first");
            return Err(AppError::new(Code::Conflict, detail));
        }
        let settings = checked(&app, &permit, &mut tx, new.connection, new.admission).await?;
        let secret = match new.secret.flatten() {
            Some(secret) => Some(seal(&app, &key, id, &secret)?),
            None => None,
        };
        let provider = Provider {
            id,
            name: name(&new.name)?,
            enabled: new.enabled,
            settings,
            secret,
            created_at: now,
            updated_at: now,
        };
        let mut record = draft.on(EventCode::ProviderCreated, "provider", id);
        record.changes = differences(None, &provider)?;
        tx.add_provider(&provider).await.map_err(|error| taken(error, &provider.name))?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(provider)
    };
    let provider = recorded(&app, draft.on(EventCode::ProviderChangeFailed, "provider", id), work).await?;
    Ok(HttpResponse::Created().json(row(&app, provider)))
}

/// Replaces a provider's settings. What it brought before ends where that matters: another issuer, client or
/// directory, or turning it off, ends the sessions that grew out of it.
///
/// # Errors
/// As for setting one up; 404 for another tenant's.
#[utoipa::path(put, path = "/api/identity-providers/{id}", tag = "admin", params(("id" = String, Path)),
    request_body = NewProvider, responses(
    (status = 200, description = "Changed", body = ProviderRow),
    (status = 400, description = "Malformed, or the operator does not allow its address", body = Problem),
    (status = 404, description = "No such provider", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    id: web::Path<String>,
    Body(new): Body<NewProvider>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let key = app.tenant_key(&permit.tenant).await?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.provider(id).await?.ok_or_else(|| AppError::not_found("identity provider", id))?;
        if before.settings.connection.kind() != new.connection.kind() {
            return Err(AppError::invalid("connection.kind", "a provider keeps its kind; set up another one"));
        }
        let settings = checked(&app, &permit, &mut tx, new.connection, new.admission).await?;
        let secret = match new.secret {
            None => before.secret.clone(),
            Some(None) => None,
            Some(Some(secret)) => Some(seal(&app, &key, id, &secret)?),
        };
        let after = Provider {
            name: name(&new.name)?,
            enabled: new.enabled,
            settings,
            secret,
            updated_at: app.ambient.now(),
            ..before.clone()
        };
        let mut record = draft.on(EventCode::ProviderUpdated, "provider", id);
        record.changes = differences(Some(&before), &after)?;
        tx.update_provider(&after).await.map_err(|error| taken(error, &after.name))?;
        if !after.enabled || after.settings.connection != before.settings.connection {
            tx.end_sessions_from(id).await?;
        }
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(after)
    };
    let provider = recorded(&app, draft.on(EventCode::ProviderChangeFailed, "provider", id), work).await?;
    Ok(HttpResponse::Ok().json(row(&app, provider)))
}

/// Removes a provider. Its users stay and must sign in another way; sessions it brought end.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(delete, path = "/api/identity-providers/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "No such provider", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.delete_provider(id).await.map_err(|error| match error {
            StoreError::NotFound => AppError::not_found("identity provider", id),
            other => other.into(),
        })?;
        tx.append_audit(&[draft.on(EventCode::ProviderDeleted, "provider", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::ProviderChangeFailed, "provider", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Tries whether a provider can be asked, with what is kept.
///
/// # Errors
/// 404 for another tenant's; what is wrong with the provider is an answer, not an error.
#[utoipa::path(post, path = "/api/identity-providers/{id}/probe", tag = "admin", params(("id" = String, Path)), responses(
    (status = 200, description = "What was found", body = Probe),
    (status = 404, description = "No such provider", body = Problem)))]
pub async fn probe(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let provider = app.store.tenant_read(permit.tenant.id).await?.provider(id).await?;
    let provider = provider.ok_or_else(|| AppError::not_found("identity provider", id))?;
    let found = match &provider.settings.connection {
        Connection::Oidc(oidc) => {
            let at = IssuerAt { issuer: &oidc.issuer, ca_pem: oidc.ca_pem.as_deref() };
            let found = app.issuers.verified(at, |_| Ok(())).await;
            found.map(|()| "its discovery document and keys were read".to_owned()).map_err(|error| error.to_string())
        }
        Connection::Ldap(ldap) => {
            let secret = oidc::open_secret(&app, &permit.tenant, &provider).await?;
            match crate::http::auth::ldap::may_connect(&app, ldap) {
                Ok(()) => directory::probe(app.issuers.outbound().guard(), ldap, secret.as_deref())
                    .await
                    .map(|found| {
                        let groups =
                            found.groups_of_first.map_or_else(String::new, |n| format!("; the first has {n} groups"));
                        format!(
                            "{} people found, {} of them without an id or e-mail address{groups}",
                            found.people, found.incomplete
                        )
                    })
                    .map_err(|error| error.to_string()),
                Err(error) => Err(error),
            }
        }
        Connection::Certificate(certificate) => match CertificateTrust::new(certificate) {
            Ok(_) if !app.config.tls.client_certificates => {
                Err("nobody is asked for a certificate: the operator can turn on tls.client_certificates".to_owned())
            }
            Ok(_) => Ok("its authorities and revocation lists were read".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    };
    let (ok, detail) = found.map_or_else(|error| (false, error), |found| (true, found));
    Ok(HttpResponse::Ok().json(Probe { ok, detail }))
}

/// What a sealed secret is bound to.
#[must_use]
pub fn secret_aad(id: ProviderId) -> Vec<u8> {
    format!("leeward/provider-secret/v1/{id}").into_bytes()
}

fn seal(app: &App, key: &TenantKey, id: ProviderId, secret: &str) -> Result<Vec<u8>, AppError> {
    if secret.is_empty() || secret.len() > MAX_SECRET {
        return Err(AppError::invalid(
            "secret",
            format!("a secret has 1 to {MAX_SECRET} bytes; leave it out for none"),
        ));
    }
    Ok(key.seal(&app.ambient, &secret_aad(id), secret.as_bytes())?)
}

/// Settings that could work: well formed, an address the operator allows, roles the tenant has.
async fn checked(
    app: &App,
    permit: &Permit<ProvidersManage>,
    tx: &mut TenantWrite,
    connection: Connection,
    admission: leeward_domain::federation::Admission,
) -> Result<ProviderSettings, AppError> {
    let settings = ProviderSettings { connection, admission };
    settings.check().map_err(invalid)?;
    let address: Option<(&str, &str)> = match &settings.connection {
        Connection::Oidc(oidc) => Some(("connection.issuer", &oidc.issuer)),
        Connection::Ldap(ldap) => Some(("connection.url", &ldap.url)),
        Connection::Certificate(certificate) => {
            CertificateTrust::new(certificate).map_err(|error| AppError::invalid("connection", error.to_string()))?;
            None
        }
    };
    if let Some((field, address)) = address {
        let url: Url = address.parse().map_err(|_| AppError::invalid(field, "it is no address"))?;
        app.issuers.outbound().check(&url).map_err(|error| AppError::invalid(field, error.to_string()))?;
    }
    // Each rule on its own: together they may mix duties for somebody in several groups, and then the audit goes.
    let rules = settings.admission.group_roles.iter().map(|rule| &rule.roles);
    for roles in rules.chain([&settings.admission.default_roles]).filter(|roles| !roles.is_empty()) {
        duties::check(tx, &permit.tenant, roles).await?;
    }
    Ok(settings)
}

pub(super) fn invalid(wrong: InvalidProvider) -> AppError {
    AppError::invalid(wrong.field, wrong.to_string())
}

fn row(app: &App, provider: Provider) -> ProviderRow {
    let logout = matches!(provider.settings.connection, Connection::Oidc(_));
    ProviderRow {
        backchannel_logout_uri: logout
            .then(|| format!("{}/auth/oidc/{}/backchannel-logout", app.public_url, provider.id)),
        id: provider.id,
        name: provider.name,
        enabled: provider.enabled,
        connection: provider.settings.connection,
        admission: provider.settings.admission,
        has_secret: provider.secret.is_some(),
        created_at: provider.created_at,
        updated_at: provider.updated_at,
    }
}

/// What changed, field by field, for the record; of the secret only that it did.
fn differences(before: Option<&Provider>, after: &Provider) -> Result<Vec<leeward_ledger::Change>, AppError> {
    let fields = |provider: &Provider| -> Result<Vec<(String, Value)>, AppError> {
        let mut all = vec![
            ("name".to_owned(), Value::from(provider.name.clone())),
            ("enabled".to_owned(), Value::from(provider.enabled)),
        ];
        for (prefix, part) in [
            ("connection", serde_json::to_value(&provider.settings.connection)),
            ("admission", serde_json::to_value(&provider.settings.admission)),
        ] {
            if let Value::Object(object) = part.map_err(AppError::internal)? {
                all.extend(object.into_iter().map(|(field, value)| (format!("{prefix}.{field}"), value)));
            }
        }
        Ok(all)
    };
    let was = before.map(fields).transpose()?.unwrap_or_default();
    // Certificates and long lists are told by their digest: a record stays small.
    let short = |value: &Value| {
        let text = value.to_string();
        if text.len() <= 512 { text } else { format!("sha256:{}", leeward_domain::Sha256Digest::of(text.as_bytes())) }
    };
    let mut changes = Vec::new();
    for (field, now) in fields(after)? {
        let old = was.iter().find(|(name, _)| *name == field).map(|(_, value)| value);
        if old != Some(&now) {
            changes.push(changed(&field, old.map(short), Some(short(&now))));
        }
    }
    if before.is_none_or(|before| before.secret != after.secret) && (before.is_some() || after.secret.is_some()) {
        changes.push(changed("secret", None, None));
    }
    Ok(changes)
}

fn parse(id: &str) -> Result<ProviderId, AppError> {
    id.parse().map_err(|_| AppError::not_found("identity provider", id))
}

fn taken(error: StoreError, name: &str) -> AppError {
    match error {
        StoreError::Conflict { .. } => {
            AppError::new(Code::Conflict, format!("there is an identity provider {name:?} already"))
        }
        other => other.into(),
    }
}
