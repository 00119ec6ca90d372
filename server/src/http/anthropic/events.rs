//! The response objects of Anthropic's Messages API, whole and as the events of a stream.

use leeward_wire::Usage;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A whole answer, and the empty one that a stream begins with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MessagesAnswer {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) role: &'static str,
    pub(super) model: String,
    pub(super) content: Vec<MessagesBlock>,
    /// `end_turn`, `max_tokens`, `stop_sequence` or `tool_use`; null while it is made.
    pub(super) stop_reason: Option<&'static str>,
    /// Which of the `stop_sequences` ended it, if one did.
    pub(super) stop_sequence: Option<String>,
    pub(super) usage: MessagesUsage,
}

/// A piece of an answer's content.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum MessagesBlock {
    /// What the model thought before.
    Thinking {
        thinking: String,
        /// Always empty: thoughts are not signed.
        signature: &'static str,
    },
    /// What it said.
    Text { text: String },
    /// What it called.
    ToolUse {
        id: String,
        name: String,
        #[schema(value_type = Object)]
        input: Box<RawValue>,
    },
}

/// Tokens of a request.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct MessagesUsage {
    /// Without those that came from the cache.
    pub(super) input_tokens: u32,
    pub(super) cache_creation_input_tokens: u32,
    pub(super) cache_read_input_tokens: u32,
    /// Thoughts and calls included.
    pub(super) output_tokens: u32,
}

impl From<Usage> for MessagesUsage {
    fn from(usage: Usage) -> Self {
        Self {
            input_tokens: usage.prompt_tokens.saturating_sub(usage.cached_tokens),
            cache_creation_input_tokens: 0,
            cache_read_input_tokens: usage.cached_tokens,
            output_tokens: usage.completion_tokens,
        }
    }
}

/// An event of a stream; its name is its type.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum MessagesEvent {
    MessageStart { message: MessagesAnswer },
    Ping,
    ContentBlockStart { index: u32, content_block: MessagesBlock },
    ContentBlockDelta { index: u32, delta: BlockDelta },
    ContentBlockStop { index: u32 },
    MessageDelta { delta: MessageEnd, usage: MessagesUsage },
    MessageStop,
}

/// What a block grows by.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type")]
pub(super) enum BlockDelta {
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: String },
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "input_json_delta")]
    Input { partial_json: String },
}

/// How the message ended; nothing yet where it begins.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct MessageEnd {
    pub(super) stop_reason: Option<&'static str>,
    pub(super) stop_sequence: Option<String>,
}

impl MessagesEvent {
    /// Its name in the stream.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::MessageStart { .. } => "message_start",
            Self::Ping => "ping",
            Self::ContentBlockStart { .. } => "content_block_start",
            Self::ContentBlockDelta { .. } => "content_block_delta",
            Self::ContentBlockStop { .. } => "content_block_stop",
            Self::MessageDelta { .. } => "message_delta",
            Self::MessageStop => "message_stop",
        }
    }
}
