//! Appending: lock the head and take places, insert the records.
//!
//! The tree over them is grown afterwards, by the sequencer ([`super::tree`]): an append never waits for it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{PrefixedId as _, TenantId},
};
use leeward_ledger::{Actor, Change, EventCode, MAX_ENTRY_BYTES, Phase, Record, canonical};
use uuid::{Builder, Uuid};

/// How much older than the newest record before it a record may be without a word: what verifiers allow.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(30);

use super::{Appended, log_id, open};
use crate::{
    PlatformWrite, Result, StoreError, TenantWrite,
    bulk::{self, execute_bulk, fetch_bulk},
    scope::Placed,
    tx::{Time, Tx, execute, one_row, signed},
};

impl TenantWrite {
    /// Appends records to the tenant's log, in order, durable with this transaction's commit.
    ///
    /// From here until the commit nobody else appends to this log, so append last. An intent opens its
    /// request, an outcome closes it.
    ///
    /// # Errors
    /// `Conflict` on `audit_open` if an outcome's intent is not open (closed already, or never written) or
    /// an intent's is; on `audit_entries_id` if an id was used before. `Corrupt` if a record is of another
    /// tenant, is too long, or is an intent or outcome without a request.
    pub async fn append_audit(&mut self, records: &[Record]) -> Result<Vec<Appended>> {
        let (log, instance) = (Some(self.tenant), self.writer.instance);
        let appended = append(&mut self.tx, instance, &[(log, records.iter().collect())]).await?;
        self.placed.extend(newest(&appended));
        Ok(appended.into_iter().map(|(_, appended)| appended).collect())
    }
}

impl PlatformWrite {
    /// Appends records to the platform's log; as [`TenantWrite::append_audit`].
    ///
    /// # Errors
    /// As [`TenantWrite::append_audit`].
    pub async fn append_audit(&mut self, records: &[Record]) -> Result<Vec<Appended>> {
        self.append_audit_to(None, records).await
    }

    /// Appends to the log named: a tenant's, or the platform's; as [`TenantWrite::append_audit`] otherwise. Call it at
    /// most once per log and in the logs' order, so that two processes lock the heads in the same order and none waits
    /// in a ring.
    ///
    /// # Errors
    /// As [`TenantWrite::append_audit`].
    pub async fn append_audit_to(
        &mut self,
        log: Option<TenantId>,
        records: impl IntoIterator<Item = &Record>,
    ) -> Result<Vec<Appended>> {
        let appended = self.append_audit_all(BTreeMap::from([(log, records.into_iter().collect())])).await?;
        Ok(appended.into_iter().map(|(_, appended)| appended).collect())
    }

    /// Appends to many logs together, in as few statements as to one. For the one writer that commits the records of
    /// many tenants; gives each record's place with its log.
    ///
    /// # Errors
    /// As [`TenantWrite::append_audit`].
    pub async fn append_audit_all(
        &mut self,
        logs: BTreeMap<Option<TenantId>, Vec<&Record>>,
    ) -> Result<Vec<(Option<TenantId>, Appended)>> {
        let instance = self.writer.instance;
        let logs: Vec<_> = logs.into_iter().collect();
        let appended = append(&mut self.tx, instance, &logs).await?;
        self.placed.extend(newest(&appended));
        Ok(appended)
    }
}

/// What the guard remembers of an append: the last record of each log.
fn newest(appended: &[(Option<TenantId>, Appended)]) -> impl Iterator<Item = Placed> {
    let newest: BTreeMap<_, _> = appended.iter().map(|(log, last)| (*log, (last.seq, last.id))).collect();
    newest.into_iter().map(|(log, (seq, id))| (log, seq, id))
}

/// A record on its way in.
struct Entry<'a> {
    log: Uuid,
    seq: u64,
    record: &'a Record,
    bytes: Vec<u8>,
}

