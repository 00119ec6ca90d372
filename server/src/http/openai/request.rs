//! The body of `/v1/chat/completions`: parsed, checked, refused by name.
//!
//! Every field either works, is refused with the reason, or cannot change the answer (`user`, `metadata`,
//! `store: false`, …). Silence would be a lie about what was computed. [`message`] has the conversation, [`tools`] what
//! the model may call, [`format`] what the answer must be, [`knobs`] how tokens are chosen.

pub(in crate::http) mod format;
pub(in crate::http) mod knobs;
mod message;
pub(in crate::http) mod tools;

use std::collections::BTreeMap;

use leeward_wire::{ChatPrompt, Effort, GenerateRequest, Prompt, Sampling};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

pub use self::{
    format::{JsonSchemaFormat, ResponseFormat},
    knobs::Stop,
    message::RequestMessage,
    tools::{Calls, Choice, RequestTool},
};
use crate::error::AppError;

/// The most choices one request may ask for.
pub const MAX_CHOICES: u32 = 4;
/// Used when the caller sets no limit; the worker lowers it to what the context leaves.
const DEFAULT_MAX_TOKENS: u32 = 4096;

/// OpenAI's request, as far as Leeward serves it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatCompletionRequest {
    /// A model of `/v1/models`.
    pub model: String,
    /// The conversation so far.
    pub messages: Vec<RequestMessage>,
    /// Answer as server-sent events.
    #[serde(default)]
    pub stream: Option<bool>,
    /// Options of the stream.
    #[serde(default)]
    pub stream_options: Option<StreamOptions>,
    /// At most this many tokens in the answer.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub max_tokens: Option<u32>,
    /// The newer name of `max_tokens`.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub max_completion_tokens: Option<u32>,
    /// 0 (greedy, repeatable) to 2; 1 by default.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 2)]
    pub temperature: Option<f64>,
    /// Above 0, at most 1.
    #[serde(default)]
    pub top_p: Option<f64>,
    /// Keep only the likeliest k tokens.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub top_k: Option<u32>,
    /// Keep only tokens at least this fraction as likely as the likeliest, 0 to 1.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1)]
    pub min_p: Option<f64>,
    /// -2 to 2.
    #[serde(default)]
    #[schema(minimum = -2, maximum = 2)]
    pub presence_penalty: Option<f32>,
    /// -2 to 2.
    #[serde(default)]
    #[schema(minimum = -2, maximum = 2)]
    pub frequency_penalty: Option<f32>,
    /// Added to the logits of tokens, by their number in the model's vocabulary: -100 to 100.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub logit_bias: Option<BTreeMap<String, f32>>,
    /// Up to four strings that end the answer.
    #[serde(default)]
    pub stop: Option<Stop>,
    /// How many answers, 1 to 4.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 4)]
    pub n: Option<u32>,
    /// The same seed, request and model draw the same tokens, as far as floating point is repeatable.
    #[serde(default)]
    pub seed: Option<i64>,
    /// What the answer must be: text, JSON, JSON of a schema, or a sentence of a grammar.
    #[serde(default)]
    pub response_format: Option<ResponseFormat>,
    /// Functions the model may call.
    #[serde(default)]
    pub tools: Option<Vec<RequestTool>>,
    /// `auto` (the default), `none`, `required`, or `{"type":"function","function":{"name":…}}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub tool_choice: Option<Value>,
    /// Whether one answer may call several functions; true by default.
    #[serde(default)]
    pub parallel_tool_calls: Option<bool>,
    /// Say how likely each token was.
    #[serde(default)]
    pub logprobs: Option<bool>,
    /// And this many of the likeliest at its place, 0 to 20.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 20)]
    pub top_logprobs: Option<u32>,
    /// How much a model that can choose thinks: `none`, `minimal`, `low`, `medium` or `high`.
    #[serde(default)]
    pub reasoning_effort: Option<String>,
    /// Whether a model that can choose thinks before it answers.
    #[serde(default)]
    pub enable_thinking: Option<bool>,
    /// The same as other servers have it: only `enable_thinking`.
    #[serde(default)]
    pub chat_template_kwargs: Option<TemplateArguments>,
    /// The caller's own name for the end user; not interpreted.
    #[serde(default)]
    pub user: Option<String>,
    /// The same, by its newer name.
    #[serde(default)]
    pub safety_identifier: Option<String>,
    /// Not interpreted: each tenant's prompts are cached for that tenant alone, or not at all.
    #[serde(default)]
    pub prompt_cache_key: Option<String>,
    /// The caller's own notes; not interpreted.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Value>,
    /// Only `auto` or `default`: there is one tier.
    #[serde(default)]
    pub service_tier: Option<String>,
    /// Only `["text"]`.
    #[serde(default)]
    pub modalities: Option<Vec<String>>,
    /// Only `false`: Leeward keeps no API conversations.
    #[serde(default)]
    pub store: Option<bool>,
}

/// Options of a stream.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamOptions {
    /// Send the usage in a last chunk of its own.
    #[serde(default)]
    pub include_usage: bool,
    /// Not interpreted: nothing is padded.
    #[serde(default)]
    pub include_obfuscation: Option<bool>,
}

