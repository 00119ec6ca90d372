//! `/api/audit/capture`: how much of what is asked and answered the tenant's audit log is accompanied by; and reading what
//! was captured, for a stated reason.

use actix_web::{HttpResponse, web};
use leeward_domain::{
    CaptureLevel,
    ids::{RequestId, UserId},
    residency::Classification,
};
use leeward_ledger::EventCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{Anyone, CapturedRead, Permit, PolicyManage},
    error::AppError,
    http::{
        Body,
        admin::{changed, recorded},
        chat::conversations::Message,
        errors::Problem,
        life::reason,
    },
    sealed::Keys,
};

/// Messages of one captured exchange: what was asked, and what was answered.
const MESSAGES: u32 = 2;

/// How much the log is accompanied by.
#[derive(Debug, Serialize, ToSchema)]
pub struct Capture {
    /// `none`, `metadata` (token counts), `digests` (keyed digests of prompt and answer) or `content` (both, encrypted).
    #[schema(value_type = String)]
    level: CaptureLevel,
    /// For how many days captured content is kept; null for no limit.
    days: Option<u32>,
}

/// Another level, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetCapture {
    /// `none`, `metadata`, `digests` or `content`.
    #[schema(value_type = String)]
    level: CaptureLevel,
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
}

/// Which exchange to read, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadCaptured {
    /// The inference, as `request` in its records has it (`req_…`).
    #[schema(value_type = String)]
    request: RequestId,
    /// Why, in 3 to 500 characters: it goes on record.
    reason: String,
}

/// What was captured of an inference.
#[derive(Debug, Serialize, ToSchema)]
pub struct Captured {
    #[schema(value_type = String)]
    request: RequestId,
    /// Who asked.
    #[schema(value_type = String)]
    user: UserId,
    #[schema(value_type = String)]
    classification: Classification,
    model: String,
    /// What was asked (as JSON, the whole conversation as the model got it), and what was answered, as far as it got.
    messages: Vec<Message>,
}

/// Tells how much is captured; everybody it concerns may know it.
#[utoipa::path(get, path = "/api/audit/capture", tag = "audit", responses(
    (status = 200, description = "The level", body = Capture)))]
pub async fn get(permit: Permit<Anyone>) -> HttpResponse {
    let days = permit.tenant.policy.retention.audit_capture.map(std::num::NonZeroU32::get);
    HttpResponse::Ok().json(Capture { level: permit.tenant.capture, days })
}

/// Sets how much is captured from the next request on. What was captured before stays until it has run its time.
///
/// # Errors
/// 400 without a reason.
#[utoipa::path(put, path = "/api/audit/capture", tag = "audit", request_body = SetCapture, responses(
    (status = 200, description = "The level from now on", body = Capture),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs policy.manage", body = Problem)))]
pub async fn put(
    app: web::Data<App>,
    permit: Permit<PolicyManage>,
    Body(new): Body<SetCapture>,
) -> Result<HttpResponse, AppError> {
    let draft = permit.draft(&app);
    let work = async {
        let reason = reason(&new.reason)?;
        let mut tx = app.store.tenant_write(permit.tenant.id).await?;
        let before = tx.tenant().await?.capture;
        let mut record = draft.on(EventCode::CaptureUpdated, "tenant", permit.tenant.id);
        record.changes = vec![changed("capture", Some(before.to_string()), Some(new.level.to_string()))];
        record.reason = Some(reason);
        tx.set_capture(new.level).await?;
        tx.append_audit(&[record]).await?;
        Ok(tx.commit().await?)
    };
    recorded(&app, draft.on(EventCode::CaptureUpdateFailed, "tenant", permit.tenant.id), work).await?;
    let days = permit.tenant.policy.retention.audit_capture.map(std::num::NonZeroU32::get);
    Ok(HttpResponse::Ok().json(Capture { level: new.level, days }))
}

/// Shows what was captured of an inference. The reading is itself a record, with its reason, before anything is shown.
///
/// # Errors
/// 400 without a reason, 404 if nothing was captured or it is gone, 410 if its key was destroyed.
#[utoipa::path(post, path = "/api/audit/captured", tag = "audit", request_body = ReadCaptured, responses(
    (status = 200, description = "What was captured", body = Captured),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs captured.read", body = Problem),
    (status = 404, description = "Nothing was captured", body = Problem),
    (status = 410, description = "It was erased", body = Problem)))]
pub async fn read(
    app: web::Data<App>,
    permit: Permit<CapturedRead>,
    Body(asked): Body<ReadCaptured>,
) -> Result<HttpResponse, AppError> {
    let (tenant, request) = (permit.tenant.id, asked.request);
    let draft = permit.draft(&app);
    let work = async {
        let reason = reason(&asked.reason)?;
        let mut tx = app.store.tenant_read(tenant).await?;
        let found = tx.captured(request).await?.ok_or_else(|| AppError::not_found("captured content of", request))?;
        let rows = tx.messages_from(found.id, 0, MESSAGES).await?;
        drop(tx);
        let keys = Keys::of(&app.tenant_key(&permit.tenant).await?, &found)?;
        let messages = rows.into_iter().map(|row| Message::open(&keys, row)).collect::<Result<Vec<_>, _>>()?;
        let mut record = draft.on(EventCode::CapturedRead, "request", request);
        record.reason = Some(reason);
        record.classification = Some(found.class);
        app.audit.append(draft.log(), vec![record]).await?;
        Ok((found, messages))
    };
    let (found, messages) = recorded(&app, draft.on(EventCode::CapturedReadFailed, "request", request), work).await?;
    let leeward_store::Conversation { user, model, class: classification, .. } = found;
    Ok(HttpResponse::Ok().json(Captured { request, user, classification, model, messages }))
}
