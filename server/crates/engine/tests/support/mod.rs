//! Shared by the integration tests: tiny models, as a file and as directories, and a worker over a real socket pair.

#![expect(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod directory;
pub(crate) mod tiny;
pub(crate) mod worker;
