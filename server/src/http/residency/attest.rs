//! `POST /api/residency-policy/attest`: a signed report on a period, with its evidence, or a copy of it for reading.

use std::{fs::File, io::Read as _};

use actix_web::{
    HttpResponse,
    web::{self, Bytes},
};
use futures::stream;
use leeward_domain::Timestamp;
use leeward_ledger::{
    EventCode,
    attest::{Period, Standing},
};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use crate::{
    app::App,
    attestation::{Attested, Source},
    auth::permit::{AuditRead, Permit},
    error::{AppError, Code},
    http::{Body, admin::recorded, attachment::attachment, errors::Problem, life::reason},
};

/// Bytes of evidence sent at a time.
const CHUNK: usize = 64 * 1024;

/// Evidence on its way, and the turn that it takes up.
type Rest = (File, OwnedSemaphorePermit);

/// What to report on, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestRequest {
    /// The period's first instant (RFC 3339).
    #[schema(value_type = String)]
    from: Timestamp,
    /// The first instant after it; not in the future.
    #[schema(value_type = String)]
    to: Timestamp,
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
    /// `report` (for `leeward-verify attest`, the default), or `pdf`, a copy for reading.
    #[serde(default)]
    format: Option<String>,
}

/// Reports on where the tenant's content was in a period: signed, with the audit records it follows from.
///
/// # Errors
/// 400 without a reason or a period that is over, 503 when the log cannot be read or signed.
#[utoipa::path(post, path = "/api/residency-policy/attest", tag = "residency", request_body = AttestRequest, responses(
    (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs audit.read", body = Problem),
    (status = 503, description = "The log cannot be read or signed", body = Problem)))]
pub async fn attest(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    Body(asked): Body<AttestRequest>,
) -> Result<HttpResponse, AppError> {
    let tenant = permit.tenant.id;
    let draft = permit.draft(&app);
    let work = async {
        let reason = reason(&asked.reason)?;
        let pdf = match asked.format.as_deref() {
            None | Some("report") => false,
            Some("pdf") => true,
            Some(_) => return Err(AppError::invalid("format", "format is report or pdf")),
        };
        let period = Period::new(asked.from, asked.to).map_err(|error| AppError::invalid("to", error.to_string()))?;
        if asked.to > app.ambient.now() {
            return Err(AppError::invalid("to", "the period is not over yet"));
        }
        let turn = app.long_answer()?;
        let attested = Source::from(&**app).attest(&permit.tenant, period).await.map_err(|error| AppError {
            source: Some(error),
            ..AppError::new(Code::AuditUnavailable, "no report can be made; the service's log says why")
        })?;
        let mut record = draft.on(EventCode::Attested, "attestation", tenant);
        let digest = attested.signed.digest();
        record.reason = Some(format!("{reason} (from {} to {}, report {digest})", asked.from, asked.to));
        app.audit.append(draft.log(), vec![record]).await?;
        Ok((attested, pdf, turn))
    };
    let (attested, pdf, turn) = recorded(&app, draft.on(EventCode::AttestFailed, "attestation", tenant), work).await?;
    let name = |extension| format!("attestation-{tenant}-{}.{extension}", asked.from);
    if pdf {
        let copy = attested.report.to_pdf(attested.signed.digest(), &Standing::Issued);
        return Ok(attachment(&name("pdf"), "application/pdf").body(copy));
    }
    let Attested { signed, evidence, .. } = attested;
    let head = stream::iter([Ok(Bytes::from(signed.head().to_owned()))]);
    let rest = stream::try_unfold((evidence, turn), next);
    Ok(attachment(&name("attest"), "application/x-ndjson").streaming(futures::StreamExt::chain(head, rest)))
}

/// The next piece of the evidence; what was written a moment ago is still in the page cache.
async fn next((mut evidence, turn): Rest) -> std::io::Result<Option<(Bytes, Rest)>> {
    let (piece, evidence) = web::block(move || {
        let mut piece = vec![0; CHUNK];
        let read = evidence.read(&mut piece)?;
        piece.truncate(read);
        std::io::Result::Ok((piece, evidence))
    })
    .await
    .map_err(std::io::Error::other)??;
    Ok((!piece.is_empty()).then(|| (Bytes::from(piece), (evidence, turn))))
}
