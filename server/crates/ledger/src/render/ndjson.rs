//! NDJSON: the record as it is, with its log and number.
//!
//! `record` is in its canonical form, but that the few characters some readers take for line ends are escaped:
//! its canonical form (RFC 8785) is the entry that the log's tree commits to.

use super::{Entry, text::one_line_json};
use crate::entry::canonical;

/// `{"log":…,"seq":…,"record":{…}}`.
#[must_use]
pub fn render(entry: Entry<'_>) -> String {
    let record = canonical(entry.record);
    // Canonical JSON is UTF-8, and a log's name has nothing to escape.
    let record = one_line_json(&String::from_utf8_lossy(&record));
    format!(r#"{{"log":"{}","seq":{},"record":{record}}}"#, entry.log, entry.seq)
}
