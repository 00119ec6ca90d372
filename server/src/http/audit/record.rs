//! `GET /api/audit/records/{seq}`: one record, exactly as it was hashed, with the proof that it is in the log.

use actix_web::{HttpResponse, web};
use leeward_ledger::{EventCode, Record};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{AuditRead, Permit},
    error::AppError,
    http::errors::Problem,
};

/// One record and what proves it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProvenRecord {
    /// Its place in the log.
    seq: u64,
    /// The record.
    #[schema(value_type = Object)]
    record: Record,
    /// The entry's exact text: what is hashed.
    entry: String,
    /// A C2SP tlog-proof; null for about a second after the record was written, until the tree covers it.
    proof: Option<String>,
    /// The log's verifier key, for comparison with the one you trust.
    key: String,
}

/// One record with its proof of inclusion. The reading is itself a record.
///
/// # Errors
/// 404 for a place the log does not have.
#[utoipa::path(get, path = "/api/audit/records/{seq}", tag = "audit",
    params(("seq" = u64, Path, description = "The record's place in the log, from 0")), responses(
    (status = 200, description = "The record", body = ProvenRecord),
    (status = 403, description = "Needs audit.read", body = Problem),
    (status = 404, description = "The log has no such record", body = Problem)))]
pub async fn get(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    seq: web::Path<u64>,
) -> Result<HttpResponse, AppError> {
    let (seq, log) = (seq.into_inner(), permit.tenant.id);
    let draft = permit.draft(&app);
    let mut read = draft.on(EventCode::AuditRead, "audit_log", log);
    read.reason = Some(format!("record {seq}"));
    app.audit.append(draft.log(), vec![read]).await?;

    let mut tx = app.store.tenant_read(log).await?;
    let entry = tx.audit_range(seq, 1).await?.into_iter().next().filter(|entry| entry.seq == seq);
    let entry = entry.ok_or_else(|| AppError::not_found("record", seq))?;
    let signed = tx.audit_checkpoint().await?.filter(|signed| signed.head.size > seq);
    drop(tx);
    let proof = match &signed {
        Some(signed) => Some(app.reading.proof(Some(log), seq, signed).await.map_err(AppError::internal)?.to_string()),
        None => None,
    };
    let record = entry.record()?;
    let entry = String::from_utf8(entry.entry).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok().json(ProvenRecord { seq, record, entry, proof, key: app.reading.key(Some(log)) }))
}
