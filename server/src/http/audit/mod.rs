//! `/api/audit`: reading the tenant's log. Every reading of records is itself a record; hashes and proofs are not.
//!
//! [`search`] finds records, [`record`] shows one with its proof, [`log`] is the C2SP tlog-tiles interface that
//! monitors and witnesses know, [`export`] hands out files and [`evidence`] all that proves a period, [`state`] says how the log is, [`alerts`] are those
//! over it, [`capture`] is what accompanies it.

pub mod alerts;
pub mod capture;
pub mod evidence;
pub mod export;
pub mod log;
pub mod record;
pub mod search;
pub mod state;

use leeward_domain::Sha256Digest;
use leeward_store::SignedHead;
use serde::Serialize;
use utoipa::ToSchema;

/// Where a log stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogHead {
    /// How many records it has.
    pub size: u64,
    /// How many of them the newest checkpoint signs; the rest follow within about a second.
    pub signed_size: u64,
    /// The root of the signed tree; null before the first checkpoint.
    #[schema(value_type = Option<String>)]
    pub root: Option<Sha256Digest>,
    /// When it was signed.
    #[schema(value_type = Option<String>)]
    pub signed_at: Option<leeward_domain::Timestamp>,
}

impl LogHead {
    fn new(size: u64, signed: Option<&SignedHead>) -> Self {
        Self {
            size,
            signed_size: signed.map_or(0, |signed| signed.head.size),
            root: signed.map(|signed| signed.head.root),
            signed_at: signed.map(|signed| signed.at),
        }
    }
}
