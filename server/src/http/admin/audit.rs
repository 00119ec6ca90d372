//! `GET /api/audit`: reading the tenant's log, which is itself a record.

use actix_web::{HttpResponse, web};
use leeward_domain::Sha256Digest;
use leeward_ledger::{EventCode, Record};
use leeward_store::{AuditFilter, Page};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    app::App,
    auth::permit::{AuditRead, Permit},
    error::AppError,
    http::{
        errors::Problem,
        paging::{self, PageQuery},
    },
};

/// What to read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// Only this event code.
    #[serde(default)]
    event: Option<String>,
    /// Only records of this user.
    #[serde(default)]
    actor: Option<String>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[serde(default)]
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[serde(default)]
    cursor: Option<String>,
}

/// One record and its place in the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditItem {
    /// Counts from 0 without a gap.
    seq: u64,
    /// The record; `docs/audit.md` describes its fields.
    #[schema(value_type = Object)]
    record: Record,
}

/// A page of the log, newest first, and where the log stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// The records.
    items: Vec<AuditItem>,
    /// Ask with this for older records; null at the beginning of the log.
    next_cursor: Option<String>,
    /// The log's size and chain hash.
    head: AuditHead,
}

/// Where the log stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditHead {
    /// How many records it has.
    size: u64,
    /// The chain hash over all of them.
    #[schema(value_type = String)]
    hash: Sha256Digest,
}

/// Reads the tenant's audit log, newest first.
///
/// # Errors
/// 400 for an unknown event code or a bad cursor; 503 when the reading cannot be recorded.
#[utoipa::path(get, path = "/api/audit", tag = "admin", params(AuditQuery), responses(
    (status = 200, description = "A page of the log", body = AuditPage),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, AppError> {
    let query = query.into_inner();
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = page.limit()?;
    let event = match query.event.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse::<EventCode>().map_err(|error| AppError::invalid("event", error.to_string()))?),
        None => None,
    };
    let actor = match query.actor.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(text.parse().map_err(|_| AppError::invalid("actor", "actor is a user id (usr_…)"))?),
        None => None,
    };
    let filter = AuditFilter { event, actor };

    let draft = permit.draft(&app);
    let mut record = draft.on(EventCode::AuditRead, "audit_log", permit.tenant.id);
    record.reason = Some(format!(
        "limit={limit} event={} actor={}",
        event.map_or("any", EventCode::as_str),
        actor.map_or("any".to_owned(), |id: leeward_domain::ids::UserId| id.to_string())
    ));
    app.audit.append(draft.log(), vec![record]).await?;

    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let entries = tx.audit(filter, Page { after: page.cursor()?, limit }).await?;
    let head = tx.audit_head().await?;
    let next_cursor = paging::next_cursor(&entries, limit, |entry| entry.seq);
    let items = entries
        .iter()
        .map(|entry| Ok(AuditItem { seq: entry.seq, record: entry.record()? }))
        .collect::<Result<_, leeward_store::StoreError>>()?;
    let head = AuditHead { size: head.size, hash: head.hash };
    Ok(HttpResponse::Ok().json(AuditPage { items, next_cursor, head }))
}
