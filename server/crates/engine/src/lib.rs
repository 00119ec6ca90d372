//! The engine worker: one process, one loaded model, no way out.
//!
//! The only crate that knows mistral.rs. `leeward-engine serve` enters a sandbox ([`sandbox`]), loads one
//! GGUF file ([`gguf`]) or one directory of safetensors ([`directory`]) into the engine ([`model`]) and answers jobs
//! over an inherited socket ([`worker`]); `inspect` and `quantize` read and rewrite models' files in the same sandbox.
//!
//! To move to another engine version: [`model`] is where its names are, nothing outside it and three files of [`worker`]
//! (`generation`, `chooser`, `embed`) should change; what `model::reshape` and `worker::connection` work around may be
//! mended by then, and tests say whether it is. Left out on purpose: downloading, HTTP, tenants, fairness.

pub mod cli;
pub mod directory;
pub mod gguf;
pub mod model;
pub mod sandbox;
pub mod worker;
