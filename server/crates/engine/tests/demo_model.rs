//! The worker with a real model: SmolLM2-135M-Instruct as Q8_0, named by `LEEWARD_DEMO_MODEL` (a file).
//!
//! Without the variable there is nothing to test here; CI sets it.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::{env, path::PathBuf};

use leeward_wire::{FinishReason, Sampling};
use support::worker::{Worker, assistant, greedy, user};

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

    let mut random = greedy(vec![user("Write some words in French, with accents, and an emoji.")], 60);
    random.sampling = Sampling::Random { temperature: 1.2, top_p: 0.9, top_k: None };
    let random = worker.run(2, random);
    assert_eq!(random.streamed, random.finished().1.completion_tokens);

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
