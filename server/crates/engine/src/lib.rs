//! The engine worker: one process, one loaded model, no way out.
//!
//! The only crate that knows mistral.rs. `leeward-engine serve` enters a sandbox ([`sandbox`]), loads one
//! GGUF file ([`model`]) and answers jobs over an inherited socket ([`worker`]); `inspect` and `quantize`
//! read and rewrite GGUF files ([`gguf`]) in the same sandbox.
//!
//! To move to another engine version: [`model`] is where its names are, nothing outside it and
//! two files of [`worker`] (`generation`, `chooser`) should change. Left out on purpose: downloading, HTTP, tenants, fairness.

pub mod cli;
pub mod directory;
pub mod gguf;
pub mod model;
pub mod sandbox;
pub mod worker;
