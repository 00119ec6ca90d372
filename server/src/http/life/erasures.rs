//! `/api/erasures`: what was deleted for good, with a certificate that anybody can check.

use actix_web::{HttpResponse, web};
use leeward_domain::{Timestamp, ids::AuditId};
use leeward_keyring::erasure::{Destroyed, ErasureCertificate};
use leeward_store::{KeptErasure, Page};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{AuditRead, Permit},
    error::AppError,
    http::{
        errors::Problem,
        paging::{self, PageQuery, Paged},
    },
    keys,
};

/// Keys in one certificate.
const KEYS: u32 = 500;

/// An act that destroyed keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasureRow {
    /// The audit record of it.
    #[schema(value_type = String)]
    record: AuditId,
    #[schema(value_type = String)]
    at: Timestamp,
    /// How many keys were destroyed: one for each conversation.
    keys: u64,
}

impl From<KeptErasure> for ErasureRow {
    fn from(KeptErasure { grave, keys }: KeptErasure) -> Self {
        Self { record: grave.record, at: grave.at, keys }
    }
}

/// Certificates of an act that destroyed keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct Certificates {
    /// C2SP signed notes, each of at most 500 keys.
    certificates: Vec<String>,
    /// The key that checks them; it follows from the audit log's.
    key: String,
}

/// Lists what was deleted for good, the newest first.
///
/// # Errors
/// 400 for a bad cursor.
#[utoipa::path(get, path = "/api/erasures", tag = "residency", params(PageQuery), responses(
    (status = 200, description = "A page of erasures", body = Paged<ErasureRow>),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    page: web::Query<PageQuery>,
) -> Result<HttpResponse, AppError> {
    let (limit, after) = (page.limit()?, page.cursor()?);
    let rows = app.store.tenant_read(permit.tenant.id).await?.erasures(Page { after, limit }).await?;
    let next_cursor = paging::next_cursor(&rows, limit, |row| row.grave.record);
    let items: Vec<_> = rows.into_iter().map(ErasureRow::from).collect();
    Ok(HttpResponse::Ok().json(Paged { items, next_cursor }))
}

/// Certifies what an act destroyed, by the id of its audit record.
///
/// # Errors
/// 404 for another tenant's, or a record of something that destroyed no key.
#[utoipa::path(get, path = "/api/erasures/{id}", tag = "residency", params(("id" = String, Path)), responses(
    (status = 200, description = "The certificates", body = Certificates),
    (status = 404, description = "No such erasure", body = Problem)))]
pub async fn certify(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let not_found = || AppError::not_found("erasure", &id);
    let record: AuditId = id.parse().map_err(|_| not_found())?;
    // What is certified is kept apart from the database.
    let tombstones = super::entomb(&app).await?;
    let path = app.config.log_key_file();
    let signer = keys::ask(&app.keyring, None, move |keyring| keyring.erasure_signer(&path)).await?;
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let (mut certificates, mut after) = (Vec::new(), 0);
    loop {
        let erased = tx.erased_by(record, after, KEYS).await?;
        let Some(last) = erased.last() else { break };
        after = last.seq;
        let keys = erased.iter().map(|one| {
            let key = one.key.parse().map_err(AppError::internal)?;
            Ok(Destroyed { holder: Some(one.holder), key })
        });
        let keys = keys.collect::<Result<Vec<_>, AppError>>()?;
        let (issued_at, tenant) = (app.ambient.now(), permit.tenant.id);
        let certificate = ErasureCertificate { issued_at, tenant, person: None, keys, record, tombstones };
        certificates.push(certificate.sign(&signer).map_err(AppError::internal)?);
    }
    if certificates.is_empty() {
        return Err(not_found());
    }
    Ok(HttpResponse::Ok().json(Certificates { certificates, key: signer.verifier_text() }))
}
