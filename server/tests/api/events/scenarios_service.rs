//! The service, its models and their workers.

use reqwest::Method;
use serde_json::json;

use super::scene::{CANARY, Scene};
use crate::{Backend, TestApp, app::MODEL, import::change_a_byte};

/// It loads the model, too.
pub async fn started() -> Scene {
    TestApp::spawn().await.into()
}

/// The network lets through what it should refuse.
pub async fn a_leak() -> Scene {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = listener.local_addr().unwrap().to_string();
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__OUTBOUND__REFUSED_BY_NETWORK", &target)]).await;
    let response = app.http.get(format!("{}/readyz", app.url)).send().await.unwrap();
    assert_eq!(response.status(), 503);
    let told = response.text().await.unwrap();
    assert!(told.contains(&target) && told.contains("which the network should refuse"), "{told}");
    app.into()
}

pub async fn stopped() -> Scene {
    let mut app = TestApp::spawn().await;
    assert_eq!(tokio::task::block_in_place(|| app.terminate()), Some(0), "{}", app.log());
    app.into()
}

/// Every installation begins with it.
pub async fn a_model_imported() -> Scene {
    TestApp::installed(Backend::Sqlite, &[]).await.into()
}

pub async fn a_model_not_imported() -> Scene {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let junk = app.path("junk.gguf");
    std::fs::write(&junk, b"certainly not weights").unwrap();
    let output = app.cli(&["model", "import", junk.to_str().unwrap(), "--name", "junk"]);
    assert_eq!(output.status.code(), Some(1));
    app.into()
}

pub async fn a_model_that_was_changed() -> Scene {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    change_a_byte(&app);
    app.start();
    app.into()
}

pub async fn a_worker_dies() -> Scene {
    let app = TestApp::spawn().await;
    let (status, error) = app.ask(&format!("!crash 6 {CANARY}")).await;
    assert_eq!(status, 500, "{error}");
    app.into()
}

/// Proposed, taken back, proposed, approved, and once too often; a ceiling, and one for a model that is not there.
pub async fn a_model_decided_about() -> Scene {
    let app = TestApp::spawn().await;
    let (first, second) = (app.admin().await, app.operator("second@demo.example").await);
    let model = format!("/api/catalogue/models/{MODEL}");
    let reason = json!({"reason": "it was evaluated"});
    for (who, act, status) in [
        (&first, "propose", 200),
        (&first, "withdraw", 200),
        (&first, "propose", 200),
        (&first, "approve", 409),
        (&second, "approve", 200),
    ] {
        let (told, answer) = who.send(Method::POST, &format!("{model}/{act}"), Some(&reason)).await;
        assert_eq!(told, status, "{act}: {answer}");
    }
    let ceiling = json!({"ceiling": "public"});
    assert_eq!(first.send(Method::PATCH, &model, Some(&ceiling)).await.0, 200);
    assert_eq!(first.send(Method::PATCH, "/api/catalogue/models/none", Some(&ceiling)).await.0, 404);
    app.into()
}

pub async fn a_model_let_go() -> Scene {
    let app = TestApp::spawn().await;
    let gone = json!({"loaded": false});
    let path = format!("/api/catalogue/models/{MODEL}");
    assert_eq!(app.admin().await.send(Method::PATCH, &path, Some(&gone)).await.0, 200);
    app.into()
}

/// Set, deleted, and deleted again.
pub async fn an_alias() -> Scene {
    let app = TestApp::spawn().await;
    let operator = app.admin().await;
    let path = "/api/catalogue/aliases/default";
    assert_eq!(operator.send(Method::PUT, path, Some(&json!({"model": MODEL}))).await.0, 200);
    assert_eq!(operator.send(Method::DELETE, path, None).await.0, 204);
    assert_eq!(operator.send(Method::DELETE, path, None).await.0, 404);
    app.into()
}

/// And once more to the same file.
pub async fn a_model_bundled() -> Scene {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let out = app.path("echo.zip");
    for code in [0, 1] {
        let output = app.cli(&["model", "bundle", MODEL, "--out", out.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
    }
    app.into()
}
