//! What part of the appliance's life an event belongs to, and the parts of its code: for formats, search and alerts.

use crate::{event::EventCode, spelled::spelled};

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
    /// What people keep: conversations, how long, what holds them, and copies of them.
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

spelled!(Category: "category");

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
    ("telemetry.", Category::Audit),
    ("inference.", Category::Inference),
    ("conversation.", Category::Content),
    ("export.", Category::Content),
    ("hold.", Category::Content),
    ("retention.", Category::Content),
    ("backup.", Category::Content),
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

// A code of no category does not compile, so the fallback below is never taken.
const _: () = {
    let mut code = 0;
    while code < EventCode::ALL.len() {
        assert!(
            category_of(EventCode::ALL[code].as_str()).is_some(),
            "an event code's first part is not in category.rs: add it to BEGINNINGS and to docs/audit-formats.md"
        );
        code += 1;
    }
};

impl EventCode {
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
