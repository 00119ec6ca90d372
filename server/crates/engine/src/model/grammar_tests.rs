//! Grammars over a toy vocabulary: what they let through, and what is refused.

use std::thread;

use leeward_wire::{JsonText, Sampling};
use serde_json::json;

use super::*;
use crate::model::{sampler::Sampler, toy};

fn schema(schema: &Value) -> Constraint {
    Constraint::JsonSchema { schema: JsonText::from(schema) }
}

fn lark(grammar: &str) -> Constraint {
    Constraint::Lark { grammar: grammar.into() }
}

fn regex(pattern: &str) -> Constraint {
    Constraint::Regex { pattern: pattern.into() }
}

fn grammars() -> Grammars {
    Grammars::new(toy::vocabulary())
}

/// Writes an answer by drawing evenly from what is possible; says whether it ended within `limit` tokens.
fn write(grammars: &Grammars, constraint: &Constraint, seed: u64, limit: usize) -> (String, bool) {
    let mut grammar = grammars.compile(constraint).unwrap();
    let sampling = Sampling::Random { temperature: 1.0, top_p: 1.0, top_k: None, min_p: None, seed: Some(seed) };
    let mut sampler = Sampler::new(sampling, 0.0, 0.0);
    let mut bytes = Vec::new();
    for _ in 0..limit {
        let mut logits = vec![0.0; grammars.vocabulary.len() + 3];
        grammar.mask(&mut logits).unwrap();
        let token = sampler.choose(&mut logits);
        if token == toy::END {
            return (String::from_utf8(bytes).unwrap(), true);
        }
        bytes.extend(grammars.vocabulary.bytes(token));
        if grammar.take(token).unwrap() {
            return (String::from_utf8(bytes).unwrap(), true);
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), false)
}

/// Takes a text as the tokenizer cuts it; says whether the grammar is complete and whether it may end there.
fn read(grammars: &Grammars, constraint: &Constraint, text: &str) -> Result<(bool, bool), String> {
    let mut grammar = grammars.compile(constraint)?;
    let mut complete = false;
    for &token in toy::tokenizer().encode(text, false).unwrap().get_ids() {
        let mut logits = vec![0.0; grammars.vocabulary.len()];
        grammar.mask(&mut logits)?;
        if logits[token as usize] < 0.0 {
            return Err(format!("{token} cannot come next"));
        }
        complete = grammar.take(token)?;
    }
    if complete {
        return Ok((true, true));
    }
    let mut logits = vec![0.0; grammars.vocabulary.len()];
    grammar.mask(&mut logits)?;
    Ok((false, logits[toy::END as usize] == 0.0))
}

#[test]
fn whatever_is_drawn_is_json_of_the_schema() {
    let grammars = grammars();
    let constraint = schema(&json!({
        "type": "object",
        "properties": {
            "zeta": { "enum": ["red", "grün", "日本", 7, null] },
            "alpha": {
                "type": "array", "minItems": 1, "maxItems": 3,
                "items": { "type": "array", "maxItems": 2, "items": { "type": "boolean" } }
            },
            "name": { "type": "string", "pattern": "^[a-zé]{1,8}$" },
            "count": { "type": "integer", "minimum": -5, "maximum": 120 },
            "inner": { "$ref": "#/$defs/inner" }
        },
        "required": ["zeta", "alpha", "name", "count", "inner"],
        "additionalProperties": false,
        "$defs": { "inner": {
            "type": "object", "properties": { "ok": { "const": true } }, "required": ["ok"],
            "additionalProperties": false
        } }
    }));
    for seed in 0..60 {
        let (text, ended) = write(&grammars, &constraint, seed, 2000);
        assert!(ended, "{text}");
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let keys = value.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(keys, ["zeta", "alpha", "name", "count", "inner"], "in the schema's order");
        let zeta = &value["zeta"];
        assert!([json!("red"), json!("grün"), json!("日本"), json!(7), json!(null)].contains(zeta), "{zeta}");
        let alpha = value["alpha"].as_array().unwrap();
        assert!((1..=3).contains(&alpha.len()), "{text}");
        for row in alpha {
            assert!(row.as_array().unwrap().iter().all(Value::is_boolean) && row.as_array().unwrap().len() <= 2);
        }
        let name = value["name"].as_str().unwrap();
        assert!((1..=8).contains(&name.chars().count()) && name.chars().all(|c| c.is_ascii_lowercase() || c == 'é'));
        // `-0` is an integer too, which the parser gives as a float.
        let count = value["count"].as_f64().unwrap();
        assert!((-5.0..=120.0).contains(&count) && count.fract() == 0.0, "{text}");
        assert_eq!(value["inner"], json!({ "ok": true }));
    }
}

