//! People sign in, fail to, and go.

use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{Scene, act};
use crate::{
    Backend, TestApp,
    app::{ADMIN, Browser, own},
    break_glass::{seal, unlock},
    sign_in::code,
};

async fn send(browser: &Browser, method: Method, path: &str, body: Value, status: u16) -> Value {
    let (answered, answer) = browser.send(method, path, Some(&body)).await;
    assert_eq!(answered, status, "{path}: {answer}");
    answer
}

/// With the one-time password, which is replaced on the way.
pub async fn signed_in() -> Scene {
    let app = TestApp::spawn().await;
    app.admin().await;
    app.into()
}

pub async fn wrong_password() -> Scene {
    let app = TestApp::spawn().await;
    assert_eq!(app.enter("/auth/login", &json!({"email": ADMIN, "password": "wrong"})).await.0, 401);
    app.into()
}

pub async fn guesses() -> Scene {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__AUTH__FREE_ATTEMPTS", "1")]).await;
    for status in [401, 429] {
        assert_eq!(app.enter("/auth/login", &json!({"email": ADMIN, "password": "wrong"})).await.0, status);
    }
    app.into()
}

pub async fn a_weak_password() -> Scene {
    let app = TestApp::spawn().await;
    let browser = app.begin(ADMIN, &app.password).await;
    let change = json!({"current_password": app.password, "new_password": "short"});
    send(&browser, Method::POST, "/auth/password", change, 400).await;
    app.into()
}

pub async fn sessions_ended() -> Scene {
    let app = TestApp::spawn().await;
    let browser = app.begin(ADMIN, &app.password).await;
    let path = format!("/api/users/{}/sessions", browser.info["user"]["id"].as_str().unwrap());
    act(&app, Method::DELETE, &path, json!({}), 204).await;
    app.into()
}

pub async fn signed_out() -> Scene {
    let app = TestApp::spawn().await;
    let browser = app.begin(ADMIN, &app.password).await;
    send(&browser, Method::POST, "/auth/logout", json!({}), 204).await;
    app.into()
}

/// Sets up an authenticator app: the browser and the recovery codes.
async fn enrol(app: &TestApp) -> (Browser, Value) {
    let mut browser = app.admin().await;
    let setup = send(&browser, Method::POST, "/api/me/totp/begin", json!({}), 200).await;
    let shown = json!({"code": code(setup["secret"].as_str().unwrap())});
    let codes = send(&browser, Method::POST, "/api/me/totp/confirm", shown, 200).await;
    let session = browser.send(Method::GET, "/auth/session", None).await.1;
    browser.now(session);
    (browser, codes["recovery_codes"].clone())
}

pub async fn a_factor_set_up() -> Scene {
    let app = TestApp::spawn().await;
    enrol(&app).await;
    app.into()
}

pub async fn a_factor_not_set_up() -> Scene {
    let app = TestApp::spawn().await;
    let browser = app.admin().await;
    send(&browser, Method::POST, "/api/me/totp/begin", json!({}), 200).await;
    send(&browser, Method::POST, "/api/me/totp/confirm", json!({"code": "000000"}), 401).await;
    app.into()
}

pub async fn a_factor_removed() -> Scene {
    let app = TestApp::spawn().await;
    let (browser, _) = enrol(&app).await;
    send(&browser, Method::DELETE, "/api/me/totp", json!({}), 204).await;
    app.into()
}

/// Wrong, then right.
pub async fn second_factors() -> Scene {
    let app = TestApp::spawn().await;
    let (_, codes) = enrol(&app).await;
    let browser = app.begin(ADMIN, &own(&app.password)).await;
    send(&browser, Method::POST, "/auth/second-factor/totp", json!({"code": "000000"}), 401).await;
    send(&browser, Method::POST, "/auth/second-factor/recovery", json!({"code": codes[0]}), 200).await;
    app.into()
}

pub async fn an_invitation_accepted() -> Scene {
    let app = TestApp::spawn().await;
    let other = app.bootstrap("other", "eve@other.example");
    let invite = app.http.post(format!("{}/api/guests", app.url)).bearer_auth(other["api_key"].as_str().unwrap());
    let invited = invite.json(&json!({"email": ADMIN, "roles": ["auditor"]})).send().await.unwrap();
    let invited: Value = invited.json().await.unwrap();
    let browser = app.admin().await;
    let invitation = json!({"invitation": invited["invitation"]});
    send(&browser, Method::POST, "/auth/tenants", invitation, 204).await;
    Scene::from(app).and(&other["tenant_id"])
}

pub async fn an_invitation_refused() -> Scene {
    let app = TestApp::spawn().await;
    let browser = app.admin().await;
    send(&browser, Method::POST, "/auth/tenants", json!({"invitation": "over"}), 400).await;
    app.into()
}

/// Without a credential, with a wrong one, without the permission, without the token against forgery.
pub async fn refused_at_the_door() -> Scene {
    let app = TestApp::spawn().await;
    let users = || app.http.get(format!("{}/api/users", app.url));
    assert_eq!(users().send().await.unwrap().status(), 401);
    assert_eq!(users().bearer_auth("lwd_wrong").send().await.unwrap().status(), 401);
    act(&app, Method::PUT, "/api/sign-in-policy", json!({}), 403).await;
    let mut browser = app.begin(ADMIN, &app.password).await;
    browser.csrf.clear();
    send(&browser, Method::POST, "/auth/logout", json!({}), 403).await;
    app.into()
}

pub async fn an_emergency_account_sealed() -> Scene {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    seal(&app);
    app.into()
}

/// Not with one half twice, then with both.
pub async fn an_emergency_account_unlocked() -> Scene {
    let app = TestApp::spawn().await;
    let (first, second) = seal(&app);
    assert_eq!(unlock(&app, "demo", &first, &first).await.0, 401);
    assert_eq!(unlock(&app, "demo", &first, &second).await.0, 200);
    app.into()
}
