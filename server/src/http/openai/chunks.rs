//! The response objects of chat completions, whole and in chunks.

use leeward_wire::Usage;
use serde::Serialize;
use utoipa::ToSchema;

/// A whole answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChatCompletion {
    pub(super) id: String,
    pub(super) object: &'static str,
    pub(super) created: i64,
    pub(super) model: String,
    pub(super) choices: Vec<Choice>,
    pub(super) usage: CompletionUsage,
}

/// One of the answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Choice {
    pub(super) index: u32,
    pub(super) message: AnswerMessage,
    pub(super) finish_reason: &'static str,
    #[schema(value_type = Option<Object>)]
    pub(super) logprobs: Option<()>,
}

/// The model's message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerMessage {
    pub(super) role: &'static str,
    pub(super) content: String,
    pub(super) refusal: Option<String>,
}

/// One piece of a streamed answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChatCompletionChunk {
    pub(super) id: String,
    pub(super) object: &'static str,
    pub(super) created: i64,
    pub(super) model: String,
    pub(super) choices: Vec<ChunkChoice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) usage: Option<CompletionUsage>,
}

/// A piece of one of the answers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChunkChoice {
    pub(super) index: u32,
    pub(super) delta: Delta,
    pub(super) finish_reason: Option<&'static str>,
    #[schema(value_type = Option<Object>)]
    pub(super) logprobs: Option<()>,
}

/// What the piece adds.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
}

/// Tokens of a request.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub(super) struct CompletionUsage {
    pub(super) prompt_tokens: u32,
    pub(super) completion_tokens: u32,
    pub(super) total_tokens: u32,
    pub(super) prompt_tokens_details: PromptTokensDetails,
}

/// Where prompt tokens came from.
#[derive(Debug, Clone, Copy, Default, Serialize, ToSchema)]
pub(super) struct PromptTokensDetails {
    pub(super) cached_tokens: u32,
}

impl CompletionUsage {
    /// Adds one choice: its answer, and its prompt only if it is the first (OpenAI counts the prompt once).
    pub(super) fn add(&mut self, usage: Usage) {
        self.prompt_tokens = self.prompt_tokens.max(usage.prompt_tokens);
        self.prompt_tokens_details.cached_tokens = self.prompt_tokens_details.cached_tokens.max(usage.cached_tokens);
        self.completion_tokens += usage.completion_tokens;
        self.total_tokens = self.prompt_tokens + self.completion_tokens;
    }
}
