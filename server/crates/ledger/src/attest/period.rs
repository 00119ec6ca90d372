//! The period a report is about.

use std::time::Duration;

use leeward_domain::Timestamp;

use crate::verify::CLOCK_TOLERANCE;

/// How far beyond the period the evidence reaches, and how much later than its policy a decision may be recorded: as
/// much as a record may be older than the one before it.
pub(super) const MARGIN: Duration = CLOCK_TOLERANCE;

/// The period ends before it begins, or where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the period must end after it begins")]
pub struct EmptyPeriod;

/// From an instant up to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    from: Timestamp,
    to: Timestamp,
}

impl Period {
    /// No instant at all, for a report that names no period.
    pub(super) const NONE: Self = Self { from: Timestamp::from_unix_micros(0), to: Timestamp::from_unix_micros(0) };

    /// From `from` (included) to `to` (not included).
    ///
    /// # Errors
    /// If nothing lies between them.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, EmptyPeriod> {
        if from < to { Ok(Self { from, to }) } else { Err(EmptyPeriod) }
    }

    /// Its first instant.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// The first instant after it.
    #[must_use]
    pub const fn to(&self) -> Timestamp {
        self.to
    }

    /// The time the evidence has to begin before, unless it begins with the log: 30 seconds before the period. Begin
    /// the stretch at the last record that is older than this.
    #[must_use]
    pub fn evidence_from(&self) -> Timestamp {
        self.from.minus(MARGIN)
    }

    /// The time the evidence has to reach, unless it ends with the log: 30 seconds after the period. End the stretch
    /// with the first record that is not older than this.
    #[must_use]
    pub fn evidence_to(&self) -> Timestamp {
        self.to.plus(MARGIN)
    }

    /// Whether a record of this time is of the period.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}
