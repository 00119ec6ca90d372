//! Reading: ranges for exports and sinks, single entries, how long a log is.

use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::EventCode;

use super::{AuditEntry, index, log_id, search::FAR};
use crate::{
    PlatformRead, Result, TenantRead,
    page::MAX_PAGE,
    tx::{Row, Time, Tx, fetch_all, fetch_optional, signed},
};

pub(super) fn from_row(row: &Row) -> Result<AuditEntry> {
    Ok(AuditEntry { seq: row.unsigned("seq")?, entry: row.get("entry")? })
}

pub(super) async fn range(tx: &mut Tx, tenant: Option<TenantId>, from_seq: u64, limit: u32) -> Result<Vec<AuditEntry>> {
    let rows = fetch_all!(
        *tx,
        "select seq, entry from audit_entries where log_id = $1 and seq >= $2 order by seq limit $3",
        log_id(tenant),
        signed(from_seq),
        i64::from(limit.clamp(1, MAX_PAGE)),
    )?;
    rows.iter().map(from_row).collect()
}

async fn size(tx: &mut Tx, tenant: Option<TenantId>) -> Result<u64> {
    let row = fetch_optional!(*tx, "select next_seq from audit_heads where log_id = $1", log_id(tenant))?;
    row.map_or(Ok(0), |row| row.unsigned("next_seq"))
}

impl TenantRead {
    /// Entries from `from_seq` on, oldest first, at most [`MAX_PAGE`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_range(&mut self, from_seq: u64, limit: u32) -> Result<Vec<AuditEntry>> {
        range(&mut self.tx, Some(self.tenant), from_seq, limit).await
    }

    /// The first and the last place of any entry of this period; none if it holds none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_places(&mut self, from: Option<Timestamp>, to: Option<Timestamp>) -> Result<Option<(u64, u64)>> {
        let log = log_id(Some(self.tenant));
        let indexed = index::indexed(&mut self.tx, log).await?;
        let row = fetch_optional!(
            self.tx,
            "select min(seq) as first, max(seq) as last from (\
             select seq from audit_index where log_id = $1 and at >= $2 and at < $3 union all \
             select seq from audit_entries where log_id = $1 and at >= $2 and at < $3 and seq >= $4) as found",
            log,
            Time(from.unwrap_or(Timestamp::from_unix_micros(0))),
            Time(to.unwrap_or(FAR)),
            signed(indexed),
        )?;
        let Some(row) = row else { return Ok(None) };
        if row.get::<Option<i64>>("first")?.is_none() {
            return Ok(None);
        }
        Ok(Some((row.unsigned("first")?, row.unsigned("last")?)))
    }

    /// How many entries the tenant's log has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_size(&mut self) -> Result<u64> {
        size(&mut self.tx, Some(self.tenant)).await
    }
}

impl PlatformRead {
    /// The first place of any entry of the log named that is not older than `since`; none if all are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_first_since(&mut self, log: Option<TenantId>, since: Timestamp) -> Result<Option<u64>> {
        let log = log_id(log);
        let indexed = index::indexed(&mut self.tx, log).await?;
        let row = fetch_optional!(
            self.tx,
            "select min(seq) as first from (\
             select min(seq) as seq from audit_index where log_id = $1 and at >= $2 union all \
             select min(seq) as seq from audit_entries where log_id = $1 and at >= $2 and seq >= $3) as found",
            log,
            Time(since),
            signed(indexed),
        )?;
        let Some(row) = row else { return Ok(None) };
        row.get::<Option<i64>>("first")?.map(|_| row.unsigned("first")).transpose()
    }

    /// Entries of the log named (the platform's if none); as [`TenantRead::audit_range`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_range(&mut self, log: Option<TenantId>, from_seq: u64, limit: u32) -> Result<Vec<AuditEntry>> {
        range(&mut self.tx, log, from_seq, limit).await
    }

    /// How many entries the log named has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_size(&mut self, log: Option<TenantId>) -> Result<u64> {
        size(&mut self.tx, log).await
    }

    /// Whether any log holds an entry of this event. Looks through all of them: for rare questions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ever_recorded(&mut self, event: EventCode) -> Result<bool> {
        let row =
            fetch_optional!(self.tx, "select 1 as found from audit_entries where event = $1 limit 1", event.as_str())?;
        Ok(row.is_some())
    }
}
