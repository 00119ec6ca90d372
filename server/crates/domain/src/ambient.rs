//! Time and randomness, injected.
//!
//! Nothing outside the two implementations of these traits (the system's in the gateway, the test kit's)
//! may ask the operating system for the time or for random bytes; `clippy.toml` bans the usual ways.

use std::{fmt, sync::Arc};

use uuid::Builder;

use crate::{Timestamp, ids::PrefixedId};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, UTC.
    fn now(&self) -> Timestamp;
}

/// Gives unpredictable bytes fit for keys and tokens.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// The clock and the entropy a component was given; cheap to clone.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ambient").finish_non_exhaustive()
    }
}

impl Ambient {
    /// Joins a clock and a source of entropy.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self { clock, entropy }
    }

    /// Now, UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// `N` unpredictable bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut buffer = [0; N];
        self.entropy.fill(&mut buffer);
        buffer
    }

    /// A fresh id: UUIDv7 of the injected clock and entropy (RFC 9562, section 5.7).
    #[must_use]
    pub fn mint<I: PrefixedId>(&self) -> I {
        let millis = u64::try_from(self.now().unix_millis()).unwrap_or(0);
        I::from_uuid(Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid())
    }
}
