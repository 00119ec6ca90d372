//! What the model may call, and whether it must.

use leeward_dialect::{
    Dialect,
    schema::{self, Tool},
};
use leeward_wire::{Constraint, JsonText};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

use crate::error::AppError;

/// The most tools of a request, as OpenAI has it.
const MAX_TOOLS: usize = 128;
/// The longest name of a function, as OpenAI has it.
const MAX_NAME: usize = 64;

/// A tool as the request has it. The template gets it as it was written, members in their order.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub struct RequestTool(Box<RawValue>);

/// A function in OpenAI's form, for doors whose requests declare it in another.
#[derive(Debug, Serialize)]
pub(in crate::http) struct PlainFunction<'a> {
    pub(in crate::http) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::http) parameters: Option<&'a RawValue>,
}

impl RequestTool {
    /// The tool that a request of another form declared; its schema goes to the template as it was written.
    pub(in crate::http) fn of(function: &PlainFunction<'_>) -> Result<Self, AppError> {
        #[derive(Serialize)]
        struct Written<'a> {
            #[serde(rename = "type")]
            kind: &'static str,
            function: &'a PlainFunction<'a>,
        }
        let written = Written { kind: "function", function };
        serde_json::value::to_raw_value(&written).map(Self).map_err(AppError::internal)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    function: Option<Function>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Function {
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "the template's; here only that it is a text")]
    description: Option<String>,
    #[serde(default)]
    parameters: Option<Value>,
    #[serde(default)]
    strict: Option<bool>,
}

/// Whether the model must call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It must not; tools are not shown to it.
    None,
    /// It may.
    Auto,
    /// It must: a grammar allows nothing else.
    Required,
    /// It must call this function.
    Named(String),
}

/// What an answer may call.
#[derive(Debug, Clone)]
pub struct Calls {
    /// The functions declared.
    pub names: Vec<String>,
    /// Whether it must.
    pub choice: Choice,
    /// Whether more than one.
    pub parallel: bool,
    /// The schema that forces it.
    forced: Option<JsonText>,
}

impl Calls {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self { names: Vec::new(), choice: Choice::None, parallel: true, forced: None }
    }

    /// What the answer must be, if it must be a call.
    #[must_use]
    pub fn constraint(&self) -> Option<Constraint> {
        self.forced.clone().map(|schema| Constraint::JsonSchema { schema })
    }

    /// How the model's text is read, which by itself writes as `natural` says.
    #[must_use]
    pub fn dialect(&self, natural: Dialect) -> Dialect {
        if self.forced.is_some() { Dialect::forced() } else { natural }
    }
}

/// Checks tools and choice; gives the tools to show to the model.
///
/// # Errors
/// 400 naming the tool and what it may be.
pub(in crate::http) fn parse(
    tools: Option<Vec<RequestTool>>,
    choice: Option<&Value>,
    parallel: Option<bool>,
) -> Result<(Vec<JsonText>, Calls), AppError> {
    let tools = tools.unwrap_or_default();
    if tools.len() > MAX_TOOLS {
        return Err(AppError::invalid("tools", format!("at most {MAX_TOOLS} tools, not {}", tools.len())));
    }
    let choice = chosen(choice, !tools.is_empty())?;
    let forced = matches!(choice, Choice::Required | Choice::Named(_));
    let mut functions = Vec::with_capacity(tools.len());
    for (index, tool) in tools.iter().enumerate() {
        functions.push(declared(index, tool, forced)?);
    }
    if choice == Choice::None {
        return Ok((Vec::new(), Calls::none()));
    }
    let names: Vec<_> = functions.iter().map(|function| function.name.clone()).collect();
    let parallel = parallel.unwrap_or(true);
    let declared: Vec<_> = functions
        .iter()
        .map(|function| Tool { name: &function.name, parameters: function.parameters.as_ref() })
        .collect();
    let must = match &choice {
        Choice::Required => Some(schema::Choice::Required),
        Choice::Named(name) => Some(schema::Choice::Named(name)),
        Choice::None | Choice::Auto => None,
    };
    let schema = must.map(|must| schema::calls(&declared, must, parallel && choice == Choice::Required));
    let schema = schema.transpose().map_err(|error| AppError::invalid("tools", error.to_string()))?;
    let forced = schema.map(|schema| JsonText::new(schema.to_string())).transpose();
    let forced = forced.map_err(AppError::internal)?;
    let shown = tools.iter().map(|tool| JsonText::new(tool.0.get())).collect::<Result<_, _>>();
    let shown = shown.map_err(|error| AppError::invalid("tools", format!("tools: {error}")))?;
    Ok((shown, Calls { names, choice, parallel, forced }))
}

fn declared(index: usize, tool: &RequestTool, forced: bool) -> Result<Function, AppError> {
    let path = format!("tools[{index}]");
    let declared: Declared = serde_json::from_str(tool.0.get())
        .map_err(|error| AppError::invalid(&path, format!("{path} is not a tool: {error}")))?;
    let function = match (declared.kind.as_str(), declared.function) {
        ("function", Some(function)) => function,
        ("function", None) => return Err(AppError::invalid(&path, format!("{path} lacks its function"))),
        (other, _) => {
            let detail = format!("{path}: tools of type {other:?} are not supported, only function");
            return Err(AppError::invalid(&path, detail));
        }
    };
    let name = &function.name;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if name.is_empty() || name.len() > MAX_NAME || !name.bytes().all(plain) {
        let detail = format!("{path}: a function's name has 1 to {MAX_NAME} letters, digits, '_' or '-'");
        return Err(AppError::invalid(&format!("{path}.function.name"), detail));
    }
    if function.strict == Some(true) && !forced {
        let detail = format!(
            "{path}: strict can be kept only where the answer must be a call: set tool_choice to required or to a \
             function, or leave strict out"
        );
        return Err(AppError::invalid(&format!("{path}.function.strict"), detail));
    }
    Ok(function)
}

fn chosen(choice: Option<&Value>, any: bool) -> Result<Choice, AppError> {
    let wrong = || {
        let detail = "tool_choice is none, auto, required or {\"type\":\"function\",\"function\":{\"name\":…}}";
        AppError::invalid("tool_choice", detail)
    };
    match choice {
        None | Some(Value::Null) if any => Ok(Choice::Auto),
        None | Some(Value::Null) => Ok(Choice::None),
        Some(Value::String(text)) => match text.as_str() {
            "none" => Ok(Choice::None),
            "auto" => Ok(if any { Choice::Auto } else { Choice::None }),
            "required" => Ok(Choice::Required),
            _ => Err(wrong()),
        },
        Some(Value::Object(object)) if object.get("type").is_some_and(|kind| kind == "function") => {
            let name = object.get("function").and_then(|function| function.get("name")).and_then(Value::as_str);
            name.map(|name| Choice::Named(name.to_owned())).ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}
