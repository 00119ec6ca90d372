//! The conversation of a request: items as the messages that chat templates know.
//!
//! What an assistant thought, said and called is three items there and one message here.

use std::collections::BTreeSet;

use leeward_wire::{ChatMessage, ChatRole, ToolCall};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::value::RawValue;

use crate::{error::AppError, http::TextOrItems};

#[derive(Deserialize)]
struct Kind {
    /// A message may leave it out.
    #[serde(rename = "type", default)]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MessageItem {
    #[serde(default, rename = "type")]
    _kind: IgnoredAny,
    role: String,
    content: TextOrItems,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "status")]
    _status: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextPart {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    text: String,
    /// As answers have them; not interpreted.
    #[serde(default, rename = "annotations")]
    _annotations: IgnoredAny,
    #[serde(default, rename = "logprobs")]
    _logprobs: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallItem {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    call_id: String,
    name: String,
    arguments: String,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "status")]
    _status: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputItem {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    call_id: String,
    output: TextOrItems,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "status")]
    _status: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReasoningItem {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    #[serde(default)]
    content: Option<TextOrItems>,
    /// Only empty: here thoughts are whole.
    #[serde(default)]
    summary: Vec<IgnoredAny>,
    /// Only null.
    #[serde(default)]
    encrypted_content: Option<IgnoredAny>,
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "status")]
    _status: IgnoredAny,
}

/// Checks the conversation: each item by itself, and that outputs answer what was called. `earlier` comes first.
///
/// # Errors
/// 400 naming the item and what it may be.
pub(super) fn parse(
    instructions: Option<&str>,
    earlier: &[Box<RawValue>],
    input: &TextOrItems,
) -> Result<Vec<ChatMessage>, AppError> {
    let mut parsed = Parsing::default();
    parsed.messages.extend(instructions.map(|text| ChatMessage::new(ChatRole::System, text)));
    for item in earlier {
        parsed.item(item, "previous_response_id")?;
    }
    match input {
        TextOrItems::Text(text) => {
            parsed.thought_of(ChatRole::User, "input")?;
            parsed.messages.push(ChatMessage::new(ChatRole::User, text.clone()));
        }
        TextOrItems::Items(items) if items.is_empty() => {
            return Err(AppError::invalid("input", "input is empty; send at least one item"));
        }
        TextOrItems::Items(items) => {
            for (index, item) in items.iter().enumerate() {
                parsed.item(item, &format!("input[{index}]"))?;
            }
        }
    }
    if parsed.thought.is_some() {
        let detail = "input: it ends with what an assistant thought; send what it said or called, too";
        return Err(AppError::invalid("input", detail));
    }
    Ok(parsed.messages)
}

/// All items in their order, a text as the message it is.
///
/// # Errors
/// None that a caller could be at fault for.
pub(super) fn items(earlier: Vec<Box<RawValue>>, input: TextOrItems) -> Result<Vec<Box<RawValue>>, AppError> {
    let mut items = earlier;
    match input {
        TextOrItems::Text(text) => {
            let message = serde_json::json!({"type": "message", "role": "user", "content": text});
            items.push(serde_json::value::to_raw_value(&message).map_err(AppError::internal)?);
        }
        TextOrItems::Items(more) => items.extend(more),
    }
    Ok(items)
}

#[derive(Default)]
struct Parsing {
    messages: Vec<ChatMessage>,
    called: BTreeSet<String>,
    /// What the assistant thought whose words come next.
    thought: Option<String>,
}

impl Parsing {
    fn item(&mut self, raw: &RawValue, path: &str) -> Result<(), AppError> {
        let Kind { kind } = read(raw, path)?;
        match kind.as_deref() {
            None | Some("message") => self.message(read(raw, path)?, path),
            Some("function_call") => self.call(read(raw, path)?, path),
            Some("function_call_output") => self.output(read(raw, path)?, path),
            Some("reasoning") => self.reasoning(read(raw, path)?, path),
            Some("item_reference") => {
                let detail = format!("{path}: items are not found by their ids; send the item itself");
                Err(AppError::invalid(path, detail))
            }
            Some(other) => {
                let detail = format!(
                    "{path}: items of type {other:?} are not supported, only message, function_call, \
                     function_call_output and reasoning"
                );
                Err(AppError::invalid(path, detail))
            }
        }
    }

