//! Searching a log: by time, actor, event, object, outcome, request, trace and address, newest first.
//!
//! Every search walks one index, the most selective one the filter names, and looks at no more than
//! [`SCANNED`] of its rows: so that no filter, however unlucky, takes long. Where that was not enough to fill the
//! page, the cursor goes on from there. Then it looks at the few entries that are not in the index yet.

use std::collections::HashMap;

use leeward_domain::{
    Timestamp,
    ids::{RequestId, TenantId, UserId},
};
use leeward_ledger::{EventCode, Outcome};
use sqlx::{Database, Postgres, QueryBuilder, Sqlite};
use uuid::Uuid;

use super::{AuditEntry, index::indexed, log_id, read::from_row};
use crate::{
    PlatformRead, Result, TenantRead,
    page::MAX_PAGE,
    tx::{Row, Time, Tx, deadline, signed},
};

/// After every time there is: the year 9999.
pub(super) const FAR: Timestamp = Timestamp::from_unix_micros(253_402_300_799_000_000);

/// Index rows one search looks at.
pub(crate) const SCANNED: i64 = 5000;

/// Which entries a search shows: those that fit everything named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Any of these events; all if empty.
    pub events: Vec<EventCode>,
    /// Acts that ended so.
    pub outcome: Option<Outcome>,
    /// What this user did.
    pub actor: Option<UserId>,
    /// What was done to the thing of this id or name.
    pub object: Option<String>,
    /// What was done to things of this kind.
    pub object_type: Option<String>,
    /// What belongs to this request.
    pub request: Option<RequestId>,
    /// What belongs to this trace: 32 hexadecimal digits.
    pub trace: Option<String>,
    /// What came from this address.
    pub source: Option<String>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// Where a search goes on: after the entry of this time and place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuditCursor {
    /// The entry's time.
    pub at: Timestamp,
    /// Its place in the log.
    pub seq: u64,
}

/// A page of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFound {
    /// The entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// Where to go on; none at the end. May be there although the page is not full, or even empty.
    pub next: Option<AuditCursor>,
}

/// One walk over one index.
struct Walk<'a> {
    log: Uuid,
    filter: &'a AuditFilter,
    event: Option<EventCode>,
    before: AuditCursor,
}

/// A database whose statements take our values.
trait Takes: Database {
    /// Adds a condition with its value.
    fn condition(query: &mut QueryBuilder<Self>, text: &str, value: Value<'_>);
}

/// A value in a condition.
enum Value<'a> {
    Text(&'a str),
    Id(Uuid),
    Number(i64),
    Time(Timestamp),
}

macro_rules! takes {
    ($database:ty) => {
        impl Takes for $database {
            fn condition(query: &mut QueryBuilder<Self>, text: &str, value: Value<'_>) {
                query.push(text);
                match value {
                    Value::Text(text) => query.push_bind(text.to_owned()),
                    Value::Id(id) => query.push_bind(id),
                    Value::Number(number) => query.push_bind(number),
                    Value::Time(time) => query.push_bind(Time(time)),
                };
            }
        }
    };
}
takes!(Sqlite);
takes!(Postgres);

impl Walk<'_> {
    /// The conditions an index is for, the most selective first.
    fn indexed(&self) -> Vec<(&'static str, Value<'_>)> {
        let filter = self.filter;
        let mut found = Vec::new();
        found.extend(filter.request.map(|id| (" and request_id = ", Value::Id(id.uuid()))));
        found.extend(filter.trace.as_deref().map(|trace| (" and trace = ", Value::Text(trace))));
        found.extend(filter.object.as_deref().map(|object| (" and object_id = ", Value::Text(object))));
        found.extend(filter.actor.map(|id| (" and actor_id = ", Value::Id(id.uuid()))));
        found.extend(self.event.map(|event| (" and event = ", Value::Text(event.as_str()))));
        found
    }

