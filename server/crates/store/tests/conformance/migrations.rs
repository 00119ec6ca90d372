//! The schema's own history.

use leeward_store::StoreError;

use crate::fixture::Database;

const ALL: [&str; 15] = [
    "0001_init",
    "0002_identity",
    "0003_federation",
    "0004_ledger",
    "0005_leases",
    "0006_residency",
    "0007_data_keys",
    "0008_life",
    "0009_classification",
    "0010_decided",
    "0011_audit_index",
    "0012_watched",
    "0013_capture",
    "0014_models",
    "0015_responses",
];

async fn nothing_then_everything_then_nothing_more(db: Database) {
    assert_eq!(db.store.pending_migrations().await.unwrap(), ALL);
    // Asking made nothing.
    assert_eq!(db.store.pending_migrations().await.unwrap(), ALL);
    db.store.migrate().await.unwrap();
    assert!(db.store.pending_migrations().await.unwrap().is_empty());
    db.tenant("acme").await;
    db.store.migrate().await.unwrap();
    assert_eq!(db.store.platform_read().await.unwrap().count_tenants().await.unwrap(), 1);
}

/// A default that changes does not change what is there.
async fn tenants_from_before_the_separation_of_duties_keep_what_they_had(db: Database) {
    let first = if db.store.backend() == "postgres" {
        include_str!("../../../../../migrations/postgres/0001_init.sql")
    } else {
        include_str!("../../../../../migrations/sqlite/0001_init.sql")
    };
    let (scope, tenant) = if db.store.backend() == "postgres" {
        (
            "set leeward.scope = 'platform'; ",
            "'01920000-0000-7000-8000-000000000001', 'old', 'active', '{}', '\\x00', now()",
        )
    } else {
        ("", "x'01920000000070008000000000000001', 'old', 'active', '{}', x'00', 0")
    };
    let second = if db.store.backend() == "postgres" {
        include_str!("../../../../../migrations/postgres/0002_identity.sql")
    } else {
        include_str!("../../../../../migrations/sqlite/0002_identity.sql")
    };
    let columns = "id, name, status, policy, wrapped_key, created_at";
    let sql = format!("{first}; {scope} insert into tenants ({columns}) values ({tenant}); {second}");
    db.raw(&sql).await.unwrap();
    let kept = "update tenants set name = 'kept' where cast(sign_in as text) like '%self_audit%true%'";
    assert_eq!(db.raw(&format!("{scope}{kept}")).await.unwrap(), 1);
}

async fn two_processes_take_turns(db: Database) {
    let (first, second) = (db.store.clone(), leeward_store::Store::connect(&db.config).await.unwrap());
    let (one, two) = tokio::join!(first.migrate(), second.migrate());
    one.unwrap();
    two.unwrap();
    assert!(db.store.pending_migrations().await.unwrap().is_empty());
}

async fn a_changed_or_unknown_migration_is_named(db: Database) {
    db.store.migrate().await.unwrap();
    let checksum = if db.store.backend() == "postgres" { r"'\x00'" } else { "x'00'" };
    db.raw(&format!("update _sqlx_migrations set checksum = {checksum} where version = 1")).await.unwrap();
    for result in [db.store.migrate().await, db.store.pending_migrations().await.map(drop)] {
        let Err(StoreError::Migration(text)) = result else { unreachable!("a changed migration was accepted") };
        assert!(text.contains("0001") && text.contains("changed"), "{text}");
    }
    db.raw("delete from _sqlx_migrations where version = 1").await.unwrap();
    db.raw("update _sqlx_migrations set version = 9999 where version = 3").await.unwrap();
    for result in [db.store.migrate().await, db.store.pending_migrations().await.map(drop)] {
        let Err(StoreError::Migration(text)) = result else { unreachable!("a newer schema was accepted") };
        assert!(text.contains("9999") && text.contains("newer"), "{text}");
    }
}

/// As `on_both!`, on databases without a schema.
macro_rules! on_both_empty {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Database::empty_sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name(super::Database::empty_postgres().await).await;
            })+
        }
    };
}

on_both_empty!(
    tenants_from_before_the_separation_of_duties_keep_what_they_had,
    nothing_then_everything_then_nothing_more,
    two_processes_take_turns,
    a_changed_or_unknown_migration_is_named,
);
