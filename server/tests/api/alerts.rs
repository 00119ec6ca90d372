//! Saved alerts: one that fires is a record, once, whatever happens to the service meanwhile.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::Browser, sinks::until};

const FIRED: &str = "audit.alert.fired";

async fn save(watcher: &Browser, alert: Value) -> Value {
    let (status, saved) = watcher.send(Method::POST, "/api/audit/alerts", Some(&alert)).await;
    assert_eq!(status, 201, "{saved}");
    saved
}

async fn too_long(app: &TestApp) {
    assert_eq!(app.ask("!overflow every word there is").await.0, 400);
}

async fn an_alert_fires_once_and_goes_on_after_a_restart(backend: Backend) {
    let mut app = TestApp::spawn_with(backend, &[]).await;
    let watcher = app.holder_of_all("demo", "all@demo.example").await;
    let refusals = json!({
        "name": "Refusals", "events": ["inference.*"], "outcome": "failure", "threshold": 3, "window_seconds": 3600,
        "group_by": "source"
    });
    let saved = save(&watcher, refusals).await;
    assert_eq!((&saved["outcome"], &saved["last_fired_at"]), (&json!("failure"), &Value::Null));
    save(&watcher, json!({"name": "Nothing", "events": ["backup.*"], "threshold": 1, "window_seconds": 60})).await;
    for _ in 0..2 {
        too_long(&app).await;
    }
    // What was counted so far is in memory.
    assert_eq!(app.terminate(), Some(0));
    app.start();
    assert!(app.records(FIRED).await.is_empty());
    too_long(&app).await;
    until("the alert", &app, async || !app.records(FIRED).await.is_empty()).await;
    for _ in 0..3 {
        too_long(&app).await;
    }
    app.kill();
    app.start();
    too_long(&app).await;

    // Looked at everything there is: the alert below has fired for a later record.
    let watcher = app.holder_of_all("demo", "other@demo.example").await;
    save(&watcher, json!({"name": "Asking", "events": ["inference.completed"], "threshold": 1, "window_seconds": 60}))
        .await;
    assert_eq!(app.ask("who goes there?").await.0, 200);
    until("the other", &app, async || app.records(FIRED).await.len() == 2).await;
    let fired = app.records(FIRED).await;
    let of = |name: &str| fired.iter().filter(|record| record["reason"].as_str().unwrap().starts_with(name)).count();
    assert_eq!((of("Refusals: 3 records from 127.0.0.1 within 3600 s"), of("Asking: 1 records")), (1, 1), "{fired:?}");
    let (_, listed) = watcher.send(Method::GET, "/api/audit/alerts", None).await;
    let items = listed["items"].as_array().unwrap();
    let names: Vec<_> = items.iter().map(|item| item["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Refusals", "Nothing", "Asking"]);
    let seq = items[0]["last_fired_seq"].as_u64().unwrap();
    let record = app.get(&format!("/api/audit/records/{seq}")).await;
    assert_eq!(record["record"]["event"], "inference.refused", "{record}");
    assert!(items[1]["last_fired_seq"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_fires_once_and_goes_on_after_a_restart_on_sqlite() {
    an_alert_fires_once_and_goes_on_after_a_restart(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_fires_once_and_goes_on_after_a_restart_on_postgres() {
    an_alert_fires_once_and_goes_on_after_a_restart(Backend::Postgres).await;
}

/// Two gateways read the same logs: each firing is told once.
#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_tell_of_a_firing_once() {
    let app = TestApp::spawn_with(Backend::Postgres, &[]).await;
    let _other = app.another_gateway();
    let watcher = app.holder_of_all("demo", "all@demo.example").await;
    for n in 0..8 {
        let events = json!(["inference.admitted"]);
        save(&watcher, json!({"name": format!("{n}"), "events": events, "threshold": 1, "window_seconds": 3600})).await;
    }
    for _ in 0..5 {
        assert_eq!(app.ask("again").await.0, 200);
    }
    until("all of them", &app, async || app.records(FIRED).await.len() >= 8).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(app.records(FIRED).await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_alert_is_refused_by_name() {
    let app = TestApp::spawn().await;
    let watcher = app.holder_of_all("demo", "all@demo.example").await;
    let with = |field: &str, value: Value| {
        let mut alert = json!({"name": "a", "events": ["auth.*"], "threshold": 1, "window_seconds": 1});
        alert[field] = value;
        alert
    };
    for (field, value, says) in [
        ("name", json!(" "), "1 to 100 characters"),
        ("events", json!([]), "1 to 32 events"),
        ("events", json!(["auth.lo*"]), "no event code fits"),
        ("threshold", json!(0), "1 to 1000 records"),
        ("window_seconds", json!(604_801), "1 to 604800 seconds"),
        ("outcome", json!("maybe"), "outcome"),
        ("group_by", json!("mood"), "grouping"),
        ("surprise", json!(1), "surprise"),
    ] {
        let (status, answer) = watcher.send(Method::POST, "/api/audit/alerts", Some(&with(field, value))).await;
        assert_eq!((status, answer["code"].as_str()), (400, Some("invalid_request")), "{field}: {answer}");
        assert!(answer["detail"].as_str().unwrap().contains(says), "{field}: {answer}");
    }
    save(&watcher, with("name", json!("a"))).await;
    let (status, answer) = watcher.send(Method::POST, "/api/audit/alerts", Some(&with("name", json!("a")))).await;
    assert_eq!(status, 409, "{answer}");
}

/// The operator's own, over the platform's log, come from the configuration and leave with it.
#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_alerts_are_those_of_the_configuration() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let alert = "[[audit.alerts]]\nname = \"Up\"\nevents = [\"service.started\"]\nthreshold = 1\nwindow_seconds = 1\n\
                 group_by = \"none\"\n";
    app.configure(alert);
    app.start();
    assert_eq!(app.terminate(), Some(0));
    app.start();
    let fired = async |n: u32| {
        let metrics = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
        metrics.contains(&format!("leeward_audit_alerts_fired_total{{log=\"platform\"}} {n}"))
    };
    until("the alert", &app, async || fired(1).await).await;
    assert_eq!(app.terminate(), Some(0));
    app.configure("[audit]\nalerts = []\n");
    app.start();
    let out = app.path("platform.ndjson");
    assert!(app.cli(&["audit", "export", "--tenant", "platform", "--out", out.to_str().unwrap()]).status.success());
    let text = std::fs::read_to_string(out).unwrap();
    let count = |code: &str| text.matches(&format!("\"event\":\"{code}\"")).count();
    // Saved once, although the service started twice with it; and deleted.
    assert_eq!((count("audit.alert.save.succeeded"), count("audit.alert.delete.succeeded")), (1, 1));
    assert!(count(FIRED) >= 1);
}
