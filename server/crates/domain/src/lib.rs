//! The words Leeward is written in: ids, time, tenants, principals, permissions, places, model manifests.
//!
//! Everything here is pure: no I/O, no ambient clock, no ambient randomness (see [`ambient`] for how both
//! are injected). Parsing happens in constructors, so a value that exists is a valid value.
//!
//! To add an id: one line in [`ids`]. To add a permission: a variant in [`permission::Permission`] and its
//! row in the role table beside it. Left out on purpose: anything that knows a database, HTTP or a process.

pub mod ambient;
pub mod capture;
pub mod digest;
#[cfg(feature = "url")]
pub mod federation;
pub mod holder;
pub mod ids;
pub mod model;
pub mod permission;
pub mod principal;
pub mod project;
#[cfg(feature = "url")]
pub mod provider;
pub mod residency;
pub mod sign_in;
pub mod tenant;
pub mod time;
pub mod user;

pub use ambient::{Ambient, Clock, Entropy};
pub use capture::CaptureLevel;
pub use digest::Sha256Digest;
pub use holder::Holder;
pub use time::Timestamp;
