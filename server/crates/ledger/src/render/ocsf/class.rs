//! Which OCSF class and activity an event code is.

use std::fmt::Write as _;

use crate::{category::Category, event::EventCode};

/// The classes our events fall into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// An account or what it signs in with changed.
    AccountChange,
    /// Somebody signed in or out, or asked for a token.
    Authentication,
    /// Something an administrator keeps was made, changed or removed.
    EntityManagement,
    /// The same for groups of people.
    GroupManagement,
    /// A process or a model came or went.
    ApplicationLifecycle,
    /// The API was asked for something.
    ApiActivity,
}

impl Class {
    /// `class_uid`.
    pub(super) const fn uid(self) -> u32 {
        match self {
            Self::AccountChange => 3001,
            Self::Authentication => 3002,
            Self::EntityManagement => 3004,
            Self::GroupManagement => 3006,
            Self::ApplicationLifecycle => 6002,
            Self::ApiActivity => 6003,
        }
    }

    /// `class_name`.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::AccountChange => "Account Change",
            Self::Authentication => "Authentication",
            Self::EntityManagement => "Entity Management",
            Self::GroupManagement => "Group Management",
            Self::ApplicationLifecycle => "Application Lifecycle",
            Self::ApiActivity => "API Activity",
        }
    }

    /// `category_uid` and `category_name`.
    pub(super) const fn category(self) -> (u32, &'static str) {
        match self {
            Self::ApplicationLifecycle | Self::ApiActivity => (6, "Application Activity"),
            _ => (3, "Identity & Access Management"),
        }
    }
}

/// OCSF's id for "none of the list; `activity_name` says what".
pub(super) const OTHER: u32 = 99;

/// The rules, the first that fits wins: how a code begins, its class, the `activity_id` and its caption. An
/// activity of [`OTHER`] is named after the act.
const RULES: &[(&str, Class, u32, &str)] = &[
    ("auth.login.", Class::Authentication, 1, "Logon"),
    ("auth.first_factor.", Class::Authentication, 6, "Preauth"),
    ("auth.second_factor.", Class::Authentication, 6, "Preauth"),
    ("auth.logout.", Class::Authentication, 2, "Logoff"),
    ("auth.session.revoke.", Class::Authentication, 2, "Logoff"),
    ("auth.backchannel_logout.", Class::Authentication, 2, "Logoff"),
    ("auth.access.", Class::ApiActivity, OTHER, ""),
    ("auth.password.change.", Class::AccountChange, 3, "Password Change"),
    ("auth.factor.enrol.", Class::AccountChange, 10, "MFA Factor Enable"),
    ("auth.factor.remove.", Class::AccountChange, 11, "MFA Factor Disable"),
    ("auth.", Class::AccountChange, OTHER, ""),
    ("break_glass.unlock.", Class::Authentication, 1, "Logon"),
    ("break_glass.", Class::AccountChange, OTHER, ""),
    ("token.signing_key.rotate.", Class::EntityManagement, 3, "Update"),
    ("token.", Class::Authentication, OTHER, ""),
    ("user.create.", Class::AccountChange, 1, "Create"),
    ("user.delete.", Class::AccountChange, 6, "Delete"),
    ("user.", Class::AccountChange, OTHER, ""),
    ("group.create.", Class::GroupManagement, 6, "Create"),
    ("group.delete.", Class::GroupManagement, 5, "Delete"),
    ("group.", Class::GroupManagement, OTHER, ""),
    ("service.started", Class::ApplicationLifecycle, 3, "Start"),
    ("service.stopped", Class::ApplicationLifecycle, 4, "Stop"),
    ("engine.worker.exited", Class::ApplicationLifecycle, 4, "Stop"),
    ("model.import.", Class::ApplicationLifecycle, 1, "Install"),
    ("model.load.", Class::ApplicationLifecycle, 3, "Start"),
    ("audit.read.", Class::ApiActivity, 2, "Read"),
    ("audit.export.", Class::ApiActivity, 2, "Read"),
    ("audit.recovery.", Class::ApplicationLifecycle, OTHER, ""),
    ("audit.ledger.", Class::ApplicationLifecycle, OTHER, ""),
    ("audit.space.", Class::ApplicationLifecycle, OTHER, ""),
    ("inference.", Class::ApiActivity, OTHER, ""),
    ("conversation.create.", Class::ApiActivity, 1, "Create"),
    ("conversation.update.", Class::ApiActivity, 3, "Update"),
    ("conversation.delete.", Class::ApiActivity, 4, "Delete"),
    ("conversation.change.", Class::ApiActivity, 3, "Update"),
];

/// The class, `activity_id` and `activity_name` of a code. Codes no rule names are acts on things that
/// administrators keep, told apart by their verb.
pub(super) fn class_of(code: EventCode) -> (Class, u32, &'static str) {
    let rule = RULES.iter().find(|(beginning, ..)| code.as_str().starts_with(beginning));
    let (class, activity, name) = match (rule, code.category()) {
        (Some((_, class, activity, name)), _) => (*class, *activity, *name),
        (None, Category::Service | Category::Models) => (Class::ApplicationLifecycle, OTHER, ""),
        (None, Category::Inference | Category::Content) => (Class::ApiActivity, OTHER, ""),
        (None, _) => {
            let (activity, name) = match code.verb() {
                "create" => (1, "Create"),
                "read" => (2, "Read"),
                "update" | "rotate" => (3, "Update"),
                "delete" => (4, "Delete"),
                "revoke" => (9, "Disable"),
                _ => (OTHER, ""),
            };
            (Class::EntityManagement, activity, name)
        }
    };
    (class, activity, if activity == OTHER { code.act() } else { name })
}

/// The rules as a Markdown table, so that docs/audit-formats.md can be held against the code.
#[must_use]
pub fn rules_markdown() -> String {
    let mut table = String::from("| codes | class | activity |\n|---|---|---|\n");
    for (beginning, class, activity, name) in RULES {
        let codes = if beginning.ends_with('.') { format!("{beginning}*") } else { (*beginning).to_owned() };
        let name = if *activity == OTHER { "Other, named after the act" } else { name };
        // Writing into a String cannot fail.
        let _ = writeln!(table, "| `{codes}` | {} {} | {activity} {name} |", class.uid(), class.name());
    }
    table
}
