//! Growing the trees: every fraction of a second, what was appended since becomes part of its log's tree, and the new
//! head is signed.
//!
//! An append never waits for this. Several gateways may run it: who publishes holds the database's lock, and only on
//! top of the head it started from. Before a head is signed, the tree it stands on is held against the checkpoint
//! that was signed last; a tree that is not the one signed is never built upon.
//!
//! As it reads every entry once, it also counts the residency decisions they tell of.

use std::{fmt, sync::Arc, time::Duration};

use leeward_domain::{Ambient, ids::TenantId};
use leeward_ledger::{
    Checkpoint, Decided, Head, LogId, Signer, decided,
    tree::{edge::Edge, leaf, tile::TileId},
};
use leeward_store::{SignedHead, Store};
use tokio::time::{Instant, sleep};

use crate::tasks::Tasks;

/// How often, while there is little to do. The longest a record waits is twice this and the work itself.
const PERIOD: Duration = Duration::from_millis(400);
/// How long stopping waits for the last trees.
const LAST: Duration = Duration::from_secs(5);
/// Logs looked at in one round.
const LOGS: u32 = 64;
/// Entries of one log taken in one round; bounds the memory and the length of the publishing transaction.
const ENTRIES: u64 = 8192;
/// Entries read at a time.
const PAGE: u32 = 500;

/// Why a log's tree was not grown.
#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    /// The database failed; tried again.
    #[error("the database failed: {0}")]
    Store(#[from] leeward_store::StoreError),
    /// The stored tree is not the one that was signed, or entries are missing: nothing is signed on top of it.
    #[error(
        "the log of {log} is not as it was signed: {why}; compare an export with checkpoints kept elsewhere, and restore the database"
    )]
    Altered {
        /// Which log.
        log: LogId,
        /// What does not fit.
        why: String,
    },
}

/// Grows trees and signs their heads.
#[derive(Clone)]
pub struct Sequencer {
    store: Store,
    signer: Arc<Signer>,
    ambient: Ambient,
}

impl fmt::Debug for Sequencer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sequencer").finish_non_exhaustive()
    }
}

/// A tree grown by some entries, signed, not yet published.
struct Grown {
    log: Option<TenantId>,
    from: u64,
    tiles: Vec<(TileId, Vec<leeward_domain::Sha256Digest>)>,
    signed: SignedHead,
    /// What the entries tell of.
    decided: Vec<Decided>,
}

impl Sequencer {
    /// Signs with the log's key.
    #[must_use]
    pub fn new(store: Store, signer: Arc<Signer>, ambient: Ambient) -> Self {
        Self { store, signer, ambient }
    }

    /// Runs for ever; `report` hears of every round that failed, and of the first that did not after that.
    pub fn start(self, tasks: &Tasks, report: impl Fn(Option<&SequenceError>) + Send + 'static) {
        tasks.spawn(async move {
            let mut failed = false;
            loop {
                match self.round().await {
                    Ok(true) => continue,
                    Ok(false) if failed => {
                        report(None);
                        failed = false;
                    }
                    Ok(false) => {}
                    Err(error) => {
                        report(Some(&error));
                        failed = true;
                    }
                }
                sleep(PERIOD).await;
            }
        });
    }

    /// Grows every tree that lags behind, once; true if there is more to do at once.
    ///
    /// # Errors
    /// When the database fails; the first log found altered, after the others were seen to.
    pub async fn round(&self) -> Result<bool, SequenceError> {
        let waiting = self.store.platform_read().await?.unsequenced(LOGS).await?;
        let (mut grown, mut altered, mut more) = (Vec::new(), None, false);
        for log in &waiting {
            match self.grow(log.log, log.entries).await {
                Ok(Some(tree)) => {
                    more |= tree.signed.head.size < log.entries;
                    grown.push(tree);
                }
                Ok(None) => {}
                Err(error @ SequenceError::Altered { .. }) => altered = Some(error),
                Err(error) => return Err(error),
            }
        }
        let published = self.publish(&grown).await?;
        match altered {
            Some(error) => Err(error),
            None => Ok(published && (more || waiting.len() as u64 == u64::from(LOGS))),
        }
    }

