//! How sensitive a request says its content is: the header `Leeward-Classification`.
//!
//! Left out: what follows from it, which residency decides.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use leeward_domain::residency::Classification;

use crate::error::AppError;

/// The header's name.
pub const HEADER: &str = "leeward-classification";

/// What the header says, if it is there.
#[derive(Debug, Clone, Copy)]
pub struct Classified(pub Option<Classification>);

impl FromRequest for Classified {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(of(request))
    }
}

/// Twice is refused, too: which of the two was meant is nobody's guess.
pub(super) fn of(request: &HttpRequest) -> Result<Classified, AppError> {
    let mut values = request.headers().get_all(HEADER);
    let Some(value) = values.next() else { return Ok(Classified(None)) };
    let class = value.to_str().ok().filter(|_| values.next().is_none()).and_then(|text| text.parse().ok());
    let wrong =
        || AppError::invalid(HEADER, "Leeward-Classification is one of public, internal, confidential, restricted");
    class.map(|class| Classified(Some(class))).ok_or_else(wrong)
}
