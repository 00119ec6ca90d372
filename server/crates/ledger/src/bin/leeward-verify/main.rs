//! `leeward-verify`: checks an audit export, an attestation report, or the proof of a single record, with nothing but
//! the files.
//!
//! Exit status: 0 the file is whole, 1 something is wrong (named on standard error), 2 it could not be
//! checked: bad usage, or a file that cannot be read.

mod attest;
mod proof;

use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use leeward_ledger::{
    VerifierKey, WitnessKey,
    verify::{KeySource, Options, Report, verify},
};

/// Checks an audit log export: that no record was edited, deleted, inserted or reordered, that the end is
/// there, that the log's key signed it, and that records make sense beside each other. Needs no network.
///
/// Exit status: 0 all is well, 1 something is wrong (standard error names it), 2 it could not be checked.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// The file `leeward audit export` wrote.
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// An older checkpoint of the same log, kept since: this export must continue it.
    #[arg(long, value_name = "OLD_CHECKPOINT_FILE")]
    since: Option<PathBuf>,
    /// The log's verifier key (name+hash+base64), had from elsewhere than the file.
    ///
    /// Without it the key in the file is believed: that proves the file is of one piece, not who signed it.
    /// An older key of the log will do if the export holds how it handed over to the present one.
    #[arg(long, value_name = "VERIFIER_KEY")]
    key: Option<VerifierKey>,
    /// A witness that must have cosigned the checkpoint (name+hash+base64); may be given several times.
    #[arg(long, value_name = "WITNESS_KEY")]
    witness: Vec<WitnessKey>,
    /// Print the report as one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check an attestation report: that the log's key signed it, that its evidence is whole, and that every number and
    /// decision in it follows from the records.
    Attest(attest::Arguments),
    /// Check that one record is in the log: a C2SP tlog-proof file.
    Proof(proof::Arguments),
}

/// The longest checkpoint, proof or entry file read; anything longer is none, and is cut so that it will not parse.
const MAX_SMALL_FILE: u64 = 128 * 1024 + 1;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(message) => {
            // Nothing is left to tell anyone if standard error is gone too.
            let _ = writeln!(io::stderr(), "leeward-verify: {message}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, String> {
    match arguments.command {
        Some(Command::Attest(arguments)) => return attest::run(arguments),
        Some(Command::Proof(arguments)) => return proof::run(&arguments),
        None => {}
    }
    // Clap has seen to it that there is one.
    let path = arguments.file.unwrap_or_default();
    let since = arguments.since.as_deref().map(read_text).transpose()?;
    let options = Options { key: arguments.key, since, witnesses: arguments.witness };
    let report = verify(open(&path)?, &options).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    print(&report, arguments.json).map_err(|error| format!("cannot write the report: {error}"))?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("cannot open {}: {error}", path.display()))
}

fn read_text(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    open(path)?
        .take(MAX_SMALL_FILE)
        .read_to_string(&mut text)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok(text)
}

fn print(report: &Report, json: bool) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for finding in &report.findings {
        writeln!(err, "{finding}")?;
    }
    let kept = u64::try_from(report.findings.len()).unwrap_or(u64::MAX);
    if report.findings_total > kept {
        writeln!(err, "and {} more", report.findings_total - kept)?;
    }
    let mut out = io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(report)?)?;
        return out.flush();
    }
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    writeln!(out, "{}", if report.ok { "OK" } else { "NOT OK" })?;
    writeln!(out, "log     {}", or_none(report.log.map(|log| log.origin())))?;
    let last = (report.from + report.entries).checked_sub(1).filter(|_| report.entries > 0);
    let range = last.map_or("none".to_owned(), |last| format!("{} ({} to {last})", report.entries, report.from));
    writeln!(out, "entries {range}")?;
    writeln!(out, "signed  {}", or_none(report.size.map(|size| format!("{size} entries"))))?;
    writeln!(out, "root    {}", or_none(report.root.map(|root| root.to_string())))?;
    writeln!(out, "first   {}", or_none(report.first.map(|at| at.to_string())))?;
    writeln!(out, "last    {}", or_none(report.last.map(|at| at.to_string())))?;
    writeln!(out, "open    {} intents without an outcome", report.open_intents)?;
    if report.clock_jumps > 0 {
        writeln!(out, "clock   jumped {} times, each on record", report.clock_jumps)?;
    }
    if let Some(size) = report.continues {
        writeln!(out, "since   continues the older checkpoint of {size} entries")?;
    }
    writeln!(out, "key     {}", or_none(report.key.clone()))?;
    match report.key_source {
        KeySource::Given => {}
        KeySource::Rotated => writeln!(out, "        handed over from the key given, by records in the log")?,
        KeySource::File => {
            writeln!(out, "        taken from the file itself, so it does not show who signed: give --key")?;
        }
    }
    for (name, at) in &report.witnesses {
        writeln!(out, "witness {name}, at {at} (Unix seconds)")?;
    }
    out.flush()
}
