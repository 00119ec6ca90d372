//! `leeward-verify` as a process: exit statuses and what goes where.

use std::{fs, path::Path, process::Command};

use leeward_ledger::Signer;
use serde_json::Value;
use tempfile::tempdir;

use crate::bundle::{entries, export, log, note, records, signer};

/// Exit status, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_leeward-verify")).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn zero_one_and_two() {
    let directory = tempdir().unwrap();
    let [good, bad, old] = ["good", "bad", "old"].map(|name| directory.path().join(name));
    fs::write(&good, export(&entries(&records(12)), &signer())).unwrap();
    let edited = String::from_utf8(fs::read(&good).unwrap()).unwrap().replace("\"output\":7", "\"output\":8");
    fs::write(&bad, edited).unwrap();
    fs::write(&old, note(&entries(&records(6)), &signer())).unwrap();
    let key = signer().verifier_key(&log()).to_string();

    let (status, out, err) = run(&[text(&good)]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(
        out.starts_with("OK\n") && out.contains("entries 12 (0 to 11)\n") && out.contains("taken from the file itself")
    );

    let (status, out, _) = run(&[text(&good), "--key", &key, "--since", text(&old)]);
    assert_eq!(status, Some(0));
    assert!(!out.contains("taken from the file itself") && out.contains("continues the older checkpoint of 6"));

    let (status, out, err) = run(&[text(&bad), "--json"]);
    assert_eq!(status, Some(1));
    assert!(err.starts_with("entry 5: edited: "), "{err}");
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&report["ok"], &report["key_source"], &report["findings"][0]["kind"]),
        (&false.into(), &"file".into(), &"edited".into())
    );
    assert_eq!((&report["findings"][0]["seq"], &report["findings_total"]), (&5.into(), &1.into()), "the first of two");

    let other = Signer::from_seed(&[1; 32]).verifier_key(&log()).to_string();
    let (status, _, err) = run(&[text(&good), "--key", &other]);
    assert_eq!(status, Some(1));
    assert!(err.starts_with("unknown_key: "), "{err}");

    let missing = directory.path().join("missing");
    for usage in [&[][..], &[text(&good), "--nonsense"], &[text(&good), "--key", "nonsense"], &[text(&missing)]] {
        let (status, _, err) = run(usage);
        assert_eq!(status, Some(2), "{usage:?}");
        assert!(!err.is_empty());
    }
    let (status, _, err) = run(&[text(&good), "--since", text(&missing)]);
    assert_eq!(status, Some(2));
    assert!(err.contains("missing"));
}
