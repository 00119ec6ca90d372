//! A rotation that is killed in the middle: every key still opens, and the next walk goes on.

use std::{
    hash::{BuildHasher as _, Hasher as _, RandomState},
    process::{Child, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use leeward_keyring::{FileProvider, Keyring};
use serde_json::{Value, json};

use super::{file, new_kek, opens, rotation::under, talk};
use crate::{Backend, TestApp, rows::Rows};

const TENANTS: usize = 80;
const ROUNDS: usize = 20;

/// A number below `bound` that nobody knows before.
fn any_below(bound: u64) -> i64 {
    i64::try_from(RandomState::new().build_hasher().finish() % bound).unwrap()
}

fn spawn(app: &TestApp, arguments: &[&str]) -> Child {
    let log = std::fs::File::create(app.path("walk.log")).unwrap();
    app.command().args(arguments).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

async fn killed_in_the_middle(backend: Backend) {
    let mut app = TestApp::spawn_with(backend, &[]).await;
    let said = talk(&app, &app.key, "before").await;
    let mut tenants = vec![app.tenant.clone()];
    for number in 1..TENANTS {
        let (status, made) = app.post("/api/tenants", &json!({"name": format!("tenant-{number}")})).await;
        assert_eq!(status, 201, "{made}");
        tenants.push(made["id"].as_str().unwrap().to_owned());
    }
    app.terminate();
    let first = app.data_dir().join("keys").join("kek").display().to_string();
    let mut keks = [first, new_kek(&app, "second")];
    let mut rows = Rows::of(&app).await;
    let all = i64::try_from(TENANTS).unwrap();
    let mut in_the_middle = 0;
    for round in 0..ROUNDS {
        let [from, to] = &keks;
        app.configure(&[file("[keys.house]", to), file("[[keys.older]]", from)].concat());
        // By turns the command and the service; each dies once so many tenants are moved, or a moment later.
        let arguments: &[&str] =
            if round % 2 == 0 { &["key", "rotate-kek"] } else { &["serve", "--listen", "127.0.0.1:0"] };
        let until = any_below(TENANTS as u64);
        let mut child = spawn(&app, arguments);
        let deadline = Instant::now() + Duration::from_secs(60);
        while under(&mut rows, to).await < until {
            let log = || std::fs::read_to_string(app.path("walk.log"));
            assert!(Instant::now() < deadline, "round {round}, {until}: it does not get on: {:?}", log());
            // On a machine that is too busy it may not reach the database in time: then it is started again, as whoever
            // runs it would.
            if child.try_wait().unwrap().is_some_and(|ended| !ended.success()) {
                child = spawn(&app, arguments);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(u64::try_from(any_below(3000)).unwrap())).await;
        child.kill().unwrap();
        child.wait().unwrap();
        let moved = under(&mut rows, to).await;
        assert_eq!(under(&mut rows, from).await, all - moved, "each is under one of the two");
        in_the_middle += usize::from(moved > 0 && moved < all);

        let resumed = app.cli(&["key", "rotate-kek", "--json"]);
        assert!(resumed.status.success(), "{}", String::from_utf8_lossy(&resumed.stderr));
        let resumed: Value = serde_json::from_slice(&resumed.stdout).unwrap();
        assert_eq!(resumed["left"], 0);
        assert!(resumed["rewrapped"].as_i64().unwrap() >= all - moved, "{resumed}");
        assert_eq!(under(&mut rows, to).await, all);
        keks.reverse();
    }
    assert!(in_the_middle > 0, "none of {ROUNDS} was stopped in the middle");

    let [current, _] = &keks;
    let keyring = Keyring::new(Arc::new(FileProvider::open(current.as_ref()).unwrap()));
    for tenant in &tenants {
        let wrapped = rows.bytes(&format!("select wrapped_key from tenants where id = {}", rows.id(tenant))).await;
        assert!(keyring.tenant_key(tenant.parse().unwrap(), &wrapped).is_ok(), "{tenant}");
    }
    app.configure(&file("[keys.house]", current));
    app.start();
    opens(&app, &app.key, &said, "before").await;
    assert_eq!(app.ask("after").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_killed_goes_on_where_it_was_on_sqlite() {
    killed_in_the_middle(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_killed_goes_on_where_it_was_on_postgres() {
    killed_in_the_middle(Backend::Postgres).await;
}
