//! What a new policy changes, for the record and for whoever has to approve it.
//!
//! Left out on purpose: the record itself (the ledger's) and who may change what.

use serde::{Deserialize, Serialize};

use super::ResidencyPolicy;

/// One changed value; the same three members as in an audit record's `changes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The field's name; `retention.conversations` for a part of one.
    pub field: String,
    /// What was there; null if a rule was added or a limit set.
    pub from: Option<String>,
    /// What is there now; null if a rule was removed or a limit lifted.
    pub to: Option<String>,
}

impl Change {
    fn new(field: &str, from: Option<String>, to: Option<String>) -> Self {
        Self { field: field.to_owned(), from, to }
    }

    fn replaced<T: ToString + PartialEq>(field: &str, from: Option<T>, to: Option<T>) -> Option<Self> {
        (from != to).then(|| Self::new(field, from.map(|from| from.to_string()), to.map(|to| to.to_string())))
    }
}

impl ResidencyPolicy {
    /// What becomes of `old` when this policy takes its place: version, ceiling, then each rule removed or added by
    /// purpose, then retention. Empty if and only if the two are equal.
    #[must_use]
    pub fn changes_from(&self, old: &Self) -> Vec<Change> {
        let mut changes = Vec::new();
        changes.extend(Change::replaced("version", Some(old.version), Some(self.version)));
        changes.extend(Change::replaced("ceiling", Some(old.ceiling.as_str()), Some(self.ceiling.as_str())));
        for purpose in super::Purpose::ALL {
            let (before, after, field) = (old.rules(purpose), self.rules(purpose), purpose.as_str());
            changes.extend(before.difference(after).map(|rule| Change::new(field, Some(rule.to_string()), None)));
            changes.extend(after.difference(before).map(|rule| Change::new(field, None, Some(rule.to_string()))));
        }
        for ((field, from), (_, to)) in old.retention.fields().into_iter().zip(self.retention.fields()) {
            changes.extend(Change::replaced(field, from, to));
        }
        changes
    }

    /// Whether this policy allows anything that `old` did not: some content for some purpose at some place, or
    /// keeping some data for longer.
    ///
    /// Exact, not a guess: a rule that `old` lacks always covers a place that `old` does not, namely one whose other
    /// two names nobody has ever named; and a higher ceiling counts only where a rule is left to pass it.
    #[must_use]
    pub fn loosens(&self, old: &Self) -> bool {
        let rises = self.ceiling > old.ceiling;
        self.retention.loosens(&old.retention)
            || super::Purpose::ALL.into_iter().any(|purpose| {
                let rules = self.rules(purpose);
                !rules.is_empty() && (rises || !rules.is_subset(old.rules(purpose)))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(json: &str) -> ResidencyPolicy {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_change_is_told_and_nothing_else() {
        let old = policy(r#"{"version":1,"process":["a","b"],"ceiling":"internal","retention":{"backups":7}}"#);
        let new = policy(
            r#"{"version":2,"process":["b","region:r"],"ceiling":"public","keys":["a"],"retention":{"exports":1}}"#,
        );
        let told: Vec<_> = new.changes_from(&old).into_iter().map(|c| (c.field, c.from, c.to)).collect();
        let change = |field: &str, from: &str, to: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            (field.to_owned(), some(from), some(to))
        };
        assert_eq!(
            told,
            [
                change("version", "1", "2"),
                change("ceiling", "internal", "public"),
                change("process", "a", ""),
                change("process", "", "region:r"),
                change("keys", "", "a"),
                change("retention.backups", "7", ""),
                change("retention.exports", "", "1"),
            ]
        );
        assert_eq!(new.changes_from(&new), []);
    }

    #[test]
    fn loosening_is_told_from_tightening() {
        let old = policy(r#"{"version":1,"process":["a","jurisdiction:IT"],"ceiling":"internal"}"#);
        for (loosens, new) in [
            (false, r#"{"version":2,"process":["a","jurisdiction:IT"],"ceiling":"internal"}"#),
            (false, r#"{"version":2,"process":["a"],"ceiling":"internal","retention":{"backups":7}}"#),
            (false, r#"{"version":2,"ceiling":"restricted"}"#),
            (true, r#"{"version":2,"process":["a"],"ceiling":"confidential"}"#),
            (true, r#"{"version":2,"process":["a","b"],"ceiling":"internal"}"#),
            (true, r#"{"version":2,"process":["region:a"],"ceiling":"public"}"#),
            (true, r#"{"version":2,"process":["a"],"store":["a"],"ceiling":"public"}"#),
        ] {
            assert_eq!(policy(new).loosens(&old), loosens, "{new}");
        }
    }
}
