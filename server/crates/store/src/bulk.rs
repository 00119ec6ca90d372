//! Many rows in one statement.
//!
//! The only place where SQL is not a literal: the text depends on how many rows there are, never on what
//! they hold.

use std::fmt::Write as _;

use crate::tx::Tx;

/// Rows per statement: fourteen columns each stay far below SQLite's 32,766 and PostgreSQL's 65,535 parameters.
pub(crate) const CHUNK: usize = 200;

/// Placeholders for so many rows of so many columns.
pub(crate) fn rows(tx: &Tx, count: usize, columns: usize) -> String {
    match tx {
        Tx::Sqlite(_) => unnumbered(count, columns),
        Tx::Postgres(_) => numbered(count, columns),
    }
}

/// `(?, ?), (?, ?)` for two rows of two columns: `$1` is a name to SQLite, and it looks through all names for each.
fn unnumbered(count: usize, columns: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    vec![row; count].join(", ")
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn numbered(count: usize, columns: usize) -> String {
    let mut text = String::with_capacity(count * columns * 5);
    for row in 0..count {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}${}", if column == 0 { "" } else { ", " }, row * columns + column + 1);
        }
        text.push(')');
    }
    text
}

/// Runs a statement made by [`rows`], binding what `$bind` names for each of `$items`.
macro_rules! execute_bulk {
    ($tx:expr, $sql:expr, $items:expr, |$item:ident| $($arg:expr),+ $(,)?) => {
        match &mut $tx {
            $crate::tx::Tx::Sqlite(tx) => {
                let mut query = sqlx::query::<sqlx::Sqlite>(sqlx::AssertSqlSafe($sql)).persistent(false);
                for $item in $items {
                    query = query$(.bind($arg))+;
                }
                $crate::tx::deadline(query.execute(&mut **tx)).await.map(|done| done.rows_affected())
            }
            $crate::tx::Tx::Postgres(tx) => {
                let mut query = sqlx::query::<sqlx::Postgres>(sqlx::AssertSqlSafe($sql)).persistent(false);
                for $item in $items {
                    query = query$(.bind($arg))+;
                }
                $crate::tx::deadline(query.execute(&mut **tx)).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// The same for a statement that gives rows; gives them all.
macro_rules! fetch_bulk {
    ($tx:expr, $sql:expr, $items:expr, |$item:ident| $($arg:expr),+ $(,)?) => {
        match &mut $tx {
            $crate::tx::Tx::Sqlite(tx) => {
                let mut query = sqlx::query::<sqlx::Sqlite>(sqlx::AssertSqlSafe($sql)).persistent(false);
                for $item in $items {
                    query = query$(.bind($arg))+;
                }
                $crate::tx::deadline(query.fetch_all(&mut **tx))
                    .await
                    .map(|rows| rows.into_iter().map($crate::tx::Row::Sqlite).collect::<Vec<_>>())
            }
            $crate::tx::Tx::Postgres(tx) => {
                let mut query = sqlx::query::<sqlx::Postgres>(sqlx::AssertSqlSafe($sql)).persistent(false);
                for $item in $items {
                    query = query$(.bind($arg))+;
                }
                $crate::tx::deadline(query.fetch_all(&mut **tx))
                    .await
                    .map(|rows| rows.into_iter().map($crate::tx::Row::Postgres).collect::<Vec<_>>())
            }
        }
    };
}

pub(crate) use execute_bulk;
pub(crate) use fetch_bulk;

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_count_through() {
        assert_eq!(super::numbered(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::numbered(1, 1), "($1)");
        assert_eq!(super::unnumbered(2, 3), "(?, ?, ?), (?, ?, ?)");
    }
}
