//! The event catalogue as a Markdown table, so that docs/audit.md can be held against the code.

use std::fmt::Write as _;

use crate::event::EventCode;

/// The table of every event code and its meaning, as docs/audit.md holds it.
#[must_use]
pub fn catalogue_markdown() -> String {
    let mut table = String::from("| code | meaning |\n|---|---|\n");
    for code in EventCode::ALL {
        // Writing into a String cannot fail.
        let _ = writeln!(table, "| `{code}` | {} |", code.meaning().trim());
    }
    table
}
