//! A record as a flat list of names and values, for formats without nesting.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Entry;

/// The record's fields, nested ones under `outer_inner`, lists as they are; beside them `log`, `seq`, `outcome`
/// and `category`. In the order of their names. What the record leaves out is left out, except that a whole list is one value.
pub(super) fn fields(entry: Entry<'_>) -> BTreeMap<String, Value> {
    let Entry { log, seq, record } = entry;
    let mut flat = BTreeMap::new();
    flat.insert("log".into(), log.to_string().into());
    flat.insert("seq".into(), seq.into());
    flat.insert("outcome".into(), record.event.outcome().as_str().into());
    flat.insert("category".into(), record.event.category().as_str().into());
    // A record is made of strings, integers, lists and structs: writing it as a value cannot fail.
    if let Value::Object(members) = serde_json::to_value(record).unwrap_or_default() {
        for (name, value) in members {
            flatten(name, value, &mut flat);
        }
    }
    flat
}

fn flatten(name: String, value: Value, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (inner, value) in members {
                flatten(format!("{name}_{inner}"), value, into);
            }
        }
        Value::Null => {}
        value => {
            into.insert(name, value);
        }
    }
}

/// A value as text: strings bare, numbers and truth values in JSON's spelling, lists as JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
