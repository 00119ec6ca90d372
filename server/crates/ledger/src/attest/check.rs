//! Whether a report says what its evidence says. The signatures are somebody else's question ([`super::verify`]).
//!
//! The same checks for whoever issues a report and for whoever is shown one.

use std::collections::{BTreeMap, BTreeSet};

use leeward_domain::residency::Place;

use super::{
    Body, Finding, Kind, Period,
    policies::History,
    tally::{Alike, Group, Tally},
};

/// Findings named one by one; the rest are only counted.
const NAMED: usize = 100;

/// What the evidence is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// The place in the log of its first record.
    pub(super) first: u64,
    /// How many records it has.
    pub(super) entries: u64,
    /// How many the checkpoint signs.
    pub(super) size: u64,
}

/// What was established beyond the absence of findings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Redecided {
    /// Decisions that the policies of the report give as well.
    pub(super) agreed: u64,
    /// Decisions whose records do not tell enough to decide them again.
    pub(super) untold: u64,
}

/// Everything in which the report and its evidence do not agree.
pub(super) fn content(body: &Body, tally: &Tally, stretch: Stretch) -> (Redecided, Vec<Finding>) {
    let mut findings = Vec::new();
    period(body, tally, stretch, &mut findings);
    let redecided = match body.policies.history() {
        Ok(history) => decisions(&history, tally, &mut findings),
        Err(broken) => {
            findings.push(Finding::new(Kind::PolicyChain, broken.to_string()));
            Redecided::default()
        }
    };
    places(body, tally, &mut findings);
    counts(body, tally, &mut findings);
    if findings.len() > NAMED {
        let more = findings.len() - NAMED;
        let kind = findings.get(NAMED).map_or(Kind::CountDiffers, |finding| finding.kind);
        findings.truncate(NAMED);
        findings.push(Finding::new(kind, format!("and {more} more")));
    }
    (redecided, findings)
}

/// The evidence must reach beyond the period on both sides, or as far as the log does.
fn period(body: &Body, tally: &Tally, stretch: Stretch, findings: &mut Vec<Finding>) {
    let mut incomplete = |detail: String| findings.push(Finding::new(Kind::Incomplete, detail));
    let Ok(period) = Period::new(body.from, body.to) else {
        return incomplete(format!("the period ends at {}, before it begins at {}", body.to, body.from));
    };
    if body.issued_at < body.to {
        incomplete(format!("it was issued at {}, before the period was over", body.issued_at));
    }
    let begins = stretch.first == 0 || tally.ends.is_some_and(|(first, _)| first < period.evidence_from());
    if !begins {
        incomplete(format!("the evidence does not begin before {}, nor with the log", period.evidence_from()));
    }
    let whole = stretch.first + stretch.entries == stretch.size;
    if !whole && tally.ends.is_none_or(|(_, last)| last < period.evidence_to()) {
        incomplete(format!("the evidence does not reach {}, nor the end of what is signed", period.evidence_to()));
    }
}

/// Each decision must have been made under a policy of the history, in force then, and be the one it gives.
fn decisions(history: &History, tally: &Tally, findings: &mut Vec<Finding>) -> Redecided {
    let mut redecided = Redecided::default();
    let policies = history.by_hash();
    for (alike, group) in &tally.decisions {
        let Some(force) = policies.get(&alike.policy_hash).filter(|f| f.policy.version == alike.policy_version) else {
            let detail = format!("policy {} ({})", alike.policy_version, alike.policy_hash);
            findings.push(Finding::new(Kind::UnknownPolicy, format!("{}: {detail} is not in it", place_in_log(group))));
            continue;
        };
        let early = force.since.is_some_and(|since| group.earliest < since);
        if early || force.until.is_some_and(|until| group.latest > until) {
            let detail = format!("policy {} was not in force at {}", alike.policy_version, {
                if early { group.earliest } else { group.latest }
            });
            findings.push(Finding::new(Kind::NotInForce, detail));
        }
        match (alike.purpose, &alike.place, alike.classification) {
            (Some(purpose), Some(place), Some(class)) => {
                if force.policy.ask(purpose, place, class).is_ok() == alike.allowed {
                    redecided.agreed += group.count;
                } else {
                    let detail = format!("{}: {} says otherwise", place_in_log(group), named(alike));
                    findings.push(Finding::new(Kind::DecidedOtherwise, detail));
                }
            }
            _ => redecided.untold += group.count,
        }
    }
    redecided
}

