//! Whose word a report is: the key given, no key, another key, a key that was handed over; and what its signature is
//! not.

use leeward_ledger::{
    Change, Checkpoint, EventCode, NoteError, Phase, Record, Signer, VerifierKey,
    attest::{Kind, Report, attestation_key},
    export::Rotation,
    verify::{KeySource, Options},
};

use crate::{
    lies::sign,
    month::{
        check, entries, evidence, file, found, january, log, month, note, parts, record, records, signer, statement,
        stretch, trusting,
    },
};

fn other() -> Signer {
    Signer::from_seed(&[66; 32])
}

/// The same report over the same records, by somebody with a key of his own.
fn forged() -> Vec<u8> {
    let records = records(300);
    let (evidence, bytes) =
        evidence(&entries(&records), stretch(&records, &january()), january(), &other(), Vec::new());
    file(&Report::new(statement(), &evidence).unwrap(), &bytes, &other())
}

#[test]
fn another_key_is_found_out_if_a_key_is_given_and_told_of_if_not() {
    assert_eq!(found(&forged()), [Kind::Evidence], "the evidence is signed by an unknown key");
    let believed = check(&forged(), &Options::default()).unwrap();
    assert_eq!(believed.key_source(), KeySource::File);
    assert!(believed.to_text().contains("it is not shown who signed: give --key"));
    let known = check(&month(300), &trusting(&signer())).unwrap();
    assert!(!known.to_text().contains("give --key"));
}

#[test]
fn parts_signed_by_another_key_do_not_pass() {
    let (good, bad) = (month(300), forged());
    let ((report, note, evidence), (_, other_note, other_evidence)) = (parts(&good), parts(&bad));
    let joined = |note: &[u8], evidence: &[u8]| [report, b"\n", note, b"\n", evidence].concat();
    assert_eq!(found(&joined(note, evidence)), []);
    assert_eq!(found(&joined(other_note, evidence)), [Kind::UnknownKey]);
    assert_eq!(found(&joined(note, other_evidence)), [Kind::UnknownKey, Kind::Evidence, Kind::Edited]);
    // A line with the right name and id, and another key's signature.
    let digits = |line: &[u8]| String::from_utf8(line.to_vec()).unwrap();
    let (ours, theirs) = (digits(note), digits(other_note));
    let tail = |line: &str| line.rsplit_once(' ').unwrap().1.to_owned();
    let patched = ours.replace(&tail(&ours)[8..], &tail(&theirs)[8..]);
    assert_eq!(found(&joined(patched.as_bytes(), evidence)), [Kind::BadSignature]);
    // Both signatures.
    let twice = ours.replace(
        "\\n\"}",
        &format!("\\n{}", theirs.rsplit_once("\\n\u{2014}").map(|(_, rest)| format!("\u{2014}{rest}")).unwrap()),
    );
    assert!(twice.matches('\u{2014}').count() == 2, "{twice}");
    assert_eq!(found(&joined(twice.as_bytes(), evidence)), [Kind::Malformed]);
}

