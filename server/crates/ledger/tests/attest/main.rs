//! Attestation reports from outside: what they say, what tampering with them is called, and what lies are found out.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod command_line;
mod counting;
mod docs;
mod form;
mod lies;
mod month;
mod mutations;
#[cfg(feature = "pdf")]
mod pdf;
mod python;
mod report;
mod second_verifier;
mod trust;
