//! Open intents: what was begun and not yet ended, for recovery after a crash.

use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::Record;
use uuid::Uuid;

use crate::{
    PlatformRead, Result, StoreError,
    bulk::{self, execute_bulk},
    conflict::AUDIT_OPEN,
    lease::PRESENT,
    tx::{Time, Tx, fetch_all, signed},
};

/// Whose open intents nobody will end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// Those of the process that asks: at its start, what its last run left behind.
    Own,
    /// Those of other processes that are not there ([`crate::PlatformWrite::present`]).
    Absent,
}

impl PlatformRead {
    /// Intents without an outcome that nobody will end, of every log, oldest first; `me` is the process that asks.
    ///
    /// # Errors
    /// `Corrupt` if an entry cannot be read.
    pub async fn open_intents(
        &mut self,
        me: Uuid,
        whose: Orphans,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(Option<TenantId>, Record)>> {
        let rows = fetch_all!(
            self.tx,
            "select o.log_id as log_id, e.entry as entry from audit_open o \
             join audit_entries e on e.log_id = o.log_id and e.seq = o.seq \
             where (o.instance = $1 and $2 = 1) or (o.instance <> $1 and $2 = 0 and not exists \
             (select 1 from leases l where l.holder = o.instance and l.name like $3 and l.until > $4)) \
             order by e.at, e.log_id, e.seq limit $5",
            me,
            i64::from(whose == Orphans::Own),
            format!("{PRESENT}%"),
            Time(now),
            i64::from(limit),
        )?;
        rows.iter()
            .map(|row| {
                let log: Uuid = row.get("log_id")?;
                let entry: Vec<u8> = row.get("entry")?;
                Ok((super::log_of(log), super::parse(&entry)?))
            })
            .collect()
    }
}

/// A request, and where in its log its record stands.
pub(super) struct Begun {
    pub(super) log: Uuid,
    pub(super) request: Uuid,
    pub(super) seq: u64,
}

/// Notes requests as begun.
pub(super) async fn open(tx: &mut Tx, instance: Uuid, requests: &[Begun]) -> Result<()> {
    for chunk in requests.chunks(bulk::CHUNK) {
        let sql = format!(
            "insert into audit_open (log_id, request_id, seq, instance) values {}",
            bulk::rows(tx, chunk.len(), 4)
        );
        execute_bulk!(*tx, sql, chunk, |item| item.log, item.request, signed(item.seq), instance)?;
    }
    Ok(())
}

/// Notes requests as ended; each must have been open, so that nothing ends twice.
pub(super) async fn close(tx: &mut Tx, requests: &[Begun]) -> Result<()> {
    for chunk in requests.chunks(bulk::CHUNK) {
        let sql =
            format!("delete from audit_open where (log_id, request_id) in (values {})", bulk::rows(tx, chunk.len(), 2));
        let closed = execute_bulk!(*tx, sql, chunk, |item| item.log, item.request)?;
        if closed != chunk.len() as u64 {
            return Err(StoreError::Conflict { constraint: AUDIT_OPEN.to_owned() });
        }
    }
    Ok(())
}
