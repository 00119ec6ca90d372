//! `POST /v1/messages/count_tokens`: how many tokens a request would have, without making an answer.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{request::CountTokensRequest, version::Version};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Classified, errors::AnthropicError},
    inference::{self, UNSAID},
};

/// What a prompt costs.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenCount {
    /// With the model's template around the conversation.
    input_tokens: u32,
}

/// Counts the tokens of a conversation.
///
/// # Errors
/// As `/v1/messages`, but nothing waits in a queue.
#[utoipa::path(
    post, path = "/v1/messages/count_tokens", tag = "inference", request_body = CountTokensRequest,
    params(("anthropic-version" = String, Header, description = "`2023-06-01` or `2026-10-21`")),
    responses(
        (status = 200, description = "The count", body = TokenCount),
        (status = "4XX", description = "The request is at fault", body = AnthropicError),
        (status = "5XX", description = "The service is at fault", body = AnthropicError),
    ))]
pub async fn count_tokens(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    _version: Version,
    Classified(class): Classified,
    Body(request): Body<CountTokensRequest>,
) -> Result<HttpResponse, AppError> {
    let (model, prompt) = request.parse()?;
    let who = (&permit.context, &permit.identity);
    let input_tokens = inference::count(&app, who, class.unwrap_or(UNSAID), &model, prompt).await?;
    Ok(HttpResponse::Ok().json(TokenCount { input_tokens }))
}
