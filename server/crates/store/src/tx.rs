//! One transaction on either database, one way to run a statement in it, one way to read a row.
//!
//! The three macros evaluate their arguments once, in whichever branch runs. Statements are literals with
//! `$1` placeholders, which both databases know. PostgreSQL statements are never named on the server, so
//! that a pooler in transaction mode may hand every transaction another connection.

use std::{fmt, future::Future, str::FromStr, time::Duration};

use leeward_domain::{Sha256Digest, Timestamp, ids::PrefixedId};
use serde::de::DeserializeOwned;
use sqlx::{
    Decode, Encode, Postgres, Row as _, Sqlite, Transaction, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgRow, PgTypeInfo, PgValueRef},
    sqlite::{SqliteArgumentsBuffer, SqliteRow, SqliteTypeInfo, SqliteValueRef},
    types::{Json, time::OffsetDateTime},
};
use uuid::Uuid;

use crate::{Result, StoreError};

/// The longest one statement may take, as the server sees it.
pub(crate) const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest we wait for it: a little more, so that the server's own error arrives first.
const STATEMENT_DEADLINE: Duration = Duration::from_secs(12);

/// A transaction on one of the two databases; dropping it rolls back.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => deadline(tx.commit()).await,
            Self::Postgres(tx) => deadline(tx.commit()).await,
        }
    }
}

/// Runs one database call under [`STATEMENT_DEADLINE`].
pub(crate) async fn deadline<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T> {
    match tokio::time::timeout(STATEMENT_DEADLINE, work).await {
        Ok(answer) => answer.map_err(StoreError::from),
        Err(_) => Err(StoreError::Unavailable(format!("no answer within {} s", STATEMENT_DEADLINE.as_secs()))),
    }
}

/// Runs a statement; gives the number of rows it touched.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match &mut $tx {
            $crate::tx::Tx::Sqlite(tx) => {
                $crate::tx::deadline(sqlx::query::<sqlx::Sqlite>($sql)$(.bind($arg))*.execute(&mut **tx))
                    .await
                    .map(|done| done.rows_affected())
            }
            $crate::tx::Tx::Postgres(tx) => {
                $crate::tx::deadline(
                    sqlx::query::<sqlx::Postgres>($sql).persistent(false)$(.bind($arg))*.execute(&mut **tx),
                )
                .await
                .map(|done| done.rows_affected())
            }
        }
    };
}

/// Runs a statement that gives rows; gives them all. Every such statement has a limit.
macro_rules! fetch_all {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match &mut $tx {
            $crate::tx::Tx::Sqlite(tx) => {
                $crate::tx::deadline(sqlx::query::<sqlx::Sqlite>($sql)$(.bind($arg))*.fetch_all(&mut **tx))
                    .await
                    .map(|rows| rows.into_iter().map($crate::tx::Row::Sqlite).collect::<Vec<_>>())
            }
            $crate::tx::Tx::Postgres(tx) => {
                $crate::tx::deadline(
                    sqlx::query::<sqlx::Postgres>($sql).persistent(false)$(.bind($arg))*.fetch_all(&mut **tx),
                )
                .await
                .map(|rows| rows.into_iter().map($crate::tx::Row::Postgres).collect::<Vec<_>>())
            }
        }
    };
}

/// Runs a statement that gives at most one row.
macro_rules! fetch_optional {
    ($tx:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        match &mut $tx {
            $crate::tx::Tx::Sqlite(tx) => {
                $crate::tx::deadline(sqlx::query::<sqlx::Sqlite>($sql)$(.bind($arg))*.fetch_optional(&mut **tx))
                    .await
                    .map(|row| row.map($crate::tx::Row::Sqlite))
            }
            $crate::tx::Tx::Postgres(tx) => {
                $crate::tx::deadline(
                    sqlx::query::<sqlx::Postgres>($sql).persistent(false)$(.bind($arg))*.fetch_optional(&mut **tx),
                )
                .await
                .map(|row| row.map($crate::tx::Row::Postgres))
            }
        }
    };
}

