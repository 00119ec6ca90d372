//! Passkeys over HTTP: registered, used, and each answer taken once.

use leeward_testkit::passkey::{Answer, Authenticator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{TestApp, app::Browser};

/// What the service calls itself; passkeys are bound to it.
fn origin(app: &TestApp) -> String {
    app.url.replace("127.0.0.1", "localhost")
}

async fn registered(app: &TestApp, browser: &mut Browser) -> Authenticator {
    let (status, begun) = browser.send(Method::POST, "/api/me/passkeys/begin", Some(&json!({}))).await;
    assert_eq!(status, 200, "{begun}");
    let (authenticator, credential) =
        Authenticator::register(&begun["options"], &Answer::at(&origin(app), "localhost"));
    let new = json!({"ceremony": begun["ceremony"], "credential": credential, "name": "Key ring"});
    let (status, made) = browser.send(Method::POST, "/api/me/passkeys/finish", Some(&new)).await;
    assert_eq!(status, 201, "{made}");
    // A new factor makes a new session.
    let (_, session) = browser.send(Method::GET, "/auth/session", None).await;
    browser.now(session);
    let (status, again) = browser.send(Method::POST, "/api/me/passkeys/finish", Some(&new)).await;
    assert_eq!((status, &again["param"]), (400, &json!("ceremony")), "a registration is taken once: {again}");
    authenticator
}

async fn begin(app: &TestApp) -> Value {
    let (status, begun) = app.enter("/auth/passkey/begin", &json!({})).await;
    assert_eq!(status, 200, "{}", begun.info);
    begun.info
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_in_and_a_lie_does_not() {
    let app = TestApp::spawn().await;
    let mut admin = app.admin().await;
    let mut authenticator = registered(&app, &mut admin).await;
    let honest = Answer::at(&origin(&app), "localhost");
    let finish = async |ceremony: &Value, credential: &Value| {
        app.enter("/auth/passkey/finish", &json!({"ceremony": ceremony, "credential": credential})).await
    };
    let begun = begin(&app).await;
    let credential = authenticator.assert(&begun["options"], &honest);
    let (status, browser) = finish(&begun["ceremony"], &credential).await;
    assert_eq!((status, &browser.info["method"]), (200, &json!("passkey")), "{}", browser.info);
    assert_eq!(browser.send(Method::GET, "/auth/session", None).await.0, 200);

    let (status, replayed) = finish(&begun["ceremony"], &credential).await;
    assert_eq!((status, &replayed.info["param"]), (400, &json!("ceremony")), "{}", replayed.info);
    let fresh = begin(&app).await;
    let (status, replayed) = finish(&fresh["ceremony"], &credential).await;
    assert_eq!((status, &replayed.info["code"]), (401, &json!("invalid_credentials")), "{}", replayed.info);

    let counted = authenticator.counter;
    for (what, lie, counter) in [
        ("another origin", Answer { origin: "http://evil.example".into(), ..honest.clone() }, counted),
        ("another relying party", Answer { rp_id: "evil.example".into(), ..honest.clone() }, counted),
        ("a user who was not checked", Answer { verified: false, ..honest.clone() }, counted),
        ("a counter that went back", honest.clone(), counted - 1),
    ] {
        let begun = begin(&app).await;
        authenticator.counter = counter;
        let credential = authenticator.assert(&begun["options"], &lie);
        let (status, refused) = finish(&begun["ceremony"], &credential).await;
        assert_eq!((status, &refused.info["code"]), (401, &json!("invalid_credentials")), "{what}: {}", refused.info);
        let used_up = finish(&begun["ceremony"], &credential).await;
        assert_eq!(used_up.0, 400, "{what}: a refused answer uses up its ceremony too");
    }
    assert_eq!(app.records("auth.login.failed").await.len(), 0, "nobody was known, so they are in nobody's log");

    let begun = begin(&app).await;
    authenticator.counter = counted + 9;
    let credential = authenticator.assert(&begun["options"], &honest);
    assert_eq!(finish(&begun["ceremony"], &credential).await.0, 200, "the honest one still signs in");
}
