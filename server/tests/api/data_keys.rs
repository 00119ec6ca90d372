//! Data keys: what was sealed for one place opens in no other, what is older than they are still opens, and they go
//! with what they belong to.

use leeward_domain::{Holder, ids::ConversationId};
use leeward_keyring::{TenantKey, sealed::sealed_by};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::MODEL,
    rows::{Rows, tenant_key},
};

/// Somebody with a key, and one conversation of theirs in which something was said and answered.
struct Talk {
    key: String,
    id: String,
    question: String,
    answer: String,
}

async fn ask(app: &TestApp, key: &str, method: Method, path: &str, body: Option<&Value>) -> Response {
    let request = app.http.request(method, format!("{}{path}", app.url)).bearer_auth(key);
    let request = if let Some(body) = body { request.json(body) } else { request };
    request.send().await.unwrap()
}

async fn read(app: &TestApp, key: &str, path: &str) -> (u16, Value) {
    let response = ask(app, key, Method::GET, path, None).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn talk(app: &TestApp, key: &str, words: &str) -> Talk {
    let new = ask(app, key, Method::POST, "/api/conversations", Some(&json!({"model": MODEL}))).await;
    let id = new.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned();
    say(app, key, &id, words).await;
    let (_, detail) = read(app, key, &format!("/api/conversations/{id}")).await;
    let message = |at: usize| detail["messages"][at]["id"].as_str().unwrap().to_owned();
    Talk { key: key.to_owned(), question: message(0), answer: message(1), id }
}

async fn say(app: &TestApp, key: &str, id: &str, words: &str) {
    let path = format!("/api/conversations/{id}/messages");
    let said = ask(app, key, Method::POST, &path, Some(&json!({"content": words}))).await;
    assert_eq!(said.status(), 200, "{words}");
    assert!(said.text().await.unwrap().contains("event: done"));
}

impl Talk {
    /// It reads as it was written.
    async fn opens(&self, app: &TestApp, words: &str) {
        let (status, detail) = read(app, &self.key, &format!("/api/conversations/{}", self.id)).await;
        assert_eq!(status, 200, "{detail}");
        assert_eq!(detail["conversation"]["title"], words);
        assert_eq!(detail["messages"][0]["content"], words);
        assert_eq!(detail["messages"][1]["content"], format!("You said: {words}"));
        assert_eq!(read(app, &self.key, "/api/conversations").await.0, 200);
    }

    /// Neither reading nor going on works, and each says what an operator needs.
    async fn does_not_open(&self, app: &TestApp, code: &str, what: &str) {
        let path = format!("/api/conversations/{}", self.id);
        let (status, problem) = read(app, &self.key, &path).await;
        assert_eq!((status, problem["code"].as_str()), (500, Some(code)), "{what}: {problem}");
        assert!(problem["detail"].as_str().unwrap().contains("operator"), "{what}: {problem}");
        let request = problem["request_id"].as_str().unwrap();
        let log = app.log();
        let line = log.lines().find(|line| line.contains(request) && line.contains("request failed"));
        let line = line.unwrap_or_else(|| panic!("{what}: the log does not say which\n{log}"));
        assert!(line.contains("cnv_") || line.contains("msg_"), "{what}: {line}");
        assert!(!log.contains("panicked"), "{what}: {log}");
    }

    /// Nothing can be said in it either, and nothing is kept of the attempt.
    async fn cannot_go_on(&self, app: &TestApp, rows: &mut Rows, code: &str) {
        let count = "select count(*) from messages";
        let before = rows.number(count).await;
        let path = format!("/api/conversations/{}/messages", self.id);
        let said = ask(app, &self.key, Method::POST, &path, Some(&json!({"content": "and now?"}))).await;
        assert_eq!(said.status(), 500);
        assert_eq!(said.json::<Value>().await.unwrap()["code"], code);
        assert_eq!(rows.number(count).await, before);
    }
}

/// Somebody who can write to the database, but has no key, moves sealed bytes about.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_to_another_row_or_tenant_does_not_open() {
    let mut app = TestApp::spawn().await;
    let other = app.bootstrap("other", "eve@other.example");
    let eve = other["api_key"].as_str().unwrap().to_owned();
    let ours = app.key.clone();
    let (one, two) = (talk(&app, &ours, "the first").await, talk(&app, &ours, "the second").await);
    let theirs = talk(&app, &eve, "another tenant's").await;
    let mut rows = Rows::of(&app).await;
    let message = |rows: &Rows, id: &str| format!("id = {}", rows.id(id));
    let holder = |talk: &Talk| format!("holder = 'conversation/{}'", talk.id);

    // (what, table, column, one row, the other, how the first conversation answers)
    let swaps = [
        (
            "messages of one conversation",
            "messages",
            "content",
            message(&rows, &one.question),
            message(&rows, &one.answer),
            "content_damaged",
        ),
        (
            "messages of two",
            "messages",
            "content",
            message(&rows, &one.question),
            message(&rows, &two.question),
            "wrong_key",
        ),
        (
            "messages of two tenants",
            "messages",
            "content",
            message(&rows, &one.answer),
            message(&rows, &theirs.answer),
            "wrong_key",
        ),
        ("titles", "conversations", "title", message(&rows, &one.id), message(&rows, &two.id), "wrong_key"),
        (
            "titles of two tenants",
            "conversations",
            "title",
            message(&rows, &one.id),
            message(&rows, &theirs.id),
            "wrong_key",
        ),
        ("data keys", "data_keys", "wrapped", holder(&one), holder(&two), "content_damaged"),
        ("data keys of two tenants", "data_keys", "wrapped", holder(&one), holder(&theirs), "wrong_key"),
    ];
    for (what, table, column, first, second, code) in swaps {
        rows.swap(table, column, &first, &second).await;
        one.does_not_open(&app, code, what).await;
        if table != "conversations" {
            one.cannot_go_on(&app, &mut rows, code).await;
        }
        rows.swap(table, column, &first, &second).await;
        one.opens(&app, "the first").await;
    }

    // A conversation that is told that another's key is its own.
    let names = [&one, &two].map(|talk| format!("(select id from data_keys where {})", holder(talk)));
    for [first, second] in [[1, 0], [0, 1]] {
        for (talk, name) in [(&one, &names[first]), (&two, &names[second])] {
            rows.run(&format!("update conversations set data_key = {name} where {}", message(&rows, &talk.id))).await;
        }
        if first == 1 {
            one.does_not_open(&app, "content_damaged", "another's key by name").await;
        }
    }
    one.opens(&app, "the first").await;
    two.opens(&app, "the second").await;
    theirs.opens(&app, "another tenant's").await;

    // The tenants' own keys, with the service stopped: it knows tenants for a while.
    let tenants = [app.tenant.clone(), other["tenant_id"].as_str().unwrap().to_owned()];
    let tenants = tenants.map(|tenant| format!("id = {}", rows.id(&tenant)));
    app.kill();
    rows.swap("tenants", "wrapped_key", &tenants[0], &tenants[1]).await;
    app.start();
    for talk in [&one, &theirs] {
        let (status, problem) = read(&app, &talk.key, &format!("/api/conversations/{}", talk.id)).await;
        assert_eq!((status, &problem["code"]), (500, &json!("content_damaged")), "{problem}");
    }
    let (status, error) = app.ask("closed?").await;
    assert_eq!((status, &error["error"]["code"]), (500, &json!("content_damaged")), "{error}");
    app.kill();
    rows.swap("tenants", "wrapped_key", &tenants[0], &tenants[1]).await;
    app.start();
    one.opens(&app, "the first").await;
    theirs.opens(&app, "another tenant's").await;
}

