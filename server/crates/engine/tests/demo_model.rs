//! The worker with a real model: SmolLM2-135M-Instruct as Q8_0, named by `LEEWARD_DEMO_MODEL` (a file).
//!
//! Without the variable there is nothing to test here; CI sets it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::{env, path::PathBuf};

use leeward_wire::{Constraint, FinishReason, JobFailure, JsonText, Prompt, Sampling};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use support::worker::{Worker, assistant, greedy, random, user};

/// Starts a worker over the demo model, if there is one.
fn start(arguments: &[&str]) -> Option<Worker> {
    let model = PathBuf::from(env::var_os("LEEWARD_DEMO_MODEL")?).canonicalize().unwrap();
    let file = model.file_name().unwrap().to_str().unwrap();
    let arguments = [&["--file", file], arguments].concat();
    Some(Worker::start(model.parent().unwrap(), &arguments).0)
}

#[test]
fn it_answers_sensibly_and_ends_its_turn() {
    let Some(mut worker) = start(&[]) else { return };
    let sum = worker.run(1, greedy(vec![user("What is 2+2?")], 60));
    assert!(sum.text.contains('4'), "{}", sum.text);
    let (reason, usage) = sum.finished();
    assert_eq!(reason, FinishReason::Stop);
    assert_eq!(usage.completion_tokens, sum.streamed);
    assert!(!sum.text.contains("<|"), "{}", sum.text);

    let mut drawn = greedy(vec![user("Write some words in French, with accents, and an emoji.")], 60);
    drawn.sampling = Sampling::Random { temperature: 1.2, top_p: 0.9, top_k: None, min_p: None, seed: None };
    let drawn = worker.run(2, drawn);
    assert_eq!(drawn.streamed, drawn.finished().1.completion_tokens);

    let mut stopping = greedy(vec![user("Count from one to ten in words.")], 60);
    stopping.stop = vec!["three".into(), "Three".into()];
    let stopped = worker.run(3, stopping);
    assert!(!stopped.text.to_lowercase().contains("three"), "{}", stopped.text);
}

#[test]
fn interleaved_jobs_get_their_solo_answers() {
    let Some(mut worker) = start(&["--slots", "2", "--prefix-cache", "0"]) else { return };
    let requests = [
        greedy(vec![user("Tell me about the sea.")], 40),
        greedy(vec![user("Who was Albert Einstein, and what is he known for?")], 40),
    ];
    let solo = [worker.run(1, requests[0].clone()), worker.run(2, requests[1].clone())];
    worker.generate(3, requests[0].clone());
    worker.generate(4, requests[1].clone());
    assert_eq!(worker.outcomes(&[3, 4]), solo);
}

#[test]
fn a_second_turn_uses_the_first_and_says_the_same() {
    let (Some(mut warm), Some(mut cold)) = (start(&[]), start(&["--prefix-cache", "0"])) else { return };
    let mut conversation = vec![user("What is 2+2?")];
    let first = warm.run(1, greedy(conversation.clone(), 60));
    conversation.push(assistant(&first.text));
    conversation.push(user("And what is that plus three?"));
    let (with, without) = (warm.run(2, greedy(conversation.clone(), 40)), cold.run(2, greedy(conversation, 40)));
    assert_eq!(with.text, without.text);
    let (usage, first) = (with.finished().1, first.finished().1);
    // Prompt, answer and the end-of-turn token of the first turn.
    assert_eq!(usage.cached_tokens, first.prompt_tokens + first.completion_tokens + 1);
}

/// A cat, as the schema in [`cats`] has it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cat {
    name: String,
    colour: Colour,
    age: u8,
    toys: Vec<Toy>,
    indoors: bool,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Black,
    White,
    Ginger,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Toy {
    what: String,
    sizes: Vec<u8>,
}

fn cats() -> Constraint {
    let word = json!({ "type": "string", "minLength": 1, "maxLength": 12 });
    let small = |most: u8| json!({ "type": "integer", "minimum": 0, "maximum": most });
    let toy = json!({
        "type": "object", "additionalProperties": false, "required": ["what", "sizes"],
        "properties": { "what": word, "sizes": { "type": "array", "maxItems": 2, "items": small(9) } }
    });
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["name", "colour", "age", "toys", "indoors"],
        "properties": {
            "name": word, "colour": { "enum": ["black", "white", "ginger"] }, "age": small(25),
            "toys": { "type": "array", "minItems": 1, "maxItems": 2, "items": toy }, "indoors": { "type": "boolean" }
        }
    });
    Constraint::JsonSchema { schema: JsonText::from(&schema) }
}

