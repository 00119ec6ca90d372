//! The body of `/v1/messages`: parsed, checked, refused by name.
//!
//! As in [`crate::http::openai::request`], every field works, is refused with the reason, or cannot change the answer
//! (`metadata`, `cache_control`, …). [`message`] has the conversation, [`tools`] what the model may call.

mod message;
mod tools;

use leeward_wire::{ChatPrompt, Constraint, Effort, GenerateRequest, Prompt};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use utoipa::ToSchema;

pub use self::{
    message::InputMessage,
    tools::{InputTool, ToolChoice},
};
use crate::{
    error::AppError,
    http::{
        TextOrItems,
        openai::request::{Calls, format, knobs},
    },
};

/// The least budget for thoughts, as Anthropic has it.
const MIN_BUDGET: u32 = 1024;

/// Anthropic's request, as far as Leeward serves it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessagesRequest {
    /// A model of `/v1/models`.
    pub model: String,
    /// At most this many tokens in the answer, thoughts included; lowered to what the context leaves.
    #[schema(minimum = 1)]
    pub max_tokens: u32,
    /// The conversation so far; its last message is the user's.
    pub messages: Vec<InputMessage>,
    /// What the model is told first: a text, or blocks of type `text`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub system: Option<TextOrItems>,
    /// Answer as server-sent events.
    #[serde(default)]
    pub stream: Option<bool>,
    /// 0 (greedy, repeatable) to 1, the default.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1)]
    pub temperature: Option<f64>,
    /// Above 0, at most 1.
    #[serde(default)]
    pub top_p: Option<f64>,
    /// Keep only the likeliest k tokens.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub top_k: Option<u32>,
    /// Up to four texts that end the answer.
    #[serde(default)]
    pub stop_sequences: Option<Vec<String>>,
    /// Functions the model may call.
    #[serde(default)]
    pub tools: Option<Vec<InputTool>>,
    /// `auto` (the default), `any`, `tool` with a `name`, or `none`.
    #[serde(default)]
    pub tool_choice: Option<ToolChoice>,
    /// Whether a model that can choose thinks before it answers.
    #[serde(default)]
    pub thinking: Option<Thinking>,
    /// What the answer must be, and how much a model that can choose thinks.
    #[serde(default)]
    pub output_config: Option<OutputConfig>,
    /// The caller's own name for the end user; not interpreted.
    #[serde(default)]
    pub metadata: Option<Metadata>,
    /// Only `auto` or `standard_only`: there is one tier.
    #[serde(default)]
    pub service_tier: Option<String>,
    /// Not interpreted: each tenant's prompts are cached for that tenant alone, or not at all.
    #[serde(default, rename = "cache_control")]
    #[schema(value_type = Option<Object>)]
    _cache_control: Option<IgnoredAny>,
}

/// The body of `/v1/messages/count_tokens`: the fields of a request that make its prompt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountTokensRequest {
    /// A model of `/v1/models`.
    pub model: String,
    /// The conversation so far.
    pub messages: Vec<InputMessage>,
    /// As with `/v1/messages`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub system: Option<TextOrItems>,
    /// As with `/v1/messages`.
    #[serde(default)]
    pub tools: Option<Vec<InputTool>>,
    /// As with `/v1/messages`.
    #[serde(default)]
    pub tool_choice: Option<ToolChoice>,
    /// As with `/v1/messages`.
    #[serde(default)]
    pub thinking: Option<Thinking>,
    /// As with `/v1/messages`.
    #[serde(default)]
    pub output_config: Option<OutputConfig>,
    /// Not interpreted.
    #[serde(default, rename = "cache_control")]
    #[schema(value_type = Option<Object>)]
    _cache_control: Option<IgnoredAny>,
}

/// Whether the model thinks first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Thinking {
    /// `enabled`, `disabled` (the default), or `adaptive`: as the model's template has it.
    #[serde(rename = "type")]
    kind: String,
    /// At least 1024 and below `max_tokens`. It is a target: only `max_tokens` ends thoughts.
    #[serde(default)]
    budget_tokens: Option<u32>,
}

/// What the answer must be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutputConfig {
    /// `low`, `medium` or `high`.
    #[serde(default)]
    effort: Option<String>,
    /// JSON of a schema.
    #[serde(default)]
    format: Option<OutputFormat>,
}

/// JSON of a schema.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OutputFormat {
    /// Only `json_schema`.
    #[serde(rename = "type")]
    kind: String,
    /// The JSON schema.
    #[schema(value_type = Object)]
    schema: Box<RawValue>,
}

/// The caller's own notes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The end user; not interpreted.
    #[serde(default, rename = "user_id")]
    _user_id: Option<String>,
}

/// The request, checked.
#[derive(Debug)]
pub(in crate::http) struct Parsed {
    pub(super) model: String,
    pub(super) generate: GenerateRequest,
    pub(super) calls: Calls,
    pub(super) stream: bool,
    /// Whether thoughts are told: a caller who did not ask for them does not expect blocks of them.
    pub(super) thoughts: bool,
}

/// The fields that make the prompt.
struct Asked {
    messages: Vec<InputMessage>,
    system: Option<TextOrItems>,
    tools: Option<Vec<InputTool>>,
    tool_choice: Option<ToolChoice>,
    thinking: Option<Thinking>,
    output_config: Option<OutputConfig>,
    /// None where there is no answer.
    max_tokens: Option<u32>,
}

/// The prompt and what follows from it.
struct Prompted {
    prompt: Prompt,
    calls: Calls,
    constraint: Option<Constraint>,
    thoughts: bool,
}

