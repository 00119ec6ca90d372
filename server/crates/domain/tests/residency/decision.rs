//! What must hold of every decision.

use leeward_domain::residency::{Classification, Label, Place, Purpose, ResidencyPolicy};
use proptest::{prelude::*, test_runner::TestCaseResult};
use serde_json::to_value;

use crate::{
    reference::{Answer, answer},
    world::{classes, places, policies, purposes},
};

fn allowed(policy: &ResidencyPolicy, purpose: Purpose, place: &Place, class: Classification) -> bool {
    policy.ask(purpose, place, class).is_ok()
}

/// The decision is the reference's, and its `rule` names what decided: the list, or whose ceiling.
fn agrees_with_the_reference(
    policy: &ResidencyPolicy,
    purpose: Purpose,
    place: &Place,
    class: Classification,
) -> TestCaseResult {
    let told = |value| to_value(value).unwrap();
    let expected = answer(&to_value(policy).unwrap(), purpose.as_str(), &to_value(place).unwrap(), &told(class));
    let decision = policy.decide(purpose, place, class);
    prop_assert_eq!(decision.allowed, expected == Answer::Yes);
    prop_assert_eq!(decision.policy_hash, policy.hash());
    prop_assert_eq!(decision.policy_version, policy.version);
    let named = match expected {
        Answer::Yes => {
            let rule = policy.ask(purpose, place, class).unwrap();
            prop_assert!(policy.rules(purpose).contains(rule) && rule.covers(place));
            format!("{purpose}: {} {} is in the tenant's list", rule.kind(), rule.name())
        }
        Answer::NoRules => format!("{purpose}: the tenant's list is empty"),
        Answer::NotListed => format!(
            "{purpose}: site {} (region {}, jurisdiction {}) is not in the tenant's list",
            place.site, place.region, place.jurisdiction
        ),
        Answer::AboveTenant => format!("ceiling: {class:?} is above the tenant's {:?}", policy.ceiling),
        Answer::AbovePlace => format!("ceiling: {class:?} is above site {}'s {:?}", place.site, place.ceiling),
    };
    prop_assert_eq!(decision.rule, named);
    Ok(())
}

/// Taking anything away from what is allowed here allows nothing that was not.
fn less_never_allows_more(
    policy: &ResidencyPolicy,
    purpose: Purpose,
    place: &Place,
    class: Classification,
) -> TestCaseResult {
    let before = allowed(policy, purpose, place, class);
    for list in Purpose::ALL {
        for rule in policy.rules(list) {
            let mut fewer = policy.clone();
            fewer.rules_mut(list).remove(rule);
            let after = allowed(&fewer, purpose, place, class);
            prop_assert!(before || !after, "without {} of {}", rule, list);
            prop_assert!(list == purpose || before == after, "{} decides over {}", list, purpose);
        }
    }
    for other in Classification::ALL {
        if other > class {
            prop_assert!(before || !allowed(policy, purpose, place, other), "raised to {:?}", other);
        }
        if other < policy.ceiling {
            let lower = ResidencyPolicy { ceiling: other, ..policy.clone() };
            prop_assert!(before || !allowed(&lower, purpose, place, class), "tenant's ceiling at {:?}", other);
        }
        if other < place.ceiling {
            let lower = Place { ceiling: other, ..place.clone() };
            prop_assert!(before || !allowed(policy, purpose, &lower, class), "place's ceiling at {:?}", other);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn no_content_reaches_a_place_that_the_policy_does_not_allow(
        policy in policies(), purpose in purposes(), place in places(), class in classes(),
    ) {
        agrees_with_the_reference(&policy, purpose, &place, class)?;
        less_never_allows_more(&policy, purpose, &place, class)?;
        let empty = ResidencyPolicy::nothing(policy.ceiling);
        prop_assert!(!allowed(&empty, purpose, &place, class));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_request_takes_in_it_is_never_allowed_more(
        policy in policies(), purpose in purposes(), place in places(), first in classes(),
        more in prop::collection::vec(classes(), 0..6),
    ) {
        let mut label = Label::new(first);
        let mut before = allowed(&policy, purpose, &place, first);
        for class in more.iter().copied() {
            label.raise(class);
            let after = allowed(&policy, purpose, &place, label.class());
            prop_assert!(before || !after);
            before = after;
        }
        prop_assert_eq!(Some(label.class()), more.into_iter().chain([first]).max());
    }
}
