//! How a record becomes bytes: the JSON of RFC 8785, which has one spelling only.
//!
//! The types of a record declare their members in the order RFC 8785 sorts them, and hold no floats, so that
//! writing one with `serde_json` is already canonical; a property test holds that against the general
//! algorithm. What the bytes hash to is [`crate::tree`]'s business.

use crate::record::Record;

/// The longest entry a log may hold, in bytes: C2SP tlog-tiles writes an entry's length in 16 bits.
///
/// Whoever appends checks it: an entry that is too long could be kept but never exported.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// The record as RFC 8785 canonical JSON: no white space, names sorted by their UTF-16 code units.
///
/// # Panics
/// If [`Record`] has gained a field that cannot be written as JSON: a mistake in this crate, which its tests
/// find, and never a property of the data.
#[must_use]
pub fn canonical(record: &Record) -> Vec<u8> {
    match serde_json::to_vec(record) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("a record is always JSON: {error}"),
    }
}
