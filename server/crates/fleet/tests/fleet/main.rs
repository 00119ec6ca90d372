//! The fleet against real processes: the scripted engine answers, crashes, hangs and lies.
//!
//! One file per subject, `harness` for what they share. Every wait has a deadline, none is a sleep.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod failing;
mod harness;
mod lifecycle;
mod loading;
mod queueing;
mod serving;
mod unloading;
