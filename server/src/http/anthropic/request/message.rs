//! The conversation of a request: Anthropic's blocks as the messages that chat templates know.
//!
//! A user message with the results of tools is several messages there: one for each result, then the text. Text comes
//! before calls in an assistant's message, whatever order its blocks have.

use std::collections::BTreeSet;

use leeward_wire::{ChatMessage, ChatRole, ToolCall};
use serde::{
    Deserialize,
    de::{DeserializeOwned, IgnoredAny},
};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::{error::AppError, http::TextOrItems};

/// One message of the conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InputMessage {
    /// `user` or `assistant`.
    role: String,
    /// A text, or blocks of type `text`, `tool_use`, `tool_result` or `thinking`.
    #[schema(value_type = Object)]
    content: TextOrItems,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextBlock {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    text: String,
    #[serde(default, rename = "cache_control")]
    _cache_control: IgnoredAny,
    /// As answers have it: only null.
    #[serde(default)]
    citations: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolUseBlock {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    id: String,
    name: String,
    input: Box<RawValue>,
    #[serde(default, rename = "cache_control")]
    _cache_control: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolResultBlock {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    tool_use_id: String,
    #[serde(default)]
    content: Option<TextOrItems>,
    #[serde(default)]
    is_error: Option<bool>,
    #[serde(default, rename = "cache_control")]
    _cache_control: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThinkingBlock {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    thinking: String,
    /// Nothing is signed, so nothing is checked.
    #[serde(default, rename = "signature")]
    _signature: IgnoredAny,
}

/// Checks the conversation: each message by itself, and that results answer what was called.
///
/// # Errors
/// 400 naming the message or the block and what it may be.
pub(super) fn parse(system: Option<TextOrItems>, messages: Vec<InputMessage>) -> Result<Vec<ChatMessage>, AppError> {
    if messages.last().is_none_or(|message| message.role != "user") {
        let detail = "messages: the last message must be the user's; beginning the answer for the model is not \
                      supported";
        return Err(AppError::invalid("messages", detail));
    }
    let mut parsed = Vec::with_capacity(messages.len() + 1);
    if let Some(system) = system {
        parsed.push(ChatMessage::new(ChatRole::System, only_text(system, "system")?));
    }
    let mut called = BTreeSet::new();
    for (index, message) in messages.into_iter().enumerate() {
        let path = format!("messages[{index}]");
        match message.role.as_str() {
            "user" => said(message.content, &path, &called, &mut parsed)?,
            "assistant" => {
                let answer = answered(message.content, &path)?;
                called.extend(answer.tool_calls.iter().map(|call| call.id.clone()));
                parsed.push(answer);
            }
            other => {
                let detail = format!("{path}.role is user or assistant, not {other:?}; system is a field of its own");
                return Err(AppError::invalid(&format!("{path}.role"), detail));
            }
        }
    }
    Ok(parsed)
}

/// A user's message: results of tools first, then what is said.
fn said(
    content: TextOrItems,
    path: &str,
    called: &BTreeSet<String>,
    parsed: &mut Vec<ChatMessage>,
) -> Result<(), AppError> {
    let mut text: Option<String> = None;
    let mut results = false;
    for (place, kind, raw) in blocks(content, path)? {
        match kind.as_str() {
            "text" => text.get_or_insert_default().push_str(&text_of(&raw, &place)?),
            "tool_result" if text.is_none() => {
                let result: ToolResultBlock = block(&raw, &place)?;
                if !called.contains(&result.tool_use_id) {
                    let detail =
                        format!("{place}.tool_use_id: no message before it has a call {:?}", result.tool_use_id);
                    return Err(AppError::invalid(&format!("{place}.tool_use_id"), detail));
                }
                let content =
                    result.content.map(|content| only_text(content, &format!("{place}.content"))).transpose()?;
                let mut content = content.unwrap_or_default();
                if result.is_error == Some(true) {
                    // Templates have no mark for it.
                    content.insert_str(0, "Error: ");
                }
                let tool_call_id = Some(result.tool_use_id);
                parsed.push(ChatMessage { tool_call_id, ..ChatMessage::new(ChatRole::Tool, content) });
                results = true;
            }
            "tool_result" => {
                return Err(AppError::invalid(&place, format!("{place}: results of tools come before text")));
            }
            other => return Err(unsupported(&place, other, "text and tool_result")),
        }
    }
    match text {
        Some(text) => parsed.push(ChatMessage::new(ChatRole::User, text)),
        None if results => {}
        None => return Err(AppError::invalid(path, format!("{path}.content is empty; send at least one block"))),
    }
    Ok(())
}

/// An assistant's message, as an answer had it.
fn answered(content: TextOrItems, path: &str) -> Result<ChatMessage, AppError> {
    let mut message = ChatMessage::new(ChatRole::Assistant, "");
    for (place, kind, raw) in blocks(content, path)? {
        match kind.as_str() {
            "text" => message.content.push_str(&text_of(&raw, &place)?),
            "thinking" => {
                let ThinkingBlock { thinking, .. } = block(&raw, &place)?;
                message.reasoning_content.get_or_insert_default().push_str(&thinking);
            }
            "tool_use" => {
                let ToolUseBlock { id, name, input, .. } = block(&raw, &place)?;
                if !input.get().starts_with('{') {
                    let detail = format!("{place}.input is an object");
                    return Err(AppError::invalid(&format!("{place}.input"), detail));
                }
                message.tool_calls.push(ToolCall { id, name, arguments: input.get().to_owned() });
            }
            other => return Err(unsupported(&place, other, "text, thinking and tool_use")),
        }
    }
    Ok(message)
}

/// The text of what may be nothing but text.
fn only_text(content: TextOrItems, path: &str) -> Result<String, AppError> {
    let blocks = match content {
        TextOrItems::Text(text) => return Ok(text),
        TextOrItems::Items(blocks) => blocks,
    };
    let mut text = String::new();
    for (index, raw) in blocks.iter().enumerate() {
        let place = format!("{path}[{index}]");
        match kind_of(raw, &place)?.as_str() {
            "text" => text.push_str(&text_of(raw, &place)?),
            other => return Err(unsupported(&place, other, "text")),
        }
    }
    Ok(text)
}

/// Each block with its place and its type; a text is one block.
fn blocks(content: TextOrItems, path: &str) -> Result<Vec<(String, String, Box<RawValue>)>, AppError> {
    let blocks = match content {
        TextOrItems::Text(text) => {
            let block = serde_json::json!({"type": "text", "text": text});
            vec![serde_json::value::to_raw_value(&block).map_err(AppError::internal)?]
        }
        TextOrItems::Items(blocks) => blocks,
    };
    let blocks = blocks.into_iter().enumerate().map(|(index, raw)| {
        let place = format!("{path}.content[{index}]");
        let kind = kind_of(&raw, &place)?;
        Ok((place, kind, raw))
    });
    blocks.collect()
}

fn kind_of(raw: &RawValue, place: &str) -> Result<String, AppError> {
    block::<Kind>(raw, place).map(|Kind { kind }| kind)
}

fn text_of(raw: &RawValue, place: &str) -> Result<String, AppError> {
    let TextBlock { text, citations, .. } = block(raw, place)?;
    match citations {
        None => Ok(text),
        Some(_) => Err(AppError::invalid(&format!("{place}.citations"), format!("{place}.citations is not supported"))),
    }
}

fn block<T: DeserializeOwned>(raw: &RawValue, place: &str) -> Result<T, AppError> {
    serde_json::from_str(raw.get()).map_err(|error| AppError::invalid(place, format!("{place}: {error}")))
}

fn unsupported(place: &str, kind: &str, known: &str) -> AppError {
    AppError::invalid(place, format!("{place}: blocks of type {kind:?} are not supported here, only {known}"))
}
