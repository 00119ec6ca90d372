//! The one error every room of the gateway speaks.
//!
//! An [`AppError`] is a [`Code`] (which fixes the HTTP status), a sentence for the caller that says what to
//! do, and for faults of ours a source that only the log sees. `http::errors` renders it: OpenAI's shape
//! under `/v1`, SCIM's under `/scim`, problem+json elsewhere. To add an error: a variant of [`Code`], its row in each table here,
//! a line in `docs/api.md`.

use std::{fmt, time::Duration};

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use leeward_domain::ids::HoldId;
use leeward_identity::scim::{Mistake, Refusal};
use leeward_keyring::KeyError;
use leeward_store::StoreError;

/// When to ask again for a key whose provider is out of reach.
const KEY_RETRY: Duration = Duration::from_secs(10);

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $status:ident;)+) => {
        /// What kind of error it is; stable, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $doc])+ $name),+ }

        impl Code {
            /// Every code, for docs and tests.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The name in responses.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The HTTP status it always has.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }
        }
    };
}

codes! {
    /// The body, a parameter or a header is wrong.
    InvalidRequest = "invalid_request", BAD_REQUEST;
    /// The body is over `http.max_body_bytes`.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE;
    /// The body did not arrive within `http.body_timeout_s`.
    BodyTimeout = "body_timeout", REQUEST_TIMEOUT;
    /// No credentials.
    Unauthenticated = "unauthenticated", UNAUTHORIZED;
    /// An API key that is malformed, unknown, revoked or expired; which of them stays our secret.
    InvalidApiKey = "invalid_api_key", UNAUTHORIZED;
    /// The caller's user, key, session or tenant was suspended, revoked or deleted while something ran.
    AccessEnded = "access_ended", UNAUTHORIZED;
    /// The address or the password is wrong; which of them stays our secret.
    InvalidCredentials = "invalid_credentials", UNAUTHORIZED;
    /// The identity provider, or what the tenant makes of its answer, lets nobody in; the message names what was
    /// missing.
    SignInRefused = "sign_in_refused", FORBIDDEN;
    /// The identity provider cannot be asked.
    ProviderUnavailable = "provider_unavailable", SERVICE_UNAVAILABLE;
    /// An access token that is malformed, forged, expired, or whose grant has ended.
    InvalidToken = "invalid_token", UNAUTHORIZED;
    /// What was to be exchanged for a token is wrong, expired, revoked or used up (RFC 6749, section 5.2).
    InvalidGrant = "invalid_grant", BAD_REQUEST;
    /// This way of getting a token is not offered (RFC 6749, section 5.2).
    UnsupportedGrantType = "unsupported_grant_type", BAD_REQUEST;
    /// A browser request that changes something came without the session's CSRF token.
    CsrfFailed = "csrf_failed", FORBIDDEN;
    /// The principal lacks the permission named in the message.
    Forbidden = "forbidden", FORBIDDEN;
    /// The sign-in lacks a step; the message names it.
    SignInUnfinished = "sign_in_unfinished", FORBIDDEN;
    /// The roles would let somebody audit what they administer.
    SeparationOfDuties = "separation_of_duties", CONFLICT;
    /// A legal hold keeps it from being deleted; the message names one.
    LegalHold = "legal_hold", CONFLICT;
    /// There is no such thing, or it is another tenant's.
    NotFound = "not_found", NOT_FOUND;
    /// The route exists, the method does not.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// No such model.
    ModelNotFound = "model_not_found", NOT_FOUND;
    /// It exists already.
    Conflict = "conflict", CONFLICT;
    /// The prompt does not fit the model's context; the message says both numbers.
    ContextLengthExceeded = "context_length_exceeded", BAD_REQUEST;
    /// The tenant's policy does not allow this place; the message names the rule.
    ResidencyDenied = "residency_denied", FORBIDDEN;
    /// The content is more sensitive than the model may be given; the message says both.
    ModelCeiling = "model_ceiling", FORBIDDEN;
    /// The model's queue is full, or too many of such long answers are being made; try again after `Retry-After`.
    QueueFull = "queue_full", TOO_MANY_REQUESTS;
    /// Too many failed sign-ins, or too many password checks are waiting; try again after `Retry-After`.
    TooManyAttempts = "too_many_attempts", TOO_MANY_REQUESTS;
    /// The model is not loaded (yet).
    ModelNotReady = "model_not_ready", SERVICE_UNAVAILABLE;
    /// The worker died or failed while answering.
    EngineFailed = "engine_failed", INTERNAL_SERVER_ERROR;
    /// The answer was not complete in the time that the caller or the house allows; the message says which.
    DeadlineExceeded = "deadline_exceeded", GATEWAY_TIMEOUT;
    /// Nothing can be recorded, so nothing is answered.
    AuditUnavailable = "audit_unavailable", SERVICE_UNAVAILABLE;
    /// The database does not answer or is full.
    DatabaseUnavailable = "database_unavailable", SERVICE_UNAVAILABLE;
    /// The key-encryption key over the tenant's key is out of reach; nothing is lost.
    KeyUnavailable = "key_unavailable", SERVICE_UNAVAILABLE;
    /// The key of what was asked for was destroyed, and what it sealed is erased.
    KeyDestroyed = "key_destroyed", GONE;
    /// What is kept is sealed under another key than the one that belongs there.
    WrongKey = "wrong_key", INTERNAL_SERVER_ERROR;
    /// What is kept is not what was sealed for this place.
    ContentDamaged = "content_damaged", INTERNAL_SERVER_ERROR;
    /// The service is stopping.
    ShuttingDown = "shutting_down", SERVICE_UNAVAILABLE;
    /// A fault of ours; the log knows more under the request id.
    Internal = "internal", INTERNAL_SERVER_ERROR;
}