#[test]
fn an_attestation_is_no_checkpoint_and_a_checkpoint_no_attestation() {
    let records = records(50);
    let (evidence, bytes) = evidence(&entries(&records), (0, 50), january(), &signer(), Vec::new());
    let signed = Report::new(statement(), &evidence).unwrap().sign(&signer()).unwrap();
    let line: serde_json::Value = serde_json::from_str(signed.head().lines().nth(1).unwrap()).unwrap();
    let attestation = line["note"].as_str().unwrap();
    let checkpoint = note(&entries(&records), &signer());
    let (log_key, its_key) = (signer().verifier_key(&log()), attestation_key(&signer().verifier_key(&log())));
    assert_eq!(its_key.name(), format!("{}/attestation", log().origin()));
    assert!(its_key.open(attestation).is_ok() && log_key.open(&checkpoint).is_ok());
    // By name.
    assert!(matches!(Checkpoint::open(attestation, &log_key), Err(NoteError::UnknownKey(_))));
    assert!(matches!(its_key.open(&checkpoint), Err(NoteError::UnknownKey(_))));
    // The same signature put under the other name: it fits, because names are not signed; the text does not.
    let renamed = |note: &str, name: &str| {
        let (text, _) = note.split_once("\n\n").unwrap();
        let moved = sign(name, &format!("{text}\n"));
        let signature = |note: &str| note.trim_end().rsplit_once(' ').unwrap().1[6..].to_owned();
        assert_eq!(signature(&moved), signature(note), "the signature is that of the other note");
        moved
    };
    let as_checkpoint = renamed(attestation, log_key.name());
    assert!(log_key.open(&as_checkpoint).is_ok());
    assert!(matches!(Checkpoint::open(&as_checkpoint, &log_key), Err(NoteError::Malformed(_))));
    assert!(matches!(Checkpoint::open(attestation, &its_key), Err(NoteError::Malformed(_))));
    let as_attestation = renamed(&checkpoint, its_key.name());
    assert!(its_key.open(&as_attestation).is_ok());
    let line = serde_json::json!({ "note": as_attestation }).to_string().replacen('{', "{\"type\":\"attestation\",", 1);
    let report = signed.head().lines().next().unwrap();
    let file = [report.as_bytes(), b"\n", line.as_bytes(), b"\n", &bytes].concat();
    assert_eq!(found(&file), [Kind::Malformed], "its text has a line too many");
}

#[test]
fn the_key_follows_from_the_logs() {
    let text = attestation_key(&signer().verifier_key(&log())).to_string();
    let again: VerifierKey = text.parse().unwrap();
    assert_eq!(again.name(), format!("{}/attestation", log().origin()));
    let public = |key: &str| key.rsplit_once('+').unwrap().1.to_owned();
    assert_eq!(public(&text), public(&signer().verifier_key(&log()).to_string()));
}

/// A log whose key was handed over, and a report signed by the new one.
pub(crate) fn handed_over(from: usize) -> Vec<u8> {
    let (old, new) = (other().verifier_key(&log()), signer().verifier_key(&log()));
    let mut records = records(60);
    let changes = vec![Change { field: "log_key".into(), from: Some(old.to_string()), to: Some(new.to_string()) }];
    let at = records[29].at;
    records[29] = Record { changes, ..record(29, at, EventCode::LogKeyRotated, Phase::Event) };
    let entries = entries(&records);
    let rotation = Rotation { from: old.to_string(), to: new.to_string(), note: note(&entries[..30], &other()) };
    let (evidence, bytes) = evidence(&entries, (from, 60), january(), &signer(), vec![rotation]);
    file(&Report::new(statement(), &evidence).unwrap(), &bytes, &signer())
}

#[test]
fn an_older_key_will_do_if_the_evidence_shows_how_it_handed_over() {
    let checked = check(&handed_over(0), &trusting(&other())).unwrap();
    assert_eq!(checked.key_source(), KeySource::Rotated);
    assert_eq!(found(&handed_over(0)), [], "the newer key");
    let stretch = check(&handed_over(1), &trusting(&other())).unwrap_err();
    assert!(stretch.findings[0].to_string().starts_with("evidence: unknown_key: "), "{:?}", stretch.findings);
}

#[test]
fn older_checkpoints_and_witnesses_are_held_against_the_evidence() {
    let file = handed_over(0);
    let whole = entries(&{
        let mut records = records(60);
        records[29].event = EventCode::LoginFailed;
        records
    });
    let witness = Signer::from_seed(&[9; 32]).witness_key("w");
    let options = |since: String| Options { since: Some(since), ..trusting(&signer()) };
    let kept = note(&entries(&records(60)[..20]), &signer());
    assert_eq!(check(&file, &options(kept)).unwrap().evidence.continues, Some(20));
    let forked = check(&file, &options(note(&whole[..30], &signer()))).unwrap_err();
    assert!(forked.findings[0].to_string().contains(": forked: "), "{forked:?}");
    let cosigned = Options { witnesses: vec![witness], ..trusting(&signer()) };
    let alone = check(&file, &cosigned).unwrap_err();
    assert!(alone.findings[0].to_string().starts_with("evidence: unknown_key: the witness w"), "{alone:?}");
}
