//! A restore that is killed: the old database or the new one, whole; and run again, it goes through.

use std::{
    fs,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use super::{back_up, backed_up, conversations, damaged::any_below, restore, said};
use crate::{Backend, TestApp, rows::Rows};

/// Rounds of kill -9; `make soak` raises it.
fn rounds() -> usize {
    std::env::var("LEEWARD_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

fn spawn(app: &TestApp, arguments: &[&str]) -> Child {
    app.command().args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

async fn killed_in_the_middle(backend: Backend) {
    let (mut app, first) = backed_up(backend).await;
    // By turns the one with one conversation and the one with two.
    assert!(said(&restore(&app, &first, &[])).contains("--replace"), "the gateway's last words are over");
    let second = back_up(&app);
    let begun = Instant::now();
    assert!(restore(&app, &second, &["--replace"]).status.success());
    let whole = usize::try_from(begun.elapsed().as_micros()).unwrap();
    let mut before = 2;
    let (mut old, mut new) = (0, 0);
    for round in 0..rounds() {
        let (file, after) = if round % 2 == 0 { (&first, 1) } else { (&second, 2) };
        let mut child = spawn(&app, &["restore", file, "--reason", "a drill", "--replace"]);
        tokio::time::sleep(Duration::from_micros(u64::try_from(any_below(whole * 5 / 4)).unwrap())).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let there = conversations(&app).await;
        assert!(there == before || there == after, "{there} conversations: neither {before} nor {after}");
        if before != after {
            old += usize::from(there == before);
            new += usize::from(there == after);
        }
        let mut rows = Rows::of(&app).await;
        if matches!(rows, Rows::Sqlite(_)) {
            let whole = rows.number("select count(*) from pragma_integrity_check where integrity_check = 'ok'").await;
            assert_eq!(whole, 1);
        }
        rows.close().await;
        let restored = restore(&app, file, &["--replace"]);
        assert!(restored.status.success(), "{}", said(&restored));
        assert_eq!(conversations(&app).await, after);
        for kept in super::made_in(&app.data_dir()).iter().filter(|name| name.contains("replaced")) {
            fs::remove_file(app.data_dir().join(kept)).unwrap();
        }
        before = after;
    }
    println!("{} kills: {old} left the old database, {new} the new one", rounds());
    app.start();
    assert_eq!(app.ask("after").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_leaves_a_whole_database_on_sqlite() {
    killed_in_the_middle(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_leaves_a_whole_database_on_postgres() {
    killed_in_the_middle(Backend::Postgres).await;
}
