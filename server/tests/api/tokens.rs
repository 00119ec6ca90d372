//! Access tokens: by an API key, by a refresh token, by a foreign issuer's token; and every way of forging one.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use leeward_testkit::oidc::OidcPeer;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::Browser};

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
const SUBJECT: &str = "system:serviceaccount:grid:forecast";

pub async fn form(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> (u16, Value) {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request =
        app.http.post(format!("{}{path}", app.url)).header("content-type", "application/x-www-form-urlencoded");
    let response = request.body(body).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap_or_default())
}

pub async fn by_key(app: &TestApp, key: &str) -> String {
    let (status, answer) =
        form(app, "/auth/token", &[("grant_type", "client_credentials"), ("client_secret", key)]).await;
    assert_eq!(status, 200, "{answer}");
    answer["access_token"].as_str().unwrap().to_owned()
}

async fn status(app: &TestApp, token: &str, path: &str) -> u16 {
    app.http.get(format!("{}{path}", app.url)).bearer_auth(token).send().await.unwrap().status().as_u16()
}

fn part(token: &str, at: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at).unwrap()).unwrap()).unwrap()
}

async fn an_api_key_is_exchanged(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let scoped = json!({"name": "scoped", "scopes": ["models.read", "keys.own"]});
    let (_, made) = app.post("/api/keys", &scoped).await;
    let (id, secret) = (made["key"]["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let token = by_key(&app, secret).await;
    let (header, claims) = (part(&token, 0), part(&token, 1));
    assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("at+jwt")));
    for claim in ["iss", "aud", "exp", "nbf", "iat", "jti", "sub"] {
        assert!(!claims[claim].is_null(), "{claim}: {claims}");
    }
    assert_eq!(claims["scope"], "models.read keys.own");
    let keys: Value =
        app.http.get(format!("{}/.well-known/jwks.json", app.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(keys["keys"][0]["kid"], header["kid"]);
    assert!(keys["keys"][0].get("d").is_none(), "only the public half");
    assert_eq!(status(&app, &token, "/v1/models").await, 200);
    assert_eq!(status(&app, &token, "/api/users").await, 403, "no more than the key may");
    // A token makes no keys and no tokens.
    for path in ["/api/me/keys", "/api/me/tokens"] {
        let request = app.http.post(format!("{}{path}", app.url)).bearer_auth(&token).json(&json!({"name": "x"}));
        assert_eq!(request.send().await.unwrap().status(), 403, "{path}");
    }
    // It ends with its key.
    assert_eq!(app.request(Method::DELETE, &format!("/api/keys/{id}")).send().await.unwrap().status(), 204);
    assert_eq!(status(&app, &token, "/v1/models").await, 401);
    let (refused, answer) =
        form(&app, "/auth/token", &[("grant_type", "client_credentials"), ("client_secret", secret)]).await;
    assert_eq!((refused, &answer["error"]), (401, &json!("invalid_client")), "{answer}");
    let issued = &app.records("token.issue.succeeded").await[0];
    assert!(issued["reason"].as_str().unwrap().starts_with("api_key for usr_"), "{issued}");
    let basic = app.http.post(format!("{}/auth/token", app.url)).basic_auth("any", Some(&app.key));
    let basic = basic.header("content-type", "application/x-www-form-urlencoded").body("grant_type=client_credentials");
    assert_eq!(basic.send().await.unwrap().status(), 200, "HTTP Basic will do");
    for (fields, error) in [
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![("client_secret", app.key.as_str())], "invalid_request"),
        (vec![("grant_type", "refresh_token"), ("refresh_token", "nonsense")], "invalid_grant"),
        (vec![("grant_type", "client_credentials"), ("grant_type", "refresh_token")], "invalid_request"),
    ] {
        let (status, answer) = form(&app, "/auth/token", &fields).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some(error)), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_exchanged_on_sqlite() {
    an_api_key_is_exchanged(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_exchanged_on_postgres() {
    an_api_key_is_exchanged(Backend::Postgres).await;
}

async fn refresh(app: &TestApp, token: &str) -> (u16, Value) {
    form(app, "/auth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

async fn refresh_tokens_rotate(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[("LEEWARD__TOKENS__REFRESH_LEEWAY_S", "2")]).await;
    let admin = app.admin().await;
    let (made, answer) = admin.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "notebook"}))).await;
    assert_eq!(made, 201, "{answer}");
    let (first_access, first) = (answer["access_token"].as_str().unwrap(), answer["refresh_token"].as_str().unwrap());
    assert_eq!(status(&app, first_access, "/v1/models").await, 200);
    // Two at once, as two tabs would: both go on (the leeway), and neither has ended the other.
    let (one, two) = tokio::join!(refresh(&app, first), refresh(&app, first));
    assert_eq!((one.0, two.0), (200, 200), "{} {}", one.1, two.1);
    let second = one.1["refresh_token"].as_str().unwrap();
    assert_ne!(second, first);
    assert_eq!(status(&app, one.1["access_token"].as_str().unwrap(), "/v1/models").await, 200);
    let (again, next) = refresh(&app, second).await;
    assert_eq!(again, 200, "{next}");
    // Long after its first use somebody shows it again: all of it ends.
    tokio::time::sleep(Duration::from_millis(2200)).await;
    let (reused, answer) = refresh(&app, first).await;
    assert_eq!((reused, &answer["error"]), (400, &json!("invalid_grant")), "{answer}");
    assert_eq!(app.records("token.reuse.detected").await.len(), 1);
    assert_eq!(refresh(&app, next["refresh_token"].as_str().unwrap()).await.0, 400);
    for access in [first_access, next["access_token"].as_str().unwrap()] {
        assert_eq!(status(&app, access, "/v1/models").await, 401);
    }
    // Revoked by its owner's program (RFC 7009), and by its owner.
    let (_, answer) = admin.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "one"}))).await;
    let token = answer["refresh_token"].as_str().unwrap();
    assert_eq!(form(&app, "/auth/revoke", &[("token", token)]).await.0, 200);
    assert_eq!(form(&app, "/auth/revoke", &[("token", token)]).await.0, 200, "an unknown token is no error");
    assert_eq!(refresh(&app, token).await.0, 400);
    let (_, answer) =
        admin.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "two", "scopes": ["models.read"]}))).await;
    let access = answer["access_token"].as_str().unwrap();
    let (_, list) = admin.send(Method::GET, "/api/me/tokens", None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!(status(&app, access, "/api/conversations").await, 403);
    let path = format!("/api/me/tokens/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(admin.send(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(status(&app, access, "/v1/models").await, 401);
    let (wide, answer) =
        admin.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "x", "scopes": ["users.provision"]}))).await;
    assert_eq!(wide, 400, "{answer}");
    // Suspending its owner ends what their programs were given.
    let (id, ada) = app.member("ada@demo.example", &["member"]).await;
    let (_, answer) = ada.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "adas"}))).await;
    let suspended = app.request(Method::PATCH, &format!("/api/users/{id}")).json(&json!({"status": "disabled"}));
    assert_eq!(suspended.send().await.unwrap().status(), 200);
    assert_eq!(status(&app, answer["access_token"].as_str().unwrap(), "/v1/models").await, 401);
    assert_eq!(refresh(&app, answer["refresh_token"].as_str().unwrap()).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_tokens_rotate_on_sqlite() {
    refresh_tokens_rotate(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_tokens_rotate_on_postgres() {
    refresh_tokens_rotate(Backend::Postgres).await;
}

/// Our own tokens, changed: each is refused, and nobody learns more than that.
#[tokio::test(flavor = "multi_thread")]
async fn forged_access_tokens_are_refused() {
    let app = TestApp::spawn().await;
    let token = by_key(&app, &app.key).await;
    let parts: Vec<&str> = token.split('.').collect();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(&token, 0);
    let with = |name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        format!("{}.{}.{}", encode(&header), parts[1], parts[2])
    };
    let mut claims = part(&token, 1);
    claims["exp"] = json!(9_999_999_999_i64);
    let unsigned = json!({"alg": "none", "typ": "at+jwt"});
    let mut forged = vec![
        format!("{}.{}.{}", parts[0], encode(&claims), parts[2]),
        format!("{}.{}.", encode(&unsigned), parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}..", parts[0]),
        "..".to_owned(),
        format!("{}{}", token, "A"),
        with("alg", json!("HS256")),
        with("kid", json!("sig_00000000000000000000000000000000")),
        with("kid", json!("../../etc/passwd")),
        with("kid", json!("x' or '1'='1")),
        with("jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})),
        with("typ", json!("JWT")),
    ];
    forged.push("a".repeat(20_000) + ".b.c");
    for token in &forged {
        let response = app.http.get(format!("{}/v1/models", app.url)).bearer_auth(token).send().await.unwrap();
        let status = response.status().as_u16();
        assert!(status == 401 || status == 431 || status == 400, "{status} for {token:.80}");
    }
    assert_eq!(status(&app, &token, "/v1/models").await, 200, "the true one still is");
    // One tenant's token says nothing in another: its tenant is in it, signed.
    let other = app.bootstrap("other", "eve@other.example");
    let theirs = by_key(&app, other["api_key"].as_str().unwrap()).await;
    let mine: Value = app.get("/api/users").await;
    let seen: Value =
        app.http.get(format!("{}/api/users", app.url)).bearer_auth(&theirs).send().await.unwrap().json().await.unwrap();
    assert_ne!(mine["items"][0]["id"], seen["items"][0]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_tokens_and_rotated_keys() {
    let app = TestApp::spawn_with(
        Backend::Sqlite,
        &[("LEEWARD__TOKENS__ACCESS_S", "2"), ("LEEWARD__TOKENS__KEY_LEAD_S", "0")],
    )
    .await;
    let token = by_key(&app, &app.key).await;
    let rotated = app.cli(&["signing-key", "rotate", "--json"]);
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    let made: Value = serde_json::from_slice(&rotated.stdout).unwrap();
    assert_eq!(status(&app, &token, "/v1/models").await, 200, "the old key's tokens live on");
    let mut newer = by_key(&app, &app.key).await;
    for _ in 0..20 {
        if part(&newer, 0)["kid"] == made["key_id"] {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        newer = by_key(&app, &app.key).await;
    }
    assert_eq!(part(&newer, 0)["kid"], made["key_id"], "a running gateway takes the new key up");
    let keys: Value =
        app.http.get(format!("{}/.well-known/jwks.json", app.url)).send().await.unwrap().json().await.unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 2, "both are published");
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(status(&app, &newer, "/v1/models").await, 401, "its grant has ended");
}

struct Cluster {
    app: TestApp,
    officer: Browser,
    peer: OidcPeer,
    robot: String,
}

/// A service that trusts the peer as a Kubernetes cluster's issuer.
async fn cluster(backend: Backend) -> Cluster {
    let peer = OidcPeer::start().await;
    let app = TestApp::spawn_with(backend, &[("LEEWARD__OUTBOUND__ALLOW", &peer.issuer)]).await;
    let (_, made) = app
        .post("/api/users", &json!({"email": "forecast@demo.example", "roles": ["member"], "kind": "service"}))
        .await;
    let robot = made["user"]["id"].as_str().unwrap().to_owned();
    let trusted = json!({"name": "grid cluster", "issuer": peer.issuer, "audience": "leeward:demo",
        "subjects": [{"subject": SUBJECT, "user": robot, "scopes": ["models.read", "chat.use"]}]});
    let officer = app.officer().await;
    let (status, answer) = officer.send(Method::POST, "/api/token-issuers", Some(&trusted)).await;
    assert_eq!(status, 201, "{answer}");
    Cluster { app, officer, peer, robot }
}

impl Cluster {
    fn claims(&self) -> Value {
        let now = i64::try_from(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs())
            .unwrap();
        json!({"iss": self.peer.issuer, "aud": ["leeward:demo"], "sub": SUBJECT, "iat": now, "nbf": now, "exp": now + 3600})
    }

    async fn exchange(&self, order: &Value) -> (u16, Value) {
        let token = self.peer.token(order).await;
        let fields = [("grant_type", EXCHANGE), ("subject_token_type", JWT), ("subject_token", token.as_str())];
        form(&self.app, "/auth/token", &fields).await
    }
}

async fn workloads_exchange_their_platforms_token(backend: Backend) {
    let cluster = cluster(backend).await;
    let app = &cluster.app;
    let (exchanged, answer) = cluster.exchange(&json!({"claims": cluster.claims()})).await;
    assert_eq!(exchanged, 200, "{answer}");
    assert_eq!(answer["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(part(token, 1)["sub"], json!(cluster.robot));
    assert_eq!(status(app, token, "/v1/models").await, 200);
    assert_eq!(status(app, token, "/api/me/keys").await, 403, "no more than the rule gives");
    let issued = &app.records("token.issue.succeeded").await[0];
    assert!(issued["reason"].as_str().unwrap().contains(SUBJECT), "{issued}");
    // Suspended, nothing of it goes on; and the issuer distrusted, neither.
    let suspend = async |how: &str| {
        let path = format!("/api/users/{}", cluster.robot);
        app.request(Method::PATCH, &path).json(&json!({"status": how})).send().await.unwrap().status().as_u16()
    };
    assert_eq!(suspend("disabled").await, 200);
    assert_eq!(status(app, token, "/v1/models").await, 401);
    assert_eq!(cluster.exchange(&json!({"claims": cluster.claims()})).await.0, 400);
    assert_eq!(suspend("active").await, 200);
    assert_eq!(status(app, token, "/v1/models").await, 200);
    let (_, list) = cluster.officer.send(Method::GET, "/api/token-issuers", None).await;
    let path = format!("/api/token-issuers/{}", list["items"][0]["id"].as_str().unwrap());
    assert_eq!(cluster.officer.send(Method::DELETE, &path, None).await.0, 204);
    assert_eq!(status(app, token, "/v1/models").await, 401);
    assert_eq!(cluster.exchange(&json!({"claims": cluster.claims()})).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn workloads_exchange_their_platforms_token_on_sqlite() {
    workloads_exchange_their_platforms_token(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn workloads_exchange_their_platforms_token_on_postgres() {
    workloads_exchange_their_platforms_token(Backend::Postgres).await;
}

/// The list of attacks on JSON Web Tokens, each against a real issuer's keys.
#[tokio::test(flavor = "multi_thread")]
async fn forged_workload_tokens_are_refused() {
    let cluster = cluster(Backend::Sqlite).await;
    let claims = |name: &str, value: Value| {
        let mut claims = cluster.claims();
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value,
        }
        json!({"claims": claims})
    };
    let header = |header: Value, key: &str| json!({"claims": cluster.claims(), "header": header, "key": key});
    let attacks = [
        ("alg none", header(json!({"alg": "none"}), "current")),
        ("HS256 signed with the public key", header(json!({"alg": "HS256"}), "current")),
        ("wrong aud", claims("aud", json!("somebody-else"))),
        ("no aud", claims("aud", Value::Null)),
        ("wrong iss", claims("iss", json!("https://evil.example"))),
        ("iss with a slash more", claims("iss", json!(format!("{}/", cluster.peer.issuer)))),
        ("expired", claims("exp", json!(1_000_000_000))),
        ("no exp", claims("exp", Value::Null)),
        ("exp as text", claims("exp", json!("9999999999"))),
        ("exp beyond numbers", claims("exp", json!(1e300))),
        ("exp negative", claims("exp", json!(-1))),
        ("not yet valid", claims("nbf", json!(9_999_999_999_i64))),
        ("nbf as text", claims("nbf", json!("0"))),
        ("issued in the future", claims("iat", json!(9_999_999_999_i64))),
        ("unknown kid", header(json!({"kid": "nobody"}), "current")),
        ("kid as a path", header(json!({"kid": "../../../../dev/null"}), "current")),
        ("kid as SQL", header(json!({"kid": "x' union select seed from signing_keys --"}), "current")),
        ("another's key under the issuer's kid", header(json!({}), "fresh")),
        ("embedded jwk", header(json!({"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AAAA"}}), "fresh")),
        ("jku", header(json!({"jku": "https://evil.example/jwks"}), "fresh")),
        ("x5u", header(json!({"x5u": "https://evil.example/x5u"}), "fresh")),
        ("crit", header(json!({"crit": ["exp"], "exp": 1}), "current")),
        ("another subject", claims("sub", json!("system:serviceaccount:grid:somebody"))),
        ("no subject", claims("sub", Value::Null)),
        ("a subject that is a list", claims("sub", json!([SUBJECT]))),
        ("a logout token", header(json!({"typ": "logout+jwt"}), "current")),
    ];
    for (name, order) in &attacks {
        let (status, answer) = cluster.exchange(order).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{name}: {answer}");
    }
    assert_eq!(cluster.app.records("token.issue.failed").await.len(), 0, "nobody's log is a stranger's to fill");
    let (status, answer) = cluster.exchange(&json!({"claims": cluster.claims()})).await;
    assert_eq!(status, 200, "the true one is taken: {answer}");
    let fetches = cluster.peer.requests("GET", "/jwks").await;
    assert!(fetches <= 3, "{fetches} fetches: made-up key names are no flood");
}

/// An issuer without a network: its keys are pasted in. Made from the appliance's own, which are at hand.
#[tokio::test(flavor = "multi_thread")]
async fn pasted_keys_need_no_network_and_symmetric_ones_are_no_keys() {
    let app = TestApp::spawn().await;
    let (_, made) =
        app.post("/api/users", &json!({"email": "robot@demo.example", "roles": ["member"], "kind": "service"})).await;
    let robot = made["user"]["id"].as_str().unwrap();
    let officer = app.officer().await;
    let trust = |jwks: &str| {
        json!({"name": "offline", "issuer": "cluster.local", "audience": "leeward", "jwks": jwks,
            "subjects": [{"subject": "s", "user": robot}]})
    };
    for (jwks, why) in [
        (r#"{"keys":[{"kty":"oct","k":"c2VjcmV0","alg":"HS256","kid":"a"}]}"#, "no public key"),
        ("nonsense", "not JSON"),
        ("{}", "no array"),
    ] {
        let (status, answer) = officer.send(Method::POST, "/api/token-issuers", Some(&trust(jwks))).await;
        assert!(status == 400 && answer["detail"].as_str().unwrap().contains(why), "{jwks}: {answer}");
    }
    let keys = app.http.get(format!("{}/.well-known/jwks.json", app.url)).send().await.unwrap().text().await.unwrap();
    let (status, answer) = officer.send(Method::POST, "/api/token-issuers", Some(&trust(&keys))).await;
    assert_eq!(status, 201, "{answer}");
    let mut person = trust(&keys);
    person["subjects"][0]["user"] = app.get("/api/users").await["items"][0]["id"].clone();
    person["name"] = json!("another");
    let (status, answer) = officer.send(Method::POST, "/api/token-issuers", Some(&person)).await;
    assert_eq!((status, answer["param"].as_str()), (400, Some("subjects")), "nobody speaks for a person: {answer}");
    // A token of another kind of ours is not taken for a workload's, though its key is among those trusted.
    let token = by_key(&app, &app.key).await;
    let fields = [("grant_type", EXCHANGE), ("subject_token_type", JWT), ("subject_token", token.as_str())];
    assert_eq!(form(&app, "/auth/token", &fields).await.0, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guests_tokens_are_renewed_only_while_they_may_act_at_home() {
    let app = TestApp::spawn().await;
    let (id, mut ada) = app.member("ada@demo.example", &["member"]).await;
    let other = app.bootstrap("other", "eve@other.example");
    let eve = app.sign_in("eve@other.example", other["password"].as_str().unwrap()).await;
    let guest = json!({"email": "ada@demo.example", "roles": ["member"]});
    let (status, invited) = eve.send(Method::POST, "/api/guests", Some(&guest)).await;
    assert_eq!(status, 201, "{invited}");
    let code = json!({"invitation": invited["invitation"]});
    assert_eq!(ada.send(Method::POST, "/auth/tenants", Some(&code)).await.0, 204);
    let (status, info) = ada.send(Method::POST, "/auth/switch", Some(&json!({"tenant": other["tenant_id"]}))).await;
    assert_eq!(status, 200, "{info}");
    ada.now(info);
    let (status, given) = ada.send(Method::POST, "/api/me/tokens", Some(&json!({"name": "notebook"}))).await;
    assert_eq!(status, 201, "{given}");
    let renew = async |given: &Value| {
        let token = given["refresh_token"].as_str().unwrap();
        form(&app, "/auth/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    };
    let (status, given) = renew(&given).await;
    assert_eq!(status, 200, "{given}");
    let path = format!("/api/users/{id}");
    let off = app.request(Method::PATCH, &path).json(&json!({"status": "disabled"})).send().await.unwrap();
    assert_eq!(off.status(), 200);
    let (status, refused) = renew(&given).await;
    assert_eq!((status, &refused["error"]), (400, &json!("invalid_grant")), "{refused}");
}
