//! A report: made, signed, and written.

use std::io::{self, Read, Write};

use leeward_domain::{Sha256Digest, Timestamp};

use super::{
    Body, DOES_NOT_PROVE, EgressTest, Erasure, Evidence, FORMAT, Finding, History, Issuer, KeyLocation, Kind,
    ListedPlace, MAX_REPORT_BYTES, Policies, STATED_ONLY, VERSION,
    check::{self, Stretch},
    fixed, head,
};
use crate::{checkpoint::LogId, note::Signer};

/// What the issuer says of its own; everything else follows from the evidence.
#[derive(Debug, Clone)]
pub struct Statement {
    /// When the report is issued: not before the period's end.
    pub issued_at: Timestamp,
    /// What issues it.
    pub issuer: Issuer,
    /// The policies in force; see [`History::during`].
    pub history: History,
    /// Everything that can hold or see data, and where it is declared to stand. Places where something was allowed
    /// during the period must be among them.
    pub places: Vec<ListedPlace>,
    /// Self-tests of the guard against connections that are not allowed.
    pub egress_tests: Vec<EgressTest>,
    /// Where keys are held.
    pub keys: Vec<KeyLocation>,
    /// Keys that were destroyed during the period.
    pub erasures: Vec<Erasure>,
    /// Legal holds in force.
    pub holds: u32,
}

/// A report that agrees with its evidence.
///
/// There are two ways to one: [`Report::new`], and [`verify`](super::verify()) of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    body: Body,
}

/// What the statement and the evidence say does not agree, or is not enough.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no report can be issued: {}", .findings.first().map(ToString::to_string).unwrap_or_default())]
pub struct Refused {
    /// Everything [`verify`](super::verify()) would find; never empty.
    pub findings: Vec<Finding>,
}

/// The evidence's checkpoint was signed by another key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a report must be signed by the key that signed its checkpoint, {0}")]
pub struct NotTheSigner(pub String);

impl Report {
    /// A report of what the evidence shows and the issuer states.
    ///
    /// # Errors
    /// Whatever a verifier would find: an incomplete period, a decision under a policy that the history does not
    /// have or that it does not give, a place that is not listed.
    pub fn new(statement: Statement, evidence: &Evidence) -> Result<Self, Refused> {
        let Statement { issued_at, issuer, history, places, egress_tests, keys, erasures, holds } = statement;
        let Evidence { tenant, period, reference, size, tally } = evidence;
        let body = Body {
            builds: tally.builds.iter().cloned().collect(),
            decisions: tally.rows(),
            does_not_prove: fixed::list(DOES_NOT_PROVE),
            egress_tests,
            erasures,
            evidence: reference.clone(),
            format: FORMAT.to_owned(),
            from: period.from(),
            holds,
            issued_at,
            issuer,
            keys,
            places,
            policies: Policies::from(&history),
            records: tally.records,
            stated_only: fixed::list(STATED_ONLY),
            tenant: *tenant,
            to: period.to(),
            tokens: tally.tokens,
            version: VERSION,
        };
        let stretch = Stretch { first: reference.first, entries: reference.entries, size: *size };
        let (_, mut findings) = check::content(&body, tally, stretch);
        if serde_json::to_vec(&body).map_or(usize::MAX, |bytes| bytes.len()) > MAX_REPORT_BYTES {
            findings.push(Finding::new(Kind::Malformed, format!("it has more than {MAX_REPORT_BYTES} bytes")));
        }
        if findings.is_empty() { Ok(Self { body }) } else { Err(Refused { findings }) }
    }

    pub(super) fn checked(body: Body) -> Self {
        Self { body }
    }

    /// What it says.
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// Signs it with the key of the tenant's log.
    ///
    /// # Errors
    /// If that is not the key that signed the evidence's checkpoint.
    pub fn sign(&self, signer: &Signer) -> Result<Signed, NotTheSigner> {
        let wrong = || NotTheSigner(self.body.evidence.key.clone());
        if signer.verifier_key(&LogId::Tenant(self.body.tenant)).to_string() != self.body.evidence.key {
            return Err(wrong());
        }
        let (digest, head) = head::write(&self.body, signer).map_err(|_| wrong())?;
        Ok(Signed { digest, head })
    }
}

/// A signed report, to be put before its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    digest: Sha256Digest,
    head: String,
}

impl Signed {
    /// SHA-256 of the report's JSON, the file's first line without its newline: what reading copies name.
    #[must_use]
    pub const fn digest(&self) -> Sha256Digest {
        self.digest
    }

    /// The report and its signature: the first two lines of the file.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Writes the file: the two lines, and after them the evidence as [`EvidenceWriter`](super::EvidenceWriter) wrote
    /// it.
    ///
    /// # Errors
    /// If either cannot be read or written.
    pub fn write(&self, mut out: impl Write, mut evidence: impl Read) -> io::Result<()> {
        out.write_all(self.head.as_bytes())?;
        io::copy(&mut evidence, &mut out)?;
        out.flush()
    }
}
