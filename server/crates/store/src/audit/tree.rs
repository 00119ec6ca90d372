//! The tree over each log, as kept: tiles, and the newest checkpoint that was signed.
//!
//! Whoever grows a tree reads first and then publishes, on condition that nobody else has meanwhile. What tiles hold
//! follows from the entries alone, so two gateways that try at the same time write the same.

use std::collections::BTreeMap;

use leeward_domain::{Sha256Digest, Timestamp, ids::TenantId};
use leeward_ledger::{
    Head,
    note::with_line,
    tree::tile::{TileId, Tiles},
};
use uuid::Uuid;

use super::{log_id, log_of};
use crate::{
    PlatformRead, PlatformWrite, Result, StoreError, TenantRead,
    bulk::{self, execute_bulk},
    tx::{Row, Time, Tx, execute, fetch_all, fetch_optional, signed},
};

/// How long apart the checkpoints are that are kept for good.
const KEPT_EVERY_MICROS: i64 = 10 * 60 * 1_000_000;
/// The advisory lock of whoever publishes: "audit" in ASCII.
const PUBLISH_LOCK: i64 = 0x61_7564_6974;

/// A head that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    /// The head.
    pub head: Head,
    /// When.
    pub at: Timestamp,
    /// The checkpoint: a signed note, with the cosignatures it got.
    pub note: String,
}

/// A log with entries its tree does not cover yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsequenced {
    /// Which log; none is the platform's.
    pub log: Option<TenantId>,
    /// How many entries it has.
    pub entries: u64,
    /// The head last signed.
    pub signed: Head,
}

/// When the ten minutes began that `at` is in.
fn kept_since(at: Timestamp) -> Timestamp {
    Timestamp::from_unix_micros(at.unix_micros() / KEPT_EVERY_MICROS * KEPT_EVERY_MICROS)
}

fn signed_head(row: &Row) -> Result<SignedHead> {
    let head = Head { size: row.unsigned("size")?, root: row.digest("root")? };
    Ok(SignedHead { head, at: row.time("at")?, note: row.get("note")? })
}

async fn checkpoint(tx: &mut Tx, log: Option<TenantId>) -> Result<Option<SignedHead>> {
    let row = fetch_optional!(*tx, "select size, root, at, note from audit_trees where log_id = $1", log_id(log))?;
    row.as_ref().map(signed_head).transpose()
}

async fn checkpoints(tx: &mut Tx, log: Option<TenantId>, below: Option<u64>, limit: u32) -> Result<Vec<SignedHead>> {
    let rows = fetch_all!(
        *tx,
        "select size, root, at, note from audit_checkpoints where log_id = $1 and size < $2 order by size desc limit $3",
        log_id(log),
        below.map_or(i64::MAX, signed),
        i64::from(limit.clamp(1, crate::page::MAX_PAGE)),
    )?;
    rows.iter().map(signed_head).collect()
}

async fn cosigned(tx: &mut Tx, log: Option<TenantId>, size: u64) -> Result<Option<SignedHead>> {
    let row = fetch_optional!(
        *tx,
        "select size, root, at, note from audit_checkpoints where log_id = $1 and size >= $2 and cosigned = $3 \
         order by size limit 1",
        log_id(log),
        signed(size),
        true,
    )?;
    row.as_ref().map(signed_head).transpose()
}

async fn tile(tx: &mut Tx, log: Uuid, level: u8, place: u64) -> Result<Vec<Sha256Digest>> {
    let row = fetch_optional!(
        *tx,
        "select hashes from audit_tiles where log_id = $1 and level = $2 and place = $3",
        log,
        i64::from(level),
        signed(place),
    )?;
    let bytes: Vec<u8> = row.map_or(Ok(Vec::new()), |row| row.get("hashes"))?;
    let (hashes, []) = bytes.as_chunks::<32>() else {
        return Err(StoreError::Corrupt(format!("audit tile {level}/{place} is not a row of hashes")));
    };
    Ok(hashes.iter().copied().map(Sha256Digest::from_bytes).collect())
}

/// All tiles that the roots over these stretches are computed from.
async fn tiles(tx: &mut Tx, log: Option<TenantId>, stretches: &[(u64, u64)]) -> Result<Tiles> {
    let mut tiles = Tiles::default();
    let mut needed: Vec<_> = stretches.iter().flat_map(|(from, to)| Tiles::needed(*from, *to)).collect();
    needed.sort_unstable();
    needed.dedup();
    for (level, place) in needed {
        tiles.put(level, place, tile(tx, log_id(log), level, place).await?);
    }
    Ok(tiles)
}

