//! `/api/token-issuers`: foreign issuers whose workload tokens are exchanged for ours, and as whom they act.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    federation::{IssuerSettings, SubjectRule},
    ids::IssuerId,
    time::Timestamp,
    user::UserKind,
};
use leeward_identity::jwks::KeySet;
use leeward_ledger::EventCode;
use leeward_store::{MAX_ISSUERS, StoreError, TenantWrite, TrustedIssuer, conflict};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::{changed, name, providers::invalid, recorded};
use crate::{
    app::App,
    auth::permit::{Permit, ProvidersManage},
    error::{AppError, Code},
    http::{Body, errors::Problem},
};

/// The issuers the tenant trusts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Issuers {
    /// Oldest first, at most 50.
    items: Vec<IssuerRow>,
}

/// A trusted issuer.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuerRow {
    #[schema(value_type = String)]
    id: IssuerId,
    name: String,
    enabled: bool,
    /// `iss` of its tokens.
    issuer: String,
    /// What `aud` of its tokens must name.
    audience: String,
    /// Its keys, if they are given here rather than fetched.
    jwks: Option<String>,
    ca_pem: Option<String>,
    /// Which subjects act as which service account.
    #[schema(value_type = Vec<Object>)]
    subjects: Vec<SubjectRule>,
    #[schema(value_type = String)]
    created_at: Timestamp,
    #[schema(value_type = String)]
    updated_at: Timestamp,
}

impl From<TrustedIssuer> for IssuerRow {
    fn from(issuer: TrustedIssuer) -> Self {
        Self {
            id: issuer.id,
            name: issuer.name,
            enabled: issuer.enabled,
            issuer: issuer.issuer,
            audience: issuer.audience,
            jwks: issuer.settings.jwks,
            ca_pem: issuer.settings.ca_pem,
            subjects: issuer.settings.subjects,
            created_at: issuer.created_at,
            updated_at: issuer.updated_at,
        }
    }
}

/// An issuer to trust, or to replace one by.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIssuer {
    /// 1 to 100 characters, unique in the tenant.
    name: String,
    /// Whether its tokens are taken.
    #[serde(default = "yes")]
    enabled: bool,
    /// `iss` of its tokens.
    issuer: String,
    /// What `aud` of its tokens must name; with the issuer unique in the whole appliance.
    audience: String,
    /// Its public keys as a JSON Web Key Set; without it they are fetched from the issuer.
    #[serde(default)]
    jwks: Option<String>,
    /// Certificate authorities (PEM) to trust when fetching, instead of the system's.
    #[serde(default)]
    ca_pem: Option<String>,
    /// At least one: `{"subject": "system:serviceaccount:NS:NAME", "user": "usr_…", "scopes": ["chat.use"]}`.
    #[schema(value_type = Vec<Object>)]
    subjects: Vec<SubjectRule>,
}

const fn yes() -> bool {
    true
}

/// Lists the issuers the tenant trusts.
///
/// # Errors
/// 403 without `providers.manage`.
#[utoipa::path(get, path = "/api/token-issuers", tag = "admin", responses(
    (status = 200, description = "The issuers", body = Issuers),
    (status = 403, description = "Needs providers.manage", body = Problem)))]
pub async fn list(app: web::Data<App>, permit: Permit<ProvidersManage>) -> Result<HttpResponse, AppError> {
    let issuers = app.store.tenant_read(permit.tenant.id).await?.issuers().await?;
    Ok(HttpResponse::Ok().json(Issuers { items: issuers.into_iter().map(IssuerRow::from).collect() }))
}

/// Trusts an issuer.
///
/// # Errors
/// 400 naming the field that is wrong, 409 when name or issuer and audience are taken.
#[utoipa::path(post, path = "/api/token-issuers", tag = "admin", request_body = NewIssuer, responses(
    (status = 201, description = "Trusted", body = IssuerRow),
    (status = 400, description = "Malformed", body = Problem),
    (status = 409, description = "Taken", body = Problem)))]
pub async fn create(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    Body(new): Body<NewIssuer>,
) -> Result<HttpResponse, AppError> {
    let id: IssuerId = app.ambient.mint();
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        if tx.issuers().await?.len() >= MAX_ISSUERS {
            let detail = format!("a tenant trusts at most {MAX_ISSUERS} issuers; remove one first");
            return Err(AppError::new(Code::Conflict, detail));
        }
        let issuer = checked(&app, &mut tx, id, new, app.ambient.now()).await?;
        let mut record = draft.on(EventCode::IssuerCreated, "issuer", id);
        record.changes = changes(None, &issuer);
        tx.add_issuer(&issuer).await.map_err(taken)?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(issuer)
    };
    let issuer = recorded(&app, draft.on(EventCode::IssuerChangeFailed, "issuer", id), work).await?;
    Ok(HttpResponse::Created().json(IssuerRow::from(issuer)))
}

/// Replaces what is known of an issuer; tokens it brought end.
///
/// # Errors
/// As for trusting one; 404 for another tenant's.
#[utoipa::path(put, path = "/api/token-issuers/{id}", tag = "admin", params(("id" = String, Path)),
    request_body = NewIssuer, responses(
    (status = 200, description = "Changed", body = IssuerRow),
    (status = 400, description = "Malformed", body = Problem),
    (status = 404, description = "No such issuer", body = Problem)))]
