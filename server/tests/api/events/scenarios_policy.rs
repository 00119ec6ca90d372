//! Residency policies, proposed and decided.

use reqwest::Method;
use serde_json::json;

use super::scene::{Scene, act, command, made};
use crate::{
    Backend, TestApp,
    app::MODEL,
    residency::{decide, next, officers, propose},
    rows::Rows,
};

/// One comes into force and leaves another behind.
pub async fn a_change_of_policy() -> Scene {
    let app = TestApp::spawn().await;
    let (ada, bea) = officers(&app).await;
    let policy = next(&ada, |policy| policy["back_up"] = json!(["bari-1"])).await;
    let (first, _) = (propose(&ada, &policy).await, propose(&ada, &policy).await);
    assert_eq!(decide(&bea, &first, "approve").await.0, 200);
    app.into()
}

/// Malformed, one's own, taken back, and taken back again.
pub async fn no_change_of_policy() -> Scene {
    let app = TestApp::spawn().await;
    let (ada, _) = officers(&app).await;
    let policy = next(&ada, |_| {}).await;
    let path = "/api/residency-policy/proposals";
    assert_eq!(ada.send(Method::POST, path, Some(&json!({"policy": policy, "reason": ""}))).await.0, 400);
    let proposal = propose(&ada, &policy).await;
    for (how, status) in [("approve", 409), ("withdraw", 200), ("withdraw", 409)] {
        assert_eq!(decide(&ada, &proposal, how).await.0, status, "{how}");
    }
    app.into()
}

/// At the command line.
pub async fn an_attestation() -> Scene {
    let app = TestApp::spawn().await;
    let (file, now) = (app.path("report.attest"), app.get("/api/audit?limit=1").await);
    let to = now["items"][0]["record"]["at"].as_str().unwrap();
    let period = ["--from", "2026-01-01T00:00:00Z", "--to", to, "--out", file.to_str().unwrap()];
    command(&app, &[&["residency", "attest", "--tenant", "demo"][..], &period].concat());
    app.into()
}

/// Of a period that is not over.
pub async fn no_attestation() -> Scene {
    let app = TestApp::spawn().await;
    let asked = json!({"from": "2026-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z", "reason": "the yearly audit"});
    act(&app, Method::POST, "/api/residency-policy/attest", asked, 400).await;
    app.into()
}

/// Placed, not placed, released, and released again.
pub async fn holds() -> Scene {
    let app = TestApp::spawn().await;
    let officer = app.officer().await;
    let (status, placed) = officer.send(Method::POST, "/api/holds", Some(&json!({"reason": "proceedings"}))).await;
    assert_eq!(status, 201, "{placed}");
    assert_eq!(officer.send(Method::POST, "/api/holds", Some(&json!({"reason": ""}))).await.0, 400);
    let release = format!("/api/holds/{}/release", placed["id"].as_str().unwrap());
    for status in [204, 404] {
        assert_eq!(officer.send(Method::POST, &release, Some(&json!({"reason": "they ended"}))).await.0, status);
    }
    app.into()
}

/// Handed out, and not: nobody said why.
pub async fn what_is_kept_of_somebody() -> Scene {
    let app = TestApp::spawn().await;
    let officer = app.officer().await;
    let path = format!("/api/users/{}/export", app.get("/auth/session").await["user"]["id"].as_str().unwrap());
    for (reason, expected) in [("they asked for it", 200), ("", 400)] {
        let answer = officer.request(Method::POST, &path).json(&json!({"reason": reason})).send().await.unwrap();
        assert_eq!(answer.status(), expected);
        assert!(expected != 200 || answer.text().await.unwrap().contains("\"kind\":\"end\""));
    }
    app.into()
}

/// A conversation that is older than it may be.
pub async fn an_old_conversation() -> Scene {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__RETENTION__EVERY_S", "1")]).await;
    let (ada, bea) = officers(&app).await;
    let path = made(&app, "/api/conversations", json!({"model": MODEL})).await;
    Rows::of(&app).await.run("update conversations set updated_at = 0").await;
    let policy = next(&ada, |policy| policy["retention"] = json!({"conversations": 1})).await;
    assert_eq!(decide(&bea, &propose(&ada, &policy).await, "approve").await.0, 200);
    for _ in 0..200 {
        if app.request(Method::GET, &path).send().await.unwrap().status() == 404 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    app.into()
}
