//! `POST /api/residency-policy/dry-run`: what a policy would have refused, before it is anybody's policy.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use leeward_domain::residency::ResidencyPolicy;
use leeward_store::TenantRead;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    proposals::check,
    view::{Trial, Tried},
};
use crate::{
    app::App,
    auth::permit::{Permit, PolicyManage},
    error::AppError,
    http::{Body, errors::Problem},
};

/// How far back it looks.
const PERIOD: Duration = Duration::from_secs(30 * 86_400);

/// A policy to try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// With the version that follows the one in force.
    #[schema(value_type = Object)]
    policy: ResidencyPolicy,
}

/// Tries a policy on the decisions of the last 30 days that were allowed. Nothing is kept.
///
/// # Errors
/// 400 for faulty rules, 409 for a version that does not come next.
#[utoipa::path(post, path = "/api/residency-policy/dry-run", tag = "residency", request_body = Candidate, responses(
    (status = 200, description = "What it would have refused", body = Tried),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs policy.manage", body = Problem),
    (status = 409, description = "Another version is in force", body = Problem)))]
pub async fn dry_run(
    app: web::Data<App>,
    permit: Permit<PolicyManage>,
    Body(Candidate { policy }): Body<Candidate>,
) -> Result<HttpResponse, AppError> {
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let current = tx.tenant().await?.policy;
    check(&policy, &current)?;
    let trial = of(&app, &mut tx, &policy).await?;
    let (changes, loosens) = (policy.changes_from(&current), policy.loosens(&current));
    Ok(HttpResponse::Ok().json(Tried { trial, changes, loosens }))
}

/// What `policy` would have answered since 30 days ago.
///
/// # Errors
/// When the database fails.
pub(super) async fn of(app: &App, tx: &mut TenantRead, policy: &ResidencyPolicy) -> Result<Trial, AppError> {
    let now = app.ambient.now();
    let from = now.minus(PERIOD).start_of_day();
    Ok(Trial::new(from, now, policy.dry_run(tx.allowed_decisions(from).await?)))
}
