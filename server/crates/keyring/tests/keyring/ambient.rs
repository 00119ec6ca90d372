//! Time that stands still, and bytes that never repeat but are the same in every run.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use leeward_domain::{Ambient, Clock, Entropy, Sha256Digest, Timestamp, ids::PrefixedId, ids::TenantId};
use uuid::Uuid;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_micros(0)
    }
}

struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let digest = Sha256Digest::of(&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            chunk.copy_from_slice(&digest.as_bytes()[..chunk.len()]);
        }
    }
}

/// Runs with different seeds share no bytes.
pub(crate) fn ambient(seed: u64) -> Ambient {
    Ambient::new(Arc::new(Still), Arc::new(Counted(AtomicU64::new(seed << 32))))
}

pub(crate) fn tenant(number: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(number))
}
