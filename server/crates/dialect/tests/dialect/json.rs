//! The form that a grammar forces, and the grammar.

use leeward_dialect::{
    Dialect, Fault, ToolForm,
    schema::{Choice, SchemaError, Tool, calls},
};
use serde_json::{Value, json};

use crate::said::assert_said;

const FORM: ToolForm = ToolForm::Json;

#[test]
fn an_array_or_one_object() {
    let one = [("get_weather", "{\"city\":\"台北\"}")];
    for text in [
        "[{\"name\":\"get_weather\",\"parameters\":{\"city\":\"台北\"}}]",
        "{\"name\":\"get_weather\",\"parameters\":{\"city\":\"台北\"}}",
        " [ {\"parameters\":{\"city\":\"台北\"},\"name\":\"get_weather\"} ] ",
        "[{\"name\":\"get_weather\",\"arguments\":{\"city\":\"台北\"}}",
    ] {
        assert_said(FORM, text, "", &one, &[]);
    }
    let two = "[{\"name\":\"search\",\"parameters\":{}},\n{\"name\":\"날씨\",\"parameters\":{\"a\":\"مطر ☔\"}}]";
    assert_said(FORM, two, "", &[("search", "{}"), ("날씨", "{\"a\":\"مطر ☔\"}")], &[]);
}

#[test]
fn what_no_grammar_would_allow_is_content() {
    for (text, fault) in [
        ("Hello", Fault::NotACall),
        ("[]", Fault::NotACall),
        ("[{\"name\":\"nobody\",\"parameters\":{}}]", Fault::Undeclared),
        ("[{\"name\":\"search\",", Fault::Unfinished),
        ("[", Fault::Unfinished),
        ("{\"a\":1}", Fault::NotACall),
    ] {
        assert_said(FORM, text, text, &[], &[fault]);
    }
    assert_said(FORM, "", "", &[], &[]);
    let cut = "[{\"name\":\"search\",\"parameters\":{}}, oops";
    assert_said(FORM, cut, ", oops", &[("search", "{}")], &[Fault::NotACall]);
    assert_eq!(Dialect::forced().tools, FORM);
}

fn weather() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "weather",
        "properties": {"place": {"$ref": "#/$defs/place"}, "$ref": {"type": "string"}, "near": {"$ref": "#"}},
        "$defs": {"place": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/place"}]}},
    })
}

#[test]
fn the_schema_of_a_required_call() {
    let weather = weather();
    let tools = [Tool { name: "search", parameters: None }, Tool { name: "get_weather", parameters: Some(&weather) }];
    let root = "#/items/anyOf/1/properties/parameters";
    let call = |name: &str, parameters: Value| {
        json!({
            "type": "object",
            "properties": {"name": {"const": name}, "parameters": parameters},
            "required": ["name", "parameters"],
            "additionalProperties": false,
        })
    };
    let moved = json!({
        "type": "object",
        "properties": {
            "place": {"$ref": format!("{root}/$defs/place")},
            "$ref": {"type": "string"},
            "near": {"$ref": root},
        },
        "$defs": {"place": {"anyOf": [{"type": "string"}, {"$ref": format!("{root}/$defs/place")}]}},
    });
    let any = json!({"type": "object"});
    let expected = json!({
        "type": "array", "minItems": 1, "maxItems": 16,
        "items": {"anyOf": [call("search", any.clone()), call("get_weather", moved.clone())]},
    });
    let schema = calls(&tools, Choice::Required, true).unwrap();
    assert_eq!(schema, expected);
    // The reference that was moved finds what it meant.
    let pointer = format!("{}/$defs/place", root.trim_start_matches('#'));
    assert_eq!(schema.pointer(&pointer), moved.pointer("/$defs/place"));

    let named = calls(&tools, Choice::Named("search"), false).unwrap();
    assert_eq!(
        named,
        json!({"type": "array", "minItems": 1, "maxItems": 1, "items": {"anyOf": [call("search", any)]}})
    );
}

#[test]
fn requests_that_have_no_schema() {
    let text = json!({"type": "string"});
    let list = json!([]);
    let deep = (0..70).fold(json!({}), |inner, _| json!({"type": "object", "properties": {"a": inner}}));
    let tool = |name, parameters| Tool { name, parameters };
    for (tools, choice, error) in [
        (vec![], Choice::Required, SchemaError::NoTools),
        (vec![tool("a", None)], Choice::Named("b"), SchemaError::Undeclared("b".to_owned())),
        (vec![tool("a", None), tool("a", None)], Choice::Required, SchemaError::Twice("a".to_owned())),
        (vec![tool("a", Some(&text))], Choice::Required, SchemaError::NotAnObject("a".to_owned())),
        (vec![tool("a", Some(&list))], Choice::Named("a"), SchemaError::NotAnObject("a".to_owned())),
        (vec![tool("a", Some(&deep))], Choice::Required, SchemaError::TooDeep("a".to_owned())),
    ] {
        assert_eq!(calls(&tools, choice, true), Err(error));
    }
}
