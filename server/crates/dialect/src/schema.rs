//! The JSON schema that a constrained generation follows where a request insists on a call.
//!
//! `tool_choice` `required` or a named function: the engine has neither, and what it parses itself fails a whole batch
//! when it is malformed. So a grammar forces an array of calls, and [`ToolForm::Json`](crate::ToolForm::Json) reads
//! it. The members are called `name` and `parameters` because generators write members in the order of the schema,
//! and maps may be sorted: the name comes first either way, so that arguments can be streamed.

use serde_json::{Map, Value, json};

use crate::closed::close;

/// The most calls in one answer where several are allowed: a grammar without a bound lets a small model go on for ever.
pub const MAX_CALLS: u32 = 16;
/// How deep a tool's schema nests at most.
const MAX_DEPTH: usize = 64;

/// A tool that a request declared.
#[derive(Debug, Clone, Copy)]
pub struct Tool<'a> {
    /// What calls name.
    pub name: &'a str,
    /// The JSON schema of its arguments, an object's; absent: any object.
    pub parameters: Option<&'a Value>,
}

/// What the request insists on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'a> {
    /// Some call.
    Required,
    /// A call of this function.
    Named(&'a str),
}

/// Why there is no schema: the request's mistake, for a 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A call is required and no tool is declared.
    #[error("tool_choice requires a call but no tool is declared; declare one in `tools`")]
    NoTools,
    /// The function named is not declared.
    #[error("tool_choice names `{0}`, which is not among the declared tools; declare it in `tools`")]
    Undeclared(String),
    /// Two tools have one name.
    #[error("the tool `{0}` is declared twice; give each tool a name of its own")]
    Twice(String),
    /// The arguments are not an object's.
    #[error(
        "the parameters of the tool `{0}` are not the schema of an object; make them one with \"type\": \"object\""
    )]
    NotAnObject(String),
    /// The schema nests too deep.
    #[error("the parameters of the tool `{0}` nest deeper than {MAX_DEPTH} levels; flatten the schema")]
    TooDeep(String),
}

/// The schema of the only texts that may be generated: an array of at least one call, of exactly one unless
/// `parallel`.
///
/// Local references (`#/$defs/…`) in a tool's schema are moved with it. Objects that declare their members get no others
/// (see [`crate::closed`]).
///
/// # Errors
/// See [`SchemaError`].
pub fn calls(tools: &[Tool<'_>], choice: Choice<'_>, parallel: bool) -> Result<Value, SchemaError> {
    for (at, tool) in tools.iter().enumerate() {
        if tools.iter().take(at).any(|earlier| earlier.name == tool.name) {
            return Err(SchemaError::Twice(tool.name.to_owned()));
        }
    }
    let chosen: Vec<_> = match choice {
        Choice::Required => tools.iter().collect(),
        Choice::Named(name) => tools.iter().filter(|tool| tool.name == name).collect(),
    };
    match (choice, chosen.is_empty()) {
        (Choice::Required, true) => return Err(SchemaError::NoTools),
        (Choice::Named(name), true) => return Err(SchemaError::Undeclared(name.to_owned())),
        _ => {}
    }
    let calls = chosen.iter().enumerate().map(|(at, tool)| call(at, tool)).collect::<Result<Vec<_>, _>>()?;
    let most = if parallel { MAX_CALLS } else { 1 };
    Ok(json!({"type": "array", "minItems": 1, "maxItems": most, "items": {"anyOf": calls}}))
}

/// One call of this tool, `at` which place among the alternatives.
fn call(at: usize, tool: &Tool<'_>) -> Result<Value, SchemaError> {
    Ok(json!({
        "type": "object",
        "properties": {"name": {"const": tool.name}, "parameters": parameters(at, tool)?},
        "required": ["name", "parameters"],
        "additionalProperties": false,
    }))
}

fn parameters(at: usize, tool: &Tool<'_>) -> Result<Value, SchemaError> {
    let wrong = || SchemaError::NotAnObject(tool.name.to_owned());
    let mut schema = match tool.parameters {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(schema)) => schema.clone(),
        Some(_) => return Err(wrong()),
    };
    if schema.get("type").is_some_and(|kind| kind != "object") {
        return Err(wrong());
    }
    schema.insert("type".to_owned(), json!("object"));
    // They would make it a document of its own, whose references are not ours to move.
    schema.remove("$schema");
    schema.remove("$id");
    let mut schema = Value::Object(schema);
    if !rebase(&mut schema, &format!("#/items/anyOf/{at}/properties/parameters"), MAX_DEPTH) {
        return Err(SchemaError::TooDeep(tool.name.to_owned()));
    }
    close(&mut schema);
    Ok(schema)
}

/// Makes references from the tool's own root into references from ours. False if the schema is deeper than `left`.
fn rebase(schema: &mut Value, root: &str, left: usize) -> bool {
    let Some(below) = left.checked_sub(1) else { return false };
    match schema {
        Value::Array(items) => items.iter_mut().all(|item| rebase(item, root, below)),
        Value::Object(members) => members.iter_mut().all(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(target)) => {
                if let Some(path) = target.strip_prefix('#')
                    && (path.is_empty() || path.starts_with('/'))
                {
                    *target = format!("{root}{path}");
                }
                true
            }
            (_, value) => rebase(value, root, below),
        }),
        _ => true,
    }
}
