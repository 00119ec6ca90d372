//! Inference, however it ends, and conversations. Everybody says the canary, and the model says it back.

use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{CANARY, Scene, act, made};
use crate::{TestApp, app::MODEL};

/// An answer that is being written slowly, with the canary in what has come already.
async fn begun(app: &TestApp) -> reqwest::Response {
    let content = format!("!slow 20 {CANARY} {}", "and on ".repeat(200));
    let body = json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": content}]});
    app.request(Method::POST, "/v1/chat/completions").json(&body).send().await.unwrap()
}

/// Reads until the canary has been said.
async fn said(response: reqwest::Response) -> impl Sized {
    let mut stream = response.bytes_stream();
    let mut seen = String::new();
    while !seen.contains("Orbetello") {
        seen.push_str(std::str::from_utf8(&stream.next().await.unwrap().unwrap()).unwrap());
    }
    stream
}

pub async fn answered() -> Scene {
    let app = TestApp::spawn().await;
    let (status, answer) = app.ask(CANARY).await;
    assert!(status == 200 && answer.to_string().contains(CANARY), "{answer}");
    app.into()
}

pub async fn the_reader_leaves() -> Scene {
    let app = TestApp::spawn().await;
    drop(said(begun(&app).await).await);
    app.into()
}

pub async fn the_engine_fails() -> Scene {
    let app = TestApp::spawn().await;
    let (status, error) = app.ask(&format!("!fail 6 {CANARY}")).await;
    assert_eq!(status, 500, "{error}");
    app.into()
}

pub async fn the_prompt_is_too_long() -> Scene {
    let app = TestApp::spawn().await;
    let (status, error) = app.ask(&format!("!overflow {CANARY}")).await;
    assert_eq!(status, 400, "{error}");
    app.into()
}

/// In the middle of an answer, with `kill -9`.
pub async fn the_service_crashes() -> Scene {
    let mut app = TestApp::spawn().await;
    let reading = said(begun(&app).await).await;
    app.kill();
    drop(reading);
    app.start();
    app.into()
}

/// Begun, held, named and deleted.
pub async fn a_conversation() -> Scene {
    let app = TestApp::spawn().await;
    let path = made(&app, "/api/conversations", json!({"model": MODEL})).await;
    let say = app.request(Method::POST, &format!("{path}/messages")).json(&json!({"content": CANARY}));
    let answer = say.send().await.unwrap().text().await.unwrap();
    assert!(answer.contains(CANARY), "{answer}");
    let kept: Value = app.get(&path).await;
    assert_eq!(kept["conversation"]["title"], CANARY);
    act(&app, Method::PATCH, &path, json!({"title": format!("About {CANARY}")}), 200).await;
    act(&app, Method::DELETE, &path, json!({}), 204).await;
    app.into()
}

/// The appliance has moved to where the tenant's policy does not let it keep anything.
pub async fn nothing_kept() -> Scene {
    let mut app = TestApp::spawn().await;
    let path = made(&app, "/api/conversations", json!({"model": MODEL})).await;
    app.terminate();
    app.start_with(&[("LEEWARD__PLACE__SITE", "elsewhere-1")]);
    let messages = format!("{path}/messages");
    for (method, path, body) in [
        (Method::POST, messages.as_str(), json!({"content": CANARY})),
        (Method::PATCH, path.as_str(), json!({"title": CANARY})),
    ] {
        let response = app.request(method, path).json(&body).send().await.unwrap();
        assert_eq!(response.status(), 403);
        let error = response.text().await.unwrap();
        assert!(error.contains("residency_denied") && error.contains("store: site elsewhere-1"), "{error}");
    }
    let kept: Value = app.get(&path).await;
    assert_eq!((&kept["messages"], &kept["conversation"]["title"]), (&json!([]), &json!("")));
    let refused = app.records("conversation.change.failed").await;
    assert_eq!(refused.len(), 2, "each refusal is on record");
    assert!(refused.iter().all(|record| record["decision"]["allowed"] == false), "{refused:?}");
    app.into()
}

/// By a tenant that captures everything: read with a reason, and not without.
pub async fn something_captured() -> Scene {
    let app = TestApp::spawn().await;
    let holder = app.holder_of_all("demo", "all@demo.example").await;
    let level = |reason: &str| json!({"level": "content", "reason": reason});
    assert_eq!(holder.send(Method::PUT, "/api/audit/capture", Some(&level(""))).await.0, 400);
    assert_eq!(holder.send(Method::PUT, "/api/audit/capture", Some(&level("an inquiry"))).await.0, 200);
    assert_eq!(app.ask(CANARY).await.0, 200);
    let request = app.records("inference.completed").await[0]["request"].clone();
    let read = |reason: &str| json!({"request": request, "reason": reason});
    assert_eq!(holder.send(Method::POST, "/api/audit/captured", Some(&read(""))).await.0, 400);
    assert_eq!(holder.send(Method::POST, "/api/audit/captured", Some(&read("an inquiry"))).await.0, 200);
    app.into()
}
