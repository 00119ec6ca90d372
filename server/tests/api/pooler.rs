//! The service behind PgBouncer in transaction mode: each transaction may get another of three connections.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::MODEL};

#[tokio::test(flavor = "multi_thread")]
async fn a_days_work_goes_through_a_pooler() {
    let app = TestApp::spawn_with(Backend::Pooled, &[]).await;
    let admin = app.admin().await;
    let (status, made) = admin.send(Method::POST, "/api/conversations", Some(&json!({"model": MODEL}))).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/conversations/{}", made["id"].as_str().unwrap());
    let said = admin.request(Method::POST, &format!("{path}/messages")).json(&json!({"content": "a canary"}));
    let said = said.send().await.unwrap();
    assert!(said.status() == 200 && said.text().await.unwrap().contains("event: done"));
    let (_, detail) = admin.send(Method::GET, &path, None).await;
    assert_eq!(detail["messages"].as_array().unwrap().len(), 2, "{detail}");

    let (id, ada) = app.member("ada@demo.example", &["member"]).await;
    assert_eq!(ada.send(Method::GET, "/api/conversations", None).await.0, 200);
    // A change of rights at one gateway is felt at the other within a second.
    let other = app.another_gateway();
    let user = format!("/api/users/{id}");
    let change = json!({"roles": ["auditor"]});
    assert_eq!(other.request(Method::PATCH, &user).json(&change).send().await.unwrap().status(), 200);
    let mut status = 200;
    for _ in 0..100 {
        status = ada.send(Method::GET, "/api/conversations", None).await.0;
        if status == 403 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(status, 403);
    assert_eq!(ada.send(Method::GET, "/api/audit", None).await.0, 200);
    let stale = app.request(Method::PATCH, &user).json(&json!({"roles": ["nonsense"]})).send().await.unwrap();
    assert_eq!(stale.status(), 400, "a refused change leaves no transaction open");
    let (_, failed) = app.enter("/auth/login", &json!({"email": "ada@demo.example", "password": "wrong"})).await;
    assert_eq!(failed.info["code"], "invalid_credentials", "{}", failed.info);
}

/// The tenant is named anew in each transaction: what one leaves on a connection, the next must not see.
#[tokio::test(flavor = "multi_thread")]
async fn tenants_that_share_connections_stay_apart() {
    const EACH: usize = 20;
    let app = TestApp::spawn_with(Backend::Pooled, &[]).await;
    let made = app.bootstrap("other", "eve@other.example");
    let keys = [app.key.clone(), made["api_key"].as_str().unwrap().to_owned()];
    let tenants = [app.tenant.clone(), made["tenant_id"].as_str().unwrap().to_owned()];
    let asked = join_all((0..2 * EACH).map(|at| {
        let body = json!({"model": MODEL, "messages": [{"role": "user", "content": format!("question {at}")}]});
        let request = app.http.post(format!("{}/v1/chat/completions", app.url)).bearer_auth(&keys[at % 2]);
        async move { request.json(&body).send().await.unwrap().status().as_u16() }
    }));
    assert!(asked.await.iter().all(|status| *status == 200));
    let read = async |at: usize, path: &str| -> Value {
        let request = app.http.get(format!("{}{path}", app.url)).bearer_auth(&keys[at % 2]);
        request.send().await.unwrap().json().await.unwrap()
    };
    let pages = join_all((0..EACH).map(|at| read(at, "/api/audit?event=inference.completed&limit=200"))).await;
    for (at, page) in pages.iter().enumerate() {
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        assert_eq!(items.len(), EACH, "one's own answers and no others");
        assert!(items.iter().all(|item| item["record"]["tenant"] == tenants[at % 2].as_str()), "{page}");
    }
    for at in 0..2 {
        let users = read(at, "/api/users").await;
        let emails = users["items"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap());
        assert_eq!(emails.collect::<Vec<_>>(), [["admin@demo.example", "eve@other.example"][at]]);
    }
}
