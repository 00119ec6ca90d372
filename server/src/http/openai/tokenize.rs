//! `POST /v1/tokenize`, as vLLM has it: the tokens of a text.
//!
//! Left out, and refused by name: `messages`, whose template is the worker's to write (`/v1/messages/count_tokens` counts
//! a conversation), special tokens around the text, and tokens as text.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use utoipa::ToSchema;

use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, Classified, errors::OpenAiError},
    inference::{self, UNSAID},
};

/// The longest text in bytes: each may be a token, and all are told in one answer.
const MAX_BYTES: usize = 1024 * 1024;

/// A text to cut into tokens.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenizeRequest {
    /// A model of `/v1/models`.
    model: String,
    /// The text, at most 1 MiB.
    #[serde(default)]
    prompt: Option<String>,
    /// Not served.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    messages: Option<IgnoredAny>,
    /// Only `false`, the default here: nothing is put around the text.
    #[serde(default)]
    add_special_tokens: Option<bool>,
    /// Only `false`: tokens are told by their number.
    #[serde(default)]
    return_token_strs: Option<bool>,
}

/// A text's tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tokens {
    /// How many.
    count: usize,
    /// What the model's context holds, for prompt and answer together.
    max_model_len: u32,
    /// Their numbers in the model's vocabulary.
    tokens: Vec<u32>,
}

impl TokenizeRequest {
    pub(in crate::http) fn parse(self) -> Result<(String, String), AppError> {
        let wrong = |field: &str, why: String| Err(AppError::invalid(field, format!("{field}: {why}")));
        if self.messages.is_some() {
            let why = "the tokens of a conversation cannot be told; POST /v1/messages/count_tokens counts them";
            return wrong("messages", why.to_owned());
        }
        if self.add_special_tokens == Some(true) {
            return wrong("add_special_tokens", "nothing is put around the text; leave it out or say false".to_owned());
        }
        if self.return_token_strs == Some(true) {
            let why = "tokens are told by their number only; leave it out or say false";
            return wrong("return_token_strs", why.to_owned());
        }
        match self.prompt {
            Some(prompt) if prompt.len() <= MAX_BYTES => Ok((self.model, prompt)),
            Some(prompt) => wrong("prompt", format!("the text has {} bytes, at most {MAX_BYTES}", prompt.len())),
            None => wrong("prompt", "is missing: the text".to_owned()),
        }
    }
}

/// Cuts a text into the tokens of a model.
///
/// # Errors
/// As chat completions, but nothing waits in a queue.
#[utoipa::path(
    post, path = "/v1/tokenize", tag = "inference", request_body = TokenizeRequest,
    responses(
        (status = 200, description = "The tokens", body = Tokens),
        (status = "4XX", description = "The request is at fault", body = OpenAiError),
        (status = "5XX", description = "The service is at fault", body = OpenAiError),
    ))]
pub async fn tokenize(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    Classified(class): Classified,
    Body(request): Body<TokenizeRequest>,
) -> Result<HttpResponse, AppError> {
    let (model, text) = request.parse()?;
    let who = (&permit.context, &permit.identity);
    let counted = inference::tokenize(&app, who, class.unwrap_or(UNSAID), &model, text).await?;
    let count = counted.tokens.len();
    Ok(HttpResponse::Ok().json(Tokens { count, max_model_len: counted.context_length, tokens: counted.tokens }))
}
