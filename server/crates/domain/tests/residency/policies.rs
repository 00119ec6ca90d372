//! What must hold of policies themselves: their JSON, what changes between two, and what one would have refused.

use leeward_domain::residency::{Allowed, Classification, Past, Place, Purpose, ResidencyPolicy};
use proptest::{collection::vec, prelude::*};
use serde_json::json;

use crate::world::{JURISDICTIONS, REGIONS, SITES, classes, place, places, policies, purposes, wild_policies};

/// Every question there is in the small world. Its places hold anything: their ceiling is not the policy's.
fn questions() -> impl Iterator<Item = (Purpose, Place, Classification)> {
    let top = Classification::Restricted;
    let sites = SITES.iter();
    let places = sites.flat_map(move |site| {
        REGIONS.iter().flat_map(move |region| JURISDICTIONS.iter().map(move |law| place(site, region, law, top)))
    });
    places.flat_map(|place| {
        Purpose::ALL.into_iter().flat_map(move |purpose| {
            let place = place.clone();
            Classification::ALL.into_iter().map(move |class| (purpose, place.clone(), class))
        })
    })
}

fn without_retention(policy: &ResidencyPolicy) -> ResidencyPolicy {
    ResidencyPolicy { retention: Default::default(), ..policy.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_policy_loosens_another_exactly_when_some_question_is_answered_better(
        old in policies(), other in policies(), kin in 0..3, at in any::<prop::sample::Index>(),
    ) {
        // Policies that have nothing to do with each other nearly always loosen each other: so also one with a rule
        // less, and one with no rules at all.
        let new = match kin {
            0 => other,
            1 => {
                let mut fewer = ResidencyPolicy { ceiling: other.ceiling, ..old.clone() };
                fewer.rules_mut(*at.get(&Purpose::ALL)).pop_first();
                fewer
            }
            _ => ResidencyPolicy::nothing(other.ceiling),
        };
        let (old, new) = (without_retention(&old), without_retention(&new));
        let better = questions().any(|(purpose, place, class)| {
            new.ask(purpose, &place, class).is_ok() && old.ask(purpose, &place, class).is_err()
        });
        prop_assert_eq!(new.loosens(&old), better);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn a_policy_survives_its_json(policy in wild_policies()) {
        let text = serde_json::to_string(&policy).unwrap();
        let read: ResidencyPolicy = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &policy);
        prop_assert_eq!(read.hash(), policy.hash());
    }

    #[test]
    fn a_policy_of_the_first_release_keeps_its_bytes_and_its_meaning(
        version in any::<u32>(), class in classes(), mut sites in vec("\\PC{0,12}", 0..4),
    ) {
        // These three begin another form now, which the first release did not know.
        sites.retain(|site| !["site:", "region:", "jurisdiction:"].iter().any(|form| site.starts_with(form)));
        sites.sort();
        sites.dedup();
        let list = serde_json::to_string(&sites).unwrap();
        let class = serde_json::to_string(&class).unwrap();
        let text = format!(r#"{{"version":{version},"process":{list},"store":[],"ceiling":{class}}}"#);
        let policy: ResidencyPolicy = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(serde_json::to_string(&policy).unwrap(), text);
        let expected: Vec<_> = sites.into_iter().map(Allowed::Site).collect();
        prop_assert!(policy.process.iter().eq(&expected));
    }

    #[test]
    fn the_changes_lead_from_one_policy_to_the_other(old in policies(), new in policies()) {
        prop_assert!(new.changes_from(&new).is_empty() && !new.loosens(&new));
        let mut replayed = serde_json::to_value(&old).unwrap();
        for change in new.changes_from(&old) {
            prop_assert_ne!(&change.from, &change.to);
            match (change.field.as_str(), change.from, change.to) {
                ("version", _, Some(to)) => replayed["version"] = json!(to.parse::<u32>().unwrap()),
                ("ceiling", _, Some(to)) => replayed["ceiling"] = json!(to),
                ("retention.backups", _, to) => match to {
                    Some(days) => replayed["retention"] = json!({ "backups": days.parse::<u32>().unwrap() }),
                    None => replayed["retention"] = json!({}),
                },
                (list, Some(rule), None) => {
                    replayed[list].as_array_mut().unwrap().retain(|there| *there != json!(rule));
                }
                (list, None, Some(rule)) => {
                    let rules = replayed.as_object_mut().unwrap().entry(list).or_insert_with(|| json!([]));
                    rules.as_array_mut().unwrap().push(json!(rule));
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }
        prop_assert_eq!(serde_json::from_value::<ResidencyPolicy>(replayed).unwrap(), new);
    }

    #[test]
    fn a_dry_run_says_what_decide_says(
        policy in policies(), asked in vec((purposes(), places(), classes(), 0..1000_u64), 0..12),
    ) {
        let past = asked.into_iter().map(|(purpose, place, class, count)| Past { purpose, place, class, count });
        let past: Vec<_> = past.collect();
        let outcome = policy.dry_run(past.clone());
        let refused: u64 = outcome.refused.iter().map(|entry| entry.count).sum();
        prop_assert_eq!(outcome.allowed + refused, past.iter().map(|entry| entry.count).sum::<u64>());
        for entry in &outcome.refused {
            let decision = policy.decide(entry.purpose, &entry.place, entry.class);
            prop_assert!(!decision.allowed);
            prop_assert_eq!(&decision.rule, &entry.rule);
            let same = past.iter().filter(|p| (p.purpose, &p.place, p.class) == (entry.purpose, &entry.place, entry.class));
            prop_assert_eq!(same.map(|p| p.count).sum::<u64>(), entry.count);
        }
    }

    #[test]
    fn a_rule_is_read_as_it_is_written(text in "(site:|region:|jurisdiction:){0,2}(\\PC{0,66}|[A-Z]{2})") {
        if let Ok(rule) = text.parse::<Allowed>() {
            prop_assert_eq!(rule.to_string().parse::<Allowed>(), Ok(rule.clone()));
            prop_assert_eq!(serde_json::from_value::<Allowed>(json!(rule.to_string())).unwrap(), rule);
        }
    }
}
