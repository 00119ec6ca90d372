//! Grammars, biases, logprobs and seeds in the worker, with the tiny model, which left alone writes nonsense.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use leeward_wire::{
    Constraint, FinishReason, FromWorker, GenerateRequest, JobFailure, JobId, JsonText, Prompt, ToWorker,
};
use serde_json::{Value, json};
use support::{
    tiny,
    worker::{Worker, greedy, random, user},
};
use tempfile::TempDir;

fn start(arguments: &[&str]) -> (TempDir, Worker) {
    let directory = TempDir::new().unwrap();
    tiny::write(directory.path());
    let (worker, ..) = Worker::start(directory.path(), arguments);
    (directory, worker)
}

fn asked(max_tokens: u32) -> GenerateRequest {
    greedy(vec![user("hello")], max_tokens)
}

fn constrained(constraint: Constraint) -> GenerateRequest {
    GenerateRequest { constraint: Some(constraint), ..asked(400) }
}

#[test]
fn a_grammar_is_obeyed_and_its_end_is_the_end() {
    let (_model, mut worker) = start(&["--prefix-cache", "0"]);
    let regex = constrained(Constraint::Regex { pattern: "[a-c]{3}(dé|日)".into() });
    for (job, sampling) in [regex.sampling, random(2.0, None), random(0.5, Some(3))].into_iter().enumerate() {
        let answer = worker.run(job as u64, GenerateRequest { sampling, ..regex.clone() });
        let (reason, usage) = answer.finished();
        assert_eq!((reason, usage.completion_tokens), (FinishReason::Stop, answer.streamed));
        let (letters, rest) = answer.text.split_at(3);
        assert!(letters.bytes().all(|byte| (b'a'..=b'c').contains(&byte)), "{}", answer.text);
        assert!(["dé", "日"].contains(&rest), "{}", answer.text);
    }

    let schema = json!({
        "type": "object", "required": ["a", "b"], "additionalProperties": false,
        "properties": { "b": { "enum": [1, 2] }, "a": { "type": "array", "maxItems": 3, "items": { "type": "boolean" } } }
    });
    let answer = worker.run(10, constrained(Constraint::JsonSchema { schema: JsonText::from(&schema) }));
    let value: Value = serde_json::from_str(&answer.text).unwrap();
    assert!([1, 2].map(Value::from).contains(&value["b"]) && value["a"].is_array(), "{}", answer.text);
    assert_eq!(answer.finished().0, FinishReason::Stop);

    let mut cut = constrained(Constraint::Regex { pattern: "a{50}".into() });
    cut.max_tokens = 5;
    let cut = worker.run(11, cut);
    assert_eq!((cut.text.as_str(), cut.finished().0), ("aaaaa", FinishReason::Length));
    let whole = GenerateRequest { max_tokens: 50, ..constrained(Constraint::Regex { pattern: "a{50}".into() }) };
    assert_eq!(worker.run(12, whole).finished().0, FinishReason::Stop, "complete with its last token");
}

#[test]
fn a_bad_grammar_fails_alone_before_it_begins() {
    let (_model, mut worker) = start(&["--slots", "2", "--prefix-cache", "0"]);
    let solo = worker.run(1, asked(300));
    worker.generate(2, asked(300));
    worker.generate(3, constrained(Constraint::Regex { pattern: "(".into() }));
    worker.generate(4, constrained(Constraint::JsonSchema { schema: JsonText::from(&json!({ "type": "cat" })) }));
    let outcomes = worker.outcomes(&[2, 3, 4]);
    assert_eq!(outcomes[0], solo);
    for refused in &outcomes[1..] {
        assert_eq!((refused.started, refused.text.as_str()), (None, ""));
        assert!(matches!(refused.end, Err(JobFailure::InvalidGrammar { .. })), "{refused:?}");
    }
}

