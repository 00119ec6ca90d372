//! Proofs: that an entry is in a tree, and that a tree begins with an older one.
//!
//! Which hashes a proof has is RFC 6962, sections 2.1.1 and 2.1.2; how they are checked is RFC 9162, sections
//! 2.1.3.2 and 2.1.4.2. [`InclusionProof`] is the file of C2SP tlog-proof (<https://c2sp.org/tlog-proof>).

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use leeward_domain::Sha256Digest;

use super::{node, tile::Tiles};

/// Hashes a proof can have at most: one for each level of the highest tree there can be.
const MAX_HASHES: usize = 63;
const HEADING: &str = "c2sp.org/tlog-proof@v1";

/// The proof does not prove it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the root")]
pub struct Unproven;

/// The ranges of entries whose roots prove that entry `index` is in a tree of `size` entries, lowest first.
/// Empty for an index outside the tree.
#[must_use]
pub fn inclusion(index: u64, size: u64) -> Vec<(u64, u64)> {
    let mut ranges = Vec::new();
    if index >= size {
        return ranges;
    }
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            ranges.push((middle, to));
            to = middle;
        } else {
            ranges.push((from, middle));
            from = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The ranges of entries whose roots prove that a tree of `new` entries begins with one of `old`.
/// Empty if `old` is 0 or not smaller than `new`: then there is nothing to prove.
#[must_use]
pub fn consistency(old: u64, new: u64) -> Vec<(u64, u64)> {
    let mut ranges = Vec::new();
    if old == 0 || old >= new {
        return ranges;
    }
    let (mut from, mut to, mut whole) = (0, new, true);
    while old < to {
        let middle = from + split(to - from);
        if old <= middle {
            ranges.push((middle, to));
            to = middle;
        } else {
            ranges.push((from, middle));
            from = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push((from, to));
    }
    ranges.reverse();
    ranges
}

/// The greatest power of two below `entries`, which is more than 1.
fn split(entries: u64) -> u64 {
    1 << (entries - 1).ilog2()
}

/// The roots of these ranges; none if a tile is missing.
#[must_use]
pub fn hashes(ranges: &[(u64, u64)], tiles: &Tiles) -> Option<Vec<Sha256Digest>> {
    ranges.iter().map(|(from, to)| tiles.root(*from, *to)).collect()
}

/// Checks that `leaf` is entry `index` of the tree of `size` entries with this root.
///
/// # Errors
/// If the proof does not show it.
pub fn check_inclusion(
    leaf: Sha256Digest,
    index: u64,
    size: u64,
    proof: &[Sha256Digest],
    root: &Sha256Digest,
) -> Result<(), Unproven> {
    if index >= size {
        return Err(Unproven);
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for other in proof {
        if last == 0 {
            return Err(Unproven);
        }
        if at & 1 == 1 || at == last {
            hash = node(other, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(Unproven) }
}

/// Checks that the tree `new` (size, root) begins with all of the tree `old`.
///
/// # Errors
/// If the proof does not show it.
pub fn check_consistency(
    old: (u64, &Sha256Digest),
    new: (u64, &Sha256Digest),
    proof: &[Sha256Digest],
) -> Result<(), Unproven> {
    let ((old_size, old_root), (new_size, new_root)) = (old, new);
    if old_size == new_size {
        return if proof.is_empty() && old_root == new_root { Ok(()) } else { Err(Unproven) };
    }
    if old_size == 0 {
        return if proof.is_empty() && *old_root == super::empty_root() { Ok(()) } else { Err(Unproven) };
    }
    if old_size > new_size {
        return Err(Unproven);
    }
    let mut hashes = proof.iter();
    let first = if old_size.is_power_of_two() { old_root } else { hashes.next().ok_or(Unproven)? };
    let (mut at, mut last) = (old_size - 1, new_size - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for other in hashes {
        if last == 0 {
            return Err(Unproven);
        }
        if at & 1 == 1 || at == last {
            old_hash = node(other, &old_hash);
            new_hash = node(other, &new_hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node(&new_hash, other);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(Unproven) }
}

/// The text was not a proof file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a C2SP tlog-proof: {0}")]
pub struct ParseProofError(&'static str);

/// A proof that can be kept beside an entry and checked by itself: the file of C2SP tlog-proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// Which entry of the log it is about.
    pub index: u64,
    /// The path from the entry to the root, lowest first.
    pub hashes: Vec<Sha256Digest>,
    /// The signed checkpoint ([`crate::checkpoint`]), as it was issued.
    pub checkpoint: String,
}

impl fmt::Display for InclusionProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADING}\nindex {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", STANDARD.encode(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for InclusionProof {
    type Err = ParseProofError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ParseProofError("no empty line"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADING) {
            return Err(ParseProofError("the first line is not c2sp.org/tlog-proof@v1"));
        }
        // Opaque to us, and nothing signs it.
        lines.next_if(|line| line.starts_with("extra "));
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let hashes = lines.map(|line| decode(line).ok_or(ParseProofError("a line is not a hash")));
        let proof = Self {
            index: index.ok_or(ParseProofError("no index"))?,
            hashes: hashes.collect::<Result<_, _>>()?,
            checkpoint: checkpoint.to_owned(),
        };
        if proof.hashes.len() > MAX_HASHES { Err(ParseProofError("more than 63 hashes")) } else { Ok(proof) }
    }
}

/// A number in its one decimal spelling.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

/// A hash in base64, in its one spelling.
pub(crate) fn decode(text: &str) -> Option<Sha256Digest> {
    let bytes = STANDARD.decode(text).ok()?;
    <[u8; 32]>::try_from(bytes).ok().map(Sha256Digest::from_bytes)
}
