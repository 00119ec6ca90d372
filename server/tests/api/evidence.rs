//! All that proves a period, in one archive, and checked with nothing but what is in it.

use std::{
    io::{Cursor, Read as _},
    path::Path,
    process::Command,
};

use leeward_domain::Sha256Digest;
use reqwest::Method;
use serde_json::json;
use zip::ZipArchive;

use crate::{Backend, TestApp};

fn verify(args: &[&str]) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let output = Command::new(program).args(args).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

async fn an_archive_holds_everything_and_verifies(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let from = app.get("/api/audit?limit=1").await["items"][0]["record"]["at"].as_str().unwrap().to_owned();
    for n in 0..5 {
        assert_eq!(app.ask(&format!("question {n}")).await.0, 200);
    }
    let to = app.get("/api/audit?limit=1").await["items"][0]["record"]["at"].as_str().unwrap().to_owned();
    let asked = json!({"from": from, "to": to, "reason": "the court asked for it"});
    let response = app.request(Method::POST, "/api/audit/evidence").json(&asked).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/zip");
    assert!(response.headers()["content-disposition"].to_str().unwrap().contains(".zip"));
    let bytes = response.bytes().await.unwrap();

    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let dir = app.path("evidence");
    archive.extract(&dir).unwrap();
    let names: Vec<_> = archive.file_names().map(str::to_owned).collect();
    for name in ["README.txt", "records.ndjson", "residency.attest", "residency.pdf", "SHA256SUMS"] {
        assert!(names.iter().any(|there| there == name), "{names:?} lacks {name}");
    }
    assert!(names.iter().any(|name| name.starts_with("checkpoints/") && name.ends_with(".note")), "{names:?}");

    let mut sums = String::new();
    archive.by_name("SHA256SUMS").unwrap().read_to_string(&mut sums).unwrap();
    assert_eq!(sums.lines().count(), names.len() - 1, "every other file");
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        assert_eq!(Sha256Digest::of(&std::fs::read(dir.join(name)).unwrap()).to_string(), sum, "{name}");
    }
    // The commands that the instructions give, with the key they give.
    let readme = std::fs::read_to_string(dir.join("README.txt")).unwrap();
    let key = readme.split("--key '").nth(1).unwrap().split('\'').next().unwrap();
    let at = |name: &str| dir.join(name).display().to_string();
    assert_eq!(verify(&[&at("records.ndjson"), "--key", key]), (Some(0), String::new()));
    assert_eq!(verify(&["attest", &at("residency.attest")]), (Some(0), String::new()));
    let records = std::fs::read_to_string(dir.join("records.ndjson")).unwrap();
    assert_eq!(records.matches("inference.completed").count(), 5);
    assert!(std::fs::read(dir.join("residency.pdf")).unwrap().starts_with(b"%PDF"));
    // Handing it out is on record, with the reason.
    let exported = app.records("audit.export.succeeded").await;
    assert!(exported[0]["reason"].as_str().unwrap().starts_with("the court asked for it (from "), "{exported:?}");
    assert_eq!(app.records("audit.attest.succeeded").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_holds_everything_and_verifies_on_sqlite() {
    an_archive_holds_everything_and_verifies(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_holds_everything_and_verifies_on_postgres() {
    an_archive_holds_everything_and_verifies(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_archive_without_a_reason_or_before_its_time() {
    let app = TestApp::spawn().await;
    for (from, to, reason, names) in [
        ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "", "reason"),
        ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z", "backwards", "to"),
        ("2026-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "the future", "to"),
    ] {
        let (status, answer) =
            app.post("/api/audit/evidence", &json!({"from": from, "to": to, "reason": reason})).await;
        assert_eq!((status, answer["param"].as_str()), (400, Some(names)), "{answer}");
    }
    assert_eq!(app.records("audit.attest.failed").await.len(), 3);
}
