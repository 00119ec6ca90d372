//! Objects that say which members they have get no others.
//!
//! By JSON Schema an object may have any members beside those declared. A function gets what it declares, and a small
//! model that is free to invent members seldom stops. So where a call is enforced, `additionalProperties` is false where
//! the schema leaves it open. Left as they are: schemas that are put together from parts (`allOf` and the like), where an
//! object's members may be declared in another part.

use serde_json::{Map, Value};

/// What makes members depend on more than the object that declares them.
const COMPOSING: [&str; 11] = [
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependencies",
    "unevaluatedProperties",
    "patternProperties",
    "propertyNames",
    "$dynamicRef",
];
/// What may stand beside a reference without adding to it.
const BESIDE_REFERENCES: [&str; 5] = ["$ref", "title", "description", "default", "deprecated"];

/// Closes every object of a schema that declares its members, unless the schema is put together from parts. The caller
/// has bounded its depth.
pub(crate) fn close(schema: &mut Value) {
    if !composed(schema) {
        close_each(schema);
    }
}

/// Takes a member of one of those names for the keyword: then too little is closed, never too much.
fn composed(schema: &Value) -> bool {
    match schema {
        Value::Array(items) => items.iter().any(composed),
        Value::Object(members) => {
            let adds = members.keys().any(|key| !BESIDE_REFERENCES.contains(&key.as_str()));
            members.keys().any(|key| COMPOSING.contains(&key.as_str()))
                || (members.contains_key("$ref") && adds)
                || members.values().any(composed)
        }
        _ => false,
    }
}

fn close_each(schema: &mut Value) {
    let Value::Object(members) = schema else { return };
    if declares(members) {
        members.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    for (keyword, value) in members {
        match (keyword.as_str(), value) {
            ("items" | "contains" | "additionalProperties", value @ Value::Object(_)) => close_each(value),
            ("items" | "prefixItems" | "anyOf" | "oneOf", Value::Array(schemas)) => {
                schemas.iter_mut().for_each(close_each);
            }
            ("properties" | "$defs" | "definitions", Value::Object(schemas)) => {
                schemas.values_mut().for_each(close_each);
            }
            _ => {}
        }
    }
}

/// Whether it says all members it can have, and leaves open whether there are others.
fn declares(members: &Map<String, Value>) -> bool {
    let Some(Value::Object(properties)) = members.get("properties") else { return false };
    let open = !["additionalProperties", "anyOf", "oneOf"].iter().any(|keyword| members.contains_key(*keyword));
    let required = members.get("required").and_then(Value::as_array).into_iter().flatten();
    open && required.filter_map(Value::as_str).all(|name| properties.contains_key(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn closed(mut schema: Value) -> Value {
        close(&mut schema);
        schema
    }

    #[test]
    fn what_declares_its_members_is_closed_at_every_depth() {
        let inner = json!({"type": "object", "properties": {"b": {"type": "string"}}, "required": ["b"]});
        let schema = json!({
            "type": "object",
            "properties": {"a": {"type": "array", "items": inner}, "c": {"anyOf": [inner, {"type": "null"}]}, "d": {"$ref": "#/$defs/d"}},
            "$defs": {"d": inner},
        });
        let closed = closed(schema);
        for path in ["", "/properties/a/items", "/properties/c/anyOf/0", "/$defs/d"] {
            assert_eq!(closed.pointer(path).unwrap()["additionalProperties"], false, "{path}: {closed}");
        }
        assert_eq!(closed["properties"].get("additionalProperties"), None, "names of members are no schema");
    }

    #[test]
    fn what_may_have_others_stays_open() {
        let object = json!({"type": "object", "properties": {"a": {}}});
        for open in [
            json!({"type": "object"}),
            json!({"type": "object", "properties": {"a": {}}, "additionalProperties": true}),
            json!({"type": "object", "properties": {"a": {}}, "required": ["b"]}),
            json!({"type": "object", "properties": {"a": {}}, "anyOf": [{"required": ["b"]}]}),
            json!({"allOf": [object, {"type": "object", "properties": {"b": {}}}]}),
            json!({"type": "object", "properties": {"a": {}}, "patternProperties": {"^x": {}}}),
            json!({"$ref": "#/$defs/a", "properties": {"b": {}}, "$defs": {"a": object}}),
            json!({"type": "object", "properties": {"a": {"enum": [{"properties": {"x": 1}}]}}, "additionalProperties": {}}),
        ] {
            assert_eq!(closed(open.clone()), open);
        }
    }
}