/// Turns a conversation into what an older version left: everything under the tenant's key, and no data key.
async fn make_old(rows: &mut Rows, key: &TenantKey, talk: &Talk) {
    let id: ConversationId = talk.id.parse().unwrap();
    let wrapped = rows.bytes(&format!("select wrapped from data_keys where holder = 'conversation/{id}'")).await;
    let own = key.data_key(Holder::Conversation(id), &wrapped).unwrap();
    let texts = [
        ("conversations", "title", rows.id(&talk.id), format!("title:{id}")),
        ("messages", "content", rows.id(&talk.question), format!("message:{id}:{}", talk.question)),
        ("messages", "content", rows.id(&talk.answer), format!("message:{id}:{}", talk.answer)),
    ];
    let ambient = leeward::ambient::system();
    for (table, column, row, bound) in texts {
        let sealed = rows.bytes(&format!("select {column} from {table} where id = {row}")).await;
        assert_eq!(sealed_by(&sealed).unwrap(), own.id(), "{bound} is under the data key");
        let text = own.open(bound.as_bytes(), &sealed).unwrap();
        let old = key.seal(&ambient, bound.as_bytes(), &text).unwrap();
        rows.put(&format!("update {table} set {column} = $1 where id = {row}"), &old).await;
    }
    rows.run(&format!("update conversations set data_key = null where id = {}", rows.id(&talk.id))).await;
    rows.run(&format!("delete from data_keys where holder = 'conversation/{id}'")).await;
}

