//! Many rows in one statement.
//!
//! The only place where SQL is not a literal: the text depends on how many rows there are, never on what
//! they hold.

use std::fmt::Write as _;

/// Rows per statement: fourteen columns each stay far below SQLite's 32,766 and PostgreSQL's 65,535 parameters.
pub(crate) const CHUNK: usize = 200;

/// `($1, $2), ($3, $4)` for two rows of two columns.
pub(crate) fn rows(count: usize, columns: usize) -> String {
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

pub(crate) use execute_bulk;

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_count_through() {
        assert_eq!(super::rows(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::rows(1, 1), "($1)");
    }
}
