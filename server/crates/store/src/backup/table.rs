//! PostgreSQL's tables, found in its catalogue, and the rows of each as `COPY` gives them in its binary form.

use std::{collections::BTreeMap, time::Duration};

use futures::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use sqlx::Postgres;

use crate::{
    PlatformRead, Result, StoreError,
    tx::{Tx, deadline},
};

/// How long the server may take for the next piece.
const PATIENCE: Duration = Duration::from_secs(60);

/// A table of ours. Migrations' own is not among them: a schema is made, not loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, without those that are computed.
    pub columns: Vec<String>,
}

impl Table {
    pub(super) fn quoted(&self) -> String {
        quoted(&self.name)
    }

    pub(super) fn quoted_columns(&self) -> String {
        self.columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
    }
}

/// A name as SQL takes it, whatever is in it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The rows of one table, in pieces of the server's choosing.
pub struct Rows<'a>(BoxStream<'a, Result<Vec<u8>>>);

impl Rows<'_> {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// `Unavailable` if nothing comes in time; when the database fails.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        tokio::time::timeout(PATIENCE, self.0.try_next())
            .await
            .unwrap_or_else(|_| Err(StoreError::Unavailable(format!("no rows within {} s", PATIENCE.as_secs()))))
    }
}

impl PlatformRead {
    /// The tables, each after those that it refers to. None of SQLite, which is copied as a file.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tables(&mut self) -> Result<Vec<Table>> {
        tables(&mut self.tx).await
    }

    /// The rows of one table, as of this snapshot.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rows(&mut self, table: &Table) -> Result<Rows<'_>> {
        let Tx::Postgres(tx) = &mut self.tx else { return Ok(Rows(futures::stream::empty().boxed())) };
        // As long as it takes: each piece has its deadline.
        let lifted = "select set_config('statement_timeout', '0', true)";
        deadline(sqlx::query(lifted).persistent(false).execute(&mut **tx)).await?;
        let sql = format!("copy (select {} from {}) to stdout (format binary)", table.quoted_columns(), table.quoted());
        let pieces = tx.copy_out_raw(&sql).await?;
        Ok(Rows(pieces.map(|piece| Ok(piece?.to_vec())).boxed()))
    }
}

pub(super) async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let Tx::Postgres(tx) = tx else { return Ok(Vec::new()) };
    let columns = "select c.relname::text, array_agg(a.attname::text order by a.attnum) from pg_class c \
                   join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' \
                   where c.relkind in ('r', 'p') and not c.relispartition and c.relname <> '_sqlx_migrations' \
                   and c.relnamespace = current_schema()::regnamespace group by c.oid, c.relname order by c.relname";
    let found: Vec<(String, Vec<String>)> =
        deadline(sqlx::query_as::<Postgres, _>(columns).persistent(false).fetch_all(&mut **tx)).await?;
    let references = "select distinct c.relname::text, f.relname::text from pg_constraint k \
                      join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid \
                      where k.contype = 'f' and c.oid <> f.oid and c.relnamespace = current_schema()::regnamespace";
    let references: Vec<(String, String)> =
        deadline(sqlx::query_as::<Postgres, _>(references).persistent(false).fetch_all(&mut **tx)).await?;
    in_order(found, &references)
}

/// Each after those it refers to, so that rows can be loaded one table after the other.
fn in_order(found: Vec<(String, Vec<String>)>, references: &[(String, String)]) -> Result<Vec<Table>> {
    let mut left: BTreeMap<String, Vec<String>> = found.into_iter().collect();
    let mut placed = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |name: &str| references.iter().any(|(from, to)| from == name && left.contains_key(to));
        let ready: Vec<String> = left.keys().filter(|name| !waits(name)).cloned().collect();
        if ready.is_empty() {
            let names: Vec<_> = left.into_keys().collect();
            return Err(StoreError::Migration(format!("these tables refer to each other: {}", names.join(", "))));
        }
        placed.extend(ready.into_iter().filter_map(|name| {
            let columns = left.remove(&name)?;
            Some(Table { name, columns })
        }));
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_after_what_they_refer_to_and_a_circle_is_named() {
        let found = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), vec!["id".to_owned()])).collect();
        let refer = |pairs: &[(&str, &str)]| -> Vec<_> {
            pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect()
        };
        let order = in_order(found(&["a", "b", "c"]), &refer(&[("a", "b"), ("b", "c")])).unwrap();
        assert_eq!(order.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
        let circle = in_order(found(&["a", "b", "c"]), &refer(&[("a", "b"), ("b", "a")])).unwrap_err();
        assert!(circle.to_string().contains("a, b"), "{circle}");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
