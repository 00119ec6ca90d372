//! Whether what an event tells of went well: what searches and foreign formats ask for first.

use crate::event::EventCode;

/// How an act ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As it was meant to, or it has only begun.
    Success,
    /// It was refused, it failed, or something is wrong.
    Failure,
}

/// The last parts of codes that tell of a failure.
const FAILURES: [&str; 8] = ["failed", "refused", "throttled", "aborted", "detected", "exited", "fenced", "low"];

impl Outcome {
    /// `success` or `failure`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
        }
    }
}

impl EventCode {
    /// How the act ended, by the last part of the code.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        let last = self.as_str().rsplit('.').next().unwrap_or_default();
        if FAILURES.contains(&last) { Outcome::Failure } else { Outcome::Success }
    }
}
