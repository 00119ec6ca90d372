//! The life of data: what is deleted stays deleted when yesterday's database is put back, what is held stays, and what
//! has run its time goes.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{Browser, MODEL},
    residency::{decide, next, officers, propose},
    rows::Rows,
};

/// A conversation with something in it, and its path.
async fn conversation(browser: &Browser) -> String {
    let (status, made) = browser.send(Method::POST, "/api/conversations", Some(&json!({"model": MODEL}))).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/conversations/{}", made["id"].as_str().unwrap());
    let said = browser.request(Method::POST, &format!("{path}/messages")).json(&json!({"content": "keep this"}));
    assert!(said.send().await.unwrap().text().await.unwrap().contains("event: done"));
    path
}

async fn hold(officer: &Browser, what: Value) -> String {
    let mut body = what;
    body["reason"] = json!("proceedings 12/2026");
    let (status, placed) = officer.send(Method::POST, "/api/holds", Some(&body)).await;
    assert_eq!(status, 201, "{placed}");
    placed["id"].as_str().unwrap().to_owned()
}

async fn status(browser: &Browser, method: Method, path: &str) -> (u16, Value) {
    browser.send(method, path, None).await
}

/// SQLite: the database file of before takes the place of the one of now, as a careless operator would do it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_stays_so_when_an_older_database_is_put_back() {
    let mut app = TestApp::spawn().await;
    let (_, mo) = app.person("mo@demo.example", &["member"]).await;
    let (user, leaver) = app.person("leaver@demo.example", &["member"]).await;
    let member = app.sign_in("mo@demo.example", &mo).await;
    let (erased, kept) = (conversation(&member).await, conversation(&member).await);
    let gone = conversation(&app.sign_in("leaver@demo.example", &leaver).await).await;
    assert_eq!(app.terminate(), Some(0), "{}", app.log());
    let database = app.data_dir().join("leeward.db");
    let backup = app.path("backup.db");
    std::fs::copy(&database, &backup).unwrap();

    app.start();
    let member = app.sign_in("mo@demo.example", &mo).await;
    assert_eq!(status(&member, Method::DELETE, &erased).await.0, 204);
    assert_eq!(app.request(Method::DELETE, &format!("/api/users/{user}")).send().await.unwrap().status(), 204);
    let erasures = app.get("/api/erasures").await;
    assert_eq!(erasures["items"].as_array().unwrap().len(), 2, "{erasures}");
    let certificate = app.get(&format!("/api/erasures/{}", erasures["items"][1]["record"].as_str().unwrap())).await;
    let note = certificate["certificates"][0].as_str().unwrap();
    let conversation = erased.strip_prefix("/api/conversations/").unwrap();
    assert!(note.contains(&format!("conversation/{conversation}")), "{note}");
    let key = certificate["key"].as_str().unwrap().parse().unwrap();
    let opened = leeward_keyring::erasure::ErasureCertificate::open(note, &key).unwrap();
    assert_eq!(opened.keys.len(), 1);
    assert!(leeward_keyring::erasure::ErasureCertificate::open(&note.replacen("cnv_", "cnv_0", 1), &key).is_err());
    assert_eq!(app.terminate(), Some(0), "{}", app.log());

    std::fs::copy(&backup, &database).unwrap();
    for rest in ["leeward.db-wal", "leeward.db-shm"] {
        drop(std::fs::remove_file(app.data_dir().join(rest)));
    }
    let accepted = app.cli(&["audit", "accept-restore", "--reason", "a drill"]);
    assert!(accepted.status.success(), "{}", String::from_utf8_lossy(&accepted.stderr));
    app.start();
    let member = app.sign_in("mo@demo.example", &mo).await;
    assert_eq!(status(&member, Method::GET, &kept).await.0, 200, "what was not erased is there");
    let leaver = app.sign_in("leaver@demo.example", &leaver).await;
    for (owner, path) in [(&member, &erased), (&leaver, &gone)] {
        let (status, error) = status(owner, Method::GET, path).await;
        assert_eq!((status, &error["code"]), (410, &json!("key_destroyed")), "{error}");
    }
    let mut rows = Rows::of(&app).await;
    assert_eq!(rows.number("select count(*) from tombstones").await, 2, "put back");
    assert_eq!(rows.number("select count(*) from data_keys").await, 1, "and the keys are gone again");
    assert!(app.log().contains("the database lacked tombstones"));
}

