//! The body of `/v1/responses`: parsed, checked, refused by name, as [`crate::http::openai::request`] does.
//!
//! [`super::input`] has the conversation, [`super::stored`] what was said before and what is kept.

use leeward_wire::{ChatPrompt, Constraint, Effort, GenerateRequest, JsonText, Prompt};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use serde_json::{Value, json, value::RawValue};
use utoipa::ToSchema;

use super::input;
use crate::{
    error::AppError,
    http::{
        TextOrItems,
        openai::request::{
            Calls, RequestTool, format, knobs,
            tools::{self, PlainFunction},
        },
    },
};

/// Used when the caller sets no limit; the worker lowers it to what the context leaves.
const DEFAULT_MAX_TOKENS: u32 = 4096;
/// What may be asked to come along: thoughts are told in the clear, so nothing needs to be encrypted to come back.
const INCLUDED: &str = "reasoning.encrypted_content";

/// OpenAI's request, as far as Leeward serves it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponsesRequest {
    /// A model of `/v1/models`.
    model: String,
    /// A text, or items of type `message`, `function_call`, `function_call_output` or `reasoning`.
    #[schema(value_type = Object)]
    input: TextOrItems,
    /// What the model is told first.
    #[serde(default)]
    instructions: Option<String>,
    /// Functions the model may call.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    tools: Option<Vec<Box<RawValue>>>,
    /// `auto` (the default), `none`, `required`, or `{"type":"function","name":…}`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    tool_choice: Option<Value>,
    /// Whether one answer may call several functions; true by default.
    #[serde(default)]
    parallel_tool_calls: Option<bool>,
    /// What the answer must be.
    #[serde(default)]
    text: Option<TextConfig>,
    /// How much a model that can choose thinks.
    #[serde(default)]
    reasoning: Option<ReasoningConfig>,
    /// At most this many tokens in the answer, thoughts included.
    #[serde(default)]
    #[schema(minimum = 1)]
    max_output_tokens: Option<u32>,
    /// 0 (greedy, repeatable) to 2; 1 by default.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 2)]
    temperature: Option<f64>,
    /// Above 0, at most 1.
    #[serde(default)]
    top_p: Option<f64>,
    /// Answer as server-sent events.
    #[serde(default)]
    stream: Option<bool>,
    /// Not interpreted: nothing is padded.
    #[serde(default, rename = "stream_options")]
    #[schema(value_type = Option<Object>)]
    _stream_options: IgnoredAny,
    /// Keep the response, so that it can be fetched and gone on from; false by default.
    #[serde(default)]
    store: Option<bool>,
    /// A stored response that this goes on from: all that was asked and answered up to it comes before `input`.
    #[serde(default)]
    previous_response_id: Option<String>,
    /// Only `false`.
    #[serde(default)]
    background: Option<bool>,
    /// Only `disabled`: a conversation that does not fit is refused.
    #[serde(default)]
    truncation: Option<String>,
    /// Only `reasoning.encrypted_content`, which changes nothing: thoughts are told in the clear.
    #[serde(default)]
    include: Option<Vec<String>>,
    /// Only `auto` or `default`: there is one tier.
    #[serde(default)]
    service_tier: Option<String>,
    /// The caller's own notes; given back.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    metadata: Option<Value>,
    /// The caller's own name for the end user; not interpreted.
    #[serde(default, rename = "user")]
    _user: Option<String>,
    /// The same, by its newer name.
    #[serde(default, rename = "safety_identifier")]
    _safety_identifier: Option<String>,
    /// Not interpreted.
    #[serde(default, rename = "prompt_cache_key")]
    _prompt_cache_key: Option<String>,
}

/// What the answer must be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextConfig {
    /// `text`, `json_object`, or `json_schema` with `name` and `schema`.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    format: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemaFormat {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    #[serde(rename = "name")]
    _name: String,
    #[serde(default, rename = "description")]
    _description: Option<String>,
    schema: Box<RawValue>,
    /// The answer follows the schema either way.
    #[serde(default, rename = "strict")]
    _strict: Option<bool>,
}

/// How much a model that can choose thinks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasoningConfig {
    /// `none`, `minimal`, `low`, `medium` or `high`.
    #[serde(default)]
    effort: Option<String>,
    /// Only null: thoughts are told whole, not summed up.
    #[serde(default)]
    summary: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    #[serde(rename = "type")]
    _kind: IgnoredAny,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parameters: Option<Box<RawValue>>,
    #[serde(default)]
    strict: Option<bool>,
}

