//! Vectors that can be foretold: the same text has the same one, other texts have others.

use leeward_wire::{EmbedInput, EmbedRequest, FinishReason, FromWorker, JobFailure, JobId, Usage};

use crate::{serve::Worker, tokens};

/// The tokens of an input: words, as everything here counts.
fn numbers(input: EmbedInput) -> Vec<u32> {
    match input {
        EmbedInput::Text(text) => tokens::words(&text).iter().map(|word| tokens::number(word)).collect(),
        EmbedInput::Tokens(tokens) => tokens,
    }
}

/// A vector of length 1.
fn vector(tokens: &[u32], width: u32) -> Vec<f32> {
    let mut vector = vec![0.0_f32; usize::try_from(width.max(1)).unwrap_or(1)];
    for (place, token) in (1_u16..).zip(tokens) {
        let at = usize::try_from(*token).unwrap_or(0) % vector.len();
        vector[at] += f32::from(place);
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter().map(|value| value / length.max(f32::MIN_POSITIVE)).collect()
}

/// Answers one job from its start to its end.
pub(crate) async fn run(worker: &Worker, job: JobId, request: EmbedRequest, width: u32) {
    let inputs: Vec<Vec<u32>> = request.inputs.into_iter().map(numbers).collect();
    let context_length = worker.context_length;
    let length = |tokens: &Vec<u32>| u32::try_from(tokens.len()).unwrap_or(u32::MAX);
    if let Some(prompt_tokens) = inputs.iter().map(length).find(|tokens| *tokens > context_length) {
        let failure = JobFailure::ContextOverflow { prompt_tokens, context_length };
        return worker.say(&FromWorker::Failed { job, failure }).await;
    }
    let prompt_tokens = inputs.iter().map(length).sum();
    worker.say(&FromWorker::Started { job, prompt_tokens }).await;
    for tokens in inputs {
        worker.say(&FromWorker::Embedded { job, vector: vector(&tokens, width) }).await;
    }
    worker.count_tokens(prompt_tokens, 0);
    let usage = Usage { prompt_tokens, ..Usage::default() };
    worker.say(&FromWorker::Finished { job, reason: FinishReason::Stop, stop: None, usage }).await;
}
