//! What protects PostgreSQL's rows, taken down for a load and put up again in the same transaction.
//!
//! `COPY` does not load a table whose row-level security binds its owner, and the log's trigger lets nobody empty it.
//! Both come back before the commit, and it is asked whether everything stands as it did.

use sqlx::{AssertSqlSafe, PgConnection, Postgres};

use super::table::quoted;
use crate::{Result, StoreError, tx::deadline};

/// How the tables were protected.
pub(super) struct Protection {
    /// Tables whose row-level security binds their owner.
    forced: Vec<String>,
    /// Tables with triggers of ours.
    guarded: Vec<String>,
    /// Everything that protects, as text.
    before: Vec<String>,
}

impl Protection {
    /// Takes down what stands in a load's way.
    pub(super) async fn take_down(connection: &mut PgConnection) -> Result<Self> {
        let forced = names(
            connection,
            "select relname::text from pg_class \
             where relnamespace = current_schema()::regnamespace and relforcerowsecurity order by relname",
        )
        .await?;
        let guarded = names(
            connection,
            "select distinct c.relname::text from pg_trigger t join pg_class c on c.oid = t.tgrelid \
             where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal and t.tgenabled = 'O'",
        )
        .await?;
        let before = all(connection).await?;
        run(connection, &forced, "no force row level security").await?;
        run(connection, &guarded, "disable trigger user").await?;
        Ok(Self { forced, guarded, before })
    }

    /// Puts it up again.
    pub(super) async fn put_up(self, connection: &mut PgConnection) -> Result<()> {
        run(connection, &self.forced, "force row level security").await?;
        run(connection, &self.guarded, "enable trigger user").await?;
        if all(connection).await? == self.before {
            return Ok(());
        }
        Err(StoreError::Migration(
            "the tables' row-level security or triggers did not come back as they were; nothing was changed".into(),
        ))
    }
}

async fn run(connection: &mut PgConnection, tables: &[String], what: &str) -> Result<()> {
    for table in tables {
        let sql = AssertSqlSafe(format!("alter table {} {what}", quoted(table)));
        deadline(sqlx::query(sql).persistent(false).execute(&mut *connection)).await?;
    }
    Ok(())
}

async fn names(connection: &mut PgConnection, sql: &'static str) -> Result<Vec<String>> {
    deadline(sqlx::query_scalar::<Postgres, String>(sql).persistent(false).fetch_all(connection)).await
}

/// Each table's row-level security, policies and triggers.
async fn all(connection: &mut PgConnection) -> Result<Vec<String>> {
    names(
        connection,
        "select relname::text || ' ' || relrowsecurity || ' ' || relforcerowsecurity from pg_class \
         where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') \
         union all select c.relname::text || ' policy ' || p.polname || ' ' || coalesce(pg_get_expr(p.polqual, c.oid), '') \
         || ' ' || coalesce(pg_get_expr(p.polwithcheck, c.oid), '') from pg_policy p join pg_class c on c.oid = p.polrelid \
         where c.relnamespace = current_schema()::regnamespace \
         union all select c.relname::text || ' trigger ' || t.tgname || ' ' || t.tgenabled::text from pg_trigger t \
         join pg_class c on c.oid = t.tgrelid where c.relnamespace = current_schema()::regnamespace \
         order by 1",
    )
    .await
}
