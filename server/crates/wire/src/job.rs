//! One generation: what is asked, how it ends, what it cost.

use serde::{Deserialize, Serialize};

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
}

impl ChatRole {
    /// The spelling in templates and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a conversation; content is plain text (parts are joined before they get here).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatMessage {
    /// Who said it.
    pub role: ChatRole,
    /// What was said.
    pub content: String,
}

/// How the next token is chosen. Every value is already in range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case")]
pub enum Sampling {
    /// Always the likeliest token: the same prompt gives the same answer.
    Greedy,
    /// At random, shaped by the usual knobs.
    Random {
        /// Above 0, at most 2.
        temperature: f64,
        /// Nucleus: above 0, at most 1.
        top_p: f64,
        /// Keep only the likeliest `k`; no limit if absent.
        top_k: Option<u32>,
    },
}

/// A generation to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenerateRequest {
    /// The conversation so far, at least one message.
    pub messages: Vec<ChatMessage>,
    /// How tokens are chosen.
    pub sampling: Sampling,
    /// OpenAI's presence penalty, -2 to 2.
    pub presence_penalty: f32,
    /// OpenAI's frequency penalty, -2 to 2.
    pub frequency_penalty: f32,
    /// At most this many generated tokens, at least 1; the worker lowers it to what the context leaves.
    pub max_tokens: u32,
    /// Strings that end the answer and are not part of it; none empty.
    pub stop: Vec<String>,
}

/// Why a finished job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model ended its turn, or a stop string was met.
    Stop,
    /// `max_tokens` or the context was used up.
    Length,
    /// The fleet asked for it.
    Cancelled,
}

/// Tokens in and out of one job, counted by the worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Prompt tokens, template included.
    pub prompt_tokens: u32,
    /// Generated tokens, the end-of-turn token not counted.
    pub completion_tokens: u32,
    /// Prompt tokens that came from the prefix cache, if the engine can tell.
    #[serde(default)]
    pub cached_tokens: u32,
}

/// Why a job failed. Its neighbours go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum JobFailure {
    /// The prompt alone fills the context: nothing was generated.
    #[error("the prompt has {prompt_tokens} tokens, the model's context holds {context_length}")]
    ContextOverflow {
        /// Length of the prompt in tokens.
        prompt_tokens: u32,
        /// Length of the context in tokens.
        context_length: u32,
    },
    /// The request made no sense to the engine (an empty conversation, a template that refuses it).
    #[error("the engine refused the request: {message}")]
    Invalid {
        /// What was wrong, for the caller.
        message: String,
    },
    /// The engine broke while working on this job.
    #[error("the engine failed: {message}")]
    Engine {
        /// What it said, for an operator.
        message: String,
    },
}
