//! How tokens are chosen, and where an answer ends.

use std::collections::BTreeMap;

use leeward_wire::{MAX_BIASES, MAX_LOGPROBS, Sampling};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::AppError;

/// The most stop strings, as OpenAI has it.
const MAX_STOPS: usize = 4;
/// The longest stop string in bytes; a longer one would hold back too much text.
const MAX_STOP_BYTES: usize = 256;

/// One stop string or several.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Stop {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

pub(in crate::http) fn sampling(
    temperature: Option<f64>,
    top_p: Option<f64>,
    top_k: Option<u32>,
    min_p: Option<f64>,
    seed: Option<i64>,
) -> Result<Sampling, AppError> {
    let temperature = temperature.unwrap_or(1.0);
    let top_p = top_p.unwrap_or(1.0);
    if !(0.0..=2.0).contains(&temperature) {
        return Err(AppError::invalid("temperature", format!("temperature is 0 to 2, not {temperature}")));
    }
    if !(top_p > 0.0 && top_p <= 1.0) {
        return Err(AppError::invalid("top_p", format!("top_p is above 0 and at most 1, not {top_p}")));
    }
    if top_k == Some(0) {
        return Err(AppError::invalid("top_k", "top_k is at least 1; leave it out for no limit"));
    }
    if let Some(min_p) = min_p.filter(|min_p| !(0.0..=1.0).contains(min_p)) {
        return Err(AppError::invalid("min_p", format!("min_p is 0 to 1, not {min_p}")));
    }
    // At so low a temperature the likeliest token has all the weight: the same thing, without dividing by
    // nearly zero. A seed changes nothing there.
    if temperature < 1e-4 || top_k == Some(1) {
        return Ok(Sampling::Greedy);
    }
    Ok(Sampling::Random { temperature, top_p, top_k, min_p, seed: seed.map(i64::cast_unsigned) })
}

pub(in crate::http) fn penalty(name: &str, value: Option<f32>) -> Result<f32, AppError> {
    match value.unwrap_or(0.0) {
        value if (-2.0..=2.0).contains(&value) => Ok(value),
        value => Err(AppError::invalid(name, format!("{name} is -2 to 2, not {value}"))),
    }
}

pub(in crate::http) fn stops(stop: Option<Stop>) -> Result<Vec<String>, AppError> {
    let stops = match stop {
        None => Vec::new(),
        Some(Stop::One(one)) => vec![one],
        Some(Stop::Many(many)) => many,
    };
    stop_strings("stop", stops)
}

/// The stop strings of the field `name`, checked.
pub(in crate::http) fn stop_strings(name: &str, stops: Vec<String>) -> Result<Vec<String>, AppError> {
    if stops.len() > MAX_STOPS {
        let detail = format!("{name}: at most {MAX_STOPS} stop strings, not {}", stops.len());
        return Err(AppError::invalid(name, detail));
    }
    match stops.iter().find(|stop| stop.is_empty() || stop.len() > MAX_STOP_BYTES) {
        Some(_) => Err(AppError::invalid(name, format!("{name}: a stop string has 1 to {MAX_STOP_BYTES} bytes"))),
        None => Ok(stops),
    }
}

/// How many of the likeliest tokens to tell at each place; none if nothing is to be told.
pub(in crate::http) fn logprobs(wanted: Option<bool>, top: Option<u32>) -> Result<Option<u32>, AppError> {
    match (wanted, top) {
        (Some(true), None) => Ok(Some(0)),
        (Some(true), Some(top)) if top <= MAX_LOGPROBS => Ok(Some(top)),
        (Some(true), Some(top)) => {
            Err(AppError::invalid("top_logprobs", format!("top_logprobs is 0 to {MAX_LOGPROBS}, not {top}")))
        }
        (_, Some(_)) => Err(AppError::invalid("top_logprobs", "top_logprobs needs logprobs: true")),
        (_, None) => Ok(None),
    }
}

pub(in crate::http) fn biases(biases: Option<BTreeMap<String, f32>>) -> Result<Vec<(u32, f32)>, AppError> {
    let biases = biases.unwrap_or_default();
    if biases.len() > MAX_BIASES {
        let detail = format!("logit_bias has at most {MAX_BIASES} tokens, not {}", biases.len());
        return Err(AppError::invalid("logit_bias", detail));
    }
    biases
        .into_iter()
        .map(|(token, bias)| match token.parse::<u32>() {
            Ok(token) if (-100.0..=100.0).contains(&bias) => Ok((token, bias)),
            Ok(_) => Err(AppError::invalid("logit_bias", format!("a bias is -100 to 100, not {bias}"))),
            Err(_) => {
                let detail = format!("logit_bias names tokens by their number in the vocabulary, not {token:?}");
                Err(AppError::invalid("logit_bias", detail))
            }
        })
        .collect()
}