/// What a response says again of its request.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Echo {
    previous_response_id: Option<String>,
    store: bool,
    instructions: Option<String>,
    max_output_tokens: Option<u32>,
    #[schema(value_type = Object)]
    metadata: Value,
    parallel_tool_calls: bool,
    #[schema(value_type = Object)]
    reasoning: Value,
    temperature: f64,
    #[schema(value_type = Object)]
    text: EchoedText,
    #[schema(value_type = Object)]
    tool_choice: Value,
    #[schema(value_type = Vec<Object>)]
    tools: Vec<Box<RawValue>>,
    top_p: f64,
}

#[derive(Debug, Clone, Serialize)]
struct EchoedText {
    format: Box<RawValue>,
}

/// The request, checked.
#[derive(Debug)]
pub(in crate::http) struct Parsed {
    pub(super) model: String,
    pub(super) generate: GenerateRequest,
    pub(super) calls: Calls,
    pub(super) stream: bool,
    pub(super) echo: Echo,
    /// All items, those of before included, if the response is to be kept.
    pub(super) kept: Option<Vec<Box<RawValue>>>,
}

impl ResponsesRequest {
    /// The response that this goes on from.
    pub(super) fn previous(&self) -> Option<&str> {
        self.previous_response_id.as_deref()
    }

    /// Checks every field; `earlier` are the items up to the response that it goes on from.
    ///
    /// # Errors
    /// 400 naming the first field at fault and what it may be.
    pub(in crate::http) fn parse(self, earlier: Vec<Box<RawValue>>) -> Result<Parsed, AppError> {
        self.refuse_unsupported()?;
        let sampling = knobs::sampling(self.temperature, self.top_p, None, None, None)?;
        let max_tokens = match self.max_output_tokens {
            Some(0) => return Err(AppError::invalid("max_output_tokens", "max_output_tokens must be at least 1")),
            said => said.unwrap_or(DEFAULT_MAX_TOKENS),
        };
        let declared = self.tools.unwrap_or_default();
        let (tools, calls, choice) = callable(&declared, self.tool_choice, self.parallel_tool_calls)?;
        let format = self.text.and_then(|text| text.format);
        let constraint = match (calls.constraint(), format.as_deref().map(wanted).transpose()?.flatten()) {
            (Some(_), Some(_)) => {
                let detail = "the answer cannot be both a call and what text.format says: leave one of the two out";
                return Err(AppError::invalid("text.format", detail));
            }
            (call, format) => call.or(format),
        };
        let effort = self.reasoning.and_then(|reasoning| reasoning.effort);
        let (thinking, given) = effort.as_deref().map_or(Ok((None, None)), thinks)?;
        // A grammar holds from the first token on: there is no room for thoughts.
        let thinking = thinking.or_else(|| constraint.is_some().then_some(false));
        let messages = input::parse(self.instructions.as_deref(), &earlier, &self.input)?;
        let kept = (self.store == Some(true)).then(|| input::items(earlier, self.input)).transpose()?;
        let prompt = Prompt::Chat(ChatPrompt { messages, tools, thinking, effort: given });
        let format = match format {
            Some(format) => format,
            None => serde_json::value::to_raw_value(&json!({"type": "text"})).map_err(AppError::internal)?,
        };
        Ok(Parsed {
            model: self.model,
            generate: GenerateRequest { constraint, ..GenerateRequest::new(prompt, sampling, max_tokens) },
            calls,
            stream: self.stream.unwrap_or(false),
            kept,
            echo: Echo {
                previous_response_id: self.previous_response_id,
                store: self.store.unwrap_or(false),
                instructions: self.instructions,
                max_output_tokens: self.max_output_tokens,
                metadata: self.metadata.unwrap_or_else(|| json!({})),
                parallel_tool_calls: self.parallel_tool_calls.unwrap_or(true),
                reasoning: json!({"effort": effort, "summary": null}),
                temperature: self.temperature.unwrap_or(1.0),
                text: EchoedText { format },
                tool_choice: choice,
                tools: declared,
                top_p: self.top_p.unwrap_or(1.0),
            },
        })
    }

