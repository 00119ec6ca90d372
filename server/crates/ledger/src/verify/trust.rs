//! Whose signatures count: the key given, the keys it handed over to, an older checkpoint, and witnesses.
//!
//! A log's key hands over by a record that names its successor, and by a checkpoint, signed with the old key, of the
//! log up to and with that record. Who trusts the old key can therefore trust the new one.

use super::{KeySource, Kind, Options, finding::Findings};
use crate::{
    checkpoint::{Checkpoint, Head},
    export::{Header, Rotation},
    note::{NoteError, VerifierKey, WitnessKey},
};

#[derive(Debug, Default)]
pub(super) struct Trust {
    given: Option<VerifierKey>,
    since_note: Option<String>,
    /// The key the file says it is signed with.
    key: Option<VerifierKey>,
    /// Hand-overs still to be met by the log's tree, the next one last.
    rotations: Vec<(Checkpoint, VerifierKey)>,
    rotated: bool,
    since: Option<Checkpoint>,
    continues: Option<u64>,
    since_failed: bool,
}

impl Trust {
    pub(super) fn new(options: &Options) -> Self {
        Self { given: options.key.clone(), since_note: options.since.clone(), ..Self::default() }
    }

    /// The header's key, if it is one of the log: without it, nothing says whose checkpoint there should be.
    pub(super) fn key(&self) -> Option<&VerifierKey> {
        self.key.as_ref()
    }

    pub(super) fn source(&self) -> KeySource {
        match (&self.given, self.rotated) {
            (None, _) => KeySource::File,
            (Some(_), false) => KeySource::Given,
            (Some(_), true) => KeySource::Rotated,
        }
    }

    pub(super) fn continues(&self) -> Option<u64> {
        self.continues
    }

    pub(super) fn header(&mut self, header: &Header, findings: &mut Findings) {
        let claimed = header.public_key.parse::<VerifierKey>().ok().filter(|key| key.name() == header.log.origin());
        let Some(claimed) = claimed else {
            let detail = format!("the header's key {:?} is not a key of {}", header.public_key, header.log.origin());
            return findings.add(Kind::UnknownKey, None, detail);
        };
        self.key = Some(claimed.clone());
        let mut keys = vec![claimed.clone()];
        self.hand_overs(header, &claimed, &mut keys, findings);
        if let Some(note) = &self.since_note {
            // The older checkpoint may be of any key that led to this one.
            let opened: Vec<_> = keys.iter().map(|key| Checkpoint::open(note, key)).collect();
            match opened.iter().find_map(|result| result.clone().ok()) {
                Some(checkpoint) => self.since = Some(checkpoint),
                None => {
                    let error = opened.into_iter().rev().find_map(Result::err);
                    let error = error.unwrap_or_else(|| NoteError::UnknownKey(claimed.to_string()));
                    self.since_failed = true;
                    findings.add(kind_of(&error), None, format!("the older checkpoint: {error}"));
                }
            }
        }
    }

    /// Follows the hand-overs in the header from the key given to the one the file is signed with.
    fn hand_overs(
        &mut self,
        header: &Header,
        claimed: &VerifierKey,
        keys: &mut Vec<VerifierKey>,
        findings: &mut Findings,
    ) {
        let mut successors = Vec::new();
        for rotation in &header.rotations {
            match read(rotation) {
                Some((old, new, checkpoint)) if old.name() == claimed.name() && checkpoint.log == header.log => {
                    successors.push((old, new, checkpoint));
                }
                _ => findings.add(
                    Kind::BadSignature,
                    None,
                    "a hand-over of the log's key is not signed by it".to_owned(),
                ),
            }
        }
        keys.extend(successors.iter().map(|(old, ..)| old.clone()));
        let Some(given) = self.given.clone().filter(|given| given != claimed) else { return };
        let from = successors.iter().position(|(old, ..)| *old == given);
        let chain = from.map_or(&[][..], |from| &successors[from..]);
        let linked = chain.windows(2).all(|pair| matches!(pair, [(_, new, _), (old, ..)] if new == old));
        if !linked || chain.last().is_none_or(|(_, new, _)| new != claimed) {
            let detail = format!("the file is signed with {claimed}, not with {given}");
            return findings.add(Kind::UnknownKey, None, detail);
        }
        self.rotated = true;
        self.rotations = chain.iter().rev().map(|(_, new, checkpoint)| (*checkpoint, new.clone())).collect();
        if header.first > 0 {
            let detail =
                "the key was handed over before this stretch of the log: give the newer key, or export the whole";
            findings.add(Kind::UnknownKey, None, detail.to_owned());
        }
    }

