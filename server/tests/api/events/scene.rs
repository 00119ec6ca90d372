//! What scenarios are made of: a service on which something happened, and the acts they share.

use std::any::Any;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::{Value, json};

use crate::TestApp;

/// Somebody's words to the model, and the model's back: they must be in no log.
pub const CANARY: &str = "the heron of Orbetello 7f3a";

/// A service on which something happened.
pub struct Scene {
    pub app: TestApp,
    /// The logs to look at besides the platform's and the first tenant's.
    pub others: Vec<String>,
    _peers: Vec<Box<dyn Any>>,
}

impl From<TestApp> for Scene {
    fn from(app: TestApp) -> Self {
        Self { app, others: Vec::new(), _peers: Vec::new() }
    }
}

impl Scene {
    /// With another tenant's log.
    pub fn and(mut self, tenant: &Value) -> Self {
        self.others.push(tenant.as_str().unwrap().to_owned());
        self
    }

    /// With something that must be there for as long as the service.
    pub fn beside(mut self, peer: impl Any) -> Self {
        self._peers.push(Box::new(peer));
        self
    }
}

/// A request under the service's key, which must be answered with `status`: the answer.
pub async fn act(app: &TestApp, method: Method, path: &str, body: Value, status: u16) -> Value {
    let response = app.request(method.clone(), path).json(&body).send().await.unwrap();
    let (answered, text) = (response.status().as_u16(), response.text().await.unwrap());
    assert_eq!(answered, status, "{method} {path}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// The path of something made by a post to `path`.
pub async fn made(app: &TestApp, path: &str, body: Value) -> String {
    let answer = act(app, Method::POST, path, body, 201).await;
    // A role is named by its id.
    let names = ["/user/id", "/key/id", "/id", "/name"];
    let name = names.iter().find_map(|name| answer.pointer(name)?.as_str());
    format!("{path}/{}", name.unwrap())
}

/// A command of the command line that must go well: what it says.
pub fn command(app: &TestApp, args: &[&str]) -> Value {
    let output = app.cli(&[args, &["--json"]].concat());
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A running service whose key is a security officer's, for what administrators may not do.
pub async fn for_officers(env: &[(&str, &str)]) -> TestApp {
    const EMAIL: &str = "officer@demo.example";
    let mut app = TestApp::installed(crate::Backend::Sqlite, env).await;
    command(&app, &["user", "create", "--tenant", "demo", EMAIL, "--role", "security_officer"]);
    let key = command(&app, &["key", "create", "--tenant", "demo", "--user", EMAIL, "officer"]);
    key["api_key"].as_str().unwrap().clone_into(&mut app.key);
    app.start();
    app
}

/// The administrator's path.
pub async fn administrator(app: &TestApp) -> String {
    let users = app.get("/api/users").await;
    format!("/api/users/{}", users["items"][0]["id"].as_str().unwrap())
}

/// A service account: it has no password, so it is made quickly.
pub fn robot() -> Value {
    json!({"email": "robot@demo.example", "roles": ["member"], "kind": "service"})
}

/// Whether a log's bytes hold the text, as it is or in base64.
pub fn holds(bytes: &str, text: &str) -> bool {
    // Where the text begins within three bytes decides what its base64 looks like; characters that its neighbours
    // have a share in are left out.
    let disguised = [0, 1, 2].map(|before| {
        let whole = STANDARD.encode([&b"xx"[..before], text.as_bytes()].concat());
        whole[(before * 8).div_ceil(6)..(before + text.len()) * 8 / 6].to_owned()
    });
    bytes.contains(text) || disguised.iter().any(|disguise| bytes.contains(disguise))
}

#[test]
fn a_text_is_found_in_every_disguise() {
    for before in ["", "a", "ab", "abc", "abcd"] {
        let around = format!("{before}{CANARY} and more");
        assert!(holds(&around, CANARY));
        assert!(holds(&STANDARD.encode(&around), CANARY), "{before:?}");
    }
    assert!(!holds(&STANDARD.encode("the heron of Grado 7f3a"), CANARY));
}
