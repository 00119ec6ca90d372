//! `POST /api/audit/evidence`: all that proves a period, in one archive: its records with their proof, the signed report
//! on where content was, the checkpoints of the time, and how to check each of them without us.
//!
//! The archive is made while it is sent: nothing of it is on our disk but the report's evidence. If something fails on
//! the way it ends without its directory, which every program that opens archives notices.

mod archive;

use actix_web::{HttpResponse, web};
use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::{
    EventCode, LogId,
    attest::{Period, Standing},
};
use leeward_store::SignedHead;
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use self::archive::Archive;
use super::export::{places, unavailable, witnessed};
use crate::{
    app::App,
    attestation::{Attested, Source},
    audit::Export,
    auth::permit::{AuditRead, Permit},
    error::{AppError, Code},
    http::{Body, admin::recorded, attachment::attachment, errors::Problem, life::reason},
};

/// The most checkpoints of the history put into an archive: a week of one each ten minutes.
const MAX_CHECKPOINTS: usize = 1008;
/// Checkpoints read at a time.
const PAGE: u32 = 200;

/// Which period, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRequest {
    /// The period's first instant (RFC 3339).
    #[schema(value_type = String)]
    from: Timestamp,
    /// The first instant after it; not in the future.
    #[schema(value_type = String)]
    to: Timestamp,
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
}

/// Hands out everything that proves a period, as a ZIP archive with instructions. It is itself two records: of the report
/// and of the export.
///
/// # Errors
/// 400 without a reason or a period that is over, 503 when the log cannot be read or signed.
#[utoipa::path(post, path = "/api/audit/evidence", tag = "audit", request_body = EvidenceRequest, responses(
    (status = 200, description = "The archive", content_type = "application/zip", body = Vec<u8>),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs audit.read", body = Problem),
    (status = 503, description = "The log cannot be read or signed", body = Problem)))]
pub async fn evidence(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    Body(asked): Body<EvidenceRequest>,
) -> Result<HttpResponse, AppError> {
    let log = permit.tenant.id;
    let draft = permit.draft(&app);
    let work = async {
        let reason = reason(&asked.reason)?;
        let period = Period::new(asked.from, asked.to).map_err(|error| AppError::invalid("to", error.to_string()))?;
        if asked.to > app.ambient.now() {
            return Err(AppError::invalid("to", "the period is not over yet"));
        }
        let turn = app.long_answer()?;
        let attested = Source::from(&**app).attest(&permit.tenant, period).await.map_err(|error| AppError {
            source: Some(error),
            ..AppError::new(Code::AuditUnavailable, "no report can be made; the service's log says why")
        })?;
        let (from, to, digest) = (asked.from, asked.to, attested.signed.digest());
        let mut report = draft.on(EventCode::Attested, "attestation", log);
        report.reason = Some(format!("{reason} (from {from} to {to}, report {digest})"));
        let mut export = draft.on(EventCode::AuditExported, "audit_log", log);
        export.reason = Some(format!("{reason} (from {from} to {to}, as evidence)"));
        app.audit.append(draft.log(), vec![report, export]).await?;
        let signed = app.sequencer.catch_up(Some(log)).await.map_err(unavailable)?;
        let places = places(&app, log, (Some(from), Some(to)), signed.head.size).await?;
        let signed = witnessed(&app, log, places.end, signed).await?;
        let checkpoints = checkpoints(&app, log, &signed, from, to).await?;
        let export = app.reading.export(Some(log), places, signed).await.map_err(AppError::internal)?;
        let period = (from, to);
        Ok(Evidence { log, key: app.reading.key(Some(log)), period, export, attested, checkpoints, _turn: turn })
    };
    let evidence = recorded(&app, draft.on(EventCode::AttestFailed, "attestation", log), work).await?;
    let name = format!("evidence-{log}-{}.zip", asked.from);
    let (archive, file) = Archive::begin();
    app.tasks.spawn(async move {
        if let Err(error) = evidence.into_archive(archive).await {
            tracing::error!(%error, "an archive of evidence broke off");
        }
    });
    Ok(attachment(&name, "application/zip").streaming(file))
}

/// What goes into an archive.
struct Evidence {
    log: TenantId,
    key: String,
    period: (Timestamp, Timestamp),
    export: Export,
    attested: Attested,
    /// Oldest first.
    checkpoints: Vec<SignedHead>,
    _turn: OwnedSemaphorePermit,
}

impl Evidence {
    async fn into_archive(mut self, mut archive: Archive) -> anyhow::Result<()> {
        archive.file("README.txt", self.readme()).await?;
        archive.begin_file("records.ndjson").await?;
        while let Some(bytes) = self.export.next().await? {
            archive.bytes(bytes).await?;
        }
        let Attested { report, signed, evidence } = self.attested;
        archive.begin_file("residency.attest").await?;
        archive.bytes(signed.head().to_owned().into_bytes()).await?;
        archive.rest_of(evidence).await?;
        archive.file("residency.pdf", report.to_pdf(signed.digest(), &Standing::Issued)).await?;
        for signed in &self.checkpoints {
            let name = format!("checkpoints/{:020}.note", signed.head.size);
            archive.file(&name, signed.note.clone()).await?;
        }
        archive.finish().await
    }

    fn readme(&self) -> String {
        let (log, key, (from, to)) = (LogId::Tenant(self.log), &self.key, self.period);
        format!(
            "Evidence of the audit log of {log}\n\
             from {from} to {to} (UTC)\n\n\
             records.ndjson    every record of the period, with the proof that none is missing or changed\n\
             residency.attest  the signed report on where content was processed, with the records it follows from\n\
             residency.pdf     the same report for reading\n\
             checkpoints/      what the log's key signed in the period, with witnesses' cosignatures; file names are sizes\n\
             SHA256SUMS        digests of these files\n\n\
             To check all of it without the service and without a network:\n\n\
             \x20   sha256sum --check SHA256SUMS\n\
             \x20   leeward-verify records.ndjson --key '{key}'\n\
             \x20   leeward-verify attest residency.attest\n\n\
             Take the key from elsewhere than this archive if you can: it is the same in every export of this log, and\n\
             witnesses and earlier exports know it. With a checkpoint that was kept from before the period ends,\n\
             `leeward-verify records.ndjson --since CHECKPOINT.note` shows that nothing it signed was changed since.\n"
        )
    }
}

/// The history's checkpoints of the period, oldest first, and the newest one, which the export ends with.
async fn checkpoints(
    app: &App,
    log: TenantId,
    newest: &SignedHead,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<SignedHead>, AppError> {
    let (mut found, mut below) = (vec![newest.clone()], None);
    loop {
        let page = app.store.tenant_read(log).await?.audit_checkpoints(below, PAGE).await?;
        let Some(last) = page.last() else { break };
        below = Some(last.head.size);
        let before = last.at < from;
        let kept = page.into_iter().filter(|signed| signed.at >= from && signed.at < to);
        found.extend(kept.filter(|signed| signed.head.size != newest.head.size));
        if before || found.len() >= MAX_CHECKPOINTS {
            break;
        }
    }
    found.truncate(MAX_CHECKPOINTS);
    found.reverse();
    Ok(found)
}
