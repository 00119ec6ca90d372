//! Rights that end: within a second, on every gateway, in the middle of an answer too.

use std::time::{Duration, Instant};

use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{Browser, MODEL, own},
};

/// An answer that is still being written, and what it ends with.
pub async fn ends_with(stream: reqwest::Response) -> String {
    let mut text = String::new();
    let mut bytes = stream.bytes_stream();
    while let Some(chunk) = bytes.next().await {
        text.push_str(&String::from_utf8_lossy(&chunk.unwrap()));
    }
    text
}

fn slow() -> Value {
    json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": "!slow 100 !count 100"}]})
}

pub async fn started(app: &TestApp, key: &str) -> reqwest::Response {
    let request = app.http.post(format!("{}/v1/chat/completions", app.url)).bearer_auth(key).json(&slow());
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    response
}

pub async fn key_of(browser: &Browser, name: &str) -> (String, String) {
    let (status, made) = browser.send(Method::POST, "/api/me/keys", Some(&json!({"name": name}))).await;
    assert_eq!(status, 201, "{made}");
    (made["key"]["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn suspending_a_user_cuts_sessions_keys_and_answers() {
    let app = TestApp::spawn().await;
    let (id, ada) = app.member("ada@demo.example", &["member"]).await;
    let (_, secret) = key_of(&ada, "adas").await;
    let answer = started(&app, &secret).await;
    let patch = json!({"status": "disabled"});
    let suspended = app.request(Method::PATCH, &format!("/api/users/{id}")).json(&patch).send().await.unwrap();
    assert_eq!(suspended.status(), 200);
    let at = Instant::now();
    let text = ends_with(answer).await;
    assert!(at.elapsed() < Duration::from_secs(1), "{:?}", at.elapsed());
    assert!(text.contains("access_ended") && !text.contains("[DONE]"), "{text}");
    assert_eq!(ada.send(Method::GET, "/auth/session", None).await.0, 401);
    let again = app.http.get(format!("{}/v1/models", app.url)).bearer_auth(&secret).send().await.unwrap();
    assert_eq!(again.status(), 401);
    let aborted = &app.records("inference.aborted").await[0];
    assert_eq!(aborted["reason"], "access_ended");
    // Resumed, the key works again: suspension takes nothing away for good.
    let patch = json!({"status": "active"});
    app.request(Method::PATCH, &format!("/api/users/{id}")).json(&patch).send().await.unwrap();
    let again = app.http.get(format!("{}/v1/models", app.url)).bearer_auth(&secret).send().await.unwrap();
    assert_eq!(again.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn losing_a_role_ends_what_it_allowed() {
    let app = TestApp::spawn().await;
    let (id, ada) = app.member("ada@demo.example", &["member"]).await;
    let (_, secret) = key_of(&ada, "adas").await;
    let answer = started(&app, &secret).await;
    let patch = json!({"roles": ["auditor"]});
    let changed = app.request(Method::PATCH, &format!("/api/users/{id}")).json(&patch).send().await.unwrap();
    assert_eq!(changed.status(), 200);
    assert!(ends_with(answer).await.contains("access_ended"));
    assert_eq!(ada.send(Method::GET, "/api/conversations", None).await.0, 403);
    assert_eq!(ada.send(Method::GET, "/api/audit", None).await.0, 200, "and what the new one allows works");
}

#[tokio::test(flavor = "multi_thread")]
async fn suspending_and_deleting_a_tenant() {
    let app = TestApp::spawn().await;
    let made = app.bootstrap("other", "eve@other.example");
    let (tenant, key) = (made["tenant_id"].as_str().unwrap(), made["api_key"].as_str().unwrap());
    let path = format!("/api/tenants/{tenant}");
    let answer = started(&app, key).await;
    let patch = app.request(Method::PATCH, &path).json(&json!({"status": "disabled"})).send().await.unwrap();
    assert_eq!(patch.status(), 200);
    assert!(ends_with(answer).await.contains("access_ended"));
    let refused = app.http.get(format!("{}/v1/models", app.url)).bearer_auth(key).send().await.unwrap();
    assert_eq!(refused.status(), 401);

    let unnamed = app.request(Method::DELETE, &format!("{path}?confirm=demo")).send().await.unwrap();
    assert_eq!(unnamed.status(), 400);
    let deleted = app.request(Method::DELETE, &format!("{path}?confirm=other")).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    let list = app.get("/api/tenants").await;
    assert!(!list.to_string().contains(tenant));
    let own = app.request(Method::PATCH, &format!("/api/tenants/{}", app.tenant)).json(&json!({"status": "disabled"}));
    assert_eq!(own.send().await.unwrap().status(), 409, "nobody shuts themselves out");
    // What happened in it can still be shown.
    let out = app.path("other.log");
    let output = app.cli(&["audit", "export", "--tenant", tenant, "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(std::fs::read_to_string(out).unwrap().contains("tenant.delete.succeeded"));
}

/// Two gateways on one database: what one revokes, the other refuses within a second.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_revoked_on_one_gateway_is_dead_on_the_other() {
    let app = TestApp::spawn_with(Backend::Postgres, &[]).await;
    let second = app.another_gateway();
    let (_, made) = app.post("/api/keys", &json!({"name": "shared"})).await;
    let (id, secret) = (made["key"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let ask = async || app.http.get(format!("{}/v1/models", second.url)).bearer_auth(secret).send().await.unwrap();
    for _ in 0..5 {
        assert_eq!(ask().await.status(), 200);
    }
    let revoked = app.request(Method::DELETE, &format!("/api/keys/{id}")).send().await.unwrap();
    let at = Instant::now();
    assert_eq!(revoked.status(), 204);
    while ask().await.status() != 401 {
        assert!(at.elapsed() < Duration::from_secs(1), "still alive after {:?}", at.elapsed());
    }
    println!("dead on the other gateway after {:?}", at.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_carry_scopes_networks_and_successors() {
    let app = TestApp::spawn().await;
    let make = async |body: Value| {
        let (status, made) = app.post("/api/keys", &body).await;
        (
            status,
            made["key"]["id"].as_str().unwrap_or_default().to_owned(),
            made["secret"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let get = async |secret: &str, path: &str| {
        app.http.get(format!("{}{path}", app.url)).bearer_auth(secret).send().await.unwrap().status().as_u16()
    };
    let (_, _, narrow) = make(json!({"name": "narrow", "scopes": ["models.read"]})).await;
    assert_eq!((get(&narrow, "/v1/models").await, get(&narrow, "/api/users").await), (200, 403));
    let (_, _, wide) = make(json!({"name": "wide", "scopes": ["policy.manage", "models.read"]})).await;
    let policy = app.http.put(format!("{}/api/sign-in-policy", app.url)).bearer_auth(&wide).json(&json!({}));
    assert_eq!(policy.send().await.unwrap().status(), 403, "a scope is never more than its owner has");
    let (_, _, elsewhere) = make(json!({"name": "elsewhere", "networks": ["192.0.2.0/24"]})).await;
    assert_eq!(get(&elsewhere, "/v1/models").await, 403);
    let (_, _, here) = make(json!({"name": "here", "networks": ["192.0.2.0/24", "127.0.0.0/8"]})).await;
    assert_eq!(get(&here, "/v1/models").await, 200);
    for wrong in [
        json!({"name": "x", "scopes": []}),
        json!({"name": "x", "scopes": ["everything"]}),
        json!({"name": "x", "networks": []}),
        json!({"name": "x", "networks": ["10.0.0.0/33"]}),
        json!({"name": "x", "expires_at": "2001-01-01T00:00:00Z"}),
        json!({"name": " "}),
    ] {
        assert_eq!(make(wrong.clone()).await.0, 400, "{wrong}");
    }

    let (_, id, old) = make(json!({"name": "turning", "scopes": ["models.read"]})).await;
    let (status, made) = app.post(&format!("/api/keys/{id}/rotate"), &json!({"overlap_hours": 24})).await;
    assert_eq!(status, 201, "{made}");
    let new = made["secret"].as_str().unwrap();
    assert_eq!((get(&old, "/v1/models").await, get(new, "/v1/models").await), (200, 200), "both, for the overlap");
    assert_eq!(get(new, "/api/users").await, 403, "the successor carries the same scopes");
    assert_eq!(app.post(&format!("/api/keys/{id}/rotate"), &json!({"overlap_hours": 0})).await.0, 409);
    assert_eq!(made["key"]["expires_at"], Value::Null, "what had no end has none");
    let next = made["key"]["id"].as_str().unwrap();
    assert_eq!(app.post(&format!("/api/keys/{next}/rotate"), &json!({"overlap_hours": 0})).await.0, 201);
    assert_eq!(get(new, "/v1/models").await, 401, "no overlap, no mercy");

    // A key made for a time gets a successor for as long, not for ever.
    let (_, id, _) = make(json!({"name": "for a while", "expires_at": "2100-01-01T00:00:00Z"})).await;
    let (_, made) = app.post(&format!("/api/keys/{id}/rotate"), &json!({"overlap_hours": 1})).await;
    assert!(made["key"]["expires_at"].as_str().is_some_and(|end| end.starts_with("2100-01-01T00:00")), "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_has_keys_and_never_signs_in() {
    let app = TestApp::spawn().await;
    let (status, made) =
        app.post("/api/users", &json!({"email": "ci@demo.example", "roles": ["member"], "kind": "service"})).await;
    assert_eq!((status, &made["one_time_password"]), (201, &Value::Null));
    let id = made["user"]["id"].as_str().unwrap();
    let (status, key) = app.post("/api/keys", &json!({"name": "ci", "user": id})).await;
    assert_eq!(status, 201, "{key}");
    let secret = key["secret"].as_str().unwrap();
    let ask = app.http.get(format!("{}/v1/models", app.url)).bearer_auth(secret).send().await.unwrap();
    assert_eq!(ask.status(), 200);
    let (status, _) = app.enter("/auth/login", &json!({"email": "ci@demo.example", "password": ""})).await;
    assert_eq!(status, 401);
    assert_eq!(app.post(&format!("/api/users/{id}/password"), &json!({})).await.0, 409);
    // Nobody makes keys that speak for another person.
    let (other, _) = app.member("ada@demo.example", &["member"]).await;
    assert_eq!(app.post("/api/keys", &json!({"name": "hers", "user": other})).await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_audits_what_they_administer() {
    let app = TestApp::spawn().await;
    let output = app.cli(&["bootstrap", "--tenant", "strict", "--admin", "root@strict.example", "--json"]);
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let root = app.sign_in("root@strict.example", made["password"].as_str().unwrap()).await;
    assert_eq!(root.send(Method::GET, "/api/audit", None).await.0, 403);
    let add = async |email: &str, roles: Value| {
        root.send(Method::POST, "/api/users", Some(&json!({"email": email, "roles": roles}))).await
    };
    let (status, problem) = add("both@strict.example", json!(["tenant_admin", "auditor"])).await;
    assert_eq!((status, &problem["code"]), (409, &json!("separation_of_duties")));
    let role = json!({"name": "both", "permissions": ["users.manage", "audit.read"]});
    assert_eq!(root.send(Method::POST, "/api/roles", Some(&role)).await.1["code"], "separation_of_duties");

    // Not through a group either: there the audit is what is lost.
    let (_, auditor) = add("auditor@strict.example", json!(["auditor"])).await;
    let group = json!({"name": "keepers", "roles": ["tenant_admin"]});
    let (_, group) = root.send(Method::POST, "/api/groups", Some(&group)).await;
    let member =
        format!("/api/groups/{}/members/{}", group["id"].as_str().unwrap(), auditor["user"]["id"].as_str().unwrap());
    let browser = app.sign_in("auditor@strict.example", auditor["one_time_password"].as_str().unwrap()).await;
    assert_eq!(browser.send(Method::GET, "/api/audit", None).await.0, 200);
    assert_eq!(root.send(Method::PUT, &member, None).await.0, 204);
    assert_eq!(browser.send(Method::GET, "/api/audit", None).await.0, 403);
    assert_eq!(browser.send(Method::GET, "/api/users", None).await.0, 200);

    // A security officer may turn it off for the tenant, on record.
    let (_, officer) = add("officer@strict.example", json!(["security_officer"])).await;
    let officer = app.sign_in("officer@strict.example", officer["one_time_password"].as_str().unwrap()).await;
    let (status, policy) = officer.send(Method::PUT, "/api/sign-in-policy", Some(&json!({"self_audit": true}))).await;
    assert_eq!((status, &policy["version"]), (200, &json!(1)), "{policy}");
    assert_eq!(browser.send(Method::GET, "/api/audit", None).await.0, 200);
    let (_, page) = browser.send(Method::GET, "/api/audit?event=policy.sign_in.update.succeeded", None).await;
    let changes = page["items"][0]["record"]["changes"].to_string();
    assert!(changes.contains("self_audit") && changes.contains("true"), "{changes}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_by_their_owner() {
    let app = TestApp::spawn().await;
    let (_, first) = app.member("ada@demo.example", &["member"]).await;
    let password = {
        let (_, made) = app.post("/api/users", &json!({"email": "bob@demo.example", "roles": ["member"]})).await;
        made["one_time_password"].as_str().unwrap().to_owned()
    };
    let one = app.sign_in("bob@demo.example", &password).await;
    let two = app.begin("bob@demo.example", &own(&password)).await;
    let (_, list) = one.send(Method::GET, "/api/me/sessions", None).await;
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{list}");
    assert_eq!(items.iter().filter(|session| session["current"] == true).count(), 1);
    let other = items.iter().find(|session| session["current"] == false).unwrap()["id"].as_str().unwrap();
    let path = format!("/api/me/sessions/{other}");
    assert_eq!(first.send(Method::DELETE, &path, None).await.0, 404, "not a colleague's");
    assert_eq!(one.send(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(two.send(Method::GET, "/auth/session", None).await.0, 401);
    assert_eq!(one.send(Method::GET, "/auth/session", None).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_acts_in_several_tenants() {
    let app = TestApp::spawn().await;
    let (ada_id, mut ada) = app.member("ada@demo.example", &["member"]).await;
    let (_, bob) = app.member("bob@demo.example", &["member"]).await;
    let other = app.bootstrap("other", "eve@other.example");
    let eve = app.sign_in("eve@other.example", other["password"].as_str().unwrap()).await;
    let guest = json!({"email": "ada@demo.example", "roles": ["auditor"]});
    let (status, invited) = eve.send(Method::POST, "/api/guests", Some(&guest)).await;
    assert_eq!(status, 201, "{invited}");
    let code = json!({"invitation": invited["invitation"]});
    let tenants = async |browser: &Browser| browser.send(Method::GET, "/auth/tenants", None).await.1["items"].clone();
    assert_eq!(tenants(&ada).await.as_array().unwrap().len(), 1, "an invitation alone opens nothing");

    assert_eq!(bob.send(Method::POST, "/auth/tenants", Some(&code)).await.0, 403, "meant for another address");
    assert_eq!(ada.send(Method::POST, "/auth/tenants", Some(&code)).await.0, 400, "and used up by the attempt");
    let path = format!("/api/users/{}", invited["user"]["id"].as_str().unwrap());
    assert_eq!(eve.send(Method::DELETE, &path, None).await.0, 204);
    let (_, invited) = eve.send(Method::POST, "/api/guests", Some(&guest)).await;
    let code = json!({"invitation": invited["invitation"]});
    assert_eq!(ada.send(Method::POST, "/auth/tenants", Some(&code)).await.0, 204);
    let list = tenants(&ada).await;
    assert_eq!((list[0]["home"].as_bool(), list[1]["name"].as_str()), (Some(true), Some("other")), "{list}");

    let to = json!({"tenant": other["tenant_id"]});
    assert_eq!(
        bob.send(Method::POST, "/auth/switch", Some(&to)).await.0,
        404,
        "a tenant one may not act in is not there"
    );
    let (status, info) = ada.send(Method::POST, "/auth/switch", Some(&to)).await;
    assert_eq!(
        (status, &info["tenant"]["name"], &info["permissions"]),
        (200, &json!("other"), &json!(["policy.read", "audit.read", "alerts.manage"]))
    );
    ada.now(info);
    let (_, log) = ada.send(Method::GET, "/api/audit?event=auth.guest.accept.succeeded", None).await;
    assert_eq!(log["items"].as_array().unwrap().len(), 1, "{log}");
    assert_eq!(ada.send(Method::GET, "/api/conversations", None).await.0, 403, "the roles are those held there");
    assert_eq!(ada.send(Method::POST, "/api/me/totp/begin", None).await.0, 403, "factors are kept at home");

    // Suspended at home, the guest acts nowhere; resumed, they go back.
    let set = async |status: &str| {
        let path = format!("/api/users/{ada_id}");
        app.request(Method::PATCH, &path).json(&json!({"status": status})).send().await.unwrap().status()
    };
    assert_eq!(set("disabled").await, 200);
    assert_eq!(ada.send(Method::GET, "/auth/session", None).await.0, 401, "a guest acts while the person may at home");
    assert_eq!(set("active").await, 200);
    let (status, info) = ada.send(Method::POST, "/auth/switch", Some(&json!({"tenant": app.tenant}))).await;
    assert_eq!((status, &info["user"]["id"]), (200, &json!(ada_id)), "{info}");
}

/// Whoever makes or rotates a key sees a secret: nobody may come by more that way than they hold.
#[tokio::test(flavor = "multi_thread")]
async fn keys_and_resets_lead_to_no_more_than_one_has() {
    let app = TestApp::spawn().await;
    let (_, desk) = app
        .post("/api/roles", &json!({"name": "desk", "permissions": ["keys.manage", "keys.own", "users.manage"]}))
        .await;
    let (_, ada) = app.member("ada@demo.example", &[desk["name"].as_str().unwrap()]).await;
    let service = json!({"email": "ci@demo.example", "roles": ["tenant_admin"], "kind": "service"});
    let (_, made) = app.post("/api/users", &service).await;
    let robot = made["user"]["id"].as_str().unwrap();
    let post = async |path: &str, body: Value| ada.send(Method::POST, path, Some(&body)).await;
    assert_eq!(post("/api/keys", json!({"name": "a", "user": robot})).await.0, 403);
    assert_eq!(post("/api/keys", json!({"name": "b", "user": robot, "scopes": ["users.manage"]})).await.0, 201);
    let (_, theirs) = app.post("/api/keys", &json!({"name": "robots", "user": robot})).await;
    let (_, admins) = app.post("/api/keys", &json!({"name": "admins"})).await;
    for (key, status) in [(&theirs, 403), (&admins, 404)] {
        let path = format!("/api/keys/{}/rotate", key["key"]["id"].as_str().unwrap());
        assert_eq!(post(&path, json!({"overlap_hours": 1})).await.0, status, "{key}");
    }
    // Neither does a limited key make one without its limits, nor take its owner's factors away.
    let (_, limited) = app.post("/api/keys", &json!({"name": "limited", "scopes": ["keys.manage", "keys.own"]})).await;
    let with = async |method: Method, path: &str, body: Value| {
        let request = app.http.request(method, format!("{}{path}", app.url));
        request.bearer_auth(limited["secret"].as_str().unwrap()).json(&body).send().await.unwrap().status().as_u16()
    };
    for path in ["/api/keys", "/api/me/keys"] {
        assert_eq!(with(Method::POST, path, json!({"name": "wider"})).await, 403, "{path}");
    }
    let rotate = |key: &Value| format!("/api/keys/{}/rotate", key["key"]["id"].as_str().unwrap());
    assert_eq!(with(Method::POST, &rotate(&admins), json!({"overlap_hours": 1})).await, 403);
    assert_eq!(with(Method::DELETE, "/api/me/totp", json!({})).await, 403);
    assert_eq!(with(Method::POST, &rotate(&limited), json!({"overlap_hours": 1})).await, 201, "itself it may replace");
    // The first administrator operates the platform: a tenant's help desk does not become that.
    let operator = app.admin().await.info["user"]["id"].as_str().unwrap().to_owned();
    assert_eq!(post(&format!("/api/users/{operator}/password"), json!({})).await.0, 403);
    let factors = format!("/api/users/{operator}/factors");
    assert_eq!(ada.send(Method::DELETE, &factors, None).await.0, 403);
}
