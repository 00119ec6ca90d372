//! What happens to the log itself: read, exported, fenced, short of room, sent elsewhere.

use std::fs;

use reqwest::Method;
use serde_json::json;

use super::scene::{Scene, act};
use crate::{
    Backend, TestApp,
    durability::{SmallDisk, fail_one_sync, faketime},
    sinks::{PLACE, until},
    witness::{OtherLog, WITNESS, Witnessed},
};

pub async fn read() -> Scene {
    let app = TestApp::spawn().await;
    app.get("/api/audit?limit=1").await;
    app.into()
}

pub async fn exported() -> Scene {
    let app = TestApp::spawn().await;
    act(&app, Method::POST, "/api/audit/export", json!({"reason": "the yearly audit"}), 200).await;
    app.into()
}

pub async fn a_disk_that_lies() -> Scene {
    let app = TestApp::spawn().await;
    fail_one_sync(&app).await;
    app.into()
}

/// Somebody else's file comes and goes.
pub async fn a_disk_that_fills_up() -> Scene {
    let disk = SmallDisk::mount();
    let dir = tempfile::tempdir_in(disk.path()).unwrap();
    let mut app = TestApp::installed_in(dir, Backend::Sqlite, &[("LEEWARD__AUDIT__MIN_FREE_MIB", "24")]).await;
    app.start();
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![0; 72 << 20]).unwrap();
    until("the refusal", &app, async || app.ask("is there room?").await.0 == 503).await;
    fs::remove_file(&ballast).unwrap();
    until("the answer", &app, async || app.ask("is there room?").await.0 == 200).await;
    Scene::from(app).beside(disk)
}

/// A file in a folder that is there late.
pub async fn a_sink_that_was_away() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let (folder, config) = (dir.path().join("late"), dir.path().join("leeward.toml"));
    let sink =
        format!("[[audit.sinks]]\nname = \"disk\"\nto = \"file://{}/audit.ndjson\"\n{PLACE}\n", folder.display());
    fs::write(&config, sink).unwrap();
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD_CONFIG", config.to_str().unwrap())]).await;
    let up = async |value: u8| {
        let metrics = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
        metrics.contains(&format!("leeward_audit_sink_up{{sink=\"disk\"}} {value}"))
    };
    until("the failure", &app, async || up(0).await).await;
    fs::create_dir(&folder).unwrap();
    until("the resumption", &app, async || up(1).await).await;
    Scene::from(app).beside(dir)
}

/// One that fires at once, one that is too long.
pub async fn alerts() -> Scene {
    let app = TestApp::spawn().await;
    let watcher = app.holder_of_all("demo", "all@demo.example").await;
    let alert = json!({"name": "Reading", "events": ["audit.read.*"], "threshold": 1, "window_seconds": 60});
    let (status, saved) = watcher.send(Method::POST, "/api/audit/alerts", Some(&alert)).await;
    assert_eq!(status, 201, "{saved}");
    assert_eq!(watcher.send(Method::POST, "/api/audit/alerts", Some(&alert)).await.0, 409);
    app.get("/api/audit?limit=1").await;
    until("the alert", &app, async || !app.records("audit.alert.fired").await.is_empty()).await;
    let path = format!("/api/audit/alerts/{}", saved["id"].as_str().unwrap());
    assert_eq!(watcher.send(Method::DELETE, &path, None).await.0, 204);
    app.into()
}

/// Another appliance that is not there at first.
pub async fn a_witness_that_was_away() -> Scene {
    let (mut appliances, config) = Witnessed::apart().await;
    appliances.ours.configure(&config);
    appliances.ours.start();
    let up = async |value: u8| {
        let url = format!("{}/metrics", appliances.ours.url);
        let metrics = appliances.ours.http.get(url).send().await.unwrap().text().await.unwrap();
        metrics.contains(&format!("leeward_audit_witness_up{{witness=\"{WITNESS}\"}} {value}"))
    };
    until("the failure", &appliances.ours, async || up(0).await).await;
    appliances.witness.start();
    until("the cosignature", &appliances.ours, async || up(1).await).await;
    let Witnessed { ours, witness } = appliances;
    Scene::from(ours).beside(witness)
}

/// Somebody else's log, shown in two versions.
pub async fn a_log_with_two_faces() -> Scene {
    let other = OtherLog::new();
    let app = other.witness().await;
    assert_eq!(other.show(&app, 0, 3, "a").await.0, 200);
    assert_eq!(other.show(&app, 3, 3, "b").await.0, 409);
    app.into()
}

/// One stands where the service does.
pub async fn sinks_here_and_elsewhere() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("leeward.toml");
    let sink = |name: &str, place: &str| {
        let to = dir.path().join(name);
        format!("[[audit.sinks]]\nname = \"{name}\"\nto = \"file://{}\"\n{place}\n", to.display())
    };
    fs::write(&config, [sink("here", &PLACE.replace("roma", "local")), sink("elsewhere", PLACE)].concat()).unwrap();
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD_CONFIG", config.to_str().unwrap())]).await;
    until("both records", &app, async || {
        !app.records("telemetry.sink.allowed").await.is_empty()
            && !app.records("telemetry.sink.refused").await.is_empty()
    })
    .await;
    Scene::from(app).beside(dir)
}

/// Before any gateway ran: none may, meanwhile.
pub async fn a_key_handed_over() -> Scene {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let rotated = app.cli(&["audit", "rotate-key", "--reason", "the yearly change"]);
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    app.into()
}

/// An older copy of it, and an operator who takes it as it is.
pub async fn a_database_put_back() -> Scene {
    let mut app = TestApp::spawn().await;
    let [database, copy] = [app.data_dir().join("leeward.db"), app.path("copy.db")];
    assert_eq!(app.terminate(), Some(0));
    fs::copy(&database, &copy).unwrap();
    app.start();
    assert_eq!(app.terminate(), Some(0));
    fs::copy(&copy, &database).unwrap();
    let accepted = app.cli(&["audit", "accept-restore", "--reason", "the disk died"]);
    assert!(accepted.status.success(), "{}", String::from_utf8_lossy(&accepted.stderr));
    app.into()
}

/// A command that runs an hour ago.
pub async fn a_clock_set_back() -> Scene {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let mut command = app.command();
    command.args(["signing-key", "rotate"]).env("LD_PRELOAD", faketime()).env("FAKETIME", "-3600s");
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    assert!(command.output().unwrap().status.success());
    app.into()
}
