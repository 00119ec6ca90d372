//! The door: connect, migrate, begin.

use std::{path::Path, sync::atomic::Ordering};

use leeward_domain::ids::TenantId;
use uuid::Uuid;

use crate::{
    DatabaseConfig, PlatformRead, PlatformWrite, Result, StoreError, TenantRead, TenantWrite, migrate,
    postgres::{PostgresBackend, Visibility},
    scope::Writer,
    sqlite::SqliteBackend,
    tx::{Tx, fetch_optional},
};

/// A database that is open; cheap to clone.
#[derive(Clone)]
pub struct Store {
    backend: Backend,
    writer: Writer,
}

#[derive(Clone)]
enum Backend {
    Sqlite(SqliteBackend),
    Postgres(PostgresBackend),
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("backend", &self.backend()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database. Does not touch the schema.
    ///
    /// # Errors
    /// `Unavailable` if it cannot be reached, `Migration` if the PostgreSQL role could see past row-level
    /// security or the URL cannot be read.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self> {
        let backend = match config {
            DatabaseConfig::Sqlite { path } => Backend::Sqlite(SqliteBackend::connect(path).await?),
            DatabaseConfig::Postgres { url, max_connections } => {
                Backend::Postgres(PostgresBackend::connect(url, *max_connections).await?)
            }
        };
        let file = match &backend {
            Backend::Sqlite(backend) => Some(backend.clone()),
            Backend::Postgres(_) => None,
        };
        Ok(Self { backend, writer: Writer { file, ..Writer::default() } })
    }

    /// Opens a copy of a SQLite database that nobody changes, to read it. Nothing is written to it.
    ///
    /// # Errors
    /// `Unavailable` if it cannot be read.
    pub async fn connect_copy(path: &Path) -> Result<Self> {
        let backend = Backend::Sqlite(SqliteBackend::connect_copy(path).await?);
        Ok(Self { backend, writer: Writer::default() })
    }

    /// Names this process in the open audit intents it writes; the nil UUID unless set.
    #[must_use]
    pub fn with_instance(mut self, instance: Uuid) -> Self {
        self.writer.instance = instance;
        self
    }

    /// What [`Store::with_instance`] named it.
    #[must_use]
    pub const fn instance(&self) -> Uuid {
        self.writer.instance
    }

    /// Brings the schema up to this build, in one transaction; two processes take turns.
    ///
    /// # Errors
    /// `Migration` if an applied migration was changed, or was made by a newer build; nothing is changed.
    pub async fn migrate(&self) -> Result<()> {
        migrate::run(self.begin_write(Visibility::Platform).await?).await
    }

    /// The migrations of this build that were not applied yet, oldest first, by file name without `.sql`.
    ///
    /// # Errors
    /// As [`Store::migrate`].
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        migrate::pending(self.begin_write(Visibility::Platform).await?).await
    }

    /// Counts the changes to who may do what that were committed through this store and its clones. What was
    /// read before the count moved must not be trusted after. Other processes' changes show in
    /// [`PlatformRead::security_epoch`].
    #[must_use]
    pub fn security_mark(&self) -> u64 {
        self.writer.mark.load(Ordering::Acquire)
    }

    /// Whether the database answers, for readiness.
    ///
    /// # Errors
    /// `Unavailable` if it does not.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.begin_read(Visibility::Platform).await?;
        fetch_optional!(tx, "select 1 as one")?;
        Ok(())
    }

    /// Why nothing is written any more, if that is so: the disk failed, or is not the one that was written to.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        self.writer.guard.fault()
    }

    /// Tries to take a fault down: reads from the disk what was acknowledged, and only if all of it is there lets
    /// writing go on.
    ///
    /// # Errors
    /// `Storage` or `Unavailable`: the fault stays.
    pub async fn recover(&self) -> Result<()> {
        if let Backend::Sqlite(backend) = &self.backend {
            backend.reopen().await?;
        }
        self.writer.guard.verify(&mut self.platform_read().await?).await?;
        self.writer.guard.clear();
        Ok(())
    }

    /// Keeps SQLite's journal short, beside whoever writes; call it every now and then. Without it a commit does, once
    /// the journal is long, and takes that much longer. PostgreSQL looks after its own.
    ///
    /// # Errors
    /// `Storage` when the disk failed: that is a fault of the store. `Full` or `Unavailable`: tried again next time.
    pub async fn shorten_journal(&self) -> Result<()> {
        let Backend::Sqlite(backend) = &self.backend else { return Ok(()) };
        let done = backend.shorten_journal().await;
        if let Err(StoreError::Storage(why)) = &done {
            self.writer.guard.raise(why);
        }
        done
    }

    /// `sqlite` or `postgres`.
    #[must_use]
    pub fn backend(&self) -> &'static str {
        match self.backend {
            Backend::Sqlite(_) => "sqlite",
            Backend::Postgres(_) => "postgres",
        }
    }

    /// A snapshot of one tenant. The tenant need not exist: then there is nothing to see.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn tenant_read(&self, tenant: TenantId) -> Result<TenantRead> {
        Ok(TenantRead { tx: self.begin_read(Visibility::Tenant(tenant.uuid())).await?, tenant })
    }

    /// A transaction that may change one tenant. On SQLite, the only writer while it lives.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn tenant_write(&self, tenant: TenantId) -> Result<TenantWrite> {
        let tx = self.begin_write(Visibility::Tenant(tenant.uuid())).await?;
        Ok(TenantWrite::new(tx, tenant, self.writer.clone()))
    }

    /// A snapshot across tenants.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn platform_read(&self) -> Result<PlatformRead> {
        Ok(PlatformRead { tx: self.begin_read(Visibility::Platform).await? })
    }

    /// A transaction across tenants. On SQLite, the only writer while it lives.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn platform_write(&self) -> Result<PlatformWrite> {
        Ok(PlatformWrite::new(self.begin_write(Visibility::Platform).await?, self.writer.clone()))
    }

    /// Waits for the transactions under way and closes every connection.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(backend) => backend.close().await,
            Backend::Postgres(backend) => backend.close().await,
        }
    }

    async fn begin_read(&self, sees: Visibility) -> Result<Tx> {
        match &self.backend {
            Backend::Sqlite(backend) => backend.begin_read().await,
            Backend::Postgres(backend) => backend.begin_read(sees).await,
        }
    }

    async fn begin_write(&self, sees: Visibility) -> Result<Tx> {
        if let Some(refusal) = self.writer.guard.refusal() {
            return Err(refusal);
        }
        if self.writer.guard.is_suspect() {
            // Not the server, or not the state, that acknowledged what we remember? Then nothing goes on top of it.
            self.writer.guard.verify(&mut self.platform_read().await?).await?;
        }
        let begun = match &self.backend {
            Backend::Sqlite(backend) => backend.begin_write().await,
            Backend::Postgres(backend) => backend.begin_write(sees).await,
        };
        if let Err(StoreError::Unavailable(_)) = &begun {
            self.writer.guard.suspect();
        }
        begun
    }
}
