//! What happens to workers, told to the caller for its audit log.

use std::time::Duration;

use leeward_domain::tenant::ModelName;
use leeward_wire::SandboxReport;
use tokio::sync::mpsc;

/// How long the caller has to take an event.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// Something happened to a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FleetEvent {
    /// A model was loaded and takes jobs.
    Loaded {
        /// Which one.
        model: ModelName,
        /// How long the worker says loading took, in milliseconds.
        load_ms: u64,
        /// What its sandbox holds back.
        sandbox: SandboxReport,
    },
    /// A model could not be loaded (its files were refused, or the worker failed before it was ready).
    LoadFailed {
        /// Which one.
        model: ModelName,
        /// What went wrong, for an operator.
        message: String,
    },
    /// A model was let go of, as it was asked; its worker is gone.
    Unloaded {
        /// Which one.
        model: ModelName,
        /// How the process ended.
        status: String,
    },
    /// A worker that had been ready is gone.
    Exited {
        /// Its model.
        model: ModelName,
        /// How the process ended, and why the fleet ended it if it did.
        status: String,
        /// Jobs that were running in it.
        jobs_lost: u32,
    },
}

/// Hands `event` over, waiting while the channel is full.
///
/// An event that cannot be delivered in time is logged as an error in full: the worker's life goes on.
pub(crate) async fn deliver(events: &mpsc::Sender<FleetEvent>, event: FleetEvent) {
    if let Err(error) = events.send_timeout(event, DELIVERY_TIMEOUT).await {
        let reason = match &error {
            mpsc::error::SendTimeoutError::Timeout(_) => "nobody took it in time",
            mpsc::error::SendTimeoutError::Closed(_) => "the receiver is gone",
        };
        tracing::error!(event = ?error.into_inner(), reason, "a fleet event was not delivered");
    }
}
