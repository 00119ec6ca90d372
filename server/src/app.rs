//! What every request shares: made once at start, handed to handlers, never global.

use std::{fmt, sync::Arc};

use leeward_domain::{Ambient, ids::TenantId, residency::Place};
use leeward_fleet::Fleet;
use leeward_identity::passkey::RelyingParty;
use leeward_keyring::Keyring;
use leeward_store::Store;

use crate::{
    audit::{AuditLog, LedgerWatch, Reading, Sequencer},
    auth::{authenticator::Authenticator, issuers::Issuers, password::Passwords},
    catalogue::Catalogue,
    config::Config,
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
    /// The models in the store.
    pub catalogue: Catalogue,
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
    /// Counters and histograms.
    pub metrics: Arc<Metrics>,
    /// Background tasks.
    pub tasks: Tasks,
    /// Where this gateway and its local workers stand.
    pub place: Place,
    /// The tenant the workers are dedicated to, if they are.
    pub dedicated_to: Option<TenantId>,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