#[test]
fn jobs_with_grammars_run_beside_others() {
    let (_model, mut worker) = start(&["--slots", "3", "--prefix-cache", "0"]);
    let solo = worker.run(1, asked(60));
    worker.generate(2, asked(60));
    worker.generate(3, constrained(Constraint::Regex { pattern: "x{30}".into() }));
    worker.generate(4, constrained(Constraint::Regex { pattern: "y{30}".into() }));
    let outcomes = worker.outcomes(&[2, 3, 4]);
    assert_eq!(outcomes[0].finished(), solo.finished());
    assert_eq!((outcomes[1].text.clone(), outcomes[2].text.clone()), ("x".repeat(30), "y".repeat(30)));
}

#[test]
fn every_token_is_told_once_also_in_stop_strings_and_cut_characters() {
    let (_model, mut worker) = start(&["--prefix-cache", "0"]);
    let mut request = constrained(Constraint::Regex { pattern: "日本語 abc STOP.*".into() });
    request.stop = vec!["STOP".into()];
    request.logprobs = Some(3);
    let answer = worker.run(1, request);
    assert_eq!((answer.text.as_str(), answer.finished().0), ("日本語 abc ", FinishReason::Stop));
    assert_eq!(answer.logprobs.len(), answer.streamed as usize);
    let bytes = answer.logprobs.iter().flat_map(|token| token.chosen.bytes.clone()).collect::<Vec<_>>();
    assert_eq!(String::from_utf8(bytes).unwrap(), "日本語 abc STOP");
    assert_eq!(answer.logprobs[0].chosen.token, "\u{fffd}", "a third of a character");
    assert!(answer.logprobs.iter().all(|token| token.top.len() == 3 && token.chosen.logprob <= 0.0));

    let plain = worker.run(2, GenerateRequest { logprobs: Some(0), ..asked(20) });
    assert!(plain.logprobs.len() == 20 && plain.logprobs.iter().all(|token| token.top.is_empty()));
    assert!(worker.run(3, asked(20)).logprobs.is_empty());
}

#[test]
fn a_seed_repeats_an_answer_and_a_bias_decides_one() {
    let (_model, mut worker) = start(&["--prefix-cache", "0"]);
    let seeded = |seed| GenerateRequest { sampling: random(1.5, seed), ..asked(40) };
    let (first, again, other) =
        (worker.run(1, seeded(Some(1))), worker.run(2, seeded(Some(1))), worker.run(3, seeded(Some(2))));
    assert_eq!(first.text, again.text);
    assert_ne!(first.text, other.text);

    // The token of `z`: four special ones come before the bytes.
    let favoured = GenerateRequest { logit_bias: vec![(4 + u32::from(b'z'), 100.0)], ..asked(10) };
    assert_eq!(worker.run(4, favoured).text, "z".repeat(10));
    let beyond = GenerateRequest { logit_bias: vec![(260, 1.0)], ..asked(10) };
    let too_much = GenerateRequest { logit_bias: vec![(5, 101.0)], ..asked(10) };
    let too_many = GenerateRequest { logprobs: Some(21), ..asked(10) };
    for (job, request) in (5..).zip([beyond, too_much, too_many]) {
        let end = worker.run(job, request).end;
        assert!(matches!(end, Err(JobFailure::Invalid { .. })), "{end:?}");
    }
}

#[test]
fn texts_are_tokenised_and_counted_without_a_template() {
    let (_model, mut worker) = start(&[]);
    worker.send(&ToWorker::Tokenize { job: JobId(1), text: "aé<|im_end|>".into() });
    let tokens = [b'a', 0xc3, 0xa9].map(|byte| 4 + u32::from(byte)).into_iter().chain([2]).collect();
    assert_eq!(worker.receive().unwrap(), FromWorker::Tokenized { job: JobId(1), tokens });
    let prompt = Prompt::Text { text: "four".into() };
    worker.send(&ToWorker::Count { job: JobId(2), prompt: prompt.clone() });
    assert_eq!(worker.receive().unwrap(), FromWorker::Counted { job: JobId(2), prompt_tokens: 4 });
    let answer = worker.run(3, GenerateRequest { prompt, ..asked(5) });
    assert_eq!(answer.started, Some(4));
    let empty = worker.run(4, GenerateRequest { prompt: Prompt::Text { text: String::new() }, ..asked(5) });
    assert!(matches!(empty.end, Err(JobFailure::Invalid { .. })), "{empty:?}");
}
