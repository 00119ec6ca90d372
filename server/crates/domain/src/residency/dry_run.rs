//! What a proposed policy would have refused, before it is anybody's policy.
//!
//! Left out on purpose: reading the past decisions out of the audit log, and forecasting; it answers for the past.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Classification, Place, Purpose, ResidencyPolicy};

/// Past decisions of one kind, summed up.
///
/// Give those that were allowed, to learn what a policy would break; what was refused anyhow would count again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// What was done.
    pub purpose: Purpose,
    /// Where.
    pub place: Place,
    /// With how sensitive content.
    pub class: Classification,
    /// How often.
    pub count: u64,
}

/// What would have been refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WouldRefuse {
    /// What was done.
    pub purpose: Purpose,
    /// Where.
    pub place: Place,
    /// With how sensitive content.
    pub class: Classification,
    /// How often.
    pub count: u64,
    /// What [`ResidencyPolicy::decide`] would have put on record.
    pub rule: String,
}

/// The outcome of [`ResidencyPolicy::dry_run`]. Counts stop at [`u64::MAX`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// How many of the past decisions would have been allowed.
    pub allowed: u64,
    /// The others: one entry for each purpose, place and class, sorted by them.
    pub refused: Vec<WouldRefuse>,
}

impl ResidencyPolicy {
    /// What this policy would have answered to past questions. The same question asked twice is summed up.
    #[must_use]
    pub fn dry_run(&self, past: impl IntoIterator<Item = Past>) -> DryRun {
        let mut sums: BTreeMap<_, u64> = BTreeMap::new();
        for Past { purpose, place, class, count } in past {
            let sum = sums.entry((purpose, place, class)).or_default();
            *sum = sum.saturating_add(count);
        }
        let mut outcome = DryRun::default();
        for ((purpose, place, class), count) in sums {
            match self.ask(purpose, &place, class) {
                Ok(_) => outcome.allowed = outcome.allowed.saturating_add(count),
                // Nothing that never happened can have been refused.
                Err(_) if count == 0 => {}
                Err(refusal) => {
                    outcome.refused.push(WouldRefuse { purpose, place, class, count, rule: refusal.to_string() });
                }
            }
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_and_each_refusal_names_its_rule() {
        let place = |site: &str| Place {
            ceiling: Classification::Restricted,
            jurisdiction: "IT".into(),
            region: "r".into(),
            site: site.into(),
        };
        let past = |purpose, site, class, count| Past { purpose, place: place(site), class, count };
        let policy: ResidencyPolicy =
            serde_json::from_str(r#"{"version":2,"process":["a"],"ceiling":"internal"}"#).unwrap();
        let outcome = policy.dry_run([
            past(Purpose::Store, "a", Classification::Public, 5),
            past(Purpose::Process, "a", Classification::Public, 40),
            past(Purpose::Process, "b", Classification::Public, 2),
            past(Purpose::Process, "a", Classification::Internal, 2),
            past(Purpose::Process, "b", Classification::Public, u64::MAX),
            past(Purpose::Process, "a", Classification::Restricted, 1),
            past(Purpose::Keys, "a", Classification::Public, 0),
        ]);
        assert_eq!(outcome.allowed, 42);
        let told: Vec<_> = outcome.refused.iter().map(|r| (r.place.site.as_str(), r.count, r.rule.as_str())).collect();
        assert_eq!(
            told,
            [
                ("a", 1, "ceiling: Restricted is above the tenant's Internal"),
                ("b", u64::MAX, "process: site b (region r, jurisdiction IT) is not in the tenant's list"),
                ("a", 5, "store: the tenant's list is empty"),
            ]
        );
    }
}
