//! Loading PostgreSQL from a copy, in one transaction: either all of it is there afterwards, or nothing was changed.

use std::{ops::DerefMut as _, time::Duration};

use sqlx::{AssertSqlSafe, PgConnection, Postgres, postgres::PgCopyIn};

use super::{
    Table,
    protection::Protection,
    table::{quoted, tables},
};
use crate::{
    PlatformWrite, Result, Store, StoreError, migrate,
    tx::{Tx, deadline},
};

/// How long the server may take to take a piece, or to check a table's references.
const PATIENCE: Duration = Duration::from_secs(600);

/// A database that is being loaded; dropped, it never happened.
pub struct Load {
    write: PlatformWrite,
    tables: Vec<Table>,
    tenants: u64,
    protection: Protection,
}

impl Store {
    /// Begins to put a copy in the place of what a PostgreSQL database holds. One without a schema gets the copy's
    /// first; one with another schema is refused.
    ///
    /// # Errors
    /// `Migration` says which schema is needed, and how to get it.
    pub async fn load(&self, schema: i64) -> Result<Load> {
        let mut write = self.platform_write().await?;
        let mut tenants = 0;
        match migrate::applied(&mut write.tx).await? {
            0 => {}
            found if found == schema => tenants = write.count_tenants().await?,
            found => {
                return Err(StoreError::Migration(format!(
                    "the copy has schema {schema:04} and this database has {found:04}: make an empty database, name it \
                     in database.url, and restore into that"
                )));
            }
        }
        let connection = postgres(&mut write)?;
        let lifted = "select set_config('statement_timeout', '0', true), \
                      set_config('idle_in_transaction_session_timeout', '0', true)";
        deadline(sqlx::query(lifted).persistent(false).execute(&mut *connection)).await?;
        migrate::up_to(connection, Some(schema)).await?;
        let tables = tables(&mut write.tx).await?;
        let connection = postgres(&mut write)?;
        let protection = Protection::take_down(connection).await?;
        let names: Vec<_> = tables.iter().map(Table::quoted).collect();
        // Sequences begin anew in storage of their own, so that they come back too if this is undone.
        let sql = AssertSqlSafe(format!("truncate table {} restart identity", names.join(", ")));
        in_time(sqlx::query(sql).persistent(false).execute(&mut *connection)).await?;
        Ok(Load { write, tables, tenants, protection })
    }
}

impl Load {
    /// How many tenants the database had, which this replaces.
    #[must_use]
    pub const fn tenants(&self) -> u64 {
        self.tenants
    }

    /// The tables to be loaded.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Begins to load one table.
    ///
    /// # Errors
    /// `Corrupt` if the schema has no such table with such columns; when the database fails.
    pub async fn table(&mut self, table: &Table) -> Result<Loading<'_>> {
        if !self.tables.contains(table) {
            return Err(StoreError::Corrupt(format!("the schema has no table {} of these columns", table.name)));
        }
        let sql = format!("copy {} ({}) from stdin (format binary)", table.quoted(), table.quoted_columns());
        Ok(Loading(in_time(postgres(&mut self.write)?.copy_in_raw(&sql)).await?))
    }

    /// Ends the loading: protects the rows again, sets the sequences, brings the schema up to this build's. What comes
    /// back is the same transaction.
    ///
    /// # Errors
    /// When the database fails, or something did not come back as it was.
    pub async fn finish(mut self) -> Result<PlatformWrite> {
        let connection = postgres(&mut self.write)?;
        set_sequences(connection).await?;
        self.protection.put_up(connection).await?;
        migrate::up_to(connection, None).await?;
        Ok(self.write)
    }
}

/// One table that is being loaded.
pub struct Loading<'a>(PgCopyIn<&'a mut PgConnection>);

impl Loading<'_> {
    /// Hands over the next bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        in_time(self.0.send(bytes)).await.map(drop)
    }

    /// Ends the table, and says how many rows it has.
    ///
    /// # Errors
    /// When the database does not take them.
    pub async fn finish(self) -> Result<u64> {
        in_time(self.0.finish()).await
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
    tokio::time::timeout(PATIENCE, work).await.map_or_else(
        |_| Err(StoreError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs()))),
        |answer| answer.map_err(StoreError::from),
    )
}

fn postgres(write: &mut PlatformWrite) -> Result<&mut PgConnection> {
    match &mut write.tx {
        Tx::Postgres(tx) => Ok(tx.deref_mut()),
        Tx::Sqlite(_) => Err(StoreError::Migration("only PostgreSQL is loaded; SQLite's file is put in place".into())),
    }
}

/// The next number of each numbered column is one more than its greatest.
async fn set_sequences(connection: &mut PgConnection) -> Result<()> {
    let numbered = "select c.relname::text, a.attname::text from pg_attribute a join pg_class c on c.oid = a.attrelid \
                    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') \
                    and a.attidentity <> '' and not a.attisdropped";
    let numbered: Vec<(String, String)> =
        deadline(sqlx::query_as::<Postgres, _>(numbered).persistent(false).fetch_all(&mut *connection)).await?;
    for (table, column) in numbered {
        let (from, of) = (quoted(&table), quoted(&column));
        let set = format!(
            "select setval(pg_get_serial_sequence($1, $2), coalesce(max({of}), 1), max({of}) is not null) from {from}"
        );
        let set = sqlx::query(AssertSqlSafe(set)).persistent(false).bind(from).bind(column);
        deadline(set.execute(&mut *connection)).await?;
    }
    Ok(())
}
