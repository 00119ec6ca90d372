//! The conversation of a request.

use std::collections::BTreeSet;

use leeward_wire::{ChatMessage, ChatRole, ToolCall};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::AppError;

/// One message of the conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestMessage {
    /// `system`, `developer`, `user`, `assistant` or `tool`.
    pub role: String,
    /// The text, or parts of type `text`; null only for an assistant that called tools.
    #[serde(default)]
    pub content: Option<Content>,
    /// The speaker's name; in a tool message, the function's.
    #[serde(default)]
    pub name: Option<String>,
    /// What an assistant called.
    #[serde(default)]
    pub tool_calls: Option<Vec<RequestCall>>,
    /// Which call a tool message answers.
    #[serde(default)]
    pub tool_call_id: Option<String>,
    /// What an assistant thought before it spoke, as an answer told it.
    #[serde(default)]
    pub reasoning_content: Option<String>,
    /// As answers have it; not given to the model.
    #[serde(default)]
    pub refusal: Option<String>,
    /// As answers have it: only null.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub audio: Option<Value>,
    /// As answers have it: only null.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub function_call: Option<Value>,
    /// As answers have it; not interpreted.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub annotations: Option<Value>,
}

/// A message's content.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Content {
    /// Plain text.
    Text(String),
    /// Parts; only text ones.
    Parts(Vec<Part>),
}

/// One part of a content.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Only `text`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text.
    #[serde(default)]
    pub text: Option<String>,
}

/// A call as an assistant made it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestCall {
    /// The call's name, which the tool message that answers it repeats.
    pub id: String,
    /// Only `function`.
    #[serde(rename = "type", default = "function")]
    pub kind: String,
    /// What was called.
    pub function: CalledFunction,
    /// As chunks have it; not interpreted.
    #[serde(default)]
    pub index: Option<u32>,
}

/// The inside of a call.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CalledFunctionParam)]
#[serde(deny_unknown_fields)]
pub struct CalledFunction {
    /// The function.
    pub name: String,
    /// Its arguments: the text of a JSON object.
    pub arguments: String,
}

fn function() -> String {
    "function".to_owned()
}

/// Checks the conversation: each message by itself, and that tools answer what was called.
///
/// # Errors
/// 400 naming the message and what it may be.
pub(super) fn parse(messages: Vec<RequestMessage>) -> Result<Vec<ChatMessage>, AppError> {
    if messages.is_empty() {
        return Err(AppError::invalid("messages", "messages is empty; send at least one message"));
    }
    let mut called = BTreeSet::new();
    let mut parsed = Vec::with_capacity(messages.len());
    for (index, message) in messages.into_iter().enumerate() {
        let message = message.parse(index)?;
        called.extend(message.tool_calls.iter().map(|call| call.id.clone()));
        if let Some(id) = message.tool_call_id.as_ref().filter(|id| !called.contains(*id)) {
            let detail = format!("no message before it has a call {id:?}");
            return Err(AppError::invalid(&format!("messages[{index}].tool_call_id"), detail));
        }
        parsed.push(message);
    }
    Ok(parsed)
}

impl RequestMessage {
    fn parse(self, index: usize) -> Result<ChatMessage, AppError> {
        let wrong = |field: &str, detail: &str| AppError::invalid(&format!("messages[{index}].{field}"), detail);
        let role = match self.role.as_str() {
            "system" | "developer" => ChatRole::System,
            "user" => ChatRole::User,
            "assistant" => ChatRole::Assistant,
            "tool" => ChatRole::Tool,
            other => {
                let detail = format!("role {other:?} is not one of system, developer, user, assistant, tool");
                return Err(wrong("role", &detail));
            }
        };
        if self.audio.is_some() || self.function_call.is_some() {
            let field = if self.audio.is_some() { "audio" } else { "function_call" };
            return Err(wrong(field, "is not supported: only text, and tool_calls"));
        }
        let calls = self.tool_calls.unwrap_or_default();
        if role != ChatRole::Assistant && !calls.is_empty() {
            return Err(wrong("tool_calls", "only an assistant calls tools"));
        }
        if (role == ChatRole::Tool) != self.tool_call_id.is_some() {
            return Err(wrong("tool_call_id", "a tool message has it, and no other"));
        }
        let content = match self.content {
            Some(content) => content.text(index)?,
            None if role == ChatRole::Assistant && !calls.is_empty() => String::new(),
            None => return Err(wrong("content", "is missing; only an assistant that called tools may leave it out")),
        };
        let tool_calls = calls
            .into_iter()
            .map(|call| match call.kind.as_str() {
                "function" => {
                    let CalledFunction { name, arguments } = call.function;
                    Ok(ToolCall { id: call.id, name, arguments })
                }
                other => Err(wrong("tool_calls", &format!("calls of type {other:?} are not supported, only function"))),
            })
            .collect::<Result<_, _>>()?;
        Ok(ChatMessage {
            role,
            content,
            tool_calls,
            tool_call_id: self.tool_call_id,
            name: self.name,
            reasoning_content: self.reasoning_content,
        })
    }
}

impl Content {
    fn text(self, index: usize) -> Result<String, AppError> {
        let parts = match self {
            Self::Text(text) => return Ok(text),
            Self::Parts(parts) => parts,
        };
        let texts = parts.into_iter().enumerate().map(|(at, part)| match (part.kind.as_str(), part.text) {
            ("text", Some(text)) => Ok(text),
            (kind, _) => {
                let path = format!("messages[{index}].content[{at}]");
                Err(AppError::invalid(&path, format!("content parts of type {kind:?} are not supported")))
            }
        });
        Ok(texts.collect::<Result<Vec<_>, _>>()?.join(""))
    }
}
