//! Policies say where backups may be, and for how long; the configuration says where there is a place at all.

use std::fs;

use serde_json::json;

use super::{age, allow, back_up, made_in, said, target, target_with, verified};
use crate::{Backend, TestApp, kek::talk, rows::Rows};

async fn a_place_is_refused(backend: Backend) {
    let mut app = TestApp::installed(backend, &[]).await;
    let dir = target(&mut app);
    app.bootstrap("other", "ada@other.example");
    app.start();
    let refused = app.cli(&["backup", "create", "--to", "nightly"]);
    let why = said(&refused);
    assert_eq!(refused.status.code(), Some(1));
    for part in ["demo", "other", "back_up: ", "nothing was written", "depot"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    let records = app.records("backup.create.failed").await;
    assert_eq!((records.len(), &records[0]["decision"]["allowed"]), (1, &json!(false)), "{records:?}");
    assert_eq!(records[0]["place"]["site"], "depot");
    assert_eq!(verified(&app, "platform").matches("backup.create.failed").count(), 2, "one for each tenant");

    // The place is allowed, but not for what is as sensitive as that.
    allow(&app, "").await;
    talk(&app, &app.key, "quietly").await;
    let refused = app.cli(&["backup", "create", "--to", "low"]);
    assert!(said(&refused).contains("ceiling: Internal is above site depot's Public"), "{}", said(&refused));
    Rows::of(&app).await.run("update conversations set classification = 'confidential'").await;
    let refused = app.cli(&["backup", "create", "--to", "nightly"]);
    let why = said(&refused);
    assert!(why.contains("ceiling: Confidential is above the tenant's Internal"), "{why}");
    assert!(why.contains("demo") && !why.contains("other ("), "only who refuses is named: {why}");

    assert_eq!(made_in(&dir), [""; 0]);
    assert!(!made_in(&app.data_dir()).iter().any(|name| name.contains("snapshot")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_to_a_place_that_a_policy_refuses_on_sqlite() {
    a_place_is_refused(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_to_a_place_that_a_policy_refuses_on_postgres() {
    a_place_is_refused(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_declared_whole_or_not_at_all() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let place = "place = { site = \"a\", region = \"b\", jurisdiction = \"IT\", ceiling = \"internal\" }\n";
    let one = |to: &str, place: &str| format!("[[backups]]\nname = \"nightly\"\nto = \"{to}\"\n{place}");
    for (text, named) in [
        (one("file:///mnt/backups", ""), "place"),
        (one("s3://bucket/leeward", place), "S3 are not there yet"),
        (one("file:///mnt/backups", &place.replace("\"IT\"", "\"Italy\"")), "jurisdiction"),
        (one("file:///a", place) + &one("file:///b", place), "two backups are called"),
    ] {
        app.configure(&text);
        let refused = app.cli(&["backup", "list", "--to", "nightly"]);
        assert_eq!(refused.status.code(), Some(1), "{text}");
        assert!(said(&refused).contains(named), "{named}: {}", said(&refused));
    }
    app.configure(&one("file:///nowhere/at/all", place));
    for (name, named) in [("weekly", "there are: nightly"), ("nightly", "make the directory")] {
        let refused = app.cli(&["backup", "create", "--to", name]);
        assert!(!refused.status.success() && said(&refused).contains(named), "{}", said(&refused));
    }
}

/// The shortest time of all policies counts, and what a crash left goes with the next run.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_run_its_time_goes_and_the_rest_stays() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let dir = target_with(&mut app, "");
    allow(&app, "").await;
    let old = back_up(&app);
    age(&old);
    let kept = back_up(&app);
    assert_eq!(made_in(&dir).len(), 2, "no policy sets a time");
    allow(&app, r#","retention":{"backups":30}"#).await;
    let left =
        [dir.join(".leeward-20260101T000000Z-00000000.backup.partial"), app.data_dir().join("leeward.db.snapshot")];
    left.iter().for_each(|file| fs::write(file, "left by a crash").unwrap());
    fs::write(dir.join("notes.txt"), "somebody else's").unwrap();
    let newest = back_up(&app);
    let name = |file: &str| file.rsplit('/').next().unwrap().to_owned();
    let mut there = [name(&kept), name(&newest), "notes.txt".to_owned()];
    there.sort();
    assert_eq!(made_in(&dir), there);
    assert!(left.iter().all(|file| !file.exists()));
    let log = verified(&app, "platform");
    let told = log.lines().find(|line| line.contains("backup.expire.succeeded")).unwrap();
    assert!(told.contains(&name(&old)) && told.contains("30 days"), "{told}");
    assert_eq!(log.matches("backup.expire.succeeded").count(), 1);
}
