//! The attestation report: what the software did about a tenant's residency in a period, signed, with its evidence.
//!
//! A file of three parts: the report, one line of canonical JSON (RFC 8785); a signed note that names the line's
//! SHA-256; and an audit export ([`crate::export`]) of the stretch of the tenant's log that holds the period. The
//! report names the SHA-256 of the export, so the one signature covers every byte. Whoever checks it counts again from
//! the records, decides each decision again under the policies of the report, and says which number does not agree.
//! docs/attestation.md has the form, written so that a second verifier can be made from it alone.
//!
//! To issue one: write the stretch through [`EvidenceWriter`], which counts while it writes; state the rest in a
//! [`Statement`]; [`Report::new`] refuses what [`verify`](verify()) would; then [`Report::sign`] and
//! [`Signed::write`].
//!
//! To add something to the report: a member of [`Body`], in the order of its name, and a new [`VERSION`]. If it can be
//! computed from records, in [`tally`]; otherwise its name goes into [`STATED_ONLY`]. To add a check: a [`Kind`], its
//! place in [`check`], its row in docs/attestation.md and a lie in `tests/attest/lies.rs`.
//!
//! The signature has a name of its own, [`attestation_key`]'s, and signs a text of its own: it is never a checkpoint,
//! and a checkpoint is never it. Left out: gathering what is stated, and where files are kept (the gateway's).

mod body;
mod check;
mod evidence;
mod finding;
mod fixed;
mod head;
mod listed;
#[cfg(feature = "pdf")]
pub mod pdf;
mod period;
mod policies;
mod report;
mod summary;
mod tally;
mod text;
mod verify;

pub use body::{Body, Decisions, EvidenceRef, Records, TokenTotals};
pub use evidence::{Evidence, EvidenceError, EvidenceWriter};
pub use finding::{Finding, Kind};
pub use fixed::{DOES_NOT_PROVE, FORMAT, MAX_NOTE_LINE_BYTES, MAX_REPORT_BYTES, MAX_ROWS, STATED_ONLY, VERSION};
pub use head::attestation_key;
pub use listed::{EgressOutcome, EgressTest, Erasure, Issuer, KeyLocation, ListedPlace, PlaceKind};
pub use period::{EmptyPeriod, Period};
pub use policies::{BrokenHistory, FirstPolicy, History, Policies, PolicyStep};
pub use report::{NotTheSigner, Refused, Report, Signed, Statement};
pub use summary::Standing;
pub use verify::{Checked, Rejected, verify};
