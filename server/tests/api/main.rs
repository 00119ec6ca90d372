//! Black-box tests: a real `leeward` process with a fresh data directory, database and port for each test.
//! The worker is the scripted engine, a real process that speaks the fleet's protocol; the real engine has
//! tests of its own and the client and browser suites.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "tests own their tasks and their clock")]
#![expect(missing_docs, unreachable_pub, reason = "nobody imports this")]

mod alerts;
mod anthropic;
mod app;
mod attestation;
mod audit;
mod auth;
mod backup;
mod bad_input;
mod break_glass;
mod canary;
mod capture;
mod chat;
mod crash;
mod data_keys;
mod deadlines;
mod durability;
mod embeddings;
mod events;
mod evidence;
mod import;
mod isolation;
mod kek;
mod ldap;
mod ledger;
mod life;
mod log_key;
mod models;
mod mtls;
mod neighbours;
mod oidc;
mod openai;
mod operations;
mod passkeys;
mod pooler;
mod projects;
mod residency;
mod responses;
mod rights;
mod rows;
mod scim;
mod scim_power;
mod sign_in;
mod sinks;
mod stored_responses;
mod tokens;
mod tools;
mod witness;

pub use app::{Backend, TestApp};