macro_rules! readers {
    ($type:ty, |$self:ident $(, $arg:ident: $kind:ty)?| $log:expr) => {
        impl $type {
            /// The newest checkpoint of the log; none before its first.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn audit_checkpoint(&mut $self $(, $arg: $kind)?) -> Result<Option<SignedHead>> {
                checkpoint(&mut $self.tx, $log).await
            }

            /// Older checkpoints, newest first: those of sizes below `below`.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn audit_checkpoints(
                &mut $self $(, $arg: $kind)?, below: Option<u64>, limit: u32,
            ) -> Result<Vec<SignedHead>> {
                checkpoints(&mut $self.tx, $log, below, limit).await
            }

            /// The oldest checkpoint with cosignatures that covers the first `size` entries; none if there is none yet.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn audit_cosigned(&mut $self $(, $arg: $kind)?, size: u64) -> Result<Option<SignedHead>> {
                cosigned(&mut $self.tx, $log, size).await
            }

            /// One tile's hashes as far as they are there; empty if there are none.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn audit_tile(
                &mut $self $(, $arg: $kind)?, level: u8, place: u64,
            ) -> Result<Vec<Sha256Digest>> {
                tile(&mut $self.tx, log_id($log), level, place).await
            }

            /// The tiles that the roots over these stretches (first, end) of the log are computed from.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn audit_tiles(
                &mut $self $(, $arg: $kind)?, stretches: &[(u64, u64)],
            ) -> Result<Tiles> {
                tiles(&mut $self.tx, $log, stretches).await
            }

            /// How the log's key handed over, oldest first: the old key, the new one, and the checkpoint.
            ///
            /// # Errors
            /// When the database fails.
            pub async fn audit_rotations(&mut $self $(, $arg: $kind)?) -> Result<Vec<(String, String, String)>> {
                rotations(&mut $self.tx, log_id($log)).await
            }
        }
    };
}

readers!(TenantRead, |self| Some(self.tenant));
readers!(PlatformRead, |self, log: Option<TenantId>| log);

async fn rotations(tx: &mut Tx, log: Uuid) -> Result<Vec<(String, String, String)>> {
    let rows = fetch_all!(
        *tx,
        "select old_key, new_key, note from audit_rotations where log_id = $1 order by size limit 1000",
        log,
    )?;
    rows.iter().map(|row| Ok((row.get("old_key")?, row.get("new_key")?, row.get("note")?))).collect()
}

impl PlatformRead {
    /// Logs whose trees lag behind their entries, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsequenced(&mut self, limit: u32) -> Result<Vec<Unsequenced>> {
        let rows = fetch_all!(
            self.tx,
            "select h.log_id as log_id, h.next_seq as next_seq, t.size as size, t.root as root from audit_heads h \
             left join audit_trees t on t.log_id = h.log_id where h.next_seq > coalesce(t.size, 0) limit $1",
            i64::from(limit),
        )?;
        rows.iter()
            .map(|row| {
                let signed = match row.get::<Option<i64>>("size")? {
                    Some(_) => Head { size: row.unsigned("size")?, root: row.digest("root")? },
                    None => Head::empty(),
                };
                Ok(Unsequenced { log: log_of(row.get("log_id")?), entries: row.unsigned("next_seq")?, signed })
            })
            .collect()
    }

    /// The newest checkpoint of every log that has one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signed_heads(&mut self) -> Result<Vec<(Option<TenantId>, SignedHead)>> {
        let rows = fetch_all!(self.tx, "select log_id, size, root, at, note from audit_trees order by log_id")?;
        rows.iter().map(|row| Ok((log_of(row.get("log_id")?), signed_head(row)?))).collect()
    }

    /// Every log there is: which, and how many entries it has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_logs(&mut self) -> Result<Vec<(Option<TenantId>, u64)>> {
        let rows = fetch_all!(self.tx, "select log_id, next_seq from audit_heads order by log_id")?;
        rows.iter().map(|row| Ok((log_of(row.get("log_id")?), row.unsigned("next_seq")?))).collect()
    }
}

/// Of each tile the widest there is: one statement may touch a row only once.
fn widest(tiles: &[(TileId, Vec<Sha256Digest>)]) -> impl Iterator<Item = (TileId, &[Sha256Digest])> {
    let mut widest = BTreeMap::new();
    for (tile, hashes) in tiles {
        let place = (tile.level(), tile.index());
        let wider =
            widest.get(&place).is_none_or(|(known, _): &(TileId, &[Sha256Digest])| known.width() < tile.width());
        if wider {
            widest.insert(place, (*tile, hashes.as_slice()));
        }
    }
    widest.into_values()
}

