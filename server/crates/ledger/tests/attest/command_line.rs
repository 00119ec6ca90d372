//! `leeward-verify attest` as a process: exit statuses and what goes where.

use std::{fs, process::Command};

use leeward_ledger::Signer;
use serde_json::Value;
use tempfile::tempdir;

use crate::month::{log, month, parts, signer};

/// Exit status, standard output, standard error.
fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_leeward-verify")).arg("attest").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn zero_one_and_two() {
    let directory = tempdir().unwrap();
    let [good, bad, evidence, missing] =
        ["good", "bad", "evidence", "missing"].map(|name| directory.path().join(name).to_str().unwrap().to_owned());
    let file = month(300);
    fs::write(&good, &file).unwrap();
    fs::write(&bad, String::from_utf8(file.clone()).unwrap().replacen("\"holds\":2", "\"holds\":3", 1)).unwrap();
    fs::write(&evidence, parts(&file).2).unwrap();
    let key = signer().verifier_key(&log()).to_string();

    let (status, out, err) = run(&[&good]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(
        out.starts_with("OK\n\n# Attestation")
            && out.contains("give --key")
            && out.contains("## What this does not prove")
    );
    let (status, out, _) = run(&[&good, "--key", &key]);
    assert_eq!(status, Some(0));
    assert!(!out.contains("give --key") && out.contains(&key));

    let (status, out, err) = run(&[&bad, "--key", &key]);
    assert_eq!((status, out.as_str()), (Some(1), "NOT OK\n"), "nothing of it is shown");
    assert!(err.starts_with("edited: the report is not the one that was signed"), "{err}");
    let other = Signer::from_seed(&[1; 32]).verifier_key(&log()).to_string();
    let (status, _, err) = run(&[&good, "--key", &other]);
    assert!(status == Some(1) && err.starts_with("evidence: unknown_key: "), "{err}");

    let (status, out, _) = run(&[&good, "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &json["ok"], &json["evidence"]["key_source"]), (Some(0), &true.into(), &"file".into()));
    assert_eq!(json["report"]["holds"], 2);
    let (status, out, _) = run(&[&bad, "--json"]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((status, &json["ok"], &json["findings"][0]["kind"]), (Some(1), &false.into(), &"edited".into()));

    for usage in
        [&[][..], &[&good, "--nonsense"], &[&good, "--key", "nonsense"], &[&missing], &[&good, "--since", &missing]]
    {
        let (status, _, err) = run(usage);
        assert_eq!(status, Some(2), "{usage:?}");
        assert!(!err.is_empty());
    }
    // The evidence is an export, and is checked as one.
    let status = Command::new(env!("CARGO_BIN_EXE_leeward-verify")).args([&evidence, "--key", &key]).status().unwrap();
    assert_eq!(status.code(), Some(0));
}
