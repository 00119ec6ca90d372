//! What is counted as what: records made for the purpose.

use leeward_domain::residency::{Classification, Decision, Purpose};
use leeward_ledger::{
    EventCode, Phase, Record, Tokens,
    attest::{Body, Kind, Report},
};

use crate::month::{
    check, entries, evidence, file, january, policies, record, roma, seconds, signer, statement, trusting,
};

/// The second policy's last second, and the third's.
const HAND_OVER: i64 = 20 * 86_400 + 60;

fn decided(number: u64, at: i64, event: EventCode, phase: Phase, decision: Decision) -> Record {
    let plain = record(number, seconds(at), event, phase);
    let request = (phase != Phase::Event).then(|| leeward_domain::ids::PrefixedId::from_uuid(uuid::Uuid::from_u128(1)));
    let class = Some(Classification::Internal);
    Record { decision: Some(decision), classification: class, place: Some(roma()), request, ..plain }
}

/// What the second policy says of internal content in Rome.
fn second(purpose: Purpose) -> Decision {
    policies().1[0].policy.decide(purpose, &roma(), Classification::Internal)
}

fn report(records: &[Record]) -> Result<(Report, Vec<u8>), Vec<Kind>> {
    let (evidence, bytes) = evidence(&entries(records), (0, records.len()), january(), &signer(), Vec::new());
    Report::new(statement(), &evidence)
        .map(|report| (report, bytes))
        .map_err(|refused| refused.findings.iter().map(|finding| finding.kind).collect())
}

fn body(records: &[Record]) -> Body {
    report(records).unwrap().0.body().clone()
}

#[test]
fn an_outcome_repeats_the_decision_of_its_intent() {
    let allowed = || second(Purpose::Process);
    let records = [
        decided(0, 15 * 86_400, EventCode::InferenceIntent, Phase::Intent, allowed()),
        Record {
            tokens: Some(Tokens { cached: 1, input: 20, output: 300 }),
            ..decided(1, 15 * 86_400 + 1, EventCode::InferenceCompleted, Phase::Outcome, allowed())
        },
        decided(2, 15 * 86_400 + 2, EventCode::InferenceRefused, Phase::Event, second(Purpose::Administer)),
    ];
    let body = body(&records);
    let rows: Vec<_> = body.decisions.iter().map(|row| (row.allowed, row.count, row.purpose)).collect();
    assert_eq!(
        rows,
        [(false, 1, Some(Purpose::Administer)), (true, 1, Some(Purpose::Process))],
        "the rule names the purpose"
    );
    let tokens = body.tokens;
    assert_eq!((tokens.answers, tokens.cached, tokens.input, tokens.output), (1, 1, 20, 300));
}

#[test]
fn only_records_of_the_period_count() {
    let end = 31 * 86_400;
    let at = |number, at| record(number, seconds(at), EventCode::LoginSucceeded, Phase::Event);
    let body = body(&[at(0, -1), at(1, 0), at(2, end - 1), at(3, end)]);
    assert_eq!((body.records.count, body.records.first, body.records.last), (2, Some(1), Some(2)));
}

#[test]
fn a_decision_may_come_half_a_minute_after_its_policy_went() {
    let late = |seconds| {
        let at = HAND_OVER + seconds;
        report(&[decided(0, at, EventCode::InferenceIntent, Phase::Intent, second(Purpose::Process))]).err()
    };
    assert_eq!(late(-1), None);
    assert_eq!(late(30), None);
    assert_eq!(late(31), Some(vec![Kind::NotInForce]));
    let third = policies().1[1].policy.decide(Purpose::Process, &roma(), Classification::Internal);
    let early = |seconds| {
        let at = HAND_OVER - seconds;
        report(&[decided(0, at, EventCode::InferenceIntent, Phase::Intent, third.clone())]).err()
    };
    assert_eq!((early(30), early(31)), (None, Some(vec![Kind::NotInForce])));
}

/// True, but telling less than most: a ceiling's refusal outside of inference, a decision without a class.
pub(crate) fn odd_records() -> Vec<u8> {
    let policy = &policies().1[0].policy;
    let ceiling = policy.decide(Purpose::Store, &roma(), Classification::Restricted);
    let restricted = |record| Record { classification: Some(Classification::Restricted), ..record };
    let at = 15 * 86_400;
    let records = [
        restricted(decided(0, at, EventCode::AuditExported, Phase::Event, ceiling.clone())),
        restricted(decided(1, at, EventCode::ConversationChangeFailed, Phase::Event, ceiling.clone())),
        restricted(decided(2, at, EventCode::InferenceRefused, Phase::Event, ceiling)),
        Record {
            classification: None,
            place: None,
            ..decided(3, at, EventCode::InferenceIntent, Phase::Intent, second(Purpose::Process))
        },
    ];
    let (report, bytes) = report(&records).unwrap();
    file(&report, &bytes, &signer())
}

#[test]
fn what_is_not_told_is_not_guessed() {
    let checked = check(&odd_records(), &trusting(&signer())).unwrap();
    let mut purposes: Vec<_> = checked.report.body().decisions.iter().map(|row| row.purpose).collect();
    purposes.sort();
    assert_eq!(purposes, [None, Some(Purpose::Process), Some(Purpose::Process), Some(Purpose::Store)]);
    assert_eq!((checked.redecided, checked.not_redecided), (2, 2));
    assert!(checked.to_text().contains("2 decisions could not be decided again"));
}