#[test]
fn twenty_answers_to_a_schema_are_all_of_it() {
    let Some(mut worker) = start(&["--prefix-cache", "0"]) else { return };
    for round in 0..20_u32 {
        let mut request = greedy(vec![user("Describe a cat as JSON.")], 300);
        request.constraint = Some(cats());
        if round > 0 {
            request.sampling = random(f64::from(round) / 10.0, Some(round.into()));
        }
        let answer = worker.run(round.into(), request);
        let (reason, usage) = answer.finished();
        assert_eq!(reason, FinishReason::Stop, "{}", answer.text);
        assert_eq!(usage.completion_tokens, answer.streamed);
        let cat: Cat = serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text));
        assert!((1..=12).contains(&cat.name.chars().count()) && cat.age <= 25, "{cat:?}");
        assert!((1..=2).contains(&cat.toys.len()), "{cat:?}");
        for toy in &cat.toys {
            assert!((1..=12).contains(&toy.what.chars().count()) && toy.sizes.iter().all(|size| *size <= 9), "{cat:?}");
        }
        let written: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(serde_json::to_value(&cat).unwrap(), written);
    }
}

#[test]
fn logprobs_are_natural_and_a_bias_changes_the_likeliest() {
    let Some(mut worker) = start(&[]) else { return };
    let question = "What is the capital of France?";
    let mut request = greedy(vec![user(question)], 30);
    request.logprobs = Some(5);
    let answer = worker.run(1, request.clone());
    assert_eq!(answer.logprobs.len(), answer.finished().1.completion_tokens as usize);
    let mut bytes = Vec::new();
    for token in &answer.logprobs {
        assert_eq!((token.top.len(), &token.top[0]), (5, &token.chosen), "greedy takes the likeliest");
        assert!(token.top.windows(2).all(|pair| pair[0].logprob >= pair[1].logprob));
        // Logarithms of any other base would add up to more.
        let sum: f32 = token.top.iter().map(|one| one.logprob.exp()).sum();
        assert!(token.chosen.logprob <= 0.0 && sum <= 1.0001, "{token:?}");
        bytes.extend(&token.chosen.bytes);
    }
    assert_eq!(String::from_utf8(bytes).unwrap(), answer.text);

    let first = answer.logprobs[0].chosen.clone();
    let runner_up = answer.logprobs[0].top[1].clone();
    request.logit_bias = vec![(first.id, -100.0)];
    let biased = worker.run(2, request);
    assert_eq!(biased.logprobs[0].chosen.id, runner_up.id);
    // Told as the model had it, whatever was done to the choice.
    assert_eq!(biased.logprobs[0].top[0].id, first.id);
    assert!((biased.logprobs[0].chosen.logprob - runner_up.logprob).abs() < 1e-3);
}

#[test]
fn a_bad_grammar_fails_alone_and_costs_its_neighbour_nothing() {
    let Some(mut worker) = start(&["--slots", "2", "--prefix-cache", "0"]) else { return };
    let request = greedy(vec![user("Tell me about the sea.")], 40);
    let solo = worker.run(1, request.clone());
    worker.generate(2, request);
    let mut bad = greedy(vec![user("Tell me about the sea.")], 40);
    bad.constraint = Some(Constraint::Lark { grammar: "start: missing".into() });
    worker.generate(3, bad);
    let outcomes = worker.outcomes(&[2, 3]);
    assert_eq!(outcomes[0], solo);
    assert_eq!(outcomes[1].started, None, "it never came near the engine");
    assert!(matches!(&outcomes[1].end, Err(JobFailure::InvalidGrammar { message }) if message.contains("missing")));
}

#[test]
fn plain_text_is_gone_on_with() {
    let Some(mut worker) = start(&[]) else { return };
    let mut request = greedy(Vec::new(), 8);
    request.prompt = Prompt::Text { text: "One, two, three, four,".into() };
    let answer = worker.run(1, request);
    assert!(answer.text.contains("five"), "{}", answer.text);
}