#[test]
fn white_space_is_free_and_bounded() {
    let grammars = grammars();
    let constraint = schema(&json!({
        "type": "object", "properties": { "a": { "type": "boolean" } }, "required": ["a"], "additionalProperties": false,
        "x-guidance": { "whitespace_pattern": "[ ]{0,900}" }
    }));
    for good in ["{\"a\":true}", "{ \"a\": true }", "{\n    \"a\": true\n}"] {
        assert_eq!(read(&grammars, &constraint, good), Ok((true, true)), "{good}");
    }
    for bad in ["{  \"a\":true}", "{\n\n\"a\":true}", "{\"a\" :\ttrue}", "[true]", "{\"b\":true}", " {\"a\":true}"] {
        assert!(read(&grammars, &constraint, bad).is_err(), "{bad}");
    }
    let any = Constraint::Json;
    assert_eq!(read(&grammars, &any, "{\"x\": [1, {\"y\": \"日本\"}]}"), Ok((true, true)));
    assert!(read(&grammars, &any, "[1]").is_err());
}

#[test]
fn an_answer_ends_where_the_grammar_says() {
    let grammars = grammars();
    assert_eq!(read(&grammars, &regex("ab*"), "a"), Ok((false, true)));
    assert_eq!(read(&grammars, &regex("ab+"), "a"), Ok((false, false)));
    assert_eq!(read(&grammars, &regex("a/b"), "a/b"), Ok((true, true)));
    assert_eq!(read(&grammars, &regex("[日é]{2}"), "é日"), Ok((true, true)));
    assert!(read(&grammars, &regex("ab*"), "c").is_err());
}

#[test]
fn marks_of_thoughts_and_calls_are_text_in_grammars() {
    let grammars = grammars();
    let thoughtful = lark("start: \"<think>\" /[a-z]{1,5}/ \"[TOOL_CALLS]\" %json { \"type\": \"boolean\" }");
    assert_eq!(read(&grammars, &thoughtful, "<think>ab[TOOL_CALLS]true"), Ok((true, true)));
    let mut grammar = grammars.compile(&thoughtful).unwrap();
    let mut logits = vec![0.0; grammars.vocabulary.len()];
    grammar.mask(&mut logits).unwrap();
    // Spelled as the model spells it, not letter by letter.
    assert_eq!(logits.iter().filter(|logit| **logit == 0.0).count(), 1);
    assert_eq!(logits[toy::THINK as usize], 0.0);
}

#[test]
fn what_is_wrong_is_refused_in_words() {
    let grammars = grammars();
    let long = "a".repeat(MAX_GRAMMAR_BYTES + 1);
    let deep = format!("start: {}\"a\"{}", "(".repeat(251), ")".repeat(251));
    let cases = [
        (schema(&json!([1])), "a schema is a JSON object"),
        (schema(&json!({ "type": "elephant" })), "elephant"),
        (schema(&json!({ "type": "integer", "minimum": 5, "maximum": 4 })), "nsatisfiable"),
        (schema(&json!({ "$ref": "#/$defs/none" })), "none"),
        (schema(&json!({ "$ref": "https://example.com/schema" })), "example.com"),
        (schema(&json!({ "type": "array", "uniqueItems": true })), "uniqueItems"),
        (regex("a(b"), "regex"),
        (regex(&long), "65537 bytes"),
        (lark("start: nothing"), "nothing"),
        (lark("start = a"), "1"),
        (lark(""), ""),
        (lark(&deep), "251 deep"),
    ];
    for (constraint, expected) in cases {
        let error = grammars.compile(&constraint).map(drop).expect_err(expected);
        assert!(error.contains(expected), "{error:?} does not contain {expected:?}");
        assert!(error.chars().count() <= MESSAGE_CHARS && !error.contains('<'), "{error}");
    }
}

