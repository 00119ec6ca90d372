//! What a PATCH (RFC 7644, section 3.5.2) or a whole new value makes of a resource.
//!
//! Attributes that the schema does not have are passed over: provisioning systems send dozens, and nothing is lost
//! that was ever kept. So are these habits: operators in capitals, booleans as text, values wrapped in a list, paths
//! as keys of a value, removing members by value instead of by filter. What a client may not write is refused where
//! it is named by a path, and passed over where it is part of a whole resource sent back.

use scim_v2::filter::{PatchPath, PatchValuePath};
use serde_json::{Map, Value};

use super::{
    Mistake, Refusal, Schema,
    filter::{element_fits, known},
    schema::{Attribute, Kind, Writing},
};

/// The most operations in one PATCH.
const MAX_OPERATIONS: usize = 1000;
/// The longest path that is read.
const MAX_PATH_BYTES: usize = 2048;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Add,
    Remove,
    Replace,
}

/// Applies the operations of a PATCH's body, in order; after a refusal the resource is worth nothing.
///
/// # Errors
/// A [`Refusal`] that names the operation at fault.
pub fn patch(schema: &Schema, resource: &mut Map<String, Value>, body: &Value) -> Result<(), Refusal> {
    let operations = body.as_object().and_then(|body| field(body, "Operations")).and_then(Value::as_array);
    let operations = operations.ok_or_else(|| {
        Refusal::new(
            Mistake::InvalidSyntax,
            "send {\"schemas\":[…PatchOp],\"Operations\":[{\"op\",\"path\",\"value\"}]}",
        )
    })?;
    if operations.len() > MAX_OPERATIONS {
        let detail = format!("a PATCH has at most {MAX_OPERATIONS} operations; send several");
        return Err(Refusal::new(Mistake::TooMany, detail));
    }
    for (index, operation) in operations.iter().enumerate() {
        operate(schema, resource, operation)
            .map_err(|refusal| Refusal::new(refusal.mistake, format!("Operations[{index}]: {}", refusal.detail)))?;
    }
    Ok(())
}

/// The resource that a POST's or PUT's body describes: what the schema has of it and clients may write.
///
/// # Errors
/// `invalidSyntax` if it is no object, `invalidValue` for a value of the wrong kind.
pub fn replace(schema: &Schema, body: &Value) -> Result<Map<String, Value>, Refusal> {
    let mut resource = Map::new();
    spread(schema, &mut resource, Act::Replace, body)?;
    Ok(resource)
}

/// A field by a name of whatever case.
fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn operate(schema: &Schema, resource: &mut Map<String, Value>, operation: &Value) -> Result<(), Refusal> {
    let wrong = |detail: &str| Refusal::new(Mistake::InvalidSyntax, detail);
    let operation = operation.as_object().ok_or_else(|| wrong("an operation is an object"))?;
    let act = match field(operation, "op").and_then(Value::as_str).map(str::to_ascii_lowercase).as_deref() {
        Some("add") => Act::Add,
        Some("remove") => Act::Remove,
        Some("replace") => Act::Replace,
        _ => return Err(wrong("op is add, remove or replace")),
    };
    let value = field(operation, "value").unwrap_or(&Value::Null);
    match field(operation, "path") {
        None | Some(Value::Null) if act == Act::Remove => {
            Err(Refusal::new(Mistake::NoTarget, "say with path what to remove"))
        }
        None | Some(Value::Null) => spread(schema, resource, act, value),
        Some(Value::String(path)) => at(schema, resource, act, path, value),
        Some(_) => Err(Refusal::new(Mistake::InvalidPath, "path is a text")),
    }
}

/// A value without a path: every key says where its value belongs.
fn spread(schema: &Schema, resource: &mut Map<String, Value>, act: Act, value: &Value) -> Result<(), Refusal> {
    let parts = value.as_object().ok_or_else(|| {
        Refusal::new(Mistake::InvalidSyntax, "without a path, the value is an object of attributes and their values")
    })?;
    for (key, value) in parts {
        if key.eq_ignore_ascii_case(schema.urn) && value.is_object() {
            for (key, value) in value.as_object().into_iter().flatten() {
                spread_one(schema, resource, act, key, value)?;
            }
        } else {
            spread_one(schema, resource, act, key, value)?;
        }
    }
    Ok(())
}