impl MessagesRequest {
    /// Checks every field.
    ///
    /// # Errors
    /// 400 naming the first field at fault and what it may be.
    pub(in crate::http) fn parse(self) -> Result<Parsed, AppError> {
        if self.max_tokens == 0 {
            return Err(AppError::invalid("max_tokens", "max_tokens must be at least 1"));
        }
        if let Some(temperature) = self.temperature.filter(|temperature| !(0.0..=1.0).contains(temperature)) {
            return Err(AppError::invalid("temperature", format!("temperature is 0 to 1, not {temperature}")));
        }
        if self.service_tier.as_deref().is_some_and(|tier| !matches!(tier, "auto" | "standard_only")) {
            let detail = "service_tier: there is one tier; leave it out or say auto";
            return Err(AppError::invalid("service_tier", detail));
        }
        let sampling = knobs::sampling(self.temperature, self.top_p, self.top_k, None, None)?;
        let stop = knobs::stop_strings("stop_sequences", self.stop_sequences.unwrap_or_default())?;
        let asked = Asked {
            messages: self.messages,
            system: self.system,
            tools: self.tools,
            tool_choice: self.tool_choice,
            thinking: self.thinking,
            output_config: self.output_config,
            max_tokens: Some(self.max_tokens),
        };
        let Prompted { prompt, calls, constraint, thoughts } = asked.parse()?;
        let generate = GenerateRequest { stop, constraint, ..GenerateRequest::new(prompt, sampling, self.max_tokens) };
        Ok(Parsed { model: self.model, generate, calls, stream: self.stream.unwrap_or(false), thoughts })
    }
}

impl CountTokensRequest {
    /// Checks every field; gives the model's name and the prompt.
    ///
    /// # Errors
    /// As [`MessagesRequest::parse`].
    pub(in crate::http) fn parse(self) -> Result<(String, Prompt), AppError> {
        let asked = Asked {
            messages: self.messages,
            system: self.system,
            tools: self.tools,
            tool_choice: self.tool_choice,
            thinking: self.thinking,
            output_config: self.output_config,
            max_tokens: None,
        };
        Ok((self.model, asked.parse()?.prompt))
    }
}

impl Asked {
    fn parse(self) -> Result<Prompted, AppError> {
        let (tools, calls) = tools::parse(self.tools.unwrap_or_default(), self.tool_choice)?;
        let OutputConfig { effort, format } = self.output_config.unwrap_or(OutputConfig { effort: None, format: None });
        let constraint = match (calls.constraint(), format.map(OutputFormat::parse).transpose()?) {
            (Some(_), Some(_)) => {
                let detail = "output_config: the answer cannot be both a call and what format says: leave one out";
                return Err(AppError::invalid("output_config.format", detail));
            }
            (call, format) => call.or(format),
        };
        let told = self.thinking.map_or(Ok(Some(false)), |thinking| thinking.parse(self.max_tokens))?;
        if told == Some(true) && constraint.is_some() {
            let detail = "thinking: a grammar holds from the first token on and leaves no room for thoughts; disable \
                          it, or leave tool_choice and output_config.format out";
            return Err(AppError::invalid("thinking", detail));
        }
        let thinking = if constraint.is_some() { Some(false) } else { told };
        let messages = message::parse(self.system, self.messages)?;
        let prompt = Prompt::Chat(ChatPrompt {
            messages,
            tools,
            thinking,
            effort: effort.as_deref().map(effort_of).transpose()?,
        });
        Ok(Prompted { prompt, calls, constraint, thoughts: thinking != Some(false) })
    }
}

fn effort_of(effort: &str) -> Result<Effort, AppError> {
    match effort {
        "low" => Ok(Effort::Low),
        "medium" => Ok(Effort::Medium),
        "high" => Ok(Effort::High),
        other => {
            let detail = format!("output_config.effort is low, medium or high, not {other:?}");
            Err(AppError::invalid("output_config.effort", detail))
        }
    }
}

impl Thinking {
    /// What the template is told; none to leave it to the template.
    fn parse(self, max_tokens: Option<u32>) -> Result<Option<bool>, AppError> {
        match (self.kind.as_str(), self.budget_tokens) {
            ("disabled", None) => Ok(Some(false)),
            ("adaptive", None) => Ok(None),
            ("enabled", Some(budget)) => {
                let fits = max_tokens.is_none_or(|most| budget < most);
                if budget < MIN_BUDGET || !fits {
                    let detail =
                        format!("thinking.budget_tokens is at least {MIN_BUDGET} and below max_tokens, not {budget}");
                    return Err(AppError::invalid("thinking.budget_tokens", detail));
                }
                Ok(Some(true))
            }
            ("enabled", None) => Err(AppError::invalid("thinking.budget_tokens", "thinking.budget_tokens is missing")),
            ("disabled" | "adaptive", Some(_)) => {
                let detail = "thinking.budget_tokens goes with enabled only; leave it out";
                Err(AppError::invalid("thinking.budget_tokens", detail))
            }
            (other, _) => {
                let detail = format!("thinking.type is enabled, disabled or adaptive, not {other:?}");
                Err(AppError::invalid("thinking.type", detail))
            }
        }
    }
}

impl OutputFormat {
    fn parse(self) -> Result<Constraint, AppError> {
        if self.kind != "json_schema" {
            let detail = format!("output_config.format.type is json_schema, not {:?}", self.kind);
            return Err(AppError::invalid("output_config.format.type", detail));
        }
        format::by_schema("output_config.format", &self.schema)
    }
}
