//! A tenant that brings its own key: its provider's failures are that tenant's alone.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{bao::Bao, file, new_kek, opens, read, talk};
use crate::{Backend, TestApp};

async fn a_peer_that_stops(backend: Backend) {
    let mut app = TestApp::installed(backend, &[]).await;
    let ours = app.key.clone();
    let theirs = app.bootstrap("acme", "ada@acme.example")["api_key"].as_str().unwrap().to_owned();
    let bao = Bao::start(&app).await;
    // Until its key is moved, the house's opens it too.
    let own = [bao.allowed(), bao.key("[keys.tenants.acme]")].concat();
    app.configure(&format!("{own}[[keys.tenants_older.acme]]\nprovider = \"file\"\n"));
    let moved = app.cli(&["key", "rotate-kek", "--json"]);
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    app.configure(&own);
    app.start();
    let one = talk(&app, &ours, "the house's").await;
    let other = talk(&app, &theirs, "the tenant's own").await;
    opens(&app, &theirs, &other, "the tenant's own").await;

    // With nothing in memory, as after any restart.
    app.terminate();
    bao.stop();
    app.start();
    opens(&app, &ours, &one, "the house's").await;
    assert_eq!(app.ask("and now?").await.0, 200);
    let (status, problem) = read(&app, &theirs, &other).await;
    assert_eq!((status, &problem["code"]), (503, &json!("key_unavailable")), "{problem}");
    opens(&app, &ours, &one, "the house's").await;
    assert!(!app.cli(&["doctor"]).status.success(), "it says which provider does not answer");

    bao.go_on();
    let deadline = Instant::now() + Duration::from_secs(60);
    while read(&app, &theirs, &other).await.0 != 200 {
        assert!(Instant::now() < deadline, "{}", app.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    opens(&app, &theirs, &other, "the tenant's own").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_key_at_a_peer_that_stops_closes_that_tenant_alone_on_sqlite() {
    a_peer_that_stops(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_key_at_a_peer_that_stops_closes_that_tenant_alone_on_postgres() {
    a_peer_that_stops(Backend::Postgres).await;
}

/// The same with a file that is not there when the service starts, and is later.
#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_key_file_that_is_missing_closes_that_tenant_alone_until_it_is_back() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let ours = app.key.clone();
    let made = app.bootstrap("acme", "ada@acme.example");
    let theirs = made["api_key"].as_str().unwrap().to_owned();
    let kek = new_kek(&app, "acme-kek");
    // By its id, this time.
    let own = file(&format!("[keys.tenants.{}]", made["tenant_id"].as_str().unwrap()), &kek);
    let from = own.lines().next().unwrap().replace("[keys.tenants.", "[[keys.tenants_older.").replace(']', "]]");
    app.configure(&format!("{own}{from}\nprovider = \"file\"\n"));
    app.start();
    let other = talk(&app, &theirs, "the tenant's own").await;
    let deadline = Instant::now() + Duration::from_secs(60);
    while app.cli(&["key", "rotate-kek", "--json"]).stdout != b"{\"left\":0,\"reason\":null,\"rewrapped\":0}\n" {
        assert!(Instant::now() < deadline, "{}", app.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    app.terminate();

    // The house's key does not open it any more.
    app.configure(&own);
    fs::rename(&kek, app.path("elsewhere")).unwrap();
    app.start();
    let (status, problem) = read(&app, &theirs, &other).await;
    assert_eq!((status, &problem["code"]), (503, &json!("key_unavailable")), "{problem}");
    assert_eq!(app.ask("and now?").await.0, 200);
    talk(&app, &ours, "the house's").await;
    fs::rename(app.path("elsewhere"), &kek).unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while read(&app, &theirs, &other).await.0 != 200 {
        assert!(Instant::now() < deadline, "{}", app.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    opens(&app, &theirs, &other, "the tenant's own").await;
}
