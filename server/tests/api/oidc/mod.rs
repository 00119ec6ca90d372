//! Signing in at a real OpenID provider (npm `oidc-provider`), and what happens when it lies, rotates or is down.

mod hostile;

use std::time::{Duration, Instant};

use leeward_testkit::oidc::OidcPeer;
use reqwest::{Method, redirect::Policy};
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::Browser, scim::Scim};

const SECRET: &str = "a-client-secret-of-some-length";

/// A service and a provider that know each other.
pub struct Site {
    pub app: TestApp,
    pub peer: OidcPeer,
    pub provider: String,
    pub officer: Browser,
}

pub fn connection(issuer: &str) -> Value {
    json!({"kind": "oidc", "issuer": issuer, "client_id": "leeward", "scopes": ["profile", "email", "groups"]})
}

pub fn admission() -> Value {
    json!({"group_roles": [
        {"group": "staff", "roles": ["member"]},
        {"group": "auditors", "roles": ["auditor"]},
    ]})
}

impl Site {
    pub async fn spawn(backend: Backend) -> Self {
        Self::spawn_with(backend, admission()).await
    }

    pub async fn spawn_with(backend: Backend, admission: Value) -> Self {
        let peer = OidcPeer::start().await;
        let app = TestApp::spawn_with(backend, &[("LEEWARD__OUTBOUND__ALLOW", &peer.issuer)]).await;
        let new = json!({"name": "City login", "secret": SECRET, "connection": connection(&peer.issuer), "admission": admission});
        let officer = app.officer().await;
        let (status, made) = officer.send(Method::POST, "/api/identity-providers", Some(&new)).await;
        assert_eq!(status, 201, "{made}");
        assert!(!made.to_string().contains(SECRET) && made["has_secret"] == true);
        let (_, listed) = officer.send(Method::GET, "/api/identity-providers", None).await;
        let provider = made["id"].as_str().unwrap().to_owned();
        let client = json!({
            "client_id": "leeward",
            "client_secret": SECRET,
            "redirect_uris": [listed["redirect_uri"]],
            "backchannel_logout_uri": format!("{}/auth/oidc/{provider}/backchannel-logout", app.url),
            "backchannel_logout_session_required": true,
        });
        peer.add_client(&client).await;
        peer.set_user(
            "ada",
            &json!({"email": "ada@city.example", "email_verified": true, "name": "Ada", "groups": ["staff"]}),
        )
        .await;
        Self { app, peer, provider, officer }
    }

    /// Goes to the provider as `sub` and comes back: the page it ends on, in the browser it happened in.
    pub async fn come_back(&self, sub: &str) -> (reqwest::Client, u16, String) {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        let begin = format!("{}/auth/oidc/{}/begin?return_to=/console", self.app.url, self.provider);
        let away = http.get(begin).send().await.unwrap();
        if away.status() != 302 {
            return (http, away.status().as_u16(), away.text().await.unwrap());
        }
        let callback = self.peer.authorize(away.headers()["location"].to_str().unwrap(), sub).await;
        // The service calls itself localhost there; the browser stays where it was.
        let path = callback.split_once("/auth/").unwrap().1;
        let landed = http.get(format!("{}/auth/{path}", self.app.url)).send().await.unwrap();
        let status = landed.status().as_u16();
        (http, status, landed.text().await.unwrap())
    }

    pub async fn sign_in(&self, sub: &str) -> Browser {
        let (http, status, page) = self.come_back(sub).await;
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("url=/console"), "{page}");
        let info: Value =
            http.get(format!("{}/auth/session", self.app.url)).send().await.unwrap().json().await.unwrap();
        let csrf = info["csrf_token"].as_str().unwrap_or_else(|| panic!("{info}")).to_owned();
        Browser::at(http, csrf, info, &self.app.url)
    }

    pub async fn refused(&self, sub: &str) -> (u16, String) {
        let (http, status, page) = self.come_back(sub).await;
        assert_ne!(status, 200, "{page}");
        let session = http.get(format!("{}/auth/session", self.app.url)).send().await.unwrap();
        assert_eq!(session.status(), 401, "nobody is signed in");
        (status, page)
    }
}

async fn alive(browser: &Browser) -> bool {
    browser.send(Method::GET, "/auth/session", None).await.0 == 200
}

