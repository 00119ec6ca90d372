//! `/healthz`, `/readyz`, `/metrics`: for probes and Prometheus, without credentials and without content.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use leeward_fleet::ModelState;
use leeward_wire::SandboxMode;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::{app::App, audit::LedgerState};

/// How long the database may take to answer a probe.
const PROBE: Duration = Duration::from_secs(2);

/// Whether requests will be answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// All checks are fine.
    pub ready: bool,
    /// Each thing that must work.
    pub checks: Vec<Check>,
}

/// One thing that must work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Check {
    /// What.
    pub name: String,
    /// Whether it does.
    pub ok: bool,
    /// How it is, and what to do if it does not work.
    pub detail: String,
}

/// The process is alive.
#[utoipa::path(get, path = "/healthz", tag = "operations", security(()), responses((status = 200, description = "Alive")))]
pub async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "ok" }))
}

/// Requests will be answered; if not, what is missing.
#[utoipa::path(get, path = "/readyz", tag = "operations", security(()), responses(
    (status = 200, description = "Ready", body = Readiness),
    (status = 503, description = "Not ready; `checks` says why", body = Readiness)))]
pub async fn ready(app: web::Data<App>) -> HttpResponse {
    let readiness = readiness(&app).await;
    let mut response = if readiness.ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.json(readiness)
}

async fn readiness(app: &App) -> Readiness {
    let mut checks = vec![database(app).await, audit_log(app), egress(app)];
    let statuses = app.fleet.models();
    if statuses.is_empty() {
        // Ready where that is what was decided: operators must be able to come and have one loaded.
        let decided = app.catalogue.known().all().next().is_some();
        let detail = if decided {
            "none is held: each sleeps, was let go of, or is not in production".to_owned()
        } else {
            "no model is imported; run: leeward model import FILE --name NAME".to_owned()
        };
        checks.push(Check { name: "models".into(), ok: decided, detail });
    }
    // One model that cannot be loaded takes nobody the others away.
    let ready = checks.iter().all(|check| check.ok)
        && (statuses.is_empty() || statuses.iter().any(|status| matches!(status.state, ModelState::Ready { .. })));
    for status in statuses {
        let (ok, mut detail) = match &status.state {
            ModelState::Ready { context_length } => (true, format!("ready, context of {context_length} tokens")),
            ModelState::Starting => (false, "loading".into()),
            ModelState::Restarting => (false, format!("restarting (restart {})", status.restarts)),
            ModelState::Failed { message } => (false, message.clone()),
        };
        if app.config.engine.sandbox == SandboxMode::Off {
            detail.push_str("; WARNING: engine.sandbox is off, nothing holds the worker in");
        } else if status.sandbox.as_ref().is_some_and(|sandbox| !sandbox.is_tight()) {
            detail.push_str("; WARNING: the kernel lacks part of the sandbox (see leeward doctor)");
        }
        checks.push(Check { name: format!("model {}", status.name), ok, detail });
    }
    Readiness { ready, checks }
}

fn audit_log(app: &App) -> Check {
    let (ok, detail) = match app.ledger.state() {
        _ if app.store.fault().is_some() => (false, app.store.fault().unwrap_or_default()),
        LedgerState::Open => (true, "written".to_owned()),
        LedgerState::Fenced { why, since } => (false, format!("since {since}: {why}")),
        // Ready all the same: administrators must be able to come and make room.
        LedgerState::Low { free } => (true, format!("WARNING: {} MiB left on its disk: no inference", free >> 20)),
    };
    Check { name: "audit log".into(), ok, detail }
}

fn egress(app: &App) -> Check {
    let finding = app.egress.finding();
    Check { name: "egress".into(), ok: finding.held(), detail: format!("at {}: {finding}", finding.at) }
}

async fn database(app: &App) -> Check {
    let (ok, detail) = match timeout(PROBE, app.store.ping()).await {
        Ok(Ok(())) => (true, format!("{} answers", app.store.backend())),
        Ok(Err(error)) => (false, error.to_string()),
        Err(_) => (false, format!("no answer within {} s", PROBE.as_secs())),
    };
    Check { name: "database".into(), ok, detail }
}

/// Prometheus' text.
#[utoipa::path(get, path = "/metrics", tag = "operations", security(()), responses(
    (status = 200, description = "OpenMetrics text", content_type = "application/openmetrics-text", body = String)))]
pub async fn metrics(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(app.metrics.render(&app.fleet.models()))
}
