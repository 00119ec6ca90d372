//! SQLite: one connection that writes, a few that read.
//!
//! WAL, so that readers never wait for the writer; `synchronous = FULL`, so that a commit is on the disk
//! when it returns. Other processes (the command line) take turns through the busy time-out.

use std::{
    fs::{self, OpenOptions, Permissions},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Result, StoreError, backup::sqlite::reading, tx::Tx};

/// How long a statement waits for another process's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a caller waits for a connection, and so for the writes queued before its own.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// When the journal is this long, the commit that made it so writes it into the database file itself. Before that,
/// [`SqliteBackend::shorten_journal`] does, and no commit waits for it.
const JOURNAL_LIMIT_PAGES: &str = "16384";
/// The same, of 4 KiB each; the file is cut to it when it was longer.
const JOURNAL_LIMIT_BYTES: &str = "67108864";
/// A journal of so many pages begins anew, before a commit must see to it.
const JOURNAL_LONG_PAGES: i64 = 8192;
/// A journal shorter than this is left alone.
const JOURNAL_WORTH_BYTES: u64 = 1024 * 1024;
/// The writer's page cache, in KiB (SQLite writes that as a negative number): what the audit logs' index touches at random.
const WRITER_CACHE_KIB: &str = "-16384";
/// Readers are threads with a page cache each; more than cores helps nobody.
const READERS: u32 = 4;

#[derive(Clone)]
pub(crate) struct SqliteBackend {
    path: Arc<Path>,
    open: Arc<RwLock<Open>>,
}

/// The file as opened once.
struct Open {
    write: SqlitePool,
    read: SqlitePool,
    /// The connection that shortens the journal.
    journal: SqlitePool,
    /// Device and inode.
    file: (u64, u64),
}

impl SqliteBackend {
    pub(crate) async fn connect(path: &Path) -> Result<Self> {
        make_private(path).map_err(|error| {
            StoreError::Unavailable(format!(
                "cannot open {} ({error}); its directory must exist and be writable by this user",
                path.display()
            ))
        })?;
        Ok(Self { path: path.into(), open: Arc::new(RwLock::new(open(path).await?)) })
    }

