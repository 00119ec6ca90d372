//! There and back: nothing fails meanwhile, nothing is in clear, and what was erased since stays erased.

use std::{fs, path::Path};

use leeward_keyring::erasure::ErasureCertificate;
use memchr::memmem;
use reqwest::Method;
use serde_json::{Value, json};

use super::{allow, back_up, made_in, restore, said, target, verified};
use crate::{Backend, TestApp, app::Browser, kek::rotation::Chats, rows::Rows};

const CANARY: &str = "the heron of Orbetello 7f3a";

/// A conversation in which the canary was said, and its path.
async fn conversation(browser: &Browser) -> String {
    let made = browser.send(Method::POST, "/api/conversations", Some(&json!({"model": crate::app::MODEL}))).await;
    assert_eq!(made.0, 201, "{}", made.1);
    let path = format!("/api/conversations/{}", made.1["id"].as_str().unwrap());
    let said = browser.request(Method::POST, &format!("{path}/messages")).json(&json!({"content": CANARY}));
    assert!(said.send().await.unwrap().text().await.unwrap().contains("event: done"));
    path
}

/// The note about the erasure of a conversation, and its key.
async fn certificate(app: &TestApp, path: &str) -> (String, String) {
    let erasures = app.get("/api/erasures").await;
    for erasure in erasures["items"].as_array().unwrap() {
        let told = app.get(&format!("/api/erasures/{}", erasure["record"].as_str().unwrap())).await;
        let note = told["certificates"][0].as_str().unwrap();
        if note.contains(path.strip_prefix("/api/conversations/").unwrap()) {
            return (note.to_owned(), told["key"].as_str().unwrap().to_owned());
        }
    }
    panic!("no certificate: {erasures}");
}