fn spread_one(
    schema: &Schema,
    resource: &mut Map<String, Value>,
    act: Act,
    key: &str,
    value: &Value,
) -> Result<(), Refusal> {
    // A key that is no path is a name nobody here knows.
    let Ok(path) = parse(key) else { return Ok(()) };
    let attribute = match &path {
        PatchPath::Attr(path) => known(schema, path),
        PatchPath::Value(path) => known(schema, &path.attr),
    };
    match attribute.map(|attribute| attribute.writing) {
        None | Some(Writing::ReadOnly | Writing::Mirror) => Ok(()),
        Some(_) => follow(schema, resource, act, &path, value),
    }
}

fn at(schema: &Schema, resource: &mut Map<String, Value>, act: Act, path: &str, value: &Value) -> Result<(), Refusal> {
    if path.eq_ignore_ascii_case(schema.urn) && act != Act::Remove {
        return spread(schema, resource, act, value);
    }
    follow(schema, resource, act, &parse(path)?, value)
}

fn parse(path: &str) -> Result<PatchPath, Refusal> {
    if path.len() > MAX_PATH_BYTES {
        return Err(Refusal::new(Mistake::InvalidPath, format!("a path has at most {MAX_PATH_BYTES} bytes")));
    }
    path.parse().map_err(|error| Refusal::new(Mistake::InvalidPath, format!("the path cannot be read ({error})")))
}

fn follow(
    schema: &Schema,
    resource: &mut Map<String, Value>,
    act: Act,
    path: &PatchPath,
    value: &Value,
) -> Result<(), Refusal> {
    let (name, attribute) = match path {
        PatchPath::Attr(path) => (path.to_string(), known(schema, path)),
        PatchPath::Value(path) => (path.to_string(), known(schema, &path.attr)),
    };
    let Some(attribute) = attribute else { return Ok(()) };
    match attribute.writing {
        Writing::Mirror => return Ok(()),
        Writing::ReadOnly | Writing::Immutable => {
            return Err(Refusal::new(Mistake::Mutability, format!("{name} cannot be written; leave it out")));
        }
        Writing::ReadWrite => {}
    }
    match path {
        PatchPath::Attr(path) => match &path.sub_attr {
            None => whole(resource, act, attribute, value),
            Some(part) => one_part(resource, act, attribute, part, value),
        },
        PatchPath::Value(path) => selected(resource, act, attribute, path),
    }
}

/// The whole attribute.
fn whole(resource: &mut Map<String, Value>, act: Act, attribute: &Attribute, value: &Value) -> Result<(), Refusal> {
    if attribute.multi {
        let given = elements(attribute, value)?;
        let kept = resource.remove(attribute.name).and_then(|value| match value {
            Value::Array(elements) => Some(elements),
            _ => None,
        });
        let kept = kept.unwrap_or_default();
        let new = match act {
            Act::Replace => merged(Vec::new(), given),
            Act::Add => merged(kept, given),
            Act::Remove if given.is_empty() => Vec::new(),
            // Entra removes members by naming them in the value.
            Act::Remove => kept.into_iter().filter(|one| !given.iter().any(|other| same(one, other))).collect(),
        };
        if !new.is_empty() {
            resource.insert(attribute.name.to_owned(), Value::Array(new));
        }
        return Ok(());
    }
    if act == Act::Remove || value.is_null() {
        if act == Act::Remove && attribute.required {
            let detail = format!("{} is required; replace it instead of removing it", attribute.name);
            return Err(Refusal::new(Mistake::Mutability, detail));
        }
        if act != Act::Add {
            resource.remove(attribute.name);
        }
        return Ok(());
    }
    let value = match attribute.kind {
        Kind::Complex(_) => {
            let given = value.as_object().ok_or_else(|| wrong_kind(attribute, "an object"))?;
            let kept = resource.get(attribute.name).and_then(Value::as_object).filter(|_| act == Act::Add);
            let mut parts = kept.cloned().unwrap_or_default();
            for (key, value) in given {
                if let Some(part) = attribute.part(key)
                    && !value.is_null()
                {
                    parts.insert(part.name.to_owned(), single(part, value)?);
                }
            }
            Value::Object(parts)
        }
        _ => single(attribute, value)?,
    };
    resource.insert(attribute.name.to_owned(), value);
    Ok(())
}

