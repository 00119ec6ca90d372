//! What tests of several crates need: real processes and throwaway services, no mocks.
//!
//! One file per thing. To add one: a file, its `pub mod` here. Nothing in here is part of the product.

#[cfg(feature = "oidc")]
pub mod oidc;
pub mod passkey;
pub mod pgbouncer;
pub mod postgres;
pub mod rsyslog;
pub mod scripted;
pub mod slapd;
