//! `/v1/responses` as programs see it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, events},
};

const PATH: &str = "/v1/responses";

fn body(input: Value, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "input": input});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn ask(app: &TestApp, input: &str, more: Value) -> Value {
    let (status, response) = app.post(PATH, &body(json!(input), more)).await;
    assert_eq!(status, 200, "{response}");
    response
}

/// What the engine was given.
async fn given(app: &TestApp, more: Value) -> Value {
    let response = ask(app, "!echo", more).await;
    let text = response["output"][0]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{response}"));
    serde_json::from_str(text).unwrap()
}

async fn refused(app: &TestApp, more: Value, param: &str, says: &str) {
    let (status, answer) = app.post(PATH, &body(json!("hello"), more.clone())).await;
    assert_eq!((status, answer["error"]["param"].as_str()), (400, Some(param)), "{more}: {answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains(says), "{more}: {answer}");
}

fn weather() -> Value {
    json!({
        "type": "function", "name": "weather", "description": "The weather of a place.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    })
}

/// The events of a stream: numbered without gaps, each named by its type.
async fn stream(app: &TestApp, input: &str, more: Value) -> Vec<Value> {
    let mut body = body(json!(input), more);
    body["stream"] = true.into();
    let response = app.request(Method::POST, PATH).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let events = events(&response.text().await.unwrap());
    let told = events.iter().enumerate().map(|(index, (name, data))| {
        let event: Value = serde_json::from_str(data).unwrap();
        assert_eq!((name.as_deref(), event["sequence_number"].as_u64()), (event["type"].as_str(), Some(index as u64)));
        event
    });
    told.collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    let mut names: Vec<_> =
        events.iter().map(|event| event["type"].as_str().unwrap().strip_prefix("response.").unwrap()).collect();
    names.dedup();
    names
}

/// Ids differ from one response to the next.
fn without_ids(output: &Value) -> Value {
    let mut output = output.clone();
    for item in output.as_array_mut().unwrap() {
        let item = item.as_object_mut().unwrap();
        assert!(item.remove("id").unwrap().as_str().unwrap().contains('_'));
        item.remove("call_id");
    }
    output
}

async fn answers(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let response = ask(&app, "hello there", json!({"instructions": "Be brief.", "metadata": {"a": "b"}})).await;
    assert_eq!((&response["object"], &response["status"]), (&json!("response"), &json!("completed")));
    assert!(response["id"].as_str().unwrap().starts_with("resp_"));
    let text = json!({"type": "output_text", "text": "You said: hello there", "annotations": [], "logprobs": []});
    let message = json!({"type": "message", "role": "assistant", "status": "completed", "content": [text]});
    assert_eq!(without_ids(&response["output"]), json!([message]));
    assert_eq!(
        response["usage"],
        json!({
            "input_tokens": 4, "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 4, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 8,
        })
    );
    assert_eq!((&response["store"], &response["instructions"]), (&json!(false), &json!("Be brief.")));
    assert_eq!((&response["metadata"], &response["tool_choice"]), (&json!({"a": "b"}), &json!("auto")));

    let events = stream(&app, "hello there", json!({"instructions": "Be brief."})).await;
    assert_eq!(
        names(&events),
        [
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "completed",
        ]
    );
    let last = &events.last().unwrap()["response"];
    assert_eq!(without_ids(&last["output"]), without_ids(&response["output"]));
    assert_eq!((&last["usage"], &last["status"]), (&response["usage"], &response["status"]));
    let deltas: String = events.iter().filter_map(|event| event["delta"].as_str()).collect();
    assert_eq!(deltas, "You said: hello there");
    assert_eq!(app.records("inference.completed").await.len(), 2, "admitted and settled as any other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_whole_and_streamed_on_sqlite() {
    answers(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_whole_and_streamed_on_postgres() {
    answers(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_calls_and_is_answered() {
    let app = TestApp::spawn().await;
    let tools = json!({"tools": [weather()]});
    let said = r#"!call weather {"place": "Sant'Agata — 산타가타 🌧️"}"#;
    let response = ask(&app, said, tools.clone()).await;
    let call = &response["output"][0];
    assert_eq!((&call["type"], &call["name"]), (&json!("function_call"), &json!("weather")), "{response}");
    assert!(call["call_id"].as_str().unwrap().starts_with("call_") && call["id"].as_str().unwrap().starts_with("fc_"));
    let arguments: Value = serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(arguments, json!({"place": "Sant'Agata — 산타가타 🌧️"}));
    let events = stream(&app, said, tools).await;
    assert_eq!(
        names(&events),
        [
            "created",
            "in_progress",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "completed",
        ]
    );
    assert_eq!(without_ids(&events.last().unwrap()["response"]["output"]), without_ids(&response["output"]));

    // The caller answers the call; the model is given the conversation as templates know it.
    let thought = json!({"type": "reasoning", "id": "rs_1", "summary": [],
        "content": [{"type": "reasoning_text", "text": "hm"}]});
    let text = json!({"type": "output_text", "text": "Let me see.", "annotations": [], "logprobs": []});
    let input = json!([
        {"role": "user", "content": "Does it rain?"},
        thought,
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [text]},
        call,
        {"type": "function_call_output", "call_id": call["call_id"], "output": "no such place"},
        {"role": "user", "content": [{"type": "input_text", "text": "!echo"}]},
    ]);
    let (status, answer) =
        app.post(PATH, &body(input, json!({"tools": [weather()], "instructions": "Be brief."}))).await;
    assert_eq!(status, 200, "{answer}");
    let echo: Value = serde_json::from_str(answer["output"][0]["content"][0]["text"].as_str().unwrap()).unwrap();
    let told = &echo["messages"];
    assert_eq!((&told[0]["role"], &told[0]["content"]), (&json!("system"), &json!("Be brief.")));
    let assistant = &told[2];
    assert_eq!((&assistant["content"], &assistant["reasoning_content"]), (&json!("Let me see."), &json!("hm")));
    assert_eq!(assistant["tool_calls"][0]["name"], "weather");
    assert_eq!((&told[3]["role"], &told[3]["tool_call_id"]), (&json!("tool"), &call["call_id"]));
    assert_eq!(told.as_array().unwrap().len(), 5);
    assert_eq!(echo["tools"][0]["function"]["parameters"], weather()["parameters"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_off_is_text_or_incomplete() {
    let app = TestApp::spawn().await;
    let tools = json!({"tools": [weather()]});
    let said = r#"!raw "So: <tool_call>\n{\"name\": \"weather\", \"arguments\": {\"place\": ""#;
    let response = ask(&app, said, tools.clone()).await;
    assert_eq!(response["output"].as_array().unwrap().len(), 1, "{response}");
    let text = response["output"][0]["content"][0]["text"].as_str().unwrap();
    assert!(text.starts_with("So:") && text.contains("<tool_call>"), "{response}");
    let events = stream(&app, said, tools).await;
    let output = &events.last().unwrap()["response"]["output"];
    assert_eq!((&output[0]["status"], &output[1]["status"]), (&json!("completed"), &json!("incomplete")), "{output}");

    let cut = ask(&app, "!count 20", json!({"max_output_tokens": 3})).await;
    assert_eq!((&cut["status"], &cut["output"][0]["status"]), (&json!("incomplete"), &json!("incomplete")));
    assert_eq!(cut["incomplete_details"], json!({"reason": "max_output_tokens"}));
    assert_eq!(cut["output"][0]["content"][0]["text"], "w1 w2 w3");
    let events = stream(&app, "!count 20", json!({"max_output_tokens": 3})).await;
    assert_eq!(events.last().unwrap()["type"], "response.incomplete");

    let events = stream(&app, "!count 9 !fail 2", json!({})).await;
    let last = events.last().unwrap();
    assert_eq!((&last["type"], &last["response"]["status"]), (&json!("response.failed"), &json!("failed")));
    assert_eq!(last["response"]["error"]["code"], "engine_failed");
    let (status, error) = app.post(PATH, &body(json!("!fail 0"), json!({}))).await;
    assert_eq!((status, &error["error"]["code"]), (500, &json!("engine_failed")));
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_are_items_of_their_own() {
    let app = TestApp::spawn().await;
    let said = r#"!think "First\u0020the\u0020harbour." Bari"#;
    let response = ask(&app, said, json!({})).await;
    let output = &response["output"];
    assert_eq!((&output[0]["type"], &output[1]["type"]), (&json!("reasoning"), &json!("message")));
    assert_eq!(output[0]["content"], json!([{"type": "reasoning_text", "text": "First the harbour."}]));
    assert_eq!(output[1]["content"][0]["text"], "You said: Bari");
    assert_eq!(response["usage"]["output_tokens_details"]["reasoning_tokens"], 3, "{response}");
    let events = stream(&app, said, json!({})).await;
    assert_eq!(
        names(&events)[2..8],
        [
            "output_item.added",
            "content_part.added",
            "reasoning_text.delta",
            "reasoning_text.done",
            "content_part.done",
            "output_item.done",
        ]
    );
    assert_eq!(without_ids(&events.last().unwrap()["response"]["output"]), without_ids(output));
    for (effort, thinking, told) in [
        ("none", json!(false), Value::Null),
        ("minimal", Value::Null, json!("low")),
        ("high", Value::Null, json!("high")),
    ] {
        let echo = given(&app, json!({"reasoning": {"effort": effort}})).await;
        assert_eq!((&echo["thinking"], &echo["effort"]), (&thinking, &told), "{effort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_answer_must_be() {
    let app = TestApp::spawn().await;
    let schema = json!({"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "string"}}});
    let format = json!({"type": "json_schema", "name": "x", "schema": schema, "strict": true});
    let echo = given(&app, json!({"text": {"format": format}})).await;
    assert_eq!(echo["constraint"], json!({"kind": "json_schema", "schema": schema}));
    assert_eq!(echo["thinking"], false);
    let echo = given(&app, json!({"text": {"format": {"type": "json_object"}}})).await;
    assert_eq!(echo["constraint"], json!({"kind": "json"}));
    assert_eq!(given(&app, json!({"text": {"format": {"type": "text"}}})).await["constraint"], Value::Null);
    for (choice, most) in [(json!("required"), 16), (json!({"type": "function", "name": "weather"}), 1)] {
        let echo = given(&app, json!({"tools": [weather()], "tool_choice": choice})).await;
        assert_eq!(echo["constraint"]["schema"]["maxItems"], most, "{echo}");
    }
    assert_eq!(given(&app, json!({"tools": [weather()], "tool_choice": "none"})).await["tools"], json!([]));
    // What comes from clients unasked.
    let response = ask(
        &app,
        "hi",
        json!({"store": false, "include": ["reasoning.encrypted_content"], "user": "u",
        "truncation": "disabled", "tool_choice": null, "previous_response_id": null, "service_tier": "auto"}),
    )
    .await;
    assert_eq!(response["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_served_is_refused_by_name() {
    let app = TestApp::spawn().await;
    let item = |item: Value| json!({"input": [item]});
    let mut strict = weather();
    strict["strict"] = json!(true);
    let image = json!({"role": "user", "content": [{"type": "input_image", "image_url": "data:"}]});
    for (more, param, says) in [
        (json!({"previous_response_id": "resp_1"}), "previous_response_id", "no stored response \"resp_1\""),
        (json!({"background": true}), "background", "after its caller has gone"),
        (json!({"truncation": "auto"}), "truncation", "disabled"),
        (json!({"include": ["file_search_call.results"]}), "include", "only reasoning.encrypted_content"),
        (json!({"service_tier": "flex"}), "service_tier", "one tier"),
        (json!({"reasoning": {"effort": "endless"}}), "reasoning.effort", "minimal"),
        (json!({"reasoning": {"summary": "auto"}}), "reasoning.summary", "told whole"),
        (json!({"max_output_tokens": 0}), "max_output_tokens", "at least 1"),
        (json!({"temperature": 3}), "temperature", "0 to 2"),
        (json!({"tools": [{"type": "web_search"}]}), "tools[0]", "\"web_search\""),
        (json!({"tools": [strict]}), "tools[0]", "strict"),
        (json!({"tool_choice": {"type": "file_search"}}), "tool_choice", "none, auto, required"),
        (json!({"tool_choice": "required"}), "tools", "no tool is declared"),
        (json!({"text": {"format": {"type": "xml"}}}), "text.format", "not \"xml\""),
        (json!({"text": {"format": {"type": "json_schema", "name": "x"}}}), "text.format", "schema"),
        (
            json!({"tools": [weather()], "tool_choice": "required", "text": {"format": {"type": "json_object"}}}),
            "text.format",
            "leave one of the two out",
        ),
        (json!({"input": []}), "input", "is empty"),
        (json!({"input": 7}), "input", "a text or a list"),
        (item(image), "input[0].content[0]", "\"input_image\""),
        (item(json!({"type": "item_reference", "id": "msg_1"})), "input[0]", "send the item itself"),
        (item(json!({"type": "computer_call"})), "input[0]", "\"computer_call\""),
        (item(json!({"role": "tool", "content": "x"})), "input[0].role", "developer"),
        (
            item(json!({"type": "function_call_output", "call_id": "call_1", "output": "x"})),
            "input[0].call_id",
            "no item before it",
        ),
        (item(json!({"type": "reasoning", "summary": [], "encrypted_content": "x"})), "input[0]", "encrypted_content"),
        (item(json!({"type": "reasoning", "summary": [], "content": []})), "input", "what it said"),
    ] {
        refused(&app, more, param, says).await;
    }
    for field in ["conversation", "prompt", "max_tool_calls", "surprise"] {
        let (status, error) = app.post(PATH, &body(json!("x"), json!({field: {"id": "x"}}))).await;
        assert_eq!(status, 400, "{field}");
        assert!(error["error"]["message"].as_str().unwrap().contains(field), "{error}");
    }
    assert_eq!(app.records("inference.completed").await.len(), 0);
}
