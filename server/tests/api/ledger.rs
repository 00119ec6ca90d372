//! The log as a monitor, an auditor and a program see it over the API.

use std::{process::Command, time::Duration};

use leeward_domain::Sha256Digest;
use leeward_ledger::{
    Checkpoint, VerifierKey,
    tree::{
        Frontier, leaf,
        proof::{InclusionProof, check_inclusion},
        tile::index_path,
    },
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp};

/// The newest checkpoint, once it signs at least so many entries.
async fn checkpoint(app: &TestApp, at_least: u64) -> (String, u64) {
    for _ in 0..100 {
        let response = app.request(Method::GET, "/api/audit/log/checkpoint").send().await.unwrap();
        if response.status() == 200 {
            let note = response.text().await.unwrap();
            let size = note.lines().nth(1).unwrap().parse().unwrap();
            if size >= at_least {
                return (note, size);
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no checkpoint of {at_least}: {}", app.log());
}

async fn bytes(app: &TestApp, path: &str) -> (u16, Vec<u8>) {
    let response = app.request(Method::GET, path).send().await.unwrap();
    (response.status().as_u16(), response.bytes().await.unwrap().to_vec())
}

async fn a_monitor_can_follow_the_log(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    for number in 0..300 {
        assert_eq!(app.post("/api/projects", &json!({"name": format!("p{number}")})).await.0, 201);
    }
    let (note, size) = checkpoint(&app, 300).await;
    let mut tree = Frontier::default();
    let mut tiles = 0;
    while tree.size() < size {
        let (place, width) = (tree.size() / 256, (size - tree.size()).min(256));
        let path = index_path(place, u16::try_from(width).unwrap());
        let (status, hashes) = bytes(&app, &format!("/api/audit/log/tile/0/{path}")).await;
        assert_eq!((status, hashes.len() as u64), (200, width * 32), "{path}");
        let (status, bundle) = bytes(&app, &format!("/api/audit/log/tile/entries/{path}")).await;
        assert_eq!(status, 200);
        let mut rest = bundle.as_slice();
        for hash in hashes.as_chunks::<32>().0 {
            let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
            assert_eq!(leaf(&rest[2..2 + length]), Sha256Digest::from_bytes(*hash));
            rest = &rest[2 + length..];
            tree.push(Sha256Digest::from_bytes(*hash));
        }
        assert!(rest.is_empty());
        tiles += 1;
    }
    assert!(tiles >= 2);
    let record = app.get(&format!("/api/audit/records/{}", size - 1)).await;
    let key: VerifierKey = record["key"].as_str().unwrap().parse().unwrap();
    let signed = Checkpoint::open(&note, &key).unwrap();
    assert_eq!((signed.head.size, signed.head.root), (size, tree.root()));
    assert_eq!(bytes(&app, "/api/audit/log/tile/1/000.p/1").await.1.len(), 32);
    for none in [
        "/api/audit/log/tile/0/999",
        "/api/audit/log/tile/9/000",
        "/api/audit/log/tile/0/0",
        "/api/audit/log/tile/entries/x001/000",
    ] {
        assert_eq!(bytes(&app, none).await.0, 404, "{none}");
    }
    let history = app.get("/api/audit/checkpoints").await;
    assert!(history["items"][0]["size"].as_u64().unwrap() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_can_follow_the_log_on_sqlite() {
    a_monitor_can_follow_the_log(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_monitor_can_follow_the_log_on_postgres() {
    a_monitor_can_follow_the_log(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_record_is_proven_by_itself() {
    let app = TestApp::spawn().await;
    assert_eq!(app.ask("prove it").await.0, 200);
    let page = app.get("/api/audit?event=inference.completed").await;
    let seq = page["items"][0]["seq"].as_u64().unwrap();
    checkpoint(&app, seq + 1).await;
    let proven = app.get(&format!("/api/audit/records/{seq}")).await;
    assert_eq!(proven["record"]["event"], "inference.completed");
    let (entry, text) = (proven["entry"].as_str().unwrap(), proven["proof"].as_str().unwrap());
    let proof: InclusionProof = text.parse().unwrap();
    let head = Checkpoint::open(&proof.checkpoint, &proven["key"].as_str().unwrap().parse().unwrap()).unwrap().head;
    check_inclusion(leaf(entry.as_bytes()), seq, head.size, &proof.hashes, &head.root).unwrap();

    let [proof_file, entry_file] = ["record.tlog-proof", "record.json"].map(|name| app.path(name));
    std::fs::write(&proof_file, text).unwrap();
    let verifier = std::path::Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    for (content, code) in [(entry.to_owned(), 0), (entry.replace("completed", "cancelled"), 1)] {
        std::fs::write(&entry_file, content).unwrap();
        let key = proven["key"].as_str().unwrap();
        let checked = Command::new(&verifier)
            .arg("proof")
            .arg(&proof_file)
            .arg("--entry")
            .arg(&entry_file)
            .args(["--key", key])
            .output();
        let checked = checked.unwrap();
        assert_eq!(checked.status.code(), Some(code), "{}", String::from_utf8_lossy(&checked.stderr));
    }
    let (status, _) = bytes(&app, "/api/audit/records/99999").await;
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_needs_a_reason_and_verifies_whole_or_in_part() {
    let app = TestApp::spawn().await;
    assert_eq!(app.ask("one").await.0, 200);
    for body in [json!({}), json!({"reason": "x"}), json!({"reason": "fine", "from": "yesterday"})] {
        assert_eq!(app.post("/api/audit/export", &body).await.0, 400, "{body}");
    }
    let middle = leeward::ambient::system().now().to_string();
    assert_eq!(app.ask("two").await.0, 200);
    let verifier = std::path::Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let mut entries = Vec::new();
    for (name, body) in [
        ("whole", json!({"reason": "the yearly audit"})),
        ("part", json!({"reason": "the yearly audit", "from": middle})),
        ("none", json!({"reason": "the yearly audit", "from": "2020-01-01T00:00:00Z", "to": "2020-01-02T00:00:00Z"})),
    ] {
        let response = app.request(Method::POST, "/api/audit/export").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-disposition"].to_str().unwrap().contains(".audit.ndjson"));
        let file = app.path(name);
        std::fs::write(&file, response.bytes().await.unwrap()).unwrap();
        let checked = Command::new(&verifier).arg(&file).arg("--json").output().unwrap();
        assert_eq!(checked.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&checked.stderr));
        let report: Value = serde_json::from_slice(&checked.stdout).unwrap();
        entries.push((report["from"].as_u64().unwrap(), report["entries"].as_u64().unwrap()));
    }
    for format in ["ndjson", "csv", "ocsf", "cef", "rfc5424", "otlp"] {
        let body = json!({"reason": "for the SIEM", "format": format, "from": middle});
        let response = app.request(Method::POST, "/api/audit/export").json(&body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{format}");
        let text = response.text().await.unwrap();
        assert!(text.contains("inference.completed") && !text.contains("two"), "{format}: {text}");
    }
    assert_eq!(app.post("/api/audit/export", &json!({"reason": "fine", "format": "pdf"})).await.0, 400);
    let [whole, part, none] = entries[..] else { unreachable!() };
    assert!(whole.0 == 0 && part.0 > 0 && part.1 > 0 && part.1 < whole.1 && none.1 == 0, "{entries:?}");
    let records = app.records("audit.export.succeeded").await;
    let reason = |record: &Value| record["reason"].as_str().unwrap().to_owned();
    assert!(reason(&records[0]).starts_with("for the SIEM") && reason(&records[0]).ends_with("as otlp)"));
    assert!(reason(&records[records.len() - 1]).starts_with("the yearly audit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_rewritten_behind_the_service_is_not_signed() {
    let mut app = TestApp::spawn().await;
    assert_eq!(app.ask("the truth").await.0, 200);
    app.terminate();
    let database = sqlx_sqlite(&app, "drop trigger audit_entries_no_update; \
        update audit_entries set entry = replace(entry, 'inference.completed', 'inference.cancelled') where event = 'inference.completed'").await;
    assert!(database > 0);
    let file = app.path("export");
    let output = app.cli(&["audit", "export", "--tenant", &app.tenant, "--out", file.to_str().unwrap()]);
    assert!(!output.status.success());
    assert!(!file.exists(), "half an export is none");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("not among them") || text.contains("not as it was signed"), "{text}");
}

/// Runs SQL on the service's database file.
async fn sqlx_sqlite(app: &TestApp, sql: &str) -> usize {
    let script = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.create_function('replace', 3, lambda e, a, b: e.replace(a.encode(), b.encode()))\nc.executescript(sys.argv[2])\nc.commit()\nprint(c.total_changes)";
    let output =
        Command::new("python3").args(["-c", script]).arg(app.data_dir().join("leeward.db")).arg(sql).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}
