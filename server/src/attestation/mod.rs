//! Attestation reports: what was decided about one tenant's content in a period, signed, with its evidence.
//!
//! What a report is and how it is checked is the ledger's ([`leeward_ledger::attest`]); here it is put together from
//! the database and the configuration. To list a further thing that can hold or see data: [`inventory`].

mod inventory;

use std::{
    fs::File,
    io::{BufWriter, Seek as _},
    ops::Range,
    sync::OnceLock,
};

use anyhow::Context as _;
use leeward_domain::{
    Ambient, Sha256Digest,
    ids::TenantId,
    residency::{Enacted, ResidencyPolicy},
};
use leeward_ledger::attest::{History, Issuer, Period, Report, Signed, Statement};
use leeward_store::{Page, Store, Tenant};

use crate::{
    BUILD,
    app::App,
    audit::{Reading, Sequencer},
    config::Config,
    keys::Custody,
};

/// Policies read at a time.
const PAGE: u32 = 200;

/// What reports are made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Where things are declared to stand.
    pub config: &'a Config,
    /// The time of issue.
    pub ambient: &'a Ambient,
    /// Policies and records.
    pub store: &'a Store,
    /// Where keys are held.
    pub custody: &'a Custody,
    /// Brings the log's tree up to date.
    pub sequencer: &'a Sequencer,
    /// Reads the log, and holds its key.
    pub reading: &'a Reading,
}

/// A report, and the file that its evidence is in until it is copied behind it.
#[derive(Debug)]
pub struct Attested {
    /// What it says.
    pub report: Report,
    /// The two lines before the evidence.
    pub signed: Signed,
    /// The evidence from its first byte on; the file has no name and goes with this.
    pub evidence: File,
}

impl<'a> From<&'a App> for Source<'a> {
    fn from(app: &'a App) -> Self {
        let App { config, ambient, store, custody, sequencer, reading, .. } = app;
        Self { config, ambient, store, custody, sequencer, reading }
    }
}

impl Source<'_> {
    /// Makes and signs the report on `tenant`'s `period`.
    ///
    /// # Errors
    /// When the database or the disk fails, or the log and the policies do not agree: then there is nothing to attest,
    /// and the message says what a verifier would find.
    pub async fn attest(&self, tenant: &Tenant, period: Period) -> anyhow::Result<Attested> {
        let signed = self.sequencer.catch_up(Some(tenant.id)).await?;
        let places = self.stretch(tenant.id, &period, signed.head.size).await?;
        let file = tempfile::tempfile_in(&self.config.data.dir).context("cannot make a file in the data directory")?;
        let (evidence, out) = self.reading.evidence(tenant.id, places, &signed, period, BufWriter::new(file)).await?;
        let (first, later) = self.policies(tenant).await?;
        let digest = tokio::task::spawn_blocking(program).await?;
        let issuer = Issuer { build: BUILD.to_owned(), digest };
        let statement = Statement {
            issued_at: self.ambient.now(),
            issuer,
            history: History::during(&period, &first, &later)?,
            places: inventory::places(self, tenant.id).await?,
            egress_tests: inventory::egress_tests(self, &period).await?,
            keys: inventory::keys(self, tenant.id),
            erasures: inventory::erasures(self, tenant.id, &period).await?,
            holds: u32::try_from(self.store.tenant_read(tenant.id).await?.holds_in_force().await?).unwrap_or(u32::MAX),
        };
        let report = Report::new(statement, &evidence)?;
        let signed = self.reading.attest(&report)?;
        let mut evidence = out.into_inner().context("the evidence could not be written")?;
        evidence.rewind()?;
        Ok(Attested { report, signed, evidence })
    }

    /// The period's records, with one on each side that shows there are no more.
    async fn stretch(&self, tenant: TenantId, period: &Period, size: u64) -> anyhow::Result<Range<u64>> {
        let mut read = self.store.tenant_read(tenant).await?;
        let within = read.audit_places(Some(period.evidence_from()), Some(period.evidence_to())).await?;
        Ok(within.map_or(0..size, |(first, last)| first.saturating_sub(1)..last.saturating_add(2).min(size)))
    }

    /// The policy the tenant began with, and every one since, oldest first.
    async fn policies(&self, tenant: &Tenant) -> anyhow::Result<(ResidencyPolicy, Vec<Enacted>)> {
        let mut read = self.store.tenant_read(tenant.id).await?;
        let (mut first, mut later, mut after) = (tenant.policy.clone(), Vec::new(), None);
        loop {
            let page = read.policy_versions(Page { after, limit: PAGE }).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.policy.version);
            for version in page {
                match version.enacted {
                    Some(enacted) => later.push(enacted),
                    None => first = version.policy,
                }
            }
        }
        later.reverse();
        Ok((first, later))
    }
}

/// SHA-256 of this program, read once.
fn program() -> Option<Sha256Digest> {
    static DIGEST: OnceLock<Option<Sha256Digest>> = OnceLock::new();
    *DIGEST.get_or_init(|| {
        let bytes = std::fs::read(std::env::current_exe().ok()?).ok()?;
        Some(Sha256Digest::of(&bytes))
    })
}