async fn somebody_new_comes_and_changes_groups(backend: Backend) {
    let site = Site::spawn(backend).await;
    let methods: Value =
        site.app.http.get(format!("{}/auth/methods", site.app.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(methods["providers"], json!([{"id": site.provider, "name": "City login", "kind": "oidc"}]));
    let ada = site.sign_in("ada").await;
    assert_eq!(ada.info["user"]["email"], "ada@city.example");
    assert_eq!(ada.info["user"]["roles"], json!(["member"]));
    assert_eq!((&ada.info["method"], &ada.info["stage"]), (&json!("oidc"), &json!("full")));
    let user = site.app.get(&format!("/api/users/{}", ada.info["user"]["id"].as_str().unwrap())).await;
    assert_eq!(user["origin"], site.provider);
    let created = &site.app.records("user.create.succeeded").await[0];
    assert_eq!(created["object"]["id"], ada.info["user"]["id"]);
    // The same person again, under a new address and in another group.
    site.peer.set_user("ada", &json!({"email": "ada.l@city.example", "name": "Ada L.", "groups": ["auditors"]})).await;
    let again = site.sign_in("ada").await;
    assert_eq!(again.info["user"]["id"], ada.info["user"]["id"]);
    assert_eq!(again.info["user"]["roles"], json!(["auditor"]));
    assert_eq!(again.info["user"]["email"], "ada.l@city.example");
    let record = &site.app.records("user.update.succeeded").await[0];
    assert!(record.to_string().contains("auditor") && !record.to_string().contains("ada.l@"), "{record}");
    // And what the first session may do changed with it.
    assert_eq!(ada.send(Method::GET, "/api/conversations", None).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_comes_and_changes_groups_on_sqlite() {
    somebody_new_comes_and_changes_groups(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_comes_and_changes_groups_on_postgres() {
    somebody_new_comes_and_changes_groups(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_turned_away_is_told_why() {
    let site = Site::spawn(Backend::Sqlite).await;
    site.peer.set_user("bob", &json!({"email": "bob@city.example", "email_verified": true})).await;
    let (status, page) = site.refused("bob").await;
    assert!(status == 403 && page.contains("lacks &quot;groups&quot;"), "{status} {page}");
    site.peer.set_user("bob", &json!({"email": "bob@city.example", "groups": ["gardeners"]})).await;
    let (_, page) = site.refused("bob").await;
    assert!(page.contains("gardeners") && page.contains("map one of them"), "{page}");
    site.peer.set_user("bob", &json!({"groups": ["staff"]})).await;
    assert!(site.refused("bob").await.1.contains("lacks &quot;email&quot;"));
    let failed = &site.app.records("auth.login.failed").await[0];
    assert_eq!(failed["object"], json!({"type": "provider", "id": site.provider}));
    assert!(!failed.to_string().contains("bob@"), "{failed}");
    // Suspended here: the provider's word does not count.
    let ada = site.sign_in("ada").await;
    let path = format!("/api/users/{}", ada.info["user"]["id"].as_str().unwrap());
    site.app.request(Method::PATCH, &path).json(&json!({"status": "disabled"})).send().await.unwrap();
    assert!(!alive(&ada).await);
    assert!(site.refused("ada").await.1.contains("suspended"));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_rotate_while_running() {
    let site = Site::spawn(Backend::Sqlite).await;
    site.sign_in("ada").await;
    let fetched = site.peer.requests("GET", "/jwks").await;
    site.sign_in("ada").await;
    assert_eq!(site.peer.requests("GET", "/jwks").await, fetched, "known keys are not fetched again");
    site.peer.rotate_keys(false).await;
    // The last fetch may be too fresh to be repeated at once; people try again.
    let mut tries = 0;
    while site.come_back("ada").await.1 != 200 {
        tries += 1;
        assert!(tries < 20, "the new key is never fetched");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let after = site.peer.requests("GET", "/jwks").await;
    assert!(after <= fetched + 2, "{fetched} {after}: fetches are limited");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_down_keeps_nobody_out_who_is_in() {
    let site = Site::spawn(Backend::Sqlite).await;
    let ada = site.sign_in("ada").await;
    site.peer.fail("token", "500").await;
    let (status, page) = site.refused("ada").await;
    assert!(status == 503 && page.contains("City login"), "{status} {page}");
    assert!(alive(&ada).await);
    site.peer.fail("token", "ok").await;
    site.sign_in("ada").await;
    let Site { app, peer, provider, officer } = site;
    drop(peer);
    assert!(alive(&ada).await, "sessions go on");
    let begin = format!("{}/auth/oidc/{provider}/begin", app.url);
    // Its description is known still, so the browser is sent; the probe says what is wrong.
    assert!(app.http.get(begin).send().await.is_err() || alive(&ada).await);
    let (_, probe) = officer.send(Method::POST, &format!("/api/identity-providers/{provider}/probe"), None).await;
    assert!(probe["detail"].is_string(), "{probe}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_never_reached_is_a_clear_error() {
    let site = Site::spawn(Backend::Sqlite).await;
    site.peer.fail("discovery", "500").await;
    let (status, page) = site.refused("ada").await;
    assert!(status == 503 && page.contains("status 500"), "{status} {page}");
    for mode in ["garbage", "huge", "redirect", "hang"] {
        site.peer.fail("discovery", mode).await;
        // A failure a moment ago is told, not tried again: another issuer's name, another attempt.
        tokio::time::sleep(Duration::from_millis(5100)).await;
        let at = Instant::now();
        let (status, page) = site.refused("ada").await;
        assert_eq!(status, 503, "{mode}: {page}");
        assert!(at.elapsed() < Duration::from_secs(30), "{mode}");
    }
    site.peer.fail("discovery", "ok").await;
    tokio::time::sleep(Duration::from_millis(5100)).await;
    site.sign_in("ada").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn back_channel_logout_ends_sessions_within_a_second() {
    let site = Site::spawn(Backend::Postgres).await;
    let (ada, other) = (site.sign_in("ada").await, site.sign_in("ada").await);
    let sid = site.peer.sessions().await[0]["sid"].as_str().unwrap().to_owned();
    let order = json!({"client_id": "leeward", "sub": "ada", "sid": sid});
    let answer = site.peer.backchannel_logout(&order).await;
    assert_eq!(answer["status"], 200, "{answer}");
    let at = Instant::now();
    assert!(!(alive(&ada).await && alive(&other).await), "the session of that sid has ended");
    assert!(at.elapsed() < Duration::from_secs(1));
    let answer = site.peer.backchannel_logout(&json!({"client_id": "leeward", "sub": "ada"})).await;
    assert_eq!(answer["status"], 200, "{answer}");
    assert!(!alive(&ada).await && !alive(&other).await, "all of the subject's have");
    assert_eq!(site.app.records("auth.backchannel_logout.succeeded").await.len(), 2);

    let carol = site.sign_in("ada").await;
    for tamper in
        ["alg_none", "wrong_aud", "wrong_iss", "expired", "no_events", "with_nonce", "no_sub_sid", "unknown_kid"]
    {
        let answer =
            site.peer.backchannel_logout(&json!({"client_id": "leeward", "sub": "ada", "tamper": tamper})).await;
        assert_eq!(answer["status"], 400, "{tamper}: {answer}");
        assert!(alive(&carol).await, "{tamper}");
    }
    let answer = site.peer.backchannel_logout(&json!({"client_id": "leeward", "sub": "ada", "tamper": "replay"})).await;
    assert_eq!((&answer["status"], &answer["again"]["status"]), (&json!(200), &json!(400)), "{answer}");
    assert!(!alive(&carol).await);
    assert_eq!(site.app.records("auth.backchannel_logout.failed").await.len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_at_the_provider_signs_out_here() {
    let site = Site::spawn(Backend::Sqlite).await;
    let http = reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
    let begin = format!("{}/auth/oidc/{}/begin", site.app.url, site.provider);
    let away = http.get(begin).send().await.unwrap();
    let at_provider = site.peer.browser();
    let callback = at_provider.authorize(away.headers()["location"].to_str().unwrap(), "ada").await;
    let path = callback.split_once("/auth/").unwrap().1;
    assert_eq!(http.get(format!("{}/auth/{path}", site.app.url)).send().await.unwrap().status(), 200);
    let session = async || http.get(format!("{}/auth/session", site.app.url)).send().await.unwrap().status().as_u16();
    assert_eq!(session().await, 200);
    at_provider.end_session(None).await;
    let at = Instant::now();
    while session().await == 200 {
        assert!(at.elapsed() < Duration::from_secs(1), "the session outlived the provider's by a second");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn setting_up_is_checked_and_on_record() {
    let site = Site::spawn(Backend::Sqlite).await;
    let new =
        |connection: Value, admission: Value| json!({"name": "x", "connection": connection, "admission": admission});
    for (body, param) in [
        (new(connection("https://not-listed.example"), admission()), "connection.issuer"),
        (new(connection("http://plain.example"), admission()), "issuer"),
        (new(connection(&site.peer.issuer), json!({"default_roles": ["platform_operator"]})), "group_roles"),
        (
            new(connection(&site.peer.issuer), json!({"default_roles": ["rol_00000000000000000000000000000000"]})),
            "roles",
        ),
    ] {
        let (status, answer) = site.officer.send(Method::POST, "/api/identity-providers", Some(&body)).await;
        assert_eq!((status, answer["param"].as_str()), (400, Some(param)), "{answer}");
    }
    assert_eq!(site.app.records("provider.change.failed").await.len(), 4);
    let path = format!("/api/identity-providers/{}", site.provider);
    let ada = site.sign_in("ada").await;
    // Without a secret in the body the kept one stays; turning it off ends what it brought.
    let off = json!({"name": "City login", "enabled": false, "connection": connection(&site.peer.issuer), "admission": admission()});
    let (_, changed) = site.officer.send(Method::PUT, &path, Some(&off)).await;
    assert_eq!((&changed["has_secret"], &changed["enabled"]), (&json!(true), &json!(false)));
    assert!(!alive(&ada).await);
    assert_eq!(site.refused("ada").await.0, 404);
    let record = &site.app.records("provider.update.succeeded").await[0];
    assert!(record.to_string().contains("enabled") && !record.to_string().contains(SECRET), "{record}");
    assert!(!String::from_utf8_lossy(&site.app.disk()).contains(SECRET), "the secret is sealed on disk");
    assert_eq!(site.officer.send(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(site.app.records("provider.delete.succeeded").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_connection_ends_what_the_old_one_brought() {
    let site = Site::spawn(Backend::Sqlite).await;
    let path = format!("/api/identity-providers/{}", site.provider);
    let change = async |name: &str, connection: &Value| {
        let body = json!({"name": name, "connection": connection, "admission": admission()});
        let (status, changed) = site.officer.send(Method::PUT, &path, Some(&body)).await;
        assert_eq!(status, 200, "{changed}");
    };
    let same = connection(&site.peer.issuer);
    let ada = site.sign_in("ada").await;
    change("City log-in", &same).await;
    assert!(alive(&ada).await, "another name is the same provider");
    for (field, value) in [("client_id", "another"), ("groups_claim", "teams")] {
        let mut other = same.clone();
        other[field] = json!(value);
        change("City log-in", &other).await;
        assert!(!alive(&ada).await, "{field}");
        assert!(alive(&site.officer).await, "only what came from there");
        change("City log-in", &same).await;
        assert!(!alive(&ada).await, "and it stays ended");
        let again = site.sign_in("ada").await;
        assert!(alive(&again).await);
        change("City log-in", &other).await;
        assert!(!alive(&again).await, "{field}, a new session");
        change("City log-in", &same).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provisioned_user_is_the_subject_of_their_external_id() {
    let site = Site::spawn(Backend::Sqlite).await;
    let scim = Scim::of(&site.app).await;
    let user = |name: &str, external: &str| {
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("{name}@city.example"), "externalId": external})
    };
    let dora = scim.make("/Users", user("dora", "sub-dora")).await;
    scim.make("/Users", user("carol", "sub-carol")).await;
    let describe = async |sub: &str, email: &str, verified: bool| {
        let claims = json!({"email": email, "email_verified": verified, "groups": ["auditors"]});
        site.peer.set_user(sub, &claims).await;
    };
    // The address is right, the subject is somebody else's or nobody's: an address alone makes nobody somebody else.
    for sub in ["sub-carol", "sub-mallory", "SUB-DORA"] {
        describe(sub, "dora@city.example", true).await;
        assert!(site.refused(sub).await.1.contains("may not speak for it"), "{sub}");
    }
    // The subject is what the provisioning system says: no verified address is needed.
    describe("sub-dora", "dora@city.example", false).await;
    let browser = site.sign_in("sub-dora").await;
    assert_eq!(browser.info["user"]["id"], json!(dora));
    assert_eq!(browser.info["user"]["roles"], json!(["member"]), "SCIM gives the roles, not the provider's groups");
    let record = &site.app.records("user.update.succeeded").await[0];
    assert!(record["object"]["id"] == json!(dora) && record.to_string().contains(&site.provider), "{record}");
    // From now on it is the subject that counts, whatever the address.
    describe("sub-dora", "d.new@city.example", false).await;
    assert_eq!(site.sign_in("sub-dora").await.info["user"]["id"], json!(dora));
}
