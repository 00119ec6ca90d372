//! SCIM: a provisioning system has no power beyond what it made, and what it ends is over.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    rights::{ends_with, key_of, started},
    scim::Scim,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_provisioning_system_has_no_power_beyond_what_it_made() {
    let app = TestApp::spawn().await;
    let scim = Scim::of(&app).await;
    let (local, _) = app.member("local@demo.example", &["member"]).await;
    let admin = app.get("/api/users").await["items"][0]["id"].as_str().unwrap().to_owned();
    let robot = json!({"email": "ci@demo.example", "roles": ["member"], "kind": "service"});
    let robot = app.post("/api/users", &robot).await.1["user"]["id"].as_str().unwrap().to_owned();
    let guest = json!({"email": "guest@other.example", "roles": ["member"]});
    let other = app.bootstrap("other", "guest@other.example");
    let (status, guest) = app.post("/api/guests", &guest).await;
    assert_eq!(status, 201, "{guest}");
    let home = app.sign_in("guest@other.example", other["password"].as_str().unwrap()).await;
    let code = json!({"invitation": guest["invitation"]});
    assert_eq!(home.send(Method::POST, "/auth/tenants", Some(&code)).await.0, 204);
    let guest = guest["user"]["id"].as_str().unwrap().to_owned();
    let own = scim.make("/Groups", json!({"displayName": "ours"})).await;
    let by_hand = app.post("/api/groups", &json!({"name": "by hand", "roles": ["tenant_admin"]})).await.1;
    let by_hand = format!("/Groups/{}", by_hand["id"].as_str().unwrap());
    let suspend = || json!([{"op": "replace", "path": "active", "value": false}]);
    let join = |id: &str| json!([{"op": "add", "path": "members", "value": [{"value": id}]}]);
    for (id, why) in
        [(&local, "administrators"), (&admin, "platform"), (&robot, "person"), (&guest, "guest"), (&scim.id, "itself")]
    {
        let path = format!("/Users/{id}");
        let body = json!({"userName": "taken.over@demo.example"});
        let tries = [
            scim.patch(&path, suspend()).await,
            scim.send(Method::PUT, &path, body).await,
            scim.send(Method::DELETE, &path, Value::Null).await,
            scim.patch(&format!("/Groups/{own}"), join(id)).await,
        ];
        for (status, refused) in tries {
            assert_eq!(status, 403, "{why}: {refused}");
            assert!(refused["detail"].as_str().unwrap().contains(why), "{why}: {refused}");
        }
    }
    assert_eq!(scim.get(&format!("/Users/{local}")).await["userName"], "local@demo.example", "shown all the same");
    for hidden in [&robot, &guest, &scim.id] {
        assert_eq!(scim.send(Method::GET, &format!("/Users/{hidden}"), Value::Null).await.0, 404);
    }
    let (status, _) = scim.send(Method::POST, "/Users", json!({"userName": "local@demo.example"})).await;
    assert_eq!(status, 409, "nobody is taken over by making them again");

    let ada = scim.user("ada").await;
    assert_eq!(scim.get(&by_hand).await["displayName"], "by hand");
    assert_eq!(scim.patch(&by_hand, join(&ada)).await.0, 403);
    assert_eq!(scim.send(Method::PUT, &by_hand, json!({"displayName": "x"})).await.0, 403);
    assert_eq!(scim.send(Method::DELETE, &by_hand, Value::Null).await.0, 403);
    for nobody in [own.as_str(), "usr_00000000000000000000000000000000", "x"] {
        let (status, refused) = scim.patch(&format!("/Groups/{own}"), join(nobody)).await;
        assert_eq!((status, &refused["scimType"]), (400, &json!("invalidValue")), "{refused}");
    }
    assert_eq!(app.records("group.change.failed").await.len(), 11);
    assert_eq!(app.records("user.update.failed").await.len(), 10);
    assert_eq!(app.records("user.delete.failed").await.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_come_from_what_an_administrator_gives_the_group() {
    let app = TestApp::spawn().await;
    let scim = Scim::of(&app).await;
    let ada = scim.user("ada").await;
    let group =
        json!({"displayName": "Officers", "roles": ["tenant_admin"], "members": [{"value": ada, "display": "x"}]});
    let id = scim.make("/Groups", group.clone()).await;
    let (status, refused) = scim.send(Method::POST, "/Groups", group).await;
    assert_eq!((status, &refused["scimType"]), (409, &json!("uniqueness")), "{refused}");
    let (_, made) = app.post(&format!("/api/users/{ada}/password"), &json!({})).await;
    let browser = app.sign_in("ada@demo.example", made["one_time_password"].as_str().unwrap()).await;
    let policy = async || browser.send(Method::PUT, "/api/sign-in-policy", Some(&json!({"self_audit": true}))).await.0;
    assert_eq!(policy().await, 403);
    let give = app.request(Method::PATCH, &format!("/api/groups/{id}")).json(&json!({"roles": ["security_officer"]}));
    assert_eq!(give.send().await.unwrap().status(), 200);
    assert_eq!(policy().await, 200);
    // A member put in by hand is not the provisioning system's to see or to drop.
    let (local, _) = app.member("local@demo.example", &["member"]).await;
    let put = app.request(Method::PUT, &format!("/api/groups/{id}/members/{local}")).send().await.unwrap();
    assert_eq!(put.status(), 204);
    let (status, group) =
        scim.send(Method::PUT, &format!("/Groups/{id}"), json!({"displayName": "Chiefs", "externalId": "G"})).await;
    assert_eq!((status, group.get("members")), (200, None), "{group}");
    assert_eq!(policy().await, 403, "taken out, the role is gone");
    let members = app.get(&format!("/api/groups/{id}/members")).await;
    assert_eq!(members["items"][0]["id"], json!(local));
    // Another external id, and none: the group stays the same, and stays SCIM's.
    let (_, group) = scim.patch(&format!("/Groups/{id}"), json!([{"op": "remove", "path": "externalId"}])).await;
    assert_eq!((group["id"].as_str(), group.get("externalId")), (Some(id.as_str()), None));
    assert_eq!(scim.send(Method::DELETE, &format!("/Groups/{id}"), Value::Null).await.0, 204);
    let changes = app.records("group.update.succeeded").await;
    assert!(changes.iter().any(|record| record["changes"].to_string().contains(&ada)), "{changes:?}");
}

async fn deprovisioning_ends_everything(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let scim = Scim::of(&app).await;
    let ada = scim.user("ada").await;
    let (status, made) = app.post(&format!("/api/users/{ada}/password"), &json!({})).await;
    assert_eq!(status, 200, "{made}");
    let browser = app.sign_in("ada@demo.example", made["one_time_password"].as_str().unwrap()).await;
    let (_, secret) = key_of(&browser, "adas").await;
    let models =
        async || app.http.get(format!("{}/v1/models", app.url)).bearer_auth(&secret).send().await.unwrap().status();
    let path = format!("/Users/{ada}");

    let answer = started(&app, &secret).await;
    let (status, _) = scim.patch(&path, json!([{"op": "Replace", "path": "active", "value": "False"}])).await;
    assert_eq!(status, 200);
    let at = Instant::now();
    let text = ends_with(answer).await;
    assert!(text.contains("access_ended") && !text.contains("[DONE]"), "{text}");
    assert!(at.elapsed() < Duration::from_secs(3), "{:?}", at.elapsed());
    assert_eq!(browser.send(Method::GET, "/auth/session", None).await.0, 401);
    assert_eq!(models().await, 401);
    scim.patch(&path, json!([{"op": "replace", "path": "active", "value": true}])).await;
    assert_eq!(models().await, 200);

    let answer = started(&app, &secret).await;
    assert_eq!(scim.send(Method::DELETE, &path, Value::Null).await.0, 204);
    assert!(ends_with(answer).await.contains("access_ended"));
    assert_eq!(models().await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn deprovisioning_ends_everything_on_sqlite() {
    deprovisioning_ends_everything(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deprovisioning_ends_everything_on_postgres() {
    deprovisioning_ends_everything(Backend::Postgres).await;
}
