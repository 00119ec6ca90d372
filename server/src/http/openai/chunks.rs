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
    pub(super) logprobs: Option<Logprobs>,
}

/// The model's message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AnswerMessage {
    pub(super) role: &'static str,
    /// What it said; null if it only called.
    pub(super) content: Option<String>,
    /// What it thought before, where the model's template tells the two apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reasoning_content: Option<String>,
    pub(super) refusal: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tool_calls: Vec<ToolCall>,
}

/// A call the model made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ToolCall {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) function: CalledFunction,
}

/// The inside of a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CalledFunction {
    pub(super) name: String,
    /// The text of a JSON object.
    pub(super) arguments: String,
}

/// How likely the tokens of an answer were.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Logprobs {
    /// Every token, those of calls and reasoning too.
    pub(super) content: Vec<TokenTold>,
    #[schema(value_type = Option<Object>)]
    pub(super) refusal: Option<()>,
}

/// One token of an answer.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenTold {
    #[serde(flatten)]
    pub(super) chosen: Told,
    /// The likeliest at its place, likeliest first.
    pub(super) top_logprobs: Vec<Told>,
}

/// A token and how likely it was: the natural logarithm of the model's own probability.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Told {
    pub(super) token: String,
    pub(super) logprob: f32,
    pub(super) bytes: Vec<u8>,
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
    pub(super) logprobs: Option<Logprobs>,
}

/// What the piece adds.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct Delta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tool_calls: Vec<CallDelta>,
}

/// A piece of a call: its name first, then its arguments.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallDelta {
    pub(super) index: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    pub(super) function: FunctionDelta,
}

/// The inside of a piece of a call.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FunctionDelta {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) arguments: String,
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
    /// Adds an answer to a prompt of its own.
    pub(super) fn add_whole(&mut self, usage: Usage) {
        self.prompt_tokens += usage.prompt_tokens;
        self.prompt_tokens_details.cached_tokens += usage.cached_tokens;
        self.completion_tokens += usage.completion_tokens;
        self.total_tokens = self.prompt_tokens + self.completion_tokens;
    }

    /// Adds one choice: its answer, and its prompt only if it is the first (OpenAI counts the prompt once).
    pub(super) fn add(&mut self, usage: Usage) {
        self.prompt_tokens = self.prompt_tokens.max(usage.prompt_tokens);
        self.prompt_tokens_details.cached_tokens = self.prompt_tokens_details.cached_tokens.max(usage.cached_tokens);
        self.completion_tokens += usage.completion_tokens;
        self.total_tokens = self.prompt_tokens + self.completion_tokens;
    }
}
