//! `/v1`: what programs written for OpenAI's API talk to.

pub mod chat;
mod chunks;
pub mod models;
pub mod request;
