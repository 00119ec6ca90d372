//! Whether the entries are whole and in order, and where they are not.
//!
//! What decides is the root over the entries, held against the signed checkpoint. The file's index of their hashes
//! decides nothing; but once its own root is the signed one, it shows which entry was changed, and how.

use leeward_domain::Sha256Digest;

use super::{Kind, finding::Findings};
use crate::{checkpoint::Head, export::extended, tree::Frontier};

/// Hashes kept of what comes after the first difference, to tell what it is.
const WINDOW: usize = 1 << 16;

/// The entries and their index, as far as they went the same way, and what came after.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The tree over the entries as they stand in the file.
    entries: Frontier,
    /// The tree over the hashes in the index.
    index: Frontier,
    /// Hashes of entries that no index line has covered yet, or that differ from it.
    loose: Vec<Sha256Digest>,
    /// Where entries and index differ first, and the index from there on.
    apart: Option<Apart>,
}

#[derive(Debug)]
struct Apart {
    at: u64,
    indexed: Vec<Sha256Digest>,
}

impl Order {
    pub(super) fn begin(&mut self, before: &Frontier) {
        self.entries = before.clone();
        self.index = before.clone();
    }

    /// The head over the entries so far.
    pub(super) fn head(&self) -> Head {
        Head::from(&self.entries)
    }

    /// The place of the next entry.
    pub(super) fn next(&self) -> u64 {
        self.entries.size()
    }

    /// Whether everything so far is as the index says, or not yet covered.
    pub(super) fn together(&self) -> bool {
        self.apart.is_none()
    }

    pub(super) fn entry(&mut self, hash: Sha256Digest) {
        self.entries.push(hash);
        if self.loose.len() < WINDOW {
            self.loose.push(hash);
        }
    }

    /// Takes an index line. True if it says of the entries before it what they are.
    pub(super) fn index(&mut self, first: u64, hashes: Vec<Sha256Digest>, findings: &mut Findings) -> bool {
        if first != self.index.size() {
            findings.add(
                Kind::Edited,
                Some(first),
                format!("the index goes on at {first}, not at {}", self.index.size()),
            );
        }
        hashes.iter().for_each(|hash| self.index.push(*hash));
        if self.apart.is_none() && self.loose == hashes {
            self.loose.clear();
            return true;
        }
        match &mut self.apart {
            Some(apart) if apart.indexed.len() < WINDOW => apart.indexed.extend(hashes),
            Some(_) => {}
            None => {
                let start = self.index.size() - hashes.len() as u64;
                let same = self.loose.iter().zip(&hashes).take_while(|(entry, indexed)| entry == indexed).count();
                self.loose.drain(..same);
                self.apart = Some(Apart { at: start + same as u64, indexed: hashes.into_iter().skip(same).collect() });
            }
        }
        false
    }

    /// Says what is wrong, given what was signed: the head, and the subtrees after the file's last entry.
    pub(super) fn finish(&mut self, signed: Option<Head>, after: &[Sha256Digest], findings: &mut Findings) {
        let leads = |tree: &Frontier| signed.is_some_and(|head| extended(tree, head.size, after) == Some(head));
        let (entries, index) = (leads(&self.entries), leads(&self.index));
        if self.apart.is_none() && !self.loose.is_empty() {
            self.apart = Some(Apart { at: self.index.size(), indexed: Vec::new() });
        }
        let Some(apart) = self.apart.take() else {
            if let Some(head) = signed.filter(|_| !entries) {
                self.not_signed(head, after, findings);
            }
            return;
        };
        if entries {
            let detail = "the index was changed; the entries are those signed".to_owned();
            return findings.add(Kind::Edited, Some(apart.at), detail);
        }
        let surety = if index { "" } else { " (as far as the file's own index tells, which is not what was signed)" };
        let (kind, what) = compare(&self.loose, &apart.indexed);
        findings.add(kind, Some(apart.at), format!("{what}{surety}"));
        if !index && signed.is_some() {
            findings.add(Kind::Forked, None, "neither the entries nor their index are what was signed".to_owned());
        }
    }

    /// The file is of one piece, but another one than was signed.
    fn not_signed(&self, head: Head, after: &[Sha256Digest], findings: &mut Findings) {
        let count = self.entries.size();
        if after.is_empty() && head.size > count {
            findings.add(Kind::Truncated, Some(count), format!("{} entries are signed, {count} are here", head.size));
        } else if after.is_empty() && head.size < count {
            findings.add(
                Kind::Inserted,
                Some(head.size),
                format!("{} entries are signed, {count} are here", head.size),
            );
        } else {
            findings.add(Kind::Forked, None, "the entries are not those that were signed".to_owned());
        }
    }
}

/// What happened where entries and index go apart.
fn compare(entries: &[Sha256Digest], indexed: &[Sha256Digest]) -> (Kind, &'static str) {
    let (Some(entry), Some(wanted)) = (entries.first(), indexed.first()) else {
        return match (entries, indexed) {
            ([], _) => (Kind::Truncated, "entries are missing from here on"),
            _ => (Kind::Inserted, "entries from here on are not in the index"),
        };
    };
    match (entries.contains(wanted), indexed.contains(entry)) {
        (true, true) => (Kind::Reordered, "this entry belongs later"),
        (true, false) => (Kind::Inserted, "this entry does not belong here"),
        (false, true) => (Kind::Deleted, "the entry that belongs here is missing"),
        (false, false) => (Kind::Edited, "this entry is not the one that was written"),
    }
}
