//! `kill -9`, of the worker and of the gateway: an explicit error, and no acknowledged request without its record.

use std::collections::{HashMap, HashSet};

use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::MODEL};

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_mid_stream_is_an_error_event_and_the_next_request_is_answered() {
    let app = TestApp::spawn().await;
    let body = json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": "!slow 5 !count 50 !crash 4"}]});
    let response = app.request(Method::POST, "/v1/chat/completions").json(&body).send().await.unwrap();
    let text = response.text().await.unwrap();
    let last = crate::app::events(&text).pop().unwrap().1;
    let error: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(error["error"]["code"], "engine_failed", "{text}");
    assert!(!text.contains("[DONE]"));
    let (status, answer) = app.ask("still there?").await;
    assert_eq!(status, 200, "{answer}");
    let aborted = app.records("inference.aborted").await.remove(0);
    assert_eq!(aborted["phase"], "outcome");
    assert_eq!(aborted["reason"], "engine_failed");
    assert!(aborted["tokens"]["output"].as_u64().unwrap() >= 1, "{aborted}");
    let (status, error) = app.ask("!fail 2").await;
    assert_eq!((status, &error["error"]["code"]), (500, &json!("engine_failed")));
}

/// Rounds of kill -9 under load; `make soak` raises it.
fn rounds() -> usize {
    std::env::var("LEEWARD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

async fn kills_under_load(backend: Backend) {
    let mut app = TestApp::spawn_with(backend, &[("LEEWARD__ENGINE__SLOTS", "4")]).await;
    let mut acknowledged = HashSet::new();
    let mut checkpoints = Vec::new();
    for round in 0..rounds() {
        let body = json!({"model": MODEL, "messages": [{"role": "user", "content": "!slow 2 !count 5"}]});
        let request = app.request(Method::POST, "/v1/chat/completions").json(&body);
        let mut load = futures::stream::repeat_with(|| {
            let request = request.try_clone().unwrap();
            async move {
                let response = request.send().await.ok()?;
                let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
                let acknowledged = response.status() == 200 && response.bytes().await.is_ok();
                acknowledged.then_some(id)
            }
        })
        .buffer_unordered(8);
        for _ in 0..(10 + round % 7) {
            acknowledged.extend(load.next().await.flatten());
        }
        // What a witness would have been shown, and with eight in flight.
        let checkpoint = app.request(Method::GET, "/api/audit/log/checkpoint").send().await.unwrap();
        checkpoints.extend((checkpoint.status() == 200).then_some(checkpoint.text().await.unwrap()));
        app.kill();
        let rest: Vec<_> = load.take(8).collect().await;
        acknowledged.extend(rest.into_iter().flatten());
        app.start();
        // The tree verifies, and continues what was signed before this crash.
        export(&app);
        verify(&app, checkpoints.last());
    }
    export(&app);
    checkpoints.iter().for_each(|checkpoint| verify(&app, Some(checkpoint)));
    let file = app.path("export");
    let mut phases: HashMap<String, Vec<String>> = HashMap::new();
    for line in std::fs::read_to_string(&file).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        if record["event"].as_str().is_some_and(|event| event.starts_with("inference.")) {
            let phase = record["phase"].as_str().unwrap().to_owned();
            phases.entry(record["request"].as_str().unwrap().to_owned()).or_default().push(phase);
        }
    }
    assert!(acknowledged.len() >= rounds() * 10);
    for id in &acknowledged {
        assert_eq!(phases.get(id).map(Vec::as_slice), Some(&["intent".to_owned(), "outcome".to_owned()][..]), "{id}");
    }
    assert!(phases.values().all(|phases| phases == &["intent", "outcome"]), "none open, none twice: {phases:?}");
    let told = checkpoints.len();
    println!("{} kills, {} acknowledged, {} recorded, {told} checkpoints", rounds(), acknowledged.len(), phases.len());
}

fn export(app: &TestApp) {
    let file = app.path("export");
    drop(std::fs::remove_file(&file));
    let output = app.cli(&["audit", "export", "--tenant", &app.tenant, "--out", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Has the export verified, against an older checkpoint if there is one.
fn verify(app: &TestApp, since: Option<&String>) {
    let [file, old] = ["export", "since"].map(|name| app.path(name));
    let verifier = std::path::Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let mut command = std::process::Command::new(verifier);
    command.arg(&file);
    if let Some(since) = since {
        std::fs::write(&old, since).unwrap();
        command.arg("--since").arg(&old);
    }
    let checked = command.output().unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_of_the_gateway_under_load_on_sqlite() {
    kills_under_load(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_of_the_gateway_under_load_on_postgres() {
    kills_under_load(Backend::Postgres).await;
}
