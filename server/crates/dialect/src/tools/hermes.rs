//! `<tool_call>\n{"name": "f", "arguments": {…}}\n</tool_call>`, any number of them, text around them.
//!
//! Nous Hermes 2 Pro and 3, Qwen 2.5, Qwen 3, QwQ. A missing closing tag is forgiven, the call is complete without;
//! so are braces too many before it, a habit of the small ones.

use super::{
    cursor::{Cursor, Look},
    form::{Closer, Header},
};
use crate::finder::is_space;

pub(super) const OPEN: &str = "<tool_call>";
pub(super) const CLOSE: &str = "</tool_call>";

pub(super) fn header(raw: &str) -> Header {
    let mut rest = Cursor(raw);
    rest.space();
    rest.word(OPEN);
    rest.space();
    match rest.0 {
        "" => Header::More,
        "{" => Header::Envelope { in_list: false },
        _ => Header::No,
    }
}

pub(super) fn closer(raw: &str) -> Closer {
    let mut rest = Cursor(raw.trim_start_matches(|c| is_space(c) || c == '}'));
    match rest.word(CLOSE) {
        Look::Yes => Closer::Over(raw.len()),
        Look::Partly => Closer::More,
        Look::No => Closer::Over(0),
    }
}
