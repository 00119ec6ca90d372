//! What a request says about its answer beside what it asks: how sensitive the content is, and by when it wants it.
//!
//! Left out: what follows from it, which residency and admission decide.

use std::{
    future::{Ready, ready},
    time::Duration,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use leeward_domain::residency::Classification;

use super::classified::{self, Classified};
use crate::error::AppError;

/// The header's name: seconds, as a decimal number.
pub const TIMEOUT: &str = "leeward-timeout";

/// The longest that can be asked for; what the house allows is shorter (`engine.answer_timeout_s`).
const LONGEST_S: f64 = 1e9;

/// The terms of one answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terms {
    /// How sensitive the content is, if the caller says so.
    pub class: Option<Classification>,
    /// The answer is of no use after this time, if the caller says so.
    pub within: Option<Duration>,
}

impl FromRequest for Terms {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let terms = classified::of(request).and_then(|Classified(class)| Ok(Self { class, within: within(request)? }));
        ready(terms)
    }
}

fn within(request: &HttpRequest) -> Result<Option<Duration>, AppError> {
    let mut values = request.headers().get_all(TIMEOUT);
    let Some(value) = values.next() else { return Ok(None) };
    let seconds = value.to_str().ok().filter(|_| values.next().is_none()).and_then(|text| text.trim().parse().ok());
    // Not a number is in no range, and a time of zero would refuse everything.
    let seconds = seconds.filter(|seconds: &f64| *seconds > 0.0 && *seconds <= LONGEST_S);
    let wrong = || AppError::invalid(TIMEOUT, "Leeward-Timeout is a number of seconds above 0, such as 30 or 2.5");
    seconds.map(|seconds| Some(Duration::from_secs_f64(seconds))).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(values: &[&str]) -> Result<Option<Duration>, AppError> {
        let request = values
            .iter()
            .fold(TestRequest::default(), |request, value| request.append_header((TIMEOUT, (*value).to_owned())));
        within(&request.to_http_request())
    }

    #[test]
    fn a_timeout_is_a_positive_number_said_once() {
        assert_eq!(asked(&[]).ok(), Some(None));
        assert_eq!(asked(&["2.5"]).ok(), Some(Some(Duration::from_millis(2500))));
        for wrong in [&["0"][..], &["-1"], &["NaN"], &["inf"], &["1e300"], &["soon"], &[""], &["1", "2"]] {
            assert!(asked(wrong).is_err(), "{wrong:?}");
        }
    }
}
