//! The steps of signing in: one-time passwords, second factors, guessing.

use std::{
    net::IpAddr,
    time::{Duration, Instant},
};

use leeward_domain::Timestamp;
use leeward_identity::totp::TotpSecret;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    TestApp,
    app::{ADMIN, Browser, own},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_is_good_for_choosing_another_and_nothing_else() {
    let app = TestApp::spawn().await;
    let browser = app.begin(ADMIN, &app.password).await;
    assert_eq!(browser.info["stage"], "change_password");
    assert_eq!(browser.info["permissions"], json!([]));
    for (method, path) in
        [(Method::GET, "/api/users"), (Method::GET, "/api/me/sessions"), (Method::POST, "/api/me/totp/begin")]
    {
        let (status, problem) = browser.send(method, path, None).await;
        assert_eq!((status, &problem["code"]), (403, &json!("sign_in_unfinished")), "{path}");
    }
    let change = async |current: &str, new: &str| {
        browser
            .send(Method::POST, "/auth/password", Some(&json!({"current_password": current, "new_password": new})))
            .await
    };
    for (new, why) in [
        ("short", "characters"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "different"),
        ("admin@demo.example 1", "little more"),
        (app.password.as_str(), "the old one"),
    ] {
        let (status, problem) = change(&app.password, new).await;
        assert_eq!(status, 400, "{new}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{new}: {problem}");
    }
    assert_eq!(change("something else entirely", &own(&app.password)).await.0, 401);
    let (status, info) = change(&app.password, &own(&app.password)).await;
    assert_eq!((status, &info["stage"]), (200, &json!("full")), "{info}");
    assert!(info["permissions"].as_array().unwrap().len() > 3);
    let (status, _) = app.enter("/auth/login", &json!({"email": ADMIN, "password": app.password})).await;
    assert_eq!(status, 401, "the one-time password is spent");
}

