//! Identity providers and issuers of workload tokens.

use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{Scene, act, command, for_officers, made};
use crate::{
    Backend, TestApp,
    oidc::{Site, admission, connection},
};

const ISSUER: &str = "https://idp.example";

fn provider(name: &str) -> Value {
    json!({"name": name, "secret": "a-client-secret", "connection": connection(ISSUER), "admission": admission()})
}

async fn outbound() -> TestApp {
    for_officers(&[("LEEWARD__OUTBOUND__ALLOW", ISSUER)]).await
}

/// Set up, changed and removed. Nobody is asked over the network.
pub async fn providers() -> Scene {
    let app = outbound().await;
    let path = made(&app, "/api/identity-providers", provider("City login")).await;
    act(&app, Method::PUT, &path, provider("City log-in"), 200).await;
    act(&app, Method::DELETE, &path, json!({}), 204).await;
    app.into()
}

pub async fn a_provider_not_set_up() -> Scene {
    let app = outbound().await;
    act(&app, Method::POST, "/api/identity-providers", provider(" "), 400).await;
    app.into()
}

/// An issuer without a network, by keys that are at hand: the appliance's own.
async fn issuer(app: &TestApp, name: &str) -> Value {
    let keys = app.http.get(format!("{}/.well-known/jwks.json", app.url)).send().await.unwrap().text().await.unwrap();
    json!({"name": name, "issuer": "cluster.local", "audience": "leeward", "jwks": keys, "subjects": []})
}

/// An issuer whose tokens act as a service account.
async fn trusted(app: &TestApp, name: &str) -> Value {
    // Users are the administrator's to make, and this key is an officer's.
    let administrators = command(app, &["key", "create", "--tenant", "demo", "--user", crate::app::ADMIN, "users"]);
    let request = app.http.post(format!("{}/api/users", app.url));
    let request = request.bearer_auth(administrators["api_key"].as_str().unwrap()).json(&super::scene::robot());
    let made: Value = request.send().await.unwrap().json().await.unwrap();
    let mut issuer = issuer(app, name).await;
    issuer["subjects"] = json!([{"subject": "forecast", "user": made["user"]["id"]}]);
    issuer
}

/// Trusted, changed and removed.
pub async fn issuers() -> Scene {
    let app = for_officers(&[]).await;
    let mut issuer = trusted(&app, "cluster").await;
    let path = made(&app, "/api/token-issuers", issuer.clone()).await;
    issuer["name"] = json!("old cluster");
    act(&app, Method::PUT, &path, issuer, 200).await;
    act(&app, Method::DELETE, &path, json!({}), 204).await;
    app.into()
}

pub async fn an_issuer_not_trusted() -> Scene {
    let app = for_officers(&[]).await;
    let issuer = issuer(&app, "cluster").await;
    act(&app, Method::POST, "/api/token-issuers", issuer, 400).await;
    app.into()
}

/// A real provider's person comes, and comes again in another group; then its logout tokens: one for another audience,
/// and a good one.
pub async fn signed_out_elsewhere() -> Scene {
    let site = Site::spawn(Backend::Sqlite).await;
    site.sign_in("ada").await;
    site.peer.set_user("ada", &json!({"email": "ada@city.example", "groups": ["auditors"]})).await;
    site.sign_in("ada").await;
    for (order, status) in [
        (json!({"client_id": "leeward", "sub": "ada", "tamper": "wrong_aud"}), 400),
        (json!({"client_id": "leeward", "sub": "ada"}), 200),
    ] {
        let answer = site.peer.backchannel_logout(&order).await;
        assert_eq!(answer["status"], status, "{answer}");
    }
    Scene::from(site.app).beside(site.peer)
}
