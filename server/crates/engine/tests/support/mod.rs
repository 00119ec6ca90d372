//! Shared by the integration tests: a tiny model and a worker over a real socket pair.

#![expect(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod tiny;
pub(crate) mod worker;
