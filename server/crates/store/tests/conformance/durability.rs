//! What is committed is there for the next process; what is not never was.

use std::time::Duration;

use leeward_store::{DatabaseConfig, Page, Store, StoreError};

use crate::{
    fixture::{Database, NOW, api_key, conversation, digest, event, tenant, user},
    on_both,
};

async fn a_dropped_transaction_leaves_nothing(db: Database) {
    let (acme, ada) = (tenant("acme"), user("ada@acme.example"));
    let mut platform = db.store.platform_write().await.unwrap();
    platform.add_tenant(&acme).await.unwrap();
    platform.append_audit(&[event(None)]).await.unwrap();
    let mut write = platform.into_tenant(acme.id).await.unwrap();
    write.add_user(&ada, None).await.unwrap();
    write.add_api_key(&api_key(&ada, "ci"), &digest("a")).await.unwrap();
    write.add_conversation(&conversation(&ada)).await.unwrap();
    write.append_audit(&[event(Some(acme.id))]).await.unwrap();
    drop(write);

    let mut read = db.store.platform_read().await.unwrap();
    assert_eq!(read.count_tenants().await.unwrap(), 0);
    assert!(read.find_api_key(&digest("a")).await.unwrap().is_none());
    assert_eq!(read.audit_size(None).await.unwrap(), 0);
    drop(read);
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert!(read.users(Page::first(10)).await.unwrap().is_empty());
    assert_eq!(read.audit_size().await.unwrap(), 0);
}

async fn the_next_process_finds_everything(db: Database) {
    let (acme, mut ada) = db.tenant("acme").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.touch_login(ada.id, NOW).await.unwrap();
    write.append_audit(&[event(Some(acme.id))]).await.unwrap();
    write.commit().await.unwrap();
    db.store.close().await;
    assert!(matches!(db.store.ping().await, Err(StoreError::Unavailable(_))));

    let again = Store::connect(&db.config).await.unwrap();
    again.ping().await.unwrap();
    ada.last_login_at = Some(NOW);
    let mut read = again.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.user(ada.id).await.unwrap(), Some(ada));
    assert_eq!(read.audit_size().await.unwrap(), 1);
}

/// A reader keeps seeing what was there when it began, and waits for no writer.
async fn a_reader_has_a_snapshot(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.users(Page::first(10)).await.unwrap().len(), 1);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_user(&user("bob@acme.example"), None).await.unwrap();
    assert_eq!(read.users(Page::first(10)).await.unwrap().len(), 1);
    write.commit().await.unwrap();
    assert_eq!(read.users(Page::first(10)).await.unwrap().len(), 1);
    drop(read);
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.users(Page::first(10)).await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_sqlite_files_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    let db = Database::sqlite().await;
    db.tenant("acme").await;
    let DatabaseConfig::Sqlite { path } = &db.config else { unreachable!() };
    let files: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() >= 2, "the database and its WAL");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

/// A deadline, or a reader that went away, may come at any instant of a transaction's beginning.
async fn a_beginning_that_is_given_up_spoils_nothing(db: Database) {
    db.tenant("acme").await;
    for step in 0..300_u64 {
        let patience = Duration::from_micros(step * 10);
        drop(tokio::time::timeout(patience, db.store.platform_read()).await);
        drop(tokio::time::timeout(patience, db.store.platform_write()).await);
        let mut read = db.store.platform_read().await.unwrap();
        assert_eq!(read.count_tenants().await.unwrap(), 1, "after {patience:?}");
        drop(db.store.platform_write().await.unwrap());
    }
}

#[tokio::test]
async fn a_directory_that_is_not_there_is_named() {
    let path = std::path::PathBuf::from("/nowhere/leeward.db");
    let error = Store::connect(&DatabaseConfig::Sqlite { path }).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable(text) if text.contains("/nowhere/leeward.db")), "{error}");
}

on_both!(
    a_beginning_that_is_given_up_spoils_nothing,
    a_dropped_transaction_leaves_nothing,
    the_next_process_finds_everything,
    a_reader_has_a_snapshot
);
