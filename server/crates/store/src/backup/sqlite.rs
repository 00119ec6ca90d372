//! The file of a SQLite database: copied at one instant, looked over, and made whole before it is moved.
//!
//! Each function opens a connection of its own and closes it.

use std::{
    fs::OpenOptions,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{Result, StoreError};

/// How long each waits for whoever else has the file. Copying itself waits for nobody.
const PATIENCE: Duration = Duration::from_secs(5);

/// The three files a database can be in.
#[must_use]
pub fn files_of(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        name.into()
    })
}

/// Copies the database as it is at one instant to a file of mode 0600 that does not exist yet. Whoever writes goes on;
/// what was deleted is not in the copy, not in its free pages either.
///
/// # Errors
/// When the copy cannot be made; what there is of it stays, for the caller to remove.
pub async fn copy(from: &Path, to: &Path) -> Result<()> {
    let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(to);
    made.map_err(|error| StoreError::Unavailable(format!("cannot make {}: {error}", to.display())))?;
    let mut connection = open(SqliteConnectOptions::new().filename(from)).await?;
    // SQLite accepts a file that is there if it is empty, and so the mode is ours. No deadline: it takes as long as
    // the database is big, and nobody waits for it.
    let copied = sqlx::query("vacuum into $1").bind(to.to_string_lossy().as_ref()).execute(&mut connection).await;
    connection.close().await?;
    Ok(copied.map(drop)?)
}

/// Bytes that a copy of the database takes at most.
///
/// # Errors
/// When the file cannot be read.
pub async fn size(path: &Path) -> Result<u64> {
    let mut connection = open(SqliteConnectOptions::new().filename(path)).await?;
    let sql = "select page_count * page_size from pragma_page_count, pragma_page_size";
    let size: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(u64::try_from(size).unwrap_or(0))
}

/// Whether a file that nobody uses is a whole database: its pages, its indexes, and its references.
///
/// # Errors
/// `Corrupt` says the first thing that is wrong.
pub async fn check(path: &Path) -> Result<()> {
    let mut connection = open(reading(path)).await?;
    let mut found = None;
    let said: Vec<String> = sqlx::query_scalar("pragma integrity_check(1)").fetch_all(&mut connection).await?;
    if said != ["ok"] {
        found = said.into_iter().next();
    }
    let broken = sqlx::query("pragma foreign_key_check").fetch_optional(&mut connection).await?;
    if let Some(row) = broken {
        let table: String = row.try_get(0)?;
        found.get_or_insert(format!("a row of {table} refers to one that is not there"));
    }
    connection.close().await?;
    found.map_or(Ok(()), |what| Err(StoreError::Corrupt(format!("{}: {what}", path.display()))))
}

/// Brings everything of a database into its one file, without a journal beside it, so that it can be moved.
///
/// # Errors
/// `Unavailable` while anybody else has it open; another when it cannot be read any more.
pub async fn make_whole(path: &Path) -> Result<()> {
    let mut connection = open(SqliteConnectOptions::new().filename(path)).await?;
    // Only whoever is alone with the file can do this.
    let mode: std::result::Result<String, _> =
        sqlx::query_scalar("pragma journal_mode = delete").fetch_one(&mut connection).await;
    connection.close().await?;
    match mode?.as_str() {
        "delete" => Ok(()),
        _ => Err(StoreError::Unavailable(format!("another program has {} open", path.display()))),
    }
}

/// A file that nobody changes.
pub(crate) fn reading(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).read_only(true).immutable(true)
}

async fn open(options: SqliteConnectOptions) -> Result<SqliteConnection> {
    Ok(SqliteConnection::connect_with(&options.create_if_missing(false).busy_timeout(PATIENCE)).await?)
}
