//! When the disk cannot be trusted: nothing more is written until what was acknowledged has been found again.
//!
//! After a failed `fsync` the kernel may have dropped what it could not write and still show it from memory
//! (PostgreSQL's lesson of 2018: <https://wiki.postgresql.org/wiki/Fsync_Errors>). So a commit that ended so raises a
//! fault, and [`crate::Store::recover`] takes it down only after it has read from the disk, past the cache, the last
//! record acknowledged in each log. A database file that was deleted or replaced under the process is a fault too: what
//! goes into it would be gone with the process.
//!
//! PostgreSQL looks after its own `fsync`; but after any lost connection the server that answers again may be another
//! one, or an older copy: before the next write the same records are looked for.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use leeward_domain::ids::{AuditId, TenantId};

use crate::{PlatformRead, Result, StoreError};

/// What all transactions of one store know of the disk; cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Guard(Arc<Inner>);

#[derive(Default)]
struct Inner {
    fault: Mutex<Option<String>>,
    /// Whether acknowledged records must be found again before the next write.
    suspect: AtomicBool,
    acknowledged: Mutex<HashMap<Option<TenantId>, (u64, AuditId)>>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("fault", &self.fault()).finish_non_exhaustive()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guard {
    pub(crate) fn fault(&self) -> Option<String> {
        locked(&self.0.fault).clone()
    }

    /// Stops all writing. The first reason stays.
    pub(crate) fn raise(&self, why: &str) {
        locked(&self.0.fault).get_or_insert_with(|| why.to_owned());
        self.suspect();
    }

    pub(crate) fn clear(&self) {
        *locked(&self.0.fault) = None;
    }

    pub(crate) fn suspect(&self) {
        self.0.suspect.store(true, Ordering::Release);
    }

    pub(crate) fn is_suspect(&self) -> bool {
        self.0.suspect.load(Ordering::Acquire)
    }

    /// Remembers what a commit made durable.
    pub(crate) fn acknowledge(&self, appended: Vec<(Option<TenantId>, u64, AuditId)>) {
        let mut acknowledged = locked(&self.0.acknowledged);
        for (log, seq, id) in appended {
            let newest = acknowledged.entry(log).or_insert((seq, id));
            if newest.0 <= seq {
                *newest = (seq, id);
            }
        }
    }

    /// An error that says why nothing is written.
    pub(crate) fn refusal(&self) -> Option<StoreError> {
        self.fault().map(|why| StoreError::Storage(format!("nothing is written since: {why}")))
    }

    /// Looks for the last record acknowledged in each log.
    pub(crate) async fn verify(&self, read: &mut PlatformRead) -> Result<()> {
        let acknowledged: Vec<_> = locked(&self.0.acknowledged).iter().map(|(log, at)| (*log, *at)).collect();
        for (log, (seq, id)) in acknowledged {
            let found = read.audit_range(log, seq, 1).await?.into_iter().next().filter(|entry| entry.seq == seq);
            if found.map(|entry| entry.record()).transpose()?.is_none_or(|record| record.id != id) {
                let log = log.map_or("the platform".to_owned(), |tenant| tenant.to_string());
                let why = format!(
                    "record {seq} of {log}, which was acknowledged, is not in the database: it is another one, or an \
                     older copy; put the right one in place and start again"
                );
                self.raise(&why);
                return Err(StoreError::Storage(why));
            }
        }
        self.0.suspect.store(false, Ordering::Release);
        Ok(())
    }
}
