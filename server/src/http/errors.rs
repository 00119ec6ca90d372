//! One error, five shapes: OpenAI's under `/v1`, Anthropic's at `/v1/messages`, OAuth's at the token endpoint, SCIM's under `/scim`, RFC 9457
//! problem+json everywhere else.

use actix_web::{
    HttpRequest, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::ServiceResponse,
    http::{StatusCode, header},
};
use leeward_identity::scim::{self, Mistake};
use serde::Serialize;
use utoipa::ToSchema;

use super::{RequestContext, routes};
use crate::error::{AppError, Code};

/// RFC 9457.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` is the machine's field.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The HTTP status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong and what to do.
    pub detail: String,
    /// What kind of error it is, for programs.
    pub code: &'static str,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub param: Option<String>,
    /// Names the request in the log.
    #[schema(value_type = String)]
    pub request_id: leeward_domain::ids::RequestId,
}

impl Problem {
    /// The problem's document.
    #[must_use]
    pub fn of(error: &AppError, context: &RequestContext) -> Self {
        let status = error.code.status();
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: error.detail.clone(),
            code: error.code.as_str(),
            param: error.param.clone(),
            request_id: context.id,
        }
    }
}

/// OpenAI's error object.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenAiError {
    /// The object.
    pub error: OpenAiErrorBody,
}

/// The inside of OpenAI's error object.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenAiErrorBody {
    /// What is wrong and what to do.
    pub message: String,
    /// OpenAI's coarse kind.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The field at fault.
    pub param: Option<String>,
    /// What kind of error it is, for programs.
    pub code: &'static str,
}

impl OpenAiError {
    /// The error's document.
    #[must_use]
    pub fn of(error: &AppError) -> Self {
        let kind = match error.code.status() {
            StatusCode::UNAUTHORIZED => "authentication_error",
            StatusCode::FORBIDDEN => "permission_error",
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "server_error",
            _ => "invalid_request_error",
        };
        let error = OpenAiErrorBody {
            message: error.detail.clone(),
            kind,
            param: error.param.clone(),
            code: error.code.as_str(),
        };
        Self { error }
    }
}

/// Anthropic's error object.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicError {
    /// Always `error`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The inside.
    pub error: AnthropicErrorBody,
    /// Names the request in the log.
    pub request_id: String,
}

/// The inside of Anthropic's error object.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnthropicErrorBody {
    /// Anthropic's coarse kind.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What is wrong and what to do; begins with the field at fault, if one is.
    pub message: String,
    /// What kind of error it is, for programs; Leeward's own addition.
    pub code: &'static str,
}

impl AnthropicError {
    /// The error's document.
    #[must_use]
    pub fn of(error: &AppError, request_id: &str) -> Self {
        let kind = match error.code.status() {
            StatusCode::UNAUTHORIZED => "authentication_error",
            StatusCode::FORBIDDEN => "permission_error",
            StatusCode::NOT_FOUND => "not_found_error",
            StatusCode::PAYLOAD_TOO_LARGE => "request_too_large",
            StatusCode::REQUEST_TIMEOUT => "timeout_error",
            StatusCode::TOO_MANY_REQUESTS => "rate_limit_error",
            status if status.is_server_error() => "api_error",
            _ => "invalid_request_error",
        };
        let detail = &error.detail;
        let message = match &error.param {
            Some(param) if !detail.contains(param.as_str()) => format!("{param}: {detail}"),
            _ => detail.clone(),
        };
        let error = AnthropicErrorBody { kind, message, code: error.code.as_str() };
        Self { kind: "error", error, request_id: request_id.to_owned() }
    }
}

/// RFC 6749, section 5.2, for the token endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct OAuthError {
    /// What kind of error it is.
    pub error: &'static str,
    /// What is wrong and what to do.
    pub error_description: String,
}

