//! `POST /api/audit/export`: a stretch of the log as a file, for a stated reason.

use actix_web::{HttpResponse, web};
use futures::{Stream, stream};
use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::{
    EventCode, LogId,
    render::{Entry, Format, Host},
};
use leeward_store::SignedHead;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    audit::{Reading, SequenceError},
    auth::permit::{AuditRead, Permit},
    error::{AppError, Code},
    http::{Body, attachment::attachment, errors::Problem, life::reason},
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
    /// `bundle` (for `leeward-verify`), or one for other tools: `ndjson`, `csv`, `ocsf`, `cef`, `rfc5424`, `otlp`.
    #[serde(default)]
    format: Option<String>,
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
}

/// Exports a stretch of the log: as a bundle for `leeward-verify`, or written for other tools. The export is itself a record, with its reason.
///
/// A period's bundle holds every record of the period; where the clock stumbled, a few neighbours too.
///
/// # Errors
/// 400 without a reason; 503 when the log cannot be read or signed.
#[utoipa::path(post, path = "/api/audit/export", tag = "audit", request_body = ExportRequest, responses(
    (status = 200, description = "The file", content_type = "application/octet-stream", body = Vec<u8>),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn export(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    body: Body<ExportRequest>,
) -> Result<HttpResponse, AppError> {
    let Body(asked) = body;
    let reason = reason(&asked.reason)?;
    let wanted = match asked.format.as_deref() {
        None | Some("bundle") => None,
        Some(name) => {
            let format = name.parse::<Format>();
            Some(format.map_err(|error| AppError::invalid("format", format!("{error}, or bundle")))?)
        }
    };
    let log = permit.tenant.id;
    let draft = permit.draft(&app);
    let mut record = draft.on(EventCode::AuditExported, "audit_log", log);
    let period = |at: Option<Timestamp>| at.map_or("open".to_owned(), |at| at.to_string());
    let form = asked.format.as_deref().unwrap_or("bundle");
    record.reason = Some(format!("{reason} (from {} to {}, as {form})", period(asked.from), period(asked.to)));
    app.audit.append(draft.log(), vec![record]).await?;

    let signed = app.sequencer.catch_up(Some(log)).await.map_err(unavailable)?;
    let places = places(&app, log, (asked.from, asked.to), signed.head.size).await?;
    if let Some(format) = wanted {
        let file = Rendered {
            reading: app.reading.clone(),
            log,
            format,
            next: places.start,
            end: places.end,
            asked,
            begun: false,
        };
        return Ok(file_of(
            &app,
            log,
            format.extension(),
            format.content_type(),
            stream::try_unfold(file, Rendered::step),
        ));
    }
    let signed = witnessed(&app, log, places.end, signed).await?;
    let export = app.reading.export(Some(log), places, signed).await.map_err(AppError::internal)?;
    // A failure in the middle ends the file without its last lines, which every verifier notices.
    let file = stream::try_unfold(export, |mut export| async {
        let bytes = export.next().await.map_err(broken)?;
        Ok(bytes.map(|bytes| (web::Bytes::from(bytes), export)))
    });
    Ok(file_of(&app, log, "audit.ndjson", "application/x-ndjson", file))
}

fn broken(error: anyhow::Error) -> std::io::Error {
    tracing::error!(%error, "an audit export broke off");
    std::io::Error::other(error)
}

fn file_of(
    app: &App,
    log: TenantId,
    extension: &str,
    content_type: &str,
    file: impl Stream<Item = Result<web::Bytes, std::io::Error>> + 'static,
) -> HttpResponse {
    attachment(&format!("{log}-{}.{extension}", app.ambient.now()), content_type).streaming(file)
}

/// The records of a period, written for other tools, a page at a time.
struct Rendered {
    reading: Reading,
    log: TenantId,
    format: Format,
    next: u64,
    end: u64,
    asked: ExportRequest,
    begun: bool,
}

impl Rendered {
    async fn step(mut self) -> Result<Option<(web::Bytes, Self)>, std::io::Error> {
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            text.extend(
                self.format.header().into_iter().flat_map(|header| [header, self.format.terminator().to_owned()]),
            );
        } else if self.next >= self.end {
            return Ok(None);
        }
        for entry in self.reading.entries(Some(self.log), self.next).await.map_err(broken)? {
            if entry.seq >= self.end {
                break;
            }
            self.next = entry.seq + 1;
            let record = entry.record().map_err(|error| broken(error.into()))?;
            let outside =
                self.asked.from.is_some_and(|from| record.at < from) || self.asked.to.is_some_and(|to| record.at >= to);
            if !outside {
                let entry = Entry { log: LogId::Tenant(self.log), seq: entry.seq, record: &record };
                text.push_str(&self.format.render(&Host::unknown(), entry));
                text.push_str(self.format.terminator());
            }
        }
        Ok(Some((web::Bytes::from(text), self)))
    }
}

/// The places from the first to the last record of the period, under a tree of `size`.
pub(super) async fn places(
    app: &App,
    log: TenantId,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
    size: u64,
) -> Result<std::ops::Range<u64>, AppError> {
    if from.is_none() && to.is_none() {
        return Ok(0..size);
    }
    let mut tx = app.store.tenant_read(log).await?;
    let range = tx.audit_places(from, to).await?;
    Ok(range.map_or(0..0, |(first, last)| first.min(size)..(last + 1).min(size)))
}

/// A checkpoint over the first `size` records that witnesses have cosigned; `signed` if there is none.
pub(super) async fn witnessed(app: &App, log: TenantId, size: u64, signed: SignedHead) -> Result<SignedHead, AppError> {
    if app.config.audit.witnesses.is_empty() {
        return Ok(signed);
    }
    let cosigned = app.store.tenant_read(log).await?.audit_cosigned(size).await?;
    Ok(cosigned.unwrap_or(signed))
}

/// Why there is no signed head to export under.
pub(super) fn unavailable(error: SequenceError) -> AppError {
    let detail = "the log's tree cannot be brought up to date; an operator must look at /readyz and the log";
    AppError { source: Some(anyhow::Error::new(error)), ..AppError::new(Code::AuditUnavailable, detail) }
}
