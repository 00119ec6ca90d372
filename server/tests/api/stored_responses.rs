//! Responses that were asked to be stored: fetched, gone on from, held, taken out and deleted by whoever asked.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, events},
};

const PATH: &str = "/v1/responses";

async fn ask(app: &TestApp, input: Value, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "input": input});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, response) = app.post(PATH, &body).await;
    assert_eq!(status, 200, "{response}");
    response
}

fn path(response: &Value) -> String {
    format!("{PATH}/{}", response["id"].as_str().unwrap())
}

async fn status(app: &TestApp, method: Method, path: &str) -> (u16, Value) {
    let answer = app.request(method, path).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// The messages that the engine was given.
fn given(response: &Value) -> Value {
    let text = response["output"][0]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{response}"));
    serde_json::from_str::<Value>(text).unwrap()["messages"].clone()
}

async fn kept_and_gone_on_from(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let store = json!({"store": true, "instructions": "Be brief.", "metadata": {"a": "b"}});
    let first = ask(&app, json!("hello"), store).await;
    assert_eq!((&first["store"], &first["status"]), (&json!(true), &json!("completed")));
    assert_eq!(app.get(&path(&first)).await, first, "it is fetched as it was answered");

    // Without a word about storing nothing is stored; what went before is told, its instructions are not.
    let previous = json!({"previous_response_id": first["id"]});
    let second = ask(&app, json!("!echo"), previous.clone()).await;
    assert_eq!((&second["store"], &second["previous_response_id"]), (&json!(false), &first["id"]));
    let told: Vec<_> =
        given(&second).as_array().unwrap().iter().map(|m| (m["role"].clone(), m["content"].clone())).collect();
    let wanted = [("user", "hello"), ("assistant", "You said: hello"), ("user", "!echo")];
    assert_eq!(told, wanted.map(|(role, content)| (json!(role), json!(content))));
    assert_eq!(status(&app, Method::GET, &path(&second)).await.0, 404);

    // A chain, one link of it a stream, another a call.
    let tool = json!({"type": "function", "name": "add", "parameters": {"type": "object"}});
    let more = json!({"previous_response_id": first["id"], "store": true, "tools": [tool]});
    let call = ask(&app, json!("!call add {\"a\": 1}"), more).await;
    let call_id = &call["output"][0]["call_id"];
    assert_eq!(call["output"][0]["type"], "function_call", "{call}");
    let output = json!([{"type": "function_call_output", "call_id": call_id, "output": "!count 3"}]);
    let body = json!({"model": MODEL, "input": output, "previous_response_id": call["id"], "store": true,
        "tools": [tool], "stream": true});
    let stream = app.request(Method::POST, PATH).json(&body).send().await.unwrap().text().await.unwrap();
    let last: Value = serde_json::from_str(&events(&stream).last().unwrap().1).unwrap();
    assert_eq!(last["type"], "response.completed", "{last}");
    assert_eq!(app.get(&path(&last["response"])).await, last["response"]);
    let last = ask(&app, json!("!echo"), json!({"previous_response_id": last["response"]["id"]})).await;
    let roles: Vec<_> = given(&last).as_array().unwrap().iter().map(|message| message["role"].clone()).collect();
    assert_eq!(roles, ["user", "assistant", "user", "assistant", "tool", "assistant", "user"].map(Value::from));

    // What was deleted is gone for good, and what went on from it stays.
    let gone = json!({"id": first["id"], "object": "response", "deleted": true});
    assert_eq!(status(&app, Method::DELETE, &path(&first)).await, (200, gone));
    assert_eq!(status(&app, Method::GET, &path(&first)).await.0, 404);
    assert_eq!(status(&app, Method::DELETE, &path(&first)).await.0, 404);
    let body = json!({"model": MODEL, "input": "hi", "previous_response_id": first["id"]});
    let (code, error) = app.post(PATH, &body).await;
    assert_eq!((code, error["error"]["param"].as_str()), (400, Some("previous_response_id")), "{error}");
    assert_eq!(app.get(&path(&call)).await["id"], call["id"]);
    assert_eq!(app.records("conversation.delete.succeeded").await.len(), 1);
    assert_eq!(app.records("conversation.create.succeeded").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_and_gone_on_from_on_sqlite() {
    kept_and_gone_on_from(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_and_gone_on_from_on_postgres() {
    kept_and_gone_on_from(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_has_them_and_no_chat_lists_them() {
    let app = TestApp::spawn().await;
    let stored = ask(&app, json!("mine"), json!({"store": true})).await;
    let (_, other) = app.member("mo@demo.example", &["member"]).await;
    let stranger = app.bootstrap("other", "ada@other.example");
    for method in [Method::GET, Method::DELETE] {
        let (code, error) = other.send(method.clone(), &path(&stored), None).await;
        assert_eq!((code, &error["error"]["code"]), (404, &json!("not_found")), "{error}");
        let key = stranger["api_key"].as_str().unwrap();
        let answer = app.http.request(method, format!("{}{}", app.url, path(&stored))).bearer_auth(key).send().await;
        assert_eq!(answer.unwrap().status(), 404);
    }
    let body = json!({"model": MODEL, "input": "hi", "previous_response_id": stored["id"]});
    let (code, error) = other.send(Method::POST, PATH, Some(&body)).await;
    assert_eq!((code, error["error"]["param"].as_str()), (400, Some("previous_response_id")), "{error}");
    assert_eq!(app.get("/api/conversations").await["items"], json!([]));
    assert_eq!(app.get(&path(&stored)).await["id"], stored["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_life_of_data_is_theirs_too() {
    let app = TestApp::spawn().await;
    let admin = app.admin().await;
    // What went before is read together with what is asked now, and is as sensitive.
    let request = app.request(Method::POST, PATH).header("leeward-classification", "confidential");
    let body = json!({"model": MODEL, "input": "the plan", "store": true});
    let answer = request.json(&body).send().await.unwrap();
    let (code, refused) = (answer.status(), answer.json::<Value>().await.unwrap());
    assert_eq!((code.as_u16(), &refused["error"]["code"]), (403, &json!("residency_denied")), "{refused}");
    assert_eq!(app.records("conversation.change.failed").await[0]["reason"], "residency_denied");
    assert!(app.records("inference.admitted").await.is_empty(), "nothing was made that could not be kept");

    let stored = ask(&app, json!("the plan"), json!({"store": true})).await;
    let (_, own) = admin.send(Method::POST, "/api/me/export", Some(&json!({}))).await;
    drop(own);
    let export = admin.request(Method::POST, "/api/me/export").json(&json!({})).send().await.unwrap();
    let export = export.text().await.unwrap();
    assert!(export.contains("You said: the plan") && export.contains(stored["id"].as_str().unwrap()), "{export}");

    let conversation = app.records("conversation.create.succeeded").await[0]["object"]["id"].clone();
    let officer = app.officer().await;
    let hold = json!({"conversation": conversation, "reason": "proceedings 12/2026"});
    let (code, hold) = officer.send(Method::POST, "/api/holds", Some(&hold)).await;
    assert_eq!(code, 201, "{hold}");
    let (code, error) = status(&app, Method::DELETE, &path(&stored)).await;
    assert_eq!((code, &error["error"]["code"]), (409, &json!("legal_hold")), "{error}");
    assert_eq!(app.get(&path(&stored)).await["id"], stored["id"]);
}
