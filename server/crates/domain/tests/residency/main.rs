//! Residency from outside: the decision against a second one written apart from it, and what must hold of any
//! policy, place and class.
#![expect(clippy::unwrap_used, reason = "a failed unwrap in a test is a failed test")]

mod decision;
mod policies;
mod reference;
mod world;
