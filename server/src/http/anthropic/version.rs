//! The header `anthropic-version`, which the API demands of every request.
//!
//! Left out: `anthropic-beta`. What a beta adds is a field of the body, and each field is known here or refused by name.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use crate::error::AppError;

/// The header's name.
const HEADER: &str = "anthropic-version";
/// The versions that clients send. They are served alike: what the newer one's clients no longer send is still taken.
const KNOWN: [&str; 2] = ["2023-06-01", "2026-10-21"];

/// The request named a version that is served.
#[derive(Debug, Clone, Copy)]
pub struct Version;

impl FromRequest for Version {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(request))
    }
}

fn of(request: &HttpRequest) -> Result<Version, AppError> {
    match request.headers().get(HEADER).map(|value| value.to_str().unwrap_or_default()) {
        Some(version) if KNOWN.contains(&version) => Ok(Version),
        Some(_) => Err(AppError::invalid(HEADER, format!("{HEADER}: only {} are served", KNOWN.join(" and ")))),
        None => {
            let detail = format!("{HEADER}: the header is required; send {}", KNOWN.join(" or "));
            Err(AppError::invalid(HEADER, detail))
        }
    }
}
