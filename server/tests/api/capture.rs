//! How much of what is asked and answered accompanies the log: nothing, counts, digests, or the words themselves, sealed.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::Browser,
    residency::{decide, next, officers, propose},
    rows::Rows,
};

const CAPTURE: &str = "/api/audit/capture";
const CAPTURED: &str = "/api/audit/captured";
/// Said to the model and by it.
const WORDS: &str = "la garzetta di Comacchio 41c";

async fn set(officer: &Browser, level: &str) {
    let body = json!({"level": level, "reason": "the works council agreed"});
    let (status, answer) = officer.send(Method::PUT, CAPTURE, Some(&body)).await;
    assert_eq!((status, &answer["level"]), (200, &json!(level)), "{answer}");
}

/// The record of how the next inference ended.
async fn asked(app: &TestApp) -> Value {
    let (status, answer) = app.ask(WORDS).await;
    assert!(status == 200 && answer.to_string().contains(WORDS), "{answer}");
    app.records("inference.completed").await[0].clone()
}

async fn read(officer: &Browser, request: &Value) -> (u16, Value) {
    let body = json!({"request": request, "reason": "complaint 7 of 2026"});
    officer.send(Method::POST, CAPTURED, Some(&body)).await
}

async fn each_level_holds_what_the_one_before_does(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[("LEEWARD__RETENTION__EVERY_S", "1")]).await;
    let (ada, bea) = officers(&app).await;
    let unless_null = |record: &Value, fields: &[&str]| fields.iter().filter(|name| !record[**name].is_null()).count();
    let (counts, digests, content) = (["tokens"], ["prompt_hmac", "output_hmac"], ["blob", "blob_key", "retention"]);
    for (level, expected) in [
        (None, (1, 2, 0)),
        (Some("none"), (0, 0, 0)),
        (Some("metadata"), (1, 0, 0)),
        (Some("digests"), (1, 2, 0)),
        (Some("content"), (1, 2, 3)),
    ] {
        if let Some(level) = level {
            set(&ada, level).await;
        }
        let record = asked(&app).await;
        let found = (unless_null(&record, &counts), unless_null(&record, &digests), unless_null(&record, &content));
        assert_eq!(found, expected, "{level:?}: {record}");
        assert!(record["finish_reason"] == "stop" && record["model"].is_object(), "{record}");
    }
    let changes = app.records("audit.capture.update.succeeded").await;
    assert_eq!(changes[0]["changes"], json!([{"field": "capture", "from": "digests", "to": "content"}]));
    assert_eq!(changes[0]["reason"], "the works council agreed");

    // The words, to whoever may read them and says why.
    let record = asked(&app).await;
    let (status, shown) = read(&bea, &record["request"]).await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(shown["user"], record["actor"]["id"]);
    let messages = shown["messages"].as_array().unwrap();
    let roles: Vec<_> = messages.iter().map(|message| message["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["user", "assistant"]);
    let prompt: Value = serde_json::from_str(messages[0]["content"].as_str().unwrap()).unwrap();
    assert!(prompt.to_string().contains(WORDS) && messages[1]["content"].as_str().unwrap().contains(WORDS), "{shown}");
    assert_eq!(app.records("audit.captured.read.succeeded").await[0]["reason"], "complaint 7 of 2026");
    // No chat shows it, and its owner cannot delete it there.
    let admin = app.admin().await;
    assert_eq!(admin.send(Method::GET, "/api/conversations", None).await.1["items"], json!([]));
    let chat = format!("/api/conversations/{}", record["blob"].as_str().unwrap());
    assert_eq!(admin.send(Method::GET, &chat, None).await.0, 404);
    assert_eq!(admin.send(Method::DELETE, &chat, None).await.0, 404);
    // It is on no disk as it was said.
    let mut rows = Rows::of(&app).await;
    let disk = if matches!(backend, Backend::Sqlite) { app.disk() } else { rows.files().await };
    assert!(memchr::memmem::find(&disk, WORDS.as_bytes()).is_none());
    // The person whose it is takes it out with the rest.
    let (_, own) = admin.send(Method::POST, "/api/me/export", Some(&json!({}))).await;
    let taken = app.records("export.subject.succeeded").await;
    assert_eq!(taken.len(), 1, "{own}");

    // Whoever may not read it, why it must be said, and what is not there.
    let auditor = app.member("aud@demo.example", &["auditor"]).await.1;
    assert_eq!(read(&auditor, &record["request"]).await.0, 403);
    let silent = json!({"request": record["request"], "reason": ""});
    assert_eq!(ada.send(Method::POST, CAPTURED, Some(&silent)).await.0, 400);
    assert_eq!(read(&ada, &json!("req_00000000000000000000000000000000")).await.0, 404);
    // Turned down again: what was captured stays, and nothing more is.
    set(&ada, "metadata").await;
    assert_eq!(asked(&app).await["blob"], Value::Null);
    assert_eq!(read(&ada, &record["request"]).await.0, 200);

    // It runs out by its own time; conversations of the chat by theirs.
    let past = if matches!(backend, Backend::Sqlite) {
        "updated_at - 40 * 86400000000"
    } else {
        "updated_at - interval '40 days'"
    };
    rows.run(&format!("update conversations set updated_at = {past}")).await;
    let policy = next(&ada, |policy| policy["retention"] = json!({"audit_capture": 30})).await;
    assert_eq!(decide(&bea, &propose(&ada, &policy).await, "approve").await.0, 200);
    let begun = Instant::now();
    while read(&ada, &record["request"]).await.0 != 404 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never went: {}", app.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let expired = app.records("retention.expire.succeeded").await;
    assert!(expired[0]["reason"].as_str().unwrap().contains("captured exchanges"), "{expired:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_level_holds_what_the_one_before_does_on_sqlite() {
    each_level_holds_what_the_one_before_does(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_level_holds_what_the_one_before_does_on_postgres() {
    each_level_holds_what_the_one_before_does(Backend::Postgres).await;
}

/// A policy that lets this place answer, and keep nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_kept_here_is_not_captured_and_the_record_says_so() {
    let app = TestApp::spawn().await;
    let (ada, bea) = officers(&app).await;
    set(&ada, "content").await;
    let policy = next(&ada, |policy| policy["store"] = json!(["elsewhere"])).await;
    let approved = decide(&bea, &propose(&ada, &policy).await, "approve").await;
    assert_eq!(approved.0, 200, "{}", approved.1);
    let record = asked(&app).await;
    assert!(
        record["blob"].is_null() && record["reason"].as_str().unwrap().starts_with("not captured: store"),
        "{record}"
    );
}

/// Erased with the person, key first.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_captured_of_a_person_goes_with_them() {
    let app = TestApp::spawn().await;
    let (ada, _) = officers(&app).await;
    set(&ada, "content").await;
    let (user, mo) = app.member("mo@demo.example", &["member"]).await;
    let body = json!({"model": "echo"});
    let (_, conversation) = mo.send(Method::POST, "/api/conversations", Some(&body)).await;
    let said = format!("/api/conversations/{}/messages", conversation["id"].as_str().unwrap());
    assert_eq!(mo.request(Method::POST, &said).json(&json!({"content": WORDS})).send().await.unwrap().status(), 200);
    let record = loop {
        if let Some(record) = app.records("inference.completed").await.first() {
            break record.clone();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(read(&ada, &record["request"]).await.0, 200);
    let path = format!("/api/conversations/{}", conversation["id"].as_str().unwrap());
    assert_eq!(mo.send(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(read(&ada, &record["request"]).await.0, 200, "deleting a chat does not touch what was captured");
    assert_eq!(app.request(Method::DELETE, &format!("/api/users/{user}")).send().await.unwrap().status(), 204);
    assert_eq!(read(&ada, &record["request"]).await.0, 404);
    assert_eq!(Rows::of(&app).await.number("select count(*) from data_keys").await, 0);
}
