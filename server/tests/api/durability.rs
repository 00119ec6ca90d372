//! What becomes of the service when its disk, its database or its clock fails: nothing is answered that is not on
//! record, and everything goes on where it can be trusted again.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Backend, TestApp, app::ADMIN};

/// Asks until it is answered, and gives the failures in between.
async fn answered_again(app: &TestApp) -> Vec<(u16, Value)> {
    let mut refused = Vec::new();
    for _ in 0..400 {
        match app.ask("again?").await {
            (200, _) => return refused,
            other => refused.push(other),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never answered again: {refused:?} {}", app.log());
}

async fn readiness(app: &TestApp) -> (u16, String) {
    let response = app.http.get(format!("{}/readyz", app.url)).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// The export of the whole log, which must pass.
fn verified(app: &TestApp, name: &str) -> String {
    let file = app.path(name);
    let output = app.cli(&["audit", "export", "--tenant", &app.tenant, "--out", file.to_str().unwrap()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let verifier = Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let checked = Command::new(verifier).arg(&file).output().unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
    fs::read_to_string(&file).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_database_file_is_noticed_before_the_next_answer() {
    let app = TestApp::spawn().await;
    assert_eq!(app.ask("hello").await.0, 200);
    fs::remove_file(app.data_dir().join("leeward.db")).unwrap();
    let (status, error) = app.ask("is anybody writing this down?").await;
    assert_eq!((status, &error["error"]["code"]), (503, &json!("audit_unavailable")), "{error}");
    let (status, error) = app.post("/api/keys", &json!({"name": "x"})).await;
    assert_eq!((status, &error["code"]), (503, &json!("audit_unavailable")), "{error}");
    let (status, text) = readiness(&app).await;
    assert_eq!(status, 503);
    assert!(text.contains("is gone") && text.contains("/proc/"), "{text}");
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(app.ask("still?").await.0, 503, "it does not come back by itself");
}

/// Has the kernel say once that a write did not reach the disk, until answers are given again; `strace` stands in for
/// a bad disk.
pub async fn fail_one_sync(app: &TestApp) {
    let mut strace = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync"])
        .args(["-e", "inject=fsync,fdatasync:error=EIO:when=1", "-p", &app.pid().to_string()])
        .stdin(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("these tests need strace: apt-get install strace: {error}"));
    tokio::time::sleep(Duration::from_millis(700)).await;
    let (status, error) = app.ask("does this reach the disk?").await;
    let traced = fs::read_to_string(format!("/proc/{}/status", app.pid())).unwrap();
    assert_eq!((status, &error["error"]["code"]), (503, &json!("audit_unavailable")), "{error} {traced}");
    assert!(Command::new("kill").arg(strace.id().to_string()).status().unwrap().success());
    strace.wait().unwrap();
    answered_again(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_fsync_nothing_is_answered_until_the_disk_was_read() {
    let app = TestApp::spawn().await;
    assert_eq!(app.ask("hello").await.0, 200);
    fail_one_sync(&app).await;
    assert_eq!(readiness(&app).await.0, 200);
    let records = verified(&app, "export");
    assert!(!records.is_empty());
    let platform = app.path("platform");
    let exported = app.cli(&["audit", "export", "--tenant", "platform", "--out", platform.to_str().unwrap()]);
    assert!(exported.status.success());
    let text = fs::read_to_string(platform).unwrap();
    // As events: a saved alert names events too.
    let tells = |code: &str| text.contains(&format!("\"event\":\"{code}\""));
    assert!(tells("audit.ledger.fenced") && tells("audit.ledger.resumed"), "{text}");
}

/// A disk of 96 MiB; gone when dropped.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    pub fn mount() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=96m", "leeward-test"]).arg(dir.path()).status();
        assert!(mounted.unwrap().success(), "this test needs to mount a small tmpfs: run it as root");
        Self(dir)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: the service may still be ending.
        drop(Command::new("umount").arg("-l").arg(self.path()).status());
    }
}

/// It is filled by somebody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_fills_up_stops_inference_and_lets_administrators_make_room() {
    let mount = SmallDisk::mount();
    let dir = tempfile::tempdir_in(mount.path()).unwrap();
    let mut app = TestApp::installed_in(dir, Backend::Sqlite, &[("LEEWARD__AUDIT__MIN_FREE_MIB", "24")]).await;
    app.start();
    assert_eq!(app.ask("hello").await.0, 200);

    let ballast = mount.path().join("ballast");
    fs::write(&ballast, vec![0; 80 << 20]).unwrap();
    let mut refused = (0, Value::Null);
    for _ in 0..100 {
        refused = app.ask("is there room?").await;
        if refused.0 == 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!((refused.0, &refused.1["error"]["code"]), (503, &json!("audit_unavailable")), "{}", refused.1);
    assert!(refused.1["error"]["message"].as_str().unwrap().contains("audit.min_free_mib"), "{}", refused.1);
    assert_eq!(readiness(&app).await.0, 200, "administrators must still come in");
    let admin = app.sign_in(ADMIN, &app.password).await;
    assert_eq!(admin.send(Method::GET, "/api/users", None).await.0, 200);

    // And to the brim: nothing can be recorded, so nothing is answered.
    let brim = mount.path().join("brim");
    let mut size = 20 << 20;
    while size > 4096 {
        let mut more = fs::read(&brim).unwrap_or_default();
        more.resize(more.len() + size, 0);
        if fs::write(&brim, &more).is_err() {
            size /= 2;
        }
        if size < 8192 {
            break;
        }
    }
    let mut full = 0;
    for _ in 0..500 {
        full = app.post("/api/keys", &json!({"name": "x".repeat(90)})).await.0;
        if full == 503 {
            break;
        }
    }
    assert_eq!(full, 503, "a record that cannot be written is no answer");
    fs::remove_file(&ballast).unwrap();
    fs::remove_file(&brim).unwrap();
    answered_again(&app).await;
    verified(&app, "export");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_stopped_stops_the_answers_and_no_record_is_lost() {
    let pause = std::env::var("LEEWARD_OUTAGE_S").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let app = TestApp::spawn_with(Backend::Postgres, &[]).await;
    let mut acknowledged = 0;
    for _ in 0..5 {
        acknowledged += usize::from(app.ask("before").await.0 == 200);
    }
    let cluster = leeward_testkit::postgres::Cluster::shared().unwrap();
    cluster.stop().unwrap();
    let (status, error) = app.ask("during").await;
    assert_eq!(status, 503, "{error}");
    assert_eq!(readiness(&app).await.0, 503);
    tokio::time::sleep(Duration::from_secs(pause)).await;
    cluster.start_again().unwrap();
    answered_again(&app).await;
    acknowledged += 1;
    let completed = app.records("inference.completed").await.len();
    assert_eq!(completed, acknowledged);
    verified(&app, "export");
}

/// What stands in for a clock that is set back, for `LD_PRELOAD`.
pub fn faketime() -> PathBuf {
    fs::read_dir("/usr/lib")
        .unwrap()
        .flatten()
        .map(|entry| entry.path().join("faketime/libfaketime.so.1"))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("this test needs libfaketime: apt-get install faketime"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_set_back_an_hour_is_on_record_and_the_log_verifies() {
    let library = faketime();
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "+0").unwrap();
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let fake = [
        ("LD_PRELOAD", library.to_str().unwrap()),
        ("FAKETIME_TIMESTAMP_FILE", file.path().to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    app.start_with(&fake);
    assert_eq!(app.ask("before").await.0, 200);
    fs::write(file.path(), "-3600s").unwrap();
    assert_eq!(app.ask("after").await.0, 200);
    let jump = app.records("clock.jump.detected").await.remove(0);
    assert_eq!(jump["changes"][0]["field"], "clock");
    assert!(jump["changes"][0]["from"].as_str() > jump["changes"][0]["to"].as_str(), "{jump}");
    let text = verified(&app, "export");
    assert!(text.contains("clock.jump.detected"));
}
