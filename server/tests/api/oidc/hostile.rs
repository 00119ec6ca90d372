//! Providers that lie, and answers that fall into the wrong hands.

use reqwest::{Method, redirect::Policy};
use serde_json::json;

use super::{Site, admission, connection};
use crate::Backend;

#[tokio::test(flavor = "multi_thread")]
async fn an_address_alone_makes_nobody_somebody_else() {
    let site = Site::spawn(Backend::Sqlite).await;
    let (id, _) = site.app.member("carol@city.example", &["member"]).await;
    site.peer
        .set_user("mallory", &json!({"email": "carol@city.example", "email_verified": true, "groups": ["staff"]}))
        .await;
    assert!(site.refused("mallory").await.1.contains("may not speak for it"));
    let mut admission = admission();
    admission["match_email"] = json!(true);
    let change = json!({"name": "City login", "connection": connection(&site.peer.issuer), "admission": admission});
    let path = format!("/api/identity-providers/{}", site.provider);
    let (status, changed) = site.officer.send(Method::PUT, &path, Some(&change)).await;
    assert_eq!(status, 200, "{changed}");
    // Verified it must be, and never the operator's.
    site.peer
        .set_user("mallory", &json!({"email": "carol@city.example", "email_verified": false, "groups": ["staff"]}))
        .await;
    assert!(site.refused("mallory").await.1.contains("verified"));
    site.peer.set_user("eve", &json!({"email": crate::app::ADMIN, "email_verified": true, "groups": ["staff"]})).await;
    assert!(site.refused("eve").await.1.contains("may not speak for it"));
    site.peer
        .set_user("carol", &json!({"email": "carol@city.example", "email_verified": true, "groups": ["auditors"]}))
        .await;
    let carol = site.sign_in("carol").await;
    assert_eq!(carol.info["user"]["id"], json!(id));
    assert_eq!(carol.info["user"]["roles"], json!(["member"]), "who is kept here keeps their roles");
}

/// ID tokens as attackers would have them: each is refused, whoever signed it.
#[tokio::test(flavor = "multi_thread")]
async fn forged_id_tokens_sign_nobody_in() {
    let site = Site::spawn(Backend::Sqlite).await;
    for (name, lie) in [
        ("wrong aud", json!({"claims": {"aud": "somebody-else"}})),
        ("two audiences without azp", json!({"claims": {"aud": ["leeward", "somebody-else"]}})),
        ("wrong azp", json!({"claims": {"azp": "somebody-else"}})),
        ("wrong iss", json!({"claims": {"iss": "https://evil.example"}})),
        ("expired", json!({"claims": {"exp": 1_000_000_000}})),
        ("no exp", json!({"claims": {"exp": null}})),
        ("exp as text", json!({"claims": {"exp": "9999999999"}})),
        ("issued in the future", json!({"claims": {"iat": 9_999_999_999_i64}})),
        ("not yet valid", json!({"claims": {"nbf": 9_999_999_999_i64}})),
        ("another nonce", json!({"claims": {"nonce": "another"}})),
        ("no nonce", json!({"claims": {"nonce": null}})),
        ("no subject", json!({"claims": {"sub": null}})),
        ("a subject that is no text", json!({"claims": {"sub": 7}})),
        ("alg none", json!({"header": {"alg": "none"}})),
        ("signed with the public key", json!({"header": {"alg": "HS256"}})),
        ("unknown key", json!({"key": "fresh"})),
        ("unknown kid", json!({"header": {"kid": "nobody"}})),
        ("kid as a path", json!({"header": {"kid": "../../../../dev/null"}})),
        ("kid as SQL", json!({"header": {"kid": "' or 1=1 --"}})),
        ("embedded jwk", json!({"key": "fresh", "header": {"jwk": {"kty": "oct", "k": "AAAA"}}})),
        ("jku", json!({"header": {"jku": "https://evil.example/jwks"}})),
        ("critical extension", json!({"header": {"crit": ["exp"], "exp": 1}})),
        ("an access token", json!({"header": {"typ": "at+jwt"}})),
        ("a logout token", json!({"header": {"typ": "logout+jwt"}})),
    ] {
        site.peer.tamper(&json!({"id_token": lie})).await;
        let (status, page) = site.refused("ada").await;
        assert!(status == 403 || status == 503, "{name}: {status} {page}");
    }
    site.peer.tamper(&json!({"id_token": null, "token": {"id_token": null}})).await;
    assert!(site.refused("ada").await.1.contains("no ID token"));
    site.peer.tamper(&json!({"token": null})).await;
    site.sign_in("ada").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_belongs_to_the_browser_that_asked_and_is_taken_once() {
    let site = Site::spawn(Backend::Sqlite).await;
    let browser = || reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let (ada, mallory) = (browser(), browser());
    let begin = format!("{}/auth/oidc/{}/begin?return_to=//evil.example", site.app.url, site.provider);
    let away = ada.get(&begin).send().await.unwrap();
    let cookie = away.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let callback = site.peer.authorize(away.headers()["location"].to_str().unwrap(), "ada").await;
    let landing = format!("{}/auth/{}", site.app.url, callback.split_once("/auth/").unwrap().1);
    // Somebody else's browser, even one on its own way to the provider, is not signed in with it.
    mallory.get(&begin).send().await.unwrap();
    let stolen = mallory.get(&landing).send().await.unwrap();
    assert_eq!(stolen.status(), 400);
    // The state is used up by that, for its owner too: begin again.
    assert_eq!(ada.get(&landing).send().await.unwrap().status(), 400);
    let away = ada.get(&begin).send().await.unwrap();
    let callback = site.peer.authorize(away.headers()["location"].to_str().unwrap(), "ada").await;
    let landing = format!("{}/auth/{}", site.app.url, callback.split_once("/auth/").unwrap().1);
    let mixed = ada.get(landing.replace("iss=http", "iss=https")).send().await.unwrap();
    assert!(mixed.status() == 403 || !landing.contains("iss="), "another issuer's answer");
    let away = ada.get(&begin).send().await.unwrap();
    let callback = site.peer.authorize(away.headers()["location"].to_str().unwrap(), "ada").await;
    let landing = format!("{}/auth/{}", site.app.url, callback.split_once("/auth/").unwrap().1);
    let landed = ada.get(&landing).send().await.unwrap();
    assert_eq!(landed.status(), 200);
    assert!(landed.text().await.unwrap().contains("url=/\""), "nobody is led elsewhere");
    assert_eq!(ada.get(&landing).send().await.unwrap().status(), 400, "once");
    let answer = ada.get(format!("{}/auth/oidc/callback?state=x&code=y", site.app.url)).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}
