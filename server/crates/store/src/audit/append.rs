//! Appending: lock the head and take places, insert the records.
//!
//! The tree over them is grown afterwards, by the sequencer ([`super::tree`]): an append never waits for it.

use std::time::Duration;

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
    bulk::{self, execute_bulk},
    scope::Placed,
    tx::{Time, Tx, execute, fetch_optional, one_row, signed},
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
        let (tenant, instance) = (self.tenant, self.writer.instance);
        let appended = append(&mut self.tx, Some(tenant), instance, &records.iter().collect::<Vec<_>>()).await?;
        self.placed.extend(newest(Some(tenant), &appended));
        Ok(appended)
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

    /// Appends to the log named: a tenant's, or the platform's. For the one writer that commits records of
    /// many tenants together; as [`TenantWrite::append_audit`] otherwise. Call it at most once per log and
    /// in the logs' order, so that two processes lock the heads in the same order and none waits in a ring.
    ///
    /// # Errors
    /// As [`TenantWrite::append_audit`].
    pub async fn append_audit_to(
        &mut self,
        log: Option<TenantId>,
        records: impl IntoIterator<Item = &Record>,
    ) -> Result<Vec<Appended>> {
        let instance = self.writer.instance;
        let appended = append(&mut self.tx, log, instance, &records.into_iter().collect::<Vec<_>>()).await?;
        self.placed.extend(newest(log, &appended));
        Ok(appended)
    }
}

/// What the guard remembers of an append: its last record.
fn newest(log: Option<TenantId>, appended: &[Appended]) -> Option<Placed> {
    appended.last().map(|last| (log, last.seq, last.id))
}

/// A record on its way in.
struct Entry<'a> {
    seq: u64,
    record: &'a Record,
    bytes: Vec<u8>,
}

async fn append(tx: &mut Tx, tenant: Option<TenantId>, instance: Uuid, records: &[&Record]) -> Result<Vec<Appended>> {
    let (Some(first), Some(newest)) = (records.first(), records.iter().map(|record| record.at).max()) else {
        return Ok(Vec::new());
    };
    let prepared = records.iter().map(|record| prepare(tenant, record)).collect::<Result<Vec<_>>>()?;
    let log = log_id(tenant);
    let (mut seq, last_at) = lock_head(tx, log, records.len(), newest).await?;
    let jump = (last_at.since(first.at) > CLOCK_TOLERANCE).then(|| jumped(first, last_at));
    if jump.is_some() {
        // One more place than was taken, and time begins anew.
        let moved = "update audit_heads set next_seq = next_seq + 1, last_at = $2 where log_id = $1";
        one_row(execute!(*tx, moved, log, Time(newest))?)?;
    }
    let mut entries = Vec::with_capacity(records.len() + 1);
    if let Some(record) = &jump {
        entries.push(Entry { seq, record, bytes: prepare(tenant, record)? });
        seq += 1;
    }
    entries.extend((seq..).zip(records).zip(prepared).map(|((seq, record), bytes)| Entry { seq, record, bytes }));
    for chunk in entries.chunks(bulk::CHUNK) {
        insert(tx, log, chunk).await?;
    }
    let opened: Vec<_> = entries.iter().filter_map(|entry| request(entry, Phase::Intent)).collect();
    open::open(tx, log, instance, &opened).await?;
    let closed: Vec<_> = entries.iter().filter_map(|entry| request(entry, Phase::Outcome)).collect();
    open::close(tx, log, &closed).await?;
    let own = entries.iter().skip(usize::from(jump.is_some()));
    Ok(own.map(|entry| Appended { seq: entry.seq, id: entry.record.id }).collect())
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

/// Takes `count` places and the log's lock with them: the row stays locked until the transaction ends. Gives the
/// first of them, and the newest time of any record before.
async fn lock_head(tx: &mut Tx, log: Uuid, count: usize, newest: Timestamp) -> Result<(u64, Timestamp)> {
    let count = count as u64;
    for _ in 0..2 {
        let row = fetch_optional!(
            *tx,
            "update audit_heads set next_seq = next_seq + $2, before_at = last_at, \
             last_at = case when last_at < $3 then $3 else last_at end \
             where log_id = $1 returning next_seq, before_at",
            log,
            signed(count),
            Time(newest),
        )?;
        if let Some(row) = row {
            return Ok((row.unsigned("next_seq")?.saturating_sub(count), row.time("before_at")?));
        }
        // The log's first entry. Whoever else tries at the same time waits here, then finds our row.
        execute!(
            *tx,
            "insert into audit_heads (log_id, next_seq, last_at) values ($1, 0, $2) on conflict do nothing",
            log,
            Time(Timestamp::from_unix_micros(0)),
        )?;
    }
    Err(StoreError::Unavailable("the audit log's head could not be locked".into()))
}

async fn insert(tx: &mut Tx, log: Uuid, entries: &[Entry<'_>]) -> Result<()> {
    let sql = format!(
        "insert into audit_entries (log_id, seq, id, at, event, phase, outcome, actor_id, object_type, object_id, \
         request_id, trace, source, entry) values {}",
        bulk::rows(entries.len(), 14)
    );
    execute_bulk!(
        *tx,
        sql,
        entries,
        |entry| log,
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

fn request(entry: &Entry<'_>, phase: Phase) -> Option<(Uuid, u64)> {
    entry.record.request.filter(|_| entry.record.phase == phase).map(|id| (id.uuid(), entry.seq))
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
