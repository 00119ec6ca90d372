//! Keys that hand over, and witnesses.

use leeward_ledger::{
    Change, Checkpoint, EventCode, Head, Phase, Record, Signer,
    export::{Rotation, Start, Writer},
    note::{signers, with_line},
    tree::{
        edge::Edge,
        leaf,
        proof::{consistency, hashes},
        tile::Tiles,
    },
    verify::{KeySource, Kind, Options, Report},
    witness::{AddCheckpoint, Refusal, decide},
};

use crate::bundle::{check, entries, export, found, head, log, note, record, records, signer, start};

pub(crate) fn old() -> Signer {
    Signer::from_seed(&[41; 32])
}

/// Ten records, the fifth of which hands the log over from the old key to the present one.
pub(crate) fn rotated_log() -> Vec<Vec<u8>> {
    let mut records = records(10);
    let key = |signer: &Signer| Some(signer.verifier_key(&log()).to_string());
    records[4] = Record {
        changes: vec![Change { field: "log_key".into(), from: key(&old()), to: key(&signer()) }],
        ..record(4, EventCode::LogKeyRotated, Phase::Event)
    };
    records[5] = record(5, EventCode::LoggedOut, Phase::Event);
    entries(&records)
}

pub(crate) fn hand_over(entries: &[Vec<u8>], by: &Signer) -> Rotation {
    let key = |signer: &Signer| signer.verifier_key(&log()).to_string();
    Rotation { from: key(by), to: key(&signer()), note: note(entries, by) }
}

fn rotated(rotations: Vec<Rotation>, options: &Options) -> Report {
    check(&rotated_file(rotations), options)
}

/// The rotated log, exported with these hand-overs.
pub(crate) fn rotated_file(rotations: Vec<Rotation>) -> Vec<u8> {
    let entries = rotated_log();
    let mut writer = Writer::new(Vec::new(), Start { rotations, ..start(&signer()) }).unwrap();
    entries.iter().for_each(|entry| writer.entry(entry).unwrap());
    writer.finish(vec![], &note(&entries, &signer())).unwrap();
    std::mem::take(writer.output())
}

#[test]
fn whoever_trusts_a_key_can_trust_the_one_it_handed_over_to() {
    let log_of = rotated_log();
    let trusts_old = Options { key: Some(old().verifier_key(&log())), ..Options::default() };
    let good = || hand_over(&log_of[..5], &old());

    let report = rotated(vec![good()], &trusts_old);
    assert_eq!((found(&report), report.key_source), (vec![], KeySource::Rotated));
    let trusts_new = Options { key: Some(signer().verifier_key(&log())), ..Options::default() };
    assert_eq!(rotated(vec![good()], &trusts_new).key_source, KeySource::Given);

    let since_old = Options { since: Some(note(&log_of[..3], &old())), ..trusts_old.clone() };
    assert_eq!(rotated(vec![good()], &since_old).continues, Some(3));

    let unknown = |rotations| found(&rotated(rotations, &trusts_old));
    assert_eq!(unknown(vec![]), [(Kind::UnknownKey, None)], "nothing handed over");
    assert_eq!(unknown(vec![hand_over(&log_of[..4], &old())]), [(Kind::UnknownKey, Some(3))], "no such record there");
    assert_eq!(unknown(vec![hand_over(&entries(&records(5)), &old())]), [(Kind::UnknownKey, Some(4))], "another log");
    let forger = Signer::from_seed(&[66; 32]);
    let forged = Rotation { from: good().from, ..hand_over(&log_of[..5], &forger) };
    assert_eq!(
        unknown(vec![forged]),
        [(Kind::UnknownKey, None), (Kind::BadSignature, None)][..].to_vec().into_iter().rev().collect::<Vec<_>>()
    );
}

fn tiles(entries: &[Vec<u8>]) -> Tiles {
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    entries.iter().for_each(|entry| edge.push(leaf(entry), |id, hashes| tiles.put(id.level(), id.index(), hashes)));
    edge.partial().for_each(|(id, hashes)| tiles.put(id.level(), id.index(), hashes.to_vec()));
    tiles
}

