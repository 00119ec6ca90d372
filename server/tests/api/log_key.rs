//! What is done to the logs as such: their key hands over, and a database that was put back is noticed.

use std::{fs, path::PathBuf, process::Output};

use crate::{Backend, TestApp};

/// `leeward-verify`'s findings on a fresh export of the tenant's log; empty if all is well.
fn findings(app: &TestApp, name: &str, options: &[&str]) -> String {
    let path = app.path(name);
    let text = path.to_str().unwrap();
    let exported = app.cli(&["audit", "export", "--tenant", &app.tenant, "--out", text]);
    assert!(exported.status.success(), "{}", said(&exported));
    let verifier = PathBuf::from(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let checked = std::process::Command::new(verifier).arg(&path).args(options).output().unwrap();
    assert_eq!(checked.status.success(), checked.stderr.is_empty());
    said(&checked)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn key_of(app: &TestApp, export: &str) -> String {
    let text = fs::read_to_string(app.path(export)).unwrap();
    let header: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    header["public_key"].as_str().unwrap().to_owned()
}

async fn the_log_key_hands_over(backend: Backend) {
    let mut app = TestApp::spawn_with(backend, &[]).await;
    assert_eq!(app.ask("hi").await.0, 200);
    let refused = app.cli(&["audit", "rotate-key", "--reason", "yearly"]);
    assert!(!refused.status.success() && said(&refused).contains("a gateway is running"), "{}", said(&refused));
    assert_eq!(findings(&app, "first", &[]), "");
    let first = key_of(&app, "first");
    let mut keys = vec![first.clone()];
    for round in 0..2 {
        assert_eq!(app.terminate(), Some(0));
        let rotated = rotate(&app);
        assert!(rotated.status.success(), "{}", said(&rotated));
        app.start();
        assert_eq!(app.ask("hi").await.0, 200);
        let name = format!("after-{round}");
        // The first key is all an auditor needs to trust.
        assert_eq!(findings(&app, &name, &["--key", &first]), "");
        keys.push(key_of(&app, &name));
    }
    keys.dedup();
    assert_eq!(keys.len(), 3);
    assert_eq!(app.records("audit.log_key.rotate.succeeded").await.len(), 2);

    // Broken off after the logs and the copy of the old key, before the new one was in its place.
    assert_eq!(app.terminate(), Some(0));
    assert!(rotate(&app).status.success());
    let file = |name: &str| app.data_dir().join("keys").join(name);
    fs::rename(file("audit-log"), file("audit-log.next")).unwrap();
    let old = keys[2].split('+').nth(1).unwrap();
    let kept: Vec<_> = fs::read_dir(file("")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let newest = kept.iter().filter(|path| path.extension().is_some_and(|end| end == "old"));
    let newest = newest.max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap()).unwrap();
    assert!(!old.is_empty() && kept.len() >= 4, "{kept:?}");
    fs::copy(newest, file("audit-log")).unwrap();
    let refused = app.cli(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(!refused.status.success() && said(&refused).contains("rotate-key` again"), "{}", said(&refused));
    assert!(rotate(&app).status.success());
    app.start();
    assert_eq!(findings(&app, "last", &["--key", &first]), "");
    assert_eq!(app.records("audit.log_key.rotate.succeeded").await.len(), 3);
}

/// With PostgreSQL, a gateway counts as there for some seconds after its end.
fn rotate(app: &TestApp) -> Output {
    for _ in 0..400 {
        let rotated = app.cli(&["audit", "rotate-key", "--reason", "yearly"]);
        if !said(&rotated).contains("a gateway is running") {
            return rotated;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    app.cli(&["audit", "rotate-key", "--reason", "yearly"])
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_key_hands_over_on_sqlite() {
    the_log_key_hands_over(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_key_hands_over_on_postgres() {
    the_log_key_hands_over(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_put_back_is_noticed_and_taken_only_on_record() {
    let worm = tempfile::tempdir().unwrap();
    let config = worm.path().join("leeward.toml");
    let place = "place = { site = \"roma\", region = \"Lazio\", jurisdiction = \"IT\", ceiling = \"internal\" }";
    let text = format!("[[audit.checkpoints]]\nto = \"file://{}\"\n{place}\n", worm.path().display());
    fs::write(&config, text).unwrap();
    let mut app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD_CONFIG", config.to_str().unwrap())]).await;
    assert_eq!(app.ask("one").await.0, 200);
    assert_eq!(app.terminate(), Some(0));
    let database = app.data_dir().join("leeward.db");
    fs::copy(&database, app.path("backup.db")).unwrap();
    app.start();
    for _ in 0..5 {
        assert_eq!(app.ask("two").await.0, 200);
    }
    assert_eq!(app.terminate(), Some(0));
    let anchor = app.data_dir().join("checkpoints").join(format!("{}.note", app.tenant));
    fs::copy(&anchor, app.path("kept.note")).unwrap();
    let kept: Vec<_> = fs::read_dir(worm.path().join(&app.tenant)).unwrap().collect();
    assert!(!kept.is_empty(), "checkpoints are in the further place too");

    fs::copy(app.path("backup.db"), &database).unwrap();
    let refused = app.cli(&["serve", "--listen", "127.0.0.1:0"]);
    let why = said(&refused);
    assert!(!refused.status.success() && why.contains("is not the one that was signed"), "{why}");
    assert!(why.contains("accept-restore"), "{why}");
    // Nor does anything else sign on top of it meanwhile.
    let export = app.path("too-early");
    for command in [
        &["audit", "export", "--tenant", &app.tenant, "--out", export.to_str().unwrap()][..],
        &["audit", "rotate-key", "--reason", "to hide it"],
    ] {
        let refused = app.cli(command);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("is not the one that was signed"), "{}", said(&refused));
    }
    assert!(!export.exists());
    let accepted = app.cli(&["audit", "accept-restore", "--reason", "the disk died"]);
    assert!(accepted.status.success(), "{}", said(&accepted));
    let again = app.cli(&["audit", "accept-restore", "--reason", "the disk died"]);
    assert!(!again.status.success() && said(&again).contains("nothing to accept"));
    app.start();
    assert_eq!(app.ask("three").await.0, 200);
    let record = app.records("audit.restore.accepted").await.remove(0);
    assert!(record["reason"].as_str().unwrap().contains("the disk died"), "{record}");
    assert_eq!(findings(&app, "after", &[]), "");
    let since = app.path("kept.note");
    let with_the_old = findings(&app, "since", &["--since", since.to_str().unwrap()]);
    assert!(with_the_old.contains("truncated") || with_the_old.contains("forked"), "{with_the_old}");
}