/// An error on its way to a caller.
#[derive(Debug)]
pub struct AppError {
    /// What kind.
    pub code: Code,
    /// For the caller: what is wrong and what to do. Never content, never internals.
    pub detail: String,
    /// The request's field at fault, if one is.
    pub param: Option<String>,
    /// SCIM's name for the mistake, where it has one that the code does not tell.
    pub mistake: Option<Mistake>,
    /// The legal holds that refuse, for the record.
    pub holds: Vec<HoldId>,
    /// When to come back.
    pub retry_after: Option<Duration>,
    /// For the log only.
    pub source: Option<anyhow::Error>,
}

/// The longest sentence, and the longest name of a field, in characters: what is wrong is named, not sent back.
const LONGEST_DETAIL: usize = 1000;
const LONGEST_PARAM: usize = 200;

/// The beginning of a text, with a sign where something is left out.
fn clipped(text: String, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

impl AppError {
    /// An error with a sentence for the caller, cut where it says back too much of what was sent.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: clipped(detail.into(), LONGEST_DETAIL),
            param: None,
            mistake: None,
            holds: Vec::new(),
            retry_after: None,
            source: None,
        }
    }

    /// A 400 about one field.
    pub fn invalid(param: &str, detail: impl Into<String>) -> Self {
        Self { param: Some(clipped(param.to_owned(), LONGEST_PARAM)), ..Self::new(Code::InvalidRequest, detail) }
    }

    /// A 404 that does not say whether the thing is somebody else's.
    pub fn not_found(kind: &str, id: impl fmt::Display) -> Self {
        Self::new(Code::NotFound, format!("there is no {kind} {id}"))
    }

    /// A fault of ours.
    pub fn internal(source: impl Into<anyhow::Error>) -> Self {
        let detail = "something went wrong on our side; the log has the details under this request id";
        Self { source: Some(source.into()), ..Self::new(Code::Internal, detail) }
    }

    /// Tells the log what it was about.
    #[must_use]
    pub fn about(mut self, what: String) -> Self {
        self.source = self.source.map(|source| source.context(what));
        self
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)
    }
}