async fn there_and_back(backend: Backend) {
    let mut app = TestApp::installed(backend, &[("LEEWARD__ENGINE__SLOTS", "4")]).await;
    let dir = target(&mut app);
    let other = app.bootstrap("other", "ada@other.example");
    allow(&app, "").await;
    app.start();
    let (_, mo) = app.person("mo@demo.example", &["member"]).await;
    let (user, leaver) = app.person("leaver@demo.example", &["member"]).await;
    let member = app.sign_in("mo@demo.example", &mo).await;
    let (erased, kept) = (conversation(&member).await, conversation(&member).await);
    let gone = conversation(&app.sign_in("leaver@demo.example", &leaver).await).await;

    let chats = Chats::start(&app, &[app.key.clone(), other["api_key"].as_str().unwrap().to_owned()]);
    chats.some_more().await;
    let file = back_up(&app);
    chats.some_more().await;
    chats.end(&app).await;
    assert_eq!(made_in(&dir), [Path::new(&file).file_name().unwrap().to_str().unwrap()]);
    let bytes = fs::read(&file).unwrap();
    for secret in [CANARY, "mo@demo.example", "leaver@demo.example", "SQLite format", "audit_entries", &app.tenant] {
        assert!(memmem::find(&bytes, secret.as_bytes()).is_none(), "{secret} is in the backup");
    }
    let looked = app.cli(&["backup", "verify", &file, "--json"]);
    assert!(looked.status.success(), "{}", said(&looked));
    let looked: Value = serde_json::from_slice(&looked.stdout).unwrap();
    let listed: Value =
        serde_json::from_slice(&app.cli(&["backup", "list", "--to", "nightly", "--json"]).stdout).unwrap();
    for member in ["created_at", "backend", "kek_id", "bytes"] {
        assert_eq!(listed["items"][0][member], looked[member], "{listed}");
    }
    let told = app.records("backup.create.succeeded").await;
    assert_eq!(
        (told.len(), &told[0]["decision"]["allowed"], &told[0]["place"]["site"]),
        (1, &json!(true), &json!("depot"))
    );
    assert!(told[0]["reason"].as_str().unwrap().contains(looked["sha256"].as_str().unwrap()), "{told:?}");

    assert_eq!(member.send(Method::DELETE, &erased, None).await.0, 204);
    assert_eq!(app.request(Method::DELETE, &format!("/api/users/{user}")).send().await.unwrap().status(), 204);
    let (note, key) = certificate(&app, &erased).await;
    let running = app.cli(&["restore", &file, "--reason", "a drill", "--replace"]);
    assert!(said(&running).contains("a gateway is running"), "{}", said(&running));
    assert_eq!(app.terminate(), Some(0), "{}", app.log());

    let refused = restore(&app, &file, &[]);
    assert!(said(&refused).contains("--replace"), "{}", said(&refused));
    let restored = restore(&app, &file, &["--replace"]);
    assert!(restored.status.success(), "{}", said(&restored));
    let restored: Value = serde_json::from_slice(&restored.stdout).unwrap();
    assert_eq!((&restored["tenants"], &restored["had_tombstones"]), (&json!(2), &json!(true)), "{restored}");
    assert_eq!(restored["accepted"].as_array().unwrap().len(), 3, "each log was longer: {restored}");
    if let Some(kept) = restored["kept"].as_str() {
        assert!(fs::metadata(kept).unwrap().len() > 0);
    }
    app.start();

    let before = Browser::at(member.http.clone(), member.csrf.clone(), Value::Null, &app.url);
    assert_eq!(before.send(Method::GET, &kept, None).await.0, 401, "sessions were ended");
    let member = app.sign_in("mo@demo.example", &mo).await;
    let (status, detail) = member.send(Method::GET, &kept, None).await;
    assert_eq!((status, &detail["messages"][0]["content"]), (200, &json!(CANARY)), "{detail}");
    let leaver = app.sign_in("leaver@demo.example", &leaver).await;
    for (owner, path) in [(&member, &erased), (&leaver, &gone)] {
        let (status, error) = owner.send(Method::GET, path, None).await;
        assert_eq!((status, &error["code"]), (410, &json!("key_destroyed")), "{error}");
    }
    assert_eq!(Rows::of(&app).await.number("select count(*) from tombstones").await, 2, "put back");
    // The certificate given then is good still, and can be had anew.
    assert!(ErasureCertificate::open(&note, &key.parse().unwrap()).is_ok());
    assert_eq!(certificate(&app, &erased).await.1, key);
    for log in [&app.tenant, other["tenant_id"].as_str().unwrap(), "platform"] {
        let export = verified(&app, log);
        assert_eq!(export.matches("backup.restore.succeeded").count(), 1, "{log}");
        assert_eq!(export.matches("audit.restore.accepted").count(), 1, "{log}");
        assert!(export.contains("a drill") && export.contains(looked["sha256"].as_str().unwrap()), "{log}");
    }
    // And it goes on: a second one, of what was put back.
    assert_eq!(app.ask("after").await.0, 200);
    let second = back_up(&app);
    assert!(app.cli(&["backup", "verify", &second]).status.success());
    assert!(!made_in(&app.data_dir()).iter().any(|name| name.contains("snapshot") || name.contains("restoring")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_stays_so_when_an_older_backup_is_put_back_on_sqlite() {
    there_and_back(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_stays_so_when_an_older_backup_is_put_back_on_postgres() {
    there_and_back(Backend::Postgres).await;
}

/// A new machine: no database, no key of the log; the key-encryption key and the tombstones are brought along.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_machine_needs_the_backup_and_the_keys_kept_apart() {
    let (mut app, file) = super::backed_up(Backend::Sqlite).await;
    let old = verified(&app, &app.tenant);
    let away = app.path("old-machine");
    fs::rename(app.data_dir(), &away).unwrap();
    let refused = restore(&app, &file, &[]);
    assert!(said(&refused).contains("there is no key file"), "{}", said(&refused));
    assert!(!app.data_dir().join("keys").exists() && !app.data_dir().join("leeward.db").exists());
    fs::create_dir_all(app.data_dir().join("keys")).unwrap();
    fs::copy(away.join("keys/kek"), app.data_dir().join("keys/kek")).unwrap();
    fs::rename(away.join("models"), app.data_dir().join("models")).unwrap();
    let restored = app.cli(&["restore", &file, "--reason", "the building burned"]);
    assert!(restored.status.success(), "{}", said(&restored));
    let told = String::from_utf8_lossy(&restored.stdout).into_owned();
    assert!(told.contains("there was no") && told.contains("tombstones"), "{told}");
    assert!(told.contains("API keys that were revoked since"), "{told}");
    app.start();
    assert_eq!(app.ask("still there?").await.0, 200);
    let header = |export: &str| export.lines().next().unwrap().split("public_key").nth(1).unwrap()[..80].to_owned();
    assert_eq!(header(&verified(&app, &app.tenant)), header(&old), "the same key signs the log");
}
