//! `/v1`: what programs written for OpenAI's API talk to.

pub(super) mod answer;
pub(super) mod answers;
pub mod chat;
mod chunks;
pub mod completions;
pub mod embeddings;
pub mod models;
pub mod request;
pub mod responses;
pub mod tokenize;
