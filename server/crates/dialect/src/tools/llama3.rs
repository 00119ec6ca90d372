//! `{"name": "f", "parameters": {…}}` as the whole answer; several are separated by `;`.
//!
//! Llama 3.1, 3.2, 3.3. `<|python_tag|>` may stand before it. Without the tag a call is only looked for where the
//! answer begins or a call has just ended: JSON in the middle of an answer is an answer.

use super::{
    cursor::Cursor,
    form::{Closer, Header},
};
use crate::finder::is_space;

pub(super) const TAG: &str = "<|python_tag|>";

pub(super) fn header(raw: &str) -> Header {
    let mut rest = Cursor(raw.trim_start_matches(|c| is_space(c) || c == ';'));
    if rest.0.is_empty() {
        return Header::More;
    }
    let tagged = rest.word(TAG);
    rest.space();
    match (rest.0, tagged) {
        ("", _) | (_, super::cursor::Look::Partly) => Header::More,
        ("{", _) => Header::Envelope { in_list: false },
        _ => Header::No,
    }
}

pub(super) fn closer(raw: &str) -> Closer {
    match raw.trim_start_matches(is_space).chars().next() {
        None => Closer::More,
        Some(';' | '{') => Closer::Next(0),
        Some(_) => Closer::Over(0),
    }
}

/// Whether nothing but the JSON itself says that this is a call.
pub(super) fn is_bare(raw: &str) -> bool {
    !raw.contains(TAG)
}
