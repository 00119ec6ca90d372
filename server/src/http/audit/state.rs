//! How the log is: whether it is written, and how far the sinks have got with it.

use actix_web::{HttpResponse, web};
use leeward_domain::{Timestamp, residency::Purpose};
use leeward_ledger::LogId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::App,
    audit::{LedgerState, sinks::CLASS, witness},
    auth::permit::{AuditRead, Permit},
    error::AppError,
    http::errors::Problem,
};

/// How the log is.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditHealth {
    /// `ok`, `space_low` (no inference) or `fenced` (nothing is answered).
    state: &'static str,
    /// What happened.
    why: Option<String>,
    /// Since when.
    #[schema(value_type = Option<String>)]
    since: Option<Timestamp>,
}

/// Whether the log is written.
#[utoipa::path(get, path = "/api/audit/health", tag = "audit", responses(
    (status = 200, description = "How it is", body = AuditHealth),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn health(app: web::Data<App>, _permit: Permit<AuditRead>) -> HttpResponse {
    let (state, why, since) = match app.ledger.state() {
        LedgerState::Open => ("ok", None, None),
        LedgerState::Low { free } => ("space_low", Some(format!("{} MiB are left on its disk", free >> 20)), None),
        LedgerState::Fenced { why, since } => ("fenced", Some(why), Some(since)),
    };
    HttpResponse::Ok().json(AuditHealth { state, why, since })
}

/// A sink, and how far it has got with the tenant's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditSink {
    /// Its name.
    name: String,
    /// How records travel: `syslog+tls`, `syslog+tcp`, `https`, `http` or `file`.
    kind: String,
    /// Where it stands.
    site: String,
    /// `ok`, `retrying`, `waiting` before the first record, or `withheld` where the tenant's policy forbids it.
    state: &'static str,
    /// The rule of the tenant's policy that allows or forbids it.
    rule: String,
    /// The last record it took.
    delivered_seq: Option<u64>,
    /// Records it has yet to take.
    behind: u64,
    /// What it failed with last.
    last_error: Option<String>,
    /// When it last took something.
    #[schema(value_type = Option<String>)]
    last_success_at: Option<Timestamp>,
}

/// The sinks of the tenant's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditSinks {
    /// Those of the configuration that get this log, in its order.
    items: Vec<AuditSink>,
}

/// How far each sink has got.
///
/// # Errors
/// When the database fails.
#[utoipa::path(get, path = "/api/audit/sinks", tag = "audit", responses(
    (status = 200, description = "The sinks", body = AuditSinks),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn sinks(app: web::Data<App>, permit: Permit<AuditRead>) -> Result<HttpResponse, AppError> {
    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let size = tx.audit_size().await?;
    let known = tx.audit_sinks().await?;
    let log = LogId::from(Some(permit.tenant.id));
    let sinks = app.config.audit.sinks.iter().filter(|section| section.wants(log));
    let items = sinks.map(|section| {
        let found = known.iter().find(|sink| sink.sink == section.name);
        let next = found.map_or(0, |sink| sink.next_seq);
        let decision = permit.tenant.policy.decide(Purpose::Telemetry, &section.place, CLASS);
        AuditSink {
            name: section.name.clone(),
            kind: section.to.scheme().to_owned(),
            site: section.place.site.clone(),
            state: match found {
                _ if !decision.allowed => "withheld",
                None => "waiting",
                Some(sink) if sink.error.is_some() => "retrying",
                Some(sink) if sink.success_at.is_none() => "waiting",
                Some(_) => "ok",
            },
            rule: decision.rule,
            delivered_seq: next.checked_sub(1),
            behind: size.saturating_sub(next),
            last_error: found.and_then(|sink| sink.error.clone()),
            last_success_at: found.and_then(|sink| sink.success_at),
        }
    });
    Ok(HttpResponse::Ok().json(AuditSinks { items: items.collect() }))
}

/// A witness, and how far it has cosigned the tenant's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditWitness {
    /// Its name.
    name: String,
    /// Where it stands.
    site: String,
    /// `ok`, `retrying`, `waiting` before the first cosignature, or `withheld` where the tenant's policy forbids it.
    state: &'static str,
    /// The rule of the tenant's policy that allows or forbids it.
    rule: String,
    /// The size of the last checkpoint it cosigned.
    cosigned_size: Option<u64>,
    /// When it cosigned that.
    #[schema(value_type = Option<String>)]
    cosigned_at: Option<Timestamp>,
    /// What it failed with last.
    last_error: Option<String>,
}

/// The witnesses of the tenant's log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditWitnesses {
    /// Those of the configuration, in its order.
    items: Vec<AuditWitness>,
}

/// How far each witness has cosigned the tenant's log.
///
/// # Errors
/// When the database fails.
#[utoipa::path(get, path = "/api/audit/witnesses", tag = "audit", responses(
    (status = 200, description = "The witnesses", body = AuditWitnesses),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn witnesses(app: web::Data<App>, permit: Permit<AuditRead>) -> Result<HttpResponse, AppError> {
    let known = app.store.tenant_read(permit.tenant.id).await?.witnesses().await?;
    let items = app.config.audit.witnesses.iter().filter_map(|section| {
        let key = section.key().ok()?;
        let found = known.iter().find(|state| state.witness == key.name());
        let decision = permit.tenant.policy.decide(Purpose::Telemetry, &section.place, witness::CLASS);
        Some(AuditWitness {
            name: key.name().to_owned(),
            site: section.place.site.clone(),
            state: match found {
                _ if !decision.allowed => "withheld",
                None => "waiting",
                Some(state) if state.error.is_some() => "retrying",
                Some(_) => "ok",
            },
            rule: decision.rule,
            cosigned_size: found.map(|state| state.size).filter(|size| *size > 0),
            cosigned_at: found.and_then(|state| state.cosigned_at),
            last_error: found.and_then(|state| state.error.clone()),
        })
    });
    Ok(HttpResponse::Ok().json(AuditWitnesses { items: items.collect() }))
}
