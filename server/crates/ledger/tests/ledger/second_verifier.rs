//! Two verifiers, written apart, must say the same: this crate's, and `docs/verify.py`, made from docs/audit.md.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use leeward_ledger::verify::{Options, Report};
use proptest::{collection::vec, prelude::Strategy as _, strategy::ValueTree as _, test_runner::TestRunner};
use serde_json::{Value, json};
use tempfile::tempdir;

use crate::{
    bundle::{check, entries, export, records, signer, stretch},
    tampering::{Change, changed, changes},
    trust::{hand_over, old, rotated_file, rotated_log},
    vectors::{Vector, vectors},
};

fn python() -> Command {
    // Of the checkout that runs, not of the one that was compiled: they may share a target directory.
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let mut command = Command::new("python3");
    command.args(["-I", "-B"]).arg(Path::new(&package).join("../../../docs/verify.py"));
    command
}

/// The findings without their details: `entry 5: edited` or `edited`, sorted.
fn short<'a>(findings: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut short: Vec<_> = findings
        .into_iter()
        .map(|finding| {
            let parts = if finding.starts_with("entry ") { 2 } else { 1 };
            finding.split(": ").take(parts).collect::<Vec<_>>().join(": ")
        })
        .collect();
    short.sort();
    short
}

fn here(report: &Report) -> Vec<String> {
    let all: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
    short(all.iter().map(String::as_str))
}

/// What `docs/verify.py` is asked to hold the file at `path` against; writes what it needs beside it.
fn arguments(path: &Path, options: &Options) -> Vec<String> {
    let mut arguments = vec![path.display().to_string()];
    if let Some(key) = &options.key {
        arguments.extend(["--key".into(), key.to_string()]);
    }
    if let Some(note) = &options.since {
        let since = path.with_extension("since");
        fs::write(&since, note).unwrap();
        arguments.extend(["--since".into(), since.display().to_string()]);
    }
    for witness in &options.witnesses {
        arguments.extend(["--witness".into(), witness.to_string()]);
    }
    arguments
}

#[test]
fn both_say_the_same_of_every_vector() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("file");
    let mut batch = Batch::start();
    let mut apart = BTreeMap::new();
    for Vector { name, file, options } in vectors() {
        let report = check(&file, &options);
        assert_eq!(report.ok, name.starts_with("good"), "{name}: {:?}", report.findings);
        fs::write(&path, file).unwrap();
        batch.ask(&arguments(&path, &options));
        let (here, there) = (here(&report), batch.answer());
        if here != there {
            apart.insert(name, (here, there));
        }
    }
    assert!(apart.is_empty(), "{apart:#?}");
    batch.end();
}

#[test]
fn the_other_one_has_the_same_exit_statuses() {
    let directory = tempdir().unwrap();
    let [good, bad, missing] =
        ["good", "bad", "missing"].map(|name| directory.path().join(name).to_str().unwrap().to_owned());
    fs::write(&good, export(&entries(&records(2)), &signer())).unwrap();
    fs::write(&bad, export(&entries(&[records(1), records(1)].concat()), &signer())).unwrap();
    assert_eq!(python().arg(&good).output().unwrap().status.code(), Some(0));
    let output = python().arg(&bad).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.starts_with(b"entry 1: duplicate_id: ")), (Some(1), true));
    for usage in
        [&[][..], &[&good, "--nonsense"], &[&good, "--key", "nonsense"], &[&missing], &[&good, "--since", &missing]]
    {
        let output = python().args(usage).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{usage:?}");
        assert!(!output.stderr.is_empty());
    }
}

/// The other one, checking many files in one process.
struct Batch {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    fn start() -> Self {
        let mut child = python().arg("--batch").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (questions, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, questions, answers }
    }

    fn ask(&mut self, arguments: &[String]) {
        writeln!(self.questions, "{}", json!({ "arguments": arguments })).unwrap();
    }

    /// What it found; nothing if all is well.
    fn answer(&mut self) -> Vec<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        let findings: Vec<_> =
            answer["findings"].as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect();
        assert_eq!(answer["status"], i32::from(!findings.is_empty()));
        short(findings)
    }

    fn end(mut self) {
        drop(self.questions);
        assert!(self.child.wait().unwrap().success());
    }
}

/// Random changes to good exports, one or two at once; `LEEWARD_MUTATIONS` says how many.
#[test]
fn no_random_change_escapes_either() {
    let count: u32 = std::env::var("LEEWARD_MUTATIONS").map_or(10_000, |count| count.parse().unwrap());
    let all = entries(&records(300));
    let good = [
        export(&all[..20], &signer()),
        export(&all[..60], &signer()),
        export(&all, &signer()),
        stretch(&all, 9, 41, &signer()),
        rotated_file(vec![hand_over(&rotated_log()[..5], &old())]),
    ];
    let directory = tempdir().unwrap();
    let mut batch = Batch::start();
    let mut runner = TestRunner::deterministic();
    let strategy = (0..good.len(), vec(changes(), 1..3));
    let (mut tried, mut apart, mut missed) = (0, Vec::new(), Vec::new());
    while tried < count {
        let (which, changes) = strategy.new_tree(&mut runner).unwrap().current();
        let bad = mutated(&good[which], &changes);
        if bad == good[which] {
            continue;
        }
        tried += 1;
        let path = directory.path().join("file");
        fs::write(&path, &bad).unwrap();
        batch.ask(&arguments(&path, &Options::default()));
        let report = check(&bad, &Options::default());
        let (here, there) = (here(&report), batch.answer());
        if here.is_empty() || there.is_empty() {
            missed.push((which, changes, here, there));
        } else if !agree(&report, &here, &there) {
            apart.push((which, changes, here, there));
        }
    }
    batch.end();
    println!("{tried} changes, {} missed, {} named otherwise by the other verifier", missed.len(), apart.len());
    assert!(missed.is_empty(), "{missed:?}");
    assert!(apart.is_empty(), "{apart:?}");
}

/// This crate's keeps the first 100 findings and counts the rest.
fn agree(report: &Report, here: &[String], there: &[String]) -> bool {
    report.findings_total == there.len() as u64 && here.iter().all(|finding| there.contains(finding))
}

fn mutated(good: &[u8], changes: &[Change]) -> Vec<u8> {
    changes.iter().fold(good.to_vec(), |file, change| if file.is_empty() { file } else { changed(&file, change) })
}
