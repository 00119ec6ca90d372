//! Which residency decisions a record tells of: what was asked, where, for how sensitive content, and the answer.
//!
//! A record keeps one decision, and its event says what was asked. To add an event with a decision: a line in
//! [`purpose`]. Left out: adding up, which is the store's and the attestation's business.

use leeward_domain::{
    Timestamp,
    residency::{Classification, Decision, Place, Purpose},
};
use serde::Deserialize;

use crate::record::Phase;

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// What was to be done.
    pub purpose: Purpose,
    /// Where.
    pub place: Place,
    /// With how sensitive content.
    pub class: Classification,
    /// Whether it might.
    pub allowed: bool,
}

/// The members of a record that say so; the others are passed over.
#[derive(Deserialize)]
struct Members<'a> {
    at: Timestamp,
    #[serde(default)]
    blob: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    classification: Option<Classification>,
    #[serde(default)]
    decision: Option<Decision>,
    #[serde(borrow)]
    event: std::borrow::Cow<'a, str>,
    phase: Phase,
    #[serde(default)]
    place: Option<Place>,
}

/// What was asked when an event of this code holds a decision.
fn purpose(event: &str) -> Option<Purpose> {
    match event.split_once('.')?.0 {
        "inference" => Some(Purpose::Process),
        "conversation" => Some(Purpose::Store),
        "backup" => Some(Purpose::BackUp),
        _ => None,
    }
}

/// The decisions an entry's bytes tell of: none of most entries, and none of an outcome, whose intent told already.
///
/// An inference whose answer is kept (its record names a blob) was asked about twice: whether it may run here, and
/// whether it may be kept here.
#[must_use]
pub fn decided(entry: &[u8]) -> Vec<Decided> {
    let Ok(members) = serde_json::from_slice::<Members<'_>>(entry) else { return Vec::new() };
    let (Some(decision), Some(place), Some(class)) = (members.decision, members.place, members.classification) else {
        return Vec::new();
    };
    if members.phase == Phase::Outcome {
        return Vec::new();
    }
    let Some(purpose) = purpose(&members.event) else { return Vec::new() };
    let kept = members.blob.is_some() && purpose == Purpose::Process && decision.allowed;
    let of = |purpose| Decided { at: members.at, purpose, place: place.clone(), class, allowed: decision.allowed };
    std::iter::once(of(purpose)).chain(kept.then(|| of(Purpose::Store))).collect()
}

#[cfg(test)]
mod tests {
    use leeward_domain::residency::ResidencyPolicy;

    use super::*;
    use crate::{Actor, EventCode, Record, canonical};

    fn record(event: EventCode, phase: Phase) -> Record {
        let place = Place {
            ceiling: Classification::Restricted,
            jurisdiction: "IT".into(),
            region: "Lazio".into(),
            site: "roma-1".into(),
        };
        let id = "evt_0192f0c1d2e37abc8def000000000002".parse().unwrap();
        let mut record = Record::new(id, Timestamp::from_unix_micros(7), event, phase, Actor::System);
        let policy = ResidencyPolicy::only(&place);
        record.decision = Some(policy.decide(Purpose::Process, &place, Classification::Internal));
        record.classification = Some(Classification::Internal);
        record.place = Some(place);
        record
    }

    fn purposes(record: &Record) -> Vec<(Purpose, bool)> {
        decided(&canonical(record)).iter().map(|one| (one.purpose, one.allowed)).collect()
    }

    #[test]
    fn each_question_is_told_once() {
        let mut intent = record(EventCode::InferenceIntent, Phase::Intent);
        assert_eq!(purposes(&intent), [(Purpose::Process, true)]);
        intent.blob = Some("msg_1".into());
        assert_eq!(purposes(&intent), [(Purpose::Process, true), (Purpose::Store, true)]);
        intent.phase = Phase::Outcome;
        assert_eq!(purposes(&intent), []);

        let mut refused = record(EventCode::ConversationChangeFailed, Phase::Event);
        refused.decision.as_mut().unwrap().allowed = false;
        assert_eq!(purposes(&refused), [(Purpose::Store, false)]);
        refused.decision = None;
        assert_eq!(purposes(&refused), []);
        assert_eq!(decided(b"{}"), []);
    }
}
