//! Another key-encryption key takes over while people chat, and one that cannot takes over nothing.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use leeward_keyring::{FileProvider, KeyProvider as _};
use serde_json::{Value, json};

use super::{file, new_kek, opens, talk};
use crate::{Backend, TestApp, app::MODEL, rows::Rows};

/// How many tenants' keys are under the key in this file.
pub(super) async fn under(rows: &mut Rows, kek: &str) -> i64 {
    let id = FileProvider::open(kek.as_ref()).unwrap().key_id();
    let id = match rows {
        Rows::Sqlite(_) => format!("x'{id}'"),
        Rows::Postgres(_) => format!("'\\x{id}'::bytea"),
    };
    rows.number(&format!("select count(*) from tenants where substr(wrapped_key, 3, 8) = {id}")).await
}

/// People who chat until they are told to stop.
pub struct Chats {
    stop: Arc<AtomicBool>,
    done: Arc<AtomicU32>,
    people: Vec<tokio::task::JoinHandle<()>>,
}

impl Chats {
    pub fn start(app: &TestApp, keys: &[String]) -> Self {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let person = |key: &String| {
            let (http, url, key) = (app.http.clone(), app.url.clone(), key.clone());
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            tokio::spawn(async move {
                let post = |path: String, body: Value| http.post(format!("{url}{path}")).bearer_auth(&key).json(&body);
                let made = post("/api/conversations".to_owned(), json!({"model": MODEL})).send().await.unwrap();
                assert_eq!(made.status(), 201);
                let id = made.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
                while !stop.load(Ordering::Relaxed) {
                    let path = format!("/api/conversations/{id}/messages");
                    let said = post(path, json!({"content": "go on"})).send().await.unwrap();
                    let status = said.status();
                    let text = said.text().await.unwrap();
                    assert_eq!(status, 200, "{text}");
                    assert!(text.contains("event: done"), "{text}");
                    let read = http.get(format!("{url}/api/conversations/{id}")).bearer_auth(&key).send().await;
                    assert_eq!(read.unwrap().status(), 200);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let people = keys.iter().map(person).collect();
        Self { stop, done, people }
    }

    pub async fn some_more(&self) {
        let (from, deadline) = (self.done.load(Ordering::Relaxed), Instant::now() + Duration::from_secs(60));
        while self.done.load(Ordering::Relaxed) < from + 6 && self.people.iter().all(|person| !person.is_finished()) {
            assert!(Instant::now() < deadline, "nobody gets on");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Not one request failed.
    pub async fn end(self, app: &TestApp) {
        self.stop.store(true, Ordering::Relaxed);
        for person in self.people {
            let ended = person.await;
            assert!(ended.is_ok(), "{ended:?}\n{}", app.log());
        }
    }
}

async fn while_people_chat(backend: Backend) {
    let mut app = TestApp::installed(backend, &[]).await;
    let mut keys = vec![app.key.clone()];
    for name in ["one", "two", "three"] {
        keys.push(app.bootstrap(name, "ada@other.example")["api_key"].as_str().unwrap().to_owned());
    }
    let first = app.data_dir().join("keys").join("kek").display().to_string();
    let (second, third) = (new_kek(&app, "second"), new_kek(&app, "third"));
    let mut rows = Rows::of(&app).await;

    // The service knows the next key; the command line makes it the current one.
    app.configure(&[file("[keys.house]", &first), file("[[keys.older]]", &second)].concat());
    app.start();
    let said = talk(&app, &app.key, "before").await;
    let chats = Chats::start(&app, &keys);
    chats.some_more().await;
    app.configure(&[file("[keys.house]", &second), file("[[keys.older]]", &first)].concat());
    let moved = app.cli(&["key", "rotate-kek", "--json"]);
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    let moved: Value = serde_json::from_slice(&moved.stdout).unwrap();
    assert_eq!((&moved["left"], &moved["rewrapped"]), (&json!(0), &json!(6)), "four tenants, a signer, the log");
    assert_eq!(under(&mut rows, &second).await, 4);
    chats.some_more().await;
    chats.end(&app).await;
    opens(&app, &app.key, &said, "before").await;
    app.terminate();

    // And the next by a start alone.
    app.configure(&[file("[keys.house]", &third), file("[[keys.older]]", &second)].concat());
    app.start();
    let chats = Chats::start(&app, &keys);
    let deadline = Instant::now() + Duration::from_secs(60);
    while under(&mut rows, &third).await < 4 {
        assert!(Instant::now() < deadline, "{}", app.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    chats.some_more().await;
    chats.end(&app).await;
    app.terminate();

    // The first two are needed no more.
    fs::remove_file(&first).unwrap();
    fs::remove_file(&second).unwrap();
    app.configure(&file("[keys.house]", &third));
    app.start();
    opens(&app, &app.key, &said, "before").await;
    assert_eq!(app.ask("after").await.0, 200);
    let out = app.path("platform.log").display().to_string();
    assert!(app.cli(&["audit", "export", "--tenant", "platform", "--out", &out]).status.success());
    let log = fs::read_to_string(out).unwrap();
    assert_eq!(log.matches("key.kek.rotate.succeeded").count(), 2, "one record for each rotation");
    assert_eq!(log.matches("6 keys rewrapped").count(), 2);
    assert_eq!(log.matches("key.kek.rotate.failed").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_chat_fails_while_the_key_changes_on_sqlite() {
    while_people_chat(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_chat_fails_while_the_key_changes_on_postgres() {
    while_people_chat(Backend::Postgres).await;
}

/// Neither a key that never wrapped anything, nor one that is not there, nor one that opens but is not the current one.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_missing_key_leaves_everything_as_it_was() {
    let mut app = TestApp::spawn().await;
    let said = talk(&app, &app.key, "before").await;
    app.terminate();
    let first = app.data_dir().join("keys").join("kek").display().to_string();
    let wrong = new_kek(&app, "wrong");
    let missing = app.path("missing").display().to_string();
    let log_key = app.data_dir().join("keys").join("audit-log");
    let mut rows = Rows::of(&app).await;
    let row = format!("select wrapped_key from tenants where id = {}", rows.id(&app.tenant));
    let before =
        (rows.bytes(&row).await, rows.bytes("select seed from signing_keys").await, fs::read(&log_key).unwrap());
    let own = file("[keys.tenants.demo]", &missing) + &file("[[keys.tenants_older.demo]]", &first);
    for (configuration, said) in [
        (file("[keys.house]", &wrong), "sealed under key"),
        (file("[keys.house]", &missing), "is missing, but the database has tenants"),
        (file("[keys.house]", &wrong) + &file("[[keys.older]]", &missing), "is unavailable: there is no key file"),
        (own, "is unavailable: there is no key file"),
        (file("[keys.tenants.demo]", &wrong), "sealed under key"),
    ] {
        app.configure(&configuration);
        let refused = app.cli(&["key", "rotate-kek"]);
        assert_eq!(refused.status.code(), Some(1), "{configuration}");
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(told.contains(said), "{configuration}: {told}");
        let seed = rows.bytes("select seed from signing_keys").await;
        assert_eq!((rows.bytes(&row).await, seed, fs::read(&log_key).unwrap()), before, "{configuration}");
    }
    app.configure("");
    app.start();
    opens(&app, &app.key, &said, "before").await;
}