fn place_in_log(group: &Group) -> String {
    if group.count == 1 {
        format!("entry {}", group.seq)
    } else {
        format!("entry {} and {} like it", group.seq, group.count - 1)
    }
}

/// Whatever was allowed must have been allowed at a place that is listed.
fn places(body: &Body, tally: &Tally, findings: &mut Vec<Finding>) {
    let listed: BTreeSet<&Place> = body.places.iter().map(|listed| &listed.place).collect();
    let allowed = tally.decisions.keys().filter(|alike| alike.allowed);
    let unlisted: BTreeSet<&Place> =
        allowed.filter_map(|alike| alike.place.as_ref()).filter(|place| !listed.contains(place)).collect();
    for place in unlisted {
        let detail = format!("something was allowed at {}, which is not listed", at(place));
        findings.push(Finding::new(Kind::UnlistedPlace, detail));
    }
}

fn at(place: &Place) -> String {
    let Place { ceiling, jurisdiction, region, site } = place;
    format!("site {site} (region {region}, jurisdiction {jurisdiction}, ceiling {})", ceiling.as_str())
}

fn named(alike: &Alike) -> String {
    let purpose = alike.purpose.map_or("an untold purpose", |purpose| purpose.as_str());
    let class = alike.classification.map_or("untold", |class| class.as_str());
    let place = alike.place.as_ref().map_or_else(|| "an untold place".to_owned(), at);
    let outcome = if alike.allowed { "allowed" } else { "denied" };
    format!("{purpose} of {class} content at {place}, {outcome} by policy {} ({})", alike.policy_version, alike.rule)
}

/// Every number is held against the records.
fn counts(body: &Body, tally: &Tally, findings: &mut Vec<Finding>) {
    let mut differs = |what: &str, stated: String, counted: String| {
        if stated != counted {
            let detail = format!("{what}: {stated} is stated, the records give {counted}");
            findings.push(Finding::new(Kind::CountDiffers, detail));
        }
    };
    let place = |seq: Option<u64>| seq.map_or_else(|| "none".to_owned(), |seq| seq.to_string());
    let (stated, counted) = (&body.records, &tally.records);
    differs("records.count", stated.count.to_string(), counted.count.to_string());
    differs("records.first", place(stated.first), place(counted.first));
    differs("records.last", place(stated.last), place(counted.last));
    let (stated, counted) = (&body.tokens, &tally.tokens);
    differs("tokens.answers", stated.answers.to_string(), counted.answers.to_string());
    differs("tokens.cached", stated.cached.to_string(), counted.cached.to_string());
    differs("tokens.input", stated.input.to_string(), counted.input.to_string());
    differs("tokens.output", stated.output.to_string(), counted.output.to_string());
    let builds: Vec<_> = tally.builds.iter().cloned().collect();
    differs("builds", body.builds.join(", "), builds.join(", "));

    let stated: BTreeMap<Alike, u64> = body.decisions.iter().map(|row| (Alike::from(row), row.count)).collect();
    let kinds: BTreeSet<&Alike> = stated.keys().chain(tally.decisions.keys()).collect();
    for alike in kinds {
        let stated = stated.get(alike).copied().unwrap_or(0);
        let counted = tally.decisions.get(alike).map_or(0, |group| group.count);
        differs(&format!("decisions: {}", named(alike)), stated.to_string(), counted.to_string());
    }
    // Equal sets can still be written twice over, in another order, with a row of none, or joined otherwise.
    if findings.is_empty() && (body.decisions != tally.rows() || body.builds != builds) {
        findings.push(Finding::new(Kind::CountDiffers, "rows are repeated, empty or out of their order"));
    }
}