/// An app's secret, from what is typed into it.
pub fn decoded(secret: &str) -> Vec<u8> {
    let text = secret.replace(' ', "");
    let mut bits = 0_u64;
    let (mut held, mut bytes) = (0, Vec::new());
    for letter in text.bytes() {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        bits = (bits << 5) | u64::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

/// The code that an app with this secret shows now.
pub fn code(secret: &str) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = Timestamp::from_unix_micros(i64::try_from(now.as_micros()).unwrap());
    TotpSecret::from_bytes(&decoded(secret)).unwrap().code_at(now).unwrap()
}

async fn send(browser: &mut Browser, path: &str, body: &Value) -> (u16, Value) {
    let (status, info) = browser.send(Method::POST, path, Some(body)).await;
    if status == 200 && info["csrf_token"].is_string() {
        browser.now(info.clone());
    }
    (status, info)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_the_tenant_demands() {
    let app = TestApp::spawn().await;
    let (_, officer) = app.member("officer@demo.example", &["security_officer"]).await;
    let (_, made) = app.post("/api/users", &json!({"email": "ada@demo.example", "roles": ["member"]})).await;
    let password = made["one_time_password"].as_str().unwrap();
    let policy = json!({"second_factor": true, "self_audit": true});
    assert_eq!(officer.send(Method::PUT, "/api/sign-in-policy", Some(&policy)).await.0, 200);

    // First a password of one's own, then the factor.
    let ada = app.sign_in("ada@demo.example", password).await;
    assert_eq!(ada.info["stage"], "enrol_second_factor");
    assert_eq!(ada.send(Method::GET, "/api/conversations", None).await.1["code"], "sign_in_unfinished");
    let (_, setup) = ada.send(Method::POST, "/api/me/totp/begin", None).await;
    let secret = setup["secret"].as_str().unwrap();
    assert!(setup["qr_svg"].as_str().unwrap().starts_with("<svg"));
    assert!(!app.disk().windows(32).any(|window| window == secret.replace(' ', "").as_bytes()), "kept sealed");
    let (status, problem) = ada.send(Method::POST, "/api/me/totp/confirm", Some(&json!({"code": "000000"}))).await;
    assert_eq!(status, 401, "{problem}");
    let first = code(secret);
    let (status, codes) = ada.send(Method::POST, "/api/me/totp/confirm", Some(&json!({"code": first}))).await;
    assert_eq!(status, 200, "{codes}");
    let recovery: Vec<&str> =
        codes["recovery_codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!(recovery.len(), 10);
    let (_, info) = ada.send(Method::GET, "/auth/session", None).await;
    assert_eq!(info["stage"], "full", "setting it up finished the sign-in");

    // The next sign-in asks for it, and takes no code twice.
    let mut next = app.begin("ada@demo.example", &own(password)).await;
    assert_eq!((&next.info["stage"], &next.info["factors"]), (&json!("second_factor"), &json!(["totp", "recovery"])));
    assert_eq!(send(&mut next, "/auth/second-factor/totp", &json!({"code": first})).await.0, 401, "used already");
    let code = json!({"code": recovery[3].to_uppercase()});
    let (status, info) = send(&mut next, "/auth/second-factor/recovery", &code).await;
    assert_eq!((status, &info["stage"]), (200, &json!("full")), "{info}");
    let (_, factors) = next.send(Method::GET, "/api/me/factors", None).await;
    assert_eq!(factors["recovery_codes_left"], 9);
    let mut third = app.begin("ada@demo.example", &own(password)).await;
    assert_eq!(send(&mut third, "/auth/second-factor/recovery", &code).await.0, 401, "spent");
    assert_eq!(next.send(Method::DELETE, "/api/me/totp", None).await.0, 409, "the last one stays");
    assert_eq!(app.records("auth.second_factor.failed").await.len(), 2);
    assert_eq!(app.records("auth.factor.enrol.succeeded").await.len(), 1);

    // Who lost everything is helped by an administrator.
    let id = made["user"]["id"].as_str().unwrap();
    let reset = app.request(Method::DELETE, &format!("/api/users/{id}/factors")).send().await.unwrap();
    assert_eq!(reset.status(), 204);
    assert_eq!(next.send(Method::GET, "/auth/session", None).await.0, 401, "sessions end with the factors");
    assert_eq!(app.begin("ada@demo.example", &own(password)).await.info["stage"], "enrol_second_factor");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_changes_when_a_session_gains_rights() {
    let app = TestApp::spawn().await;
    let body = json!({"email": ADMIN, "password": app.password});
    let first = app.http.post(format!("{}/auth/login", app.url)).json(&body).send().await.unwrap();
    let cookie = first.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let csrf = first.json::<Value>().await.unwrap()["csrf_token"].as_str().unwrap().to_owned();
    let change = json!({"current_password": app.password, "new_password": own(&app.password)});
    let request =
        app.http.post(format!("{}/auth/password", app.url)).header("cookie", &cookie).header("x-csrf-token", csrf);
    assert_eq!(request.json(&change).send().await.unwrap().status(), 200);
    let old = app.http.get(format!("{}/auth/session", app.url)).header("cookie", &cookie).send().await.unwrap();
    assert_eq!(old.status(), 401, "the token of before is worth nothing");
}

/// Guesses from a network of its own choice.
async fn guess(app: &TestApp, from: IpAddr, email: &str, password: &str) -> u16 {
    let http = reqwest::Client::builder().local_address(from).build().unwrap();
    let body = json!({"email": email, "password": password});
    http.post(format!("{}/auth/login", app.url)).json(&body).send().await.unwrap().status().as_u16()
}

/// 10,000 guesses against 50 accounts from 200 networks at once (`LEEWARD_GUESSES` says how many; CI runs fewer).
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guessing_never_gets_past_the_policy_and_never_locks_out_the_administrator() {
    const ACCOUNTS: usize = 50;
    let guesses: usize = std::env::var("LEEWARD_GUESSES").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let app = TestApp::spawn().await;
    let admin = app.admin().await;
    for account in 1..ACCOUNTS {
        let body = json!({"email": format!("user{account}@demo.example"), "roles": ["member"], "kind": "person"});
        assert_eq!(admin.send(Method::POST, "/api/users", Some(&body)).await.0, 201);
    }
    let email = |account: usize| if account == 0 { ADMIN.to_owned() } else { format!("user{account}@demo.example") };
    let begun = Instant::now();
    let results: Vec<(usize, u16)> = futures::StreamExt::collect(futures::StreamExt::buffer_unordered(
        futures::stream::iter((0..guesses).map(|at| {
            let account = at % ACCOUNTS;
            let network = at % 200;
            let from: IpAddr = format!("127.{}.{}.7", 1 + network / 100, network % 100).parse().unwrap();
            let (app, email) = (&app, email(account));
            async move { (account, guess(app, from, &email, "a wrong password").await) }
        })),
        32,
    ))
    .await;
    let elapsed = begun.elapsed();
    let mut checked = [0_u64; ACCOUNTS];
    for (account, status) in &results {
        assert!([401, 429].contains(status), "{status}");
        checked[*account] += u64::from(*status == 401);
    }
    // Five free attempts; then each waits twice as long as the one before, from one second on.
    let mut allowed = 5;
    let mut waited = Duration::ZERO;
    while waited <= elapsed {
        waited += Duration::from_secs(1 << (allowed - 5));
        allowed += 1;
    }
    println!(
        "{guesses} guesses in {elapsed:?}: at most {:?} checked per account, {allowed} allowed",
        checked.iter().max()
    );
    assert!(checked.iter().all(|checked| *checked <= allowed), "{checked:?} > {allowed} after {elapsed:?}");
    // The administrator's own network is none of the attackers': no waiting there.
    let (status, browser) = app.enter("/auth/login", &json!({"email": ADMIN, "password": own(&app.password)})).await;
    assert_eq!(status, 200, "{}", browser.info);
    // A stranger under attack is told when to come back. On a slow machine the wait may just be over: then one more
    // guess is checked, and starts a wait twice as long.
    let body = json!({"email": email(7), "password": "x"});
    let http = reqwest::Client::builder().local_address("127.3.0.9".parse::<IpAddr>().unwrap()).build().unwrap();
    let ask = || async { http.post(format!("{}/auth/login", app.url)).json(&body).send().await.unwrap() };
    let mut refused = ask().await;
    if refused.status() == 401 {
        refused = ask().await;
    }
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
}
