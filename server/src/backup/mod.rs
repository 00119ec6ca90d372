//! Backups: the whole database and the log's signing key in one encrypted file, made beside a running service, and put
//! back with it stopped.
//!
//! [`create()`] asks every tenant's policy about the place, copies the database at one instant, writes the file, reads
//! it back and puts all of that on record. [`restore()`] reads a file whole before it touches anything, and then changes
//! everything or nothing. What is in a file and how it is encrypted is in [`header`], [`entries`] and
//! [`leeward_keyring::stream`]; docs/backups.md has it in full.
//!
//! Never in a backup: the key-encryption key, the tombstones and the logs' checkpoints, which are kept apart and must
//! always be the newest; and models. To add a kind of place: a scheme in [`crate::config::BackupSection`] and its ways
//! in [`target`].

mod ask;
mod create;
pub mod entries;
mod expire;
mod extract;
pub mod header;
mod keys;
mod load;
mod place;
mod postgres;
mod reader;
mod records;
mod restore;
mod sqlite;
pub mod target;
mod verify;
mod work;
mod writer;

pub use create::{Made, create};
pub use keys::keyring;
pub use restore::{Restored, restore};
pub use verify::{Verified, verify};
