//! PostgreSQL: a pool that keeps no session state, and transactions that name their tenant.
//!
//! Works through a pooler in transaction mode (PgBouncer): no named statements, no session settings, no
//! start-up parameter such a pooler refuses. Row-level security reads `leeward.tenant` and `leeward.scope`,
//! set for one transaction at a time.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use uuid::Uuid;

use crate::{
    Result, StoreError,
    tx::{STATEMENT_TIMEOUT, Tx, deadline},
};

/// How long a caller waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement waits for a row another transaction holds.
const LOCK_TIMEOUT: Duration = Duration::from_secs(8);
/// How long a transaction may sit idle: only a process that died or hangs gets there.
const IDLE_IN_TRANSACTION: Duration = Duration::from_secs(30);

/// What a transaction may see; the values of the two settings.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Visibility {
    Tenant(Uuid),
    Platform,
}

impl Visibility {
    /// (`leeward.tenant`, `leeward.scope`)
    pub(crate) fn settings(self) -> (String, &'static str) {
        match self {
            Self::Tenant(tenant) => (tenant.to_string(), ""),
            Self::Platform => (String::new(), "platform"),
        }
    }
}

#[derive(Clone)]
pub(crate) struct PostgresBackend {
    pool: PgPool,
}

impl PostgresBackend {
    pub(crate) async fn connect(url: &str, max_connections: u32) -> Result<Self> {
        let options: PgConnectOptions = url.parse().map_err(|_| {
            StoreError::Migration(
                "the PostgreSQL URL cannot be read; it looks like postgres://user@host/database".into(),
            )
        })?;
        let options = options.application_name("leeward").extra_float_digits(None).statement_cache_capacity(0);
        let pool = PgPoolOptions::new()
            .max_connections(max_connections.max(1))
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        let backend = Self { pool };
        backend.refuse_unbound_role().await?;
        Ok(backend)
    }

    /// A superuser, or a role with BYPASSRLS, would see every tenant's rows whatever the policies say.
    async fn refuse_unbound_role(&self) -> Result<()> {
        // One message, because there is no transaction: behind a pooler, what is parsed on one connection may be run on
        // another.
        let sql = "select rolname::text as name, rolsuper, rolbypassrls from pg_roles where rolname = current_user";
        let row = deadline(sqlx::raw_sql(sql).fetch_one(&self.pool)).await?;
        let (name, superuser, bypass): (String, bool, bool) =
            (row.try_get("name")?, row.try_get("rolsuper")?, row.try_get("rolbypassrls")?);
        if !superuser && !bypass {
            return Ok(());
        }
        let why = if superuser { "is a superuser" } else { "has BYPASSRLS" };
        Err(StoreError::Migration(format!(
            "the PostgreSQL role \"{name}\" {why}, so row-level security would not keep tenants apart; \
             make a role of its own (create role leeward login nosuperuser nobypassrls password '…'; \
             alter database … owner to leeward) and put it in the database URL"
        )))
    }

    pub(crate) async fn begin_read(&self, sees: Visibility) -> Result<Tx> {
        self.begin("isolation level repeatable read read only", sees).await
    }

    pub(crate) async fn begin_write(&self, sees: Visibility) -> Result<Tx> {
        self.begin("isolation level read committed read write", sees).await
    }

    /// `BEGIN` and all settings in one round trip.
    #[expect(clippy::disallowed_methods, reason = "the task is waited for, and what it loses is rolled back")]
    async fn begin(&self, mode: &'static str, sees: Visibility) -> Result<Tx> {
        let (tenant, scope) = sees.settings();
        // No caller's text in here: a UUID, two words of ours and three numbers.
        let sql = format!(
            "begin {mode}; select set_config('leeward.tenant', '{tenant}', true), \
             set_config('leeward.scope', '{scope}', true), \
             set_config('statement_timeout', '{}', true), set_config('lock_timeout', '{}', true), \
             set_config('idle_in_transaction_session_timeout', '{}', true)",
            STATEMENT_TIMEOUT.as_millis(),
            LOCK_TIMEOUT.as_millis(),
            IDLE_IN_TRANSACTION.as_millis(),
        );
        // On a task of its own, so that a caller who gives up cannot leave it half-way: sqlx 0.9.0 would put a connection
        // back into the pool with the transaction open, and whoever got it next would fail.
        let pool = self.pool.clone();
        let begun = tokio::spawn(async move { pool.begin_with(AssertSqlSafe(sql)).await });
        let begun = async { begun.await.unwrap_or(Err(sqlx::Error::WorkerCrashed)) };
        Ok(Tx::Postgres(deadline(begun).await?))
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
