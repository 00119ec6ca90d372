//! The one instant type: UTC, whole microseconds.
//!
//! Microseconds are what PostgreSQL's `timestamptz` keeps, so a value survives both databases unchanged.
//! The text form always has six fractional digits and a `Z` (RFC 3339), so texts sort as instants do; every form of
//! RFC 3339 but leap seconds is read.

mod rfc3339;

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
#[cfg(feature = "time")]
use time::OffsetDateTime;

/// An instant in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The text was not an RFC 3339 instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected an RFC 3339 time such as 2026-01-31T08:00:00Z")]
pub struct ParseTimestampError;

const DAY_MICROS: i64 = 86_400_000_000;

impl Timestamp {
    /// From microseconds since the Unix epoch.
    #[must_use]
    pub const fn from_unix_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub const fn unix_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down (OpenAI's `created`).
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole milliseconds since the Unix epoch, rounded down.
    #[must_use]
    pub const fn unix_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The instant `by` later, saturating at the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The instant `by` earlier, saturating at the beginning of time.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The time from `earlier` to here, zero if the clock went backwards.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Whole days since the Unix epoch (UTC), rounded down.
    #[must_use]
    pub const fn unix_days(self) -> i64 {
        self.0.div_euclid(DAY_MICROS)
    }

    /// The first instant of its day (UTC).
    #[must_use]
    pub const fn start_of_day(self) -> Self {
        Self(self.0 - self.0.rem_euclid(DAY_MICROS))
    }

    /// As the `time` crate's type, for PostgreSQL and certificates.
    #[cfg(feature = "time")]
    #[must_use]
    pub fn to_datetime(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

#[cfg(feature = "time")]
impl From<OffsetDateTime> for Timestamp {
    fn from(datetime: OffsetDateTime) -> Self {
        Self(i64::try_from(datetime.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(&rfc3339::write(self.0)).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Timestamp {
    type Err = ParseTimestampError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        rfc3339::read(text.as_bytes()).map(Self).ok_or(ParseTimestampError)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_on_both_sides_of_the_epoch() {
        for (text, start, days) in [
            ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59.999999Z", "1969-12-31T00:00:00Z", -1),
            ("2026-11-25T14:51:53Z", "2026-11-25T00:00:00Z", 20782),
        ] {
            let at: Timestamp = text.parse().unwrap();
            assert_eq!((at.start_of_day(), at.unix_days()), (start.parse().unwrap(), days), "{text}");
        }
    }

    #[test]
    fn text_has_fixed_width_and_round_trips() {
        for micros in [0, 1, 999_999, 1_700_000_000_123_456] {
            let instant = Timestamp::from_unix_micros(micros);
            let text = instant.to_string();
            assert_eq!(text.len(), "1970-01-01T00:00:00.000000Z".len());
            assert_eq!(text.parse(), Ok(instant));
        }
    }
}
