//! Backups, made and not made, put back and not put back.

use std::fs;

use super::scene::{Scene, command};
use crate::{
    Backend, TestApp,
    backup::{allow, back_up, made_in, target},
};

/// Before any gateway ran: none may, meanwhile.
pub async fn made_and_put_back() -> Scene {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    target(&mut app);
    allow(&app, "").await;
    let file = back_up(&app);
    command(&app, &["restore", &file, "--reason", "the disk died", "--replace"]);
    // That the first was made is not in itself.
    back_up(&app);
    app.into()
}

/// To a place that no policy allows, and from a file that is none.
pub async fn not_made_and_not_put_back() -> Scene {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    target(&mut app);
    assert_eq!(app.cli(&["backup", "create", "--to", "nightly"]).status.code(), Some(1));
    let file = app.path("no.backup");
    fs::write(&file, "no backup").unwrap();
    let refused = app.cli(&["restore", file.to_str().unwrap(), "--reason", "the disk died", "--replace"]);
    assert_eq!(refused.status.code(), Some(1));
    app.into()
}

/// One that says it is years old.
pub async fn old_ones() -> Scene {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let dir = target(&mut app);
    allow(&app, r#","retention":{"backups":30}"#).await;
    let first = back_up(&app);
    crate::backup::age(&first);
    back_up(&app);
    assert_eq!(made_in(&dir).len(), 1);
    app.into()
}
