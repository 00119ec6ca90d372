//! `POST /api/audit/export`: a stretch of the log as a file, for a stated reason.

use actix_web::{
    HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType},
    web,
};
use futures::stream;
use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::EventCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    audit::SequenceError,
    auth::permit::{AuditRead, Permit},
    error::{AppError, Code},
    http::{Body, errors::Problem},
};

/// What to export, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// From this time on (RFC 3339); from the log's beginning if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Before this time; to the end if left out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    to: Option<Timestamp>,
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
}

/// Exports a stretch of the log as a bundle for `leeward-verify`. The export is itself a record, with its reason.
///
/// A period's bundle holds every record of the period; where the clock stumbled, a few neighbours too.
///
/// # Errors
/// 400 without a reason; 503 when the log cannot be read or signed.
#[utoipa::path(post, path = "/api/audit/export", tag = "audit", request_body = ExportRequest, responses(
    (status = 200, description = "The bundle", content_type = "application/x-ndjson", body = Vec<u8>),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn export(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    body: Body<ExportRequest>,
) -> Result<HttpResponse, AppError> {
    let Body(asked) = body;
    let reason = asked.reason.trim();
    if !(3..=500).contains(&reason.chars().count()) {
        return Err(AppError::invalid("reason", "say in 3 to 500 characters what the export is for: it goes on record"));
    }
    let log = permit.tenant.id;
    let draft = permit.draft(&app);
    let mut record = draft.on(EventCode::AuditExported, "audit_log", log);
    let period = |at: Option<Timestamp>| at.map_or("open".to_owned(), |at| at.to_string());
    record.reason = Some(format!("{reason} (from {} to {})", period(asked.from), period(asked.to)));
    app.audit.append(draft.log(), vec![record]).await?;

    let signed = app.sequencer.catch_up(Some(log)).await.map_err(unavailable)?;
    let places = places(&app, log, &asked, signed.head.size).await?;
    let export = app.reading.export(Some(log), places, signed).await.map_err(AppError::internal)?;
    // A failure in the middle ends the file without its last lines, which every verifier notices.
    let file = stream::try_unfold(export, |mut export| async {
        match export.next().await {
            Ok(Some(bytes)) => Ok(Some((web::Bytes::from(bytes), export))),
            Ok(None) => Ok(None),
            Err(error) => {
                tracing::error!(%error, "an audit export broke off");
                Err(std::io::Error::other(error))
            }
        }
    });
    let name = format!("{log}-{}.audit.ndjson", app.ambient.now().to_string().replace(':', "-"));
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name)],
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(disposition)
        .content_type("application/x-ndjson")
        .streaming(file))
}

/// The places from the first to the last record of the period, under a tree of `size`.
async fn places(
    app: &App,
    log: TenantId,
    asked: &ExportRequest,
    size: u64,
) -> Result<std::ops::Range<u64>, AppError> {
    if asked.from.is_none() && asked.to.is_none() {
        return Ok(0..size);
    }
    let mut tx = app.store.tenant_read(log).await?;
    let range = tx.audit_places(asked.from, asked.to).await?;
    Ok(range.map_or(0..0, |(first, last)| first.min(size)..(last + 1).min(size)))
}

/// Why there is no signed head to export under.
fn unavailable(error: SequenceError) -> AppError {
    let detail = "the log's tree cannot be brought up to date; an operator must look at /readyz and the log";
    AppError { source: Some(anyhow::Error::new(error)), ..AppError::new(Code::AuditUnavailable, detail) }
}