/// What the chat template is told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateArguments {
    /// Whether a model that can choose thinks before it answers.
    #[serde(default)]
    pub enable_thinking: Option<bool>,
}

/// The request, checked.
#[derive(Debug)]
pub struct Parsed {
    /// The model's name.
    pub model: String,
    /// What to generate.
    pub generate: GenerateRequest,
    /// What the answer may call.
    pub calls: Calls,
    /// How many answers.
    pub choices: u32,
    /// Whether to stream.
    pub stream: bool,
    /// Whether the stream ends with the usage.
    pub include_usage: bool,
}

impl ChatCompletionRequest {
    /// Checks every field.
    ///
    /// # Errors
    /// 400 naming the first field at fault and what it may be.
    pub fn parse(self) -> Result<Parsed, AppError> {
        self.refuse_unsupported()?;
        let (thinking, effort) = self.thinking()?;
        let stream = self.stream.unwrap_or(false);
        if self.stream_options.is_some() && !stream {
            return Err(AppError::invalid("stream_options", "stream_options needs stream: true"));
        }
        let sampling = knobs::sampling(self.temperature, self.top_p, self.top_k, self.min_p, self.seed)?;
        let logprobs = knobs::logprobs(self.logprobs, self.top_logprobs)?;
        let max_tokens = self.max_completion_tokens.or(self.max_tokens).unwrap_or(DEFAULT_MAX_TOKENS);
        if max_tokens == 0 {
            return Err(AppError::invalid("max_tokens", "max_tokens must be at least 1"));
        }
        let choices = match self.n.unwrap_or(1) {
            n @ 1..=MAX_CHOICES => n,
            n => return Err(AppError::invalid("n", format!("n is 1 to {MAX_CHOICES}, not {n}"))),
        };
        if choices > 1 && matches!(sampling, Sampling::Random { seed: Some(_), .. }) {
            return Err(AppError::invalid("seed", "with a seed all answers would be the same: leave out seed or n"));
        }
        let (tools, calls) = tools::parse(self.tools, self.tool_choice.as_ref(), self.parallel_tool_calls)?;
        let format = self.response_format.map(ResponseFormat::parse).transpose()?.flatten();
        let constraint = match (calls.constraint(), format) {
            (Some(_), Some(_)) => {
                let detail = "the answer cannot be both a call and what response_format says: leave one of the two out";
                return Err(AppError::invalid("response_format", detail));
            }
            (call, format) => call.or(format),
        };
        // A grammar holds from the first token on: there is no room for thoughts.
        let thinking = thinking.or_else(|| constraint.is_some().then_some(false));
        let messages = message::parse(self.messages)?;
        Ok(Parsed {
            model: self.model,
            generate: GenerateRequest {
                presence_penalty: knobs::penalty("presence_penalty", self.presence_penalty)?,
                frequency_penalty: knobs::penalty("frequency_penalty", self.frequency_penalty)?,
                stop: knobs::stops(self.stop)?,
                constraint,
                logit_bias: knobs::biases(self.logit_bias)?,
                logprobs,
                ..GenerateRequest::new(
                    Prompt::Chat(ChatPrompt { messages, tools, thinking, effort }),
                    sampling,
                    max_tokens,
                )
            },
            calls,
            choices,
            stream,
            include_usage: self.stream_options.is_some_and(|options| options.include_usage),
        })
    }

    /// Whether to think, and how much.
    fn thinking(&self) -> Result<(Option<bool>, Option<Effort>), AppError> {
        let (none, effort) = match self.reasoning_effort.as_deref() {
            None => (false, None),
            Some("none") => (true, None),
            Some("minimal" | "low") => (false, Some(Effort::Low)),
            Some("medium") => (false, Some(Effort::Medium)),
            Some("high") => (false, Some(Effort::High)),
            Some(other) => {
                let detail = format!("reasoning_effort is none, minimal, low, medium or high, not {other:?}");
                return Err(AppError::invalid("reasoning_effort", detail));
            }
        };
        let kwargs = self.chat_template_kwargs.as_ref().and_then(|arguments| arguments.enable_thinking);
        match (self.enable_thinking.or(kwargs), none) {
            (Some(true), true) => {
                Err(AppError::invalid("enable_thinking", "reasoning_effort none and enable_thinking true contradict"))
            }
            (said, none) => Ok((said.or_else(|| none.then_some(false)), effort)),
        }
    }

    fn refuse_unsupported(&self) -> Result<(), AppError> {
        let refuse = |field: &str, why: &str| Err(AppError::invalid(field, format!("{field}: {why}")));
        if self.store == Some(true) {
            return refuse("store", "conversations of the API are not kept; leave it out or say false");
        }
        if self.service_tier.as_deref().is_some_and(|tier| !matches!(tier, "auto" | "default")) {
            return refuse("service_tier", "there is one tier; leave it out or say auto");
        }
        if self.modalities.as_ref().is_some_and(|modalities| modalities.iter().any(|one| one != "text")) {
            return refuse("modalities", "models answer in text; leave it out or say [\"text\"]");
        }
        Ok(())
    }
}
