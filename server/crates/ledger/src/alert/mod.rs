//! Saved alerts: so many records of a kind within so long, and somebody should look.
//!
//! Pure: what an alert is, and [`Evaluator`], which is fed records in the order of their log and says when one
//! fires. docs/audit-alerts.md holds the form and the rules.
//!
//! Left out: keeping alerts and telling anybody, which is the server's. Whoever makes a fired alert a record of
//! its own should not let an alert count such records.

mod evaluate;

use std::{collections::BTreeSet, fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use self::evaluate::{Evaluator, Firing, Group, MAX_GROUPS, Who};
use crate::{event::EventCode, outcome::Outcome, record::Record, spelled::spelled};

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;
/// The most event patterns of one alert.
pub const MAX_PATTERNS: usize = 32;
/// The highest threshold: an evaluator keeps the time of so many records for each group.
pub const MAX_THRESHOLD: u32 = 1_000;
/// The longest window, in seconds: seven days.
pub const MAX_WINDOW_SECONDS: u32 = 7 * 24 * 60 * 60;

/// What was wrong with an alert.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAlert {
    /// The name is empty, too long or not on one line.
    #[error("an alert's name has 1 to {MAX_NAME} characters, none of them a control character")]
    Name,
    /// No pattern, or too many.
    #[error("an alert names 1 to {MAX_PATTERNS} events, for example `auth.login.failed` or `break_glass.*`")]
    Events,
    /// A pattern that fits no event code.
    #[error("no event code fits {0:?}; name one of docs/audit.md's table, or its first parts and `.*`")]
    Pattern(String),
    /// A threshold of nothing, or one too high to keep.
    #[error("an alert's threshold is 1 to {MAX_THRESHOLD} records")]
    Threshold,
    /// A window of nothing, or one too long.
    #[error("an alert's window is 1 to {MAX_WINDOW_SECONDS} seconds")]
    Window,
}

/// Which events count: one code, or all codes below some parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(String);

impl Pattern {
    /// Whether `code` fits.
    #[must_use]
    pub fn fits(&self, code: EventCode) -> bool {
        match self.0.strip_suffix('*') {
            // What is left ends in a dot, so `auth.*` does not fit `authority.x`.
            Some(beginning) => code.as_str().starts_with(beginning),
            None => code.as_str() == self.0,
        }
    }
}

impl FromStr for Pattern {
    type Err = InvalidAlert;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let pattern = Self(text.to_owned());
        // A star stands for whole parts: `auth.lo*` and `*` are no patterns.
        let whole = text.strip_suffix('*').is_none_or(|beginning| beginning.ends_with('.'));
        if whole && EventCode::ALL.iter().any(|code| pattern.fits(*code)) {
            Ok(pattern)
        } else {
            Err(InvalidAlert::Pattern(text.to_owned()))
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What records are counted apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// All together.
    None,
    /// Each user by themselves, whatever key they use; nobody known, the service and the console each as one.
    Actor,
    /// Each address by itself; records without one together.
    Source,
}

impl GroupBy {
    /// Every way of grouping.
    pub const ALL: &[Self] = &[Self::None, Self::Actor, Self::Source];

    /// The spelling in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Actor => "actor",
            Self::Source => "source",
        }
    }
}

spelled!(GroupBy: "grouping");

/// A saved alert. Only valid ones exist: [`Alert::new`] and reading JSON check every bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Form", into = "Form")]
pub struct Alert {
    name: String,
    events: BTreeSet<Pattern>,
    outcome: Option<Outcome>,
    threshold: u32,
    window: Duration,
    group_by: GroupBy,
}

/// An alert as JSON has it; nothing is checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// What people call it.
    pub name: String,
    /// Which events count.
    pub events: Vec<Pattern>,
    /// Which outcome counts; left out, both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// How many records make it fire.
    pub threshold: u32,
    /// Within how many seconds.
    pub window_seconds: u32,
    /// What they are counted apart by.
    pub group_by: GroupBy,
}

impl Alert {
    /// Checks `form`.
    ///
    /// # Errors
    ///
    /// The first bound that it breaks.
    pub fn new(form: Form) -> Result<Self, InvalidAlert> {
        let Form { name, events, outcome, threshold, window_seconds, group_by } = form;
        if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
            return Err(InvalidAlert::Name);
        }
        if !(1..=MAX_PATTERNS).contains(&events.len()) {
            return Err(InvalidAlert::Events);
        }
        if !(1..=MAX_THRESHOLD).contains(&threshold) {
            return Err(InvalidAlert::Threshold);
        }
        if !(1..=MAX_WINDOW_SECONDS).contains(&window_seconds) {
            return Err(InvalidAlert::Window);
        }
        Ok(Self {
            name,
            events: events.into_iter().collect(),
            outcome,
            threshold,
            window: Duration::from_secs(window_seconds.into()),
            group_by,
        })
    }

    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many records make it fire.
    #[must_use]
    pub const fn threshold(&self) -> u32 {
        self.threshold
    }

    /// Within how long, and how long it then keeps quiet.
    #[must_use]
    pub const fn window(&self) -> Duration {
        self.window
    }

    /// Whether `record` counts.
    #[must_use]
    pub fn counts(&self, record: &Record) -> bool {
        let code = record.event;
        self.events.iter().any(|pattern| pattern.fits(code))
            && self.outcome.is_none_or(|outcome| outcome == code.outcome())
    }
}

impl TryFrom<Form> for Alert {
    type Error = InvalidAlert;
    fn try_from(form: Form) -> Result<Self, Self::Error> {
        Self::new(form)
    }
}

impl From<Alert> for Form {
    fn from(alert: Alert) -> Self {
        Self {
            name: alert.name,
            events: alert.events.into_iter().collect(),
            outcome: alert.outcome,
            threshold: alert.threshold,
            // A window was made of that many seconds.
            window_seconds: u32::try_from(alert.window.as_secs()).unwrap_or(MAX_WINDOW_SECONDS),
            group_by: alert.group_by,
        }
    }
}
