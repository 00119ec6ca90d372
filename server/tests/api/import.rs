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

/// What `leeward model key` prints.
fn key(app: &TestApp) -> String {
    String::from_utf8(app.cli(&["model", "key"]).stdout).unwrap().trim().to_owned()
}

/// From the house where it was made to another one that trusts it, and to none that does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_taken_from_those_who_are_trusted_and_as_it_was_signed() {
    let (from, mut to) =
        (TestApp::installed(Backend::Sqlite, &[]).await, TestApp::installed(Backend::Sqlite, &[]).await);
    let weights = from.path("carried.gguf");
    std::fs::write(&weights, b"GGUF carried over").unwrap();
    assert!(from.cli(&["model", "import", weights.to_str().unwrap(), "--name", "carried"]).status.success());
    let bundle = from.path("carried.zip");
    let made = from.cli(&["model", "bundle", "carried", "--out", bundle.to_str().unwrap()]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let import = |app: &TestApp, file: &std::path::Path, more: &[&str]| {
        let output = app.cli(&[&["model", "import", file.to_str().unwrap()][..], more].concat());
        (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, told) = import(&to, &bundle, &[]);
    assert!(code == 1 && told.contains("nobody in models.trusted_keys vouches for it"), "{told}");
    to.configure(&format!("[models]\ntrusted_keys = [\"{}\"]\nrequire_signature = true\n", key(&to)));
    let (code, told) = import(&to, &bundle, &[]);
    assert!(code == 1 && told.contains("nobody in models.trusted_keys vouches for it"), "{told}");

    to.configure(&format!("[models]\ntrusted_keys = [\"{}\"]\nrequire_signature = true\n", key(&from)));
    let (code, told) = import(&to, &weights, &["--name", "bare"]);
    assert!(code == 1 && told.contains("no signed bundle"), "{told}");
    let whole = std::fs::read(&bundle).unwrap();
    let at = |needle: &[u8]| whole.windows(needle.len()).position(|window| window == needle).unwrap();
    let broken = to.path("broken.zip");
    for place in [at(b"GGUF carried") + 6, at(b"\"sha256\"") + 12, at("\u{2014} leeward/models".as_bytes()) + 30] {
        let mut bytes = whole.clone();
        bytes[place] ^= 1;
        std::fs::write(&broken, bytes).unwrap();
        let (code, told) = import(&to, &broken, &[]);
        assert_eq!(code, 1, "{place}: {told}");
        assert!(!to.data_dir().join("models/manifests/carried.json").exists(), "{place}");
    }
    std::fs::write(&broken, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(import(&to, &broken, &[]).0, 1);

    let (code, told) = import(&to, &bundle, &[]);
    assert_eq!(code, 0, "{told}");
    let manifest = std::fs::read_to_string(to.data_dir().join("models/manifests/carried.json")).unwrap();
    assert!(manifest.contains(&format!("\"vouched_by\": \"{}\"", key(&from))), "{manifest}");
    assert!(to.cli(&["model", "verify"]).status.success());
}

/// A directory as models are published in, with something beside that is no part of it.
fn directory(app: &TestApp, name: &str) -> std::path::PathBuf {
    let directory = app.path(name);
    std::fs::create_dir_all(directory.join("1_Pooling")).unwrap();
    for (file, content) in [
        ("model-00001-of-00002.safetensors", "first half"),
        ("model-00002-of-00002.safetensors", "second half"),
        ("config.json", "{\"scripted\": \" embeds=8 \"}"),
        ("tokenizer.json", "{}"),
        ("1_Pooling/config.json", "{}"),
        ("read-me.txt", "not of the model"),
    ] {
        std::fs::write(directory.join(file), content).unwrap();
    }
    directory
}

/// Where the store keeps the model that is a directory.
fn kept(app: &TestApp) -> std::path::PathBuf {
    let weights = std::fs::read_dir(app.data_dir().join("models/weights")).unwrap();
    weights.map(|entry| entry.unwrap().path()).find(|path| path.join("config.json").exists()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_imported_whole_checked_and_served() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let from = directory(&app, "published");
    let told = |output: &std::process::Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let path = from.to_str().unwrap();
    let refused = app.cli(&["model", "import", path, "--name", "house", "--quantize", "q8_0"]);
    assert!(refused.status.code() == Some(1) && told(&refused).contains("engine.isq"), "{}", told(&refused));
    let empty = app.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let refused = app.cli(&["model", "import", empty.to_str().unwrap(), "--name", "house"]);
    assert!(refused.status.code() == Some(1) && told(&refused).contains("not_a_model"), "{}", told(&refused));
    assert!(!app.data_dir().join("models/manifests/house.json").exists());

    let done = app.cli(&["model", "import", path, "--name", "house", "--json"]);
    assert!(done.status.success(), "{}", told(&done));
    let manifest: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let names: Vec<_> =
        manifest["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    let weights = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    assert_eq!(names[..2], weights, "the weights come first");
    assert_eq!(names[2..], ["1_Pooling/config.json", "config.json", "tokenizer.json"]);
    assert!(app.cli(&["model", "import", path, "--name", "house"]).status.success(), "the same again is fine");
    std::fs::write(from.join("tokenizer.json"), "{ }").unwrap();
    let taken = app.cli(&["model", "import", path, "--name", "house"]);
    assert!(told(&taken).contains("belongs to other weights"), "one small file makes another model");
    assert!(app.cli(&["model", "import", path, "--name", "other"]).status.success());
    assert!(app.cli(&["model", "verify"]).status.success());

    // Whatever is changed, missing or too much.
    let kept = kept(&app);
    let put = |file: &str, content: Option<&str>| match content {
        Some(content) => std::fs::write(kept.join(file), content).unwrap(),
        None => std::fs::remove_file(kept.join(file)).unwrap(),
    };
    for (file, was, is, expected) in [
        ("1_Pooling/config.json", Some("{}"), Some("{ }"), "was changed since import"),
        ("1_Pooling/config.json", Some("{}"), None, "No such file"),
        ("1_Pooling/more", None, Some("x"), "does not list"),
        ("more", None, Some("x"), "does not list"),
    ] {
        put(file, is);
        let found = app.cli(&["model", "verify"]);
        assert!(found.status.code() == Some(1) && told(&found).contains(expected), "{}", told(&found));
        put(file, was);
        assert!(app.cli(&["model", "verify"]).status.success(), "{expected}");
    }

    app.start();
    let body = serde_json::json!({ "model": "house", "input": "a text" });
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let (status, answer) = loop {
        let (status, answer) = app.post("/v1/embeddings", &body).await;
        if status != 503 || std::time::Instant::now() > deadline {
            break (status, answer);
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!((status, answer["data"][0]["embedding"].as_array().map(Vec::len)), (200, Some(8)), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_is_carried_in_a_bundle() {
    let (from, mut to) =
        (TestApp::installed(Backend::Sqlite, &[]).await, TestApp::installed(Backend::Sqlite, &[]).await);
    let published = directory(&from, "published");
    let done = from.cli(&["model", "import", published.to_str().unwrap(), "--name", "house"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let bundle = from.path("house.zip");
    assert!(from.cli(&["model", "bundle", "house", "--out", bundle.to_str().unwrap()]).status.success());
    to.configure(&format!("[models]\ntrusted_keys = [\"{}\"]\nrequire_signature = true\n", key(&from)));
    let bare = to.cli(&["model", "import", published.to_str().unwrap(), "--name", "bare"]);
    assert!(String::from_utf8_lossy(&bare.stderr).contains("no signed bundle"));
    let taken = to.cli(&["model", "import", bundle.to_str().unwrap()]);
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    for file in ["model-00002-of-00002.safetensors", "1_Pooling/config.json"] {
        assert_eq!(std::fs::read(kept(&to).join(file)).unwrap(), std::fs::read(published.join(file)).unwrap());
    }
    assert!(to.cli(&["model", "verify"]).status.success());
}