impl OAuthError {
    /// The error's document.
    #[must_use]
    pub fn of(error: &AppError) -> Self {
        let kind = match error.code {
            Code::InvalidApiKey | Code::InvalidToken | Code::Unauthenticated => "invalid_client",
            Code::InvalidGrant => "invalid_grant",
            Code::UnsupportedGrantType => "unsupported_grant_type",
            Code::Forbidden => "access_denied",
            code if code.status().is_server_error() => "temporarily_unavailable",
            _ => "invalid_request",
        };
        Self { error: kind, error_description: error.detail.clone() }
    }
}

/// SCIM's error (RFC 7644, section 3.12).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScimError {
    /// What makes it an error.
    pub schemas: [&'static str; 1],
    /// The HTTP status, as text.
    pub status: String,
    /// What kind of mistake the request made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scim_type: Option<&'static str>,
    /// What is wrong and what to do.
    pub detail: String,
}

impl ScimError {
    /// The error's document.
    #[must_use]
    pub fn of(error: &AppError) -> Self {
        let mistake = error.mistake.or(match error.code {
            Code::Conflict => Some(Mistake::Uniqueness),
            // Bodies and queries that do not parse.
            Code::InvalidRequest => Some(Mistake::InvalidSyntax),
            _ => None,
        });
        Self {
            schemas: [scim::ERROR],
            status: error.code.status().as_str().to_owned(),
            scim_type: mistake.map(Mistake::as_str),
            detail: error.detail.clone(),
        }
    }
}

/// Gives an erroneous response its body; leaves every other response alone.
pub fn render<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    context: &RequestContext,
) -> ServiceResponse<EitherBody<B, BoxBody>> {
    let rendered = match response.response().error() {
        Some(error) => respond(error, response.request(), context),
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => {
            let error = AppError::new(Code::MethodNotAllowed, "this route does not know this method");
            respond(&error.into(), response.request(), context)
        }
        None if response.status() == StatusCode::NOT_FOUND => {
            let error = AppError::new(Code::NotFound, "there is nothing here");
            respond(&error.into(), response.request(), context)
        }
        None => return response.map_into_left_body(),
    };
    response.into_response(rendered.map_into_right_body())
}

fn respond(error: &actix_web::Error, request: &HttpRequest, context: &RequestContext) -> HttpResponse {
    let foreign;
    let error = match error.as_error::<AppError>() {
        Some(error) => error,
        None => {
            foreign = translate(error);
            &foreign
        }
    };
    if let Some(source) = &error.source {
        tracing::error!(request_id = %context.id, code = error.code.as_str(), error = format!("{source:#}"), "request failed");
    }
    let mut response = HttpResponse::build(error.code.status());
    if let Some(after) = error.retry_after {
        response.insert_header((header::RETRY_AFTER, after.as_secs().max(1).to_string()));
    }
    if error.code.status() == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if routes::is_anthropic(request.path()) {
        response.json(AnthropicError::of(error, &context.id.to_string()))
    } else if request.path().starts_with("/v1/") {
        response.json(OpenAiError::of(error))
    } else if matches!(request.path(), "/auth/token" | "/auth/revoke") {
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        response.json(OAuthError::of(error))
    } else if request.path().starts_with("/scim/") {
        response.content_type(super::scim::MEDIA_TYPE);
        response.body(serde_json::to_string(&ScimError::of(error)).unwrap_or_default())
    } else {
        response.content_type("application/problem+json");
        response.body(serde_json::to_string(&Problem::of(error, context)).unwrap_or_default())
    }
}

/// Errors that actix-web made itself.
fn translate(error: &actix_web::Error) -> AppError {
    match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => AppError::new(Code::NotFound, "there is nothing here"),
        StatusCode::PAYLOAD_TOO_LARGE => AppError::new(Code::BodyTooLarge, "the body is too large"),
        status if status.is_client_error() => AppError::new(Code::InvalidRequest, error.to_string()),
        _ => AppError::internal(anyhow::anyhow!("{error}")),
    }
}
