//! GGUF files: a strict reader, the facts in a header, and re-quantising.
//!
//! The reader trusts nothing: every count is checked against the bytes that are left before anything is
//! allocated, and every tensor must lie inside the file. To support a new tensor type: a row in
//! [`kind::TensorKind::from_id`]. Left out on purpose: GGUF version 1, split files, big-endian files.

mod facts;
mod header;
pub mod kind;
mod requantise;
mod value;

pub use facts::facts;
pub use header::{Header, MAX_ENTRIES, MAX_TENSORS, Tensor};
pub use requantise::{Target, requantise};
pub use value::{MAX_NESTING, Value};

use std::io;

/// Why a GGUF file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum GgufError {
    /// It is not a GGUF file, or its header contradicts itself.
    #[error("not a GGUF file: {0}")]
    NotGguf(String),
    /// The file ends too early.
    #[error("truncated: {0}")]
    Truncated(String),
    /// A GGUF file, but of a kind this engine cannot work with.
    #[error("unsupported: {0}")]
    Unsupported(String),
    /// The disk (or the quota) is full; nothing was left behind.
    #[error("no space left: {0}")]
    NoSpace(String),
    /// Reading or writing failed otherwise.
    #[error("{0}")]
    Io(String),
}

impl GgufError {
    /// The word programs match on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotGguf(_) => "not_gguf",
            Self::Truncated(_) => "truncated",
            Self::Unsupported(_) => "unsupported",
            Self::NoSpace(_) => "no_space",
            Self::Io(_) => "io",
        }
    }

    /// Wraps an I/O error, saying what was being done.
    pub(crate) fn io(doing: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::NoSpace(format!("{doing}: {error}"))
            }
            _ => Self::Io(format!("{doing}: {error}")),
        }
    }
}
