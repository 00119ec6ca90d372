//! What logs and witnesses say to each other: C2SP tlog-witness (<https://c2sp.org/tlog-witness>).
//!
//! A witness keeps, for each log it knows, the last checkpoint it cosigned, and cosigns a newer one only if that one
//! continues it. Here are the request and the decision; keeping the state and speaking HTTP is the gateway's.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use leeward_domain::Sha256Digest;

use crate::{
    checkpoint::{Checkpoint, Head},
    note::VerifierKey,
    tree::proof::{check_consistency, decimal, decode},
};

/// Hashes a consistency proof can have at most.
const MAX_HASHES: usize = 63;

/// The body of `add-checkpoint`: a checkpoint, and the proof that it continues an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the last checkpoint the witness is thought to have cosigned; 0 if none.
    pub old: u64,
    /// The consistency proof from there ([`crate::tree::proof::consistency`]).
    pub proof: Vec<Sha256Digest>,
    /// The signed checkpoint.
    pub checkpoint: String,
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", STANDARD.encode(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// The text was not the body of `add-checkpoint`. HTTP status 400.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an add-checkpoint request: {0}")]
pub struct ParseRequestError(&'static str);

impl FromStr for AddCheckpoint {
    type Err = ParseRequestError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(ParseRequestError("no empty line"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let proof = lines.map(|line| decode(line).ok_or(ParseRequestError("a line is not a hash")));
        let request = Self {
            old: old.ok_or(ParseRequestError("the first line is not an old size"))?,
            proof: proof.collect::<Result<_, _>>()?,
            checkpoint: checkpoint.to_owned(),
        };
        if request.proof.len() > MAX_HASHES { Err(ParseRequestError("more than 63 hashes")) } else { Ok(request) }
    }
}

/// Why a witness does not cosign, by the HTTP status of its answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 400: the old size is beyond the checkpoint's.
    #[error("the old size is larger than the checkpoint's")]
    Backwards,
    /// 403: no trusted key of this log signed it.
    #[error("the checkpoint is not signed by the log's key")]
    NotSigned,
    /// 409: the old size is not the one last cosigned, or the same size has another root. Holds the size cosigned.
    #[error("the last checkpoint cosigned is of size {0}")]
    Conflict(u64),
    /// 422: the proof does not show that the checkpoint continues the last one.
    #[error("the checkpoint does not continue the last one cosigned")]
    Inconsistent,
}

/// Whether a witness that last cosigned `last` (the empty log's head if nothing yet) may cosign this; then the
/// checkpoint, to be kept as the last **before** the cosignature is given out.
///
/// # Errors
/// Why not.
pub fn decide(request: &AddCheckpoint, key: &VerifierKey, last: &Head) -> Result<Checkpoint, Refusal> {
    let checkpoint = Checkpoint::open(&request.checkpoint, key).map_err(|_| Refusal::NotSigned)?;
    let new = checkpoint.head;
    if request.old > new.size {
        return Err(Refusal::Backwards);
    }
    if request.old != last.size || (request.old == new.size && last.root != new.root) {
        return Err(Refusal::Conflict(last.size));
    }
    check_consistency((last.size, &last.root), (new.size, &new.root), &request.proof)
        .map(|()| checkpoint)
        .map_err(|_| Refusal::Inconsistent)
}
