//! `/v1/messages` as programs written for Anthropic's API see it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, events},
};

const PATH: &str = "/v1/messages";
const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");

fn body(content: &str, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "max_tokens": 4096, "messages": [{"role": "user", "content": content}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn post(app: &TestApp, path: &str, body: &Value) -> (u16, Value) {
    let request = app.request(Method::POST, path).header(VERSION.0, VERSION.1).json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn ask(app: &TestApp, content: &str, more: Value) -> Value {
    let (status, answer) = post(app, PATH, &body(content, more)).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// What the engine was given.
async fn given(app: &TestApp, more: Value) -> Value {
    let answer = ask(app, "!echo", more).await;
    serde_json::from_str(answer["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"))).unwrap()
}

async fn refused(app: &TestApp, more: Value, says: &str) {
    let (status, answer) = post(app, PATH, &body("hello", more.clone())).await;
    assert_eq!((status, &answer["type"]), (400, &json!("error")), "{more}: {answer}");
    assert_eq!(answer["error"]["type"], "invalid_request_error", "{more}: {answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains(says), "{more}: {answer}");
}

fn weather() -> Value {
    json!({
        "name": "weather", "description": "The weather of a place.",
        "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    })
}

/// A stream's message as a client puts it together; checks the order of events on the way.
async fn streamed(app: &TestApp, content: &str, more: Value) -> Value {
    let mut body = body(content, more);
    body["stream"] = true.into();
    let request = app.request(Method::POST, PATH).header(VERSION.0, VERSION.1).json(&body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut message = Value::Null;
    let mut open: Option<u64> = None;
    let mut input = String::new();
    let mut ended = false;
    for (name, data) in events(&response.text().await.unwrap()) {
        let event: Value = serde_json::from_str(&data).unwrap();
        let kind = event["type"].as_str().unwrap().to_owned();
        assert_eq!(name.as_deref(), Some(kind.as_str()));
        assert!(!ended, "nothing follows message_stop: {event}");
        let index = event["index"].as_u64();
        match kind.as_str() {
            "message_start" => message = event["message"].clone(),
            "ping" => assert!(message.is_object()),
            "content_block_start" => {
                let blocks = message["content"].as_array_mut().unwrap();
                assert_eq!((open, index), (None, Some(blocks.len() as u64)), "{event}");
                blocks.push(event["content_block"].clone());
                open = index;
                input.clear();
            }
            "content_block_delta" => {
                assert_eq!(open, index, "{event}");
                let delta = &event["delta"];
                let block = message["content"].as_array_mut().unwrap().last_mut().unwrap();
                let field = match delta["type"].as_str().unwrap() {
                    "text_delta" => "text",
                    "thinking_delta" => "thinking",
                    "input_json_delta" => {
                        input.push_str(delta["partial_json"].as_str().unwrap());
                        continue;
                    }
                    other => panic!("{other}"),
                };
                block[field] = json!(format!("{}{}", block[field].as_str().unwrap(), delta[field].as_str().unwrap()));
            }
            "content_block_stop" => {
                assert_eq!(open.take(), index, "{event}");
                let block = message["content"].as_array_mut().unwrap().last_mut().unwrap();
                if block["type"] == "tool_use" {
                    block["input"] = serde_json::from_str(&input).unwrap_or_else(|_| json!(input));
                }
            }
            "message_delta" => {
                assert_eq!(open, None);
                message["stop_reason"] = event["delta"]["stop_reason"].clone();
                message["usage"] = event["usage"].clone();
            }
            "message_stop" => ended = true,
            other => panic!("{other}"),
        }
    }
    assert!(ended);
    message
}

async fn answers(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let answer = ask(&app, "hello there", json!({})).await;
    assert_eq!((&answer["type"], &answer["role"]), (&json!("message"), &json!("assistant")));
    assert!(answer["id"].as_str().unwrap().starts_with("msg_"));
    assert_eq!(answer["model"], MODEL);
    assert_eq!(answer["content"], json!([{"type": "text", "text": "You said: hello there"}]));
    assert_eq!((&answer["stop_reason"], &answer["stop_sequence"]), (&json!("end_turn"), &Value::Null));
    let usage = json!({
        "input_tokens": 2, "output_tokens": 4, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
    });
    assert_eq!(answer["usage"], usage);
    let told = streamed(&app, "hello there", json!({})).await;
    for field in ["content", "stop_reason", "usage", "model", "role"] {
        assert_eq!(told[field], answer[field], "{field}");
    }
    assert_eq!(app.records("inference.completed").await.len(), 2, "admitted and settled as any other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whole_and_streamed_on_sqlite() {
    answers(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whole_and_streamed_on_postgres() {
    answers(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_comes_as_their_client_sends_it_and_only_there() {
    let app = TestApp::spawn().await;
    let send = async |path: &str, headers: &[(&str, &str)]| {
        let mut request = app.http.post(format!("{}{path}", app.url)).json(&body("hi", json!({})));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let key = ("x-api-key", app.key.as_str());
    assert_eq!(send(PATH, &[key, VERSION]).await.0, 200);
    assert_eq!(send(PATH, &[key, ("anthropic-version", "2026-10-21")]).await.0, 200);
    for headers in [&[VERSION][..], &[("x-api-key", "lwd_wrong"), VERSION], &[("x-api-key", ""), VERSION]] {
        let (status, error) = send(PATH, headers).await;
        assert_eq!((status, &error["type"]), (401, &json!("error")), "{headers:?}: {error}");
        assert_eq!(error["error"]["type"], "authentication_error");
        assert!(error["request_id"].as_str().unwrap().starts_with("req_"));
    }
    assert_eq!(app.records("auth.access.refused").await.len(), 0, "refusals without an identity are the platform's");
    assert_eq!(send("/v1/chat/completions", &[key]).await.0, 401, "their header opens their doors only");
    let wrong = format!("Bearer {}x", app.key);
    assert_eq!(send(PATH, &[key, ("authorization", &wrong), VERSION]).await.0, 401, "Authorization counts");
    for version in [&[key][..], &[key, ("anthropic-version", "2023-01-01")]] {
        let (status, error) = send(PATH, version).await;
        assert_eq!(status, 400, "{error}");
        assert!(error["error"]["message"].as_str().unwrap().contains("anthropic-version"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_calls_and_is_answered() {
    let app = TestApp::spawn().await;
    let tools = json!({"tools": [weather()]});
    let said = r#"!call weather {"place": "Sant'Agata — 산타가타 🌧️"}"#;
    let answer = ask(&app, said, tools.clone()).await;
    assert_eq!(answer["stop_reason"], "tool_use");
    let call = &answer["content"][0];
    assert_eq!((&call["type"], &call["name"]), (&json!("tool_use"), &json!("weather")));
    assert_eq!(call["input"], json!({"place": "Sant'Agata — 산타가타 🌧️"}));
    assert!(call["id"].as_str().unwrap().starts_with("toolu_"));
    let told = streamed(&app, said, tools.clone()).await;
    assert_eq!((&told["stop_reason"], &told["content"][0]["input"]), (&answer["stop_reason"], &call["input"]));

    // The caller answers the call; the model is given the conversation as templates know it.
    let result = json!({"type": "tool_result", "tool_use_id": call["id"], "is_error": true,
        "content": [{"type": "text", "text": "no such place"}]});
    let messages = json!([
        {"role": "user", "content": "Does it rain?"},
        {"role": "assistant", "content": [{"type": "text", "text": "Let me see."}, call]},
        {"role": "user", "content": [result, {"type": "text", "text": "!echo", "cache_control": {"type": "ephemeral"}}]},
    ]);
    let system = json!([{"type": "text", "text": "Be brief."}]);
    let echo = given(&app, json!({"messages": messages, "system": system, "tools": [weather()]})).await;
    let told = &echo["messages"];
    assert_eq!((&told[0]["role"], &told[0]["content"]), (&json!("system"), &json!("Be brief.")));
    assert_eq!((&told[2]["content"], &told[2]["tool_calls"][0]["name"]), (&json!("Let me see."), &json!("weather")));
    assert_eq!((&told[3]["role"], &told[3]["tool_call_id"]), (&json!("tool"), &call["id"]));
    assert_eq!(told[3]["content"], "Error: no such place");
    assert_eq!((&told[4]["role"], &told[4]["content"]), (&json!("user"), &json!("!echo")));
    let function = json!({"type": "function", "function": {"name": "weather", "description": "The weather of a place.",
        "parameters": weather()["input_schema"]}});
    assert_eq!(echo["tools"], json!([function]));

    // What is no call is text.
    let broken = ask(&app, r#"!raw "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"place\": ""#, tools).await;
    assert_eq!((&broken["stop_reason"], &broken["content"][0]["type"]), (&json!("end_turn"), &json!("text")));
    assert!(broken["content"][0]["text"].as_str().unwrap().starts_with("<tool_call>"), "{broken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_can_be_insisted_on_and_ruled_out() {
    let app = TestApp::spawn().await;
    let more = |choice: Value| json!({"tools": [weather()], "tool_choice": choice});
    for (choice, most) in [
        (json!({"type": "any"}), 16),
        (json!({"type": "any", "disable_parallel_tool_use": true}), 1),
        (json!({"type": "tool", "name": "weather"}), 1),
    ] {
        let echo = given(&app, more(choice)).await;
        assert_eq!(echo["constraint"]["schema"]["maxItems"], most, "{echo}");
        assert_eq!(echo["thinking"], false);
    }
    let echo = given(&app, more(json!({"type": "none"}))).await;
    assert_eq!((&echo["tools"], &echo["constraint"]), (&json!([]), &Value::Null));
    let two = r#"!raw "[{\"name\":\"weather\",\"parameters\":{\"place\":\"A\"}},{\"name\":\"weather\",\"parameters\":{\"place\":\"B\"}}]""#;
    let answer = ask(&app, two, more(json!({"type": "any"}))).await;
    let places: Vec<_> = answer["content"].as_array().unwrap().iter().map(|call| &call["input"]["place"]).collect();
    assert_eq!(places, ["A", "B"]);
    assert_eq!(streamed(&app, two, more(json!({"type": "any"}))).await["content"][1]["input"]["place"], "B");
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_are_told_to_those_who_asked() {
    let app = TestApp::spawn().await;
    let said = r#"!think "First\u0020the\u0020harbour." Bari"#;
    let enabled = json!({"thinking": {"type": "enabled", "budget_tokens": 1024}});
    let text = json!({"type": "text", "text": "You said: Bari"});
    let thought = json!({"type": "thinking", "thinking": "First the harbour.", "signature": ""});
    for thinking in [enabled.clone(), json!({"thinking": {"type": "adaptive"}})] {
        assert_eq!(ask(&app, said, thinking.clone()).await["content"], json!([thought, text]));
        assert_eq!(streamed(&app, said, thinking).await["content"], json!([thought, text]));
    }
    for thinking in [json!({}), json!({"thinking": {"type": "disabled"}})] {
        assert_eq!(ask(&app, said, thinking.clone()).await["content"], json!([text]));
        assert_eq!(streamed(&app, said, thinking.clone()).await["content"], json!([text]));
        assert_eq!(given(&app, thinking).await["thinking"], false);
    }
    assert_eq!(given(&app, enabled).await["thinking"], true);
    let messages = json!([
        {"role": "user", "content": "a"}, {"role": "assistant", "content": [thought, text]},
        {"role": "user", "content": "!echo"},
    ]);
    let echo = given(&app, json!({"messages": messages})).await;
    assert_eq!(echo["messages"][1]["reasoning_content"], "First the harbour.");
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_knobs_arrive() {
    let app = TestApp::spawn().await;
    let short = ask(&app, "!count 20", json!({"max_tokens": 3})).await;
    assert_eq!((&short["content"][0]["text"], &short["stop_reason"]), (&json!("w1 w2 w3"), &json!("max_tokens")));
    let stopped = ask(&app, "!count 20", json!({"stop_sequences": [" w5"], "metadata": {"user_id": "u"}})).await;
    assert_eq!(
        (&stopped["content"][0]["text"], &stopped["stop_reason"]),
        (&json!("w1 w2 w3 w4"), &json!("stop_sequence"))
    );
    assert_eq!(stopped["stop_sequence"], " w5");
    let schema = json!({"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "string"}}});
    let config = json!({"effort": "high", "format": {"type": "json_schema", "schema": schema}});
    let echo = given(&app, json!({"output_config": config, "temperature": 0.5, "top_k": 7, "top_p": 0.9})).await;
    assert_eq!((&echo["effort"], &echo["thinking"]), (&json!("high"), &json!(false)));
    assert_eq!(echo["constraint"], json!({"kind": "json_schema", "schema": schema}));
    assert_eq!(echo["max_tokens"], 4096);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_refused_by_name() {
    let app = TestApp::spawn().await;
    let content = |block: Value| json!({"messages": [{"role": "user", "content": [block]}]});
    let image = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ""}});
    let result = |id: &str| json!({"type": "tool_result", "tool_use_id": id, "content": "x"});
    let mut strict = weather();
    strict["strict"] = json!(true);
    for (more, says) in [
        (content(image.clone()), "messages[0].content[0]: blocks of type \"image\""),
        (content(json!({"type": "document", "source": {}})), "\"document\""),
        (content(json!({"type": "text", "text": "x", "surprise": 1})), "surprise"),
        (content(result("toolu_1")), "no message before it"),
        (content(json!({"type": "tool_use", "id": "a", "name": "b", "input": {}})), "\"tool_use\""),
        (json!({"messages": []}), "the last message must be the user's"),
        (json!({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}), "the user's"),
        (
            json!({"messages": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]}),
            "messages[0].role",
        ),
        (json!({"messages": [{"role": "user", "content": []}]}), "is empty"),
        (json!({"messages": [{"role": "user", "content": 7}]}), "a text or a list"),
        (json!({"system": [image]}), "system[0]"),
        (json!({"max_tokens": 0}), "max_tokens must be at least 1"),
        (json!({"max_tokens": null}), "max_tokens"),
        (json!({"temperature": 1.5}), "temperature is 0 to 1"),
        (json!({"top_p": 0}), "top_p"),
        (json!({"stop_sequences": ["a", "b", "c", "d", "e"]}), "stop_sequences"),
        (json!({"container": "c"}), "container"),
        (json!({"mcp_servers": []}), "mcp_servers"),
        (json!({"context_management": {}}), "context_management"),
        (json!({"service_tier": "priority"}), "service_tier"),
        (json!({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}), "\"web_search_20250305\""),
        (json!({"tools": [{"name": "x"}]}), "input_schema"),
        (json!({"tools": [strict]}), "strict"),
        (json!({"tools": [weather()], "tool_choice": {"type": "tool", "name": "other"}}), "other"),
        (json!({"tools": [weather()], "tool_choice": {"type": "tool"}}), "tool_choice"),
        (json!({"tool_choice": {"type": "any"}}), "no tool is declared"),
        (json!({"thinking": {"type": "enabled"}}), "budget_tokens is missing"),
        (json!({"thinking": {"type": "enabled", "budget_tokens": 100}}), "at least 1024"),
        (json!({"thinking": {"type": "enabled", "budget_tokens": 5000}}), "below max_tokens"),
        (json!({"thinking": {"type": "sometimes"}}), "thinking.type"),
        (
            json!({"thinking": {"type": "enabled", "budget_tokens": 1024}, "tools": [weather()],
                "tool_choice": {"type": "any"}}),
            "leaves no room",
        ),
        (json!({"output_config": {"effort": "endless"}}), "output_config.effort"),
        (json!({"output_config": {"format": {"type": "xml", "schema": {}}}}), "json_schema"),
    ] {
        refused(&app, more, says).await;
    }
    let (status, error) = post(&app, PATH, &body("x", json!({"model": "nobody"}))).await;
    assert_eq!((status, &error["error"]["type"]), (404, &json!("not_found_error")), "{error}");
    assert_eq!(error["error"]["code"], "model_not_found");
    // What only the engine can know is wrong has a status of its own in a stream, too.
    let (status, error) = post(&app, PATH, &body("!overflow", json!({"stream": true}))).await;
    assert_eq!((status, &error["error"]["code"]), (400, &json!("context_length_exceeded")), "{error}");
    assert_eq!(app.records("inference.completed").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_fails_says_so_and_ends() {
    let app = TestApp::spawn().await;
    let body = body("!count 9 !fail 2", json!({"stream": true}));
    let request = app.request(Method::POST, PATH).header(VERSION.0, VERSION.1).json(&body);
    let text = request.send().await.unwrap().text().await.unwrap();
    let events = events(&text);
    let (name, data) = events.last().unwrap();
    assert_eq!(name.as_deref(), Some("error"));
    let error: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&error["type"], &error["error"]["type"]), (&json!("error"), &json!("api_error")), "{error}");
    assert_eq!(error["error"]["code"], "engine_failed");
    assert!(error["request_id"].as_str().unwrap().starts_with("req_"));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_counted_without_an_answer() {
    let app = TestApp::spawn().await;
    let answer = ask(&app, "one two three", json!({"system": "Be brief."})).await;
    let path = "/v1/messages/count_tokens";
    let count = json!({"model": MODEL, "system": "Be brief.", "tools": [weather()],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "one two three"}]}]});
    let (status, counted) = post(&app, path, &count).await;
    assert_eq!((status, &counted), (200, &json!({"input_tokens": answer["usage"]["input_tokens"]})));
    for (field, value, says) in [
        ("max_tokens", json!(1), "max_tokens"),
        ("messages", json!([]), "the last message"),
        ("thinking", json!({"type": "sometimes"}), "thinking.type"),
    ] {
        let mut wrong = count.clone();
        wrong[field] = value;
        let (status, error) = post(&app, path, &wrong).await;
        assert_eq!((status, &error["type"]), (400, &json!("error")), "{field}: {error}");
        assert!(error["error"]["message"].as_str().unwrap().contains(says), "{error}");
    }
    let (status, error) = app.post(path, &count).await;
    assert_eq!(status, 400, "the version is required here, too: {error}");
    assert_eq!(app.records("inference.*").await.len(), 2, "an intent and an outcome, of the one answer");
}
