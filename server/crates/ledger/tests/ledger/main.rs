//! The ledger from outside: exports, what tampering with them is called, and the verifier's command line.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod bundle;
mod canonical;
mod catalogue;
mod command_line;
mod format;
mod proofs;
mod second_verifier;
mod semantics;
mod tampering;
mod trust;
mod vectors;
