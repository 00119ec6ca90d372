//! What `!echo` answers: the request as it arrived, so that a test can see what the gateway made of its own.

use leeward_wire::{Constraint, GenerateRequest, JsonText, Prompt, Sampling};
use serde_json::{Value, json};

/// The request as a JSON object. Schemas and tools are trees; what was not asked for is `null` or empty.
pub(crate) fn request(request: &GenerateRequest) -> String {
    let tree = |text: &JsonText| text.value().unwrap_or_else(|_| Value::from(text.as_str()));
    let (messages, tools, thinking, effort, text) = match &request.prompt {
        Prompt::Chat(chat) => {
            let tools = chat.tools.iter().map(tree).collect::<Vec<_>>();
            (json!(chat.messages), json!(tools), json!(chat.thinking), json!(chat.effort), Value::Null)
        }
        Prompt::Text { text } => (Value::Null, json!([]), Value::Null, Value::Null, json!(text)),
    };
    let constraint = match &request.constraint {
        Some(Constraint::JsonSchema { schema }) => json!({ "kind": "json_schema", "schema": tree(schema) }),
        other => json!(other),
    };
    let (min_p, seed) = match request.sampling {
        Sampling::Greedy => (None, None),
        Sampling::Random { min_p, seed, .. } => (min_p, seed),
    };
    let echo = json!({
        "messages": messages,
        "text": text,
        "tools": tools,
        "thinking": thinking,
        "effort": effort,
        "constraint": constraint,
        "logit_bias": request.logit_bias,
        "logprobs": request.logprobs,
        "min_p": min_p,
        "seed": seed,
        "stop": request.stop,
        "max_tokens": request.max_tokens,
    });
    echo.to_string()
}
