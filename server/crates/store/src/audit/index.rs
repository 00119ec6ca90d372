//! The index that searches walk: a copy of what can be asked for of each entry, filled a moment after it.
//!
//! An append must be on the disk before anybody is answered, so it touches as few pages as it can; the many pages of an
//! index are written for many entries at a time, beside it (ADR 7). Whoever searches looks at the entries that are not
//! in the index yet, too, so nothing is ever missing. The index proves nothing: what a log holds is told by its tree.

use leeward_domain::ids::TenantId;
use uuid::Uuid;

use super::{log_id, log_of};
use crate::{
    PlatformRead, PlatformWrite, Result,
    tx::{Tx, execute, fetch_all, fetch_optional, signed},
};

/// Entries of a log that its index lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unindexed {
    /// Which log; none is the platform's.
    pub log: Option<TenantId>,
    /// The first of them.
    pub from: u64,
    /// How many entries the log has.
    pub entries: u64,
}

/// The first entry that the index of a log lacks.
pub(super) async fn indexed(tx: &mut Tx, log: Uuid) -> Result<u64> {
    let row = fetch_optional!(*tx, "select next_seq from audit_indexed where log_id = $1", log)?;
    row.map_or(Ok(0), |row| row.unsigned("next_seq"))
}

impl PlatformRead {
    /// Logs with entries that their index lacks, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unindexed(&mut self, limit: u32) -> Result<Vec<Unindexed>> {
        let rows = fetch_all!(
            self.tx,
            "select h.log_id as log_id, h.next_seq as entries, coalesce(i.next_seq, 0) as next_seq from audit_heads h \
             left join audit_indexed i on i.log_id = h.log_id where h.next_seq > coalesce(i.next_seq, 0) \
             order by h.log_id limit $1",
            i64::from(limit),
        )?;
        rows.iter()
            .map(|row| {
                let (from, entries) = (row.unsigned("next_seq")?, row.unsigned("entries")?);
                Ok(Unindexed { log: log_of(row.get("log_id")?), from, entries })
            })
            .collect()
    }
}

impl PlatformWrite {
    /// Puts the entries from `from` on and before `to` into the log's index. False if somebody else has, meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn index(&mut self, log: Option<TenantId>, from: u64, to: u64) -> Result<bool> {
        let log = log_id(log);
        let moved = execute!(
            self.tx,
            "insert into audit_indexed (log_id, next_seq) values ($1, $3) \
             on conflict (log_id) do update set next_seq = $3 where audit_indexed.next_seq = $2",
            log,
            signed(from),
            signed(to),
        )?;
        if moved == 0 {
            return Ok(false);
        }
        execute!(
            self.tx,
            "insert into audit_index (log_id, seq, at, event, outcome, actor_id, object_type, object_id, request_id, \
             trace, source) select log_id, seq, at, event, outcome, actor_id, object_type, object_id, request_id, \
             trace, source from audit_entries where log_id = $1 and seq >= $2 and seq < $3",
            log,
            signed(from),
            signed(to),
        )?;
        Ok(true)
    }
}
