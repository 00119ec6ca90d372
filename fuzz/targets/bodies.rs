//! Request bodies of every route under `/v1` that takes JSON: taken or refused with a sentence, never a panic.
//!
//! Input: a byte that chooses the route, then the body.
#![no_main]

use leeward::http::edge::{ROUTES, taken};
use libfuzzer_sys::fuzz_target;

/// What a refusal may weigh: it names what is wrong, it does not send it back.
const LONGEST: usize = 4096;

fuzz_target!(|input: &[u8]| {
    let Some((route, body)) = input.split_first() else { return };
    if let Err(error) = taken(ROUTES[usize::from(*route) % ROUTES.len()], body) {
        assert!(error.code.status().is_client_error(), "{error}");
        assert!(!error.detail.is_empty() && error.detail.len() <= LONGEST, "{} bytes: {error}", error.detail.len());
        assert!(error.param.as_ref().is_none_or(|param| param.len() <= LONGEST), "{error}");
    }
});
