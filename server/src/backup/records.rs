//! Putting records into many logs.

use leeward_domain::ids::TenantId;
use leeward_ledger::Record;
use leeward_store::{Result, Store};

/// Logs written to in one transaction: whoever else writes waits no longer than that takes.
const BATCH: usize = 20;

/// Appends each record to the log it belongs to.
///
/// # Errors
/// When the database fails; earlier batches are kept.
pub(super) async fn append(store: &Store, records: &[(Option<TenantId>, Record)]) -> Result<()> {
    for batch in records.chunks(BATCH) {
        let mut write = store.platform_write().await?;
        for (log, record) in batch {
            write.append_audit_to(*log, std::slice::from_ref(record)).await?;
        }
        write.commit().await?;
    }
    Ok(())
}
