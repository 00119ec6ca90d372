//! Keys from outside: round trips, and everything that must not open.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod ambient;
mod files;
mod sealing;
