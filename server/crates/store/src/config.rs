//! Which database, and how to reach it.

use std::{fmt, path::PathBuf};

/// Where the data lives.
#[derive(Clone)]
pub enum DatabaseConfig {
    /// One file on this machine; made (mode 0600) if it is not there, but never its directory.
    Sqlite {
        /// The database file.
        path: PathBuf,
    },
    /// A PostgreSQL server, directly or through a pooler in transaction mode.
    Postgres {
        /// `postgres://user:password@host/database?sslmode=verify-full`; the parameters are libpq's.
        url: String,
        /// The most connections this process opens.
        max_connections: u32,
    },
}

impl fmt::Debug for DatabaseConfig {
    /// Leaves the URL out: it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { max_connections, .. } => {
                f.debug_struct("Postgres").field("max_connections", max_connections).finish_non_exhaustive()
            }
        }
    }
}
