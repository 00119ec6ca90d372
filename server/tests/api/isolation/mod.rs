//! Proven at every door, by walking the API's own description: each role against each route, each id of another
//! tenant, and a record for every write.

mod needs;

use std::collections::BTreeMap;

use needs::{NEEDS, ROLES};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{Browser, MODEL},
};

/// An issuer that may be named and is never asked.
const ISSUER: &str = "https://login.example";
const NO_REQUEST: &str = "req_00000000000000000000000000000000";
const NOBODY: &str = "usr_00000000000000000000000000000000";

async fn document(app: &TestApp) -> Value {
    app.http.get(format!("{}/openapi.json", app.url)).send().await.unwrap().json().await.unwrap()
}

/// Every route of the description that is not public, by method and path.
fn guarded(document: &Value) -> Vec<(Method, String)> {
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let public = operation["security"].as_array().is_some_and(|list| list.iter().any(|one| one == &json!({})));
            let operations = ["/healthz", "/readyz", "/metrics"].contains(&path.as_str());
            if !public && !operations {
                routes.push((method.to_uppercase().parse().unwrap(), path.clone()));
            }
        }
    }
    routes
}

/// A path with ids of the right kind that name nothing.
fn concrete(path: &str) -> String {
    ["{id}", "{user_id}", "{key_id}", "{name}", "{alias}"]
        .iter()
        .fold(path.to_owned(), |path, id| path.replace(id, "nothing"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_names_every_route() {
    let app = TestApp::spawn().await;
    let mut described: Vec<_> = guarded(&document(&app).await).into_iter().map(|(m, p)| format!("{m} {p}")).collect();
    let mut known: Vec<_> = NEEDS.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    described.sort();
    known.sort();
    assert_eq!(described, known);
}

/// Role by role, route by route: who lacks the permission gets 403 and nothing else does.
async fn every_cell_of_the_table(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let needs: BTreeMap<_, _> = NEEDS.iter().map(|(m, path, need)| (format!("{m} {path}"), *need)).collect();
    let routes = guarded(&document(&app).await);
    let mut refused = 0;
    for (role, permissions) in ROLES {
        let (_, browser) = app.member(&format!("{role}@demo.example"), &[role]).await;
        let told: Vec<_> =
            browser.info["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
        assert_eq!(told, *permissions, "{role}");
        for (method, path) in &routes {
            if path == "/auth/logout" {
                continue;
            }
            let need = needs[&format!("{method} {path}")];
            // The one write that an empty body is enough for; this one changes nothing.
            let body = if path == "/api/sign-in-policy" { json!({"self_audit": true}) } else { json!({}) };
            let (status, answer) = browser.send(method.clone(), &concrete(path), Some(&body)).await;
            let may = need == "*" || permissions.contains(&need);
            let scims =
                path.starts_with("/scim/") && answer["detail"].as_str().is_some_and(|d| d.contains("permission"));
            let code = answer["code"] == "forbidden" || answer["error"]["code"] == "forbidden";
            let forbidden = status == 403 && (code || scims);
            assert_eq!(forbidden, !may, "{role}: {method} {path} needs {need}: {status} {answer}");
            assert_ne!(status, 500, "{role}: {method} {path}: {answer}");
            refused += usize::from(!may);
        }
    }
    assert!(refused > 80, "{refused}");
    let (mut recorded, mut cursor) = (0, String::new());
    loop {
        let page = app.get(&format!("/api/audit?event=auth.access.refused&limit=200{cursor}")).await;
        recorded += page["items"].as_array().unwrap().len();
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(recorded, refused, "each refusal is a record");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_the_table_on_sqlite() {
    every_cell_of_the_table(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_the_table_on_postgres() {
    every_cell_of_the_table(Backend::Postgres).await;
}

/// Somebody who provisions, in the tenant of `browser`.
async fn provisioner(app: &TestApp, browser: &Browser, email: &str) -> Browser {
    let new = json!({"email": email, "roles": ["provisioner"]});
    let (status, made) = browser.send(Method::POST, "/api/users", Some(&new)).await;
    assert_eq!(status, 201, "{made}");
    app.sign_in(email, made["one_time_password"].as_str().unwrap()).await
}

/// One of everything that has an id, in the tenant of `browser` and `scim`, who provisions there.
async fn furnish(browser: &Browser, scim: &Browser, email: &str) -> BTreeMap<&'static str, String> {
    let make = async |path: &str, body: Value, id: &[&str]| {
        let browser = if path.starts_with("/scim/") { scim } else { browser };
        let (status, made) = browser.send(Method::POST, path, Some(&body)).await;
        assert!((200..300).contains(&status), "{path}: {made}");
        id.iter().fold(&made, |value, key| &value[*key]).as_str().unwrap().to_owned()
    };
    let person = make("/scim/v2/Users", json!({"userName": format!("scim.{email}")}), &["id"]).await;
    let room = make("/scim/v2/Groups", json!({"displayName": "s", "members": [{"value": person}]}), &["id"]).await;
    let user = make("/api/users", json!({"email": email, "roles": ["member"]}), &["user", "id"]).await;
    let group = make("/api/groups", json!({"name": "g"}), &["id"]).await;
    let role = make("/api/roles", json!({"name": "r", "permissions": ["chat.use"]}), &["name"]).await;
    let key = make("/api/keys", json!({"name": "k"}), &["key", "id"]).await;
    let project = make("/api/projects", json!({"name": "p"}), &["id"]).await;
    let connection = json!({"kind": "oidc", "issuer": ISSUER, "client_id": "leeward"});
    let provider = json!({"name": "p", "connection": connection, "admission": {}});
    let provider = make("/api/identity-providers", provider, &["id"]).await;
    let robot = json!({"email": format!("robot.{email}"), "roles": ["member"], "kind": "service"});
    let robot = make("/api/users", robot, &["user", "id"]).await;
    let issuer =
        json!({"name": "i", "issuer": ISSUER, "audience": email, "subjects": [{"subject": "s", "user": robot}]});
    let issuer = make("/api/token-issuers", issuer, &["id"]).await;
    make("/api/me/tokens", json!({"name": "t"}), &["access_token"]).await;
    let (_, tokens) = browser.send(Method::GET, "/api/me/tokens", None).await;
    let token = tokens["items"][0]["id"].as_str().unwrap().to_owned();
    let conversation = make("/api/conversations", json!({"model": MODEL}), &["id"]).await;
    let (_, policy) = browser.send(Method::GET, "/api/residency-policy", None).await;
    let mut policy = policy["policy"].clone();
    policy["version"] = json!(2);
    let proposal = json!({"policy": policy, "reason": "r"});
    let proposal = make("/api/residency-policy/proposals", proposal, &["id"]).await;
    let hold = make("/api/holds", json!({"reason": "proceedings", "to": "2026-01-01T00:00:00Z"}), &["id"]).await;
    let alert = json!({"name": "a", "events": ["auth.*"], "threshold": 1000, "window_seconds": 1});
    let alert = make("/api/audit/alerts", alert, &["id"]).await;
    let (_, sessions) = browser.send(Method::GET, "/api/me/sessions", None).await;
    let session = sessions["items"][0]["id"].as_str().unwrap().to_owned();
    BTreeMap::from([
        ("users", user),
        ("groups", group),
        ("roles", role),
        ("keys", key),
        ("projects", project),
        ("conversations", conversation),
        ("identity-providers", provider),
        ("token-issuers", issuer),
        ("tokens", token),
        ("sessions", session),
        ("proposals", proposal),
        ("holds", hold),
        ("alerts", alert),
        ("Users", person),
        ("Groups", room),
    ])
}

/// A body each write takes, so that only the id can be what is wrong with it.
fn body(path: &str) -> Value {
    match path {
        "/api/users/{id}" => json!({"display_name": "x"}),
        "/api/users/{id}/export" => json!({"reason": "somebody else's"}),
        "/api/groups/{id}" => json!({"name": "x"}),
        "/api/roles/{id}" => json!({"name": "x", "permissions": ["chat.use"]}),
        "/api/projects/{id}" | "/api/projects/{id}/keys" => json!({"name": "x"}),
        "/api/projects/{id}/members/{user_id}" => json!({"role": "member"}),
        "/api/conversations/{id}" => json!({"title": "x"}),
        "/api/conversations/{id}/messages" => json!({"content": "x"}),
        "/api/identity-providers/{id}" => {
            json!({"name": "x", "connection": {"kind": "oidc", "issuer": ISSUER, "client_id": "x"}, "admission": {}})
        }
        "/api/token-issuers/{id}" => {
            json!({"name": "x", "issuer": ISSUER, "audience": "x", "subjects": [{"subject": "s", "user": NOBODY}]})
        }
        "/scim/v2/Users/{id}" => {
            json!({"userName": "x@x.example", "Operations": [{"op": "replace", "path": "active", "value": false}]})
        }
        "/scim/v2/Groups/{id}" => json!({"displayName": "x", "Operations": [{"op": "remove", "path": "members"}]}),
        path if path.ends_with("/release") => json!({"reason": "proceedings ended"}),
        path if path.ends_with("/rotate") => json!({"overlap_hours": 0}),
        _ => json!({}),
    }
}

async fn another_tenants_things_are_not_there(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[("LEEWARD__OUTBOUND__ALLOW", ISSUER)]).await;
    let admin = app.holder_of_all("demo", "all@demo.example").await;
    let theirs = furnish(&admin, &provisioner(&app, &admin, "scim@demo.example").await, "one@demo.example").await;
    let other = app.bootstrap("other", "eve@other.example");
    assert!(other["tenant_id"].is_string());
    let eve = app.holder_of_all("other", "all@other.example").await;
    let eves_scim = provisioner(&app, &eve, "scim@other.example").await;
    let own = furnish(&eve, &eves_scim, "two@other.example").await;

    let theirs_key = theirs["keys"].clone();
    let mut tried = 0;
    for (method, path) in guarded(&document(&app).await) {
        let Some((kind, theirs)) = theirs.iter().find(|(kind, _)| path.contains(&format!("/{kind}/{{id}}"))) else {
            continue;
        };
        // Eve's own first where both are named, so that each is wrong alone once.
        let mut paths =
            vec![path.replace("{id}", theirs).replace("{user_id}", &own["users"]).replace("{key_id}", &own["keys"])];
        if path.contains("{user_id}") {
            paths.push(
                path.replace("{id}", &own[kind]).replace("{user_id}", admin.info["user"]["id"].as_str().unwrap()),
            );
        }
        if path.contains("{key_id}") {
            paths.push(path.replace("{id}", &own[kind]).replace("{key_id}", &theirs_key));
        }
        for concrete in paths {
            tried += 1;
            let scim = path.starts_with("/scim/");
            let caller = if scim { &eves_scim } else { &eve };
            let (status, answer) = caller.send(method.clone(), &concrete, Some(&body(&path))).await;
            assert_eq!(status, 404, "{method} {concrete}: {answer}");
            assert_eq!(answer["status"] == "404", scim, "{method} {concrete}: {answer}");
        }
    }
    // Nor does a group take another tenant's person in.
    let join = json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": theirs["Users"]}]}]});
    let (status, _) = eves_scim.send(Method::PATCH, &format!("/scim/v2/Groups/{}", own["Groups"]), Some(&join)).await;
    assert_eq!(status, 400);
    assert!(tried >= 40, "{tried}");
    // Nothing happened to any of it.
    for (kind, id) in &theirs {
        let listed = match *kind {
            "sessions" | "tokens" => admin.send(Method::GET, &format!("/api/me/{kind}"), None).await.1,
            "proposals" => admin.send(Method::GET, "/api/residency-policy/proposals", None).await.1,
            "alerts" => admin.send(Method::GET, "/api/audit/alerts", None).await.1,
            "roles" => admin.send(Method::GET, "/api/roles", None).await.1,
            _ => admin.send(Method::GET, &format!("/api/{}", kind.to_lowercase()), None).await.1,
        };
        assert!(listed.to_string().contains(id.as_str()), "{kind} {id} is gone: {listed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenants_things_are_not_there_on_sqlite() {
    another_tenants_things_are_not_there(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenants_things_are_not_there_on_postgres() {
    another_tenants_things_are_not_there(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_leaves_a_record() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__OUTBOUND__ALLOW", ISSUER)]).await;
    let admin = app.holder_of_all("demo", "all@demo.example").await;
    let me = admin.info["user"]["id"].as_str().unwrap();
    let scim = provisioner(&app, &admin, "scim@demo.example").await;
    let things = furnish(&admin, &scim, "one@demo.example").await;
    let (user, person, room) = (&things["users"], &things["Users"], &things["Groups"]);
    let (project, proposal) = (&things["projects"], &things["proposals"]);
    let size = async || app.get("/api/audit?limit=1").await["head"]["size"].as_u64().unwrap();
    let writes: Vec<(Method, String, Value)> = vec![
        (Method::PATCH, format!("/api/users/{user}"), json!({"roles": ["member", "security_officer"]})),
        (Method::PATCH, format!("/api/users/{user}"), json!({"display_name": "New name"})),
        (Method::POST, format!("/api/users/{user}/password"), json!({})),
        (Method::POST, format!("/api/users/{user}/export"), json!({"reason": "x"})),
        (Method::DELETE, format!("/api/users/{user}/factors"), json!({})),
        (Method::DELETE, format!("/api/users/{user}/sessions"), json!({})),
        (Method::PUT, format!("/api/groups/{}/members/{user}", things["groups"]), json!({})),
        (Method::PATCH, format!("/api/groups/{}", things["groups"]), json!({"roles": ["member"]})),
        (Method::DELETE, format!("/api/groups/{}/members/{user}", things["groups"]), json!({})),
        (Method::DELETE, format!("/api/groups/{}", things["groups"]), json!({})),
        (Method::PUT, format!("/api/roles/{}", things["roles"]), json!({"name": "s", "permissions": ["chat.use"]})),
        (Method::DELETE, format!("/api/roles/{}", things["roles"]), json!({})),
        (Method::POST, format!("/api/keys/{}/rotate", things["keys"]), json!({"overlap_hours": 1})),
        (Method::DELETE, format!("/api/keys/{}", things["keys"]), json!({})),
        (Method::POST, "/api/projects".into(), json!({"name": "q"})),
        (Method::PATCH, format!("/api/projects/{project}"), json!({"name": "r"})),
        (Method::PUT, format!("/api/projects/{project}/members/{user}"), json!({"role": "admin"})),
        (Method::PUT, format!("/api/projects/{project}/members/{me}"), json!({"role": "member"})),
        (Method::POST, format!("/api/projects/{project}/keys"), json!({"name": "k2"})),
        (Method::DELETE, format!("/api/projects/{project}/members/{user}"), json!({})),
        (Method::DELETE, format!("/api/projects/{project}"), json!({})),
        (Method::DELETE, format!("/api/users/{user}"), json!({})),
        (Method::POST, "/api/holds".into(), json!({"reason": "x"})),
        (Method::POST, format!("/api/holds/{}/release", things["holds"]), json!({"reason": "x"})),
        (Method::POST, format!("/api/holds/{}/release", things["holds"]), json!({"reason": "they ended"})),
        (Method::PUT, "/api/audit/capture".into(), json!({"level": "metadata", "reason": "a try"})),
        (Method::PUT, "/api/audit/capture".into(), json!({"level": "metadata", "reason": ""})),
        (Method::POST, "/api/audit/captured".into(), json!({"request": NO_REQUEST, "reason": "somebody's"})),
        (
            Method::POST,
            "/api/audit/alerts".into(),
            json!({"name": "a", "events": ["x"], "threshold": 1, "window_seconds": 1}),
        ),
        (Method::DELETE, format!("/api/audit/alerts/{}", things["alerts"]), json!({})),
        (Method::POST, format!("/api/residency-policy/proposals/{proposal}/approve"), json!({})),
        (Method::POST, format!("/api/residency-policy/proposals/{proposal}/withdraw"), json!({})),
        (
            Method::POST,
            "/api/residency-policy/proposals".into(),
            json!({"policy": {"version": 9, "ceiling": "public"}, "reason": "r"}),
        ),
        (
            Method::PUT,
            format!("/api/identity-providers/{}", things["identity-providers"]),
            body("/api/identity-providers/{id}"),
        ),
        (Method::DELETE, format!("/api/identity-providers/{}", things["identity-providers"]), json!({})),
        (Method::DELETE, format!("/api/token-issuers/{}", things["token-issuers"]), json!({})),
        (Method::DELETE, format!("/api/me/tokens/{}", things["tokens"]), json!({})),
        (Method::POST, "/api/me/tokens".into(), json!({"name": "again"})),
        (Method::POST, "/scim/v2/Users".into(), json!({"userName": "new@demo.example"})),
        (Method::PUT, format!("/scim/v2/Users/{person}"), json!({"userName": "x@demo.example"})),
        (Method::PATCH, format!("/scim/v2/Users/{person}"), body("/scim/v2/Users/{id}")),
        (Method::POST, "/scim/v2/Groups".into(), json!({"displayName": "new"})),
        (Method::PUT, format!("/scim/v2/Groups/{room}"), json!({"displayName": "x", "members": [{"value": person}]})),
        (Method::PATCH, format!("/scim/v2/Groups/{room}"), body("/scim/v2/Groups/{id}")),
        (Method::DELETE, format!("/scim/v2/Groups/{room}"), json!({})),
        (Method::DELETE, format!("/scim/v2/Users/{person}"), json!({})),
        // And those that fail.
        (Method::POST, "/scim/v2/Users".into(), json!({"userName": "nobody"})),
        (Method::PATCH, format!("/scim/v2/Users/{person}"), body("/scim/v2/Users/{id}")),
        (Method::POST, "/scim/v2/Groups".into(), json!({})),
        (Method::DELETE, format!("/scim/v2/Groups/{room}"), json!({})),
        (Method::DELETE, format!("/api/users/{user}"), json!({})),
        (Method::PATCH, format!("/api/users/{user}"), json!({"roles": ["member"]})),
        (Method::DELETE, format!("/api/groups/{}", things["groups"]), json!({})),
        (Method::DELETE, format!("/api/keys/{}", things["keys"]), json!({})),
        (Method::POST, "/api/roles".into(), json!({"name": "", "permissions": []})),
        (Method::POST, "/api/projects".into(), json!({"name": "q"})),
        (Method::PATCH, format!("/api/projects/{project}"), json!({"name": "r"})),
        (Method::PUT, format!("/api/projects/{project}/members/{me}"), json!({"role": "member"})),
        (Method::DELETE, format!("/api/projects/{project}/members/{me}"), json!({})),
        (Method::POST, format!("/api/projects/{project}/keys"), json!({"name": "k3"})),
        (Method::DELETE, format!("/api/projects/{project}/keys/{}", things["keys"]), json!({})),
        (Method::DELETE, format!("/api/projects/{project}"), json!({})),
        (
            Method::PUT,
            "/api/token-issuers/iss_00000000000000000000000000000000".into(),
            body("/api/token-issuers/{id}"),
        ),
        (Method::DELETE, format!("/api/identity-providers/{}", things["identity-providers"]), json!({})),
    ];
    for (method, path, body) in writes {
        let before = size().await;
        let caller = if path.starts_with("/scim/") { &scim } else { &admin };
        let (status, answer) = caller.send(method.clone(), &path, Some(&body)).await;
        assert!(StatusCode::from_u16(status).unwrap() != StatusCode::INTERNAL_SERVER_ERROR, "{path}: {answer}");
        // One for the write, one for the reading of the log in between.
        assert_eq!(size().await - before, 2, "{method} {path}: {status} {answer}");
    }
}
