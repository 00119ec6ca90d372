//! One loaded model: the engine's pipeline, its tokenizer and chat template, and what we do ourselves
//! because the engine does it wrong or not at all.
//!
//! The engine computes logits and keeps the KV cache. Rendering prompts ([`template`]), choosing tokens
//! ([`sampler`]), turning them into text ([`detokenise`]) and stopping ([`stop`]) are ours, so counts are
//! exact, greedy is deterministic and stop strings never leak.

pub mod detokenise;
pub mod load;
pub mod sampler;
pub mod stop;
pub mod template;

pub use load::{LoadError, LoadOptions, Loaded, load};
