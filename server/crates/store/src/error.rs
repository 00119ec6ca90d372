//! What can go wrong, by what the caller should do about it.

use crate::conflict;

/// A result of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The thing is not there, or is another tenant's (which is the same). Tell the caller 404.
    #[error("not found")]
    NotFound,
    /// A unique constraint said no. Tell the caller 409.
    #[error("conflict on {constraint}")]
    Conflict {
        /// One of the names in [`conflict`], or a primary key's.
        constraint: String,
    },
    /// The database could not be asked, or did not answer in time. Whether a commit that ended so was kept
    /// is not known. Tell the caller 503.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The disk failed while writing, or is not the one that was written to: nothing more is written until what was
    /// acknowledged has been found again. Tell the caller 503 and the operator at once.
    #[error("the database's disk cannot be trusted: {0}")]
    Storage(String),
    /// The disk or its quota is full: nothing was kept. Tell the caller 503 and the operator at once.
    #[error("the database has no space left: {0}; free space on its volume")]
    Full(String),
    /// Anything else the database said: a mistake in this program.
    #[error("database error: {0}")]
    Database(#[source] sqlx::Error),
    /// A value in the database, or handed to be put there, is not what it must be.
    #[error("invalid data: {0}")]
    Corrupt(String),
    /// The schema is not the one this build needs, or the role or URL cannot be used; says what to do.
    #[error("{0}")]
    Migration(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut => Self::Unavailable(
                "no connection became free in time; raise max_connections or look for slow work".into(),
            ),
            sqlx::Error::PoolClosed => Self::Unavailable("the service is shutting down".into()),
            sqlx::Error::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => Self::Full(io.to_string()),
            sqlx::Error::Io(io) => Self::Unavailable(io.to_string()),
            sqlx::Error::Tls(tls) => Self::Unavailable(format!("TLS: {tls}")),
            sqlx::Error::WorkerCrashed => Self::Unavailable("a database task ended".into()),
            sqlx::Error::BeginFailed => Self::Unavailable("a transaction could not begin".into()),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Corrupt(error.to_string()),
            sqlx::Error::Database(ref database) => {
                let code = database.code().unwrap_or_default().into_owned();
                let message = database.message().to_owned();
                let classified = if database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                    of_postgres(&code, database.constraint(), message)
                } else {
                    of_sqlite(&code, message)
                };
                classified.unwrap_or(Self::Database(error))
            }
            other => Self::Database(other),
        }
    }
}

/// By SQLSTATE (PostgreSQL, appendix A).
fn of_postgres(code: &str, constraint: Option<&str>, message: String) -> Option<StoreError> {
    match code {
        "23505" => {
            Some(StoreError::Conflict { constraint: conflict::from_postgres_name(constraint.unwrap_or_default()) })
        }
        "23503" => Some(StoreError::NotFound),
        "53100" => Some(StoreError::Full(message)),
        // Serialisation and deadlock victims, lock and statement time-outs, too many connections,
        // shutting down or starting up, read-only after a failover, connection failures.
        "40001" | "40P01" | "55P03" | "57014" | "53300" | "57P01" | "57P02" | "57P03" | "25006" | "25P03" => {
            Some(StoreError::Unavailable(message))
        }
        _ if code.starts_with("08") || code.starts_with("28") => Some(StoreError::Unavailable(message)),
        _ => None,
    }
}

/// By SQLite's extended result code; its low byte is the primary code.
fn of_sqlite(code: &str, message: String) -> Option<StoreError> {
    const UNIQUE: i32 = 2067;
    const PRIMARY_KEY: i32 = 1555;
    const FOREIGN_KEY: i32 = 787;
    const TRIGGER: i32 = 1811;
    let code: i32 = code.parse().ok()?;
    match (code, code & 0xff) {
        (UNIQUE | PRIMARY_KEY, _) => Some(StoreError::Conflict { constraint: conflict::from_sqlite_message(&message) }),
        (FOREIGN_KEY, _) => Some(StoreError::NotFound),
        // This crate only ever inserts there, so the guard against REPLACE has met an id that was used.
        (TRIGGER, _) if message == "audit_entries is append-only" => {
            Some(StoreError::Conflict { constraint: conflict::AUDIT_ENTRIES_ID.to_owned() })
        }
        // IOERR
        (_, 10) => Some(StoreError::Storage(message)),
        // BUSY, LOCKED, READONLY, CANTOPEN
        (_, 5 | 6 | 8 | 14) => Some(StoreError::Unavailable(message)),
        // FULL
        (_, 13) => Some(StoreError::Full(message)),
        // CORRUPT, NOTADB
        (_, 11 | 26) => Some(StoreError::Corrupt(message)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_busy_database_are_told_apart() {
        assert!(matches!(of_sqlite("13", "full".into()), Some(StoreError::Full(_))));
        assert!(matches!(of_sqlite("261", "busy".into()), Some(StoreError::Unavailable(_))));
        assert!(matches!(of_sqlite("1034", "fsync".into()), Some(StoreError::Storage(_))));
        assert!(matches!(of_sqlite("11", "malformed".into()), Some(StoreError::Corrupt(_))));
        assert!(matches!(of_postgres("53100", None, "full".into()), Some(StoreError::Full(_))));
        assert!(matches!(of_postgres("57014", None, "time-out".into()), Some(StoreError::Unavailable(_))));
        assert!(of_sqlite("1", "syntax".into()).is_none() && of_postgres("42601", None, "syntax".into()).is_none());
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert!(matches!(StoreError::from(sqlx::Error::Io(full)), StoreError::Full(_)));
    }
}
