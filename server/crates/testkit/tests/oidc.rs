//! The driver of the OpenID provider, against the provider. What the provider itself does is checked by its own
//! `npm test`.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use leeward_testkit::oidc::OidcPeer;
use serde_json::json;
use url::Url;

const CALLBACK: &str = "http://127.0.0.1:9/callback";

/// An authorization request the way a relying party makes it.
fn request(peer: &OidcPeer) -> String {
    let mut url = Url::parse(&format!("{}/auth", peer.issuer)).unwrap();
    url.query_pairs_mut().extend_pairs([
        ("client_id", "rp"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email groups"),
        ("state", "a-state"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ]);
    url.into()
}

async fn peer() -> OidcPeer {
    let peer = OidcPeer::start().await;
    let client = json!({"client_id": "rp", "client_secret": "a-secret-of-some-length", "redirect_uris": [CALLBACK]});
    peer.add_client(&client).await;
    peer.set_user("alice/é", &json!({"email": "alice@demo.example", "groups": ["staff"]})).await;
    peer.set_user("bob", &json!({"email": "bob@demo.example"})).await;
    peer
}

#[tokio::test]
async fn a_login_ends_at_the_callback_with_a_code() {
    let peer = peer().await;
    let callback = Url::parse(&peer.authorize(&request(&peer), "alice/é").await).unwrap();
    assert!(callback.as_str().starts_with(CALLBACK));
    let query: HashMap<_, _> = callback.query_pairs().into_owned().collect();
    assert_eq!(query["state"], "a-state");
    assert!(!query["code"].is_empty());
    assert_eq!(peer.sessions().await[0]["sub"], "alice/é");
    assert_eq!(peer.requests("GET", "/auth").await, 1);
}

#[tokio::test]
async fn a_browser_keeps_its_session_until_it_is_ended_or_another_user_comes() {
    let peer = peer().await;
    let browser = peer.browser();
    browser.authorize(&request(&peer), "alice/é").await;
    let again = format!("{}&prompt=none", request(&peer));
    assert!(browser.authorize(&again, "alice/é").await.contains("code="));
    assert!(browser.authorize(&request(&peer), "bob").await.contains("code="));
    let sessions = peer.sessions().await;
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    assert_eq!(sessions[0]["sub"], "bob");
    assert_eq!(browser.end_session(None).await, None);
    assert!(peer.sessions().await.is_empty());
    assert!(browser.authorize(&again, "bob").await.contains("error=login_required"));
}

#[tokio::test]
async fn every_door_opens() {
    let peer = peer().await;
    let kids = peer.rotate_keys(true).await;
    let token = peer.token(&json!({"claims": {"exp": "soon"}, "header": {"alg": "ES256"}})).await;
    assert_eq!(token.split('.').count(), 3);
    assert_ne!(peer.rotate_keys(false).await, kids);
    peer.fail("jwks", "500").await;
    peer.fail("jwks", "ok").await;
    peer.tamper(&json!({"userinfo": {"sub": "mallory"}})).await;
    peer.remove_user("bob").await;
    // Nobody listens there: the door says so.
    let metadata = json!({
        "client_id": "deaf", "client_secret": "a-secret-of-some-length", "redirect_uris": [CALLBACK],
        "backchannel_logout_uri": format!("{}/nothing-here", peer.issuer),
    });
    peer.add_client(&metadata).await;
    let answer = peer.backchannel_logout(&json!({"client_id": "deaf", "sub": "bob", "tamper": "replay"})).await;
    assert_eq!((answer["status"].as_u64(), answer["again"]["status"].as_u64()), (Some(404), Some(404)));
}
