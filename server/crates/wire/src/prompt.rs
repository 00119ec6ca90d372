//! What the model is given to go on from: a conversation, or plain text.

use serde::{Deserialize, Serialize};

use crate::JsonText;

/// Who a message is from, as chat templates know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatRole {
    /// Instructions of the application.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool the model called.
    Tool,
}

impl ChatRole {
    /// The spelling in templates and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// One message of a conversation; content is plain text (parts are joined before they get here).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Who said it.
    pub role: ChatRole,
    /// What was said; empty for an assistant that only called tools.
    pub content: String,
    /// The tools an assistant called, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The call a tool message answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// The speaker's name, or the tool's in a tool message; where a tool message has none, the worker takes
    /// it from the call that is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What an assistant thought before it spoke; a template decides whether the model sees it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_content: Option<String>,
}

impl ChatMessage {
    /// A message of nothing but text.
    #[must_use]
    pub fn new(role: ChatRole, content: impl Into<String>) -> Self {
        Self {
            role,
            content: content.into(),
            tool_calls: Vec::new(),
            tool_call_id: None,
            name: None,
            reasoning_content: None,
        }
    }
}

/// One call of a tool, as an assistant made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The call's name, which the tool message repeats.
    pub id: String,
    /// The function called.
    pub name: String,
    /// Its arguments as the model wrote them: the text of a JSON object. Templates get the object; a text
    /// that is none, which a model may have written, they get as it is.
    pub arguments: String,
}

/// How much a model that can choose should think.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effort {
    /// Little.
    Low,
    /// The usual.
    Medium,
    /// Much.
    High,
}

impl Effort {
    /// The spelling in templates and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What the model goes on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Prompt {
    /// A conversation, put into words by the model's chat template; the assistant is to speak next.
    Chat(ChatPrompt),
    /// Text to go on with as it stands: no template, but the special tokens that the tokenizer puts around
    /// any text.
    Text {
        /// Where to go on from.
        text: String,
    },
}

impl Prompt {
    /// A conversation without tools.
    #[must_use]
    pub const fn chat(messages: Vec<ChatMessage>) -> Self {
        Self::Chat(ChatPrompt { messages, tools: Vec::new(), thinking: None, effort: None })
    }
}

/// A conversation and what the chat template is told about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatPrompt {
    /// The conversation so far, at least one message.
    pub messages: Vec<ChatMessage>,
    /// Tools the model may call: OpenAI's tool objects, `{"type": "function", "function": {…}}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<JsonText>,
    /// Whether a model that can think first should (`enable_thinking` in templates); it does by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thinking: Option<bool>,
    /// How much it should think (`reasoning_effort` in templates); up to the template if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
}
