//! `[{"name": "f", "arguments": {…}}, {…}]`, or one such object: what several forms have inside.

use super::{
    cursor::{Cursor, Look},
    form::{Closer, Header},
};

/// The beginning of an array of calls, or of one call.
pub(super) fn header(raw: &str) -> Header {
    let mut rest = Cursor(raw);
    rest.space();
    if rest.word("[") == Look::Yes {
        rest.space();
        return object(rest, true);
    }
    object(rest, false)
}

/// From the comma to the next object.
pub(super) fn next(raw: &str) -> Header {
    let mut rest = Cursor(raw);
    rest.space();
    rest.word(",");
    rest.space();
    object(rest, true)
}

/// After an object of an array.
pub(super) fn closer(raw: &str) -> Closer {
    let mut rest = Cursor(raw);
    rest.space();
    match rest.0 {
        "" => Closer::More,
        "," => Closer::Next(0),
        "]" => Closer::Over(raw.len()),
        _ => Closer::Over(0),
    }
}

fn object(rest: Cursor<'_>, in_list: bool) -> Header {
    match rest.0 {
        "" => Header::More,
        "{" => Header::Envelope { in_list },
        _ => Header::No,
    }
}
