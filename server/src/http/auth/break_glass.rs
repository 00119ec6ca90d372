//! `POST /auth/break-glass`: both halves of the emergency account's credential, and why.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionInfo, signed_in};
use crate::{
    app::App,
    auth::{
        break_glass::{self, Envelopes},
        sign_in::Factors,
    },
    error::AppError,
    http::{Body, RequestContext, errors::Problem},
};

/// What lay in the two envelopes, and why they were opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockRequest {
    /// The tenant's name.
    tenant: String,
    /// The first half; hyphens, blanks and case do not count.
    first_half: String,
    /// The second half.
    second_half: String,
    /// Why, for the audit log: 10 to 500 characters.
    reason: String,
}

/// Unlocks the tenant's emergency account for an hour. The halves work once.
///
/// # Errors
/// 400 without a reason, 401 `invalid_credentials` whatever is wrong, 429 after too many failures.
#[utoipa::path(post, path = "/auth/break-glass", tag = "auth", request_body = UnlockRequest, security(()), responses(
    (status = 200, description = "Unlocked; the cookie is set", body = SessionInfo),
    (status = 400, description = "Malformed, or no reason", body = Problem),
    (status = 401, description = "Refused", body = Problem),
    (status = 429, description = "Too many attempts; Retry-After says when to come back", body = Problem)))]
pub async fn unlock(
    app: web::Data<App>,
    request: HttpRequest,
    Body(shown): Body<UnlockRequest>,
) -> Result<HttpResponse, AppError> {
    let reason = shown.reason.trim();
    if !(10..=500).contains(&reason.chars().count()) || reason.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "reason",
            "say why, in one line of 10 to 500 characters; the audit log keeps it",
        ));
    }
    let context = RequestContext::of(&request);
    let envelopes = Envelopes { tenant: &shown.tenant, first: &shown.first_half, second: &shown.second_half };
    let (identity, token) = break_glass::unlock(&app, &context, envelopes, reason).await?;
    Ok(signed_in(&app, &identity, &token, Factors::default()))
}
