//! `/v1` as programs see it.

use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, events},
};

fn body(content: &str, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "messages": [{"role": "user", "content": content}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn stream(app: &TestApp, content: &str, more: Value) -> Vec<Value> {
    let mut body = body(content, more);
    body["stream"] = true.into();
    let response = app.request(reqwest::Method::POST, "/v1/chat/completions").json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let events = events(&response.text().await.unwrap());
    assert_eq!(events.last().unwrap().1, "[DONE]");
    events[..events.len() - 1].iter().map(|(_, data)| serde_json::from_str(data).unwrap()).collect()
}

async fn answers(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let (status, answer) = app.ask("hello there").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["choices"][0]["message"]["content"], "You said: hello there");
    assert_eq!(answer["choices"][0]["finish_reason"], "stop");
    assert_eq!(answer["usage"]["completion_tokens"], 4);
    let total = answer["usage"]["prompt_tokens"].as_u64().unwrap() + 4;
    assert_eq!(answer["usage"]["total_tokens"], total);

    let models = app.get("/v1/models").await;
    assert_eq!(models["data"][0]["id"], MODEL);
    assert_eq!(app.get("/v1/models/echo").await["id"], MODEL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_answer_on_sqlite() {
    answers(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_answer_on_postgres() {
    answers(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_adds_up_to_the_whole_answer() {
    let app = TestApp::spawn().await;
    let chunks = stream(&app, "!count 20", json!({"stream_options": {"include_usage": true}})).await;
    let text: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str()).collect();
    let (_, whole) = app.ask("!count 20").await;
    assert_eq!(whole["choices"][0]["message"]["content"], text);
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    let last = chunks.last().unwrap();
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"], whole["usage"]);
    let id = &chunks[0]["id"];
    assert!(chunks.iter().all(|chunk| &chunk["id"] == id));
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_stops_and_choices_work() {
    let app = TestApp::spawn().await;
    let (_, short) = app.post("/v1/chat/completions", &body("!count 20", json!({"max_tokens": 3}))).await;
    assert_eq!(short["choices"][0]["message"]["content"], "w1 w2 w3");
    assert_eq!(short["choices"][0]["finish_reason"], "length");
    let (_, stopped) = app.post("/v1/chat/completions", &body("!count 20", json!({"stop": [" w5"]}))).await;
    assert_eq!(stopped["choices"][0]["message"]["content"], "w1 w2 w3 w4");
    assert_eq!(stopped["choices"][0]["finish_reason"], "stop");
    let (_, several) = app.post("/v1/chat/completions", &body("!count 2", json!({"n": 3}))).await;
    let indexes: Vec<_> = several["choices"].as_array().unwrap().iter().map(|choice| choice["index"].clone()).collect();
    assert_eq!(indexes, [0, 1, 2]);
    assert_eq!(several["usage"]["completion_tokens"], 6);
    let chunks = stream(&app, "!count 2", json!({"n": 2})).await;
    for index in 0..2 {
        let text: String = chunks
            .iter()
            .filter(|chunk| chunk["choices"][0]["index"] == index)
            .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
            .collect();
        assert_eq!(text, "w1 w2");
    }
    assert_eq!(app.records("inference.completed").await.len(), 7, "one outcome for each choice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_refused_by_name() {
    let app = TestApp::spawn().await;
    for (field, value) in [
        ("tools", json!([{"type": "function"}])),
        ("top_logprobs", json!(2)),
        ("response_format", json!({"type": "xml"})),
        ("logit_bias", json!({"x": 5})),
        ("store", json!(true)),
        ("temperature", json!(3)),
        ("top_p", json!(0)),
        ("n", json!(5)),
        ("presence_penalty", json!(-3)),
        ("stop", json!(["a", "b", "c", "d", "e"])),
        ("stream_options", json!({"include_usage": true})),
        ("surprise", json!(1)),
    ] {
        let (status, error) = app.post("/v1/chat/completions", &body("x", json!({field: value}))).await;
        assert_eq!(status, 400, "{field}: {error}");
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(field), "{field}: {message}");
    }
    let parts = json!([{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}]);
    let (status, answer) = app
        .post("/v1/chat/completions", &json!({"model": MODEL, "messages": parts, "seed": 7, "temperature": 0}))
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["choices"][0]["message"]["content"], "You said: ab");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_says_so_and_when_to_come_back() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__ENGINE__QUEUE_CAPACITY", "2")]).await;
    let slow = body("!slow 200 !count 20", json!({}));
    let asks = (0..8).map(|_| app.request(reqwest::Method::POST, "/v1/chat/completions").json(&slow).send());
    let responses = futures::future::join_all(asks).await;
    let refused: Vec<_> =
        responses.into_iter().map(Result::unwrap).filter(|response| response.status() == 429).collect();
    assert_eq!(refused.len(), 5, "one runs, two wait");
    for response in refused {
        let after: u64 = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=60).contains(&after));
        let error: Value = response.json().await.unwrap();
        assert_eq!(error["error"]["code"], "queue_full");
        assert!(error["error"]["message"].as_str().unwrap().contains("engine.queue_capacity"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_cut_into_tokens() {
    let app = TestApp::spawn().await;
    // By now the worker is ready.
    assert_eq!(app.ask("hello").await.0, 200);
    let tokens = async |more: Value| {
        let mut body = json!({"model": MODEL, "prompt": "one two one"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        app.post("/v1/tokenize", &body).await
    };
    let (status, told) = tokens(json!({})).await;
    assert_eq!((status, &told["count"]), (200, &json!(3)), "{told}");
    assert_eq!(told["tokens"].as_array().unwrap().len(), 3);
    assert!(told["max_model_len"].as_u64().unwrap() > 0);
    assert_eq!(tokens(json!({"add_special_tokens": false, "return_token_strs": false})).await.1, told);
    for (field, value) in [
        ("messages", json!([{"role": "user", "content": "x"}])),
        ("add_special_tokens", json!(true)),
        ("return_token_strs", json!(true)),
        ("prompt", Value::Null),
        ("prompt", json!("x".repeat(1024 * 1024 + 1))),
        ("surprise", json!(1)),
    ] {
        let (status, error) = tokens(json!({field: value})).await;
        assert_eq!(status, 400, "{field}: {error}");
        assert!(error["error"]["message"].as_str().unwrap().contains(field), "{error}");
    }
    let (status, error) = tokens(json!({"model": "nobody"})).await;
    assert_eq!((status, &error["error"]["code"]), (404, &json!("model_not_found")));
}
