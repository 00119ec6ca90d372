//! One suite, run on SQLite, on PostgreSQL, and on PostgreSQL behind PgBouncer in transaction mode: what a caller of
//! the store may rely on.
//!
//! To add a test: an `async fn name(db: Database)` in the file of its subject, and its name in the
//! `on_both!` at that file's end.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod fixture;

mod accounts;
mod audit_append;
mod audit_guard;
mod audit_open;
mod audit_search;
mod audit_tree;
mod backup;
mod break_glass;
mod chats;
mod data_keys;
mod durability;
mod federation;
mod isolation;
mod life;
mod migrations;
mod models;
mod paging;
mod policies;
mod projects;
mod rights;
mod row_security;
mod sign_in;

/// Makes three tests of each function: one per database, and one through the pooler.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::fixture::Database::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::fixture::Database::postgres().await).await;
            })+
        }
        mod pooled {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::fixture::Database::pooled().await).await;
            })+
        }
    };
}
pub(crate) use on_both;