impl std::error::Error for AppError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    // The body is written by `http::errors`, which knows the path and the request id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        let (code, detail) = match &error {
            StoreError::NotFound => return Self::new(Code::NotFound, "there is no such thing"),
            StoreError::Conflict { constraint } => {
                return Self::new(Code::Conflict, format!("it exists already ({constraint})"));
            }
            StoreError::Storage(_) => (
                Code::AuditUnavailable,
                "the database's disk cannot be trusted, so nothing is answered; an operator must look at /readyz and the log",
            ),
            StoreError::Unavailable(_) => (Code::DatabaseUnavailable, "the database does not answer; try again soon"),
            StoreError::Full(_) => {
                (Code::DatabaseUnavailable, "the database's disk is full; an operator must free space")
            }
            StoreError::Database(_) | StoreError::Corrupt(_) | StoreError::Migration(_) => {
                return Self::internal(anyhow::Error::new(error));
            }
        };
        Self { source: Some(anyhow::Error::new(error)), ..Self::new(code, detail) }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        let code = if refusal.mistake == Mistake::Uniqueness { Code::Conflict } else { Code::InvalidRequest };
        Self { mistake: Some(refusal.mistake), ..Self::new(code, refusal.detail) }
    }
}

impl From<KeyError> for AppError {
    fn from(error: KeyError) -> Self {
        let (code, detail) = match &error {
            KeyError::Unavailable { provider, .. } => (
                Code::KeyUnavailable,
                format!(
                    "the key provider {provider} cannot be reached, so what its key protects is closed; nothing is lost: \
                     try again in {} s, and if it stays so, an operator must look at the provider (the log says why)",
                    KEY_RETRY.as_secs()
                ),
            ),
            KeyError::Destroyed(key) => {
                (Code::KeyDestroyed, format!("the key {key} was destroyed, and what it sealed is erased for good"))
            }
            KeyError::WrongKey { sealed_by, ours } => (
                Code::WrongKey,
                format!(
                    "what is kept is sealed under the key {sealed_by}, where {ours} belongs; an operator must bring the \
                     missing key back, or the row if it was moved (the log says which)"
                ),
            ),
            KeyError::Damaged | KeyError::TooShort(_) | KeyError::UnknownFormat { .. } => (
                Code::ContentDamaged,
                format!(
                    "what is kept does not open, because it is not what was sealed for this place ({error}); an operator \
                     must compare it with a backup (the log says where it is)"
                ),
            ),
            _ => return Self::internal(anyhow::Error::new(error)),
        };
        let retry_after = error.is_retryable().then_some(KEY_RETRY);
        Self { retry_after, source: Some(anyhow::Error::new(error)), ..Self::new(code, detail) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_out_of_reach_is_named_and_asked_again() {
        let error = KeyError::Unavailable { provider: "pkcs11 leeward".into(), why: "socket /run/x is gone".into() };
        let error = AppError::from(error);
        assert_eq!(error.code.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(error.retry_after, Some(KEY_RETRY));
        assert!(error.detail.contains("pkcs11 leeward") && error.detail.contains("operator"), "{}", error.detail);
        assert!(!error.detail.contains("/run/x"), "what is wrong with it is for the log: {}", error.detail);
        let told = format!("{:#}", error.source.expect("for the log"));
        assert!(told.contains("/run/x"), "{told}");
    }

    #[test]
    fn the_api_page_names_every_code() {
        let page = include_str!("../../docs/api.md");
        for code in Code::ALL {
            assert!(page.contains(&format!("`{}`", code.as_str())), "docs/api.md lacks {}", code.as_str());
        }
    }

    #[test]
    fn what_was_sent_is_not_sent_back() {
        let error = AppError::invalid(&"é".repeat(100_000), "x".repeat(1_000_000));
        assert_eq!(error.param.map(|param| param.chars().count()), Some(LONGEST_PARAM + 1));
        assert!(error.detail.len() < 1010 && error.detail.ends_with('…'));
        assert_eq!(AppError::invalid("field", "short").detail, "short");
    }
}
