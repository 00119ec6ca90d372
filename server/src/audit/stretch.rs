//! Reading a stretch of a log out, with what proves it: exports and proofs of single records.

use std::{
    io::{self, Write},
    ops::Range,
    sync::Arc,
};

use anyhow::{Context as _, bail};
use leeward_domain::{Ambient, ids::TenantId};
use leeward_ledger::{
    Checkpoint, LogId, Signer, WitnessKey,
    attest::{Evidence, EvidenceWriter, NotTheSigner, Period, Report, Signed},
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
        let writer = Writer::new(Vec::new(), self.start(log, places.start).await?)?;
        Ok(Export { writer, reading: self.clone(), log, signed, next: places.start, end: places.end })
    }

    /// Writes the evidence of a report on `period`, the entries in `places`.
    ///
    /// # Errors
    /// As [`Export::next`], and when it cannot be written.
    pub async fn evidence<W: Write>(
        &self,
        tenant: TenantId,
        places: Range<u64>,
        signed: &SignedHead,
        period: Period,
        out: W,
    ) -> anyhow::Result<(Evidence, W)> {
        let log = Some(tenant);
        let mut writer = EvidenceWriter::new(out, self.start(log, places.start).await?, period)?;
        let mut next = places.start;
        while next < places.end {
            let entries = self.entries(log, next).await?;
            if entries.is_empty() {
                bail!("entry {next} is missing: the stored log was altered");
            }
            for entry in entries.iter().take_while(|entry| entry.seq < places.end) {
                if entry.seq != next {
                    bail!("entry {next} is missing: the stored log was altered");
                }
                writer.entry(&entry.entry)?;
                next += 1;
            }
        }
        let after = self.after(log, places.end, signed.head.size).await?;
        Ok(writer.finish(after, &signed.note)?)
    }

    /// Signs a report with the tenant's log's key.
    ///
    /// # Errors
    /// If that is not the key of its evidence.
    pub fn attest(&self, report: &Report) -> Result<Signed, NotTheSigner> {
        report.sign(&self.signer)
    }

    /// The key with which this appliance cosigns other appliances' checkpoints under `name`: the log's secret, in another
    /// kind of signature.
    #[must_use]
    pub fn witness_key(&self, name: &str) -> WitnessKey {
        self.signer.witness_key(name)
    }

    /// A cosignature of another appliance's checkpoint, which must have been kept before.
    #[must_use]
    pub fn cosign(&self, name: &str, at_unix_seconds: u64, checkpoint: &Checkpoint) -> String {
        self.signer.cosign(name, at_unix_seconds, checkpoint)
    }

    /// What every export of the log begins with, if its first entry is `first`.
    async fn start(&self, log: Option<TenantId>, first: u64) -> anyhow::Result<Start> {
        let id = LogId::from(log);
        let mut read = self.store.platform_read().await?;
        let tiles = read.audit_tiles(log, &[(0, first)]).await?;
        let before = tiles.cover(0, first).and_then(|peaks| Frontier::new(first, peaks));
        let rotations = read.audit_rotations(log).await?;
        Ok(Start {
            log: id,
            key: self.signer.verifier_key(&id),
            exported_at: self.ambient.now(),
            before: before.context("the log's tree lacks tiles")?,
            rotations: rotations.into_iter().map(|(from, to, note)| Rotation { from, to, note }).collect(),
        })
    }

    /// The hashes that lead from an export's last entry to the head.
    async fn after(
        &self,
        log: Option<TenantId>,
        end: u64,
        size: u64,
    ) -> anyhow::Result<Vec<leeward_domain::Sha256Digest>> {
        let tiles = self.store.platform_read().await?.audit_tiles(log, &[(end, size)]).await?;
        tiles.cover(end, size).context("the log's tree lacks tiles")
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
        let after = self.reading.after(self.log, self.end, self.signed.head.size).await?;
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
