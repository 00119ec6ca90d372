//! The hash chain: how a record becomes bytes, and how those bytes commit to everything before them.
//!
//! ```text
//! entry  = RFC 8785 canonical JSON of the record
//! leaf   = SHA-256(0x00 || entry)                       (RFC 6962's leaf hash)
//! chain  = SHA-256(0x02 || previous chain || leaf)      (32 zero bytes before the first entry)
//! ```
//!
//! The leaf is already that of RFC 6962, so the Merkle tree that follows needs no entry to be rewritten;
//! the chain's prefix byte is neither of RFC 6962's two, so a chain hash can never pass for a tree hash.
//! Left out: storage, signatures ([`crate::checkpoint`]) and the tree itself.

use leeward_domain::Sha256Digest;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::record::Record;

/// The longest entry a log may hold, in bytes: C2SP tlog-tiles writes an entry's length in 16 bits.
///
/// Whoever appends checks it: an entry that is too long could be kept but never exported.
pub const MAX_ENTRY_BYTES: usize = 65_535;

const LEAF_PREFIX: [u8; 1] = [0x00];
const CHAIN_PREFIX: [u8; 1] = [0x02];

/// The record as RFC 8785 canonical JSON: no white space, names sorted by their UTF-16 code units.
///
/// Numbers in a record are integers below 2^53 by construction, for which RFC 8785's form is the plain
/// decimal one; a float would need ECMAScript's number printing, so a record must never gain one.
///
/// # Panics
/// If [`Record`] has gained a field that is a float or cannot be written as JSON: a mistake in this crate,
/// which its tests find, and never a property of the data.
#[must_use]
pub fn canonical(record: &Record) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    match serde_json::to_value(record) {
        Ok(value) => write_value(&value, &mut out),
        Err(error) => unreachable!("a record is always JSON: {error}"),
    }
    out
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => out.extend_from_slice(whole.to_string().as_bytes()),
            (None, Some(whole)) => out.extend_from_slice(whole.to_string().as_bytes()),
            (None, None) => unreachable!("a record holds no floats, found {number}"),
        },
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_value(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => {
            // Sorted here and not left to serde_json's map: its order depends on a feature any crate in
            // the build may switch on.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push(b'{');
            for (index, (name, member)) in sorted.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_string(name, out);
                out.push(b':');
                write_value(member, out);
            }
            out.push(b'}');
        }
    }
}

/// RFC 8785, section 3.2.2.2: the two-letter escapes where JSON has them, `\u00xx` for the other control
/// characters, everything else as it is.
fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(br#"\""#),
            b'\\' => out.extend_from_slice(br"\\"),
            0x08 => out.extend_from_slice(br"\b"),
            b'\t' => out.extend_from_slice(br"\t"),
            b'\n' => out.extend_from_slice(br"\n"),
            0x0c => out.extend_from_slice(br"\f"),
            b'\r' => out.extend_from_slice(br"\r"),
            0x00..=0x1f => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// RFC 6962's leaf hash of an entry: SHA-256(0x00 || entry).
#[must_use]
pub fn leaf(entry: &[u8]) -> Sha256Digest {
    let mut hasher = Sha256::new();
    hasher.update(LEAF_PREFIX);
    hasher.update(entry);
    Sha256Digest::from_bytes(hasher.finalize().into())
}

/// How many entries a log holds, and the hash that commits to every one of them in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of entries; also the sequence number the next entry gets (the first is 0).
    pub size: u64,
    /// The chain hash after the last entry.
    pub hash: Sha256Digest,
}

impl Head {
    /// A log with nothing in it: size 0 and 32 zero bytes.
    #[must_use]
    pub const fn empty() -> Self {
        Self { size: 0, hash: Sha256Digest::from_bytes([0; 32]) }
    }

    /// The head after `entry` is appended.
    #[must_use]
    pub fn push(&self, entry: &[u8]) -> Self {
        Self { size: self.size.saturating_add(1), hash: link(&self.hash, entry) }
    }
}

/// The chain hash after `entry` follows `previous`.
pub(crate) fn link(previous: &Sha256Digest, entry: &[u8]) -> Sha256Digest {
    let mut hasher = Sha256::new();
    hasher.update(CHAIN_PREFIX);
    hasher.update(previous.as_bytes());
    hasher.update(leaf(entry).as_bytes());
    Sha256Digest::from_bytes(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with another implementation of SHA-256; docs/audit.md holds the same vectors.
    #[test]
    fn the_chain_is_the_documented_one() {
        let mut head = Head::empty();
        for (size, entry, hash) in [
            (1, br#"{"a":1}"#.as_slice(), "f955a0815e023e96066fc6b82e3286033d902df20437db4998bc0843563e1806"),
            (2, b"", "cc4ffed7fa4085fba923ca5dbeca71e515682bc63c1726bbbb45692859301cd8"),
            (3, "\u{e8}".as_bytes(), "dd1163cad393ab8ef7a2e27b81448dcf1af10591718ba5ef067d933ff58eb1f3"),
        ] {
            head = head.push(entry);
            assert_eq!((head.size, head.hash.to_string().as_str()), (size, hash));
        }
        assert_eq!(leaf(b"").to_string(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    }

    fn written(json: &str) -> String {
        let mut out = Vec::new();
        write_value(&serde_json::from_str(json).unwrap(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn canonical_json_is_rfc_8785s() {
        // The member names of RFC 8785, section 3.2.3: sorted by UTF-16, so the emoji stands before U+FB33.
        assert_eq!(
            written(r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#),
            "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
        );
        // The string of section 3.2.2.
        assert_eq!(written(r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#), r#""€$\u000f\nA'B\"\\\\\"/""#);
        assert_eq!(
            written(r#"[ null, true, false, 0, 9007199254740991, -7 ]"#),
            "[null,true,false,0,9007199254740991,-7]"
        );
    }
}
