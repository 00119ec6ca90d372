//! What a report says, and what is refused a report.

use leeward_domain::{
    Sha256Digest,
    residency::{Enacted, ResidencyPolicy},
};
use leeward_ledger::{
    EventCode, LogId, Phase, Record, Signer,
    attest::{
        EvidenceError, EvidenceWriter, History, Kind, MAX_REPORT_BYTES, MAX_ROWS, Period, Refused, Report, Standing,
        Statement,
    },
    export::{Start, Writer},
    tree::Frontier,
    verify::KeySource,
};

use serde_json::Value;

use crate::{
    form::rfc_8785,
    lies::signed,
    month::{
        check, entries, evidence, file, found, january, log, milano, month, note, parts, policies, record, records,
        seconds, signer, statement, stretch, tenant, trusting,
    },
};

const COUNT: u64 = 3000;

/// Everything counted a second time, another way: by going through the records as they are.
#[test]
fn a_report_says_what_the_records_say() {
    let records = records(COUNT);
    let checked = check(&month(COUNT), &trusting(&signer())).unwrap();
    let body = checked.report.body();
    let of_january: Vec<_> = records.iter().filter(|record| january().contains(record.at)).collect();
    assert!(of_january.len() > 2500 && of_january.len() < records.len());
    assert_eq!(body.records.count, of_january.len() as u64);
    let first = records.iter().position(|record| record.at >= january().from()).unwrap();
    assert_eq!(body.records.first, Some(first as u64));
    let output: u64 = of_january.iter().filter_map(|r| r.tokens.as_ref()).map(|t| u64::from(t.output)).sum();
    assert_eq!(body.tokens.output, output);
    assert_eq!(body.builds, ["leeward 0.1.0", "leeward 0.1.1"], "the third is of February");
    let denied = of_january.iter().filter(|r| r.decision.as_ref().is_some_and(|d| !d.allowed)).count();
    let admitted = of_january.iter().filter(|record| record.phase == Phase::Intent).count();
    let total = |allowed| body.decisions.iter().filter(|row| row.allowed == allowed).map(|row| row.count).sum::<u64>();
    assert_eq!((total(false), total(true)), (denied as u64, admitted as u64));
    assert!(denied > 300 && admitted > 600, "{denied} {admitted}");
    let versions: std::collections::BTreeSet<_> = body.decisions.iter().map(|row| row.policy_version).collect();
    assert_eq!(Vec::from_iter(versions), [1, 2, 3]);
    assert_eq!((checked.redecided, checked.not_redecided), (total(true) + total(false), 0));
    assert_eq!((checked.key_source(), body.tenant, body.holds), (KeySource::Given, tenant(), 2));
}

#[test]
fn its_text_shows_every_row_and_what_it_does_not_prove() {
    let file = month(300);
    let checked = check(&file, &trusting(&signer())).unwrap();
    let text = checked.to_text();
    let body = checked.report.body();
    let rows = text.lines().filter(|line| line.starts_with("| allowed |") || line.starts_with("| denied |")).count();
    assert_eq!(rows, body.decisions.len());
    for wanted in
        [&body.does_not_prove[0], "SHA-256 ", "kek_1", "192.0.2.1:443", "dek_1", "siem \u{8a9e}", "2026-01-11T00:01:00"]
    {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(text.contains(&checked.digest.to_string()) && text.contains("Signed by the key that was given"));
    assert!(checked.report.to_text(checked.digest, &Standing::Issued).contains("nothing was checked for it"));
    assert_eq!(checked.digest, Sha256Digest::of(parts(&file).0));
}

#[test]
fn control_characters_of_a_name_do_not_reach_the_text() {
    let records = records(200);
    let (evidence, bytes) = evidence(&entries(&records), (0, 200), january(), &signer(), Vec::new());
    let mut statement = statement();
    statement.places[0].name = "a\u{1b}[2J\nOK | b".into();
    let report = Report::new(statement, &evidence).unwrap();
    let text = check(&file(&report, &bytes, &signer()), &trusting(&signer())).unwrap().to_text();
    assert!(text.contains("| a\u{fffd}[2J\u{fffd}OK \\| b |") && !text.contains('\u{1b}'));
}

#[test]
fn an_empty_log_can_be_reported_on() {
    let (evidence, bytes) = evidence(&[], (0, 0), january(), &signer(), Vec::new());
    let report = Report::new(statement(), &evidence).unwrap();
    assert_eq!(report.body().records.first, None);
    assert_eq!(found(&file(&report, &bytes, &signer())), []);
}

fn refused(change: impl FnOnce(&mut Statement), range: Option<(usize, usize)>, period: Period) -> Vec<Kind> {
    let records = records(300);
    let range = range.unwrap_or_else(|| stretch(&records, &period));
    let (evidence, _) = evidence(&entries(&records), range, period, &signer(), Vec::new());
    let mut statement = statement();
    change(&mut statement);
    match Report::new(statement, &evidence) {
        Ok(_) => Vec::new(),
        Err(Refused { findings }) => findings.iter().map(|finding| finding.kind).collect(),
    }
}

#[test]
fn no_report_is_issued_that_would_not_pass() {
    assert_eq!(refused(|_| {}, None, january()), []);
    assert_eq!(refused(|s| s.issued_at = seconds(30 * 86_400), None, january()), [Kind::Incomplete]);
    assert_eq!(refused(|s| s.places.retain(|p| p.place != milano()), None, january()), [Kind::UnlistedPlace]);
    let (first, enacted) = policies();
    let without = |first: ResidencyPolicy, later: &[Enacted]| History::new(first, later.to_vec()).unwrap();
    let forgotten = without(first, &enacted[..1]);
    let kinds = refused(|s| s.history = forgotten, None, january());
    // The second policy seems to have been in force to the end.
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| *kind == Kind::UnknownPolicy), "{kinds:?}");
    let late = without(enacted[0].policy.clone(), &enacted[1..]);
    let kinds = refused(|s| s.history = late, None, january());
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| *kind == Kind::UnknownPolicy), "{kinds:?}");
}

