//! PostgreSQL: every row of every table is in a backup, also of a table that nobody had thought of.

use std::collections::BTreeSet;

use sqlx::{Connection as _, PgConnection, Row as _};

use super::{allow, back_up, restore, said, target};
use crate::{Backend, TestApp, kek::talk, rows::Rows};

/// What a restore ends, or adds to.
const CHANGED: &[&str] = &["sessions", "token_grants", "refresh_tokens", "ceremonies", "leases", "security_epoch"];

/// Every row of every table as text, but of those that change.
async fn rows_of(app: &TestApp, url: &str) -> BTreeSet<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql("set leeward.scope = 'platform'").execute(&mut connection).await.unwrap();
    let tables = "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";
    let mut all = BTreeSet::new();
    for table in sqlx::query(tables).fetch_all(&mut connection).await.unwrap() {
        let table: String = table.get(0);
        if CHANGED.contains(&table.as_str()) || table == "_sqlx_migrations" {
            continue;
        }
        let only =
            if table.starts_with("audit_") { format!("where log_id = '{}'", uuid(&app.tenant)) } else { String::new() };
        let sql = sqlx::AssertSqlSafe(format!("select '{table} ' || t::text from {table} t {only}"));
        for row in sqlx::query(sql).fetch_all(&mut connection).await.unwrap() {
            all.insert(row.get(0));
        }
    }
    all
}

fn uuid(id: &str) -> uuid::Uuid {
    id.split_once('_').unwrap().1.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_every_table_comes_back() {
    let mut app = TestApp::installed(Backend::Postgres, &[]).await;
    target(&mut app);
    allow(&app, "").await;
    app.start();
    talk(&app, &app.key, "before").await;
    let officer = app.officer().await;
    let (status, _) =
        officer.send(reqwest::Method::POST, "/api/holds", Some(&serde_json::json!({"reason": "proceedings"}))).await;
    assert_eq!(status, 201);
    app.terminate();
    let url = app.database_url().unwrap().to_owned();
    // As a later version of ours may have one.
    let mut owner = PgConnection::connect(&url).await.unwrap();
    let extra = "create table extra (tenant_id uuid references tenants (id), id bigint generated always as identity, \
                 note text, sum bigint generated always as (id * 2) stored, primary key (id)); \
                 alter table extra enable row level security; alter table extra force row level security; \
                 create policy extra_isolation on extra using (leeward_may(tenant_id)) with check (leeward_may(tenant_id)); \
                 set leeward.scope = 'platform'; insert into extra (tenant_id, note) select id, 'thought of' from tenants";
    sqlx::raw_sql(extra).execute(&mut owner).await.unwrap();
    let before = rows_of(&app, &url).await;
    assert!(before.iter().any(|row| row.starts_with("extra ") && row.contains("thought of")));
    let file = back_up(&app);
    sqlx::raw_sql("delete from extra; delete from messages; update users set display_name = 'nobody'")
        .execute(&mut owner)
        .await
        .unwrap();
    let restored = restore(&app, &file, &["--replace"]);
    assert!(restored.status.success(), "{}", said(&restored));
    let after = rows_of(&app, &url).await;
    let lost: Vec<_> = before.difference(&after).filter(|row| !row.starts_with("audit_")).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // The log has grown since; what was in it is there.
    let entries = |rows: &BTreeSet<String>| {
        rows.iter().filter(|row| row.starts_with("audit_entries ")).cloned().collect::<BTreeSet<_>>()
    };
    assert!(entries(&before).is_subset(&entries(&after)));
    // Numbers go on where they were, and the rows are protected as before.
    sqlx::raw_sql("insert into extra (tenant_id, note) select id, 'the next' from tenants")
        .execute(&mut owner)
        .await
        .unwrap();
    let mut rows = Rows::of(&app).await;
    assert_eq!(rows.number("select max(id) from extra").await, 2);
    let unbound = "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' \
                   and relrowsecurity and not relforcerowsecurity";
    assert_eq!(rows.number(unbound).await, 0);
    let off = "select count(*) from pg_trigger where not tgisinternal and tgenabled <> 'O'";
    assert_eq!(rows.number(off).await, 0);
    let refused = sqlx::raw_sql("delete from audit_entries").execute(&mut owner).await.unwrap_err();
    assert!(refused.to_string().contains("append-only"), "{refused}");
}

/// The same into a database that is empty: its schema is made first.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_gets_the_schema_and_the_rows() {
    let (app, file) = super::backed_up(Backend::Postgres).await;
    let empty = leeward_testkit::postgres::Cluster::shared().unwrap().fresh_database().await.unwrap();
    let restore = |more: &[&str]| {
        let mut command = app.command();
        command.args(["restore", &file, "--reason", "another server"]).args(more).env("LEEWARD__DATABASE__URL", &empty);
        command.output().unwrap()
    };
    let mut restored = restore(&[]);
    for _ in 0..400 {
        if !said(&restored).contains("a gateway is running") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
        restored = restore(&[]);
    }
    assert!(restored.status.success(), "{}", said(&restored));
    let mut connection = PgConnection::connect(&empty).await.unwrap();
    sqlx::raw_sql("set leeward.scope = 'platform'").execute(&mut connection).await.unwrap();
    let count: i64 = sqlx::query("select count(*) from conversations").fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(count, 1);
    let again = restore(&[]);
    assert!(said(&again).contains("--replace"), "{}", said(&again));
}
