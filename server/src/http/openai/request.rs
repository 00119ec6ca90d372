//! The body of `/v1/chat/completions`: parsed, checked, refused by name.
//!
//! Every field either works, is refused with the reason, or cannot change the answer (`user`, `metadata`,
//! `store: false`, …). Silence would be a lie about what was computed.

use leeward_wire::{ChatMessage, ChatRole, GenerateRequest, Prompt, Sampling};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::AppError;

/// The most choices one request may ask for.
pub const MAX_CHOICES: u32 = 4;
/// The most stop strings, as OpenAI has it.
const MAX_STOPS: usize = 4;
/// The longest stop string in bytes; a longer one would hold back too much text.
const MAX_STOP_BYTES: usize = 256;
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
    /// -2 to 2.
    #[serde(default)]
    #[schema(minimum = -2, maximum = 2)]
    pub presence_penalty: Option<f32>,
    /// -2 to 2.
    #[serde(default)]
    #[schema(minimum = -2, maximum = 2)]
    pub frequency_penalty: Option<f32>,
    /// Up to four strings that end the answer.
    #[serde(default)]
    pub stop: Option<Stop>,
    /// How many answers, 1 to 4.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 4)]
    pub n: Option<u32>,
    /// Honoured with `temperature: 0`, where it changes nothing; refused otherwise.
    #[serde(default)]
    pub seed: Option<i64>,
    /// The caller's own name for the end user; not interpreted.
    #[serde(default)]
    pub user: Option<String>,
    /// The caller's own notes; not interpreted.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Value>,
    /// Only `false`: Leeward keeps no API conversations.
    #[serde(default)]
    pub store: Option<bool>,
    /// Only `{"type":"text"}` so far.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub response_format: Option<Value>,
    /// Only an empty list so far.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub tools: Option<Vec<Value>>,
    /// Only `false` so far.
    #[serde(default)]
    pub logprobs: Option<bool>,
}

/// Options of a stream.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StreamOptions {
    /// Send the usage in a last chunk of its own.
    #[serde(default)]
    pub include_usage: bool,
}

/// One stop string or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Stop {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// One message of the conversation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestMessage {
    /// `system`, `developer`, `user` or `assistant`.
    pub role: String,
    /// The text, or parts of type `text`.
    pub content: Content,
    /// The caller's own name for the speaker; not given to the model.
    #[serde(default)]
    pub name: Option<String>,
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
    /// Only `text` so far.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text.
    #[serde(default)]
    pub text: Option<String>,
}

/// The request, checked.
#[derive(Debug)]
pub struct Parsed {
    /// The model's name.
    pub model: String,
    /// What to generate.
    pub generate: GenerateRequest,
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
        if self.messages.is_empty() {
            return Err(AppError::invalid("messages", "messages is empty; send at least one message"));
        }
        let sampling = sampling(self.temperature, self.top_p, self.top_k)?;
        if self.seed.is_some() && sampling != Sampling::Greedy {
            let detail = "this engine cannot repeat random sampling; set temperature to 0 or leave seed out";
            return Err(AppError::invalid("seed", detail));
        }
        let messages = self
            .messages
            .into_iter()
            .enumerate()
            .map(|(index, message)| message.parse(index))
            .collect::<Result<_, _>>()?;
        let max_tokens = self.max_completion_tokens.or(self.max_tokens).unwrap_or(DEFAULT_MAX_TOKENS);
        if max_tokens == 0 {
            return Err(AppError::invalid("max_tokens", "max_tokens must be at least 1"));
        }
        let stream = self.stream.unwrap_or(false);
        if self.stream_options.is_some() && !stream {
            return Err(AppError::invalid("stream_options", "stream_options needs stream: true"));
        }
        Ok(Parsed {
            model: self.model,
            generate: GenerateRequest {
                presence_penalty: penalty("presence_penalty", self.presence_penalty)?,
                frequency_penalty: penalty("frequency_penalty", self.frequency_penalty)?,
                stop: stops(self.stop)?,
                ..GenerateRequest::new(Prompt::chat(messages), sampling, max_tokens)
            },
            choices: match self.n.unwrap_or(1) {
                n @ 1..=MAX_CHOICES => n,
                n => return Err(AppError::invalid("n", format!("n is 1 to {MAX_CHOICES}, not {n}"))),
            },
            stream,
            include_usage: self.stream_options.is_some_and(|options| options.include_usage),
        })
    }

    fn refuse_unsupported(&self) -> Result<(), AppError> {
        let refuse = |field: &str| Err(AppError::invalid(field, format!("{field} is not supported by this version")));
        if self.tools.as_ref().is_some_and(|tools| !tools.is_empty()) {
            return refuse("tools");
        }
        if self.logprobs == Some(true) {
            return refuse("logprobs");
        }
        if self.store == Some(true) {
            return refuse("store");
        }
        match self.response_format.as_ref().and_then(|format| format.get("type")) {
            Some(kind) if kind != "text" => refuse("response_format"),
            _ => Ok(()),
        }
    }
}

