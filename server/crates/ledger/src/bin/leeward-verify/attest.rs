//! `leeward-verify attest`: an attestation report, its signature, and the evidence it carries.

use std::{
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use leeward_domain::Sha256Digest;
use leeward_ledger::{
    VerifierKey, WitnessKey,
    attest::{Body, Checked, Rejected, verify},
    verify::{Options, Report},
};
use serde::Serialize;

use super::{open, read_text};

/// Exit status: 0 the report holds, 1 something is wrong (standard error names it), 2 it could not be checked.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file `leeward residency attest` wrote.
    file: PathBuf,
    /// The log's verifier key (name+hash+base64), had from elsewhere than the file: the same one that checks exports.
    ///
    /// Without it the key in the file is believed: that proves the file is of one piece, not who signed it. An older
    /// key of the log will do if the evidence is the log from its beginning and holds how it handed over.
    #[arg(long, value_name = "VERIFIER_KEY")]
    key: Option<VerifierKey>,
    /// An older checkpoint of the same log, kept since: the evidence must continue it.
    #[arg(long, value_name = "OLD_CHECKPOINT_FILE")]
    since: Option<PathBuf>,
    /// A witness that must have cosigned the checkpoint (name+hash+base64); may be given several times.
    #[arg(long, value_name = "WITNESS_KEY")]
    witness: Vec<WitnessKey>,
    /// Print what was found as one JSON object.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints of a report that holds.
#[derive(Serialize)]
struct Holds<'a> {
    ok: bool,
    digest: Sha256Digest,
    redecided: u64,
    not_redecided: u64,
    evidence: &'a Report,
    report: &'a Body,
}

/// What it prints of one that does not.
#[derive(Serialize)]
struct Fails<'a> {
    ok: bool,
    #[serde(flatten)]
    rejected: &'a Rejected,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, String> {
    let Arguments { file: path, key, since, witness, json } = arguments;
    let since = since.as_deref().map(read_text).transpose()?;
    let options = Options { key, since, witnesses: witness };
    let verdict = verify(open(&path)?, &options).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let printed = match &verdict {
        Ok(checked) => holds(checked, json),
        Err(rejected) => fails(rejected, json),
    };
    printed.map_err(|error| format!("cannot write the report: {error}"))?;
    Ok(if verdict.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn holds(checked: &Checked, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let holds = Holds {
            ok: true,
            digest: checked.digest,
            redecided: checked.redecided,
            not_redecided: checked.not_redecided,
            evidence: &checked.evidence,
            report: checked.report.body(),
        };
        writeln!(out, "{}", serde_json::to_string(&holds)?)?;
    } else {
        write!(out, "OK\n\n{}", checked.to_text())?;
    }
    out.flush()
}

/// Nothing the file says is shown: none of it can be relied on.
fn fails(rejected: &Rejected, json: bool) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for finding in &rejected.findings {
        writeln!(err, "{finding}")?;
    }
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(&Fails { ok: false, rejected })?)?;
    } else {
        writeln!(out, "NOT OK")?;
    }
    out.flush()
}
