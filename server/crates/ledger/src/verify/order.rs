//! Whether the entries are whole and in order, and where they are not.
//!
//! What decides is the hash computed over the entries, held against the signed checkpoint. The numbers and
//! hashes written beside the entries decide nothing: they only help to say where a file was changed.

use leeward_domain::Sha256Digest;

use super::{Kind, finding::Findings};
use crate::{
    chain::{Head, link},
    export::Entry,
};

/// Places of unlinked entries remembered until the checkpoint tells what happened to them.
const MAX_UNLINKED: usize = 100;

#[derive(Debug)]
pub(super) struct Order {
    /// The head over the entries as they stand in the file.
    computed: Head,
    /// Whether every line so far could be read, so that `computed` means something.
    readable: bool,
    /// The hash the file gives for the entry before; none after a line that could not be read.
    previous: Option<Sha256Digest>,
    /// The number the next entry should have.
    expected: u64,
    /// Numbers passed over so far, as half-open ranges.
    missing: Vec<(u64, u64)>,
    /// Numbered as expected, but not following from the entry before.
    unlinked: Vec<u64>,
    /// Whether anything above was out of order.
    broken: bool,
}

impl Order {
    pub(super) fn new() -> Self {
        Self {
            computed: Head::empty(),
            readable: true,
            previous: Some(Head::empty().hash),
            expected: 0,
            missing: Vec::new(),
            unlinked: Vec::new(),
            broken: false,
        }
    }

    /// The entries so far, read or not.
    pub(super) fn count(&self) -> u64 {
        self.computed.size
    }

    pub(super) fn hash(&self) -> Sha256Digest {
        self.computed.hash
    }

    /// The head so far, if every entry could be read.
    pub(super) fn head(&self) -> Option<Head> {
        self.readable.then_some(self.computed)
    }

    /// Takes the next entry and returns the number to name it by.
    pub(super) fn entry(&mut self, entry: &Entry, findings: &mut Findings) -> u64 {
        let bytes = entry.entry.as_bytes();
        let computed = self.computed.push(bytes);
        let follows = self.previous.map(|previous| link(&previous, bytes) == entry.chain);
        // A changed hash must not make the entry after it look changed too: either predecessor will do.
        let linked = follows == Some(true) || (self.readable && computed.hash == entry.chain);
        self.computed = computed;
        let place = self.expected;
        if entry.seq == place || linked {
            if entry.seq != place {
                self.report(findings, Kind::Edited, place, format!("its number was changed to {}", entry.seq));
            } else if !linked && follows.is_some() {
                self.broken = true;
                if self.unlinked.len() < MAX_UNLINKED {
                    self.unlinked.push(place);
                }
            }
            self.advance(place, entry.chain);
            return place;
        }
        if entry.seq > place {
            self.broken = true;
            self.missing.push((place, entry.seq));
            self.advance(entry.seq, entry.chain);
        } else if self.found(entry.seq) {
            self.report(findings, Kind::Reordered, entry.seq, "it stands after a later entry".to_owned());
        } else {
            self.report(findings, Kind::Inserted, entry.seq, "its number is there twice".to_owned());
        }
        entry.seq
    }

    /// Takes a line that could not be read, in the place of an entry, and returns that entry's number.
    pub(super) fn unreadable(&mut self) -> u64 {
        let place = self.expected;
        self.computed.size = self.computed.size.saturating_add(1);
        self.readable = false;
        self.broken = true;
        self.previous = None;
        self.expected = place.saturating_add(1);
        place
    }

    /// Holds the whole against what was signed, if a signature was good.
    pub(super) fn finish(&mut self, signed: Option<Head>, findings: &mut Findings) {
        for (from, to) in std::mem::take(&mut self.missing) {
            let detail = format!("{} entries are missing, {from} to {}", to - from, to - 1);
            findings.add(Kind::Deleted, Some(from), detail);
        }
        let surplus = signed.map(|head| self.computed.size.cmp(&head.size));
        for place in std::mem::take(&mut self.unlinked) {
            // Renumbering hides a missing or an added entry from the numbers, not from the signed size.
            let (kind, detail) = match surplus {
                Some(std::cmp::Ordering::Less) => {
                    (Kind::Deleted, "an entry before it was taken out, the rest renumbered")
                }
                Some(std::cmp::Ordering::Greater) => (Kind::Inserted, "it does not follow from the entry before it"),
                _ => (Kind::Edited, "its content or its hash was changed"),
            };
            findings.add(kind, Some(place), detail.to_owned());
        }
        let Some(signed) = signed else { return };
        if self.broken || signed == self.computed {
            return;
        }
        let (has, signs) = (self.computed.size, signed.size);
        match has.cmp(&signs) {
            std::cmp::Ordering::Less => {
                findings.add(
                    Kind::Truncated,
                    Some(has),
                    format!("the checkpoint signs {signs} entries, the file has {has}"),
                );
            }
            std::cmp::Ordering::Greater => {
                findings.add(
                    Kind::Inserted,
                    Some(signs),
                    format!("the checkpoint signs {signs} entries, the file has {has}"),
                );
            }
            std::cmp::Ordering::Equal => {
                let detail = "the entries follow from each other but are not those the checkpoint signs".to_owned();
                findings.add(Kind::Forked, None, detail);
            }
        }
    }

    fn advance(&mut self, place: u64, chain: Sha256Digest) {
        self.previous = Some(chain);
        self.expected = place.saturating_add(1);
    }

    fn report(&mut self, findings: &mut Findings, kind: Kind, place: u64, detail: String) {
        self.broken = true;
        findings.add(kind, Some(place), detail);
    }

    /// Whether `seq` was missing; it no longer is.
    fn found(&mut self, seq: u64) -> bool {
        let Some(index) = self.missing.iter().position(|(from, to)| (*from..*to).contains(&seq)) else { return false };
        let (from, to) = self.missing.swap_remove(index);
        self.missing.extend([(from, seq), (seq + 1, to)].into_iter().filter(|(from, to)| from < to));
        true
    }
}