    fn refuse_unsupported(&self) -> Result<(), AppError> {
        let refuse = |field: &str, why: &str| Err(AppError::invalid(field, format!("{field}: {why}")));
        if self.background == Some(true) {
            return refuse("background", "nothing is answered after its caller has gone; leave it out");
        }
        if self.truncation.as_deref().is_some_and(|how| how != "disabled") {
            return refuse("truncation", "a conversation that does not fit is refused; leave it out or say disabled");
        }
        if self.include.iter().flatten().any(|what| what != INCLUDED) {
            return refuse("include", &format!("only {INCLUDED} may be asked for; leave the rest out"));
        }
        if self.service_tier.as_deref().is_some_and(|tier| !matches!(tier, "auto" | "default")) {
            return refuse("service_tier", "there is one tier; leave it out or say auto");
        }
        if self.reasoning.as_ref().is_some_and(|reasoning| reasoning.summary.is_some()) {
            return refuse("reasoning.summary", "thoughts are told whole, not summed up; leave it out");
        }
        Ok(())
    }
}

/// What may be called: the tools to show to the model, how its answer is read, and the choice to say again.
fn callable(
    declared: &[Box<RawValue>],
    choice: Option<Value>,
    parallel: Option<bool>,
) -> Result<(Vec<JsonText>, Calls, Value), AppError> {
    let choice = choice.filter(|choice| !choice.is_null()).unwrap_or_else(|| json!("auto"));
    // The same in the words of chat completions.
    let chosen = match choice.as_object() {
        None => choice.clone(),
        Some(object) => match (object.get("type").and_then(Value::as_str), object.get("name")) {
            (Some("function"), Some(name)) => json!({"type": "function", "function": {"name": name}}),
            _ => {
                let detail = "tool_choice is none, auto, required or {\"type\":\"function\",\"name\":…}";
                return Err(AppError::invalid("tool_choice", detail));
            }
        },
    };
    let forced = chosen == "required" || chosen.is_object();
    let functions = declared.iter().enumerate().map(|(index, tool)| function(index, tool, forced));
    let functions = functions.collect::<Result<Vec<_>, _>>()?;
    let (tools, calls) = tools::parse(Some(functions), Some(&chosen), parallel)?;
    Ok((tools, calls, choice))
}

fn function(index: usize, tool: &RawValue, forced: bool) -> Result<RequestTool, AppError> {
    let path = format!("tools[{index}]");
    let wrong = |detail: String| AppError::invalid(&path, format!("{path}: {detail}"));
    let Kind { kind } = serde_json::from_str(tool.get()).map_err(|error| wrong(error.to_string()))?;
    if kind != "function" {
        return Err(wrong(format!("tools of type {kind:?} are not supported, only function")));
    }
    let declared: Declared = serde_json::from_str(tool.get()).map_err(|error| wrong(error.to_string()))?;
    if declared.strict == Some(true) && !forced {
        let detail = "strict can be kept only where the answer must be a call: set tool_choice to required or to a \
                      function, or leave strict out";
        return Err(wrong(detail.to_owned()));
    }
    RequestTool::of(&PlainFunction {
        name: &declared.name,
        description: declared.description.as_deref(),
        parameters: declared.parameters.as_deref().filter(|parameters| parameters.get() != "null"),
    })
}

/// What `text.format` means; none for plain text.
fn wanted(format: &RawValue) -> Result<Option<Constraint>, AppError> {
    let wrong = |detail: String| AppError::invalid("text.format", format!("text.format: {detail}"));
    let Kind { kind } = serde_json::from_str(format.get()).map_err(|error| wrong(error.to_string()))?;
    match kind.as_str() {
        "text" => Ok(None),
        "json_object" => Ok(Some(Constraint::Json)),
        "json_schema" => {
            let format: SchemaFormat = serde_json::from_str(format.get()).map_err(|error| wrong(error.to_string()))?;
            format::by_schema("text.format", &format.schema).map(Some)
        }
        other => Err(wrong(format!("type is text, json_object or json_schema, not {other:?}"))),
    }
}

fn thinks(effort: &str) -> Result<(Option<bool>, Option<Effort>), AppError> {
    match effort {
        "none" => Ok((Some(false), None)),
        "minimal" | "low" => Ok((None, Some(Effort::Low))),
        "medium" => Ok((None, Some(Effort::Medium))),
        "high" => Ok((None, Some(Effort::High))),
        other => {
            let detail = format!("reasoning.effort is none, minimal, low, medium or high, not {other:?}");
            Err(AppError::invalid("reasoning.effort", detail))
        }
    }
}
