//! Conversations: kept, sealed, one's own.

use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{Browser, MODEL, events},
};

async fn begin(browser: &Browser) -> String {
    let (status, made) = browser.send(Method::POST, "/api/conversations", Some(&json!({"model": MODEL}))).await;
    assert_eq!(status, 201, "{made}");
    made["id"].as_str().unwrap().to_owned()
}

async fn say(browser: &Browser, conversation: &str, content: &str) -> Vec<(String, Value)> {
    let path = format!("/api/conversations/{conversation}/messages");
    let response = browser.request(Method::POST, &path).json(&json!({"content": content})).send().await.unwrap();
    assert_eq!(response.status(), 200, "{content}");
    events(&response.text().await.unwrap())
        .into_iter()
        .map(|(name, data)| (name.unwrap(), serde_json::from_str(&data).unwrap()))
        .collect()
}

async fn kept_and_sealed(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let browser = app.admin().await;
    let id = begin(&browser).await;
    let stream = say(&browser, &id, "canary-7f3a in the mine").await;
    assert_eq!(stream.first().unwrap().0, "start");
    let text: String =
        stream.iter().filter(|(name, _)| name == "delta").map(|(_, data)| data["text"].as_str().unwrap()).collect();
    let (name, done) = stream.last().unwrap();
    assert_eq!((name.as_str(), done["message"]["content"].as_str().unwrap()), ("done", text.as_str()));
    assert_eq!(done["message"]["finish_reason"], "stop");

    let path = format!("/api/conversations/{id}");
    let (_, detail) = browser.send(Method::GET, &path, None).await;
    assert_eq!(detail["conversation"]["title"], "canary-7f3a in the mine");
    assert_eq!(detail["messages"][0]["content"], "canary-7f3a in the mine");
    assert_eq!(detail["messages"][1], done["message"]);
    let (_, list) = browser.send(Method::GET, "/api/conversations", None).await;
    assert_eq!(list["items"][0]["id"], id.as_str());
    let disk = app.disk();
    assert!(!disk.windows(11).any(|window| window == b"canary-7f3a"), "no prompt text on disk or in the log");

    let (status, renamed) = browser.send(Method::PATCH, &path, Some(&json!({"title": "Birds"}))).await;
    assert_eq!((status, &renamed["title"]), (200, &json!("Birds")));
    assert_eq!(browser.send(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(browser.send(Method::GET, &path, None).await.0, 404);
    assert_eq!(app.records("conversation.delete.succeeded").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_kept_and_sealed_on_sqlite() {
    kept_and_sealed(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_is_kept_and_sealed_on_postgres() {
    kept_and_sealed(Backend::Postgres).await;
}

async fn nobody_elses(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let admin = app.admin().await;
    let id = begin(&admin).await;
    let new = json!({"email": "ada@demo.example", "roles": ["member"]});
    let (_, made) = admin.send(Method::POST, "/api/users", Some(&new)).await;
    let colleague = app.sign_in("ada@demo.example", made["one_time_password"].as_str().unwrap()).await;
    let other = app.bootstrap("other", "eve@other.example");
    let stranger = app.sign_in("eve@other.example", other["password"].as_str().unwrap()).await;
    for browser in [&colleague, &stranger] {
        let path = format!("/api/conversations/{id}");
        let message = json!({"content": "hi"});
        for (method, path, body) in [
            (Method::GET, path.clone(), None),
            (Method::PATCH, path.clone(), Some(json!({"title": "mine"}))),
            (Method::DELETE, path.clone(), None),
            (Method::POST, format!("{path}/messages"), Some(message)),
        ] {
            let (status, problem) = browser.send(method.clone(), &path, body.as_ref()).await;
            assert_eq!((status, &problem["code"]), (404, &json!("not_found")), "{method} {path}");
        }
    }
    let key = app.get("/api/keys").await["items"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(stranger.send(Method::DELETE, &format!("/api/keys/{key}"), None).await.0, 404);
    let user = admin.info["user"]["id"].as_str().unwrap();
    let patch = json!({"status": "disabled"});
    assert_eq!(stranger.send(Method::PATCH, &format!("/api/users/{user}"), Some(&patch)).await.0, 404);
    let (_, theirs) = stranger.send(Method::GET, "/api/audit", None).await;
    assert!(!theirs.to_string().contains(&app.tenant), "another tenant's log is another log");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_elses_conversation_on_sqlite() {
    nobody_elses(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_elses_conversation_on_postgres() {
    nobody_elses(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_before_a_disconnect_is_kept_and_counted() {
    let app = TestApp::spawn().await;
    let browser = app.admin().await;
    let id = begin(&browser).await;
    let path = format!("/api/conversations/{id}/messages");
    let body = json!({"content": "!slow 50 !count 400"});
    let response = browser.request(Method::POST, &path).json(&body).send().await.unwrap();
    let mut stream = response.bytes_stream();
    let mut seen = String::new();
    while seen.matches("event: delta").count() < 3 {
        seen.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
    }
    drop(stream);
    let answer = loop {
        let (_, detail) = browser.send(Method::GET, &format!("/api/conversations/{id}"), None).await;
        if let Some(answer) = detail["messages"].get(1) {
            break answer.clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(answer["finish_reason"], "cancelled");
    assert!(answer["content"].as_str().unwrap().starts_with("w1 w2 w3"));
    let outcome = loop {
        if let Some(outcome) = app.records("inference.cancelled").await.pop() {
            break outcome;
        }
    };
    assert!(outcome["tokens"]["output"].as_u64().unwrap() >= 3);
    assert_eq!(app.ask("next").await.0, 200, "the worker is free again");
}

/// What is sent to the model is bounded by bytes too, not only by the number of messages.
#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_does_not_grow_without_end() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__HTTP__MAX_BODY_BYTES", "2000")]).await;
    let (_, made) = app.post("/api/conversations", &json!({"model": MODEL})).await;
    let path = format!("/api/conversations/{}/messages", made["id"].as_str().unwrap());
    let mut sent = 0;
    let refused = loop {
        let body = json!({"content": "x".repeat(300)});
        let response = app.request(Method::POST, &path).json(&body).send().await.unwrap();
        if response.status() != 200 {
            break response;
        }
        response.text().await.unwrap();
        sent += 1;
        assert!(sent < 10, "nothing bounds it");
    };
    assert_eq!(refused.status(), 400);
    let problem: Value = refused.json().await.unwrap();
    let detail = problem["detail"].as_str().unwrap();
    assert!(sent >= 1 && detail.contains("2000") && detail.contains("begin a new one"), "{sent}: {problem}");
}
