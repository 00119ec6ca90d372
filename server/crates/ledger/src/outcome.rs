//! How an act ended and what it belongs to, read off its event code.
//!
//! One place for formats, search and alerts: both are derived from the code's parts, so a new code is
//! classified by being named. A code whose first or last part is in neither table below does not compile.

use std::{fmt, str::FromStr};

use crate::event::EventCode;

/// How the act a code tells of ended. Derived from the code's last part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done.
    Success,
    /// It was not done: refused, or it broke.
    Failure,
    /// It has begun; a later record of the same request says how it ended.
    Pending,
    /// It ended early because whoever asked for it wanted that.
    Cancelled,
    /// Something was noticed that must not happen.
    Alarm,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: &[Self] = &[Self::Success, Self::Failure, Self::Pending, Self::Cancelled, Self::Alarm];

    /// The spelling in filters and in other tools' formats.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Pending => "pending",
            Self::Cancelled => "cancelled",
            Self::Alarm => "alarm",
        }
    }
}

/// What part of the appliance's life a code belongs to. Derived from the code's first part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// Signing in and out, tokens, refusals.
    Access,
    /// Who there is and what they may do: users, roles, groups, projects, keys.
    Accounts,
    /// How the appliance and its tenants are set up.
    Configuration,
    /// The log itself: who read it, what was done to it.
    Audit,
    /// Work of a model.
    Inference,
    /// What people keep: conversations.
    Content,
    /// Which models there are.
    Models,
    /// The service's own life: processes, clock.
    Service,
}

impl Category {
    /// Every category.
    pub const ALL: &[Self] = &[
        Self::Access,
        Self::Accounts,
        Self::Configuration,
        Self::Audit,
        Self::Inference,
        Self::Content,
        Self::Models,
        Self::Service,
    ];

    /// The spelling in filters and in other tools' formats.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Accounts => "accounts",
            Self::Configuration => "configuration",
            Self::Audit => "audit",
            Self::Inference => "inference",
            Self::Content => "content",
            Self::Models => "models",
            Self::Service => "service",
        }
    }
}

macro_rules! spelled {
    ($($name:ident: $what:literal),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownName;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|name| name.as_str() == text).ok_or_else(|| UnknownName {
                    what: $what,
                    text: text.to_owned(),
                    known: Self::ALL.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

pub(crate) use spelled;

/// The text was not one of a fixed list of names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} {text:?}; it is one of {known}")]
pub struct UnknownName {
    /// What was asked for.
    pub what: &'static str,
    /// The text.
    pub text: String,
    /// The names there are.
    pub known: String,
}

spelled!(Outcome: "outcome", Category: "category");

/// A code's last part, and what it says. To add a code with another ending: a line here.
const ENDINGS: &[(&str, Outcome)] = &[
    (".succeeded", Outcome::Success),
    (".completed", Outcome::Success),
    (".started", Outcome::Success),
    (".stopped", Outcome::Success),
    (".failed", Outcome::Failure),
    (".refused", Outcome::Failure),
    (".throttled", Outcome::Failure),
    (".aborted", Outcome::Failure),
    (".exited", Outcome::Failure),
    (".admitted", Outcome::Pending),
    (".cancelled", Outcome::Cancelled),
    (".detected", Outcome::Alarm),
];

/// A code's first part, and where it belongs. To add a code with another beginning: a line here.
const BEGINNINGS: &[(&str, Category)] = &[
    ("auth.", Category::Access),
    ("token.", Category::Access),
    ("break_glass.", Category::Access),
    ("user.", Category::Accounts),
    ("role.", Category::Accounts),
    ("group.", Category::Accounts),
    ("project.", Category::Accounts),
    ("key.", Category::Accounts),
    ("tenant.", Category::Configuration),
    ("policy.", Category::Configuration),
    ("provider.", Category::Configuration),
    ("issuer.", Category::Configuration),
    ("audit.", Category::Audit),
    ("inference.", Category::Inference),
    ("conversation.", Category::Content),
    ("model.", Category::Models),
    ("service.", Category::Service),
    ("engine.", Category::Service),
    ("clock.", Category::Service),
];

/// Whether `part` stands in `text` from byte `at` on. `str`'s own ways are not const.
const fn stands_at(text: &str, part: &str, at: usize) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let mut byte = 0;
    while byte < part.len() {
        if text.len() <= at + byte || text[at + byte] != part[byte] {
            return false;
        }
        byte += 1;
    }
    true
}

const fn outcome_of(code: &str) -> Option<Outcome> {
    let mut line = 0;
    while line < ENDINGS.len() {
        let (ending, outcome) = ENDINGS[line];
        if ending.len() < code.len() && stands_at(code, ending, code.len() - ending.len()) {
            return Some(outcome);
        }
        line += 1;
    }
    None
}

const fn category_of(code: &str) -> Option<Category> {
    let mut line = 0;
    while line < BEGINNINGS.len() {
        let (beginning, category) = BEGINNINGS[line];
        if stands_at(code, beginning, 0) {
            return Some(category);
        }
        line += 1;
    }
    None
}

// A code that fits neither table does not compile, so the fallbacks below are never taken.
const _: () = {
    let mut code = 0;
    while code < EventCode::ALL.len() {
        assert!(outcome_of(EventCode::ALL[code].as_str()).is_some(), "an event code's last part is not in ENDINGS");
        assert!(
            category_of(EventCode::ALL[code].as_str()).is_some(),
            "an event code's first part is not in BEGINNINGS"
        );
        code += 1;
    }
};

impl EventCode {
    /// How the act ended.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match outcome_of(self.as_str()) {
            Some(outcome) => outcome,
            None => Outcome::Alarm,
        }
    }

    /// What part of the appliance's life it belongs to.
    #[must_use]
    pub const fn category(self) -> Category {
        match category_of(self.as_str()) {
            Some(category) => category,
            None => Category::Service,
        }
    }

    /// The act without how it ended: `auth.login` of `auth.login.failed`.
    #[must_use]
    pub fn act(self) -> &'static str {
        self.as_str().rsplit_once('.').map_or(self.as_str(), |(act, _)| act)
    }

    /// The last part of the act: `login` of `auth.login.failed`, `inference` of `inference.admitted`.
    #[must_use]
    pub fn verb(self) -> &'static str {
        self.act().rsplit_once('.').map_or(self.act(), |(_, verb)| verb)
    }
}