/// One part of a complex attribute.
fn one_part(
    resource: &mut Map<String, Value>,
    act: Act,
    attribute: &Attribute,
    part: &str,
    value: &Value,
) -> Result<(), Refusal> {
    let path = format!("{}.{part}", attribute.name);
    if attribute.multi {
        let detail = format!("{path} cannot be written alone; add and remove whole values of {}", attribute.name);
        return Err(Refusal::new(Mistake::Mutability, detail));
    }
    let Some(part) = attribute.part(part) else { return Ok(()) };
    let parts = resource.entry(attribute.name).or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(parts) = parts else {
        return Err(Refusal::new(Mistake::InvalidPath, format!("{} has no parts", attribute.name)));
    };
    if act == Act::Remove || value.is_null() {
        parts.remove(part.name);
    } else {
        parts.insert(part.name.to_owned(), single(part, value)?);
    }
    Ok(())
}

/// The values that fit a filter. Their parts are never written alone, so all that can be done is to remove them.
fn selected(
    resource: &mut Map<String, Value>,
    act: Act,
    attribute: &Attribute,
    path: &PatchValuePath,
) -> Result<(), Refusal> {
    if !attribute.multi {
        let detail = format!("{} has one value only; leave the brackets out", attribute.name);
        return Err(Refusal::new(Mistake::InvalidPath, detail));
    }
    let Some(Value::Array(values)) = resource.get_mut(attribute.name) else {
        // Removing what is not there is done already.
        return if act == Act::Remove { Ok(()) } else { Err(nothing(attribute)) };
    };
    let fits = |value: &Value| element_fits(&path.filter, attribute, value);
    if act == Act::Remove && path.sub_attr.is_none() {
        values.retain(|value| !fits(value));
        if values.is_empty() {
            resource.remove(attribute.name);
        }
        return Ok(());
    }
    if !values.iter().any(fits) {
        return Err(nothing(attribute));
    }
    let detail = format!("a value of {} is not changed; remove it and add another", attribute.name);
    Err(Refusal::new(Mistake::Mutability, detail))
}

fn nothing(attribute: &Attribute) -> Refusal {
    Refusal::new(Mistake::NoTarget, format!("no value of {} fits the filter", attribute.name))
}

/// The values given for a multi-valued attribute: a list, or one alone; each an object, or just its `value`.
fn elements(attribute: &Attribute, value: &Value) -> Result<Vec<Value>, Refusal> {
    let given = match value {
        Value::Null => &[][..],
        Value::Array(many) => many.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut elements = Vec::with_capacity(given.len());
    for one in given {
        let mut parts = Map::new();
        match one {
            Value::String(text) => {
                parts.insert("value".into(), text.as_str().into());
            }
            Value::Object(object) => {
                for (key, value) in object {
                    if let Some(part) = attribute.part(key)
                        && part.writing != Writing::ReadOnly
                        && !value.is_null()
                    {
                        parts.insert(part.name.to_owned(), single(part, value)?);
                    }
                }
            }
            _ => return Err(wrong_kind(attribute, "a list of objects")),
        }
        elements.push(Value::Object(parts));
    }
    Ok(elements)
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.get("value"), other.get("value")) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// Both lists, each value once.
fn merged(mut kept: Vec<Value>, given: Vec<Value>) -> Vec<Value> {
    let known = |value: &Value| value.get("value").and_then(Value::as_str).map(str::to_owned);
    let mut seen: std::collections::HashSet<_> = kept.iter().filter_map(known).collect();
    for value in given {
        if known(&value).is_none_or(|name| seen.insert(name)) {
            kept.push(value);
        }
    }
    kept
}

/// A value of the attribute's own kind.
fn single(attribute: &Attribute, value: &Value) -> Result<Value, Refusal> {
    // Entra wraps a single value in a list of an object with `value`.
    let value = match value {
        Value::Array(one) if one.len() == 1 => one.first().and_then(|one| one.get("value")).unwrap_or(value),
        other => other,
    };
    match (attribute.kind, value) {
        (Kind::Boolean, Value::Bool(_)) | (Kind::Text | Kind::Reference(_) | Kind::Instant, Value::String(_)) => {
            Ok(value.clone())
        }
        (Kind::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(true.into()),
        (Kind::Boolean, Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(false.into()),
        (Kind::Boolean, _) => Err(wrong_kind(attribute, "true or false")),
        _ => Err(wrong_kind(attribute, "a text")),
    }
}

fn wrong_kind(attribute: &Attribute, kind: &str) -> Refusal {
    Refusal::new(Mistake::InvalidValue, format!("{} must be {kind}", attribute.name))
}

#[cfg(test)]
mod tests;