#[test]
fn evidence_must_hold_the_whole_period() {
    let (from, to) = stretch(&records(300), &january());
    assert!(from > 0 && to < 300);
    assert_eq!(refused(|_| {}, Some((from, to)), january()), []);
    assert_eq!(refused(|_| {}, Some((from + 1, to)), january()), [Kind::Incomplete]);
    assert_eq!(refused(|_| {}, Some((from, to - 1)), january()), [Kind::Incomplete]);
    assert_eq!(refused(|_| {}, Some((0, 300)), january()), [], "more is no harm");
    let to_the_end = Period::new(seconds(0), seconds(32 * 86_400)).unwrap();
    assert_eq!(refused(|_| {}, None, to_the_end), [], "the log ends within the margin");
    assert!(Period::new(seconds(1), seconds(1)).is_err());
}

#[test]
fn evidence_is_a_tenants_and_of_records() {
    let start = |log: LogId| Start {
        log,
        key: signer().verifier_key(&log),
        exported_at: seconds(0),
        before: Frontier::default(),
        rotations: Vec::new(),
    };
    let platform = EvidenceWriter::new(Vec::new(), start(LogId::Platform), january());
    assert!(matches!(platform, Err(EvidenceError::Platform)));
    let mut writer = EvidenceWriter::new(Vec::new(), start(LogId::Tenant(tenant())), january()).unwrap();
    assert!(matches!(writer.entry(b"{\"actor\":1}"), Err(EvidenceError::NotARecord { seq: 0, .. })));
}

/// More builds than a report can hold; the writer of evidence refuses, so a forger writes the file.
#[test]
fn what_is_counted_is_bounded() {
    let many = MAX_ROWS as u64 + 1;
    let plain =
        |number| record(number, seconds(i64::try_from(number).unwrap()), EventCode::LoginSucceeded, Phase::Event);
    let all: Vec<_> = (0..many).map(|number| Record { build: format!("b{number}"), ..plain(number) }).collect();
    let all = entries(&all);
    let start = || Start {
        log: LogId::Tenant(tenant()),
        key: signer().verifier_key(&log()),
        exported_at: seconds(0),
        before: Frontier::default(),
        rotations: Vec::new(),
    };
    let mut writer = EvidenceWriter::new(Vec::new(), start(), january()).unwrap();
    let refused = all.iter().position(|entry| matches!(writer.entry(entry), Err(EvidenceError::TooMany)));
    assert_eq!(refused, Some(MAX_ROWS));

    // Fewer, but longer.
    let mut writer = EvidenceWriter::new(Vec::new(), start(), january()).unwrap();
    let long = |number| Record { build: format!("{number:060000}"), ..plain(number) };
    let refused = (0..many).position(|number| {
        matches!(writer.entry(&leeward_ledger::canonical(&long(number))), Err(EvidenceError::TooMany))
    });
    assert_eq!(refused, Some(MAX_REPORT_BYTES / 60_000));

    let mut export = Writer::new(Vec::new(), start()).unwrap();
    all.iter().for_each(|entry| export.entry(entry).unwrap());
    export.finish(Vec::new(), &note(&all, &signer())).unwrap();
    let bytes = std::mem::take(export.output());
    let good = month(60);
    let mut value: Value = serde_json::from_slice(parts(&good).0).unwrap();
    value["evidence"]["sha256"] = Sha256Digest::of(&bytes).to_string().into();
    let file = [signed(rfc_8785(&value).as_bytes()), bytes].concat();
    let rejected = check(&file, &trusting(&signer())).unwrap_err();
    assert_eq!(rejected.findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [Kind::Malformed]);
}

#[test]
fn only_the_key_of_the_checkpoint_signs_a_report() {
    let (evidence, _) = evidence(&entries(&records(50)), (0, 50), january(), &signer(), Vec::new());
    let report = Report::new(statement(), &evidence).unwrap();
    assert!(report.sign(&Signer::from_seed(&[7; 32])).is_err());
    assert!(report.sign(&signer()).is_ok());
}
