//! CSV (RFC 4180): a fixed list of columns, one row a record.
//!
//! A cell that a spreadsheet might run as a formula begins with an apostrophe, and so does one that began with
//! an apostrophe itself: taking one leading apostrophe off every cell gives the value back, always.

use super::{
    Entry,
    flat::{fields, text},
};

/// The columns, in order. Later versions add columns at the end and never move or rename one.
pub const COLUMNS: &[&str] = &[
    "log",
    "seq",
    "at",
    "event",
    "outcome",
    "category",
    "phase",
    "actor_type",
    "actor_id",
    "actor_method",
    "actor_api_key",
    "actor_project",
    "actor_session",
    "source",
    "object_type",
    "object_id",
    "reason",
    "changes",
    "request",
    "trace",
    "id",
    "tenant",
    "clock",
    "decision_allowed",
    "decision_rule",
    "decision_policy_version",
    "decision_policy_hash",
    "classification",
    "place_site",
    "place_region",
    "place_jurisdiction",
    "place_ceiling",
    "node",
    "isolation",
    "model_name",
    "model_weights",
    "tokens_input",
    "tokens_output",
    "tokens_cached",
    "finish_reason",
    "prompt_hmac",
    "output_hmac",
    "blob",
    "blob_key",
    "retention",
    "holds",
    "build",
    "schema",
];

/// The first row: the names of the columns.
#[must_use]
pub fn header() -> String {
    COLUMNS.join(",")
}

/// One row, without its line end. Lists (`changes`, `holds`) are JSON inside their cell.
#[must_use]
pub fn render(entry: Entry<'_>) -> String {
    let fields = fields(entry);
    let cells: Vec<String> =
        COLUMNS.iter().map(|column| cell(&fields.get(*column).map(text).unwrap_or_default())).collect();
    cells.join(",")
}

/// Guards against formulas, then quotes whatever is not plain.
fn cell(value: &str) -> String {
    let guard = if value.starts_with(starts_a_formula) { "'" } else { "" };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-');
    if guard.is_empty() && value.bytes().all(plain) {
        value.to_owned()
    } else {
        format!("\"{guard}{}\"", value.replace('"', "\"\""))
    }
}

/// What makes a spreadsheet calculate (OWASP, "CSV Injection"; the full-width forms count in East Asian
/// locales), and the guard itself.
fn starts_a_formula(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '\'')
}
