//! Records in other tools' formats.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod every;
mod hostile;
mod ocsf;
mod readers;
mod sample;
