//! The Merkle tree of RFC 6962, section 2.1 (SHA-256): what a log's entries add up to.
//!
//! ```text
//! leaf(entry)       = SHA-256(0x00 || entry)
//! node(left, right) = SHA-256(0x01 || left || right)
//! ```
//!
//! [`Frontier`] grows a tree and knows its root, in memory that grows with the logarithm of its size.
//! [`proof`] proves that an entry, or an older tree, is part of a tree; [`tile`] is the tree cut into the pieces
//! it is kept and served in. Left out: storage and signatures ([`crate::checkpoint`]).

pub mod edge;
pub mod proof;
pub mod tile;

use leeward_domain::Sha256Digest;
use sha2::{Digest as _, Sha256};

/// The hash of an entry: SHA-256(0x00 || entry).
#[must_use]
pub fn leaf(entry: &[u8]) -> Sha256Digest {
    hash(&[&[0x00], entry])
}

/// The hash of two subtrees side by side: SHA-256(0x01 || left || right).
#[must_use]
pub fn node(left: &Sha256Digest, right: &Sha256Digest) -> Sha256Digest {
    hash(&[&[0x01], left.as_bytes(), right.as_bytes()])
}

/// The root of a tree without entries: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Sha256Digest {
    hash(&[])
}

fn hash(parts: &[&[u8]]) -> Sha256Digest {
    let mut hasher = Sha256::new();
    parts.iter().for_each(|part| hasher.update(part));
    Sha256Digest::from_bytes(hasher.finalize().into())
}

/// A perfect subtree: the `index`th of those with `2^height` entries, from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subtree {
    /// 0 for a single entry.
    pub height: u8,
    /// Its place among the subtrees of its height.
    pub index: u64,
}

/// The fewest perfect subtrees that together hold the entries `from..to`, from the left.
#[must_use]
pub fn cover(mut from: u64, to: u64) -> Vec<Subtree> {
    let mut found = Vec::new();
    while from < to {
        let fits = (to - from).ilog2();
        let height = if from == 0 { fits } else { fits.min(from.trailing_zeros()) };
        found.push(Subtree { height: u8::try_from(height).unwrap_or(63), index: from >> height });
        from += 1 << height;
    }
    found
}

/// The right edge of a growing tree: the roots of the perfect subtrees that hold all its entries, biggest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Sha256Digest>,
}

impl Frontier {
    /// Of a tree whose perfect subtrees ([`cover`] of `0..size`) are known; none if there are too many or too few.
    #[must_use]
    pub fn new(size: u64, peaks: Vec<Sha256Digest>) -> Option<Self> {
        (u64::from(size.count_ones()) == peaks.len() as u64).then_some(Self { size, peaks })
    }

    /// How many entries the tree holds.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The perfect subtrees' roots, biggest first.
    #[must_use]
    pub fn peaks(&self) -> &[Sha256Digest] {
        &self.peaks
    }

    /// Adds an entry's hash.
    pub fn push(&mut self, leaf: Sha256Digest) {
        self.push_subtree(0, leaf);
    }

    /// Adds a perfect subtree of `2^height` entries; false, and nothing is done, where none can begin or end.
    pub fn push_subtree(&mut self, height: u8, root: Sha256Digest) -> bool {
        let Some(end) = 1_u64.checked_shl(height.into()).and_then(|entries| self.size.checked_add(entries)) else {
            return false;
        };
        if self.size.trailing_zeros() < u32::from(height) && self.size != 0 {
            return false;
        }
        let mut root = root;
        let mut left = self.size >> height;
        while left & 1 == 1 {
            let Some(peak) = self.peaks.pop() else { return false };
            root = node(&peak, &root);
            left >>= 1;
        }
        self.peaks.push(root);
        self.size = end;
        true
    }

    /// The tree's root.
    #[must_use]
    pub fn root(&self) -> Sha256Digest {
        self.peaks.iter().rev().copied().reduce(|right, left| node(&left, &right)).unwrap_or_else(empty_root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u64) -> Vec<Sha256Digest> {
        (0..count).map(|number| leaf(&number.to_be_bytes())).collect()
    }

    /// RFC 6962, section 2.1, word by word.
    fn naive(leaves: &[Sha256Digest]) -> Sha256Digest {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let split = many.len().next_power_of_two() / 2;
                node(&naive(&many[..split]), &naive(&many[split..]))
            }
        }
    }

    /// The test vectors of the Certificate Transparency reference implementation.
    #[test]
    fn the_hashes_are_rfc_6962s() {
        assert_eq!(empty_root().to_string(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(leaf(b"").to_string(), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        let mut tree = Frontier::default();
        for entry in
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
        {
            tree.push(leaf(&hex::decode(entry).unwrap()));
        }
        assert_eq!(tree.root().to_string(), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    }

    #[test]
    fn a_frontier_has_the_root_of_its_leaves_however_it_was_put_together() {
        let all = leaves(70);
        for size in 0..=70_u64 {
            let mut grown = Frontier::default();
            all[..usize::try_from(size).unwrap()].iter().for_each(|leaf| grown.push(*leaf));
            assert_eq!((grown.size(), grown.root()), (size, naive(&all[..usize::try_from(size).unwrap()])));
            assert_eq!(Frontier::new(size, grown.peaks().to_vec()), Some(grown.clone()));
            for end in size..=70 {
                let mut joined = grown.clone();
                for part in cover(size, end) {
                    let from = usize::try_from(part.index << part.height).unwrap();
                    let root = naive(&all[from..from + (1 << part.height)]);
                    assert!(joined.push_subtree(part.height, root));
                }
                assert_eq!(joined.root(), naive(&all[..usize::try_from(end).unwrap()]), "{size}..{end}");
            }
        }
        assert_eq!(Frontier::new(3, vec![all[0]]), None);
        assert!(!Frontier::new(1, vec![all[0]]).unwrap().push_subtree(1, all[1]), "subtrees are aligned");
    }
}
