//! Erasure: a destroyed key stays destroyed, even when a backup brings its wrapped form back.
//!
//! Content is erased by destroying the wrapped data key it was sealed under. What remains to be shown is that the
//! key cannot come back, and to whom it concerns, that it is gone:
//!
//! - a [`Tombstone`] names a destroyed key. The [`TombstoneList`] of them is kept and backed up apart from the data,
//!   so that restoring older data does not restore an older list. A [`Keyring`] that was given it refuses the keys.
//! - an [`ErasureCertificate`] says what was destroyed, signed with the key that signs the audit log, and anybody can
//!   check it offline.
//!
//! The refusal is this software's, not mathematics: whoever holds an old backup, the key-encryption key and other
//! software can open what was erased since. So old backups of wrapped keys are to be deleted or to expire, and
//! rotating the key-encryption key away makes those that remain worthless. Legal holds are asked before any of this.
//!
//! Left out: deleting rows, walking backups and asking for holds, which are the service's.

pub mod certificate;
mod graves;
pub mod list;
pub mod statement;
pub mod tombstone;

pub use self::{
    certificate::{Destroyed, ErasureCertificate},
    list::{Head, TombstoneList},
    statement::{ErasureSigner, erasure_key},
    tombstone::Tombstone,
};
pub(crate) use graves::Graves;
use leeward_ledger::NoteError;

use crate::keyring::Keyring;

/// Why a list or a certificate cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErasureError {
    /// Its signature is missing or wrong.
    #[error("the signature cannot be relied on: {0}")]
    Signature(#[from] NoteError),
    /// It is signed, but is not what was expected.
    #[error("not {0}")]
    NotA(&'static str),
    /// A line of the list is not a tombstone, or does not continue the line before it.
    #[error("line {0} of the tombstones was changed, moved or torn")]
    Broken(usize),
    /// The list is not the one that was signed: it lacks lines, or has others.
    #[error("the tombstones are not those that were signed: {signed} signed, {found} found, or their content differs")]
    NotTheSigned {
        /// How many lines were signed.
        signed: u64,
        /// How many there are.
        found: u64,
    },
    /// A certificate names no key, or more than fit.
    #[error("a certificate names between 1 and {max} keys, not {0}", max = certificate::MAX_KEYS)]
    Count(usize),
}

impl Keyring {
    /// From now on refuses every key of the list, in memory or out of a backup. Nothing is ever taken back: lists
    /// given one after another add up.
    pub fn bury(&self, list: &TombstoneList) {
        for tombstone in list.tombstones() {
            self.bury_one(tombstone);
        }
    }

    /// As [`Keyring::bury`], of one key.
    pub fn bury_one(&self, tombstone: &Tombstone) {
        self.graves().add(tombstone);
        if tombstone.holder.is_none() {
            self.forget(tombstone.tenant);
        }
    }
}
