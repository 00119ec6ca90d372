//! Texts turned into vectors.

use serde::{Deserialize, Serialize};

/// The most texts of one job, as OpenAI has it.
pub const MAX_EMBED_INPUTS: usize = 2048;

/// One text to turn into a vector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum EmbedInput {
    /// As text; the worker puts around it what the model's tokenizer puts around a text.
    Text(String),
    /// As tokens of the model's vocabulary, taken as they are; none outside of it.
    Tokens(Vec<u32>),
}

/// What to embed.
///
/// The worker cuts every input into tokens before it begins: one that is empty or longer than the context fails
/// the job with nothing computed. Then it says `Started` with the sum of their tokens, sends one `Embedded` for
/// each in this order, and `Finished`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmbedRequest {
    /// At least 1, at most [`MAX_EMBED_INPUTS`].
    pub inputs: Vec<EmbedInput>,
}