impl PlatformWrite {
    /// Takes the place of the one who publishes until this transaction ends; false if another process has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn may_publish(&mut self) -> Result<bool> {
        match &self.tx {
            // Whoever writes is the only one.
            Tx::Sqlite(_) => Ok(true),
            Tx::Postgres(_) => {
                let row = fetch_optional!(self.tx, "select pg_try_advisory_xact_lock($1) as mine", PUBLISH_LOCK)?;
                row.map_or(Ok(false), |row| row.get("mine"))
            }
        }
    }

    /// Puts down how far a tree has come: the tiles that are new or longer, and the head as signed. False, and nothing
    /// is done, if the tree is no longer of the size it was grown from.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish(
        &mut self,
        log: Option<TenantId>,
        from: u64,
        tiles: &[(TileId, Vec<Sha256Digest>)],
        new: &SignedHead,
    ) -> Result<bool> {
        let id = log_id(log);
        let moved = execute!(
            self.tx,
            "insert into audit_trees (log_id, size, root, at, note) values ($1, $2, $3, $4, $5) \
             on conflict (log_id) do update set size = $2, root = $3, at = $4, note = $5 where audit_trees.size = $6",
            id,
            signed(new.head.size),
            new.head.root.as_bytes().as_slice(),
            Time(new.at),
            new.note.as_str(),
            signed(from),
        )?;
        if moved == 0 {
            return Ok(false);
        }
        let tiles: Vec<(TileId, Vec<u8>)> = widest(tiles)
            .map(|(tile, hashes)| (tile, hashes.iter().flat_map(Sha256Digest::as_bytes).copied().collect()))
            .collect();
        for chunk in tiles.chunks(bulk::CHUNK) {
            let sql = format!(
                "insert into audit_tiles (log_id, level, place, width, hashes) values {} \
                 on conflict (log_id, level, place) do update set width = excluded.width, hashes = excluded.hashes \
                 where audit_tiles.width < excluded.width",
                bulk::rows(&self.tx, chunk.len(), 5)
            );
            execute_bulk!(
                self.tx,
                sql,
                chunk,
                |item| id,
                i64::from(item.0.level()),
                signed(item.0.index()),
                i64::from(item.0.width()),
                item.1.as_slice(),
            )?;
        }
        self.keep_checkpoint(id, new).await?;
        Ok(true)
    }

    /// Keeps the checkpoint in the history, in the place of an older one of the same ten minutes. One that witnesses have
    /// cosigned stays.
    async fn keep_checkpoint(&mut self, id: Uuid, new: &SignedHead) -> Result<()> {
        execute!(
            self.tx,
            "delete from audit_checkpoints where log_id = $1 and at >= $2 and at <= $3 and cosigned = $4",
            id,
            Time(kept_since(new.at)),
            Time(new.at),
            false,
        )?;
        self.put_checkpoint(id, new, false).await
    }

    async fn put_checkpoint(&mut self, id: Uuid, new: &SignedHead, cosigned: bool) -> Result<()> {
        execute!(
            self.tx,
            "insert into audit_checkpoints (log_id, size, root, at, note, cosigned) values ($1, $2, $3, $4, $5, $6) \
             on conflict (log_id, size) do update set note = $5, cosigned = $6",
            id,
            signed(new.head.size),
            new.head.root.as_bytes().as_slice(),
            Time(new.at),
            new.note.as_str(),
            cosigned,
        )?;
        Ok(())
    }

    /// Keeps a checkpoint with one more cosignature's line: in the history, in the place of what is there of the same ten
    /// minutes and older, and as the newest one if it still is.
    ///
    /// # Errors
    /// When the database fails; `Corrupt` for a line that is none.
    pub(super) async fn keep_cosigned(
        &mut self,
        log: Option<TenantId>,
        cosigned: &SignedHead,
        line: &str,
    ) -> Result<()> {
        let (id, size) = (log_id(log), signed(cosigned.head.size));
        // So that two witnesses who sign the same head at the same time do not undo each other's line.
        execute!(self.tx, "update audit_trees set note = note where log_id = $1", id)?;
        let kept = fetch_optional!(
            self.tx,
            "select note from audit_checkpoints where log_id = $1 and size = $2 and cosigned = $3",
            id,
            size,
            true,
        )?;
        let before = kept.map_or_else(|| Ok(cosigned.note.clone()), |row| row.get("note"))?;
        let note = with_line(&before, line).map_err(|error| StoreError::Corrupt(format!("a cosignature: {error}")))?;
        execute!(self.tx, "update audit_trees set note = $3 where log_id = $1 and size = $2", id, size, note.as_str(),)?;
        execute!(
            self.tx,
            "delete from audit_checkpoints where log_id = $1 and at >= $2 and size < $3",
            id,
            Time(kept_since(cosigned.at)),
            size,
        )?;
        self.put_checkpoint(id, &SignedHead { note, ..cosigned.clone() }, true).await
    }

    /// Puts another note in the place of the newest checkpoint's, if it is still of this size: the same head under
    /// another key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signed_anew(&mut self, log: Option<TenantId>, size: u64, note: &str) -> Result<()> {
        for table in [
            "update audit_trees set note = $3 where log_id = $1 and size = $2",
            "update audit_checkpoints set note = $3 where log_id = $1 and size = $2",
        ] {
            execute!(self.tx, table, log_id(log), signed(size), note)?;
        }
        Ok(())
    }

    /// Keeps how a log's key handed over.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_rotation(
        &mut self,
        log: Option<TenantId>,
        size: u64,
        old_key: &str,
        new_key: &str,
        note: &str,
    ) -> Result<()> {
        execute!(
            self.tx,
            "insert into audit_rotations (log_id, size, old_key, new_key, note) values ($1, $2, $3, $4, $5)",
            log_id(log),
            signed(size),
            old_key,
            new_key,
            note,
        )?;
        Ok(())
    }
}
