//! What the model may call, and whether it must.

use leeward_wire::JsonText;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json, value::RawValue};
use utoipa::ToSchema;

use crate::{
    error::AppError,
    http::openai::request::{
        Calls, RequestTool,
        tools::{self, PlainFunction},
    },
};

/// A tool as the request has it: `name`, `description`, `input_schema`; its type only `custom`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct InputTool(Box<RawValue>);

/// What is looked at first: tools that the server would run have other fields.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type", default)]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    #[serde(rename = "type", default)]
    _kind: IgnoredAny,
    name: String,
    #[serde(default)]
    description: Option<String>,
    input_schema: Box<RawValue>,
    #[serde(default)]
    strict: Option<bool>,
    #[serde(default, rename = "cache_control")]
    _cache_control: IgnoredAny,
    /// Input is always streamed as it is written.
    #[serde(default, rename = "eager_input_streaming")]
    _eager: IgnoredAny,
}

/// Whether the model must call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolChoice {
    /// `auto`, `any`, `tool` or `none`.
    #[serde(rename = "type")]
    kind: String,
    /// For `tool`: which.
    #[serde(default)]
    name: Option<String>,
    /// Whether one answer may call only once.
    #[serde(default)]
    disable_parallel_tool_use: Option<bool>,
}

/// Checks tools and choice; gives the tools to show to the model.
pub(super) fn parse(declared: Vec<InputTool>, choice: Option<ToolChoice>) -> Result<(Vec<JsonText>, Calls), AppError> {
    let parallel = choice.as_ref().and_then(|choice| choice.disable_parallel_tool_use).map(|disabled| !disabled);
    let choice = choice.map(ToolChoice::parse).transpose()?;
    let forced = choice.as_ref().is_some_and(|choice| *choice == "required" || choice.is_object());
    let functions = declared.iter().enumerate().map(|(index, tool)| tool.function(index, forced));
    let functions = functions.collect::<Result<Vec<_>, _>>()?;
    // No tools is no choice, here as there.
    let choice = choice.filter(|_| forced || !functions.is_empty());
    tools::parse(Some(functions), choice.as_ref(), parallel)
}

impl InputTool {
    fn function(&self, index: usize, forced: bool) -> Result<RequestTool, AppError> {
        let path = format!("tools[{index}]");
        let wrong = |detail: String| AppError::invalid(&path, format!("{path}: {detail}"));
        let Kind { kind } = serde_json::from_str(self.0.get()).map_err(|error| wrong(error.to_string()))?;
        if let Some(kind) = kind.filter(|kind| kind != "custom") {
            return Err(wrong(format!("tools of type {kind:?} are not supported, only custom ones")));
        }
        let declared: Declared = serde_json::from_str(self.0.get()).map_err(|error| wrong(error.to_string()))?;
        if declared.strict == Some(true) && !forced {
            let detail = "strict can be kept only where the answer must be a call: set tool_choice to any or to a \
                          tool, or leave strict out";
            return Err(wrong(detail.to_owned()));
        }
        RequestTool::of(&PlainFunction {
            name: &declared.name,
            description: declared.description.as_deref(),
            parameters: Some(&declared.input_schema),
        })
    }
}

impl ToolChoice {
    /// The same in OpenAI's words.
    fn parse(self) -> Result<Value, AppError> {
        match (self.kind.as_str(), self.name) {
            ("auto", None) => Ok(json!("auto")),
            ("none", None) => Ok(json!("none")),
            ("any", None) => Ok(json!("required")),
            ("tool", Some(name)) => Ok(json!({"type": "function", "function": {"name": name}})),
            _ => {
                let detail = "tool_choice is {\"type\":\"auto\"}, any or none, or {\"type\":\"tool\",\"name\":…}";
                Err(AppError::invalid("tool_choice", detail))
            }
        }
    }
}
