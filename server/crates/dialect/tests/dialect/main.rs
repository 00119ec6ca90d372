//! What each dialect's models write, and what has to hold whatever they write.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod deepseek;
mod hermes;
mod json;
mod llama3;
mod mistral;
mod properties;
mod reasoning;
mod said;
mod support;
mod template;
