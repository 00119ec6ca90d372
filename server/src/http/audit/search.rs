//! `GET /api/audit`: finding records; and the catalogue of what can be found.

use actix_web::{HttpResponse, web};
use leeward_domain::Timestamp;
use leeward_ledger::{EventCode, Outcome, Record};
use leeward_store::{AuditCursor, AuditFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::LogHead;
use crate::{
    app::App,
    auth::permit::{Anyone, AuditRead, Permit},
    error::AppError,
    http::{
        errors::Problem,
        paging::{self, PageQuery},
    },
};

/// What to find: records that fit everything given.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// An event code, or the beginning of some: `auth.*`.
    event: Option<String>,
    /// `success` or `failure`.
    outcome: Option<String>,
    /// What this user did (`usr_…`).
    actor: Option<String>,
    /// What was done to the thing of this id or name.
    object: Option<String>,
    /// What was done to things of this kind.
    object_type: Option<String>,
    /// What belongs to this request (`req_…`).
    request: Option<String>,
    /// What belongs to this trace: 32 hexadecimal digits.
    trace: Option<String>,
    /// What came from this address.
    source: Option<String>,
    /// From this time on (RFC 3339).
    from: Option<String>,
    /// Before this time (RFC 3339).
    to: Option<String>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

impl AuditQuery {
    fn filter(&self) -> Result<AuditFilter, AppError> {
        fn given(text: &Option<String>) -> Option<&str> {
            text.as_deref().filter(|text| !text.is_empty())
        }
        fn parsed<T: std::str::FromStr>(text: &Option<String>, name: &str, form: &str) -> Result<Option<T>, AppError> {
            let wrong = || AppError::invalid(name, format!("{name} is {form}"));
            given(text).map(|text| text.parse().map_err(|_| wrong())).transpose()
        }
        let outcome = match given(&self.outcome) {
            None => None,
            Some("success") => Some(Outcome::Success),
            Some("failure") => Some(Outcome::Failure),
            Some(_) => return Err(AppError::invalid("outcome", "outcome is success or failure")),
        };
        let time = "a time such as 2026-01-31T08:00:00Z";
        Ok(AuditFilter {
            events: given(&self.event).map(events).transpose()?.unwrap_or_default(),
            outcome,
            actor: parsed(&self.actor, "actor", "a user id (usr_…)")?,
            object: given(&self.object).map(str::to_owned),
            object_type: given(&self.object_type).map(str::to_owned),
            request: parsed(&self.request, "request", "a request id (req_…)")?,
            trace: given(&self.trace).map(str::to_owned),
            source: parsed::<std::net::IpAddr>(&self.source, "source", "an IP address")?.map(|ip| ip.to_string()),
            from: parsed::<Timestamp>(&self.from, "from", time)?,
            to: parsed::<Timestamp>(&self.to, "to", time)?,
        })
    }

    /// The question, for the record of its being asked.
    fn told(&self) -> String {
        let parts = [
            ("event", &self.event),
            ("outcome", &self.outcome),
            ("actor", &self.actor),
            ("object", &self.object),
            ("object_type", &self.object_type),
            ("request", &self.request),
            ("trace", &self.trace),
            ("source", &self.source),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let told: Vec<_> = parts
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value.as_deref().filter(|value| !value.is_empty())?)))
            .collect();
        if told.is_empty() { "everything".to_owned() } else { told.join(" ") }
    }
}

/// The event codes a pattern means.
fn events(pattern: &str) -> Result<Vec<EventCode>, AppError> {
    let Some(prefix) = pattern.strip_suffix('*') else {
        let code = pattern.parse::<EventCode>().map_err(|error| AppError::invalid("event", error.to_string()))?;
        return Ok(vec![code]);
    };
    let codes: Vec<_> = EventCode::ALL.iter().copied().filter(|code| code.as_str().starts_with(prefix)).collect();
    if codes.is_empty() {
        return Err(AppError::invalid(
            "event",
            format!("no event code begins with {prefix:?}; docs/audit.md lists them"),
        ));
    }
    Ok(codes)
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
    /// Ask with this for older records; null at the end. A page may be short, or empty, and have one: a search looks
    /// at so many records at a time.
    next_cursor: Option<String>,
    /// Where the log stands.
    head: LogHead,
}

/// Searches the tenant's audit log, newest first.
///
/// # Errors
/// 400 for a value that cannot be understood; 503 when the reading cannot be recorded.
#[utoipa::path(get, path = "/api/audit", tag = "audit", params(AuditQuery), responses(
    (status = 200, description = "A page of the log", body = AuditPage),
    (status = 400, description = "Malformed", body = Problem),
    (status = 403, description = "Needs audit.read", body = Problem)))]
pub async fn list(
    app: web::Data<App>,
    permit: Permit<AuditRead>,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, AppError> {
    let query = query.into_inner();
    let filter = query.filter()?;
    let page = PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = page.limit()?;
    let after = page.cursor::<(i64, u64)>()?;
    let after = after.map(|(at, seq)| AuditCursor { at: Timestamp::from_unix_micros(at), seq });

    let draft = permit.draft(&app);
    let mut record = draft.on(EventCode::AuditRead, "audit_log", permit.tenant.id);
    record.reason = Some(query.told());
    app.audit.append(draft.log(), vec![record]).await?;

    let mut tx = app.store.tenant_read(permit.tenant.id).await?;
    let found = tx.audit(&filter, after, limit).await?;
    let (size, signed) = (tx.audit_size().await?, tx.audit_checkpoint().await?);
    let items = found
        .entries
        .iter()
        .map(|entry| Ok(AuditItem { seq: entry.seq, record: entry.record()? }))
        .collect::<Result<_, leeward_store::StoreError>>()?;
    let next_cursor = found.next.and_then(|next| paging::encode(&(next.at.unix_micros(), next.seq)));
    Ok(HttpResponse::Ok().json(AuditPage { items, next_cursor, head: LogHead::new(size, signed.as_ref()) }))
}

/// One kind of event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventKind {
    /// Its code in records.
    code: &'static str,
    /// What it means.
    meaning: &'static str,
    /// `success` or `failure`.
    outcome: &'static str,
}

/// The catalogue of events.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventKinds {
    /// Every code there is.
    items: Vec<EventKind>,
}

/// Lists every event code, with its meaning: what docs/audit.md says, for whoever is signed in.
#[utoipa::path(get, path = "/api/audit/events", tag = "audit", responses(
    (status = 200, description = "The catalogue", body = EventKinds)))]
pub async fn events_list(_permit: Permit<Anyone>) -> HttpResponse {
    let items = EventCode::ALL.iter().map(|code| EventKind {
        code: code.as_str(),
        meaning: code.meaning().trim(),
        outcome: code.outcome().as_str(),
    });
    HttpResponse::Ok().json(EventKinds { items: items.collect() })
}
