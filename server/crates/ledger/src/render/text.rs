//! Keeping text on one line.

use std::fmt::Write as _;

/// Whether some reader might take `character` for the end of a line or choke on it: C0 and C1 control
/// characters (line feed, carriage return, U+0085 and NUL among them), and Unicode's two separators.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// What stands where a character cannot.
pub(crate) const REPLACEMENT: char = '\u{fffd}';

/// JSON text on one line by anybody's idea of a line: [`is_control`]'s characters written as `\uXXXX`.
///
/// JSON itself escapes only those below U+0020, and readers that split at U+0085 or U+2028 (Python's
/// `splitlines`) would cut a record in two.
pub(super) fn one_line_json(json: &str) -> String {
    escape_json(json, |character| !is_control(character))
}

/// JSON text in printable ASCII, everything else written as `\uXXXX`.
pub(super) fn ascii_json(json: &str) -> String {
    escape_json(json, |character| matches!(character, ' '..='~'))
}

/// Characters not to be kept can stand only inside strings of a JSON text, so its value is unchanged.
fn escape_json(json: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if keep(character) {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}
