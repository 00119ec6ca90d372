//! What is the same in every report of this version: its name, its bounds, and what it says about itself.

/// The report's `format`.
pub const FORMAT: &str = "leeward-attestation";
/// The report's `version`.
pub const VERSION: u32 = 1;
/// The longest report, in bytes without its newline.
pub const MAX_REPORT_BYTES: usize = 8 * 1024 * 1024;
/// The longest line with the note, in bytes without its newline; ours have some 350.
pub const MAX_NOTE_LINE_BYTES: usize = 4096;
/// Rows of decisions, and builds, a report can have at most. Their texts together are bounded as the report is, so
/// what a verifier has to hold in memory is.
pub const MAX_ROWS: usize = 10_000;

/// The members of a report that no record backs: the issuer's word, and nothing else.
pub const STATED_ONLY: &[&str] = &["egress_tests", "erasures", "holds", "issuer", "keys", "places"];

/// What no report proves, in the words every report says it.
pub const DOES_NOT_PROVE: &[&str] = &[
    "Where a building stands, or who can enter it.",
    "That the operator described places truthfully.",
    "Anything about hardware or an operating system that somebody else controls.",
    "What was done before or after the period.",
    "What became of copies outside of this software: screenshots, printouts, exports, backups made by other means.",
];

/// Whether a list has exactly these texts.
pub(super) fn is(list: &[String], fixed: &[&str]) -> bool {
    list.iter().map(String::as_str).eq(fixed.iter().copied())
}

/// The list as a report holds it.
pub(super) fn list(fixed: &[&str]) -> Vec<String> {
    fixed.iter().map(|text| (*text).to_owned()).collect()
}
