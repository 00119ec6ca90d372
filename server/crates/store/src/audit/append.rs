//! Appending: lock the head, chain the records, insert them all, move the head.

use leeward_domain::{Sha256Digest, ids::TenantId};
use leeward_ledger::{Actor, Head, MAX_ENTRY_BYTES, Phase, Record, canonical};
use uuid::Uuid;

use super::{Appended, log_id, open};
use crate::{
    PlatformWrite, Result, StoreError, TenantWrite,
    bulk::{self, execute_bulk},
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
        append(&mut self.tx, Some(tenant), instance, records).await
    }
}

impl PlatformWrite {
    /// Appends records to the platform's log; as [`TenantWrite::append_audit`].
    ///
    /// # Errors
    /// As [`TenantWrite::append_audit`].
    pub async fn append_audit(&mut self, records: &[Record]) -> Result<Vec<Appended>> {
        let instance = self.writer.instance;
        append(&mut self.tx, None, instance, records).await
    }

    /// Appends to the log named: a tenant's, or the platform's. For the one writer that commits records of
    /// many tenants together; as [`TenantWrite::append_audit`] otherwise. Call it at most once per log and
    /// in the logs' order, so that two processes lock the heads in the same order and none waits in a ring.
    ///
    /// # Errors
    /// As [`TenantWrite::append_audit`].
    pub async fn append_audit_to(&mut self, log: Option<TenantId>, records: &[Record]) -> Result<Vec<Appended>> {
        let instance = self.writer.instance;
        append(&mut self.tx, log, instance, records).await
    }
}

/// A record on its way in.
struct Entry<'a> {
    seq: u64,
    record: &'a Record,
    bytes: Vec<u8>,
    chain: Sha256Digest,
}

async fn append(tx: &mut Tx, tenant: Option<TenantId>, instance: Uuid, records: &[Record]) -> Result<Vec<Appended>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let prepared = records.iter().map(|record| prepare(tenant, record)).collect::<Result<Vec<_>>>()?;
    let log = log_id(tenant);
    let mut head = lock_head(tx, log, records.len()).await?;
    let entries: Vec<_> = records
        .iter()
        .zip(prepared)
        .map(|(record, bytes)| {
            let seq = head.size;
            head = head.push(&bytes);
            Entry { seq, record, bytes, chain: head.hash }
        })
        .collect();
    for chunk in entries.chunks(bulk::CHUNK) {
        insert(tx, log, chunk).await?;
    }
    one_row(execute!(
        *tx,
        "update audit_heads set chain_hash = $2 where log_id = $1",
        log,
        head.hash.as_bytes().as_slice(),
    )?)?;
    let opened: Vec<_> = entries.iter().filter_map(|entry| request(entry, Phase::Intent)).collect();
    open::open(tx, log, instance, &opened).await?;
    let closed: Vec<_> = entries.iter().filter_map(|entry| request(entry, Phase::Outcome)).collect();
    open::close(tx, log, &closed).await?;
    Ok(entries.iter().map(|entry| Appended { seq: entry.seq, id: entry.record.id }).collect())
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

/// Takes `count` places and the log's lock with them: the row stays locked until the transaction ends.
async fn lock_head(tx: &mut Tx, log: Uuid, count: usize) -> Result<Head> {
    let count = count as u64;
    for _ in 0..2 {
        let row = fetch_optional!(
            *tx,
            "update audit_heads set next_seq = next_seq + $2 where log_id = $1 returning next_seq, chain_hash",
            log,
            signed(count),
        )?;
        if let Some(row) = row {
            let size = row.unsigned("next_seq")?.saturating_sub(count);
            return Ok(Head { size, hash: row.digest("chain_hash")? });
        }
        // The log's first entry. Whoever else tries at the same time waits here, then finds our row.
        let empty = Head::empty();
        execute!(
            *tx,
            "insert into audit_heads (log_id, next_seq, chain_hash) values ($1, 0, $2) on conflict do nothing",
            log,
            empty.hash.as_bytes().as_slice(),
        )?;
    }
    Err(StoreError::Unavailable("the audit log's head could not be locked".into()))
}

async fn insert(tx: &mut Tx, log: Uuid, entries: &[Entry<'_>]) -> Result<()> {
    let sql = format!(
        "insert into audit_entries (log_id, seq, id, at, event, phase, actor_id, request_id, entry, chain_hash) values {}",
        bulk::rows(entries.len(), 10)
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
        actor(&entry.record.actor),
        entry.record.request.map(|id| id.uuid()),
        entry.bytes.as_slice(),
        entry.chain.as_bytes().as_slice(),
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
