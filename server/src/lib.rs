//! Leeward's gateway: every door of the appliance, and the command line beside it.
//!
//! A request goes through the rooms in this order: [`http`] (the route table) → [`auth`] (who is it, may
//! they) → [`inference`] (residency, admission, the fleet, settling) → [`audit`] (nothing is answered
//! unrecorded). [`startup`] puts the rooms together, [`cli`] starts it. `docs/architecture.md` draws it.

pub mod accounts;
pub mod ambient;
pub mod app;
pub mod attestation;
pub mod audit;
pub mod auth;
pub mod backup;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod directory;
pub mod error;
pub mod foundation;
pub mod graveyard;
pub mod housekeeping;
pub mod http;
pub mod inference;
pub mod instance;
pub mod keys;
pub mod outbound;
pub mod residency;
pub mod retention;
pub mod sealed;
pub mod startup;
pub mod tasks;
pub mod telemetry;
pub mod tls;

/// The build, as records and logs name it.
pub const BUILD: &str = concat!("leeward ", env!("CARGO_PKG_VERSION"));
