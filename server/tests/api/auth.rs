//! Default deny, both kinds of credentials, roles, CSRF.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{TestApp, app::ADMIN};

/// The routes that need no credentials, spelled out a second time: the list may only change on purpose.
const PUBLIC: &[&str] = &[
    "/auth/login",
    "/auth/methods",
    "/auth/passkey/begin",
    "/auth/passkey/finish",
    "/auth/ldap/{id}",
    "/auth/certificate/{id}",
    "/auth/oidc/callback",
    "/auth/oidc/{id}/begin",
    "/auth/oidc/{id}/backchannel-logout",
    "/auth/break-glass",
    "/auth/token",
    "/auth/revoke",
    "/witness/add-checkpoint",
    "/witness/key",
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server",
    "/healthz",
    "/readyz",
    "/metrics",
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_public_list_answers_without_credentials() {
    let app = TestApp::spawn().await;
    let document: Value = app.http.get(format!("{}/openapi.json", app.url)).send().await.unwrap().json().await.unwrap();
    let mut guarded = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let path_of_nobody = path.replace("{id}", "nobody");
            let response =
                app.http.request(method.clone(), format!("{}{path_of_nobody}", app.url)).send().await.unwrap();
            if PUBLIC.contains(&path.as_str()) {
                assert_ne!(response.status(), 401, "{method} {path}");
            } else {
                guarded += 1;
                assert_eq!(response.status(), 401, "{method} {path}");
                assert_eq!(response.headers()["www-authenticate"], "Bearer");
            }
        }
    }
    assert!(guarded >= 20, "the document lists the API: {guarded}");
    assert_eq!(app.http.get(format!("{}/nowhere", app.url)).send().await.unwrap().status(), 401);
    let output = app.cli(&["audit", "export", "--tenant", "platform", "--out", app.path("p").to_str().unwrap()]);
    assert!(output.status.success());
    let log = std::fs::read_to_string(app.path("p")).unwrap();
    assert_eq!(log.matches("auth.access.refused").count(), guarded + 1, "every refusal is a record");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_is_told_in_openais_shape() {
    let mut app = TestApp::spawn().await;
    let good = std::mem::replace(&mut app.key, "lwd_wrong".into());
    let (status, error) = app.ask("hi").await;
    assert_eq!(status, 401);
    assert_eq!(error["error"]["type"], "authentication_error");
    assert_eq!(error["error"]["code"], "invalid_api_key");
    app.key = good;
    let (_, made) = app.post("/api/keys", &json!({"name": "short-lived"})).await;
    let (id, secret) = (made["key"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let admin_key = std::mem::replace(&mut app.key, secret.to_owned());
    assert_eq!(app.ask("hi").await.0, 200);
    app.key = admin_key;
    let revoke = app.request(Method::DELETE, &format!("/api/keys/{id}")).send().await.unwrap();
    assert_eq!(revoke.status(), 204);
    let again = app.request(Method::DELETE, &format!("/api/keys/{id}")).send().await.unwrap();
    assert_eq!(again.status(), 404);
    app.key = secret.to_owned();
    assert_eq!(app.ask("hi").await.0, 401, "a revoked key is dead at once");
    assert!(!app.disk().windows(secret.len()).any(|window| window == secret.as_bytes()), "secrets are never stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_and_out() {
    let app = TestApp::spawn().await;
    let login = |body: Value| app.http.post(format!("{}/auth/login", app.url)).json(&body).send();
    for (email, password) in [(ADMIN, "wrong"), ("nobody@demo.example", app.password.as_str()), ("no address", "x")] {
        let response = login(json!({"email": email, "password": password})).await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.json::<Value>().await.unwrap()["code"], "invalid_credentials");
    }
    let response = login(json!({"email": ADMIN, "password": app.password})).await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"), "{cookie}");

    let browser = app.admin().await;
    assert_eq!(browser.info["tenant"]["name"], "demo");
    let (status, session) = browser.send(Method::GET, "/auth/session", None).await;
    assert_eq!((status, &session), (200, &browser.info));
    let new_key = json!({"name": "from the browser"});
    let bare = browser.http.post(format!("{}/api/keys", app.url)).json(&new_key).send().await.unwrap();
    assert_eq!(bare.status(), 403);
    assert_eq!(bare.json::<Value>().await.unwrap()["code"], "csrf_failed");
    assert_eq!(browser.send(Method::POST, "/api/keys", Some(&new_key)).await.0, 201);
    assert_eq!(browser.send(Method::POST, "/api/keys", Some(&new_key)).await.0, 409, "the name is taken");
    assert_eq!(browser.send(Method::POST, "/auth/logout", None).await.0, 204);
    assert_eq!(browser.send(Method::GET, "/auth/session", None).await.0, 401);
    assert_eq!(app.records("auth.first_factor.succeeded").await.len(), 2, "twice with the one-time password");
    assert_eq!(app.records("auth.password.change.succeeded").await.len(), 1);
    assert_eq!(app.records("auth.login.succeeded").await.len(), 1, "and once wholly");
    assert_eq!(app.records("auth.logout.succeeded").await.len(), 1);
    assert_eq!(app.records("key.create.failed").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_hold_and_disabling_ends_everything_at_once() {
    let app = TestApp::spawn().await;
    let admin = app.admin().await;
    let new = json!({"email": "ada@demo.example", "display_name": "Ada", "roles": ["member"]});
    let (status, made) = admin.send(Method::POST, "/api/users", Some(&new)).await;
    assert_eq!(status, 201, "{made}");
    let id = made["user"]["id"].as_str().unwrap();
    assert_eq!(admin.send(Method::POST, "/api/users", Some(&new)).await.0, 409);

    let ada = app.sign_in("ada@demo.example", made["one_time_password"].as_str().unwrap()).await;
    for path in ["/api/users", "/api/keys", "/api/tenants", "/api/audit"] {
        let (status, problem) = ada.send(Method::GET, path, None).await;
        assert_eq!((status, &problem["code"]), (403, &json!("forbidden")), "{path}");
    }
    assert_eq!(ada.send(Method::GET, "/api/models", None).await.0, 200);
    assert_eq!(app.records("auth.access.refused").await.len(), 4);

    let path = format!("/api/users/{id}");
    let operator = json!({"roles": ["platform_operator"]});
    assert_eq!(admin.send(Method::PATCH, &path, Some(&operator)).await.0, 400);
    let own = format!("/api/users/{}", admin.info["user"]["id"].as_str().unwrap());
    assert_eq!(admin.send(Method::PATCH, &own, Some(&json!({"status": "disabled"}))).await.0, 409);
    let (status, user) = admin.send(Method::PATCH, &path, Some(&json!({"status": "disabled"}))).await;
    assert_eq!((status, &user["status"]), (200, &json!("disabled")));
    assert_eq!(ada.send(Method::GET, "/auth/session", None).await.0, 401);
    let change = &app.records("user.update.succeeded").await[0]["changes"][0];
    assert_eq!(change, &json!({"field": "status", "from": "active", "to": "disabled"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_in_two_tenants() {
    let app = TestApp::spawn().await;
    let other = app.bootstrap("other", ADMIN);
    let password = other["password"].as_str().unwrap();
    let browser = app.sign_in(ADMIN, password).await;
    assert_eq!(browser.info["tenant"]["name"], "other", "the password says which");
    assert_eq!(app.admin().await.info["tenant"]["name"], "demo");
}
