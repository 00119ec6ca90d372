//! A model that turns texts into vectors, in memory.

use std::{fmt, sync::Arc};

use leeward_wire::EmbedInput;
use mistralrs::core::Pipeline;
use tokenizers::Tokenizer;
use tokio::sync::Mutex;

use super::{load::LoadError, prompt::Prompter};

/// The longest text on a CPU if no length is asked for, in tokens: the engine makes a mask of all pairs of tokens
/// several times over, 13 bytes for each.
const CPU_CONTEXT: u32 = 8192;

/// A model that turns texts into vectors.
pub struct EmbeddingModel {
    pub(super) pipeline: Arc<Mutex<dyn Pipeline>>,
    /// Cuts texts into tokens.
    pub prompter: Prompter,
    tokenizer: Arc<Tokenizer>,
    /// Tokens are numbered below this.
    pub tokens: u32,
    /// The longest text in tokens.
    pub context_length: u32,
    /// How wide the vectors are.
    pub width: u32,
    /// The shortest text in tokens: with attention backwards only, the engine breaks on one.
    pub shortest: usize,
}

impl fmt::Debug for EmbeddingModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddingModel")
            .field("context_length", &self.context_length)
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

/// The sizes of a model that embeds, by its files.
pub(super) struct Sizes {
    /// Rows of its embedding.
    pub(super) tokens: u32,
    /// The context that was asked for.
    pub(super) context_length: Option<u32>,
    /// How wide the vectors are.
    pub(super) width: u32,
    /// The shortest text in tokens.
    pub(super) shortest: usize,
}

impl EmbeddingModel {
    pub(super) fn new(pipeline: Arc<Mutex<dyn Pipeline>>, sizes: &Sizes) -> Result<Self, LoadError> {
        let (tokenizer, metadata) = {
            let pipeline = pipeline.blocking_lock();
            (pipeline.tokenizer(), pipeline.get_metadata())
        };
        let tokenizer = tokenizer.ok_or_else(|| LoadError("the model has no tokenizer".into()))?;
        let trained = u32::try_from(metadata.max_seq_len).unwrap_or(u32::MAX);
        let usual = if cfg!(any(feature = "cuda", feature = "metal")) { trained } else { CPU_CONTEXT };
        Ok(Self {
            pipeline,
            prompter: Prompter::new(None, false, Arc::clone(&tokenizer)),
            tokenizer,
            tokens: sizes.tokens,
            context_length: sizes.context_length.unwrap_or(usual).min(trained),
            width: sizes.width,
            shortest: sizes.shortest,
        })
    }

    /// The tokens of one input, `place` in its request.
    ///
    /// # Errors
    /// What is wrong with it, in words for the caller.
    pub fn tokens_of(&self, place: usize, input: EmbedInput) -> Result<Vec<u32>, String> {
        let tokens = match input {
            EmbedInput::Text(text) if text.is_empty() => Vec::new(),
            EmbedInput::Text(text) => {
                let encoding = self.tokenizer.encode_fast(text, true).map_err(|error| error.to_string())?;
                encoding.get_ids().to_vec()
            }
            EmbedInput::Tokens(tokens) => tokens,
        };
        if tokens.is_empty() {
            return Err(format!("input {place} is empty: there is nothing to embed"));
        }
        if let Some(token) = tokens.iter().find(|token| **token >= self.tokens) {
            let last = self.tokens.saturating_sub(1);
            return Err(format!("input {place} has token {token}; this model has tokens 0 to {last}"));
        }
        if tokens.len() < self.shortest {
            let (has, least) = (tokens.len(), self.shortest);
            return Err(format!(
                "input {place} has {has} token, this model takes {least} or more: add the token that \
                                ends a text, as its tokenizer does"
            ));
        }
        Ok(tokens)
    }
}
