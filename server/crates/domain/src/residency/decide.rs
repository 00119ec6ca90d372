//! The decision itself.
//!
//! Three questions in this order, and the first "no" is the answer: does a rule for the purpose cover the place, is
//! the class within the tenant's ceiling, is it within the place's ceiling. The order is part of the contract: it
//! decides which refusal the record names.
//!
//! To ask something more: a variant of [`Refusal`] and a line in [`ResidencyPolicy::ask`], after those there are.

use serde::{Deserialize, Serialize};

use super::{Allowed, Classification, Place, Purpose, ResidencyPolicy};
use crate::Sha256Digest;

/// The answer of [`ResidencyPolicy::decide`], recorded with every request.
///
/// Members stand in the order of their names: an audit record's bytes depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether it may happen.
    pub allowed: bool,
    /// [`ResidencyPolicy::hash`] at the time.
    pub policy_hash: Sha256Digest,
    /// [`ResidencyPolicy::version`] at the time.
    pub policy_version: u32,
    /// The rule that decided, for people and for the record.
    pub rule: String,
}

/// Why not. Its text is the `rule` of the [`Decision`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The policy has no rule for the purpose.
    #[error("{purpose}: the tenant's list is empty")]
    Unset {
        /// What was to be done.
        purpose: Purpose,
    },
    /// No rule for the purpose covers the place.
    #[error(
        "{purpose}: site {} (region {}, jurisdiction {}) is not in the tenant's list",
        place.site, place.region, place.jurisdiction
    )]
    NotListed {
        /// What was to be done.
        purpose: Purpose,
        /// Where.
        place: Place,
    },
    /// The content is more sensitive than the tenant may bring.
    #[error("ceiling: {class:?} is above the tenant's {ceiling:?}")]
    AboveTenant {
        /// The content's.
        class: Classification,
        /// The policy's.
        ceiling: Classification,
    },
    /// The content is more sensitive than the place may hold.
    #[error("ceiling: {class:?} is above site {}'s {:?}", place.site, place.ceiling)]
    AbovePlace {
        /// The content's.
        class: Classification,
        /// Where.
        place: Place,
    },
}

impl ResidencyPolicy {
    /// Whether content of `class` may be used for `purpose` at `place`, and by which rule: the narrowest that covers
    /// the place. Pure; unset is deny.
    ///
    /// # Errors
    /// The first of the three questions that was answered with no.
    pub fn ask(&self, purpose: Purpose, place: &Place, class: Classification) -> Result<&Allowed, Refusal> {
        let rules = self.rules(purpose);
        // Sets are sorted, and sites stand before regions before jurisdictions.
        let Some(rule) = rules.iter().find(|rule| rule.covers(place)) else {
            return Err(if rules.is_empty() {
                Refusal::Unset { purpose }
            } else {
                Refusal::NotListed { purpose, place: place.clone() }
            });
        };
        if class > self.ceiling {
            Err(Refusal::AboveTenant { class, ceiling: self.ceiling })
        } else if class > place.ceiling {
            Err(Refusal::AbovePlace { class, place: place.clone() })
        } else {
            Ok(rule)
        }
    }

    /// [`ResidencyPolicy::ask`] as the record keeps it: with the policy's version and hash, and the rule in words.
    #[must_use]
    pub fn decide(&self, purpose: Purpose, place: &Place, class: Classification) -> Decision {
        let (allowed, rule) = match self.ask(purpose, place, class) {
            Ok(rule) => (true, format!("{purpose}: {} {} is in the tenant's list", rule.kind(), rule.name())),
            Err(refusal) => (false, refusal.to_string()),
        };
        Decision { allowed, policy_hash: self.hash(), policy_version: self.version, rule }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn place(site: &str) -> Place {
        Place { site: site.into(), region: "r".into(), jurisdiction: "IT".into(), ceiling: Classification::Internal }
    }

    #[test]
    fn unset_is_deny_and_ceilings_hold() {
        let policy = ResidencyPolicy::only(&place("roma"));
        assert!(policy.decide(Purpose::Process, &place("roma"), Classification::Public).allowed);
        assert!(!policy.decide(Purpose::Process, &place("milano"), Classification::Public).allowed);
        assert!(!policy.decide(Purpose::Store, &place("roma"), Classification::Restricted).allowed);
        assert!(!policy.decide(Purpose::Administer, &place("roma"), Classification::Public).allowed);
        let empty = ResidencyPolicy { process: BTreeSet::new(), ..policy.clone() };
        assert!(!empty.decide(Purpose::Process, &place("roma"), Classification::Public).allowed);
        assert_ne!(empty.hash(), policy.hash());
    }

    #[test]
    fn records_read_like_this() {
        let mut policy = ResidencyPolicy::only(&place("roma"));
        let rule =
            |policy: &ResidencyPolicy, purpose, site: &str, class| policy.decide(purpose, &place(site), class).rule;
        let say = |policy: &ResidencyPolicy, site, class| rule(policy, Purpose::Process, site, class);
        assert_eq!(say(&policy, "roma", Classification::Public), "process: site roma is in the tenant's list");
        assert_eq!(
            say(&policy, "milano", Classification::Restricted),
            "process: site milano (region r, jurisdiction IT) is not in the tenant's list"
        );
        assert_eq!(
            rule(&policy, Purpose::Administer, "roma", Classification::Public),
            "administer: the tenant's list is empty"
        );
        assert_eq!(
            say(&policy, "roma", Classification::Confidential),
            "ceiling: Confidential is above the tenant's Internal"
        );
        policy.ceiling = Classification::Restricted;
        assert_eq!(
            say(&policy, "roma", Classification::Confidential),
            "ceiling: Confidential is above site roma's Internal"
        );
        policy.process.extend([Allowed::Jurisdiction("IT".into()), Allowed::Region("r".into())]);
        assert_eq!(say(&policy, "milano", Classification::Public), "process: region r is in the tenant's list");
        assert_eq!(say(&policy, "roma", Classification::Public), "process: site roma is in the tenant's list");
    }

    #[test]
    fn a_decision_is_written_in_the_order_of_its_names() {
        let decision =
            ResidencyPolicy::only(&place("roma")).decide(Purpose::Store, &place("roma"), Classification::Public);
        let text = serde_json::to_string(&decision).unwrap();
        let hash = decision.policy_hash;
        assert_eq!(
            text,
            format!(
                r#"{{"allowed":true,"policy_hash":"{hash}","policy_version":1,"rule":"store: site roma is in the tenant's list"}}"#
            )
        );
    }
}
