//! What the gateway promises of a request; checked again because a wrong value here would harm other jobs.

use leeward_wire::{GenerateRequest, MAX_BIASES, MAX_LOGPROBS, Prompt, Sampling};

/// The most stop strings of a request, and the longest of them in bytes.
const MAX_STOPS: usize = 64;
const MAX_STOP_BYTES: usize = 4096;

/// Checks a request for a model whose vocabulary has `tokens` tokens.
///
/// # Errors
/// The first thing that is wrong, in words for the caller.
pub(super) fn validate(request: &GenerateRequest, tokens: usize) -> Result<(), String> {
    if matches!(&request.prompt, Prompt::Chat(chat) if chat.messages.is_empty()) {
        return Err("the conversation is empty".into());
    }
    if request.max_tokens == 0 {
        return Err("max_tokens must be at least 1".into());
    }
    if request.stop.len() > MAX_STOPS || request.stop.iter().any(|stop| stop.len() > MAX_STOP_BYTES) {
        return Err("at most 64 stop strings of at most 4096 bytes each".into());
    }
    if request.stop.iter().any(String::is_empty) {
        return Err("a stop string must not be empty".into());
    }
    let in_range = |penalty: f32| (-2.0..=2.0).contains(&penalty);
    if !in_range(request.presence_penalty) || !in_range(request.frequency_penalty) {
        return Err("penalties must be between -2 and 2".into());
    }
    if request.logit_bias.len() > MAX_BIASES {
        return Err(format!("at most {MAX_BIASES} tokens in logit_bias, not {}", request.logit_bias.len()));
    }
    for &(token, bias) in &request.logit_bias {
        if token as usize >= tokens {
            return Err(format!(
                "logit_bias names token {token}; this model has tokens 0 to {}",
                tokens.saturating_sub(1)
            ));
        }
        if !(-100.0..=100.0).contains(&bias) {
            return Err(format!("a bias is between -100 and 100, not {bias}"));
        }
    }
    if request.logprobs.is_some_and(|count| count > MAX_LOGPROBS) {
        return Err(format!("at most the {MAX_LOGPROBS} likeliest tokens can be told"));
    }
    sampling(request.sampling)
}

fn sampling(sampling: Sampling) -> Result<(), String> {
    let Sampling::Random { temperature, top_p, top_k, min_p, seed: _ } = sampling else { return Ok(()) };
    if !(temperature > 0.0 && temperature <= 2.0) {
        return Err("temperature must be above 0 and at most 2".into());
    }
    if !(top_p > 0.0 && top_p <= 1.0) {
        return Err("top_p must be above 0 and at most 1".into());
    }
    if top_k == Some(0) {
        return Err("top_k must be at least 1".into());
    }
    if min_p.is_some_and(|min_p| !(0.0..=1.0).contains(&min_p)) {
        return Err("min_p must be between 0 and 1".into());
    }
    Ok(())
}
