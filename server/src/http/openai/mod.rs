//! `/v1`: what programs written for OpenAI's API talk to.

mod answer;
mod answers;
pub mod chat;
mod chunks;
pub mod completions;
pub mod models;
pub mod request;
