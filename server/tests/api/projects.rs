//! Projects: what their own administrators may do without any permission, and what nobody else may.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::Browser};

async fn project(app: &TestApp, name: &str) -> String {
    let (status, made) = app.post("/api/projects", &json!({"name": name})).await;
    assert_eq!((status, &made["role"]), (201, &Value::Null), "{made}");
    made["id"].as_str().unwrap().to_owned()
}

/// The administrator of the tenant puts somebody into a project.
async fn put(app: &TestApp, project: &str, user: &str, role: &str) {
    let path = format!("/api/projects/{project}/members/{user}");
    let answer = app.request(Method::PUT, &path).json(&json!({"role": role})).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

async fn key(browser: &Browser, project: &str, name: &str) -> (String, String) {
    let path = format!("/api/projects/{project}/keys");
    let (status, made) = browser.send(Method::POST, &path, Some(&json!({"name": name}))).await;
    assert_eq!((status, &made["key"]["project"]), (201, &json!(project)), "{made}");
    (made["key"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

async fn a_projects_administrator_needs_no_permission(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let (ada_id, ada) = app.member("ada@demo.example", &["member"]).await;
    let (bob_id, bob) = app.member("bob@demo.example", &["member"]).await;
    let (eve_id, eve) = app.member("eve@demo.example", &["member"]).await;
    let (alpha, beta) = (project(&app, "alpha").await, project(&app, "beta").await);
    put(&app, &alpha, &ada_id, "admin").await;
    put(&app, &beta, &eve_id, "admin").await;
    let at = |path: &str| format!("/api/projects/{alpha}{path}");
    let member = |user: &str| at(&format!("/members/{user}"));
    let role = |role: &str| json!({"role": role});

    // The project and its members are hers.
    assert_eq!(ada.send(Method::PATCH, &at(""), Some(&json!({"name": "alfa"}))).await.1["role"], "admin");
    assert_eq!(ada.send(Method::PATCH, &at(""), Some(&json!({"name": "beta"}))).await.0, 409);
    assert_eq!(ada.send(Method::PUT, &member(&bob_id), Some(&role("member"))).await.0, 204);
    let (_, members) = bob.send(Method::GET, &at("/members"), None).await;
    assert_eq!(ids(&members), [ada_id.as_str(), bob_id.as_str()], "a member sees the members");
    assert_eq!(members["items"][1]["role"], "member");
    assert_eq!(ada.send(Method::PUT, &member(&ada_id), Some(&role("member"))).await.0, 409, "not her own");
    assert_eq!(ids(&ada.send(Method::GET, "/api/projects", None).await.1), [alpha.as_str()]);
    assert_eq!(app.get("/api/projects").await["items"].as_array().unwrap().len(), 2, "the manager sees all");

    // And nothing else is.
    assert_eq!(ada.send(Method::POST, "/api/projects", Some(&json!({"name": "x"}))).await.0, 403);
    assert_eq!(ada.send(Method::DELETE, &at(""), None).await.0, 403);
    for path in ["/api/users", "/api/keys", "/api/groups", "/api/audit"] {
        assert_eq!(ada.send(Method::GET, path, None).await.0, 403, "{path}");
    }
    // A member is no administrator; another project's administrator does not learn that this one is there.
    for (browser, status) in [(&bob, 403), (&eve, 404)] {
        for (method, path, body) in [
            (Method::PATCH, at(""), json!({"name": "x"})),
            (Method::PUT, member(&eve_id), role("admin")),
            (Method::DELETE, member(&bob_id), json!({})),
        ] {
            let (answer, problem) = browser.send(method.clone(), &path, Some(&body)).await;
            assert_eq!(answer, status, "{method} {path}: {problem}");
        }
    }
    for (method, path) in [
        (Method::GET, at("/members")),
        (Method::GET, at("/keys")),
        (Method::POST, at("/keys")),
        (Method::DELETE, at("/keys/key_0192f0c1d2e37abc8def0123456789ab")),
    ] {
        assert_eq!(eve.send(method.clone(), &path, Some(&json!({"name": "k"}))).await.0, 404, "{method} {path}");
    }
    assert_eq!(eve.send(Method::GET, "/api/projects", None).await.1["items"].as_array().unwrap().len(), 1);

    // Keys: everybody makes their own, sees their own, ends their own; the administrator sees and ends all.
    let (adas, _) = key(&ada, &alpha, "adas").await;
    let (bobs, secret) = key(&bob, &alpha, "bobs").await;
    let beyond = json!({"name": "wide", "scopes": ["users.manage"]});
    assert_eq!(bob.send(Method::POST, &at("/keys"), Some(&beyond)).await.0, 400);
    assert_eq!(ids(&bob.send(Method::GET, &at("/keys"), None).await.1), [bobs.as_str()]);
    assert_eq!(ids(&ada.send(Method::GET, &at("/keys"), None).await.1), [adas.as_str(), bobs.as_str()]);
    assert_eq!(bob.send(Method::DELETE, &at(&format!("/keys/{adas}")), None).await.0, 404);
    let elsewhere = format!("/api/projects/{beta}/keys/{bobs}");
    assert_eq!(app.request(Method::DELETE, &elsewhere).send().await.unwrap().status(), 404, "of another project");
    let with = async |method: Method, path: &str, body: Value| {
        let request = app.http.request(method, format!("{}{path}", app.url)).bearer_auth(&secret).json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(with(Method::POST, "/api/conversations", json!({"model": "echo"})).await, 201);
    let made = &app.records("conversation.create.succeeded").await[0];
    assert_eq!((&made["actor"]["api_key"], &made["actor"]["project"]), (&json!(bobs), &json!(alpha)), "{made}");
    assert!(app.records("key.create.succeeded").await[0]["actor"]["project"].is_null());
    // A project's key leads out of the project to nothing: no other key, no use of memberships.
    assert_eq!(with(Method::POST, "/api/me/keys", json!({"name": "out"})).await, 403);
    assert_eq!(with(Method::GET, "/api/projects", json!({})).await, 403);
    assert_eq!(ada.send(Method::DELETE, &at(&format!("/keys/{bobs}")), None).await.0, 204);
    assert_eq!(with(Method::GET, "/v1/models", json!({})).await, 401);

    // She may leave; then it is not there for her either.
    assert_eq!(ada.send(Method::DELETE, &member(&ada_id), None).await.0, 204);
    assert_eq!(ada.send(Method::GET, &at("/members"), None).await.0, 404);
    let updates = app.records("project.update.succeeded").await;
    assert_eq!(updates[0]["changes"][0]["from"], format!("{ada_id} admin"), "{updates:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projects_administrator_needs_no_permission_on_sqlite() {
    a_projects_administrator_needs_no_permission(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projects_administrator_needs_no_permission_on_postgres() {
    a_projects_administrator_needs_no_permission(Backend::Postgres).await;
}

/// A key, its successor and a token made from it end with the membership, on another gateway too, within a second.
async fn a_lost_membership_ends_the_keys(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let second = app.another_gateway();
    let (ada_id, ada) = app.member("ada@demo.example", &["member"]).await;
    let (alpha, beta) = (project(&app, "alpha").await, project(&app, "beta").await);
    put(&app, &alpha, &ada_id, "member").await;
    put(&app, &beta, &ada_id, "member").await;
    let (old, old_secret) = key(&ada, &alpha, "first").await;
    let rotate = format!("/api/me/keys/{old}/rotate");
    let (status, new) = ada.send(Method::POST, &rotate, Some(&json!({"overlap_hours": 1}))).await;
    assert_eq!((status, &new["key"]["project"]), (201, &json!(alpha)), "{new}");
    let new_secret = new["secret"].as_str().unwrap().to_owned();
    let form = format!("grant_type=client_credentials&client_secret={new_secret}");
    let token = app.http.post(format!("{}/auth/token", app.url)).body(form).send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let token = token["access_token"].as_str().unwrap_or_else(|| panic!("{token}")).to_owned();
    let (_, other) = key(&ada, &beta, "other").await;

    let ask = async |url: &str, secret: &str| {
        app.http.get(format!("{url}/v1/models")).bearer_auth(secret).send().await.unwrap().status().as_u16()
    };
    for secret in [&old_secret, &new_secret, &other] {
        assert_eq!((ask(&app.url, secret).await, ask(&second.url, secret).await), (200, 200));
    }
    // Tokens are for the address they were issued at, and the second gateway has another here.
    assert_eq!(ask(&app.url, &token).await, 200);
    let path = format!("/api/projects/{alpha}/members/{ada_id}");
    assert_eq!(app.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
    let at = Instant::now();
    for url in [&app.url, &second.url] {
        for secret in [&old_secret, &new_secret, &token] {
            while ask(url, secret).await != 401 {
                assert!(at.elapsed() < Duration::from_secs(1), "still alive after {:?}", at.elapsed());
            }
        }
    }
    println!("dead on both gateways after {:?}", at.elapsed());
    assert_eq!(ask(&app.url, &other).await, 200, "the other project's key lives");
    let keys = format!("/api/projects/{alpha}/keys");
    assert_eq!(ada.send(Method::POST, &keys, Some(&json!({"name": "again"}))).await.0, 404);
    let changes = app.records("project.update.succeeded").await[0]["changes"].clone();
    assert_eq!((&changes[1]["field"], &changes[1]["from"]), (&json!("living_keys"), &json!("2")), "{changes}");

    // With the project its keys go, and its name is free.
    assert_eq!(app.request(Method::DELETE, &format!("/api/projects/{beta}")).send().await.unwrap().status(), 204);
    assert_eq!(ask(&app.url, &other).await, 401);
    project(&app, "beta").await;
    let (_, own) = ada.send(Method::GET, "/api/me/keys", None).await;
    assert!(own["items"].as_array().unwrap().iter().all(|key| key["project"].is_string()), "{own}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_membership_ends_the_keys_on_sqlite() {
    a_lost_membership_ends_the_keys(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_membership_ends_the_keys_on_postgres() {
    a_lost_membership_ends_the_keys(Backend::Postgres).await;
}
