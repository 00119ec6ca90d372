//! Models: imported whole or not at all, checked before every load.

use crate::{Backend, TestApp, app::MODEL};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_model_is_refused_and_leaves_nothing() {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let junk = app.path("junk.gguf");
    std::fs::write(&junk, b"certainly not weights").unwrap();
    let before: Vec<_> = std::fs::read_dir(app.data_dir().join("models/weights")).unwrap().collect();
    for (file, part) in [(junk.to_str().unwrap(), "not_gguf"), ("/nowhere/x.gguf", "there is no file")] {
        let output = app.cli(&["model", "import", file, "--name", "junk"]);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(app.cli(&["model", "import", "x", "--name", "../x"]).status.code(), Some(2));
    let after: Vec<_> = std::fs::read_dir(app.data_dir().join("models/weights")).unwrap().collect();
    assert_eq!(before.len(), after.len());
    assert!(!app.data_dir().join("models/manifests/junk.json").exists());
    let again = app.cli(&["model", "import", app.path("weights.gguf").to_str().unwrap(), "--name", MODEL]);
    assert!(again.status.success(), "importing the same again is fine");
    let other = app.path("other.gguf");
    std::fs::write(&other, b"GGUF but other weights").unwrap();
    let taken = app.cli(&["model", "import", other.to_str().unwrap(), "--name", MODEL]);
    assert!(String::from_utf8_lossy(&taken.stderr).contains("belongs to other weights"));
}

/// Of the model's weights.
pub fn change_a_byte(app: &TestApp) {
    let weights = std::fs::read_dir(app.data_dir().join("models/weights")).unwrap().next().unwrap().unwrap().path();
    let file = weights.join("model.gguf");
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_byte_refuses_to_load_and_is_on_record() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    assert!(app.cli(&["model", "verify"]).status.success());
    change_a_byte(&app);
    assert_eq!(app.cli(&["model", "verify"]).status.code(), Some(1));
    app.start();
    let (status, error) = app.ask("hi").await;
    assert_eq!(status, 503, "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains("was changed since import"), "{error}");
    let ready = app.http.get(format!("{}/readyz", app.url)).send().await.unwrap();
    assert_eq!(ready.status(), 503);
    assert!(ready.text().await.unwrap().contains("was changed since import"));
    let out = app.path("platform");
    assert!(app.cli(&["audit", "export", "--tenant", "platform", "--out", out.to_str().unwrap()]).status.success());
    assert!(std::fs::read_to_string(out).unwrap().contains("model.load.failed"));
}
