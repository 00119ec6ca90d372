//! The emergency account: two halves and a reason, once, for an hour, in both logs.

use leeward_domain::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::Browser};

const REASON: &str = "the identity provider is down since nine";

pub fn seal(app: &TestApp) -> (String, String) {
    seal_of(app, "demo")
}

/// Two halves, fresh from the command line.
fn seal_of(app: &TestApp, tenant: &str) -> (String, String) {
    let output = app.cli(&["break-glass", "seal", "--tenant", tenant, "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    (made["first_half"].as_str().unwrap().to_owned(), made["second_half"].as_str().unwrap().to_owned())
}

pub async fn unlock(app: &TestApp, tenant: &str, first: &str, second: &str) -> (u16, Browser) {
    let body = json!({"tenant": tenant, "first_half": first, "second_half": second, "reason": REASON});
    app.enter("/auth/break-glass", &body).await
}

async fn open(app: &TestApp) -> Browser {
    let (first, second) = seal(app);
    let (status, browser) = unlock(app, "demo", &first, &second).await;
    assert_eq!(status, 200, "{}", browser.info);
    browser
}

/// The platform's log, as exported.
fn platform(app: &TestApp) -> String {
    let out = app.path("platform");
    let output = app.cli(&["audit", "export", "--tenant", "platform", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read_to_string(out).unwrap()
}

async fn both_halves_open_one_hour_once(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    // A tenant whose people cannot get in: no passwords, a second factor nobody could show.
    let (_, officer) = app.member("officer@demo.example", &["security_officer"]).await;
    let policy = json!({"passwords": false, "second_factor": true, "session_hours": 12, "self_audit": true});
    let (status, answer) = officer.send(Method::PUT, "/api/sign-in-policy", Some(&policy)).await;
    assert_eq!(status, 200, "{answer}");

    let (first, second) = seal(&app);
    assert!(first.len() >= 20 && second.len() >= 20 && first != second);
    for half in [&first, &second] {
        let bare = half.replace('-', "");
        for text in [half.as_bytes(), bare.as_bytes()] {
            assert!(!app.disk().windows(text.len()).any(|window| window == text), "only digests are kept");
        }
    }
    let nothing = json!({"tenant": "demo", "first_half": first, "second_half": second, "reason": " too short "});
    assert_eq!(app.enter("/auth/break-glass", &nothing).await.0, 400, "a reason is mandatory");
    for (tenant, first, second) in [
        ("demo", first.as_str(), ""),
        ("demo", first.as_str(), first.as_str()),
        ("demo", second.as_str(), first.as_str()),
        ("elsewhere", first.as_str(), second.as_str()),
    ] {
        let (status, browser) = unlock(&app, tenant, first, second).await;
        assert_eq!((status, &browser.info["code"]), (401, &json!("invalid_credentials")), "{}", browser.info);
    }

    // As typed from paper.
    let begun = now();
    let (status, browser) = unlock(&app, "demo", &first.to_lowercase(), &second.replace('-', " ")).await;
    assert_eq!(status, 200, "{}", browser.info);
    let info = &browser.info;
    assert_eq!((&info["user"]["kind"], &info["method"]), (&json!("break_glass"), &json!("break_glass")), "{info}");
    assert_eq!(info["stage"], "full");
    let (_, session) = browser.send(Method::GET, "/auth/session", None).await;
    assert_eq!(session["user"]["kind"], "break_glass");
    let ends: Timestamp = session["expires_at"].as_str().unwrap().parse().unwrap();
    let lasts = ends.since(begun).as_secs();
    assert!((3595..=3660).contains(&lasts), "an hour, whatever the policy says: {lasts}");
    assert_eq!(browser.send(Method::GET, "/api/users", None).await.0, 200);
    let policy = json!({"passwords": true, "self_audit": true});
    assert_eq!(browser.send(Method::PUT, "/api/sign-in-policy", Some(&policy)).await.0, 200, "that is what it is for");

    // Used twice: refused. Both logs say why it was opened; the platform's does not name the person.
    assert_eq!(unlock(&app, "demo", &first, &second).await.0, 401);
    let unlocked = app.records("break_glass.unlock.succeeded").await;
    assert_eq!(unlocked.len(), 1);
    assert_eq!((&unlocked[0]["reason"], &unlocked[0]["actor"]["method"]), (&json!(REASON), &json!("break_glass")));
    let failed: Vec<_> = app.records("break_glass.unlock.failed").await;
    let reasons: Vec<_> = failed.iter().map(|record| record["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["no emergency account is sealed", "a half is wrong", "a half is wrong", "a half is wrong"]);
    let platform = platform(&app);
    let count = |code: &str| platform.matches(code).count();
    assert_eq!((count("break_glass.unlock.succeeded"), count("break_glass.unlock.failed")), (1, 5), "{platform}");
    assert!(platform.contains(REASON));
    assert_eq!(app.records("break_glass.seal.succeeded").await.len(), 1);
    let metrics = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("leeward_break_glass_unlocks_total 1"), "{metrics}");
    assert!(app.log().lines().any(|line| line.contains("ERROR") && line.contains("emergency account was unlocked")));
}

#[tokio::test(flavor = "multi_thread")]
async fn both_halves_open_one_hour_once_on_sqlite() {
    both_halves_open_one_hour_once(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_halves_open_one_hour_once_on_postgres() {
    both_halves_open_one_hour_once(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sealing_again_ends_what_was_before() {
    let app = TestApp::spawn().await;
    let old = seal(&app);
    let new = seal(&app);
    assert_eq!(unlock(&app, "demo", &old.0, &old.1).await.0, 401);
    assert_eq!(unlock(&app, "demo", &new.0, &old.1).await.0, 401, "not half and half either");
    let (status, browser) = unlock(&app, "demo", &new.0, &new.1).await;
    assert_eq!(status, 200, "{}", browser.info);
    let users = app.get("/api/users").await;
    let accounts = users["items"].as_array().unwrap().iter().filter(|user| user["kind"] == "break_glass");
    assert_eq!(accounts.count(), 1, "one account, however often it is sealed");
    seal(&app);
    // Sealed by another process: the running one sees it within a second.
    let at = std::time::Instant::now();
    while browser.send(Method::GET, "/auth/session", None).await.0 != 401 {
        assert!(at.elapsed() < std::time::Duration::from_secs(1), "and its sessions end");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_the_same_time_open_one_session() {
    let app = TestApp::spawn().await;
    let (first, second) = seal(&app);
    let tries = (0..4).map(|_| unlock(&app, "demo", &first, &second));
    let mut statuses: Vec<u16> = futures::future::join_all(tries).await.into_iter().map(|(status, _)| status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401]);
    assert_eq!(app.records("break_glass.unlock.succeeded").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_wait_per_network_only() {
    let app = TestApp::spawn().await;
    let (first, second) = seal(&app);
    for _ in 0..5 {
        assert_eq!(unlock(&app, "demo", &first, "WRONG").await.0, 401);
    }
    let body = json!({"tenant": "demo", "first_half": first, "second_half": second, "reason": REASON});
    let post = async |http: &reqwest::Client| {
        http.post(format!("{}/auth/break-glass", app.url)).json(&body).send().await.unwrap()
    };
    let refused = post(&app.http).await;
    assert_eq!(refused.status(), 429, "right, but too soon");
    assert!(refused.headers().contains_key("retry-after"));
    // Strangers cannot keep the account shut.
    let elsewhere = reqwest::Client::builder().local_address("127.9.9.9".parse::<std::net::IpAddr>().unwrap());
    assert_eq!(post(&elsewhere.build().unwrap()).await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn suspended_it_stays_shut() {
    let app = TestApp::spawn().await;
    let (first, second) = seal(&app);
    let users = app.get("/api/users").await;
    let account = users["items"].as_array().unwrap().iter().find(|user| user["kind"] == "break_glass").unwrap();
    assert_eq!(account["roles"], json!(["tenant_admin", "security_officer"]));
    let path = format!("/api/users/{}", account["id"].as_str().unwrap());
    let patch = async |body: Value| app.request(Method::PATCH, &path).json(&body).send().await.unwrap().status();
    assert_eq!(patch(json!({"roles": ["member"]})).await, 409, "it is as its seal made it");
    assert_eq!(patch(json!({"display_name": "x"})).await, 409);
    assert_eq!(app.post(&format!("{path}/password"), &json!({})).await.0, 409);
    assert_eq!(patch(json!({"status": "disabled"})).await, 200);
    assert_eq!(unlock(&app, "demo", &first, &second).await.0, 401);
    assert_eq!(patch(json!({"status": "active"})).await, 200);

    assert_eq!(unlock(&app, "demo", &first, &second).await.0, 200);

    let other = app.bootstrap("other", "eve@other.example");
    let (first, second) = seal_of(&app, "other");
    let path = format!("/api/tenants/{}", other["tenant_id"].as_str().unwrap());
    let suspended = app.request(Method::PATCH, &path).json(&json!({"status": "disabled"})).send().await.unwrap();
    assert_eq!(suspended.status(), 200);
    assert_eq!(unlock(&app, "other", &first, &second).await.0, 401, "a suspended tenant's neither");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_nothing_beyond_its_session() {
    let app = TestApp::spawn().await;
    let (robot, group, project) = {
        let service = json!({"email": "ci@demo.example", "roles": ["member"], "kind": "service"});
        let (_, robot) = app.post("/api/users", &service).await;
        let (_, group) = app.post("/api/groups", &json!({"name": "g"})).await;
        let (_, project) = app.post("/api/projects", &json!({"name": "p"})).await;
        let id = |value: &Value| value.as_str().unwrap().to_owned();
        (id(&robot["user"]["id"]), id(&group["id"]), id(&project["id"]))
    };
    let browser = open(&app).await;
    let me = browser.info["user"]["id"].as_str().unwrap().to_owned();
    for (path, body) in [
        ("/api/me/keys", json!({"name": "k"})),
        ("/api/keys", json!({"name": "k"})),
        ("/api/keys", json!({"name": "k", "user": robot})),
        ("/api/me/tokens", json!({"name": "t"})),
        ("/api/me/totp/begin", json!({})),
        ("/api/me/totp/confirm", json!({"code": "000000"})),
        ("/api/me/passkeys/begin", json!({})),
        ("/api/me/passkeys/finish", json!({"ceremony": "x", "credential": {}, "name": "p"})),
        ("/auth/tenants", json!({"invitation": "x"})),
        ("/auth/switch", json!({"tenant": app.tenant})),
        ("/auth/password", json!({"current_password": "x", "new_password": "a long enough new password"})),
    ] {
        let (status, problem) = browser.send(Method::POST, path, Some(&body)).await;
        assert_eq!(status, 403, "{path}: {problem}");
    }
    for (path, body) in [
        (format!("/api/groups/{group}/members/{me}"), json!({})),
        (format!("/api/projects/{project}/members/{me}"), json!({"role": "admin"})),
    ] {
        let answer = app.request(Method::PUT, &path).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 409, "{path}");
    }
    let email = browser.info["user"]["email"].as_str().unwrap();
    assert_eq!(app.enter("/auth/login", &json!({"email": email, "password": ""})).await.0, 401);
    assert!(!app.cli(&["user", "reset-password", "--tenant", "demo", email]).status.success());
    assert!(!app.cli(&["key", "create", "--tenant", "demo", "--user", email, "k"]).status.success());
    // An administrator may delete it; sealing makes another.
    let gone = app.request(Method::DELETE, &format!("/api/users/{me}")).send().await.unwrap();
    assert_eq!(gone.status(), 204);
    assert_eq!(browser.send(Method::GET, "/auth/session", None).await.0, 401);
    assert_ne!(open(&app).await.info["user"]["id"], json!(me));
}

fn now() -> Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp::from_unix_micros(i64::try_from(now.as_micros()).unwrap())
}
