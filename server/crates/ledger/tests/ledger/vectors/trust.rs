//! What an export is held against: older checkpoints, keys that handed over, witnesses.

use leeward_ledger::{
    Checkpoint, EventCode, Signer,
    export::{Rotation, Writer},
    note::with_line,
    verify::Options,
};

use super::{Vector, trusting, vector};
use crate::{
    bundle::{entries, export, head, log, note, records, signer, start, stretch},
    trust::{hand_over, old, rotated_file, rotated_log},
};

pub(super) fn since() -> Vec<Vector> {
    let all = entries(&records(12));
    let mut other = records(6);
    other[3].event = EventCode::LoginFailed;
    let against = |name: &str, file: Vec<u8>, old: String| Vector {
        options: Options { since: Some(old), ..trusting(&signer()) },
        ..vector(name, file)
    };
    let old = |size: u64| note(&entries(&records(size)), &signer());
    let whole = || export(&all, &signer());
    let part = || stretch(&all, 4, 9, &signer());
    vec![
        against("good since nothing", whole(), old(0)),
        against("good since 6", whole(), old(6)),
        against("good since itself", whole(), old(12)),
        against("since the future", whole(), old(13)),
        against("since another history", whole(), note(&entries(&other), &signer())),
        against("since another key's", whole(), note(&all[..6], &Signer::from_seed(&[66; 32]))),
        against("since garbage", whole(), "not a note".to_owned()),
        against("since a changed note", whole(), old(6).replacen("\n6\n", "\n7\n", 1)),
        against("good stretch since 7", part(), old(7)),
        against("good stretch since its beginning", part(), old(4)),
        against("stretch since before", part(), old(2)),
        against("stretch since after", part(), old(10)),
    ]
}

pub(super) fn rotations() -> Vec<Vector> {
    let log_of = rotated_log();
    let good = || hand_over(&log_of[..5], &old());
    let forger = Signer::from_seed(&[66; 32]);
    let with = |name: &str, rotations: Vec<Rotation>| Vector {
        options: trusting(&old()),
        ..vector(name, rotated_file(rotations))
    };
    vec![
        with("good hand-over", vec![good()]),
        Vector { options: trusting(&signer()), ..with("good hand-over, newer key", vec![good()]) },
        Vector {
            options: Options { since: Some(note(&log_of[..3], &old())), ..trusting(&old()) },
            ..with("good hand-over since", vec![good()])
        },
        with("no hand-over", vec![]),
        with("hand-over too early", vec![hand_over(&log_of[..4], &old())]),
        with("hand-over of nothing", vec![hand_over(&[], &old())]),
        with("hand-over of another log", vec![hand_over(&entries(&records(5)), &old())]),
        with("hand-over beyond the end", vec![hand_over(&entries(&records(11)), &old())]),
        with("hand-over forged", vec![Rotation { from: good().from, ..hand_over(&log_of[..5], &forger) }]),
        with("hand-over to another", vec![Rotation { to: forger.verifier_key(&log()).to_string(), ..good() }]),
        with("hand-over twice", vec![good(), good()]),
        with("hand-over garbage", vec![Rotation { note: "x".into(), ..good() }]),
    ]
}

pub(super) fn witnesses() -> Vec<Vector> {
    let all = entries(&records(12));
    let witness = Signer::from_seed(&[7; 32]);
    let name = "witness.example/w1";
    let checkpoint = Checkpoint { log: log(), head: head(&all) };
    let other = Checkpoint { log: log(), head: head(&all[..3]) };
    let file = |note: &str| {
        let mut writer = Writer::new(Vec::new(), start(&signer())).unwrap();
        all.iter().for_each(|entry| writer.entry(entry).unwrap());
        writer.finish(vec![], note).unwrap();
        std::mem::take(writer.output())
    };
    let plain = signer().sign(&checkpoint);
    let cosigned = with_line(&plain, &witness.cosign(name, 1_679_315_147, &checkpoint)).unwrap();
    let wrong = with_line(&plain, &witness.cosign(name, 1, &other)).unwrap();
    let asked = |label: &str, file: Vec<u8>, by: &Signer| Vector {
        options: Options { witnesses: vec![by.witness_key(name)], ..trusting(&signer()) },
        ..vector(label, file)
    };
    vec![
        asked("good witness", file(&cosigned), &witness),
        asked("no witness", file(&plain), &witness),
        asked("another witness", file(&cosigned), &old()),
        asked("witness of another head", file(&wrong), &witness),
    ]
}
