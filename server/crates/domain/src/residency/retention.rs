//! How long each class of data may be kept.
//!
//! Left out on purpose: deleting. This says what the tenant wants; whoever keeps the data has to ask.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// How many days each class of data may be kept; unset sets no limit. A day is 86,400 seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Conversations, from their last message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversations: Option<NonZeroU32>,
    /// Prompts and answers kept with audit records, from the record. The records themselves stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audit_capture: Option<NonZeroU32>,
    /// Backups, from when they were taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backups: Option<NonZeroU32>,
    /// Exports that wait to be fetched, from when they were made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exports: Option<NonZeroU32>,
}

impl Retention {
    /// Whether nothing is limited.
    #[must_use]
    pub fn is_unset(&self) -> bool {
        *self == Self::default()
    }

    /// Every class of data as changes of a policy name it, with its days.
    pub(super) fn fields(&self) -> [(&'static str, Option<NonZeroU32>); 4] {
        // Taken apart by name, so that a field more does not compile until it is told of here.
        let Self { conversations, audit_capture, backups, exports } = *self;
        [
            ("retention.conversations", conversations),
            ("retention.audit_capture", audit_capture),
            ("retention.backups", backups),
            ("retention.exports", exports),
        ]
    }

    /// Whether any class of data may be kept longer than under `old`.
    pub(super) fn loosens(&self, old: &Self) -> bool {
        // No limit is the longest of all.
        let days = |limit: Option<NonZeroU32>| limit.map_or(u64::MAX, |days| u64::from(days.get()));
        self.fields().into_iter().zip(old.fields()).any(|((_, new), (_, old))| days(new) > days(old))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_is_the_longest() {
        let days = |n| Retention { conversations: NonZeroU32::new(n), ..Retention::default() };
        assert!(days(30).loosens(&days(29)) && !days(30).loosens(&days(30)) && !days(29).loosens(&days(30)));
        assert!(Retention::default().loosens(&days(u32::MAX)));
        assert!(!days(u32::MAX).loosens(&Retention::default()));
    }

    #[test]
    fn unset_is_not_written_and_zero_is_not_read() {
        assert_eq!(serde_json::to_string(&Retention::default()).unwrap(), "{}");
        let read: Retention = serde_json::from_str(r#"{"backups":7}"#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"backups":7}"#);
        assert!(serde_json::from_str::<Retention>(r#"{"backups":0}"#).is_err());
        assert!(serde_json::from_str::<Retention>(r#"{"messages":1}"#).is_err());
    }
}
