//! `[TOOL_CALLS] [{"name": "f", "arguments": {…}}, …]`, and `[TOOL_CALLS]f[CALL_ID]0a1b2c3d4[ARGS]{…}`.
//!
//! The first is Mistral 7B v0.3, Nemo, Mixtral and Small up to 3.1; the second, once a call and with or without the
//! call's id, is Small 3.2, Magistral, Devstral and Medium 3. `[ARGS]` may be missing: the step between had none.

use super::{
    cursor::{Cursor, Look},
    form::Header,
    list,
};
use crate::finder::is_space;

pub(super) const MARKER: &str = "[TOOL_CALLS]";
const CALL_ID: &str = "[CALL_ID]";
const ARGS: &str = "[ARGS]";

pub(super) fn header(raw: &str) -> Header {
    let mut rest = Cursor(raw);
    rest.space();
    rest.word(MARKER);
    rest.space();
    match rest.0.chars().next() {
        None => Header::More,
        Some('[' | '{') => list::header(rest.0),
        Some(_) => named(rest),
    }
}

fn named(mut rest: Cursor<'_>) -> Header {
    let Some(name) = rest.until(|c| is_space(c) || matches!(c, '[' | '{')) else { return Header::More };
    rest.space();
    match rest.word(CALL_ID) {
        Look::Yes if rest.until(|c| matches!(c, '[' | '{')).is_none() => return Header::More,
        Look::Partly => return Header::More,
        Look::Yes | Look::No => {}
    }
    if rest.word(ARGS) == Look::Partly {
        return Header::More;
    }
    rest.space();
    match rest.0 {
        "" => Header::More,
        "{" => Header::Named(name.to_owned()),
        _ => Header::No,
    }
}
