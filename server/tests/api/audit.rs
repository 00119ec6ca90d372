//! The log: complete, without content, checkable without us.

use std::process::Command;

use serde_json::{Value, json};

use crate::{Backend, TestApp, app::MODEL};

fn verify(file: &std::path::Path) -> std::process::Output {
    let verifier = std::path::Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    assert!(verifier.is_file(), "build it first: cargo build -p leeward-ledger (make test does)");
    Command::new(verifier).arg(file).output().unwrap()
}

async fn an_inference_leaves_two_records(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    assert_eq!(app.ask("the secret word is xyzzy").await.0, 200);
    let intent = app.records("inference.admitted").await.remove(0);
    let outcome = app.records("inference.completed").await.remove(0);
    assert_eq!((&intent["phase"], &outcome["phase"]), (&json!("intent"), &json!("outcome")));
    assert_eq!(intent["request"], outcome["request"]);
    for record in [&intent, &outcome] {
        for field in [
            "id",
            "at",
            "clock",
            "tenant",
            "actor",
            "source",
            "trace",
            "object",
            "decision",
            "classification",
            "place",
            "isolation",
            "model",
            "prompt_hmac",
            "build",
        ] {
            assert!(!record[field].is_null(), "{field} of {record}");
        }
        assert_eq!(record["model"]["name"], MODEL);
        assert_eq!(record["actor"]["method"], "api_key");
    }
    assert_eq!(outcome["tokens"]["output"], 7);
    assert_eq!(outcome["finish_reason"], "stop");
    assert!(outcome["output_hmac"].is_string() && outcome["node"].is_string());

    // The reads above are records too.
    assert_eq!(app.records("audit.read.succeeded").await.len(), 3);
    let file = app.path("export");
    let output = app.cli(&["audit", "export", "--tenant", &app.tenant, "--out", file.to_str().unwrap(), "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let checked = verify(&file);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("xyzzy"), "no prompt text in the log");
    assert!(text.contains("audit.export.succeeded"), "an export records itself");

    let forged = app.path("forged");
    std::fs::write(&forged, text.replacen("inference.completed", "inference.cancelled", 1)).unwrap();
    let checked = verify(&forged);
    assert_eq!(checked.status.code(), Some(1));
    assert!(!checked.stderr.is_empty(), "a finding is named");
    assert_eq!(app.cli(&["audit", "export", "--tenant", "nobody", "--out", "x"]).status.code(), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inference_leaves_two_records_on_sqlite() {
    an_inference_leaves_two_records(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inference_leaves_two_records_on_postgres() {
    an_inference_leaves_two_records(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_stable_while_the_log_grows() {
    let app = TestApp::spawn().await;
    for n in 0..12 {
        assert_eq!(app.post("/api/keys", &json!({"name": format!("k{n}")})).await.0, 201);
    }
    let mut seen = Vec::new();
    let mut path = "/api/audit?event=key.create.succeeded&limit=5".to_owned();
    loop {
        let page: Value = app.get(&path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["seq"].as_u64().unwrap()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/audit?event=key.create.succeeded&limit=5&cursor={cursor}");
    }
    assert_eq!(seen.len(), 13, "twelve and the bootstrap's");
    assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "{seen:?}");
}