impl RequestMessage {
    fn parse(self, index: usize) -> Result<ChatMessage, AppError> {
        let role = match self.role.as_str() {
            "system" | "developer" => ChatRole::System,
            "user" => ChatRole::User,
            "assistant" => ChatRole::Assistant,
            other => {
                let detail = format!("role {other:?} is not one of system, developer, user, assistant");
                return Err(AppError::invalid(&format!("messages[{index}].role"), detail));
            }
        };
        let content = match self.content {
            Content::Text(text) => text,
            Content::Parts(parts) => {
                let texts = parts.into_iter().enumerate().map(|(at, part)| match (part.kind.as_str(), part.text) {
                    ("text", Some(text)) => Ok(text),
                    (kind, _) => {
                        let path = format!("messages[{index}].content[{at}]");
                        Err(AppError::invalid(&path, format!("content parts of type {kind:?} are not supported")))
                    }
                });
                texts.collect::<Result<Vec<_>, _>>()?.join("")
            }
        };
        Ok(ChatMessage::new(role, content))
    }
}

fn sampling(temperature: Option<f64>, top_p: Option<f64>, top_k: Option<u32>) -> Result<Sampling, AppError> {
    let temperature = temperature.unwrap_or(1.0);
    let top_p = top_p.unwrap_or(1.0);
    if !(0.0..=2.0).contains(&temperature) {
        return Err(AppError::invalid("temperature", format!("temperature is 0 to 2, not {temperature}")));
    }
    if !(top_p > 0.0 && top_p <= 1.0) {
        return Err(AppError::invalid("top_p", format!("top_p is above 0 and at most 1, not {top_p}")));
    }
    if top_k == Some(0) {
        return Err(AppError::invalid("top_k", "top_k is at least 1; leave it out for no limit"));
    }
    // At so low a temperature the likeliest token has all the weight: the same thing, without dividing by
    // nearly zero.
    let greedy = temperature < 1e-4 || top_k == Some(1);
    Ok(if greedy { Sampling::Greedy } else { Sampling::Random { temperature, top_p, top_k, min_p: None, seed: None } })
}

fn penalty(name: &str, value: Option<f32>) -> Result<f32, AppError> {
    match value.unwrap_or(0.0) {
        value if (-2.0..=2.0).contains(&value) => Ok(value),
        value => Err(AppError::invalid(name, format!("{name} is -2 to 2, not {value}"))),
    }
}

fn stops(stop: Option<Stop>) -> Result<Vec<String>, AppError> {
    let stops = match stop {
        None => Vec::new(),
        Some(Stop::One(one)) => vec![one],
        Some(Stop::Many(many)) => many,
    };
    if stops.len() > MAX_STOPS {
        return Err(AppError::invalid("stop", format!("at most {MAX_STOPS} stop strings, not {}", stops.len())));
    }
    match stops.iter().find(|stop| stop.is_empty() || stop.len() > MAX_STOP_BYTES) {
        Some(_) => Err(AppError::invalid("stop", format!("a stop string has 1 to {MAX_STOP_BYTES} bytes"))),
        None => Ok(stops),
    }
}