    fn message(&mut self, item: MessageItem, path: &str) -> Result<(), AppError> {
        let role = match item.role.as_str() {
            "system" | "developer" => ChatRole::System,
            "user" => ChatRole::User,
            "assistant" => ChatRole::Assistant,
            other => {
                let detail = format!("{path}.role is system, developer, user or assistant, not {other:?}");
                return Err(AppError::invalid(&format!("{path}.role"), detail));
            }
        };
        let content = text(item.content, &format!("{path}.content"), &["input_text", "output_text"])?;
        let reasoning_content = self.thought_of(role, path)?;
        self.messages.push(ChatMessage { reasoning_content, ..ChatMessage::new(role, content) });
        Ok(())
    }

    fn call(&mut self, item: CallItem, path: &str) -> Result<(), AppError> {
        let CallItem { call_id, name, arguments, .. } = item;
        self.called.insert(call_id.clone());
        let call = ToolCall { id: call_id, name, arguments };
        match self.messages.last_mut() {
            // Thoughts in between begin another turn.
            Some(last) if last.role == ChatRole::Assistant && self.thought.is_none() => last.tool_calls.push(call),
            _ => {
                let reasoning_content = self.thought_of(ChatRole::Assistant, path)?;
                let message = ChatMessage::new(ChatRole::Assistant, "");
                self.messages.push(ChatMessage { reasoning_content, tool_calls: vec![call], ..message });
            }
        }
        Ok(())
    }

    fn output(&mut self, item: OutputItem, path: &str) -> Result<(), AppError> {
        if !self.called.contains(&item.call_id) {
            let field = format!("{path}.call_id");
            let detail = format!("{field}: no item before it is a call {:?}", item.call_id);
            return Err(AppError::invalid(&field, detail));
        }
        let content = text(item.output, &format!("{path}.output"), &["input_text"])?;
        self.thought_of(ChatRole::Tool, path)?;
        self.messages
            .push(ChatMessage { tool_call_id: Some(item.call_id), ..ChatMessage::new(ChatRole::Tool, content) });
        Ok(())
    }

    fn reasoning(&mut self, item: ReasoningItem, path: &str) -> Result<(), AppError> {
        if !item.summary.is_empty() || item.encrypted_content.is_some() {
            let detail = format!("{path}: summary and encrypted_content are not supported; thoughts come as content");
            return Err(AppError::invalid(path, detail));
        }
        let content = item.content.unwrap_or(TextOrItems::Items(Vec::new()));
        let thought = text(content, &format!("{path}.content"), &["reasoning_text"])?;
        self.thought.get_or_insert_default().push_str(&thought);
        Ok(())
    }

    /// What was thought before a message of this role.
    fn thought_of(&mut self, role: ChatRole, path: &str) -> Result<Option<String>, AppError> {
        let thought = self.thought.take();
        if thought.is_some() && role != ChatRole::Assistant {
            let detail = format!("{path}: what follows thoughts is the assistant's");
            return Err(AppError::invalid(path, detail));
        }
        Ok(thought)
    }
}

fn text(content: TextOrItems, path: &str, known: &[&str]) -> Result<String, AppError> {
    let parts = match content {
        TextOrItems::Text(text) => return Ok(text),
        TextOrItems::Items(parts) => parts,
    };
    let mut text = String::new();
    for (index, raw) in parts.iter().enumerate() {
        let place = format!("{path}[{index}]");
        let Kind { kind } = read(raw, &place)?;
        let kind = kind.unwrap_or_default();
        if !known.contains(&kind.as_str()) {
            let detail =
                format!("{place}: parts of type {kind:?} are not supported here, only {}", known.join(" and "));
            return Err(AppError::invalid(&place, detail));
        }
        let TextPart { text: more, .. } = read(raw, &place)?;
        text.push_str(&more);
    }
    Ok(text)
}

fn read<T: DeserializeOwned>(raw: &RawValue, place: &str) -> Result<T, AppError> {
    serde_json::from_str(raw.get()).map_err(|error| AppError::invalid(place, format!("{place}: {error}")))
}
