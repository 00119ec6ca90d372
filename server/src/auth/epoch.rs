//! Knowing within a fraction of a second that somebody's rights changed, on whichever gateway.
//!
//! One task asks the database for the security epoch every [`PERIOD`]. While the answers come, what was cached
//! at this epoch holds; when they stop, nothing cached holds and every request asks the database again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use leeward_store::{Store, StoreError};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::tasks::Tasks;

/// How often the epoch is read. A change elsewhere is seen after this and one small query.
const PERIOD: Duration = Duration::from_millis(200);
/// An answer that takes longer counts as none.
const PATIENCE: Duration = Duration::from_millis(400);

/// The state of everybody's rights as this process knows it.
#[derive(Debug, Clone)]
pub struct SecurityEpoch {
    shared: Arc<Shared>,
    store: Store,
    changes: watch::Receiver<u64>,
}

#[derive(Debug)]
struct Shared {
    epoch: AtomicU64,
    fresh: AtomicBool,
}

/// When something was read: it may be trusted as long as [`SecurityEpoch::holds`] says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    mark: u64,
    epoch: u64,
}

impl SecurityEpoch {
    /// Starts watching, on tasks nobody waits for: it ends with the process.
    #[must_use]
    pub fn watch(store: Store, tasks: &Tasks) -> Self {
        let shared = Arc::new(Shared { epoch: AtomicU64::new(0), fresh: AtomicBool::new(false) });
        let (sender, changes) = watch::channel(0);
        let watcher = Watcher { shared: Arc::clone(&shared), store: store.clone() };
        tasks.spawn(watcher.run(sender));
        Self { shared, store, changes }
    }

    /// The mark to take before reading; with the epoch that was read it makes a [`Moment`].
    #[must_use]
    pub fn mark(&self) -> u64 {
        self.store.security_mark()
    }

    /// The moment of a read that began after `mark` was taken and saw `epoch`.
    #[must_use]
    pub const fn moment(mark: u64, epoch: u64) -> Moment {
        Moment { mark, epoch }
    }

    /// Whether what was read at `moment` is still true, as far as can be known.
    #[must_use]
    pub fn holds(&self, moment: Moment) -> bool {
        self.shared.fresh.load(Ordering::Acquire)
            && moment.epoch >= self.shared.epoch.load(Ordering::Acquire)
            && moment.mark == self.store.security_mark()
    }

    /// Something that resolves whenever rights may have changed.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.clone()
    }
}

struct Watcher {
    shared: Arc<Shared>,
    store: Store,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Whatever ended the task: nobody confirms anything any more.
        self.shared.fresh.store(false, Ordering::Release);
    }
}

impl Watcher {
    async fn run(self, sender: watch::Sender<u64>) {
        let mut known = 0;
        loop {
            match timeout(PATIENCE, self.read()).await {
                Ok(Ok(epoch)) => {
                    self.shared.epoch.store(epoch, Ordering::Release);
                    self.shared.fresh.store(true, Ordering::Release);
                    if epoch != known {
                        known = epoch;
                        sender.send_replace(epoch);
                    }
                }
                Ok(Err(error)) => self.doubt(&error.to_string()),
                Err(_) => self.doubt("no answer"),
            }
            sleep(PERIOD).await;
        }
    }

    async fn read(&self) -> Result<u64, StoreError> {
        self.store.platform_read().await?.security_epoch().await
    }

    fn doubt(&self, why: &str) {
        if self.shared.fresh.swap(false, Ordering::AcqRel) {
            tracing::warn!(why, "the security epoch cannot be read; every request asks the database until it can");
        }
    }
}
