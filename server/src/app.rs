//! What every request shares: made once at start, handed to handlers, never global.

use std::{fmt, sync::Arc, time::Duration};

use leeward_domain::{Ambient, ids::TenantId, residency::Place};
use leeward_fleet::Fleet;
use leeward_identity::passkey::RelyingParty;
use leeward_keyring::Keyring;
use leeward_store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    audit::{AuditLog, LedgerWatch, Reading, Sequencer},
    auth::{authenticator::Authenticator, issuers::Issuers, password::Passwords},
    catalogue::{Catalogue, keeper::Keeper},
    config::Config,
    error::{AppError, Code},
    graveyard::Graveyard,
    inference::Admitted,
    keys::Custody,
    outbound::SelfTest,
    tasks::Tasks,
    telemetry::metrics::Metrics,
};

/// The house's shared state.
pub struct App {
    /// The configuration, checked.
    pub config: Config,
    /// Keys that were destroyed stay destroyed.
    pub graveyard: Graveyard,
    /// Time and randomness.
    pub ambient: Ambient,
    /// The database.
    pub store: Store,
    /// Who holds the key-encryption keys.
    pub custody: Arc<Custody>,
    /// Tenants' keys.
    pub keyring: Arc<Keyring>,
    /// The audit log's writer.
    pub audit: AuditLog,
    /// Whether the audit log can be written.
    pub ledger: LedgerWatch,
    /// Grows the audit logs' trees.
    pub sequencer: Sequencer,
    /// Reads audit logs out, with proofs.
    pub reading: Reading,
    /// The models, and what was decided about them.
    pub catalogue: Catalogue,
    /// Puts what was decided into effect.
    pub models: Keeper,
    /// The workers.
    pub fleet: Fleet,
    /// Password checks.
    pub passwords: Passwords,
    /// Whose credentials.
    pub authenticator: Authenticator,
    /// Whether nothing undeclared is dialled.
    pub egress: SelfTest,
    /// What outside issuers publish, and the client that asks them.
    pub issuers: Issuers,
    /// Where browsers reach the service, without a slash at the end.
    pub public_url: String,
    /// Who asks for passkeys here; none where the service has no host name.
    pub passkeys: Option<RelyingParty>,
    /// When somebody last asked a model.
    pub admitted: Admitted,
    /// Turns at what takes long and room on the disk: reports, exports of all that is kept of somebody.
    pub long_answers: Arc<Semaphore>,
    /// Counters and histograms.
    pub metrics: Arc<Metrics>,
    /// Background tasks.
    pub tasks: Tasks,
    /// Where this gateway and its local workers stand.
    pub place: Place,
    /// The tenant the workers are dedicated to, if they are.
    pub dedicated_to: Option<TenantId>,
}

/// Long answers made at the same time.
pub const LONG_ANSWERS: usize = 4;
/// When a further one may be tried.
const TRY_AGAIN: Duration = Duration::from_secs(10);

impl App {
    /// A turn at a long answer, to be kept until its last byte.
    ///
    /// # Errors
    /// `queue_full` when as many are being made as may be.
    pub fn long_answer(&self) -> Result<OwnedSemaphorePermit, AppError> {
        Arc::clone(&self.long_answers).try_acquire_owned().map_err(|_| AppError {
            retry_after: Some(TRY_AGAIN),
            ..AppError::new(
                Code::QueueFull,
                format!(
                    "{LONG_ANSWERS} reports and exports are being made already; try again in {} s",
                    TRY_AGAIN.as_secs()
                ),
            )
        })
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
