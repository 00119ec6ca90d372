//! Bringing the schema up to this build.
//!
//! To add a migration: a file of the same name in `migrations/sqlite` and `migrations/postgres`, and a line
//! in [`EMBEDDED`]. An applied file is never edited: its checksum is kept in the database. Everything
//! pending runs in one transaction, so a failed upgrade leaves the database as it was. PostgreSQL holds a
//! transaction-level advisory lock meanwhile, which also holds behind a pooler.

use std::{ops::DerefMut, time::Duration};

use sqlx::{
    PgConnection, SqlSafeStr as _,
    migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator},
};

use crate::{
    Result, StoreError,
    tx::{Tx, deadline, fetch_optional},
};

/// (version, name, SQLite's SQL, PostgreSQL's SQL)
const EMBEDDED: [(i64, &str, &str, &str); 15] = [
    (
        1,
        "init",
        include_str!("../../../../migrations/sqlite/0001_init.sql"),
        include_str!("../../../../migrations/postgres/0001_init.sql"),
    ),
    (
        2,
        "identity",
        include_str!("../../../../migrations/sqlite/0002_identity.sql"),
        include_str!("../../../../migrations/postgres/0002_identity.sql"),
    ),
    (
        3,
        "federation",
        include_str!("../../../../migrations/sqlite/0003_federation.sql"),
        include_str!("../../../../migrations/postgres/0003_federation.sql"),
    ),
    (
        4,
        "ledger",
        include_str!("../../../../migrations/sqlite/0004_ledger.sql"),
        include_str!("../../../../migrations/postgres/0004_ledger.sql"),
    ),
    (
        5,
        "leases",
        include_str!("../../../../migrations/sqlite/0005_leases.sql"),
        include_str!("../../../../migrations/postgres/0005_leases.sql"),
    ),
    (
        6,
        "residency",
        include_str!("../../../../migrations/sqlite/0006_residency.sql"),
        include_str!("../../../../migrations/postgres/0006_residency.sql"),
    ),
    (
        7,
        "data_keys",
        include_str!("../../../../migrations/sqlite/0007_data_keys.sql"),
        include_str!("../../../../migrations/postgres/0007_data_keys.sql"),
    ),
    (
        8,
        "life",
        include_str!("../../../../migrations/sqlite/0008_life.sql"),
        include_str!("../../../../migrations/postgres/0008_life.sql"),
    ),
    (
        9,
        "classification",
        include_str!("../../../../migrations/sqlite/0009_classification.sql"),
        include_str!("../../../../migrations/postgres/0009_classification.sql"),
    ),
    (
        10,
        "decided",
        include_str!("../../../../migrations/sqlite/0010_decided.sql"),
        include_str!("../../../../migrations/postgres/0010_decided.sql"),
    ),
    (
        11,
        "audit_index",
        include_str!("../../../../migrations/sqlite/0011_audit_index.sql"),
        include_str!("../../../../migrations/postgres/0011_audit_index.sql"),
    ),
    (
        12,
        "watched",
        include_str!("../../../../migrations/sqlite/0012_watched.sql"),
        include_str!("../../../../migrations/postgres/0012_watched.sql"),
    ),
    (
        13,
        "capture",
        include_str!("../../../../migrations/sqlite/0013_capture.sql"),
        include_str!("../../../../migrations/postgres/0013_capture.sql"),
    ),
    (
        14,
        "models",
        include_str!("../../../../migrations/sqlite/0014_models.sql"),
        include_str!("../../../../migrations/postgres/0014_models.sql"),
    ),
    (
        15,
        "responses",
        include_str!("../../../../migrations/sqlite/0015_responses.sql"),
        include_str!("../../../../migrations/postgres/0015_responses.sql"),
    ),
];

/// The number of the last migration.
pub(crate) const NEWEST: i64 = {
    let [.., last] = &EMBEDDED;
    last.0
};

/// The advisory lock's key: "leeward" in ASCII, so that it can be recognised in `pg_locks`.
const LOCK_KEY: i64 = 0x6c_6565_7761_7264;
/// The longest an upgrade may take, a wait for another process's upgrade included.
const UPGRADE_TIMEOUT: Duration = Duration::from_secs(600);

