//! Reading: listings, ranges for export, heads.

use leeward_domain::ids::{TenantId, UserId};
use leeward_ledger::{EventCode, Head};

use super::{AuditEntry, AuditFilter, log_id};
use crate::{
    Page, PlatformRead, Result, TenantRead,
    page::MAX_PAGE,
    tx::{Row, Tx, fetch_all, fetch_optional, signed},
};

fn from_row(row: &Row) -> Result<AuditEntry> {
    Ok(AuditEntry { seq: row.unsigned("seq")?, entry: row.get("entry")?, chain_hash: row.digest("chain_hash")? })
}

async fn list(tx: &mut Tx, tenant: Option<TenantId>, filter: AuditFilter, page: Page<u64>) -> Result<Vec<AuditEntry>> {
    let rows = fetch_all!(
        *tx,
        "select seq, entry, chain_hash from audit_entries where log_id = $1 and seq < $2 \
         and ($3 is null or event = $3) and ($4 is null or actor_id = $4) order by seq desc limit $5",
        log_id(tenant),
        page.after.map_or(i64::MAX, signed),
        filter.event.map(EventCode::as_str),
        filter.actor.map(UserId::uuid),
        page.rows(),
    )?;
    rows.iter().map(from_row).collect()
}

async fn range(tx: &mut Tx, tenant: Option<TenantId>, from_seq: u64, limit: u32) -> Result<Vec<AuditEntry>> {
    let rows = fetch_all!(
        *tx,
        "select seq, entry, chain_hash from audit_entries where log_id = $1 and seq >= $2 order by seq limit $3",
        log_id(tenant),
        signed(from_seq),
        i64::from(limit.clamp(1, MAX_PAGE)),
    )?;
    rows.iter().map(from_row).collect()
}

async fn head(tx: &mut Tx, tenant: Option<TenantId>) -> Result<Head> {
    let row = fetch_optional!(*tx, "select next_seq, chain_hash from audit_heads where log_id = $1", log_id(tenant))?;
    row.map_or(Ok(Head::empty()), |row| Ok(Head { size: row.unsigned("next_seq")?, hash: row.digest("chain_hash")? }))
}

impl TenantRead {
    /// The tenant's log, newest first; the cursor is the last entry's `seq`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&mut self, filter: AuditFilter, page: Page<u64>) -> Result<Vec<AuditEntry>> {
        list(&mut self.tx, Some(self.tenant), filter, page).await
    }

    /// Entries from `from_seq` on, oldest first, at most [`MAX_PAGE`]: for export, page by page in one
    /// transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_range(&mut self, from_seq: u64, limit: u32) -> Result<Vec<AuditEntry>> {
        range(&mut self.tx, Some(self.tenant), from_seq, limit).await
    }

    /// How long the tenant's log is and what it hashes to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_head(&mut self) -> Result<Head> {
        head(&mut self.tx, Some(self.tenant)).await
    }
}

impl PlatformRead {
    /// The platform's log; as [`TenantRead::audit`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&mut self, filter: AuditFilter, page: Page<u64>) -> Result<Vec<AuditEntry>> {
        list(&mut self.tx, None, filter, page).await
    }

    /// The platform's log; as [`TenantRead::audit_range`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_range(&mut self, from_seq: u64, limit: u32) -> Result<Vec<AuditEntry>> {
        range(&mut self.tx, None, from_seq, limit).await
    }

    /// The platform's log; as [`TenantRead::audit_head`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_head(&mut self) -> Result<Head> {
        head(&mut self.tx, None).await
    }
}

impl PlatformRead {
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
