//! `/witness`: this appliance as a witness of other appliances' audit logs (C2SP tlog-witness,
//! <https://c2sp.org/tlog-witness>).
//!
//! Anybody may ask, for a checkpoint carries its own proof: only what an appliance under `[[audit.witness_for]]` signed
//! is cosigned, and only if it continues everything cosigned before. What does not is the sign of a log that was cut,
//! rewritten or shown in two versions: it is refused, put on record and counted.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web,
};
use leeward_domain::Timestamp;
use leeward_ledger::{
    Checkpoint, EventCode, Head, LogId,
    witness::{AddCheckpoint, Refusal, decide},
};
use leeward_store::CosignedHead;

use crate::{
    app::App,
    audit::Draft,
    config::WitnessedSection,
    error::AppError,
    http::{RequestContext, admin::changed, body::Text, errors::Problem},
};

/// Cosigns a checkpoint.
///
/// # Errors
/// As tlog-witness has it: 400 for what is no request or goes backwards, 403 for a checkpoint that its log has not signed,
/// 404 for a log this appliance does not witness, 409 (with the size) if another one was cosigned last, 422 for one that
/// does not continue it.
#[utoipa::path(post, path = "/witness/add-checkpoint", tag = "audit", security(()),
    request_body(content = String, content_type = "text/plain"), responses(
    (status = 200, description = "The cosignature", content_type = "text/plain", body = String),
    (status = 400, description = "No such request", content_type = "text/plain", body = String),
    (status = 403, description = "Not signed by the log", content_type = "text/plain", body = String),
    (status = 404, description = "Another log", content_type = "text/plain", body = String),
    (status = 409, description = "The size cosigned last", content_type = "text/x.tlog.size", body = String),
    (status = 422, description = "It does not continue what was cosigned", content_type = "text/plain", body = String),
    (status = "5XX", description = "It cannot be kept, so it is not cosigned", body = Problem)))]
pub async fn add_checkpoint(
    app: web::Data<App>,
    context: web::ReqData<RequestContext>,
    Text(body): Text,
) -> Result<HttpResponse, AppError> {
    let request: AddCheckpoint = match body.parse() {
        Ok(request) => request,
        Err(error) => return Ok(said(StatusCode::BAD_REQUEST, &error)),
    };
    let Some(log) = Checkpoint::log_named(&request.checkpoint) else {
        return Ok(said(StatusCode::NOT_FOUND, "this witness knows no log of that origin"));
    };
    if app.config.audit.witness_for.is_empty() {
        return Ok(said(StatusCode::NOT_FOUND, "this appliance witnesses no other's logs (audit.witness_for)"));
    }
    // All appliances call their own log the same: whose it is, the key says.
    let signed = app.config.audit.witness_for.iter().find_map(|other| {
        let key = other.key_of(log).ok()?;
        Checkpoint::open(&request.checkpoint, &key).is_ok().then_some((other, key))
    });
    let Some((other, key)) = signed else { return Ok(said(StatusCode::FORBIDDEN, Refusal::NotSigned)) };

    let mut tx = app.store.platform_write().await?;
    let last = tx.last_cosigned(&other.name, log).await?.map_or_else(Head::empty, |last| last.head);
    let checkpoint = match decide(&request, &key, &last) {
        Ok(checkpoint) => checkpoint,
        Err(refusal) => {
            drop(tx);
            return refused(&app, &context, other, (log, last), &request.checkpoint, &refusal).await;
        }
    };
    let now = app.ambient.now();
    let new = CosignedHead { head: checkpoint.head, note: request.checkpoint, at: now };
    // Kept before the cosignature is given out.
    if checkpoint.head != last && !tx.cosign(&other.name, log, &last, &new).await? {
        drop(tx);
        let size = app.store.platform_write().await?.last_cosigned(&other.name, log).await?;
        return Ok(conflict(size.map_or(0, |last| last.head.size)));
    }
    tx.commit().await?;
    let line = app.reading.cosign(&app.config.audit.witness_name, seconds(now), &checkpoint);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/plain; charset=utf-8")
        .body(line))
}

/// The key with which this appliance cosigns, for those who configure it as a witness.
#[utoipa::path(get, path = "/witness/key", tag = "audit", security(()), responses(
    (status = 200, description = "name+hash+base64", content_type = "text/plain", body = String)))]
pub async fn key(app: web::Data<App>) -> HttpResponse {
    let key = app.reading.witness_key(&app.config.audit.witness_name);
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!("{key}\n"))
}

/// The answer to what is not cosigned, after the record of it where it matters.
async fn refused(
    app: &App,
    context: &RequestContext,
    other: &WitnessedSection,
    (log, last): (LogId, Head),
    note: &str,
    refusal: &Refusal,
) -> Result<HttpResponse, AppError> {
    let shown = other.key_of(log).ok().and_then(|key| Checkpoint::open(note, &key).ok()).map(|shown| shown.head);
    let two_faces = shown.is_some_and(|shown| shown.size == last.size && shown.root != last.root);
    if two_faces || *refusal == Refusal::Inconsistent {
        let draft = Draft::anonymous(&app.ambient, context);
        let mut record = draft.on(EventCode::ForkSeen, "witnessed_log", format!("{}/{log}", other.name));
        let head = |head: Head| format!("{} {}", head.size, head.root);
        record.changes = vec![changed("head", Some(head(last)), shown.map(head))];
        record.reason = Some(refusal.to_string());
        app.audit.append(None, vec![record]).await?;
        app.metrics.forks_seen.inc();
        tracing::error!(appliance = other.name, %log, %refusal, "a witnessed log does not continue");
    }
    Ok(match refusal {
        Refusal::Backwards => said(StatusCode::BAD_REQUEST, refusal),
        Refusal::NotSigned => said(StatusCode::FORBIDDEN, refusal),
        Refusal::Conflict(size) => conflict(*size),
        Refusal::Inconsistent => said(StatusCode::UNPROCESSABLE_ENTITY, refusal),
    })
}

fn said(status: StatusCode, text: impl ToString) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(format!("{}\n", text.to_string()))
}

fn conflict(size: u64) -> HttpResponse {
    HttpResponse::Conflict().content_type("text/x.tlog.size").body(format!("{size}\n"))
}

fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.unix_seconds()).unwrap_or(0)
}
