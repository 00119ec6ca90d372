//! The decision again, written apart from it and from the JSON alone: it knows no type of the crate's
//! policy, reads rules as text, and asks every question instead of stopping at the first "no".

use serde_json::Value;

/// What the reference says: which of the three questions, if any, is the first answered with no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    NoRules,
    NotListed,
    AboveTenant,
    AbovePlace,
}

fn rank(class: &Value) -> usize {
    ["public", "internal", "confidential", "restricted"].iter().position(|name| class == name).unwrap()
}

fn rule_matches(rule: &str, place: &Value) -> bool {
    let (member, name) = match rule.split_once(':') {
        Some((kind @ ("site" | "region" | "jurisdiction"), name)) => (kind, name),
        _ => ("site", rule),
    };
    place[member] == name
}

pub(crate) fn answer(policy: &Value, purpose: &str, place: &Value, class: &Value) -> Answer {
    let none = Vec::new();
    let rules = policy.get(purpose).map_or(&none, |rules| rules.as_array().unwrap());
    let listed = rules.iter().filter(|rule| rule_matches(rule.as_str().unwrap(), place)).count();
    let above_tenant = rank(class) > rank(&policy["ceiling"]);
    let above_place = rank(class) > rank(&place["ceiling"]);
    match (rules.len(), listed, above_tenant, above_place) {
        (0, ..) => Answer::NoRules,
        (_, 0, ..) => Answer::NotListed,
        (_, _, true, _) => Answer::AboveTenant,
        (_, _, _, true) => Answer::AbovePlace,
        _ => Answer::Yes,
    }
}
