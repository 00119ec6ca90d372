//! `POST /api/users/{id}/export` and `POST /api/me/export`: all that is kept of one person, as one file that programs
//! can read (GDPR, articles 15 and 20). What the file holds is [`super::takeout`]'s.

use actix_web::{HttpResponse, web};
use leeward_domain::{ids::UserId, residency::Purpose};
use leeward_ledger::{EventCode, Record};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{reason, takeout::Takeout};
use crate::{
    app::App,
    auth::permit::{Anyone, Permit, SubjectsExport},
    error::{AppError, Code},
    http::{Body, admin::recorded, attachment::attachment, errors::Problem},
    inference::UNSAID,
};

/// What is on record as the reason when people ask for what is theirs.
const OWN: &str = "asked for by the person";

/// Why it is taken out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportReason {
    /// In 3 to 500 characters: it goes on record.
    reason: String,
}

/// Hands out all that is kept of a person: the account, sessions, keys and grants without their secrets, and every conversation. That it was is on record.
///
/// One JSON object a line. The last one has `"kind": "end"` and counts the others; a file without it broke off.
///
/// # Errors
/// 400 without a reason, 403 `residency_denied`, 404 for another tenant's.
#[utoipa::path(post, path = "/api/users/{id}/export", tag = "residency", params(("id" = String, Path)),
    request_body = ExportReason, responses(
    (status = 200, description = "The file", content_type = "application/x-ndjson", body = String),
    (status = 400, description = "No reason", body = Problem),
    (status = 403, description = "Needs subjects.export, or the policy forbids it here", body = Problem),
    (status = 404, description = "No such user", body = Problem),
    (status = 429, description = "Too many at the same time", body = Problem)))]
pub async fn export(
    app: web::Data<App>,
    permit: Permit<SubjectsExport>,
    id: web::Path<String>,
    Body(asked): Body<ExportReason>,
) -> Result<HttpResponse, AppError> {
    let id: UserId = id.parse().map_err(|_| AppError::not_found("user", &id))?;
    hand_out(&app, &permit, id, Some(asked.reason)).await
}

/// Hands out all that is kept of the caller, in the same form.
///
/// # Errors
/// 403 `residency_denied`.
#[utoipa::path(post, path = "/api/me/export", tag = "me", responses(
    (status = 200, description = "The file", content_type = "application/x-ndjson", body = String),
    (status = 403, description = "The policy forbids it here, or a key asks", body = Problem),
    (status = 429, description = "Too many at the same time", body = Problem)))]
pub async fn export_own(app: web::Data<App>, permit: Permit<Anyone>) -> Result<HttpResponse, AppError> {
    permit.in_person("what is one's own is taken out")?;
    let own = permit.user.id;
    hand_out(&app, &permit, own, None).await
}

async fn hand_out<P>(
    app: &web::Data<App>,
    permit: &Permit<P>,
    id: UserId,
    why: Option<String>,
) -> Result<HttpResponse, AppError> {
    let tenant = &permit.tenant;
    let class = app.store.tenant_read(tenant.id).await?.most_sensitive(id).await?.unwrap_or(UNSAID);
    let decision = tenant.policy.decide(Purpose::Export, &app.place, class);
    let draft = permit.draft(app);
    let about = |code| Record {
        decision: Some(decision.clone()),
        classification: Some(class),
        place: Some(app.place.clone()),
        ..draft.on(code, "user", id)
    };
    let work = async {
        let reason = why.as_deref().map_or_else(|| Ok(OWN.to_owned()), reason)?;
        let user = app.store.tenant_read(tenant.id).await?.user(id).await?;
        let user = user.ok_or_else(|| AppError::not_found("user", id))?;
        if !decision.allowed {
            let detail =
                format!("the tenant's residency policy does not allow handing it out here ({})", decision.rule);
            return Err(AppError::new(Code::ResidencyDenied, detail));
        }
        let turn = app.long_answer()?;
        let key = app.tenant_key(tenant).await?;
        let record = Record { reason: Some(reason), ..about(EventCode::SubjectExported) };
        let takeout = Takeout::new(app, &permit.identity, user, class, key, &record);
        app.audit.append(draft.log(), vec![record]).await?;
        Ok(takeout.start(turn))
    };
    let file = recorded(app, about(EventCode::SubjectExportFailed), work).await?;
    Ok(attachment(&format!("{id}-{}.export.ndjson", app.ambient.now()), "application/x-ndjson").streaming(file))
}