fn migrator(sql_of: impl Fn(&(i64, &'static str, &'static str, &'static str)) -> &'static str) -> Migrator {
    let migrations = EMBEDDED
        .iter()
        .map(|row| Migration::new(row.0, row.1.into(), MigrationType::Simple, sql_of(row).into_sql_str(), false))
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.set_locking(false);
    migrator
}

pub(crate) async fn run(tx: Tx) -> Result<()> {
    let work = async {
        match tx {
            Tx::Sqlite(mut tx) => {
                explain(migrator(|row| row.2).run_direct(None, tx.deref_mut(), false).await)?;
                Ok(tx.commit().await?)
            }
            Tx::Postgres(mut tx) => {
                sqlx::query("select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)")
                    .persistent(false)
                    .execute(tx.deref_mut())
                    .await?;
                up_to(tx.deref_mut(), None).await?;
                Ok(tx.commit().await?)
            }
        }
    };
    tokio::time::timeout(UPGRADE_TIMEOUT, work).await.unwrap_or_else(|_| {
        Err(StoreError::Migration(format!(
            "the upgrade took more than {} s and was undone; see whether another process holds the database",
            UPGRADE_TIMEOUT.as_secs()
        )))
    })
}

/// Brings a PostgreSQL schema up to a migration, or to the last; within the transaction that `connection` is in.
pub(crate) async fn up_to(connection: &mut PgConnection, version: Option<i64>) -> Result<()> {
    forget_statements(connection).await?;
    sqlx::query("select pg_advisory_xact_lock($1)").persistent(false).bind(LOCK_KEY).execute(&mut *connection).await?;
    explain(migrator(|row| row.3).run_direct(version, connection, false).await)
}

/// The number of the last migration that was applied; 0 if there was none.
pub(crate) async fn applied(tx: &mut Tx) -> Result<i64> {
    let there = match tx {
        Tx::Sqlite(_) => fetch_optional!(*tx, "select 1 from sqlite_schema where name = '_sqlx_migrations'")?,
        Tx::Postgres(_) => fetch_optional!(*tx, "select 1 where to_regclass('_sqlx_migrations') is not null")?,
    };
    if there.is_none() {
        return Ok(0);
    }
    let last = fetch_optional!(*tx, "select max(version) as version from _sqlx_migrations where success")?;
    last.map_or(Ok(0), |row| Ok(row.get::<Option<i64>>("version")?.unwrap_or(0)))
}

/// sqlx's migrator names its statements on the server. Behind a pooler the connection we were lent may hold
/// the same names from an earlier run.
async fn forget_statements(connection: &mut PgConnection) -> Result<()> {
    deadline(sqlx::raw_sql("deallocate all").execute(connection)).await?;
    Ok(())
}

/// Looks in a transaction that is then dropped, so that asking makes no table.
pub(crate) async fn pending(tx: Tx) -> Result<Vec<String>> {
    match tx {
        Tx::Sqlite(mut tx) => pending_on(tx.deref_mut(), &migrator(|row| row.2)).await,
        Tx::Postgres(mut tx) => {
            forget_statements(tx.deref_mut()).await?;
            pending_on(tx.deref_mut(), &migrator(|row| row.3)).await
        }
    }
}

async fn pending_on<C: Migrate>(connection: &mut C, migrator: &Migrator) -> Result<Vec<String>> {
    explain(connection.ensure_migrations_table(&migrator.table_name).await)?;
    let applied = explain(connection.list_applied_migrations(&migrator.table_name).await)?;
    for known in &applied {
        match migrator.iter().find(|migration| migration.version == known.version) {
            None => explain(Err(MigrateError::VersionMissing(known.version)))?,
            Some(ours) if ours.checksum != known.checksum => {
                explain(Err(MigrateError::VersionMismatch(known.version)))?
            }
            Some(_) => {}
        }
    }
    Ok(migrator
        .iter()
        .filter(|migration| applied.iter().all(|known| known.version != migration.version))
        .map(|migration| format!("{:04}_{}", migration.version, migration.description))
        .collect())
}

fn explain<T>(result: Result<T, MigrateError>) -> Result<T> {
    result.map_err(|error| match error {
        MigrateError::VersionMismatch(version) => StoreError::Migration(format!(
            "migration {version:04} was changed after it was applied to this database; run the build that applied \
             it, or restore a backup: an applied migration must never be edited"
        )),
        MigrateError::VersionMissing(version) => StoreError::Migration(format!(
            "this database has migration {version:04}, which this build does not know: it was upgraded by a newer \
             build; run that one, or restore a backup from before the upgrade"
        )),
        MigrateError::ExecuteMigration(error, version) => {
            StoreError::Migration(format!("migration {version:04} failed and was undone: {error}"))
        }
        MigrateError::Execute(error) => StoreError::from(error),
        other => StoreError::Migration(format!("migrations: {other}")),
    })
}
