//! The service, its models and their workers.

use super::scene::{CANARY, Scene};
use crate::{Backend, TestApp, import::change_a_byte};

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