#[test]
fn a_dead_end_is_an_error_of_this_grammar_only() {
    let grammars = grammars();
    let (mut ahead, mut neighbour) = (grammars.compile(&regex("ab")).unwrap(), grammars.compile(&regex("ab")).unwrap());
    // What was not left possible is chosen all the same, as a model of nothing but NaN would.
    let error = ahead.take(toy::byte(b'x')).unwrap_err();
    assert!(error.starts_with("after 0 tokens of the answer: "), "{error}");
    assert!(ahead.mask(&mut vec![0.0; grammars.vocabulary.len()]).is_err());
    assert_eq!(neighbour.take(toy::byte(b'a')), Ok(false));
    assert_eq!(neighbour.take(toy::byte(b'b')), Ok(true));
}

/// Compiles with the stack the worker gives.
fn compile_apart(constraint: Constraint) -> Result<(), String> {
    let compiling = thread::Builder::new().stack_size(COMPILE_STACK);
    compiling.spawn(move || grammars().compile(&constraint).map(drop)).unwrap().join().unwrap()
}

#[test]
fn hostile_grammars_fit_the_stack() {
    let mut chain = String::from("start: r0\n");
    let mut rule = 0;
    while chain.len() < MAX_GRAMMAR_BYTES - 20 {
        chain.push_str(&format!("r{rule}:r{}\n", rule + 1));
        rule += 1;
    }
    chain.push_str(&format!("r{rule}:\"x\"\n"));
    compile_apart(lark(&chain)).unwrap();
    let terminals = chain.replace('r', "R").replace("staRt: R0", "start: R0");
    compile_apart(lark(&terminals)).unwrap();
    compile_apart(lark(&format!("start: {}\"a\"{}", "(".repeat(25), ")".repeat(25)))).unwrap();
    // Either way is fine, as long as it comes back.
    drop(compile_apart(regex(&format!("{}a{}", "(".repeat(240), ")*".repeat(240)))));
    drop(compile_apart(regex("(((a{1,100}){1,100}){1,100}){1,100}")));
    drop(compile_apart(lark(&format!("start: {}", "~".repeat(60_000)))));
    drop(compile_apart(lark(&format!("start: \"a\"{}", " | \"a\"?".repeat(6_000)))));
    drop(compile_apart(lark(&format!("start: {}", "\"a\" ".repeat(12_000)))));
}

#[test]
fn schemas_that_multiply_come_back() {
    let mut definitions = serde_json::Map::new();
    for level in 0..40 {
        let next = json!({ "$ref": format!("#/$defs/d{}", level + 1) });
        definitions.insert(format!("d{level}"), json!({ "allOf": [next.clone(), { "anyOf": [next.clone(), next] }] }));
    }
    definitions.insert("d40".into(), json!({ "type": "object" }));
    drop(compile_apart(schema(&json!({ "$ref": "#/$defs/d0", "$defs": definitions }))));
    let many = 4_000_000_000_u64;
    for large in [
        json!({ "type": "array", "minItems": many, "items": { "type": "boolean" } }),
        json!({ "type": "array", "minItems": 3, "maxItems": many, "items": { "type": "string" } }),
        json!({ "type": "string", "minLength": many }),
        json!({ "type": "string", "maxLength": many, "pattern": "^(a|b{2,90000}){1,90000}$" }),
        json!({ "type": "object", "minProperties": many }),
        json!({ "type": "number", "minimum": -1e300, "maximum": 1e300 }),
        json!({ "type": "integer", "multipleOf": 999_999_937 }),
    ] {
        drop(compile_apart(schema(&large)));
    }
}
