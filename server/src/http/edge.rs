//! The bodies of `/v1` without the routes behind them: what the fuzzer (`fuzz/targets/bodies.rs`) throws bytes at.
//!
//! A new route that takes JSON gets a line in each of the two places below.

use super::{
    anthropic::request::{CountTokensRequest, MessagesRequest},
    body,
    openai::{
        completions::CompletionRequest, embeddings::EmbeddingsRequest, request::ChatCompletionRequest,
        responses::request::ResponsesRequest, tokenize::TokenizeRequest,
    },
};
use crate::error::AppError;

/// The routes that [`taken`] knows.
pub const ROUTES: [&str; 7] = [
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/responses",
    "/v1/messages",
    "/v1/messages/count_tokens",
    "/v1/tokenize",
];

/// Reads a body as the handler of `route` does before it admits anything, and forgets it.
///
/// # Errors
/// What the caller would be told; `not_found` for a route that is not of [`ROUTES`].
pub fn taken(route: &str, bytes: &[u8]) -> Result<(), AppError> {
    match route {
        "/v1/chat/completions" => body::parse::<ChatCompletionRequest>(bytes)?.parse().map(drop),
        "/v1/completions" => body::parse::<CompletionRequest>(bytes)?.parse().map(drop),
        "/v1/embeddings" => body::parse::<EmbeddingsRequest>(bytes)?.parse().map(drop),
        "/v1/responses" => body::parse::<ResponsesRequest>(bytes)?.parse(Vec::new()).map(drop),
        "/v1/messages" => body::parse::<MessagesRequest>(bytes)?.parse().map(drop),
        "/v1/messages/count_tokens" => body::parse::<CountTokensRequest>(bytes)?.parse().map(drop),
        "/v1/tokenize" => body::parse::<TokenizeRequest>(bytes)?.parse().map(drop),
        _ => Err(AppError::not_found("route", route)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_takes_a_body_and_refuses_another() {
        let fine = [
            r#"{"model": "m", "messages": [{"role": "user", "content": "hi"}]}"#,
            r#"{"model": "m", "prompt": "hi"}"#,
            r#"{"model": "m", "input": "hi"}"#,
            r#"{"model": "m", "input": "hi"}"#,
            r#"{"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "hi"}]}"#,
            r#"{"model": "m", "messages": [{"role": "user", "content": "hi"}]}"#,
            r#"{"model": "m", "prompt": "hi"}"#,
        ];
        for (route, body) in ROUTES.iter().zip(fine) {
            assert!(taken(route, body.as_bytes()).is_ok(), "{route}: {:?}", taken(route, body.as_bytes()));
            assert!(taken(route, b"{}").is_err(), "{route}");
        }
        assert!(taken("/v1/nothing", b"{}").is_err());
    }
}
