//! What the verifier says of well-signed logs whose records do not make sense.

use leeward_domain::Timestamp;
use leeward_ledger::{EventCode, Phase, Record, canonical, verify::Kind};

use crate::bundle::{START, entries, export, found, record, records, request, signer, stretch, with_key};

fn found_in(records: &[Record]) -> Vec<(Kind, Option<u64>)> {
    found(&with_key(&export(&entries(records), &signer())))
}

pub(crate) fn intent(number: u64, of: u128) -> Record {
    Record { request: Some(request(of)), ..record(number, EventCode::InferenceIntent, Phase::Intent) }
}

pub(crate) fn outcome(number: u64, of: u128) -> Record {
    Record { request: Some(request(of)), ..record(number, EventCode::InferenceCompleted, Phase::Outcome) }
}

#[test]
fn intents_and_outcomes_pair() {
    assert_eq!(found_in(&[intent(0, 1), intent(1, 2), outcome(2, 2), outcome(3, 1)]), []);
    assert_eq!(found_in(&[outcome(0, 1), intent(1, 1)]), [(Kind::OutcomeWithoutIntent, Some(0))]);
    assert_eq!(found_in(&[intent(0, 1), outcome(1, 1), outcome(2, 1)]), [(Kind::DuplicateOutcome, Some(2))]);
    assert_eq!(found_in(&[intent(0, 1), intent(1, 1)]), [(Kind::DuplicateIntent, Some(1))]);
    assert_eq!(found_in(&[intent(0, 1), outcome(1, 1), intent(2, 1)]), [(Kind::DuplicateIntent, Some(2))]);
    let nameless = Record { request: None, ..intent(0, 1) };
    assert_eq!(found_in(&[nameless]), [(Kind::Malformed, Some(0))]);
}

#[test]
fn ids_are_unique_and_the_log_is_one_tenants() {
    let mut twice = records(3);
    twice[2].id = twice[0].id;
    assert_eq!(found_in(&twice), [(Kind::DuplicateId, Some(2))]);
    let mut foreign = records(3);
    foreign[1].tenant = None;
    assert_eq!(found_in(&foreign), [(Kind::Foreign, Some(1))]);
}

#[test]
fn the_clock_may_stumble_but_not_run_backwards() {
    let back = |micros: i64| {
        let mut records = records(4);
        records[2].at = Timestamp::from_unix_micros(START + 1_000_000 - micros);
        records[3].at = records[2].at;
        found_in(&records)
    };
    assert_eq!(back(30_000_000), []);
    assert_eq!(back(30_000_001), [(Kind::ClockBackwards, Some(2))]);
}

#[test]
fn entries_must_be_records_in_their_one_form() {
    let good = String::from_utf8(canonical(&intent(0, 1))).unwrap();
    for (from, to) in [
        ("{\"actor\"", "{\"aaa\":1,\"actor\""),
        ("{\"actor\":{", "{\"actor\":{\"id\":null,"),
        ("\"type\":\"system\"", "\"surprise\":1,\"type\":\"system\""),
        ("\"schema\":1", "\"schema\":2"),
        ("\"schema\":1", "\"schema\":1.0"),
        ("\"schema\":1", "\"schema\":1,\"schema\":1"),
        ("inference.admitted", "inference.imagined"),
        (",", ", "),
        ("intent", "\\u0069ntent"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        // Signed as it is: only the reader can say that it is no record.
        let report = with_key(&export(&[bad.clone().into_bytes()], &signer()));
        assert_eq!(found(&report), [(Kind::Malformed, Some(0))], "{bad}");
    }
}

#[test]
fn a_jump_of_the_clock_that_is_on_record_is_told_but_is_no_finding() {
    let mut records = records(4);
    records[2] = Record {
        at: Timestamp::from_unix_micros(START - 3_600_000_000),
        ..record(2, EventCode::ClockJumped, Phase::Event)
    };
    records[3].at = records[2].at;
    let report = with_key(&export(&entries(&records), &signer()));
    assert_eq!((found(&report), report.clock_jumps), (vec![], 1));
}

#[test]
fn a_stretch_may_begin_between_an_intent_and_its_outcome() {
    let all = entries(&[intent(0, 1), intent(1, 2), outcome(2, 2), outcome(3, 1)]);
    assert_eq!(found(&with_key(&stretch(&all, 1, 4, &signer()))), []);
    let again = entries(&[intent(0, 1), record(1, EventCode::LoggedOut, Phase::Event), outcome(2, 1), outcome(3, 1)]);
    assert_eq!(found(&with_key(&stretch(&again, 1, 4, &signer()))), [(Kind::DuplicateOutcome, Some(3))]);
}
