//! SCIM 2.0 (RFC 7643, RFC 7644) without a database and without HTTP: what a resource may hold, whether a filter
//! fits it, what a PATCH makes of it, which of its attributes are wanted.
//!
//! Everything works on JSON objects described by a [`Schema`]: the same table is what `/Schemas` shows, so that
//! nothing is advertised that is not kept. To add an attribute: a row in [`schema`], and its place where the
//! gateway reads and writes the resource (`server/src/http/scim`). Parsing filters and paths is left to the crate
//! `scim_v2`, which bounds their depth and number of terms. Left out on purpose: bulk, sorting, versions.

mod filter;
mod patch;
mod project;
mod schema;

pub use filter::Filter;
pub use patch::{patch, replace};
pub use project::Projection;
pub use schema::{Attribute, GROUP, RESOURCE_TYPE, SCHEMA, SERVICE_PROVIDER_CONFIG, Schema, USER};

/// The schema of an error.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
/// The schema of a list.
pub const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// What kind of mistake a request made (RFC 7644, section 3.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// The filter cannot be read, or asks for what is not offered.
    InvalidFilter,
    /// The answer would need more than is looked through.
    TooMany,
    /// Another resource has this value.
    Uniqueness,
    /// The attribute cannot be changed, or cannot be taken away.
    Mutability,
    /// The body does not have the message's form.
    InvalidSyntax,
    /// The path cannot be read, or does not fit the attribute.
    InvalidPath,
    /// The path points at nothing.
    NoTarget,
    /// A value is missing or not of the attribute's kind.
    InvalidValue,
}

impl Mistake {
    /// The `scimType` of the error.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidFilter => "invalidFilter",
            Self::TooMany => "tooMany",
            Self::Uniqueness => "uniqueness",
            Self::Mutability => "mutability",
            Self::InvalidSyntax => "invalidSyntax",
            Self::InvalidPath => "invalidPath",
            Self::NoTarget => "noTarget",
            Self::InvalidValue => "invalidValue",
        }
    }
}

/// A request that cannot be followed: what kind of mistake, and a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// The kind.
    pub mistake: Mistake,
    /// For the caller.
    pub detail: String,
}

impl Refusal {
    /// A refusal with its sentence.
    pub fn new(mistake: Mistake, detail: impl Into<String>) -> Self {
        Self { mistake, detail: detail.into() }
    }
}
