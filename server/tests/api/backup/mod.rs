//! Backups, through the command line: made while people chat, looked over, put back; refused, damaged, cut off.

mod damaged;
mod killed;
mod refused;
mod round;
mod tables;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::Value;

use crate::{Backend, TestApp, rows::Rows};

/// Configures a place for backups that is not the appliance's own, with `more` after it; gives its directory.
pub fn target_with(app: &mut TestApp, more: &str) -> PathBuf {
    let dir = app.path("depot");
    fs::create_dir_all(&dir).unwrap();
    let place = |ceiling: &str| {
        format!("{{ site = \"depot\", region = \"Lazio\", jurisdiction = \"IT\", ceiling = \"{ceiling}\" }}")
    };
    app.configure(&format!(
        "[[backups]]\nname = \"nightly\"\nto = \"file://{0}\"\nplace = {1}\n\
         [[backups]]\nname = \"low\"\nto = \"file://{0}\"\nplace = {2}\n{more}",
        dir.display(),
        place("restricted"),
        place("public"),
    ));
    dir
}

pub fn target(app: &mut TestApp) -> PathBuf {
    target_with(app, "")
}

/// Every tenant's policy allows that place, with `more` at its end.
pub async fn allow(app: &TestApp, more: &str) {
    let policy = format!(
        r#"{{"version":1,"process":["local"],"store":["local"],"ceiling":"internal","back_up":["depot"]{more}}}"#
    );
    Rows::of(app).await.run(&format!("update tenants set policy = '{policy}'")).await;
}

/// Makes a backup: its file.
pub fn back_up(app: &TestApp) -> String {
    let made = app.cli(&["backup", "create", "--to", "nightly", "--json"]);
    assert!(made.status.success(), "{}\n{}", said(&made), app.log());
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    made["file"].as_str().unwrap().to_owned()
}

/// Puts one back. With PostgreSQL, a gateway counts as there for some seconds after its end.
pub fn restore(app: &TestApp, file: &str, more: &[&str]) -> Output {
    let arguments = [&["restore", file, "--reason", "a drill", "--json"][..], more].concat();
    for _ in 0..400 {
        let restored = app.cli(&arguments);
        if !said(&restored).contains("a gateway is running") {
            return restored;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    app.cli(&arguments)
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names of everything in a directory.
pub fn made_in(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Makes a backup's header claim that it was made years ago. It does not open any more.
pub fn age(file: &str) {
    let bytes = fs::read(file).unwrap();
    let field = b"\"created_at\":\"";
    let at = memchr::memmem::find(&bytes, field).unwrap() + field.len();
    let aged = [&bytes[..at], b"2001", &bytes[at + 4..]].concat();
    fs::write(file, aged).unwrap();
}

/// The tenant's log exports and verifies: the export.
fn verified(app: &TestApp, log: &str) -> String {
    let file = app.path("export");
    drop(fs::remove_file(&file));
    let exported = app.cli(&["audit", "export", "--tenant", log, "--out", file.to_str().unwrap()]);
    assert!(exported.status.success(), "{}", said(&exported));
    let verifier = Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let checked = std::process::Command::new(verifier).arg(&file).output().unwrap();
    assert_eq!(checked.status.code(), Some(0), "{}", said(&checked));
    fs::read_to_string(file).unwrap()
}

/// A stopped service with one conversation, its backup, and then another conversation: the backup's file.
async fn backed_up(backend: Backend) -> (TestApp, String) {
    let mut app = TestApp::installed(backend, &[]).await;
    target(&mut app);
    allow(&app, "").await;
    app.start();
    crate::kek::talk(&app, &app.key, "before").await;
    let file = back_up(&app);
    crate::kek::talk(&app, &app.key, "after").await;
    assert_eq!(app.terminate(), Some(0), "{}", app.log());
    (app, file)
}

async fn conversations(app: &TestApp) -> i64 {
    let mut rows = Rows::of(app).await;
    let count = rows.number("select count(*) from conversations").await;
    rows.close().await;
    count
}
