//! Signing in with a name and password that a real `slapd` checks.

use leeward_testkit::slapd::{SERVICE_DN, SERVICE_PASSWORD, SUFFIX, Slapd};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp};

const PEOPLE: &str = include_str!("../directory/people.ldif");
/// What `people.ldif` has for ada.
const PASSWORD: &str = "ada's own password";

async fn connected(backend: Backend, slapd: &Slapd) -> (TestApp, String) {
    let app = TestApp::spawn_with(backend, &[("LEEWARD__OUTBOUND__ALLOW", &slapd.ldaps_url())]).await;
    let connection = json!({
        "kind": "ldap", "url": slapd.ldaps_url(), "ca_pem": slapd.ca_pem(), "bind_dn": SERVICE_DN,
        "user_base": format!("ou=people,{SUFFIX}"), "group_base": format!("ou=groups,{SUFFIX}"),
        "user_filter": "(&(objectClass=person)(|(mail={login})(uid={login})))",
    });
    let admission = json!({"default_roles": ["member"]});
    let new =
        json!({"name": "City directory", "secret": SERVICE_PASSWORD, "connection": connection, "admission": admission});
    let (status, made) = app.post("/api/identity-providers", &new).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap().to_owned();
    let (_, probe) = app.post(&format!("/api/identity-providers/{id}/probe"), &json!({})).await;
    assert_eq!(probe["ok"], true, "{probe}");
    (app, format!("/auth/ldap/{id}"))
}

async fn a_directory_vouches(backend: Backend) {
    let mut slapd = Slapd::start(PEOPLE).unwrap();
    let (app, door) = connected(backend, &slapd).await;
    let try_with =
        async |login: &str, password: &str| app.enter(&door, &json!({"login": login, "password": password})).await;
    let (status, ada) = try_with("ada", PASSWORD).await;
    assert_eq!(status, 200, "{}", ada.info);
    assert_eq!((&ada.info["method"], &ada.info["user"]["roles"]), (&json!("ldap"), &json!(["member"])));
    let (status, again) = try_with("ada", PASSWORD).await;
    assert_eq!((status, &again.info["user"]["id"]), (200, &ada.info["user"]["id"]), "the same person");
    for (login, password) in
        [("ada", "wrong"), ("nobody", PASSWORD), ("ada", ""), ("*", PASSWORD), ("*)(uid=*", PASSWORD)]
    {
        let (status, answer) = try_with(login, password).await;
        assert_eq!((status, &answer.info["code"]), (401, &json!("invalid_credentials")), "{login}: {}", answer.info);
    }
    let failed = &app.records("auth.login.failed").await[0];
    assert_eq!(failed["object"]["kind"], "provider");
    assert!(!failed.to_string().contains(PASSWORD));
    slapd.stop();
    let (status, answer) = try_with("ada", PASSWORD).await;
    assert_eq!((status, &answer.info["code"]), (503, &json!("provider_unavailable")), "{}", answer.info);
    assert_eq!(ada.send(Method::GET, "/auth/session", None).await.0, 200, "who is in stays in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_vouches_on_sqlite() {
    a_directory_vouches(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_vouches_on_postgres() {
    a_directory_vouches(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_through_a_directory_is_slowed_down() {
    let slapd = Slapd::start(PEOPLE).unwrap();
    let (app, door) = connected(Backend::Sqlite, &slapd).await;
    let mut last: (u16, Value) = (0, Value::Null);
    for attempt in 0..8 {
        let (status, browser) =
            app.enter(&door, &json!({"login": "ada", "password": format!("guess {attempt}")})).await;
        last = (status, browser.info);
    }
    assert_eq!((last.0, &last.1["code"]), (429, &json!("too_many_attempts")), "{}", last.1);
    assert!(!app.records("auth.login.failed").await.is_empty());
}
