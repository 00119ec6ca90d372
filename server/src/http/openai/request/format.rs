//! What an answer must be.

use leeward_wire::{Constraint, JsonText, MAX_GRAMMAR_BYTES};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::error::AppError;

/// `text`, `json_object` and `json_schema` as OpenAI has them; `grammar` as its custom tools do.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponseFormat {
    /// `text`, `json_object`, `json_schema` or `grammar`.
    #[serde(rename = "type")]
    kind: String,
    /// For `json_schema`.
    #[serde(default)]
    json_schema: Option<JsonSchemaFormat>,
    /// For `grammar`: `regex` or `lark`.
    #[serde(default)]
    syntax: Option<String>,
    /// For `grammar`: the regular expression, or the grammar, which begins with the rule `start`.
    #[serde(default)]
    definition: Option<String>,
}

/// A schema and its name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JsonSchemaFormat {
    /// What it is called; not given to the model.
    #[expect(dead_code, reason = "part of the form")]
    name: String,
    /// What it is for; not given to the model.
    #[serde(default)]
    #[expect(dead_code, reason = "part of the form")]
    description: Option<String>,
    /// The JSON schema.
    #[schema(value_type = Object)]
    schema: Box<RawValue>,
    /// The answer follows the schema either way.
    #[serde(default)]
    #[expect(dead_code, reason = "it makes no difference")]
    strict: Option<bool>,
}

impl ResponseFormat {
    /// The constraint it means; none for plain text.
    ///
    /// # Errors
    /// 400 naming what is missing or too much.
    pub fn parse(self) -> Result<Option<Constraint>, AppError> {
        let wrong = |detail: &str| Err(AppError::invalid("response_format", format!("response_format: {detail}")));
        let constraint = match (self.kind.as_str(), self.json_schema, self.syntax.as_deref(), self.definition) {
            ("text", None, None, None) => return Ok(None),
            ("json_object", None, None, None) => Constraint::Json,
            ("json_schema", Some(format), None, None) => by_schema("response_format", &format.schema)?,
            ("json_schema", None, ..) => return wrong("json_schema is missing: its name and its schema"),
            ("grammar", None, Some(syntax @ ("regex" | "lark")), Some(text)) => {
                if text.len() > MAX_GRAMMAR_BYTES {
                    return wrong(&format!("the definition has {} bytes, at most {MAX_GRAMMAR_BYTES}", text.len()));
                }
                if syntax == "regex" { Constraint::Regex { pattern: text } } else { Constraint::Lark { grammar: text } }
            }
            ("grammar", ..) => return wrong("a grammar has a syntax, regex or lark, and a definition"),
            ("text" | "json_object" | "json_schema", ..) => return wrong("it has fields that are another type's"),
            (other, ..) => {
                return wrong(&format!("type is text, json_object, json_schema or grammar, not {other:?}"));
            }
        };
        Ok(Some(constraint))
    }
}

/// What follows the schema in the field `name`.
pub(in crate::http) fn by_schema(name: &str, schema: &RawValue) -> Result<Constraint, AppError> {
    let text = schema.get();
    if text.len() > MAX_GRAMMAR_BYTES {
        let detail = format!("{name}: the schema has {} bytes, at most {MAX_GRAMMAR_BYTES}", text.len());
        return Err(AppError::invalid(name, detail));
    }
    let schema = JsonText::new(text).map_err(|error| AppError::invalid(name, error.to_string()))?;
    Ok(Constraint::JsonSchema { schema })
}
