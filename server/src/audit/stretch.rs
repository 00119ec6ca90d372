//! Reading a stretch of a log out, with what proves it: exports and proofs of single records.

use std::{
    io::{self, Write},
    ops::Range,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use leeward_domain::{Ambient, ids::TenantId};
use leeward_ledger::{
    LogId, Signer,
    export::{Rotation, Start, Writer},
    tree::{
        Frontier,
        proof::{InclusionProof, hashes, inclusion},
    },
};
use leeward_store::{AuditEntry, SignedHead, Store};

/// Entries read per transaction.
const CHUNK: u32 = 1000;

/// Reads out logs whose key this is.
#[derive(Debug, Clone)]
pub struct Reading {
    store: Store,
    signer: Arc<Signer>,
    ambient: Ambient,
}

/// An export under way: what was written and not yet taken.
pub struct Export {
    writer: Writer<Vec<u8>>,
    reading: Reading,
    log: Option<TenantId>,
    signed: SignedHead,
    next: u64,
    end: u64,
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export").field("next", &self.next).field("end", &self.end).finish_non_exhaustive()
    }
}

impl Reading {
    /// Of this database.
    #[must_use]
    pub fn new(store: Store, signer: Arc<Signer>, ambient: Ambient) -> Self {
        Self { store, signer, ambient }
    }

    /// The key to check the log's checkpoints with.
    #[must_use]
    pub fn key(&self, log: Option<TenantId>) -> String {
        self.signer.verifier_key(&LogId::from(log)).to_string()
    }

    /// Begins an export of the entries in `places`, under a checkpoint that covers them all.
    ///
    /// # Errors
    /// When the database fails or the tree's tiles are missing.
    pub async fn export(
        &self,
        log: Option<TenantId>,
        places: Range<u64>,
        signed: SignedHead,
    ) -> anyhow::Result<Export> {
        let id = LogId::from(log);
        let mut read = self.store.platform_read().await?;
        let first = places.start;
        let tiles = read.audit_tiles(log, &[(0, first)]).await?;
        let before = tiles.cover(0, first).and_then(|peaks| Frontier::new(first, peaks));
        let rotations = read.audit_rotations(log).await?;
        let start = Start {
            log: id,
            key: self.signer.verifier_key(&id),
            exported_at: self.ambient.now(),
            before: before.context("the log's tree lacks tiles")?,
            rotations: rotations.into_iter().map(|(from, to, note)| Rotation { from, to, note }).collect(),
        };
        let writer = Writer::new(Vec::new(), start)?;
        Ok(Export { writer, reading: self.clone(), log, signed, next: first, end: places.end })
    }

    /// The proof that entry `place` is in the log, under a checkpoint that covers it.
    ///
    /// # Errors
    /// When the database fails or the tree's tiles are missing.
    pub async fn proof(
        &self,
        log: Option<TenantId>,
        place: u64,
        signed: &SignedHead,
    ) -> anyhow::Result<InclusionProof> {
        let ranges = inclusion(place, signed.head.size);
        let tiles = self.store.platform_read().await?.audit_tiles(log, &ranges).await?;
        let hashes = hashes(&ranges, &tiles).context("the log's tree lacks tiles")?;
        Ok(InclusionProof { index: place, hashes, checkpoint: signed.note.clone() })
    }

    /// Entries from `from` on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries(&self, log: Option<TenantId>, from: u64) -> anyhow::Result<Vec<AuditEntry>> {
        Ok(self.store.platform_read().await?.audit_range(log, from, CHUNK).await?)
    }
}

impl Export {
    /// The next bytes of the file; none when it is whole.
    ///
    /// # Errors
    /// When the database fails, or the stored log is not what was signed: then what was read so far is no export.
    pub async fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        if self.next > self.end {
            return Ok(None);
        }
        if self.next == self.end {
            self.next += 1;
            return self.finish().await.map(Some);
        }
        let entries = self.reading.entries(self.log, self.next).await?;
        if entries.first().is_none_or(|entry| entry.seq != self.next) {
            bail!("entry {} is missing: the stored log was altered", self.next);
        }
        for entry in entries.iter().take_while(|entry| entry.seq < self.end) {
            if entry.seq != self.next {
                bail!("entry {} is missing: the stored log was altered", self.next);
            }
            self.writer.entry(&entry.entry)?;
            self.next += 1;
        }
        Ok(Some(std::mem::take(self.writer.output())))
    }

    async fn finish(&mut self) -> anyhow::Result<Vec<u8>> {
        let size = self.signed.head.size;
        let tiles = self.reading.store.platform_read().await?.audit_tiles(self.log, &[(self.end, size)]).await?;
        let after = tiles.cover(self.end, size).context("the log's tree lacks tiles")?;
        self.writer.finish(after, &self.signed.note)?;
        Ok(std::mem::take(self.writer.output()))
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// As [`Export::next`], and when it cannot be written.
    pub async fn write_to(mut self, mut out: impl Write) -> anyhow::Result<()> {
        while let Some(bytes) = self.next().await? {
            out.write_all(&bytes)?;
        }
        out.flush().map_err(io::Error::into)
    }
}