async fn what_is_held_stays(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let officer = app.officer().await;
    let (user, member) = app.member("mo@demo.example", &["member"]).await;
    let (first, second) = (conversation(&member).await, conversation(&member).await);
    let id = first.strip_prefix("/api/conversations/").unwrap();

    let on_one = hold(&officer, json!({"conversation": id})).await;
    let (status_, error) = status(&member, Method::DELETE, &first).await;
    assert_eq!((status_, &error["code"]), (409, &json!("legal_hold")), "{error}");
    assert!(error["detail"].as_str().unwrap().contains(&on_one), "{error}");
    assert_eq!(status(&member, Method::GET, &first).await.0, 200);
    assert_eq!(status(&member, Method::DELETE, &second).await.0, 204, "the other is not held");
    let refused = app.records("conversation.change.failed").await;
    assert_eq!((&refused[0]["holds"], &refused[0]["reason"]), (&json!([on_one]), &json!("legal_hold")), "{refused:?}");
    // Nor does it go with its owner.
    let delete_user =
        async || app.request(Method::DELETE, &format!("/api/users/{user}")).send().await.unwrap().status();
    assert_eq!(delete_user().await, 409);
    assert_eq!(app.records("user.delete.failed").await[0]["holds"], json!([on_one]));

    let release = json!({"reason": "proceedings ended"});
    let path = format!("/api/holds/{on_one}/release");
    assert_eq!(officer.send(Method::POST, &path, Some(&release)).await.0, 204);
    assert_eq!(officer.send(Method::POST, &path, Some(&release)).await.0, 404, "once");

    // A person, a period that fits, one that does not, and everything.
    for (what, held) in [
        (json!({"user": user}), true),
        (json!({"from": "2026-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"}), true),
        (json!({"from": "2999-01-01T00:00:00Z"}), false),
        (json!({"to": "2026-01-01T00:00:00Z"}), false),
        (json!({"user": user, "to": "2026-01-01T00:00:00Z"}), false),
        (json!({"model": MODEL, "classification": "internal"}), true),
        (json!({"classification": "confidential"}), false),
        (json!({"model": "another"}), false),
        (json!({}), true),
    ] {
        let path = conversation(&member).await;
        let hold = hold(&officer, what.clone()).await;
        let expected = if held { 409 } else { 204 };
        assert_eq!(status(&member, Method::DELETE, &path).await.0, expected, "{what}");
        let released = officer.send(Method::POST, &format!("/api/holds/{hold}/release"), Some(&release)).await;
        assert_eq!(released.0, 204);
    }
    let (_, all) = status(&officer, Method::GET, "/api/holds").await;
    assert_eq!(all["items"].as_array().unwrap().len(), 10);
    assert!(all["items"].as_array().unwrap().iter().all(|hold| hold["released_at"].is_string()), "{all}");
    for (wrong, code) in [
        (json!({"reason": "x"}), 400),
        (json!({"reason": "why not", "from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}), 400),
        (json!({"reason": "why not", "user": "usr_00000000000000000000000000000000"}), 404),
    ] {
        assert_eq!(officer.send(Method::POST, "/api/holds", Some(&wrong)).await.0, code, "{wrong}");
    }
    assert_eq!(delete_user().await, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_stays_on_sqlite() {
    what_is_held_stays(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_stays_on_postgres() {
    what_is_held_stays(Backend::Postgres).await;
}

async fn what_has_run_its_time_goes(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[("LEEWARD__RETENTION__EVERY_S", "1")]).await;
    let (ada, bea) = officers(&app).await;
    let (_, member) = app.member("mo@demo.example", &["member"]).await;
    let paths = [conversation(&member).await, conversation(&member).await, conversation(&member).await];
    let [old, held, young] = &paths;
    let id = |path: &str| path.strip_prefix("/api/conversations/").unwrap().to_owned();
    hold(&ada, json!({"conversation": id(held)})).await;
    let mut rows = Rows::of(&app).await;
    for path in [old, held] {
        let literal = rows.id(&id(path));
        let past = if matches!(backend, Backend::Sqlite) {
            "updated_at - 40 * 86400000000"
        } else {
            "updated_at - interval '40 days'"
        };
        rows.run(&format!("update conversations set updated_at = {past} where id = {literal}")).await;
    }
    let policy = next(&ada, |policy| policy["retention"] = json!({"conversations": 30})).await;
    assert_eq!(decide(&bea, &propose(&ada, &policy).await, "approve").await.0, 200);
    let begun = Instant::now();
    while status(&member, Method::GET, old).await.0 != 404 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it never went: {}", app.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for path in [held, young] {
        assert_eq!(status(&member, Method::GET, path).await.0, 200);
    }
    let records = app.records("retention.expire.succeeded").await;
    assert_eq!(records.len(), 1, "{records:?}");
    assert!(records[0]["reason"].as_str().unwrap().starts_with("1 conversations last changed before"), "{records:?}");
    assert_eq!(rows.number("select count(*) from data_keys").await, 2);
    assert_eq!(rows.number("select count(*) from tombstones").await, 0, "it would run out again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_run_its_time_goes_on_sqlite() {
    what_has_run_its_time_goes(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_run_its_time_goes_on_postgres() {
    what_has_run_its_time_goes(Backend::Postgres).await;
}

/// The lines of an export.
async fn taken_out(browser: &Browser, path: &str, body: Value) -> Vec<Value> {
    let answer = browser.request(Method::POST, path).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-disposition"].to_str().unwrap().ends_with(".export.ndjson\""));
    let text = answer.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn of_kind<'a>(lines: &'a [Value], kind: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["kind"] == kind).collect()
}

async fn what_is_kept_of_a_person_is_handed_out(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let (ada, bea) = officers(&app).await;
    let (user, member) = app.member("mo@demo.example", &["member"]).await;
    let (_, other) = app.member("other@demo.example", &["member"]).await;
    let paths = [conversation(&member).await, conversation(&member).await];
    conversation(&other).await;
    let raised = json!({"classification": "internal", "title": "what Mo asked"});
    assert_eq!(member.send(Method::PATCH, &paths[0], Some(&raised)).await.0, 200);
    assert_eq!(member.send(Method::POST, "/api/me/keys", Some(&json!({"name": "laptop"}))).await.0, 201);
    let mut rows = Rows::of(&app).await;
    let path = format!("/api/users/{user}/export");
    let reason = json!({"reason": "request 7/2026 of the person"});

    let lines = taken_out(&ada, &path, reason.clone()).await;
    assert_eq!((&lines[0]["format"], &lines[0]["version"]), (&json!("leeward-subject-export"), &json!(1)));
    let record = &app.records("export.subject.succeeded").await[0];
    assert_eq!(lines[0]["record"], record["id"]);
    assert_eq!((&record["reason"], &record["object"]["id"]), (&reason["reason"], &json!(user)), "{record}");
    assert_eq!(record["decision"]["rule"], "export: site local is in the tenant's list");
    assert_eq!(of_kind(&lines, "person")[0]["email"], "mo@demo.example");
    assert_eq!(of_kind(&lines, "api_key")[0]["name"], "laptop");
    assert_eq!(of_kind(&lines, "session").len(), 1);
    let titles: Vec<_> = of_kind(&lines, "conversation").iter().map(|line| line["title"].clone()).collect();
    assert!(titles.len() == 2 && titles.contains(&json!("what Mo asked")), "{titles:?}");
    let said = of_kind(&lines, "message");
    assert_eq!(said.len(), 4);
    assert_eq!(said.iter().filter(|line| line["content"] == "keep this").count(), 2, "{said:?}");
    let end = json!({"kind": "end", "conversations": 2, "messages": 4, "unreadable": 0});
    assert_eq!(lines.last(), Some(&end));
    let own = taken_out(&member, "/api/me/export", json!({})).await;
    assert_eq!(of_kind(&own, "message").len(), 4);
    assert_eq!(of_kind(&own, "session")[0]["current"], true);
    assert_eq!(app.records("export.subject.succeeded").await[0]["reason"], "asked for by the person");

    // What was erased is said to be there no more, and the rest comes.
    let id = rows.id(&format!("cnv_{}", paths[1].strip_prefix("/api/conversations/cnv_").unwrap()));
    rows.run(&format!("delete from data_keys where id = (select data_key from conversations where id = {id})")).await;
    let lines = taken_out(&ada, &path, reason.clone()).await;
    let end = json!({"kind": "end", "conversations": 2, "messages": 2, "unreadable": 1});
    assert_eq!(lines.last(), Some(&end));
    let gone: Vec<_> = lines.iter().filter(|line| line["unreadable"] == "key_destroyed").collect();
    assert!(gone.len() == 1 && gone[0]["title"] == "", "{gone:?}");

    let key = app.post("/api/me/export", &json!({})).await;
    assert_eq!((key.0, &key.1["code"]), (403, &json!("forbidden")), "{}", key.1);
    for (path, body, status) in [
        (path.as_str(), json!({"reason": "x"}), 400),
        ("/api/users/usr_00000000000000000000000000000000/export", reason.clone(), 404),
        ("/api/users/nobody/export", reason.clone(), 404),
    ] {
        assert_eq!(ada.send(Method::POST, path, Some(&body)).await.0, status, "{path}");
    }
    let nowhere = next(&ada, |policy| policy["export"] = json!([])).await;
    assert_eq!(decide(&bea, &propose(&ada, &nowhere).await, "approve").await.0, 200);
    let (status, error) = ada.send(Method::POST, &path, Some(&reason)).await;
    assert_eq!((status, &error["code"]), (403, &json!("residency_denied")), "{error}");
    let refused = &app.records("export.subject.failed").await[0];
    assert_eq!(refused["decision"]["rule"], "export: the tenant's list is empty", "{refused}");
    assert_eq!(refused["reason"], "residency_denied");
    assert_eq!(member.send(Method::POST, "/api/me/export", Some(&json!({}))).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_person_is_handed_out_on_sqlite() {
    what_is_kept_of_a_person_is_handed_out(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_a_person_is_handed_out_on_postgres() {
    what_is_kept_of_a_person_is_handed_out(Backend::Postgres).await;
}

/// Power fails in the middle of a line: the database has that tombstone still.
#[tokio::test(flavor = "multi_thread")]
async fn a_torn_last_tombstone_is_written_again_and_an_altered_list_is_refused() {
    let mut app = TestApp::spawn().await;
    let (_, member) = app.member("mo@demo.example", &["member"]).await;
    for path in [conversation(&member).await, conversation(&member).await] {
        assert_eq!(status(&member, Method::DELETE, &path).await.0, 204);
    }
    app.terminate();
    let file = app.data_dir().join("keys/tombstones");
    let whole = std::fs::read_to_string(&file).unwrap();
    assert_eq!(whole.lines().count(), 3);
    std::fs::write(&file, &whole[..whole.len() - 20]).unwrap();
    app.start();
    app.terminate();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), whole);
    std::fs::write(&file, whole.replacen("conversation/cnv_0", "conversation/cnv_1", 1)).unwrap();
    let refused = app.command().args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let error = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && error.contains("tombstones was altered"), "{error}");
}
