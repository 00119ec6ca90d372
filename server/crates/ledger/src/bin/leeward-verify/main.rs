//! `leeward-verify`: checks an audit export with nothing but the file.
//!
//! Exit status: 0 the export is whole, 1 something is wrong (named on standard error), 2 it could not be
//! checked: bad usage, or a file that cannot be read.

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use leeward_ledger::{
    VerifierKey,
    verify::{KeySource, Options, Report, verify},
};

/// Checks an audit log export: that no record was edited, deleted, inserted or reordered, that the end is
/// there, that the log's key signed it, and that records make sense beside each other. Needs no network.
///
/// Exit status: 0 all is well, 1 something is wrong (standard error names it), 2 it could not be checked.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The file `leeward audit export` wrote.
    file: PathBuf,
    /// An older checkpoint of the same log, kept since: this export must continue it.
    #[arg(long, value_name = "OLD_CHECKPOINT_FILE")]
    since: Option<PathBuf>,
    /// The log's verifier key (name+hash+base64), had from elsewhere than the file.
    ///
    /// Without it the key in the file is believed: that proves the file is of one piece, not who signed it.
    #[arg(long, value_name = "VERIFIER_KEY")]
    key: Option<VerifierKey>,
    /// Print the report as one JSON object.
    #[arg(long)]
    json: bool,
}

/// A note is at most 64 KiB; anything longer is no checkpoint, and is cut so that it will not parse as one.
const MAX_CHECKPOINT_FILE: u64 = 64 * 1024 + 1;

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
    let since = arguments.since.as_deref().map(read_checkpoint).transpose()?;
    let file = open(&arguments.file)?;
    let report = verify(BufReader::with_capacity(1 << 16, file), &Options { key: arguments.key, since })
        .map_err(|error| format!("cannot read {}: {error}", arguments.file.display()))?;
    print(&report, arguments.json).map_err(|error| format!("cannot write the report: {error}"))?;
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("cannot open {}: {error}", path.display()))
}

fn read_checkpoint(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    open(path)?
        .take(MAX_CHECKPOINT_FILE)
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
    writeln!(out, "size    {}", report.size)?;
    writeln!(out, "first   {}", or_none(report.first.map(|at| at.to_string())))?;
    writeln!(out, "last    {}", or_none(report.last.map(|at| at.to_string())))?;
    writeln!(out, "hash    {}", report.hash)?;
    writeln!(out, "open    {} intents without an outcome", report.open_intents)?;
    if let Some(size) = report.continues {
        writeln!(out, "since   continues the older checkpoint of {size} entries")?;
    }
    writeln!(out, "key     {}", or_none(report.key.clone()))?;
    if report.key_source == KeySource::File {
        writeln!(out, "        taken from the file itself, so it does not show who signed: give --key")?;
    }
    out.flush()
}
