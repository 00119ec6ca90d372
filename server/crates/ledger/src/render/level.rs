//! How much a record asks for attention: one scale, which every format spells its own way.

use crate::{event::EventCode, outcome::Outcome};

/// Attention, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// The usual run of things.
    Info,
    /// Worth a glance: given up by whoever asked.
    Notice,
    /// Something was refused or broke.
    Warning,
    /// Somebody should look now: what must not happen, or the emergency account.
    High,
}

impl Level {
    /// The level of a code, by its last part but for the emergency account.
    pub(super) fn of(code: EventCode) -> Self {
        let last = code.as_str().rsplit('.').next().unwrap_or_default();
        match (code.outcome(), last) {
            (_, "detected" | "fenced") => Self::High,
            _ if code.as_str().starts_with("break_glass.") => Self::High,
            (Outcome::Failure, _) => Self::Warning,
            (Outcome::Success, "cancelled") => Self::Notice,
            (Outcome::Success, _) => Self::Info,
        }
    }

    /// CEF's 0 to 10: 0–3 low, 4–6 medium, 7–8 high, 9–10 very high.
    pub(super) const fn cef(self) -> u8 {
        match self {
            Self::Info => 1,
            Self::Notice => 3,
            Self::Warning => 6,
            Self::High => 9,
        }
    }

    /// Syslog's 7 (debug) to 0 (emergency).
    pub(super) const fn syslog(self) -> u8 {
        match self {
            Self::Info => 6,
            Self::Notice => 5,
            Self::Warning => 4,
            Self::High => 2,
        }
    }

    /// OCSF's `severity_id` and its caption.
    pub(super) const fn ocsf(self) -> (u8, &'static str) {
        match self {
            Self::Info => (1, "Informational"),
            Self::Notice => (2, "Low"),
            Self::Warning => (3, "Medium"),
            Self::High => (4, "High"),
        }
    }

    /// OpenTelemetry's `severityNumber` and its short name.
    pub(super) const fn otlp(self) -> (u8, &'static str) {
        match self {
            Self::Info => (9, "INFO"),
            Self::Notice => (10, "INFO2"),
            Self::Warning => (13, "WARN"),
            Self::High => (17, "ERROR"),
        }
    }
}