/// Appends to each log; the logs are in their order, and none is named twice.
async fn append(
    tx: &mut Tx,
    instance: Uuid,
    logs: &[(Option<TenantId>, Vec<&Record>)],
) -> Result<Vec<(Option<TenantId>, Appended)>> {
    let logs: Vec<_> = logs.iter().filter(|(_, records)| !records.is_empty()).collect();
    // Before any lock is taken.
    let mut prepared = Vec::with_capacity(logs.len());
    for (tenant, records) in &logs {
        prepared.push(records.iter().map(|record| prepare(*tenant, record)).collect::<Result<Vec<_>>>()?);
    }
    let mut taken = HashMap::new();
    for chunk in logs.chunks(bulk::CHUNK) {
        taken.extend(lock_heads(tx, chunk).await?);
    }
    let mut jumps = Vec::with_capacity(logs.len());
    for (tenant, records) in &logs {
        let log = log_id(*tenant);
        let Taken { last_at, .. } = taken.get(&log).ok_or_else(unlocked)?;
        let first = records.iter().next().filter(|first| last_at.since(first.at) > CLOCK_TOLERANCE);
        if first.is_some() {
            // One more place than was taken, and time begins anew.
            let moved = "update audit_heads set next_seq = next_seq + 1, last_at = $2 where log_id = $1";
            one_row(execute!(*tx, moved, log, Time(newest_of(records)))?)?;
        }
        jumps.push(first.map(|first| jumped(first, *last_at)));
    }
    let (mut entries, mut appended) = (Vec::new(), Vec::new());
    for (((tenant, records), prepared), jump) in logs.iter().zip(prepared).zip(&jumps) {
        let log = log_id(*tenant);
        let mut seq = taken.get(&log).ok_or_else(unlocked)?.first;
        if let Some(record) = jump {
            entries.push(Entry { log, seq, record, bytes: prepare(*tenant, record)? });
            seq += 1;
        }
        for ((seq, record), bytes) in (seq..).zip(records).zip(prepared) {
            entries.push(Entry { log, seq, record, bytes });
            appended.push((*tenant, Appended { seq, id: record.id }));
        }
    }
    for chunk in entries.chunks(bulk::CHUNK) {
        insert(tx, chunk).await?;
    }
    let opened: Vec<_> = entries.iter().filter_map(|entry| request(entry, Phase::Intent)).collect();
    open::open(tx, instance, &opened).await?;
    let closed: Vec<_> = entries.iter().filter_map(|entry| request(entry, Phase::Outcome)).collect();
    open::close(tx, &closed).await?;
    Ok(appended)
}

fn unlocked() -> StoreError {
    StoreError::Unavailable("the audit log's head could not be locked".into())
}

/// The newest time of any of the records.
fn newest_of(records: &[&Record]) -> Timestamp {
    records.iter().map(|record| record.at).max().unwrap_or(Timestamp::from_unix_micros(0))
}

/// What tells that the clock went back, in front of the first record that shows it.
fn jumped(first: &Record, last_at: Timestamp) -> Record {
    // Its own id, made of the one record there is one such jump before.
    let digest = Sha256Digest::of(format!("clock.jump.detected {}", first.id).as_bytes());
    let mut bits = [0; 10];
    bits.copy_from_slice(digest.as_bytes().first_chunk::<10>().unwrap_or(&[0; 10]));
    let millis = u64::try_from(first.at.unix_millis()).unwrap_or(0);
    let id = leeward_domain::ids::AuditId::from_uuid(Builder::from_unix_timestamp_millis(millis, &bits).into_uuid());
    let change = Change { field: "clock".into(), from: Some(last_at.to_string()), to: Some(first.at.to_string()) };
    let mut record = Record::new(id, first.at, EventCode::ClockJumped, Phase::Event, Actor::System);
    record.tenant = first.tenant;
    record.build.clone_from(&first.build);
    record.clock = first.clock;
    record.reason = Some("the clock is behind the newest record of this log".into());
    record.changes = vec![change];
    record
}

