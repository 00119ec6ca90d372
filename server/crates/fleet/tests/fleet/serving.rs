//! Jobs that go well, and jobs that fail without harm to others.

use leeward_fleet::{CountError, Isolation, JobError, ModelState, SubmitError};
use leeward_wire::{FinishReason, JobFailure, Usage};

use crate::harness::{House, config, model, read, request, spec, tenant, under_way, user};

#[tokio::test]
async fn an_answer_is_streamed_and_counted() {
    let house = House::ready(config(), spec()).await;
    let answer = house.answer("hello  big world").await;
    assert_eq!(answer.text, "You said: hello  big world");
    assert_eq!((answer.prompt_tokens, answer.tokens), (Some(3), 5));
    let usage = Usage { prompt_tokens: 3, completion_tokens: 5, cached_tokens: 0 };
    assert_eq!(answer.end, Ok((FinishReason::Stop, usage)));
    assert!(answer.worker.unwrap().starts_with("local/scripted/"));
}

#[tokio::test]
async fn limits_and_stop_strings_reach_the_worker() {
    let house = House::ready(config(), spec()).await;
    let mut short = request("!count 9");
    short.max_tokens = 4;
    let answer = read(house.fleet.submit(&model(), tenant(1), short).unwrap()).await;
    assert_eq!((answer.text.as_str(), answer.end.unwrap().0), ("w1 w2 w3 w4", FinishReason::Length));

    let mut stopped = request("!count 9");
    stopped.stop = vec!["3 w".into()];
    let answer = read(house.fleet.submit(&model(), tenant(1), stopped).unwrap()).await;
    assert_eq!((answer.text.as_str(), answer.end.unwrap().0), ("w1 w2 w", FinishReason::Stop));
}

#[tokio::test]
async fn jobs_run_side_by_side_up_to_the_slots() {
    let house = House::ready(config(), spec()).await;
    let mut stalled = house.ask("!stall 1");
    under_way(&mut stalled).await;
    assert_eq!(house.answer("hi").await.text, "You said: hi");
    let status = house.status();
    assert_eq!((status.running, status.queued, status.slots), (1, 0, 2));
}

#[tokio::test]
async fn a_reader_that_does_not_read_stalls_nobody() {
    let mut one_slot = spec();
    one_slot.slots = 1;
    let house = House::ready(config(), one_slot).await;
    let unread = house.ask("!count 30000");
    // Behind it in the only slot: answered only if the first one was finished although nobody read it.
    assert_eq!(house.answer("hi").await.text, "You said: hi");
    let answer = read(unread).await;
    assert_eq!((answer.tokens, answer.end.unwrap().0), (4096 - 2, FinishReason::Length));
    assert!(answer.text.ends_with(" w4094"));
    assert_eq!(answer.deltas, 1, "what nobody read is joined");
}

#[tokio::test]
async fn a_job_fails_alone() {
    let house = House::ready(config(), spec()).await;
    let mut neighbour = house.ask("!slow 1 !count 200");
    under_way(&mut neighbour).await;
    let failed = house.answer("!fail 2").await;
    assert_eq!(failed.text, "w1 w2");
    assert!(matches!(failed.end, Err(JobError::Worker(JobFailure::Engine { .. }))), "{failed:?}");
    assert!(matches!(house.answer("!nonsense").await.end, Err(JobError::Worker(JobFailure::Invalid { .. }))));
    assert_eq!(read(neighbour).await.end.unwrap().0, FinishReason::Stop);
    assert_eq!(house.status().restarts, 0);
}

#[tokio::test]
async fn a_prompt_over_the_context_names_both_numbers() {
    let mut small = spec();
    small.context_length = Some(4);
    let house = House::ready(config(), small).await;
    assert_eq!(house.status().state, ModelState::Ready { context_length: 4 });
    let overflow = JobFailure::ContextOverflow { prompt_tokens: 5, context_length: 4 };
    assert_eq!(house.answer("one two three four five").await.end, Err(JobError::Worker(overflow)));
    let cut = house.answer("one two three").await;
    assert_eq!((cut.text.as_str(), cut.end.unwrap().0), ("You", FinishReason::Length));
}

#[tokio::test]
async fn prompt_tokens_are_counted_without_a_slot() {
    let house = House::ready(config(), spec()).await;
    let _stalled = [house.ask("!stall 0"), house.ask("!stall 0")];
    assert_eq!(house.fleet.count(&model(), user("one two three")).await, Ok(3));
    let other = "other".parse().unwrap();
    assert_eq!(house.fleet.count(&other, user("one")).await, Err(CountError::UnknownModel));
    assert_eq!(house.fleet.tokenize(&model(), "one three".into()).await, Ok(vec![3, 6]));
    assert_eq!(house.fleet.tokenize(&other, "one".into()).await, Err(CountError::UnknownModel));
}

#[tokio::test]
async fn every_token_has_its_logprob_however_the_text_is_cut() {
    let house = House::ready(config(), spec()).await;
    let mut asked = request("!count 9");
    asked.logprobs = Some(2);
    asked.stop = vec!["w5".into()];
    let answer = read(house.fleet.submit(&model(), tenant(1), asked).unwrap()).await;
    let spelled = answer.logprobs.iter().map(|token| token.chosen.token.as_str()).collect::<Vec<_>>();
    assert_eq!((answer.text.as_str(), spelled), ("w1 w2 w3 w4 ", vec!["w1", " w2", " w3", " w4", " w5"]));
    assert_eq!(answer.tokens, 5);
    assert!(answer.logprobs.iter().all(|token| token.top.len() == 2 && token.top[0] == token.chosen));
    assert!(house.answer("!count 2").await.logprobs.is_empty());
}

#[tokio::test]
async fn a_bad_grammar_is_told_apart() {
    let house = House::ready(config(), spec()).await;
    let refused = house.answer("!grammar").await;
    assert!(matches!(refused.end, Err(JobError::Worker(JobFailure::InvalidGrammar { .. }))), "{refused:?}");
}

#[tokio::test]
async fn a_dedicated_worker_serves_its_tenant_only() {
    let mut dedicated = spec();
    dedicated.domain = Some(tenant(1));
    let house = House::ready(config(), dedicated).await;
    assert_eq!(house.answer("hi").await.text, "You said: hi");
    let refused = house.fleet.submit(&model(), tenant(2), request("hi")).map(drop);
    assert_eq!(refused, Err(SubmitError::WrongDomain));
    let refused = house.fleet.submit(&"other".parse().unwrap(), tenant(1), request("hi")).map(drop);
    assert_eq!(refused, Err(SubmitError::UnknownModel));
    assert_eq!(house.status().isolation, Isolation::Dedicated);
}
