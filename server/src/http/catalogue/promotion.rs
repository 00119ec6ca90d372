//! One person proposes a model for production, another approves. What is promoted are these weights and no others.

use actix_web::{HttpResponse, web};
use leeward_domain::model::listing::{PromotionError, Stage};
use leeward_ledger::EventCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{decide, view};
use crate::{
    app::App,
    auth::permit::{ModelsManage, Permit},
    error::{AppError, Code},
    http::{Body, admin::changed, errors::Problem},
};

/// What only people do: two people are two only if each is there.
const ACT: &str = "models are proposed and approved";

/// Why a model is to go into production.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// In 1 to 1000 characters: it goes on record.
    reason: String,
}

fn refused(error: PromotionError) -> AppError {
    let code = match error {
        PromotionError::Reason => return AppError::invalid("reason", error.to_string()),
        PromotionError::OwnProposal => Code::SeparationOfDuties,
        PromotionError::Stage(_) | PromotionError::OtherWeights => Code::Conflict,
    };
    AppError::new(code, error.to_string())
}

async fn step(
    app: &App,
    permit: &Permit<ModelsManage>,
    name: &str,
    (done, in_person): (EventCode, bool),
    next: impl FnOnce(&crate::catalogue::Model, &Stage) -> Result<Stage, PromotionError>,
) -> Result<HttpResponse, AppError> {
    let failure = match done {
        EventCode::ModelUpdated => EventCode::ModelUpdateFailed,
        _ => EventCode::ModelPromotionFailed,
    };
    decide(app, permit, name, (done, failure), |model, listing, record| {
        if in_person {
            permit.in_person(ACT)?;
        }
        let after = next(model, &listing.stage).map_err(refused)?;
        let (from, to) = (listing.stage.as_str().to_owned(), after.as_str().to_owned());
        record.changes = vec![changed("stage", Some(from), Some(to))];
        if let Stage::Proposed { reason, .. } = &after {
            record.reason = Some(reason.clone());
        }
        listing.stage = after;
        Ok(())
    })
    .await
}

/// Proposes a model for production. Where two people are wanted it serves nobody before somebody else approves.
///
/// # Errors
/// 400 without a reason, 403 unless signed in at a browser, 409 if it is proposed or in production already.
#[utoipa::path(post, path = "/api/catalogue/models/{name}/propose", tag = "models", params(("name" = String, Path)),
    request_body = Promotion, responses(
    (status = 200, description = "Proposed", body = view::Model),
    (status = 400, description = "No reason", body = Problem),
    (status = 403, description = "Needs models.manage, and a browser's session", body = Problem),
    (status = 404, description = "No such model", body = Problem),
    (status = 409, description = "It is proposed or in production already", body = Problem)))]
pub async fn propose(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    name: web::Path<String>,
    Body(promotion): Body<Promotion>,
) -> Result<HttpResponse, AppError> {
    let (by, now) = (permit.user.id, app.ambient.now());
    let next =
        |model: &crate::catalogue::Model, stage: &Stage| stage.propose(model.weights, by, &promotion.reason, now);
    step(&app, &permit, &name, (EventCode::ModelProposed, true), next).await
}

/// Approves what somebody else proposed: the model may serve.
///
/// # Errors
/// 403 unless signed in at a browser, 409 for one's own proposal, other weights, or nothing proposed.
#[utoipa::path(post, path = "/api/catalogue/models/{name}/approve", tag = "models", params(("name" = String, Path)),
    responses(
    (status = 200, description = "In production", body = view::Model),
    (status = 403, description = "Needs models.manage, and a browser's session", body = Problem),
    (status = 404, description = "No such model", body = Problem),
    (status = 409, description = "One's own proposal, or nothing is proposed", body = Problem)))]
pub async fn approve(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    name: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let (by, now) = (permit.user.id, app.ambient.now());
    let next = |model: &crate::catalogue::Model, stage: &Stage| stage.approve(model.weights, by, now);
    step(&app, &permit, &name, (EventCode::ModelPromoted, true), next).await
}

/// Takes a proposal back: one's own or anybody's.
///
/// # Errors
/// 409 if nothing is proposed.
#[utoipa::path(post, path = "/api/catalogue/models/{name}/withdraw", tag = "models", params(("name" = String, Path)),
    responses(
    (status = 200, description = "Taken back", body = view::Model),
    (status = 403, description = "Needs models.manage", body = Problem),
    (status = 404, description = "No such model", body = Problem),
    (status = 409, description = "Nothing is proposed", body = Problem)))]
pub async fn withdraw(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    name: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    step(&app, &permit, &name, (EventCode::ModelProposalWithdrawn, false), |_, stage| stage.withdraw()).await
}

/// Takes a model out of service at once, by one person: what runs is answered, nothing new is taken.
///
/// # Errors
/// 409 if it is retired already.
#[utoipa::path(post, path = "/api/catalogue/models/{name}/retire", tag = "models", params(("name" = String, Path)),
    responses(
    (status = 200, description = "Out of service", body = view::Model),
    (status = 403, description = "Needs models.manage", body = Problem),
    (status = 404, description = "No such model", body = Problem),
    (status = 409, description = "It is retired already", body = Problem)))]
pub async fn retire(
    app: web::Data<App>,
    permit: Permit<ModelsManage>,
    name: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    step(&app, &permit, &name, (EventCode::ModelUpdated, false), |_, stage| stage.retire()).await
}
