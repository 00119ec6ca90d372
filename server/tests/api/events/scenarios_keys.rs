//! API keys and the tokens that come of them.

use reqwest::Method;
use serde_json::json;

use super::scene::{Scene, act, command, made};
use crate::{
    Backend, TestApp,
    tokens::{by_key, form},
};

pub async fn a_key_made() -> Scene {
    let app = TestApp::spawn().await;
    made(&app, "/api/keys", json!({"name": "k"})).await;
    app.into()
}

pub async fn a_key_not_made() -> Scene {
    let app = TestApp::spawn().await;
    act(&app, Method::POST, "/api/keys", json!({"name": " "}), 400).await;
    app.into()
}

/// Once, and once more.
pub async fn a_key_revoked() -> Scene {
    let app = TestApp::spawn().await;
    let key = made(&app, "/api/keys", json!({"name": "k"})).await;
    for status in [204, 404] {
        act(&app, Method::DELETE, &key, json!({}), status).await;
    }
    app.into()
}

/// Once, and once more.
pub async fn a_key_rotated() -> Scene {
    let app = TestApp::spawn().await;
    let key = made(&app, "/api/keys", json!({"name": "k"})).await;
    for status in [201, 409] {
        act(&app, Method::POST, &format!("{key}/rotate"), json!({"overlap_hours": 1}), status).await;
    }
    app.into()
}

/// By a key, and revoked by whoever holds it.
pub async fn a_token() -> Scene {
    let app = TestApp::spawn().await;
    let token = by_key(&app, &app.key).await;
    assert_eq!(form(&app, "/auth/revoke", &[("token", &token)]).await.0, 200);
    app.into()
}

pub async fn no_token() -> Scene {
    let app = TestApp::spawn().await;
    let shown = [("grant_type", "refresh_token"), ("refresh_token", "nonsense")];
    assert_eq!(form(&app, "/auth/token", &shown).await.0, 400);
    app.into()
}

pub async fn a_token_shown_again() -> Scene {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__TOKENS__REFRESH_LEEWAY_S", "0")]).await;
    let browser = app.admin().await;
    let (status, given) = browser.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "notebook"}))).await;
    assert_eq!(status, 201, "{given}");
    let shown = [("grant_type", "refresh_token"), ("refresh_token", given["refresh_token"].as_str().unwrap())];
    for status in [200, 400] {
        assert_eq!(form(&app, "/auth/token", &shown).await.0, status);
    }
    app.into()
}

pub async fn a_signing_key() -> Scene {
    let app = TestApp::spawn().await;
    command(&app, &["signing-key", "rotate"]);
    app.into()
}

/// Another key file takes over from the first.
pub async fn a_kek_rotated() -> Scene {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let next = app.path("next").display().to_string();
    command(&app, &["key", "new-kek", &next]);
    app.configure(&format!(
        "[keys.house]\nprovider = \"file\"\npath = {next:?}\n[[keys.older]]\nprovider = \"file\"\n"
    ));
    command(&app, &["key", "rotate-kek"]);
    app.start();
    app.into()
}

/// A tenant's own key is not there.
pub async fn a_kek_not_rotated() -> Scene {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let missing = app.path("missing").display().to_string();
    app.configure(&format!(
        "[keys.tenants.demo]\nprovider = \"file\"\npath = {missing:?}\n[[keys.tenants_older.demo]]\nprovider = \"file\"\n"
    ));
    assert_eq!(app.cli(&["key", "rotate-kek"]).status.code(), Some(1));
    app.start();
    app.into()
}