async fn old_ones_open(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let key = app.key.clone();
    let old = talk(&app, &key, "from before").await;
    let mut rows = Rows::of(&app).await;
    let tenants = tenant_key(&app, &mut rows, &app.tenant).await;
    make_old(&mut rows, &tenants, &old).await;
    let keys = "select count(*) from data_keys";
    assert_eq!(rows.number(keys).await, 0);
    old.opens(&app, "from before").await;
    assert_eq!(rows.number(keys).await, 0, "reading changes nothing");

    // The next writes: several at once, of which each wants to give it its key.
    let path = format!("/api/conversations/{}", old.id);
    let titles = ["one", "two", "three", "four"].map(|title| json!({"title": title}));
    let renamed = titles.iter().map(|title| ask(&app, &key, Method::PATCH, &path, Some(title)));
    for renamed in futures::future::join_all(renamed).await {
        assert_eq!(renamed.status(), 200, "{}", renamed.text().await.unwrap());
    }
    assert_eq!(rows.number(keys).await, 1);
    say(&app, &key, &old.id, "from after").await;
    assert_eq!(rows.number(keys).await, 1);
    let (status, detail) = read(&app, &key, &path).await;
    assert_eq!(status, 200, "{detail}");
    let said: Vec<_> =
        detail["messages"].as_array().unwrap().iter().map(|one| one["content"].as_str().unwrap()).collect();
    assert_eq!(said, ["from before", "You said: from before", "from after", "You said: from after"]);
    assert!(["one", "two", "three", "four"].contains(&detail["conversation"]["title"].as_str().unwrap()));
    let title = rows.bytes(&format!("select title from conversations where id = {}", rows.id(&old.id))).await;
    assert_ne!(sealed_by(&title).unwrap(), tenants.id());
    let newest = detail["messages"][2]["id"].as_str().unwrap();
    for (id, under_tenants) in [(old.question.as_str(), true), (newest, false)] {
        let sealed = rows.bytes(&format!("select content from messages where id = {}", rows.id(id))).await;
        assert_eq!(sealed_by(&sealed).unwrap() == tenants.id(), under_tenants, "{id}");
    }
    assert_eq!(ask(&app, &key, Method::DELETE, &path, None).await.status(), 204);
    assert_eq!(rows.number(keys).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_data_keys_opens_on_sqlite() {
    old_ones_open(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_data_keys_opens_on_postgres() {
    old_ones_open(Backend::Postgres).await;
}

async fn a_destroyed_key(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let key = app.key.clone();
    let (kept, erased) = (talk(&app, &key, "kept").await, talk(&app, &key, "erased").await);
    let mut rows = Rows::of(&app).await;
    rows.run(&format!("delete from data_keys where holder = 'conversation/{}'", erased.id)).await;
    let path = format!("/api/conversations/{}", erased.id);
    let said = json!({"content": "still there?"});
    let title = json!({"title": "a title"});
    for (method, path, body) in [
        (Method::GET, path.clone(), None),
        (Method::PATCH, path.clone(), Some(&title)),
        (Method::POST, format!("{path}/messages"), Some(&said)),
    ] {
        let response = ask(&app, &key, method.clone(), &path, body).await;
        assert_eq!(response.status(), 410, "{method}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], "key_destroyed", "{problem}");
    }
    let (status, list) = read(&app, &key, "/api/conversations").await;
    assert_eq!(status, 200, "one erased conversation does not hide the others: {list}");
    let titles: Vec<_> = list["items"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["", "kept"]);
    assert_eq!(ask(&app, &key, Method::DELETE, &path, None).await.status(), 204, "it can still be deleted");
    kept.opens(&app, "kept").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_destroyed_key_sealed_is_gone_on_sqlite() {
    a_destroyed_key(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_destroyed_key_sealed_is_gone_on_postgres() {
    a_destroyed_key(Backend::Postgres).await;
}