    /// Whether the tree of this size is one that something is held against.
    pub(super) fn waits_for(&self, size: u64) -> bool {
        self.since.is_some_and(|old| old.head.size == size)
            || self.rotations.last().is_some_and(|(checkpoint, _)| checkpoint.head.size == size)
    }

    /// Holds the tree at its present size against the older checkpoint and the next hand-over.
    pub(super) fn grown(&mut self, head: Head, next_key: Option<&str>, findings: &mut Findings) {
        if let Some(old) = self.since.filter(|old| old.head.size == head.size && self.continues.is_none()) {
            if old.head == head {
                self.continues = Some(head.size);
            } else {
                let detail = format!("the first {} entries are not those the older checkpoint signs", head.size);
                findings.add(Kind::Forked, head.size.checked_sub(1), detail);
                self.since_failed = true;
            }
        }
        while let Some((checkpoint, _)) = self.rotations.last()
            && checkpoint.head.size == head.size
        {
            let Some((checkpoint, new)) = self.rotations.pop() else { return };
            if checkpoint.head != head || next_key != Some(new.to_string().as_str()) {
                let detail = format!("the key's hand-over to {new} is not in the log where its checkpoint says");
                findings.add(Kind::UnknownKey, head.size.checked_sub(1), detail);
            }
        }
    }

    /// What could not be held against anything by the end of the file: entries `first..end` of `size` signed.
    pub(super) fn finish(&self, first: u64, end: u64, size: u64, findings: &mut Findings) {
        if let Some((checkpoint, new)) = self.rotations.last() {
            let detail = format!("the key's hand-over to {new} at {} is not in the file", checkpoint.head.size);
            findings.add(Kind::UnknownKey, None, detail);
        }
        let Some(old) = self.since.filter(|_| self.continues.is_none() && !self.since_failed) else { return };
        let signed = old.head.size;
        if signed > size {
            let detail = format!("the older checkpoint signs {signed} entries, the log has {size}");
            findings.add(Kind::Truncated, Some(size), detail);
        } else if signed < first || signed > end {
            let detail = format!(
                "the older checkpoint is of entry {signed}, which this stretch ({first} to {end}) does not reach: export the whole log"
            );
            findings.add(Kind::Forked, None, detail);
        }
    }
}

/// The old key, the new one, and what the old one signed last.
fn read(rotation: &Rotation) -> Option<(VerifierKey, VerifierKey, Checkpoint)> {
    let (old, new): (VerifierKey, VerifierKey) = (rotation.from.parse().ok()?, rotation.to.parse().ok()?);
    let checkpoint = Checkpoint::open(&rotation.note, &old).ok()?;
    Some((old, new, checkpoint))
}

/// The witnesses asked for that cosigned the note, and when.
pub(super) fn witnesses(note: &str, asked: &[WitnessKey], findings: &mut Findings) -> Vec<(String, u64)> {
    let mut seen = Vec::new();
    for witness in asked {
        match witness.cosigned(note) {
            Ok(at) => seen.push((witness.name().to_owned(), at)),
            Err(error) => findings.add(kind_of(&error), None, format!("the witness {}: {error}", witness.name())),
        }
    }
    seen
}

pub(super) fn kind_of(error: &NoteError) -> Kind {
    match error {
        NoteError::Malformed(_) => Kind::Malformed,
        NoteError::UnknownKey(_) => Kind::UnknownKey,
        NoteError::BadSignature(_) => Kind::BadSignature,
    }
}