    /// Conditions that only narrow down.
    fn others(&self) -> Vec<(&'static str, Value<'_>)> {
        let texts = [
            (" and outcome = ", self.filter.outcome.map(Outcome::as_str)),
            (" and object_type = ", self.filter.object_type.as_deref()),
            (" and source = ", self.filter.source.as_deref()),
        ];
        let texts = texts.into_iter().filter_map(|(text, value)| Some((text, Value::Text(value?))));
        self.indexed().into_iter().skip(1).chain(texts).collect()
    }

    /// The rows of a table before where the walk begins.
    fn before<D: Takes>(&self, columns: &str, table: &str) -> QueryBuilder<D> {
        let mut query = QueryBuilder::new(format!("select {columns} from {table}"));
        D::condition(&mut query, " where log_id = ", Value::Id(self.log));
        D::condition(&mut query, " and (at, seq) < (", Value::Time(self.before.at));
        D::condition(&mut query, ", ", Value::Number(signed(self.before.seq)));
        D::condition(
            &mut query,
            ") and at >= ",
            Value::Time(self.filter.from.unwrap_or(Timestamp::from_unix_micros(0))),
        );
        query
    }

    /// The walk along its index, newest first; to be ended with a limit.
    fn along<D: Takes>(&self, columns: &str) -> QueryBuilder<D> {
        let mut query = self.before(columns, "audit_index");
        match self.indexed().into_iter().next() {
            Some((text, value)) => D::condition(&mut query, text, value),
            // A literal, because the index is a partial one.
            None if self.filter.outcome == Some(Outcome::Failure) => drop(query.push(" and outcome = 'failure'")),
            None => {}
        }
        query.push(" order by at desc, seq desc");
        query
    }

    /// What fits among the entries from `from` on, which the index lacks.
    fn tail<D: Takes>(&self, from: u64, limit: u32) -> QueryBuilder<D> {
        let mut query = self.before("seq, at", "audit_entries");
        D::condition(&mut query, " and seq >= ", Value::Number(signed(from)));
        for (text, value) in self.indexed().into_iter().take(1).chain(self.others()) {
            D::condition(&mut query, text, value);
        }
        query.push(format!(" order by at desc, seq desc limit {limit}"));
        query
    }

    fn page<D: Takes>(&self, limit: u32) -> QueryBuilder<D> {
        let others = self.others();
        if others.is_empty() {
            let mut query = self.along("seq, at");
            query.push(format!(" limit {limit}"));
            return query;
        }
        let columns =
            "seq, at from (select seq, at, event, outcome, actor_id, object_type, object_id, request_id, trace, source";
        let mut inner = self.along::<D>(columns);
        inner.push(format!(" limit {SCANNED}) as walked where true"));
        for (text, value) in others {
            D::condition(&mut inner, text, value);
        }
        inner.push(format!(" order by at desc, seq desc limit {limit}"));
        inner
    }

    /// The last row the walk may look at; there is none if it came to the end before.
    fn bound<D: Takes>(&self) -> QueryBuilder<D> {
        let mut query = self.along("seq, at");
        query.push(format!(" limit 1 offset {}", SCANNED - 1));
        query
    }

    /// What was found, newest first, and where the walk stopped short of the end.
    async fn run(&self, tx: &mut Tx, limit: u32) -> Result<(Vec<AuditCursor>, Option<AuditCursor>)> {
        let rows = fetch(tx, || self.page(limit), || self.page(limit)).await?;
        let found = rows.iter().map(cursor).collect::<Result<Vec<_>>>()?;
        if found.len() == limit as usize {
            let stopped = found.last().copied();
            return Ok((found, stopped));
        }
        if self.others().is_empty() {
            return Ok((found, None));
        }
        let bound = fetch(tx, || self.bound(), || self.bound()).await?;
        Ok((found, bound.first().map(cursor).transpose()?))
    }
}

async fn fetch(
    tx: &mut Tx,
    sqlite: impl FnOnce() -> QueryBuilder<Sqlite>,
    postgres: impl FnOnce() -> QueryBuilder<Postgres>,
) -> Result<Vec<Row>> {
    Ok(match tx {
        Tx::Sqlite(tx) => {
            let mut query = sqlite();
            let rows = deadline(query.build().persistent(false).fetch_all(&mut **tx)).await?;
            rows.into_iter().map(Row::Sqlite).collect()
        }
        Tx::Postgres(tx) => {
            let mut query = postgres();
            let rows = deadline(query.build().persistent(false).fetch_all(&mut **tx)).await?;
            rows.into_iter().map(Row::Postgres).collect()
        }
    })
}

