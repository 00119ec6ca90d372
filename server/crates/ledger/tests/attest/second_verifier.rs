//! Two verifiers, written apart, must say the same: this crate's, and `docs/verify_attest.py`, made from
//! docs/attestation.md.

use std::{collections::BTreeSet, env, fs};

use leeward_ledger::{Signer, verify::Options};
use tempfile::tempdir;

use crate::{
    counting::odd_records,
    lies::{Lie, lies},
    month::{check, entries, month, note, records, signer, trusting},
    mutations::{Chance, WAYS, changed, others},
    python::{Batch, python},
    trust::handed_over,
};

/// Findings without their details, each once: `count_differs`, `evidence: entry 5: edited`.
fn short(findings: &[String]) -> BTreeSet<String> {
    let short = |finding: &String| {
        let parts: Vec<_> = finding.split(": ").collect();
        let kept = match parts.as_slice() {
            ["evidence", entry, ..] if entry.starts_with("entry ") => 3,
            ["evidence", ..] => 2,
            _ => 1,
        };
        parts.into_iter().take(kept).collect::<Vec<_>>().join(": ")
    };
    findings.iter().map(short).collect()
}

fn here(file: &[u8], options: &Options) -> BTreeSet<String> {
    let findings = check(file, options).err().map_or_else(Vec::new, |rejected| rejected.findings);
    short(&findings.iter().map(ToString::to_string).collect::<Vec<_>>())
}

#[test]
fn both_say_the_same_of_every_lie() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("file");
    let mut batch = Batch::start();
    let mut apart = Vec::new();
    let none = Options::default();
    let since = Options { since: Some(note(&entries(&records(60)[..20]), &signer())), ..trusting(&signer()) };
    let witnessed = Options { witnesses: vec![Signer::from_seed(&[9; 32]).witness_key("w")], ..trusting(&signer()) };
    let (old, stranger) = (Signer::from_seed(&[66; 32]), Signer::from_seed(&[1; 32]));
    let mut vectors: Vec<_> =
        lies().into_iter().map(|Lie { name, file, .. }| (name, file, trusting(&signer()))).collect();
    vectors.extend([
        ("good, no key", month(300), none),
        ("good, another key given", month(300), trusting(&stranger)),
        ("odd records", odd_records(), trusting(&signer())),
        ("handed over", handed_over(0), trusting(&old)),
        ("handed over before the stretch", handed_over(1), trusting(&old)),
        ("handed over, an older checkpoint", handed_over(0), since),
        ("handed over, a witness that did not", handed_over(0), witnessed),
    ]);
    let mut good = 0;
    for (name, file, options) in vectors {
        let (here, there) = (here(&file, &options), short(&batch.ask(&path, &file, &options)));
        good += u32::from(here.is_empty());
        if here != there {
            apart.push((name, here, there));
        }
    }
    batch.end();
    assert!(apart.is_empty(), "{apart:#?}");
    assert_eq!(good, 5);
}

/// Random changes; `LEEWARD_ATTEST_MUTATIONS` says how many.
#[test]
fn no_random_change_escapes_either() {
    let count = env::var("LEEWARD_ATTEST_MUTATIONS").map_or(300, |count| count.parse().unwrap());
    let (good, others) = (month(120), others(120));
    let directory = tempdir().unwrap();
    let path = directory.path().join("file");
    let mut batch = Batch::start();
    let mut chance = Chance(0xbad);
    let (mut tried, mut apart) = (0, Vec::new());
    while tried < count {
        let way = WAYS[chance.below(WAYS.len())];
        let bad = changed(&good, &others, way, &mut chance);
        if bad == good || others.contains(&bad) {
            continue;
        }
        tried += 1;
        let (here, there) = (here(&bad, &trusting(&signer())), short(&batch.ask(&path, &bad, &trusting(&signer()))));
        assert!(!here.is_empty() && !there.is_empty(), "{way}: {here:?}, {there:?}");
        if here != there {
            apart.push((way, here, there));
        }
    }
    batch.end();
    assert!(apart.is_empty(), "{apart:#?}");
}

#[test]
fn the_other_one_has_the_same_exit_statuses() {
    let directory = tempdir().unwrap();
    let [good, bad, missing] =
        ["good", "bad", "missing"].map(|name| directory.path().join(name).to_str().unwrap().to_owned());
    fs::write(&good, month(60)).unwrap();
    fs::write(&bad, &month(60)[1..]).unwrap();
    let output = python().arg(&good).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), &b"OK\n"[..]));
    let output = python().arg(&bad).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.starts_with(b"malformed: ")), (Some(1), true));
    for usage in [&[][..], &[&good, "--nonsense"], &[&good, "--key", "nonsense"], &[&missing]] {
        let output = python().args(usage).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{usage:?}");
        assert!(output.stderr.starts_with(b"verify_attest.py: "));
    }
}
