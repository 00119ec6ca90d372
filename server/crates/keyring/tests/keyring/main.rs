//! Keys from outside: round trips, and everything that must not open.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod ambient;
mod data_keys;
mod erasure;
mod files;
mod local;
mod pkcs11;
mod providers;
mod rotation;
mod sealing;
mod streams;
mod vault;