fn cursor(row: &Row) -> Result<AuditCursor> {
    Ok(AuditCursor { at: row.time("at")?, seq: row.unsigned("seq")? })
}

async fn search(
    tx: &mut Tx,
    tenant: Option<TenantId>,
    filter: &AuditFilter,
    after: Option<AuditCursor>,
    limit: u32,
) -> Result<AuditFound> {
    let limit = limit.clamp(1, MAX_PAGE);
    let end = AuditCursor { at: filter.to.unwrap_or(FAR), seq: 0 };
    let before = after.map_or(end, |after| after.min(end));
    // An index holds one event's entries side by side: one walk for each, each as long as the page.
    let events = match filter.events.as_slice() {
        [] => vec![None],
        events => events.iter().copied().map(Some).collect(),
    };
    let log = log_id(tenant);
    // Read first: what is put into the index after this is found twice, and not missed.
    let from = indexed(tx, log).await?;
    let mut found = Vec::new();
    let mut stopped = None;
    for event in events {
        let walk = Walk { log, filter, event, before };
        let rows = fetch(tx, || walk.tail(from, limit), || walk.tail(from, limit)).await?;
        let newest = rows.iter().map(cursor).collect::<Result<Vec<_>>>()?;
        stopped = stopped.max(newest.get(limit as usize - 1).copied());
        found.extend(newest);
        let (more, stop) = walk.run(tx, limit).await?;
        found.extend(more);
        stopped = stopped.max(stop);
    }
    found.sort_by_key(|cursor| std::cmp::Reverse(*cursor));
    found.dedup();
    // Further back than where a walk stopped there may be entries it has not seen.
    found.retain(|cursor| stopped.is_none_or(|stopped| *cursor >= stopped));
    let next = match found.get(limit as usize - 1) {
        Some(last) if found.len() > limit as usize || stopped.is_some() => Some(*last),
        _ => stopped,
    };
    found.truncate(limit as usize);
    Ok(AuditFound { entries: entries(tx, log, &found).await?, next })
}

/// The entries at these places, in this order.
async fn entries(tx: &mut Tx, log: Uuid, at: &[AuditCursor]) -> Result<Vec<AuditEntry>> {
    if at.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<_> = at.iter().map(|cursor| signed(cursor.seq).to_string()).collect();
    // Numbers of ours, not a caller's text.
    let list = format!(" and seq in ({})", places.join(", "));
    let rows = fetch(tx, || by_place(log, &list), || by_place(log, &list)).await?;
    let mut found =
        rows.iter().map(|row| from_row(row).map(|entry| (entry.seq, entry))).collect::<Result<HashMap<_, _>>>()?;
    Ok(at.iter().filter_map(|cursor| found.remove(&cursor.seq)).collect())
}

fn by_place<D: Takes>(log: Uuid, list: &str) -> QueryBuilder<D> {
    let mut query = QueryBuilder::new("select seq, entry from audit_entries");
    D::condition(&mut query, " where log_id = ", Value::Id(log));
    query.push(list);
    query
}

impl TenantRead {
    /// Searches the tenant's log, newest first, at most `limit` entries ([`MAX_PAGE`]) after the cursor.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&mut self, filter: &AuditFilter, after: Option<AuditCursor>, limit: u32) -> Result<AuditFound> {
        search(&mut self.tx, Some(self.tenant), filter, after, limit).await
    }
}

impl PlatformRead {
    /// Searches the log named (the platform's if none); as [`TenantRead::audit`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(
        &mut self,
        log: Option<TenantId>,
        filter: &AuditFilter,
        after: Option<AuditCursor>,
        limit: u32,
    ) -> Result<AuditFound> {
        search(&mut self.tx, log, filter, after, limit).await
    }
}
