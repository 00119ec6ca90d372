//! Copies of the whole database, and loading one.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use leeward_domain::residency::Classification;
use leeward_store::{
    Conversation, DatabaseConfig, Store, StoreError,
    backup::{Table, newest_schema, sqlite as file},
};

use crate::{
    fixture::{Database, conversation, event, session},
    on_both,
};

async fn the_most_sensitive_conversation_of_each_tenant_counts(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (bolt, bea) = db.tenant("bolt").await;
    db.tenant("none").await;
    for (tenant, user, classes) in [
        (&acme, &ada, &[Classification::Internal, Classification::Confidential, Classification::Public][..]),
        (&bolt, &bea, &[Classification::Public]),
    ] {
        let mut write = db.store.tenant_write(tenant.id).await.unwrap();
        for class in classes {
            write.add_conversation(&Conversation { class: *class, ..conversation(user) }).await.unwrap();
        }
        write.commit().await.unwrap();
    }
    let mut highest = db.store.platform_read().await.unwrap().highest_classes().await.unwrap();
    highest.sort_by_key(|(tenant, _)| *tenant != acme.id);
    assert_eq!(highest, [(acme.id, Classification::Confidential), (bolt.id, Classification::Public)]);
}

async fn what_was_open_is_ended_and_gateways_hear_of_it(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_session(&session(&ada), &crate::fixture::digest("token")).await.unwrap();
    write.commit().await.unwrap();
    let epoch = db.store.platform_read().await.unwrap().security_epoch().await.unwrap();
    let mut write = db.store.platform_write().await.unwrap();
    write.end_what_was_open().await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(db.store.tenant_read(acme.id).await.unwrap().sessions_of(ada.id).await.unwrap(), []);
    assert!(db.store.platform_read().await.unwrap().security_epoch().await.unwrap() > epoch);
}

async fn the_schema_is_the_newest(db: Database) {
    assert_eq!(db.store.platform_read().await.unwrap().schema_version().await.unwrap(), newest_schema());
}

on_both! {
    the_most_sensitive_conversation_of_each_tenant_counts,
    what_was_open_is_ended_and_gateways_hear_of_it,
    the_schema_is_the_newest,
}

fn path_of(db: &Database) -> &Path {
    match &db.config {
        DatabaseConfig::Sqlite { path } => path,
        DatabaseConfig::Postgres { .. } => panic!("it has no file"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_copied_at_one_instant_beside_whoever_writes() {
    let db = Database::sqlite().await;
    let (acme, _) = db.tenant("acme").await;
    let copy = path_of(&db).with_extension("copy");
    let begun = db.store.platform_write().await.unwrap();
    file::copy(path_of(&db), &copy).await.unwrap();
    drop(begun);
    for _ in 0..5 {
        let mut write = db.store.tenant_write(acme.id).await.unwrap();
        write.append_audit(&[event(Some(acme.id))]).await.unwrap();
        write.commit().await.unwrap();
    }
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(file::copy(path_of(&db), &copy).await.is_err(), "never over one that is there");
    file::check(&copy).await.unwrap();
    assert!(std::fs::metadata(&copy).unwrap().len() <= file::size(path_of(&db)).await.unwrap());
    let store = Store::connect_copy(&copy).await.unwrap();
    assert_eq!(store.platform_read().await.unwrap().count_tenants().await.unwrap(), 1);
    assert_eq!(store.tenant_read(acme.id).await.unwrap().audit_size().await.unwrap(), 0, "as it was");
    let mut write = store.platform_write().await.unwrap();
    assert!(write.end_what_was_open().await.is_err(), "it is only read");
    drop(write);
    store.close().await;
    let bytes = std::fs::read(&copy).unwrap();
    std::fs::write(&copy, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(file::check(&copy).await, Err(StoreError::Corrupt(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_made_whole_only_by_whoever_has_it_alone() {
    let db = Database::sqlite().await;
    db.tenant("acme").await;
    let [_, journal, _] = file::files_of(path_of(&db));
    assert!(journal.exists());
    assert!(matches!(file::make_whole(path_of(&db)).await, Err(StoreError::Unavailable(_))));
    db.store.close().await;
    file::make_whole(path_of(&db)).await.unwrap();
    assert!(!journal.exists());
    let again = Store::connect(&db.config).await.unwrap();
    assert_eq!(again.platform_read().await.unwrap().count_tenants().await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_takes_an_older_schema_into_an_empty_database_only_and_undone_it_never_was() {
    let empty = Database::empty_postgres().await;
    let load = empty.store.load(newest_schema() - 1).await.unwrap();
    assert_eq!(load.tenants(), 0);
    assert!(load.tables().iter().any(|table| table.name == "tenants"));
    load.finish().await.unwrap().commit().await.unwrap();
    assert!(empty.store.pending_migrations().await.unwrap().is_empty(), "and then brings it up to date");

    let db = Database::postgres().await;
    let (acme, _) = db.tenant("acme").await;
    let Err(refused) = db.store.load(newest_schema() - 1).await else { panic!("it was not refused") };
    assert!(refused.to_string().contains("make an empty database"), "{refused}");
    let mut load = db.store.load(newest_schema()).await.unwrap();
    assert_eq!(load.tenants(), 1);
    let unknown = Table { name: "tenants".into(), columns: vec!["id".into()] };
    assert!(matches!(load.table(&unknown).await, Err(StoreError::Corrupt(_))));
    drop(load);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&[event(Some(acme.id))]).await.unwrap();
    write.commit().await.unwrap();
    let sqlite = Database::sqlite().await;
    assert!(sqlite.store.load(newest_schema()).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_is_found_and_read() {
    let db = Database::postgres().await;
    db.tenant("acme").await;
    db.raw("create table thought_of (id int primary key, \"odd \"\"name\" text)").await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    let tables = read.tables().await.unwrap();
    assert!(tables.len() > 25, "{}", tables.len());
    let odd = tables.iter().find(|table| table.name == "thought_of").unwrap();
    assert_eq!(odd.columns, ["id", "odd \"name"]);
    let place = |name: &str| tables.iter().position(|table| table.name == name).unwrap();
    assert!(place("tenants") < place("users") && place("users") < place("conversations"));
    for table in &tables {
        let mut rows = read.rows(table).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = rows.next().await.unwrap() {
            bytes.extend(piece);
        }
        assert!(bytes.starts_with(b"PGCOPY\n"), "{}", table.name);
        // Behind the platform's scope, and nobody's, there would be a signature and nothing else.
        assert!(!["tenants", "users"].contains(&table.name.as_str()) || bytes.len() > 60, "{}", table.name);
    }
}