pub(crate) use {execute, fetch_all, fetch_optional};

/// `Err(NotFound)` unless exactly the one row meant was touched.
pub(crate) fn one_row(touched: u64) -> Result<()> {
    if touched == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// An instant as a column: `timestamptz`, or an integer of microseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(pub(crate) Timestamp);

impl Type<Postgres> for Time {
    fn type_info() -> PgTypeInfo {
        <OffsetDateTime as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Time {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        <OffsetDateTime as Encode<'_, Postgres>>::encode(self.0.to_datetime(), buf)
    }
}

impl<'r> Decode<'r, Postgres> for Time {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<OffsetDateTime as Decode<'r, Postgres>>::decode(value)?.into()))
    }
}

impl Type<Sqlite> for Time {
    fn type_info() -> SqliteTypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
    fn compatible(ty: &SqliteTypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(ty)
    }
}

impl Encode<'_, Sqlite> for Time {
    fn encode_by_ref(&self, buf: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <i64 as Encode<'_, Sqlite>>::encode(self.0.unix_micros(), buf)
    }
}

impl<'r> Decode<'r, Sqlite> for Time {
    fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Timestamp::from_unix_micros(<i64 as Decode<'r, Sqlite>>::decode(value)?)))
    }
}

/// A type both databases can give back.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Column for T where T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> {}

/// A row of either database, read by column name into the domain's types.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    pub(crate) fn get<T: Column>(&self, column: &str) -> Result<T> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
        .map_err(StoreError::from)
    }

    pub(crate) fn id<I: PrefixedId>(&self, column: &str) -> Result<I> {
        self.get::<Uuid>(column).map(I::from_uuid)
    }

    pub(crate) fn id_opt<I: PrefixedId>(&self, column: &str) -> Result<Option<I>> {
        Ok(self.get::<Option<Uuid>>(column)?.map(I::from_uuid))
    }

    pub(crate) fn time(&self, column: &str) -> Result<Timestamp> {
        self.get::<Time>(column).map(|time| time.0)
    }

    pub(crate) fn time_opt(&self, column: &str) -> Result<Option<Timestamp>> {
        Ok(self.get::<Option<Time>>(column)?.map(|time| time.0))
    }

    /// A text column holding a value the domain can parse.
    pub(crate) fn parsed<T: FromStr>(&self, column: &str) -> Result<T>
    where
        T::Err: fmt::Display,
    {
        let text: String = self.get(column)?;
        text.parse().map_err(|error| StoreError::Corrupt(format!("column {column}: {error}")))
    }

    pub(crate) fn json<T>(&self, column: &str) -> Result<T>
    where
        T: DeserializeOwned + 'static,
    {
        self.get::<Json<T>>(column).map(|json| json.0)
    }

    pub(crate) fn json_opt<T>(&self, column: &str) -> Result<Option<T>>
    where
        T: DeserializeOwned + 'static,
    {
        Ok(self.get::<Option<Json<T>>>(column)?.map(|json| json.0))
    }

    /// A text column that may be empty.
    pub(crate) fn parsed_opt<T: FromStr>(&self, column: &str) -> Result<Option<T>>
    where
        T::Err: fmt::Display,
    {
        self.get::<Option<String>>(column)?
            .map(|text| text.parse().map_err(|error| StoreError::Corrupt(format!("column {column}: {error}"))))
            .transpose()
    }

    pub(crate) fn digest(&self, column: &str) -> Result<Sha256Digest> {
        let bytes: Vec<u8> = self.get(column)?;
        <[u8; 32]>::try_from(bytes)
            .map(Sha256Digest::from_bytes)
            .map_err(|_| StoreError::Corrupt(format!("column {column}: not 32 bytes")))
    }

    /// An unsigned number kept as a signed one, because neither database has the other.
    pub(crate) fn unsigned(&self, column: &str) -> Result<u64> {
        u64::try_from(self.get::<i64>(column)?).map_err(|_| StoreError::Corrupt(format!("column {column}: negative")))
    }
}

/// A `u64` as the signed number the databases keep.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
