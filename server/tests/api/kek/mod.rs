//! Key-encryption keys: where they come from, what closes when one is away, and moving everything under another.

mod bao;
mod kinds;
mod own;
pub mod rotation;
mod stopped;

use serde_json::{Value, json};

use crate::{TestApp, app::MODEL};

/// A key file of mode 0600 with a new key, made as an operator does.
pub fn new_kek(app: &TestApp, name: &str) -> String {
    let path = app.path(name).display().to_string();
    let made = app.cli(&["key", "new-kek", &path]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    path
}

/// The table of a key in a file.
pub fn file(table: &str, path: &str) -> String {
    format!("{table}\nprovider = \"file\"\npath = {path:?}\n")
}

/// A new conversation in which `words` were said and answered; its path.
pub async fn talk(app: &TestApp, key: &str, words: &str) -> String {
    let (status, made) = by(app, key, "/api/conversations", &json!({"model": MODEL})).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/conversations/{}", made["id"].as_str().unwrap());
    assert_eq!(by(app, key, &format!("{path}/messages"), &json!({"content": words})).await.0, 200);
    path
}

async fn by(app: &TestApp, key: &str, path: &str, body: &Value) -> (u16, Value) {
    let response = app.http.post(format!("{}{path}", app.url)).bearer_auth(key).json(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

/// What reading the conversation at `path` answers.
pub async fn read(app: &TestApp, key: &str, path: &str) -> (u16, Value) {
    let response = app.http.get(format!("{}{path}", app.url)).bearer_auth(key).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

/// The conversation at `path` reads as it was written.
pub async fn opens(app: &TestApp, key: &str, path: &str, words: &str) {
    let (status, detail) = read(app, key, path).await;
    assert_eq!(status, 200, "{detail}\n{}", app.log());
    assert_eq!(detail["messages"][0]["content"], words);
    assert_eq!(detail["messages"][1]["content"], format!("You said: {words}"));
}