    /// A file that nobody changes; whoever tries to write gets an error.
    pub(crate) async fn connect_copy(path: &Path) -> Result<Self> {
        let read = pool(READERS).connect_with(reading(path)).await?;
        let file = identity(path).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))?;
        let open = Open { write: read.clone(), journal: read.clone(), read, file };
        Ok(Self { path: path.into(), open: Arc::new(RwLock::new(open)) })
    }

    pub(crate) async fn begin_read(&self) -> Result<Tx> {
        let pool = self.with(|open| open.read.clone());
        Ok(Tx::Sqlite(pool.begin_with("BEGIN DEFERRED").await?))
    }

    /// Takes the write lock at once: a transaction that began by reading could not be upgraded safely.
    pub(crate) async fn begin_write(&self) -> Result<Tx> {
        let pool = self.with(|open| open.write.clone());
        match pool.begin_with("BEGIN IMMEDIATE").await {
            // SQLite rolled the last transaction back by itself, as it does on a full disk, and sqlx has not noticed:
            // that connection is of no more use.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                pool.acquire().await?.close().await?;
                Ok(Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?))
            }
            begun => Ok(Tx::Sqlite(begun?)),
        }
    }

    pub(crate) async fn close(&self) {
        let (write, read, journal) = self.with(|open| (open.write.clone(), open.read.clone(), open.journal.clone()));
        journal.close().await;
        read.close().await;
        write.close().await;
    }

    /// Writes what the journal holds into the database file, beside the writer and almost without holding it up.
    ///
    /// All the work but a rest is done beside the writer. A long journal then begins anew, for which the rest is written in
    /// the writer's own turn: whoever waits for SQLite's own lock sleeps for up to tens of milliseconds at a time, and
    /// whoever waits for the connection is woken. Where somebody reads from the journal at that moment, it begins anew
    /// another time.
    pub(crate) async fn shorten_journal(&self) -> Result<()> {
        let mut journal = self.path.as_os_str().to_owned();
        journal.push("-wal");
        if fs::metadata(&journal).map_or(0, |file| file.len()) < JOURNAL_WORTH_BYTES {
            return Ok(());
        }
        let (journal, write) = self.with(|open| (open.journal.clone(), open.write.clone()));
        let (_, frames, written): (i64, i64, i64) =
            sqlx::query_as("pragma wal_checkpoint(passive)").fetch_one(&journal).await?;
        // While somebody reads an older state, as a copy that is being made does, it cannot begin anew.
        if frames < JOURNAL_LONG_PAGES || written < frames - JOURNAL_LONG_PAGES / 4 {
            return Ok(());
        }
        let mut writer = write.acquire().await?;
        sqlx::query("pragma busy_timeout = 0").execute(&mut *writer).await?;
        let begun = sqlx::query("pragma wal_checkpoint(restart)").fetch_one(&mut *writer).await;
        let restore = AssertSqlSafe(format!("pragma busy_timeout = {}", BUSY_TIMEOUT.as_millis()));
        if sqlx::query(restore).execute(&mut *writer).await.is_err() {
            // One that does not wait must not stay.
            writer.close().await?;
        }
        begun?;
        Ok(())
    }

    /// Whether the file written to is still the one at its path; says what became of it if not.
    pub(crate) fn in_place(&self) -> Result<(), String> {
        let path = self.path.display();
        match identity(&self.path) {
            Ok(file) if file == self.with(|open| open.file) => Ok(()),
            Ok(_) => Err(format!(
                "the database file {path} was replaced while the service was running; stop the service, put the right \
                 file in place, and start it again"
            )),
            Err(error) => Err(format!(
                "the database file {path} is gone ({error}); while this process runs, its content can still be copied \
                 from /proc/{}/fd; then stop the service, put the file back in place, and start it again",
                std::process::id()
            )),
        }
    }

    /// Writes what SQLite's journal holds into the database file, makes the kernel forget what it keeps of both in
    /// memory, and opens them anew: what is read from here on comes from the disk.
    pub(crate) async fn reopen(&self) -> Result<()> {
        self.in_place().map_err(StoreError::Storage)?;
        let writer = self.with(|open| open.write.clone());
        let mut connection = writer.acquire().await?;
        let busy: i64 = sqlx::query_scalar("pragma wal_checkpoint(truncate)").fetch_one(&mut *connection).await?;
        drop(connection);
        if busy != 0 {
            return Err(StoreError::Unavailable("a reader still uses the database's journal; tried again".into()));
        }
        forget_cached(&self.path).map_err(|error| StoreError::Storage(error.to_string()))?;
        let opened = open(&self.path).await?;
        let old = std::mem::replace(&mut *self.open.write().unwrap_or_else(PoisonError::into_inner), opened);
        old.journal.close().await;
        old.read.close().await;
        old.write.close().await;
        Ok(())
    }

    fn with<T>(&self, look: impl FnOnce(&Open) -> T) -> T {
        look(&self.open.read().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn open(path: &Path) -> Result<Open> {
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
        .pragma("cache_size", WRITER_CACHE_KIB)
        .pragma("temp_store", "MEMORY")
        .pragma("journal_size_limit", JOURNAL_LIMIT_BYTES)
        .pragma("wal_autocheckpoint", JOURNAL_LIMIT_PAGES);
    let write = pool(1).connect_with(writer).await?;
    let read = pool(READERS).connect_with(options.clone().pragma("query_only", "ON")).await?;
    let journal = pool(1).connect_with(options.synchronous(SqliteSynchronous::Full)).await?;
    let file = identity(path).map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))?;
    Ok(Open { write, read, journal, file })
}

fn identity(path: &Path) -> std::io::Result<(u64, u64)> {
    fs::metadata(path).map(|file| (file.dev(), file.ino()))
}

/// So that the next read asks the disk. The journal is empty by now.
fn forget_cached(path: &Path) -> std::io::Result<()> {
    let file = fs::File::open(path)?;
    file.sync_all()?;
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).map_err(Into::into)
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
