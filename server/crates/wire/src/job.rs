//! One generation: what is asked, how it ends, what it cost.

use serde::{Deserialize, Serialize};

use crate::{JsonText, Prompt};

/// The most likely tokens that can be asked for at each place, as OpenAI has it.
pub const MAX_LOGPROBS: u32 = 20;
/// The most tokens a request may favour or disfavour.
pub const MAX_BIASES: usize = 1024;
/// The longest grammar in bytes, whatever it is written in.
pub const MAX_GRAMMAR_BYTES: usize = 64 * 1024;

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
        /// Keep only tokens at least this fraction as likely as the likeliest: 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min_p: Option<f64>,
        /// The same seed, request and model draw the same tokens, as far as floating point is repeatable
        /// (jobs computed together may differ in the last bit); drawn anew if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seed: Option<u64>,
    },
}

/// A language the whole answer must be a sentence of.
///
/// The model can only choose tokens that lead to one, and may end its turn only where it has reached one;
/// where nothing can follow, the job ends with [`FinishReason::Stop`]. An answer cut off by `max_tokens` is
/// only the beginning of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Constraint {
    /// Any JSON object.
    Json,
    /// JSON that a schema describes. Properties come in the schema's order.
    JsonSchema {
        /// The schema, a JSON object. Keywords the grammar cannot enforce are refused by name.
        schema: JsonText,
    },
    /// Text that matches a regular expression from beginning to end.
    Regex {
        /// In the syntax of Rust's `regex` crate.
        pattern: String,
    },
    /// Text of a context-free grammar.
    Lark {
        /// In llguidance's variant of Lark, beginning with the rule `start`.
        grammar: String,
    },
}

/// A generation to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GenerateRequest {
    /// What to go on from.
    pub prompt: Prompt,
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
    /// What the answer must be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Constraint>,
    /// Tokens to favour or disfavour: added to their logits, -100 to 100; at most [`MAX_BIASES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logit_bias: Vec<(u32, f32)>,
    /// Say how likely each token was, and this many of the likeliest at its place: 0 to [`MAX_LOGPROBS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<u32>,
}

impl GenerateRequest {
    /// A request without penalties, stop strings and the other extras.
    #[must_use]
    pub const fn new(prompt: Prompt, sampling: Sampling, max_tokens: u32) -> Self {
        Self {
            prompt,
            sampling,
            presence_penalty: 0.0,
            frequency_penalty: 0.0,
            max_tokens,
            stop: Vec::new(),
            constraint: None,
            logit_bias: Vec::new(),
            logprobs: None,
        }
    }
}

/// Why a finished job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model ended its turn, a stop string was met, or the grammar was complete.
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
    /// The grammar cannot be used, or led to a place where no token is possible.
    #[error("the grammar cannot be used: {message}")]
    InvalidGrammar {
        /// What is wrong with it, for the caller.
        message: String,
    },
    /// The engine broke while working on this job.
    #[error("the engine failed: {message}")]
    Engine {
        /// What it said, for an operator.
        message: String,
    },
}
