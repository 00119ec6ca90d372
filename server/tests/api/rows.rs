//! The database behind the service's back: what somebody can do who has it but no key.

use std::sync::Arc;

use leeward_keyring::{FileProvider, Keyring, TenantKey};
use leeward_testkit::postgres::Cluster;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection, postgres::PgRow,
    sqlite::SqliteConnectOptions,
};
use uuid::Uuid;

use crate::TestApp;

/// A connection past every check of ours: the database's owner on SQLite, the superuser on PostgreSQL.
pub enum Rows {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Rows {
    pub async fn of(app: &TestApp) -> Self {
        match app.database_url() {
            None => {
                let options = SqliteConnectOptions::new().filename(app.data_dir().join("leeward.db"));
                Self::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
            Some(url) => {
                let database = url.rsplit('/').next().unwrap().split('?').next().unwrap();
                let url = Cluster::shared().unwrap().url("postgres", database);
                Self::Postgres(PgConnection::connect(&url).await.unwrap())
            }
        }
    }

    /// Closes the connection at once. One that is dropped ends some time later, and SQLite then removes journals by name.
    pub async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.unwrap(),
            Self::Postgres(connection) => connection.close().await.unwrap(),
        }
    }

    /// An id as a literal of this database.
    pub fn id(&self, text: &str) -> String {
        let uuid: Uuid = text.split_once('_').unwrap().1.parse().unwrap();
        match self {
            Self::Sqlite(_) => format!("x'{}'", uuid.simple()),
            Self::Postgres(_) => format!("'{uuid}'"),
        }
    }

    /// The bytes of the one cell a query gives.
    pub async fn bytes(&mut self, sql: &str) -> Vec<u8> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query(sql).fetch_one(connection).await.unwrap().get(0),
            Self::Postgres(connection) => sqlx::query(sql).fetch_one(connection).await.unwrap().get(0),
        }
    }

    /// The number a query gives.
    pub async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::query(sql).fetch_one(connection).await.unwrap().get(0),
            Self::Postgres(connection) => sqlx::query(sql).fetch_one(connection).await.unwrap().get(0),
        }
    }

    /// Runs a statement with `$1`, which must touch one row.
    pub async fn put(&mut self, sql: &str, bytes: &[u8]) {
        let statement = AssertSqlSafe(sql.to_owned());
        let touched = match self {
            Self::Sqlite(connection) => {
                sqlx::query(statement).bind(bytes).execute(connection).await.unwrap().rows_affected()
            }
            Self::Postgres(connection) => {
                sqlx::query(statement).bind(bytes).execute(connection).await.unwrap().rows_affected()
            }
        };
        assert_eq!(touched, 1, "{sql}");
    }

    /// Runs statements.
    pub async fn run(&mut self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => sqlx::raw_sql(sql).execute(connection).await.map(drop),
            Self::Postgres(connection) => sqlx::raw_sql(sql).execute(connection).await.map(drop),
        }
        .unwrap();
    }

    /// Exchanges the bytes of one column between two rows, each named by a condition.
    pub async fn swap(&mut self, table: &str, column: &str, one: &str, other: &str) {
        let mut kept = Vec::new();
        for row in [one, other] {
            kept.push(self.bytes(&format!("select {column} from {table} where {row}")).await);
        }
        assert_ne!(kept[0], kept[1], "{table}.{column}: nothing to exchange");
        self.put(&format!("update {table} set {column} = $1 where {one}"), &kept[1]).await;
        self.put(&format!("update {table} set {column} = $1 where {other}"), &kept[0]).await;
    }

    /// Every row of every table, as text; bytes are hexadecimal.
    pub async fn dump(&mut self) -> String {
        let Self::Postgres(connection) = self else { panic!("a SQLite database is a file") };
        let tables = "select c.relname::text from pg_class c where c.relkind in ('r', 'p') \
                      and c.relnamespace = 'public'::regnamespace";
        let tables: Vec<PgRow> = sqlx::query(tables).fetch_all(&mut *connection).await.unwrap();
        assert!(tables.len() > 20, "{} tables", tables.len());
        let mut all = String::new();
        for table in tables {
            let sql = AssertSqlSafe(format!("select t::text from {} t", table.get::<String, _>(0)));
            for row in sqlx::query(sql).fetch_all(&mut *connection).await.unwrap() {
                all.push_str(&row.get::<String, _>(0));
                all.push('\n');
            }
        }
        all
    }

    /// Every file of the database and of the write-ahead log, after a checkpoint: also what was deleted or changed.
    pub async fn files(&mut self) -> Vec<u8> {
        let Self::Postgres(connection) = self else { panic!("a SQLite database is a file") };
        sqlx::raw_sql("checkpoint").execute(&mut *connection).await.unwrap();
        let names = "select 'base/' || d.oid || '/' || f from pg_database d, pg_ls_dir('base/' || d.oid) f \
                     where d.datname = current_database() \
                     union all select 'pg_wal/' || name from pg_ls_waldir()";
        let mut all = Vec::new();
        for name in sqlx::query(names).fetch_all(&mut *connection).await.unwrap() {
            let name: String = name.get(0);
            // A file may go while we look; then it holds nothing any more.
            let read = sqlx::query("select pg_read_binary_file($1, 0, 536870912, true)").bind(&name);
            let bytes: Option<Vec<u8>> = read.fetch_one(&mut *connection).await.unwrap().get(0);
            all.extend(bytes.unwrap_or_default());
        }
        all
    }
}

/// The key of a tenant, for a test that has the key file too.
pub async fn tenant_key(app: &TestApp, rows: &mut Rows, tenant: &str) -> TenantKey {
    let provider = FileProvider::open(&app.data_dir().join("keys").join("kek")).unwrap();
    let wrapped = rows.bytes(&format!("select wrapped_key from tenants where id = {}", rows.id(tenant))).await;
    Keyring::new(Arc::new(provider)).tenant_key(tenant.parse().unwrap(), &wrapped).unwrap()
}