/// The record's bytes, if it may stand in this log.
fn prepare(tenant: Option<TenantId>, record: &Record) -> Result<Vec<u8>> {
    if record.tenant != tenant {
        return Err(StoreError::Corrupt(format!("audit record {} names another log's tenant", record.id)));
    }
    if record.phase != Phase::Event && record.request.is_none() {
        return Err(StoreError::Corrupt(format!("audit record {} is an intent or outcome of no request", record.id)));
    }
    let bytes = canonical(record);
    if bytes.len() > MAX_ENTRY_BYTES {
        return Err(StoreError::Corrupt(format!(
            "audit record {} has {} bytes; at most {MAX_ENTRY_BYTES} can be exported",
            record.id,
            bytes.len()
        )));
    }
    Ok(bytes)
}

/// Places taken in a log.
struct Taken {
    /// The first of them.
    first: u64,
    /// The newest time of any record before.
    last_at: Timestamp,
}

/// Takes places in each log, and the logs' locks with them, in their order: the rows stay locked until the transaction
/// ends. A log begins with its first entry.
async fn lock_heads(tx: &mut Tx, logs: &[&(Option<TenantId>, Vec<&Record>)]) -> Result<HashMap<Uuid, Taken>> {
    let sql = format!(
        "insert into audit_heads (log_id, next_seq, last_at, before_at) values {} \
         on conflict (log_id) do update set next_seq = audit_heads.next_seq + excluded.next_seq, \
         before_at = audit_heads.last_at, last_at = case when audit_heads.last_at < excluded.last_at \
         then excluded.last_at else audit_heads.last_at end returning log_id, next_seq, before_at",
        bulk::rows(tx, logs.len(), 4)
    );
    let rows = fetch_bulk!(
        *tx,
        sql,
        logs,
        |log| log_id(log.0),
        signed(log.1.len() as u64),
        Time(newest_of(&log.1)),
        Time(Timestamp::from_unix_micros(0)),
    )?;
    let counts: HashMap<_, _> = logs.iter().map(|(log, records)| (log_id(*log), records.len() as u64)).collect();
    rows.iter()
        .map(|row| {
            let log: Uuid = row.get("log_id")?;
            let count = counts.get(&log).copied().unwrap_or_default();
            let first = row.unsigned("next_seq")?.saturating_sub(count);
            Ok((log, Taken { first, last_at: row.time("before_at")? }))
        })
        .collect()
}

async fn insert(tx: &mut Tx, entries: &[Entry<'_>]) -> Result<()> {
    let sql = format!(
        "insert into audit_entries (log_id, seq, id, at, event, phase, outcome, actor_id, object_type, object_id, \
         request_id, trace, source, entry) values {}",
        bulk::rows(tx, entries.len(), 14)
    );
    execute_bulk!(
        *tx,
        sql,
        entries,
        |entry| entry.log,
        signed(entry.seq),
        entry.record.id.uuid(),
        Time(entry.record.at),
        entry.record.event.as_str(),
        phase(entry.record.phase),
        entry.record.event.outcome().as_str(),
        actor(&entry.record.actor),
        entry.record.object.as_ref().map(|object| object.kind.as_str()),
        entry.record.object.as_ref().map(|object| object.id.as_str()),
        entry.record.request.map(|id| id.uuid()),
        entry.record.trace.as_deref(),
        entry.record.source.map(|source| source.to_string()),
        entry.bytes.as_slice(),
    )?;
    Ok(())
}

fn request(entry: &Entry<'_>, phase: Phase) -> Option<open::Begun> {
    let request = entry.record.request.filter(|_| entry.record.phase == phase)?;
    Some(open::Begun { log: entry.log, request: request.uuid(), seq: entry.seq })
}

const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Intent => "intent",
        Phase::Outcome => "outcome",
        Phase::Event => "event",
    }
}

fn actor(actor: &Actor) -> Option<Uuid> {
    match actor {
        Actor::User { id, .. } => Some(id.uuid()),
        Actor::Anonymous | Actor::System | Actor::LocalConsole => None,
    }
}
