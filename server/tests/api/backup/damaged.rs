//! A file that is not what was written, another installation's, or another program's: refused, each by its own
//! sentence, and nothing is changed.

use std::{
    fs,
    hash::{BuildHasher as _, Hasher as _, RandomState},
};

use super::{backed_up, conversations, restore, said, target, target_with};
use crate::{
    Backend, TestApp,
    kek::{file, new_kek},
    rows::Rows,
};

/// A number below `bound` that nobody knows before.
pub(super) fn any_below(bound: usize) -> usize {
    usize::try_from(RandomState::new().build_hasher().finish() % bound as u64).unwrap()
}

async fn nothing_is_changed(backend: Backend, flips: usize) {
    let (mut app, good) = backed_up(backend).await;
    // The gateway's last words have to be over, with PostgreSQL.
    assert!(said(&restore(&app, &good, &[])).contains("--replace"));
    let whole = fs::read(&good).unwrap();
    let bad = app.path("bad.backup").display().to_string();
    let mut tried = 0;
    let mut refused = |app: &TestApp, bytes: &[u8], what: &str| {
        fs::write(&bad, bytes).unwrap();
        let refused = app.cli(&["restore", &bad, "--reason", "a drill", "--replace"]);
        assert_eq!(refused.status.code(), Some(1), "{what}");
        let why = said(&refused);
        assert!(why.contains("bad.backup") && !why.contains("panicked"), "{what}: {why}");
        tried += 1;
    };
    for _ in 0..flips {
        let (at, bit) = (any_below(whole.len()), any_below(8));
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        refused(&app, &bytes, &format!("bit {bit} of byte {at} of {}", whole.len()));
    }
    for length in [0, 1, 17, 100, whole.len() / 2, whole.len() - 1, whole.len() - 17] {
        refused(&app, &whole[..length], &format!("cut to {length} of {}", whole.len()));
    }
    refused(&app, &[&whole[..], b"\0"].concat(), "a byte more");
    refused(&app, &[&whole[..], &whole[..]].concat(), "twice");
    let looked = app.cli(&["backup", "verify", &bad]);
    assert!(looked.status.code() == Some(1) && said(&looked).contains("changed or cut off"), "{}", said(&looked));

    let kek = new_kek(&app, "another");
    target_with(&mut app, &file("[keys.house]", &kek));
    let why = said(&restore(&app, &good, &["--replace"]));
    assert!(why.contains("was made under the key-encryption key"), "{why}");
    assert!(why.contains("[[keys.older]]"), "{why}");
    target(&mut app);

    // Another program's, by what its header says.
    let newer = |from: &str, to: &str| {
        let at = memchr::memmem::find(&whole, from.as_bytes()).unwrap();
        [&whole[..at], to.as_bytes(), &whole[at + from.len()..]].concat()
    };
    fs::write(&bad, newer("\"schema\":", "\"schema\":9")).unwrap();
    let why = said(&restore(&app, &bad, &["--replace"]));
    assert!(why.contains("made by a newer program (schema"), "{why}");
    fs::write(&bad, newer("backup v1", "backup v2")).unwrap();
    let why = said(&restore(&app, &bad, &["--replace"]));
    assert!(why.contains("made by a newer program, which writes backups in another form"), "{why}");
    let (this, that) = match backend {
        Backend::Sqlite => ("sqlite", "postgres"),
        _ => ("postgres", "sqlite"),
    };
    fs::write(&bad, newer(&format!("\"backend\":\"{this}\""), &format!("\"backend\":\"{that}\""))).unwrap();
    let why = said(&restore(&app, &bad, &["--replace"]));
    assert!(why.contains(&format!("is of a {that} database")), "{why}");

    assert_eq!(conversations(&app).await, 2, "as it was");
    let mut rows = Rows::of(&app).await;
    let failures = rows.number("select count(*) from audit_entries where event = 'backup.restore.failed'").await;
    assert_eq!(failures, tried + 4, "each is on record");
    assert_eq!(rows.number("select count(*) from audit_entries where event = 'backup.restore.succeeded'").await, 0);
    drop(rows);
    app.start();
    assert_eq!(app.ask("as before?").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_changes_nothing_on_sqlite() {
    nothing_is_changed(Backend::Sqlite, 100).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_changes_nothing_on_postgres() {
    nothing_is_changed(Backend::Postgres, 25).await;
}