fn request(entries: &[Vec<u8>], old: usize, new: usize) -> AddCheckpoint {
    let proof = hashes(&consistency(old as u64, new as u64), &tiles(entries)).unwrap();
    AddCheckpoint { old: old as u64, proof, checkpoint: note(&entries[..new], &signer()) }
}

#[test]
fn a_witness_cosigns_what_continues_and_nothing_else() {
    let all = entries(&records(20));
    let key = signer().verifier_key(&log());
    let at = |size: usize| head(&all[..size]);
    let ask = |request: &AddCheckpoint, last: Head| decide(request, &key, &last);

    for (old, new) in [(0, 0), (0, 7), (7, 7), (7, 20)] {
        let request = request(&all, old, new);
        assert_eq!(request.to_string().parse(), Ok(request.clone()));
        assert_eq!(ask(&request, at(old)).map(|checkpoint| checkpoint.head), Ok(at(new)));
    }
    assert_eq!(ask(&request(&all, 7, 20), at(9)), Err(Refusal::Conflict(9)));
    assert_eq!(ask(&AddCheckpoint { old: 21, ..request(&all, 7, 20) }, at(7)), Err(Refusal::Backwards));
    let mut other = all.clone();
    other[3] = entries(&[record(99, EventCode::LoggedOut, Phase::Event)]).remove(0);
    assert_eq!(ask(&request(&other, 7, 20), at(7)), Err(Refusal::Inconsistent));
    assert_eq!(ask(&request(&other, 7, 7), at(7)), Err(Refusal::Conflict(7)));
    let unsigned = AddCheckpoint { checkpoint: note(&all, &old()), ..request(&all, 7, 20) };
    assert_eq!(ask(&unsigned, at(7)), Err(Refusal::NotSigned));
    for wrong in ["", "old 1\n", "old 01\n\nx", "old 1\nzz\n\nx", "new 1\n\nx"] {
        assert!(wrong.parse::<AddCheckpoint>().is_err(), "{wrong}");
    }
}

#[test]
fn a_cosignature_counts_for_the_witness_asked_for_and_no_other() {
    let all = entries(&records(12));
    let witness = Signer::from_seed(&[7; 32]);
    let key = witness.witness_key("witness.example/w1");
    assert_eq!(key.to_string().parse(), Ok(key.clone()));
    let checkpoint = Checkpoint { log: log(), head: head(&all) };
    let plain = signer().sign(&checkpoint);
    let line = witness.cosign("witness.example/w1", 1_679_315_147, &checkpoint);
    let note = with_line(&plain, &line).unwrap();
    assert_eq!((with_line(&note, &line).as_deref(), key.cosigned(&note)), (Ok(note.as_str()), Ok(1_679_315_147)));
    assert_eq!(signers(&note).unwrap(), [log().origin().as_str(), "witness.example/w1"]);

    let mut writer = Writer::new(Vec::new(), start(&signer())).unwrap();
    all.iter().for_each(|entry| writer.entry(entry).unwrap());
    writer.finish(vec![], &note).unwrap();
    let file = std::mem::take(writer.output());
    let asked = |file: &[u8], witnesses| check(file, &Options { witnesses, ..Options::default() });
    assert_eq!(asked(&file, vec![key.clone()]).witnesses, [("witness.example/w1".to_owned(), 1_679_315_147)]);
    assert_eq!(found(&asked(&export(&all, &signer()), vec![key.clone()])), [(Kind::UnknownKey, None)]);

    let other = Checkpoint { log: log(), head: head(&all[..3]) };
    let wrong = with_line(&plain, &witness.cosign("witness.example/w1", 1, &other)).unwrap();
    assert!(key.cosigned(&wrong).is_err());
    let as_log = Signer::from_seed(&[7; 32]).verifier_key(&log());
    assert!(as_log.to_string().parse::<leeward_ledger::WitnessKey>().is_err(), "a log's key is no witness's");
}

/// The cosignature in the C2SP specification's example cannot be checked without its key, but its shape can.
#[test]
fn cosignature_lines_have_the_shape_of_the_specification() {
    let witness = Signer::from_seed(&[7; 32]);
    let line = witness.cosign("w", 1, &Checkpoint { log: log(), head: Head::empty() });
    let example =
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
    assert_eq!(line.trim_end().rsplit(' ').next().unwrap().len(), example.len());
}