pub async fn update(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    id: web::Path<String>,
    Body(new): Body<NewIssuer>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.issuers().await?.into_iter().find(|issuer| issuer.id == id);
        let before = before.ok_or_else(|| AppError::not_found("token issuer", id))?;
        let after = checked(&app, &mut tx, id, new, before.created_at).await?;
        let mut record = draft.on(EventCode::IssuerUpdated, "issuer", id);
        record.changes = changes(Some(&before), &after);
        tx.update_issuer(&after).await.map_err(taken)?;
        tx.append_audit(&[record]).await?;
        tx.commit().await?;
        Ok(after)
    };
    let issuer = recorded(&app, draft.on(EventCode::IssuerChangeFailed, "issuer", id), work).await?;
    Ok(HttpResponse::Ok().json(IssuerRow::from(issuer)))
}

/// Trusts an issuer no more; tokens it brought end.
///
/// # Errors
/// 404 for another tenant's.
#[utoipa::path(delete, path = "/api/token-issuers/{id}", tag = "admin", params(("id" = String, Path)), responses(
    (status = 204, description = "Removed"),
    (status = 404, description = "No such issuer", body = Problem)))]
pub async fn delete(
    app: web::Data<App>,
    permit: Permit<ProvidersManage>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let id = parse(&id)?;
    let draft = permit.draft(&app);
    let work = async {
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        tx.delete_issuer(id).await.map_err(|error| match error {
            StoreError::NotFound => AppError::not_found("token issuer", id),
            other => other.into(),
        })?;
        tx.append_audit(&[draft.on(EventCode::IssuerDeleted, "issuer", id)]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::IssuerChangeFailed, "issuer", id), work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What could work: well formed, keys that can be used or an address that may be asked, service accounts only.
async fn checked(
    app: &App,
    tx: &mut TenantWrite,
    id: IssuerId,
    new: NewIssuer,
    created_at: Timestamp,
) -> Result<TrustedIssuer, AppError> {
    let settings = IssuerSettings { jwks: new.jwks, ca_pem: new.ca_pem, subjects: new.subjects };
    settings.check(&new.issuer, &new.audience).map_err(invalid)?;
    match &settings.jwks {
        Some(jwks) => {
            KeySet::parse(jwks.as_bytes()).map_err(|error| AppError::invalid("jwks", error.to_string()))?;
        }
        None => {
            let url: Url = new.issuer.parse().map_err(|_| AppError::invalid("issuer", "it is no address"))?;
            app.issuers.outbound().check(&url).map_err(|error| AppError::invalid("issuer", error.to_string()))?;
        }
    }
    for rule in &settings.subjects {
        let user = tx.user(rule.user).await?.filter(|user| user.kind == UserKind::Service);
        user.ok_or_else(|| {
            AppError::invalid("subjects", format!("{} is no service account of this tenant", rule.user))
        })?;
    }
    let (name, updated_at) = (name(&new.name)?, app.ambient.now());
    let (enabled, issuer, audience) = (new.enabled, new.issuer, new.audience);
    Ok(TrustedIssuer { id, name, enabled, issuer, audience, settings, created_at, updated_at })
}

fn changes(before: Option<&TrustedIssuer>, after: &TrustedIssuer) -> Vec<leeward_ledger::Change> {
    let subjects = |issuer: &TrustedIssuer| {
        let rules = issuer.settings.subjects.iter().take(20).map(|rule| format!("{}={}", rule.subject, rule.user));
        rules.collect::<Vec<_>>().join(" ").chars().take(1000).collect::<String>()
    };
    let fields = |issuer: &TrustedIssuer| {
        [
            ("name", issuer.name.clone()),
            ("enabled", issuer.enabled.to_string()),
            ("issuer", issuer.issuer.clone()),
            ("audience", issuer.audience.clone()),
            ("subjects", subjects(issuer)),
        ]
    };
    let was = before.map(fields);
    let mut changes: Vec<_> = fields(after)
        .into_iter()
        .enumerate()
        .filter_map(|(at, (field, now))| {
            let old = was.as_ref().and_then(|was| was.get(at)).map(|(_, old)| old.clone());
            (old.as_ref() != Some(&now)).then(|| changed(field, old, Some(now)))
        })
        .collect();
    if before.is_none_or(|before| before.settings.jwks != after.settings.jwks) {
        changes.push(changed("jwks", None, None));
    }
    changes
}

fn parse(id: &str) -> Result<IssuerId, AppError> {
    id.parse().map_err(|_| AppError::not_found("token issuer", id))
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Conflict { constraint } if constraint == conflict::TOKEN_ISSUERS_ISSUER => {
            let detail = "this issuer is trusted for this audience already, here or elsewhere; choose another audience";
            AppError::new(Code::Conflict, detail)
        }
        StoreError::Conflict { .. } => AppError::new(Code::Conflict, "there is a token issuer of this name already"),
        other => other.into(),
    }
}
