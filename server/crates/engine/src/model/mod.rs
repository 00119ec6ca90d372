//! One loaded model: the engine's pipeline, its tokenizer and chat template, and what we do ourselves
//! because the engine does it wrong or not at all.
//!
//! The engine computes logits and keeps the KV cache. Rendering prompts ([`prompt`], [`template`]), saying
//! what is likely ([`logprobs`]) and what is possible ([`grammar`]), choosing tokens ([`sampler`]), turning
//! them into text ([`detokenise`], [`vocabulary`]) and stopping ([`stop`]) are ours, so counts are exact,
//! greedy is deterministic and stop strings never leak. A model that embeds ([`embedding`]) has less of it.

pub mod detokenise;
pub mod embedding;
pub mod engine;
mod from_directory;
mod from_gguf;
pub mod grammar;
pub mod load;
pub mod logprobs;
mod messages;
pub mod prompt;
mod reshape;
pub mod sampler;
pub mod stop;
pub mod template;
pub mod text;
mod tojson;
#[cfg(test)]
mod toy;
pub mod vocabulary;

pub use embedding::EmbeddingModel;
pub use load::{LoadError, LoadOptions, Loaded, Quantisation, load};
pub use text::TextModel;
