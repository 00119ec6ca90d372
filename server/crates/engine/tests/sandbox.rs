//! What the sandbox refuses, and that the same attempts succeed without it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::{net::TcpListener, path::Path, process::Command};

use serde_json::Value;
use support::{tiny, worker::ENGINE, worker::Worker};
use tempfile::TempDir;

fn probe(directory: &Path, mode: &str, what: &str, value: &str) -> (Value, i32) {
    let output = Command::new(ENGINE)
        .args(["probe", "--sandbox", mode, "--model-dir"])
        .arg(directory)
        .args([what, value])
        .output()
        .unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code().unwrap())
}

#[test]
fn every_way_out_is_refused_and_open_without_the_sandbox() {
    let model = TempDir::new().unwrap();
    let outside = TempDir::new().unwrap();
    let secret = outside.path().join("secret");
    std::fs::write(&secret, "s").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let attempts = [
        ("--connect", address),
        ("--read", path(&secret)),
        ("--read", "/etc/passwd".into()),
        ("--write", path(&outside.path().join("new"))),
        ("--write", path(&model.path().join("new"))),
        ("--exec", "/bin/true".into()),
    ];
    for (what, value) in attempts {
        let (answer, status) = probe(model.path(), "require", what, &value);
        assert_eq!((status, &answer["attempts"][0]["refused"]), (0, &Value::Bool(true)), "{answer}");
        let report = &answer["sandbox"];
        for layer in ["no_new_privs", "seccomp", "socket_refused", "file_refused"] {
            assert_eq!(report[layer], Value::Bool(true), "{layer}: {report}");
        }
        assert!(report["landlock_abi"].as_u64().unwrap() >= 1);

        let (answer, status) = probe(model.path(), "off", what, &value);
        assert_eq!((status, &answer["attempts"][0]["error"]), (1, &Value::Null), "{answer}");
    }
}

#[test]
fn the_model_directory_can_be_read() {
    let model = TempDir::new().unwrap();
    let file = model.path().join("weights");
    std::fs::write(&file, "w").unwrap();
    let (answer, status) = probe(model.path(), "require", "--read", file.to_str().unwrap());
    assert_eq!((status, &answer["attempts"][0]["error"]), (1, &Value::Null), "{answer}");
}

#[test]
fn a_sandbox_that_leaks_is_not_served_from() {
    // Everything is below the model directory, so nothing is outside.
    let mut worker = Worker::spawn(Path::new("/"), &["--file", "none.gguf"]);
    assert!(worker.receive().is_err(), "no frame, not even Hello");
    assert_eq!(worker.wait().code(), Some(78));
}

#[test]
fn a_memory_limit_is_reported_and_holds() {
    let model = TempDir::new().unwrap();
    tiny::write(model.path());
    let (_worker, sandbox, _) = Worker::start(model.path(), &["--memory-limit", "2000000000"]);
    assert_eq!(sandbox.memory_limit_bytes, Some(2_000_000_000));
    let mut starved = Worker::spawn(model.path(), &["--memory-limit", "3000000"]);
    while starved.receive().is_ok() {}
    assert_ne!(starved.wait().code(), Some(0));
}

#[test]
fn the_socket_must_be_one() {
    let model = TempDir::new().unwrap();
    for fd in ["1", "77"] {
        let output =
            Command::new(ENGINE).args(["serve", "--fd", fd, "--model-dir"]).arg(model.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(70), "descriptor {fd}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("descriptor"), "{output:?}");
    }
}
