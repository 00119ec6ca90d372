//! How likely the tokens of an answer were.

use serde::{Deserialize, Serialize};

/// The least value a logarithm of a probability takes here: JSON has no minus infinity. OpenAI's interface
/// uses the same.
pub const LEAST_LOGPROB: f32 = -9999.0;

/// A token of the vocabulary and how likely it was at its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likelihood {
    /// The token's number in the vocabulary.
    pub id: u32,
    /// Its text; bytes that are no whole character are replaced.
    pub token: String,
    /// Its bytes: a character may be spread over several tokens, whose bytes make it whole.
    pub bytes: Vec<u8>,
    /// The natural logarithm of its probability, [`LEAST_LOGPROB`] to 0.
    ///
    /// It is the model's own: the softmax of its logits, before grammars, biases, penalties and temperature.
    pub logprob: f32,
}

/// One generated token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TokenLogprob {
    /// The token that was chosen.
    #[serde(flatten)]
    pub chosen: Likelihood,
    /// The likeliest tokens at its place, likeliest first: as many as were asked for.
    pub top: Vec<Likelihood>,
}
