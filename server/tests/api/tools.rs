//! Tools, structured output, reasoning and likelihoods through `/v1`: what the model is given, and what the caller gets.

use serde_json::{Value, json};

use crate::{
    TestApp,
    app::{MODEL, events},
};

const PATH: &str = "/v1/chat/completions";

fn weather() -> Value {
    json!({"type": "function", "function": {
        "name": "weather", "description": "The weather of a place.",
        "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
    }})
}

fn body(content: &str, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "messages": [{"role": "user", "content": content}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn ask(app: &TestApp, content: &str, more: Value) -> Value {
    let (status, answer) = app.post(PATH, &body(content, more)).await;
    assert_eq!(status, 200, "{answer}");
    answer["choices"][0].clone()
}

/// What the engine was given.
async fn given(app: &TestApp, more: Value) -> Value {
    let choice = ask(app, "!echo", more).await;
    let text = choice["message"]["content"].as_str().unwrap_or_else(|| panic!("{choice}"));
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

async fn refused(app: &TestApp, more: Value, param: &str, says: &str) {
    let (status, answer) = app.post(PATH, &body("hello", more.clone())).await;
    assert_eq!((status, answer["error"]["param"].as_str()), (400, Some(param)), "{more}: {answer}");
    assert!(answer["error"]["message"].as_str().unwrap().contains(says), "{more}: {answer}");
}

/// The deltas of a streamed answer put together, and how it ended.
async fn streamed(app: &TestApp, content: &str, more: Value) -> (Value, String) {
    let mut body = body(content, more);
    body["stream"] = true.into();
    let response = app.request(reqwest::Method::POST, PATH).json(&body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let events = events(&response.text().await.unwrap());
    assert_eq!(events.last().unwrap().1, "[DONE]");
    let mut message = json!({"content": "", "reasoning_content": "", "tool_calls": []});
    let mut finish = String::new();
    for (_, data) in &events[..events.len() - 1] {
        let chunk: Value = serde_json::from_str(data).unwrap();
        let choice = &chunk["choices"][0];
        if let Some(reason) = choice["finish_reason"].as_str() {
            reason.clone_into(&mut finish);
        }
        for field in ["content", "reasoning_content"] {
            if let Some(text) = choice["delta"][field].as_str() {
                message[field] = json!(format!("{}{text}", message[field].as_str().unwrap()));
            }
        }
        for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
            let index = usize::try_from(call["index"].as_u64().unwrap()).unwrap();
            let calls = message["tool_calls"].as_array_mut().unwrap();
            if index == calls.len() {
                assert!(call["id"].as_str().unwrap().starts_with("call_") && call["type"] == "function", "{call}");
                calls.push(json!({"name": call["function"]["name"], "arguments": ""}));
            }
            let known = &mut calls[index]["arguments"];
            *known = json!(format!("{}{}", known.as_str().unwrap(), call["function"]["arguments"].as_str().unwrap()));
        }
    }
    (message, finish)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_calls_and_is_answered() {
    let app = TestApp::spawn().await;
    let tools = json!({"tools": [weather()]});
    let said = r#"!call weather {"place": "Sant'Agata — 산타가타 🌧️"}"#;
    let choice = ask(&app, said, tools.clone()).await;
    assert_eq!(choice["finish_reason"], "tool_calls");
    assert_eq!(choice["message"]["content"], Value::Null);
    let call = &choice["message"]["tool_calls"][0];
    assert_eq!((&call["type"], &call["function"]["name"]), (&json!("function"), &json!("weather")));
    let arguments: Value = serde_json::from_str(call["function"]["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(arguments, json!({"place": "Sant'Agata — 산타가타 🌧️"}));
    // The same in pieces.
    let (message, finish) = streamed(&app, said, tools).await;
    assert_eq!(finish, "tool_calls");
    assert_eq!(message["tool_calls"], json!([{"name": "weather", "arguments": call["function"]["arguments"]}]));
    assert_eq!(message["content"], "");

    // The caller answers the call; the model is given the conversation as templates know it.
    let messages = json!([
        {"role": "user", "content": "Does it rain?"},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": [{"type": "text", "text": "!echo"}]},
    ]);
    let (status, answer) = app.post(PATH, &json!({"model": MODEL, "messages": messages, "tools": [weather()]})).await;
    assert_eq!(status, 200, "{answer}");
    let echo: Value = serde_json::from_str(answer["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(echo["tools"], json!([weather()]));
    assert_eq!(echo["messages"][1]["tool_calls"][0]["name"], "weather");
    assert_eq!((&echo["messages"][2]["role"], &echo["messages"][2]["tool_call_id"]), (&json!("tool"), &call["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_call_is_text() {
    let app = TestApp::spawn().await;
    let tools = json!({"tools": [weather()]});
    // A function nobody declared, and no tools at all.
    for (said, more) in
        [(r#"!call launch {"now": true}"#, tools.clone()), (r#"!call weather {"place": "x"}"#, json!({}))]
    {
        let choice = ask(&app, said, more.clone()).await;
        assert_eq!((&choice["finish_reason"], &choice["message"]["tool_calls"]), (&json!("stop"), &Value::Null));
        assert!(choice["message"]["content"].as_str().unwrap().contains("<tool_call>"), "{choice}");
        assert_eq!(streamed(&app, said, more).await.1, "stop");
    }
    let broken = ask(&app, r#"!raw "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"place\": ""#, tools).await;
    assert_eq!(broken["finish_reason"], "stop");
    assert!(broken["message"]["content"].as_str().unwrap().starts_with("<tool_call>"), "{broken}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_can_be_insisted_on() {
    let app = TestApp::spawn().await;
    let named = json!({"type": "function", "function": {"name": "weather"}});
    let more = |choice: Value| json!({"tools": [weather()], "tool_choice": choice});
    for (choice, most) in [(json!("required"), 16), (named.clone(), 1)] {
        // The scripted engine does not follow grammars: the call is what it was told to say.
        let echo = ask(&app, "!echo", more(choice)).await;
        let echo: Value = serde_json::from_str(echo["message"]["content"].as_str().unwrap()).unwrap();
        let schema = &echo["constraint"]["schema"];
        assert_eq!((&echo["constraint"]["kind"], &schema["maxItems"]), (&json!("json_schema"), &json!(most)), "{echo}");
        assert_eq!(schema["items"]["anyOf"][0]["properties"]["name"]["const"], "weather");
        assert_eq!(echo["thinking"], false, "a grammar leaves no room for thoughts");
    }
    let one = r#"!raw "[{\"name\": \"weather\", \"parameters\": {\"place\": \"Bari\"}}]""#;
    let choice = ask(&app, one, more(named)).await;
    assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], r#"{"place": "Bari"}"#, "{choice}");
    let two = r#"!raw "[{\"name\":\"weather\",\"parameters\":{\"place\":\"A\"}},{\"name\":\"weather\",\"parameters\":{\"place\":\"B\"}}]""#;
    for (parallel, calls) in [(true, 2), (false, 1)] {
        let mut more = more(json!("required"));
        more["parallel_tool_calls"] = json!(parallel);
        let choice = ask(&app, two, more).await;
        assert_eq!(choice["message"]["tool_calls"].as_array().unwrap().len(), calls, "{choice}");
        assert_eq!(choice["finish_reason"], "tool_calls");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thoughts_are_told_apart_from_the_answer() {
    let app = TestApp::spawn().await;
    let said = r#"!think "First\u0020the\u0020harbour." Bari lies on the sea"#;
    let choice = ask(&app, said, json!({})).await;
    assert_eq!(choice["message"]["reasoning_content"], "First the harbour.");
    assert_eq!(choice["message"]["content"], "You said: Bari lies on the sea");
    let (message, finish) = streamed(&app, said, json!({})).await;
    assert_eq!(message["reasoning_content"], "First the harbour.");
    assert_eq!((&message["content"], finish.as_str()), (&json!("You said: Bari lies on the sea"), "stop"));
    assert_eq!(ask(&app, "plainly", json!({})).await["message"].get("reasoning_content"), None);
    for (more, thinking, effort) in [
        (json!({}), Value::Null, Value::Null),
        (json!({"enable_thinking": false}), json!(false), Value::Null),
        (json!({"chat_template_kwargs": {"enable_thinking": true}}), json!(true), Value::Null),
        (json!({"reasoning_effort": "none"}), json!(false), Value::Null),
        (json!({"reasoning_effort": "minimal"}), Value::Null, json!("low")),
        (json!({"reasoning_effort": "high"}), Value::Null, json!("high")),
    ] {
        let echo = given(&app, more.clone()).await;
        assert_eq!((&echo["thinking"], &echo["effort"]), (&thinking, &effort), "{more}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_knob_arrives() {
    let app = TestApp::spawn().await;
    let echo = given(&app, json!({"response_format": {"type": "text"}})).await;
    assert_eq!(echo["constraint"], Value::Null);
    let echo = given(&app, json!({"response_format": {"type": "json_object"}})).await;
    assert_eq!(echo["constraint"], json!({"kind": "json"}));
    let schema = json!({"type": "object", "properties": {"b": {"type": "string"}, "a": {"enum": ["uno", "due"]}}});
    let format = json!({"type": "json_schema", "json_schema": {"name": "x", "schema": schema, "strict": true}});
    let echo = given(&app, json!({"response_format": format})).await;
    assert_eq!(echo["constraint"], json!({"kind": "json_schema", "schema": schema}));
    for (syntax, kind, field) in [("regex", "regex", "pattern"), ("lark", "lark", "grammar")] {
        let format = json!({"type": "grammar", "syntax": syntax, "definition": "start: \"a\""});
        let echo = given(&app, json!({"response_format": format})).await;
        assert_eq!(echo["constraint"], json!({"kind": kind, field: "start: \"a\""}));
    }
    let more =
        json!({"seed": -7, "min_p": 0.1, "logit_bias": {"50256": -100, "3": 2.5}, "logprobs": true, "top_logprobs": 2});
    let echo = given(&app, more).await;
    assert_eq!((&echo["min_p"], &echo["logprobs"]), (&json!(0.1), &json!(2)));
    assert_eq!(echo["seed"].as_u64(), Some((-7_i64).cast_unsigned()));
    assert_eq!(echo["logit_bias"], json!([[3, 2.5], [50256, -100.0]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_token_is_told_once_with_how_likely_it_was() {
    let app = TestApp::spawn().await;
    let more = json!({"logprobs": true, "top_logprobs": 2});
    let choice = ask(&app, "one two three", more.clone()).await;
    let told = choice["logprobs"]["content"].as_array().unwrap();
    let text: String = told.iter().map(|token| token["token"].as_str().unwrap()).collect();
    assert_eq!(text, choice["message"]["content"].as_str().unwrap());
    for token in told {
        assert!(token["logprob"].as_f64().unwrap() <= 0.0 && token["top_logprobs"].as_array().unwrap().len() == 2);
        let bytes: Vec<u8> =
            token["bytes"].as_array().unwrap().iter().map(|b| u8::try_from(b.as_u64().unwrap()).unwrap()).collect();
        assert_eq!(String::from_utf8(bytes).unwrap(), token["token"].as_str().unwrap());
    }
    let mut body = body("one two three", more);
    body["stream"] = true.into();
    let response = app.request(reqwest::Method::POST, PATH).json(&body).send().await.unwrap();
    let mut streamed = String::new();
    for (_, data) in events(&response.text().await.unwrap()) {
        let chunk: Value = serde_json::from_str(&data).unwrap_or_default();
        for token in chunk["choices"][0]["logprobs"]["content"].as_array().into_iter().flatten() {
            streamed.push_str(token["token"].as_str().unwrap());
        }
    }
    assert_eq!(streamed, text);
    assert_eq!(ask(&app, "unasked", json!({})).await["logprobs"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_refused_by_name() {
    let app = TestApp::spawn().await;
    let mut strict = weather();
    strict["function"]["strict"] = json!(true);
    let named = |name: &str| json!({"type": "function", "function": {"name": name}});
    for (more, param, says) in [
        (json!({"tools": [{"type": "web_search"}]}), "tools[0]", "only function"),
        (json!({"tools": [{"type": "function"}]}), "tools[0]", "lacks its function"),
        (json!({"tools": [named("a b")]}), "tools[0].function.name", "letters"),
        (json!({"tools": [strict]}), "tools[0].function.strict", "tool_choice"),
        (json!({"tools": [weather(), weather()], "tool_choice": "required"}), "tools", "twice"),
        (json!({"tool_choice": "required"}), "tools", "no tool is declared"),
        (json!({"tools": [weather()], "tool_choice": named("other")}), "tools", "other"),
        (json!({"tools": [weather()], "tool_choice": "perhaps"}), "tool_choice", "none, auto, required"),
        (
            json!({"tools": [weather()], "tool_choice": "required", "response_format": {"type": "json_object"}}),
            "response_format",
            "leave one of the two out",
        ),
        (json!({"response_format": {"type": "xml"}}), "response_format", "not \"xml\""),
        (json!({"response_format": {"type": "json_schema"}}), "response_format", "is missing"),
        (
            json!({"response_format": {"type": "grammar", "syntax": "ebnf", "definition": "x"}}),
            "response_format",
            "lark",
        ),
        (json!({"top_logprobs": 3}), "top_logprobs", "needs logprobs"),
        (json!({"logprobs": true, "top_logprobs": 21}), "top_logprobs", "0 to 20"),
        (json!({"logit_bias": {"hello": 1}}), "logit_bias", "number"),
        (json!({"logit_bias": {"1": 101}}), "logit_bias", "-100 to 100"),
        (json!({"min_p": 2}), "min_p", "0 to 1"),
        (json!({"n": 2, "seed": 1}), "seed", "the same"),
        (json!({"reasoning_effort": "endless"}), "reasoning_effort", "minimal"),
        (json!({"reasoning_effort": "none", "enable_thinking": true}), "enable_thinking", "contradict"),
        (json!({"store": true}), "store", "not kept"),
        (json!({"service_tier": "flex"}), "service_tier", "one tier"),
        (json!({"modalities": ["text", "audio"]}), "modalities", "text"),
        (json!({"messages": [{"role": "tool", "content": "x"}]}), "messages[0].tool_call_id", "tool message"),
        (
            json!({"messages": [{"role": "tool", "content": "x", "tool_call_id": "call_1"}]}),
            "messages[0].tool_call_id",
            "no message before it",
        ),
        (json!({"messages": [{"role": "user"}]}), "messages[0].content", "missing"),
        (json!({"messages": [{"role": "function", "content": "x"}]}), "messages[0].role", "not one of"),
    ] {
        refused(&app, more, param, says).await;
    }
    // What only the engine can know is wrong.
    let (status, answer) = app.post(PATH, &body("!grammar", json!({"response_format": {"type": "json_object"}}))).await;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!("invalid_request")), "{answer}");
}