    /// Signs the last words: grows every tree until none lags behind, for at most [`LAST`]. What is left then, the next
    /// start does.
    ///
    /// # Errors
    /// As [`Sequencer::round`].
    pub async fn finish(&self) -> Result<(), SequenceError> {
        let end = Instant::now() + LAST;
        loop {
            self.round().await?;
            // Somebody else may be publishing: the next turn sees how far.
            if Instant::now() >= end || self.store.platform_read().await?.unsequenced(1).await?.is_empty() {
                return Ok(());
            }
            sleep(PERIOD / 10).await;
        }
    }

    /// Brings one log's tree up to its entries as they are now, and gives the signed head.
    ///
    /// # Errors
    /// As [`Sequencer::round`].
    pub async fn catch_up(&self, log: Option<TenantId>) -> Result<SignedHead, SequenceError> {
        let wanted = self.store.platform_read().await?.audit_size(log).await?;
        loop {
            match self.grow(log, wanted).await? {
                // If somebody else published meanwhile, the next turn sees how far.
                Some(tree) => {
                    if !self.publish(&[tree]).await? {
                        sleep(PERIOD / 10).await;
                    }
                }
                None => {
                    let signed = self.store.platform_read().await?.audit_checkpoint(log).await?;
                    let id = LogId::from(log);
                    return signed.ok_or_else(|| SequenceError::Altered { log: id, why: "it is empty".into() });
                }
            }
        }
    }

    /// The tree of the log with the entries up to `to`, or as many as one round takes; none if it has them already.
    async fn grow(&self, log: Option<TenantId>, to: u64) -> Result<Option<Grown>, SequenceError> {
        let id = LogId::from(log);
        let altered = |why: String| SequenceError::Altered { log: id, why };
        let mut read = self.store.platform_read().await?;
        let mut base = Head::empty();
        if let Some(last) = read.audit_checkpoint(log).await? {
            let key = self.signer.verifier_key(&id);
            let opened =
                Checkpoint::open(&last.note, &key).map_err(|error| altered(format!("its checkpoint: {error}")))?;
            if opened.log != id || opened.head != last.head {
                return Err(altered("its checkpoint is of another head".to_owned()));
            }
            base = last.head;
        }
        let from = base.size;
        if from >= to {
            return Ok(None);
        }
        let mut stored = std::collections::HashMap::new();
        for tile in Edge::tiles_of(from) {
            let mut hashes = read.audit_tile(log, tile.level(), tile.index()).await?;
            hashes.truncate(tile.width().into());
            stored.insert(tile, hashes);
        }
        let mut edge = Edge::load(from, |tile| stored.remove(&tile).unwrap_or_default())
            .map_err(|error| altered(error.to_string()))?;
        if edge.frontier().root() != base.root {
            return Err(altered(format!("the tiles of its first {from} entries lead to another root")));
        }
        let to = to.min(from + ENTRIES);
        let (mut tiles, mut told) = (Vec::new(), Vec::new());
        while edge.size() < to {
            let entries = read.audit_range(log, edge.size(), PAGE).await?;
            if entries.is_empty() {
                return Err(altered(format!("it ends at {}, where there were {to} entries", edge.size())));
            }
            for entry in entries.iter().take_while(|entry| entry.seq < to) {
                if entry.seq != edge.size() {
                    return Err(altered(format!("entry {} is missing", edge.size())));
                }
                edge.push(leaf(&entry.entry), |tile, hashes| tiles.push((tile, hashes)));
                told.extend(decided(&entry.entry));
            }
        }
        tiles.extend(edge.partial().map(|(tile, hashes)| (tile, hashes.to_vec())));
        let checkpoint = Checkpoint { log: id, head: Head::from(&edge.frontier()) };
        let note = self.signer.sign(&checkpoint);
        let signed = SignedHead { head: checkpoint.head, at: self.ambient.now(), note };
        Ok(Some(Grown { log, from, tiles, signed, decided: told }))
    }

    /// False if somebody else publishes at the moment.
    async fn publish(&self, grown: &[Grown]) -> Result<bool, SequenceError> {
        // Each in a transaction of its own: appends take their turn in between.
        for tree in grown {
            let mut tx = self.store.platform_write().await?;
            if !tx.may_publish().await? {
                return Ok(false);
            }
            let published = tx.publish(tree.log, tree.from, &tree.tiles, &tree.signed).await?;
            if let (true, Some(tenant)) = (published, tree.log) {
                tx.count_decisions(tenant, &tree.decided).await?;
            }
            tx.commit().await?;
        }
        Ok(true)
    }
}
