//! PostgreSQL's second opinion: row-level security is on everywhere and cannot be connected around.

use leeward_store::{DatabaseConfig, Store, StoreError};
use leeward_testkit::postgres::Cluster;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::fixture::{Database, NOW, conversation, digest, event, grant, issuer, later, provider};

async fn connect(db: &Database) -> PgConnection {
    let DatabaseConfig::Postgres { url, .. } = &db.config else { unreachable!() };
    PgConnection::connect(url).await.unwrap()
}

/// (table, its tenant column, security on, security forced) of every table that belongs to tenants.
async fn tenant_tables(connection: &mut PgConnection) -> Vec<(String, bool)> {
    let rows = sqlx::query(
        "select c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as bound from pg_class c \
         where c.relkind in ('r', 'p') and c.relnamespace = current_schema()::regnamespace and (c.relname = 'tenants' \
         or exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname in ('tenant_id', 'log_id') \
         and not a.attisdropped)) order by 1",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    rows.iter().map(|row| (row.get("name"), row.get("bound"))).collect()
}

#[tokio::test]
async fn every_tenant_table_is_bound_and_empty_without_a_scope() {
    let db = Database::postgres().await;
    let (acme, ada) = db.tenant("acme").await;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_conversation(&conversation(&ada)).await.unwrap();
    write.append_audit(&[event(Some(acme.id))]).await.unwrap();
    write.commit().await.unwrap();

    let mut connection = connect(&db).await;
    let tables = tenant_tables(&mut connection).await;
    assert!(tables.len() >= 41, "{tables:?}");
    // What belongs to no tenant is named here, so that a new table cannot slip by.
    let others = sqlx::query(
        "select c.relname::text as name from pg_class c where c.relkind in ('r', 'p') \
         and c.relnamespace = current_schema()::regnamespace order by 1",
    );
    let all: Vec<String> = others.fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get("name")).collect();
    let unbound: Vec<_> = all.iter().filter(|name| !tables.iter().any(|(bound, _)| bound == *name)).collect();
    assert_eq!(
        unbound,
        [
            "_sqlx_migrations",
            "leases",
            "model_aliases",
            "models",
            "security_epoch",
            "sign_in_failures",
            "signing_keys",
            "witnessed"
        ]
    );
    for (table, bound) in tables {
        assert!(bound, "{table} lacks ENABLE or FORCE ROW LEVEL SECURITY");
        let sql = AssertSqlSafe(format!("select count(*) as n from {table}"));
        let rows: i64 = sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get("n");
        assert_eq!(rows, 0, "{table} shows rows to a transaction that named no tenant");
    }
    // Neither can such a transaction write, nor change what it cannot see.
    let inserted = db.raw("insert into tenants values (gen_random_uuid(), 'x', 'active', '{}', '', now())").await;
    assert!(inserted.unwrap_err().to_string().contains("row-level security"));
    assert_eq!(db.raw("update users set display_name = 'x'").await.unwrap(), 0);
    assert_eq!(db.raw("delete from conversations").await.unwrap(), 0);
}

#[tokio::test]
async fn a_tenants_transaction_sees_and_writes_its_own_rows_only() {
    let db = Database::postgres().await;
    let (acme, _) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let mut connection = connect(&db).await;
    let mut tx = connection.begin().await.unwrap();
    sqlx::query("select set_config('leeward.tenant', $1, true)")
        .bind(acme.id.uuid().to_string())
        .execute(&mut *tx)
        .await
        .unwrap();
    let names: Vec<String> = sqlx::query_scalar("select name from tenants").fetch_all(&mut *tx).await.unwrap();
    assert_eq!(names, ["acme"]);
    let moved = sqlx::query("update users set tenant_id = $1").bind(other.id.uuid()).execute(&mut *tx).await;
    assert!(moved.unwrap_err().to_string().contains("row-level security"));
    drop(tx);
    // The setting ended with its transaction, on the same connection.
    let rows: i64 = sqlx::query_scalar("select count(*) from tenants").fetch_one(&mut connection).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn federation_rows_are_their_tenants() {
    let db = Database::postgres().await;
    let (acme, ada) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let (login, notebook) = (provider("login"), grant(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_provider(&login).await.unwrap();
    write.add_subject(login.id, "sub", ada.id, NOW).await.unwrap();
    write.add_issuer(&issuer("c", "https://a", "x", &ada)).await.unwrap();
    write.add_grant(&notebook).await.unwrap();
    write.add_refresh_token(notebook.id, &digest("r"), NOW, later(60)).await.unwrap();
    write.use_token_id(&digest("jti"), later(60)).await.unwrap();
    write.commit().await.unwrap();

    let mut connection = connect(&db).await;
    let tables =
        ["identity_providers", "provider_subjects", "token_issuers", "token_grants", "refresh_tokens", "used_tokens"];
    for (scope, seen) in [(Some(acme.id), 1), (Some(other.id), 0), (None, 0)] {
        let mut tx = connection.begin().await.unwrap();
        if let Some(tenant) = scope {
            let name = sqlx::query("select set_config('leeward.tenant', $1, true)").bind(tenant.uuid().to_string());
            name.execute(&mut *tx).await.unwrap();
        }
        for table in tables {
            let count = AssertSqlSafe(format!("select count(*) from {table}"));
            let rows: i64 = sqlx::query_scalar(count).fetch_one(&mut *tx).await.unwrap();
            assert_eq!(rows, seen, "{table} for {scope:?}");
            let touch = AssertSqlSafe(format!("update {table} set tenant_id = tenant_id"));
            assert_eq!(sqlx::query(touch).execute(&mut *tx).await.unwrap().rows_affected(), seen.unsigned_abs());
        }
    }
}

#[tokio::test]
async fn roles_that_see_past_it_are_refused() {
    let cluster = Cluster::shared().unwrap();
    let owner = cluster.fresh_database().await.unwrap();
    let database = owner.rsplit('/').next().unwrap().split('?').next().unwrap();
    cluster.psql("postgres", "create role sees_all login bypassrls").unwrap();
    for (role, why) in [("postgres", "superuser"), ("sees_all", "BYPASSRLS")] {
        let config = DatabaseConfig::Postgres { url: cluster.url(role, database), max_connections: 2 };
        let Err(StoreError::Migration(text)) = Store::connect(&config).await else { unreachable!("{role} got in") };
        assert!(text.contains(why) && text.contains(role) && text.contains("create role"), "{text}");
    }
}

#[tokio::test]
async fn nothing_stays_behind_on_a_connection() {
    let db = Database::postgres().await;
    let DatabaseConfig::Postgres { url, .. } = &db.config else { unreachable!() };
    let store = Store::connect(&DatabaseConfig::Postgres { url: url.clone(), max_connections: 1 }).await.unwrap();
    let (acme, _) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    // One connection serves both in turn, as behind a pooler in transaction mode.
    assert_eq!(store.tenant_read(acme.id).await.unwrap().user(eve.id).await.unwrap(), None);
    assert_eq!(store.tenant_read(other.id).await.unwrap().user(eve.id).await.unwrap(), Some(eve.clone()));
    assert_eq!(store.tenant_read(acme.id).await.unwrap().user(eve.id).await.unwrap(), None);
}
