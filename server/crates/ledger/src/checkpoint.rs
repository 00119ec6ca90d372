//! Checkpoints: a signed statement that a log had this many entries and this hash.
//!
//! The text has the shape of a C2SP tlog-checkpoint (<https://c2sp.org/tlog-checkpoint>):
//!
//! ```text
//! leeward/ten_0192f0c1d2e37abc8def0123456789ab/tree-v1
//! 20852163
//! CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//! ```
//!
//! The third line holds the root of [`crate::tree`]. The origin is also the key's name, so each log has a key of
//! its own, even where the same secret makes them; its last part names the kind of tree, so that a successor
//! could never be taken for it.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use leeward_domain::{Sha256Digest, ids::TenantId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{
    note::{NoteError, Signer, VerifierKey},
    tree::{Frontier, proof},
};

/// The text was not a log's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a log id: a tenant id, or `platform`")]
pub struct ParseLogIdError;

/// Names a log: a tenant's id, or `platform` for what belongs to no tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LogId {
    /// The log of one tenant.
    Tenant(TenantId),
    /// The log of the appliance itself.
    Platform,
}

impl LogId {
    /// The origin line of this log's checkpoints, which is also the name of its key.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("leeward/{self}/tree-v1")
    }

    /// The log whose origin line this is.
    fn of_origin(origin: &str) -> Option<Self> {
        origin.strip_prefix("leeward/")?.strip_suffix("/tree-v1")?.parse().ok()
    }
}

impl From<Option<TenantId>> for LogId {
    fn from(tenant: Option<TenantId>) -> Self {
        tenant.map_or(Self::Platform, Self::Tenant)
    }
}

impl fmt::Display for LogId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tenant(id) => id.fmt(f),
            Self::Platform => f.write_str("platform"),
        }
    }
}

impl FromStr for LogId {
    type Err = ParseLogIdError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "platform" {
            return Ok(Self::Platform);
        }
        text.parse().map(Self::Tenant).map_err(|_| ParseLogIdError)
    }
}

impl Serialize for LogId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LogId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How far a log has come: how many entries it has, and the root that commits to every one of them in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The number of entries; also the place the next entry gets (the first is 0).
    pub size: u64,
    /// The root of the tree over them.
    pub root: Sha256Digest,
}

impl Head {
    /// A log with nothing in it.
    #[must_use]
    pub fn empty() -> Self {
        Self::from(&Frontier::default())
    }
}

impl From<&Frontier> for Head {
    fn from(tree: &Frontier) -> Self {
        Self { size: tree.size(), root: tree.root() }
    }
}

/// A log's head, as signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose head it is.
    pub log: LogId,
    /// The size and the root.
    pub head: Head,
}

impl Checkpoint {
    /// The text that is signed; ends in a newline.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.log.origin(), self.head.size, STANDARD.encode(self.head.root.as_bytes()))
    }

    /// Checks a signed note with `key` and reads the checkpoint in it.
    ///
    /// # Errors
    /// If the note is malformed, not signed by `key`, wrongly signed, or its text is no checkpoint.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        Self::parse(key.open(note)?)
    }

    /// Which log an unchecked note speaks of, so that its key can be found.
    #[must_use]
    pub fn log_named(note: &str) -> Option<LogId> {
        LogId::of_origin(note.lines().next()?)
    }

    /// Exactly the three lines [`Checkpoint::text`] writes: C2SP's extension lines are refused, because
    /// nothing here would check them.
    fn parse(text: &str) -> Result<Self, NoteError> {
        let wrong = NoteError::Malformed("the text is not a tree-v1 checkpoint");
        let mut lines = text.lines();
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(wrong);
        };
        match (LogId::of_origin(origin), proof::decimal(size), proof::decode(root)) {
            (Some(log), Some(size), Some(root)) => {
                let checkpoint = Self { log, head: Head { size, root } };
                // Comparing with what we would have written refuses every second spelling and extra lines.
                if checkpoint.text() == text { Ok(checkpoint) } else { Err(wrong) }
            }
            _ => Err(wrong),
        }
    }
}

impl VerifierKey {
    /// The key of another log of the same appliance: every log of one is signed by the same secret under its own name.
    #[must_use]
    pub fn of_log(&self, log: LogId) -> Self {
        self.named(&log.origin())
    }
}

impl Signer {
    /// Signs a checkpoint: the note that goes into an export and to whoever keeps watch.
    ///
    /// Sign only a head computed from the entries themselves, on top of one that was signed before.
    #[must_use]
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        self.sign_text(&checkpoint.log.origin(), &checkpoint.text())
    }

    /// The verifier key of `log` under this signing key. Its name holds the log's id, so each log has its own.
    #[must_use]
    pub fn verifier_key(&self, log: &LogId) -> VerifierKey {
        self.verifier_named(&log.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    #[test]
    fn the_text_is_exact_and_round_trips_through_a_signature() {
        let signer = Signer::from_seed(&[1; 32]);
        let checkpoint = Checkpoint { log: LogId::Platform, head: Head { size: 1, root: tree::leaf(b"x") } };
        assert_eq!(
            checkpoint.text(),
            format!("leeward/platform/tree-v1\n1\n{}\n", STANDARD.encode(checkpoint.head.root.as_bytes()))
        );
        let key = signer.verifier_key(&LogId::Platform);
        assert_eq!(Checkpoint::open(&signer.sign(&checkpoint), &key), Ok(checkpoint));

        let tenant: LogId = "ten_0192f0c1d2e37abc8def0123456789ab".parse().unwrap();
        let other = Checkpoint { log: tenant, ..checkpoint };
        assert!(matches!(Checkpoint::open(&signer.sign(&other), &key), Err(NoteError::UnknownKey(_))));
    }

    #[test]
    fn refuses_texts_of_another_kind_even_when_signed() {
        let signer = Signer::from_seed(&[1; 32]);
        let good = Checkpoint { log: LogId::Platform, head: Head::empty() }.text();
        let name = LogId::Platform.origin();
        for wrong in [
            good.replace("/tree-v1", "/tree-v2"),
            good.replace("\n0\n", "\n00\n"),
            good.replace("\n0\n", "\n+0\n"),
            good.replace("FU=", "FV="),
            format!("{good}extension\n"),
            "leeward/platform/tree-v1\n0\n".to_owned(),
        ] {
            let opened = Checkpoint::open(&signer.sign_text(&name, &wrong), &signer.verifier_key(&LogId::Platform));
            assert!(matches!(opened, Err(NoteError::Malformed(_))), "{wrong}");
        }
    }
}
