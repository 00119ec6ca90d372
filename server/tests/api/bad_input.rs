//! Bad input: a clear error, and nothing half-done.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{TestApp, app::MODEL};

async fn refuse(app: &TestApp, body: impl Into<reqwest::Body>) -> (u16, String, String) {
    let request = app.request(Method::POST, "/v1/chat/completions").header("content-type", "application/json");
    let response = request.body(body).send().await.unwrap();
    let status = response.status().as_u16();
    let error: Value = response.json().await.unwrap();
    let text = |field: &str| error["error"][field].as_str().unwrap_or_default().to_owned();
    (status, text("code"), text("message"))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_request_gets_a_clear_error() {
    let app = TestApp::spawn().await;
    let message = json!([{"role": "user", "content": "hi"}]);
    let cases: [(Value, u16, &str, &str); 7] = [
        (json!({"model": "nobody", "messages": message}), 404, "model_not_found", "nobody"),
        (json!({"model": "../etc", "messages": message}), 404, "model_not_found", "/v1/models"),
        (json!({"model": MODEL, "messages": []}), 400, "invalid_request", "messages is empty"),
        (json!({"model": MODEL, "messages": message, "max_tokens": -1}), 400, "invalid_request", "max_tokens"),
        (json!({"model": MODEL, "messages": message, "max_tokens": 0}), 400, "invalid_request", "at least 1"),
        (json!({"model": MODEL, "messages": [{"role": "tool", "content": "x"}]}), 400, "invalid_request", "tool"),
        (json!({"messages": message}), 400, "invalid_request", "model"),
    ];
    for (body, status, code, part) in cases {
        let (got, got_code, text) = refuse(&app, body.to_string()).await;
        assert_eq!((got, got_code.as_str()), (status, code), "{body}: {text}");
        assert!(text.contains(part), "{body}: {text}");
    }
    let (status, _, text) = refuse(&app, b"{\"model\":\"echo\",\"messages\":\"\xff\"}".to_vec()).await;
    assert!(status == 400 && text.contains("UTF-8"), "{text}");
    let (status, _, text) = refuse(&app, "{").await;
    assert!(status == 400 && !text.is_empty());
    let (status, code, text) = refuse(&app, "x".repeat(5_000_000)).await;
    assert_eq!((status, code.as_str()), (413, "body_too_large"), "{text}");
    assert!(text.contains("4194304"), "{text}");

    // What is wrong is named, and not sent back as a whole.
    let (status, _, text) = refuse(&app, format!("{{\"{}\": 1}}", "x".repeat(1_000_000))).await;
    assert!(status == 400 && text.len() < 5000 && text.contains("xxx"), "{} bytes", text.len());

    let (status, error) = app.ask("!overflow").await;
    assert_eq!((status, &error["error"]["code"]), (400, &json!("context_length_exceeded")), "{error}");
    let long = "word ".repeat(5000);
    let (status, error) = app.ask(&long).await;
    let text = error["error"]["message"].as_str().unwrap();
    assert!(status == 400 && text.contains("4096") && text.contains("50"), "both numbers: {text}");

    // Nothing of all this began, so nothing is open, and the next request is answered.
    assert_eq!(app.ask("fine").await.0, 200);
    assert_eq!(app.records("inference.admitted").await.len(), 3);
    assert_eq!(app.records("inference.refused").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_name_the_field_and_unknown_routes_are_refused() {
    let app = TestApp::spawn().await;
    let (status, problem) = app.post("/api/keys", &json!({"name": "k", "expire": 1})).await;
    assert_eq!(status, 400);
    assert_eq!(problem["code"], "invalid_request");
    assert!(problem["detail"].as_str().unwrap().contains("expire"));
    assert!(problem["request_id"].as_str().unwrap().starts_with("req_"));
    for path in ["/api/audit?event=nonsense", "/api/keys?limit=0", "/api/keys?cursor=x", "/api/users?limit=9999"] {
        let response = app.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 400, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json", "{path}");
    }
    let response = app.request(Method::GET, "/api/nothing").send().await.unwrap();
    assert_eq!(response.status(), 404);
    assert!(response.headers().contains_key("x-request-id"));
    assert_eq!(app.request(Method::PUT, "/api/users").send().await.unwrap().status(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_port_is_named() {
    let app = TestApp::spawn().await;
    let address = app.url.strip_prefix("http://").unwrap().to_owned();
    let output = app.cli(&["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("in use") && text.contains("--listen"), "{text}");
    assert_eq!(app.cli(&["serve", "--nonsense"]).status.code(), Some(2));
}
