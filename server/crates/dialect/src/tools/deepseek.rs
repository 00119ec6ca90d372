//! `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f`, a fenced object, and the ends of both blocks.
//!
//! DeepSeek V3 and R1, and the distilled models that kept their template. V3.1 writes the function's name where the
//! others have the word `function`, and the object without a fence. The bars are U+FF5C, the low lines U+2581.

use super::{
    cursor::{Cursor, Look},
    form::{Closer, Header},
};

pub(super) const CALLS_BEGIN: &str = "<｜tool▁calls▁begin｜>";
pub(super) const CALL_BEGIN: &str = "<｜tool▁call▁begin｜>";
const SEPARATOR: &str = "<｜tool▁sep｜>";
const CALL_END: &str = "<｜tool▁call▁end｜>";
const CALLS_END: &str = "<｜tool▁calls▁end｜>";
const FENCE: &str = "```";

pub(super) fn header(raw: &str) -> Header {
    let mut rest = Cursor(raw);
    rest.space();
    if rest.word(CALLS_BEGIN) == Look::Yes {
        rest.space();
    }
    match rest.word(CALL_BEGIN) {
        Look::Yes => {}
        Look::Partly => return Header::More,
        Look::No => return Header::No,
    }
    let Some(kind) = rest.until(|c| c == '<') else { return Header::More };
    match rest.word(SEPARATOR) {
        Look::Yes => {}
        Look::Partly => return Header::More,
        Look::No => return Header::No,
    }
    rest.space();
    match rest.0 {
        "" => Header::More,
        "{" => Header::Named(kind.trim().to_owned()),
        _ => named(rest),
    }
}

/// After the separator, where the name comes second.
fn named(mut rest: Cursor<'_>) -> Header {
    let Some(name) = rest.until(|c| matches!(c, '\n' | '{' | '`' | '<')) else { return Header::More };
    rest.space();
    match rest.word(FENCE) {
        Look::Yes => {
            rest.0 = rest.0.trim_start_matches(|c: char| c.is_ascii_alphabetic());
            rest.space();
        }
        Look::Partly => return Header::More,
        Look::No => {}
    }
    match rest.0 {
        "" => Header::More,
        "{" => Header::Named(name.trim().to_owned()),
        _ => Header::No,
    }
}

pub(super) fn closer(raw: &str) -> Closer {
    let mut rest = Cursor(raw);
    for word in [FENCE, CALL_END] {
        rest.space();
        if rest.word(word) == Look::Partly {
            return Closer::More;
        }
    }
    let ours = raw.len() - rest.0.len();
    rest.space();
    match (rest.word(CALLS_END), Cursor(rest.0).word(CALL_BEGIN)) {
        (Look::Yes, _) => Closer::Over(raw.len()),
        (_, Look::Yes) => Closer::Next(ours),
        (Look::Partly, _) | (_, Look::Partly) => Closer::More,
        (Look::No, Look::No) => Closer::Over(ours),
    }
}
