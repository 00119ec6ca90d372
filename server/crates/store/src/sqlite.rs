//! SQLite: one connection that writes, a few that read.
//!
//! WAL, so that readers never wait for the writer; `synchronous = FULL`, so that a commit is on the disk
//! when it returns. Other processes (the command line) take turns through the busy time-out.

use std::{
    fs::{self, OpenOptions, Permissions},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    time::Duration,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Result, StoreError, tx::Tx};

/// How long a statement waits for another process's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a caller waits for a connection, and so for the writes queued before its own.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Readers are threads with a page cache each; more than cores helps nobody.
const READERS: u32 = 4;

#[derive(Clone)]
pub(crate) struct SqliteBackend {
    write: SqlitePool,
    read: SqlitePool,
}

impl SqliteBackend {
    pub(crate) async fn connect(path: &Path) -> Result<Self> {
        make_private(path).map_err(|error| {
            StoreError::Unavailable(format!(
                "cannot open {} ({error}); its directory must exist and be writable by this user",
                path.display()
            ))
        })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("trusted_schema", "OFF")
            .pragma("recursive_triggers", "ON");
        let writer = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("journal_size_limit", "67108864");
        let write = pool(1).connect_with(writer).await?;
        let read = pool(READERS).connect_with(options.pragma("query_only", "ON")).await?;
        Ok(Self { write, read })
    }

    pub(crate) async fn begin_read(&self) -> Result<Tx> {
        Ok(Tx::Sqlite(self.read.begin_with("BEGIN DEFERRED").await?))
    }

    /// Takes the write lock at once: a transaction that began by reading could not be upgraded safely.
    pub(crate) async fn begin_write(&self) -> Result<Tx> {
        Ok(Tx::Sqlite(self.write.begin_with("BEGIN IMMEDIATE").await?))
    }

    pub(crate) async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Makes the file with mode 0600, or takes the others' permissions away; SQLite gives the WAL the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))
}
