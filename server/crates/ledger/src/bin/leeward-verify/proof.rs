//! `leeward-verify proof`: one record, its proof, and the checkpoint inside it.

use std::{
    fs,
    io::{self, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use leeward_ledger::{
    Checkpoint, MAX_ENTRY_BYTES, VerifierKey, WitnessKey,
    tree::{
        leaf,
        proof::{InclusionProof, check_inclusion},
    },
};

use super::read_text;

/// Exit status: 0 the record is in the log, 1 the proof does not show it (standard error says why), 2 it could not be
/// checked.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The proof, a C2SP tlog-proof file.
    proof: PathBuf,
    /// The record, exactly as the log holds it: canonical JSON, with no newline or one at its end.
    #[arg(long, value_name = "FILE")]
    entry: PathBuf,
    /// The log's verifier key (name+hash+base64), had from elsewhere than the appliance.
    #[arg(long, value_name = "VERIFIER_KEY")]
    key: VerifierKey,
    /// A witness that must have cosigned the checkpoint; may be given several times.
    #[arg(long, value_name = "WITNESS_KEY")]
    witness: Vec<WitnessKey>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, String> {
    let proof: InclusionProof = match read_text(&arguments.proof)?.parse() {
        Ok(proof) => proof,
        Err(error) => return refused(&format!("malformed: {error}")),
    };
    let entry =
        fs::read(&arguments.entry).map_err(|error| format!("cannot read {}: {error}", arguments.entry.display()))?;
    let entry = entry.strip_suffix(b"\n").unwrap_or(&entry);
    if entry.len() > MAX_ENTRY_BYTES {
        return refused("malformed: the record is longer than any entry may be");
    }
    let checkpoint = match Checkpoint::open(&proof.checkpoint, &arguments.key) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return refused(&format!("bad_signature: the checkpoint: {error}")),
    };
    for witness in &arguments.witness {
        if let Err(error) = witness.cosigned(&proof.checkpoint) {
            return refused(&format!("bad_signature: the witness {}: {error}", witness.name()));
        }
    }
    let head = checkpoint.head;
    if check_inclusion(leaf(entry), proof.index, head.size, &proof.hashes, &head.root).is_err() {
        return refused(&format!("edited: this record is not entry {} of the log that was signed", proof.index));
    }
    let text = format!(
        "OK\nlog     {}\nentry   {} of {}\nroot    {}",
        checkpoint.log.origin(),
        proof.index,
        head.size,
        head.root
    );
    writeln!(io::stdout(), "{text}").map_err(|error| format!("cannot write: {error}"))?;
    Ok(ExitCode::SUCCESS)
}

fn refused(why: &str) -> Result<ExitCode, String> {
    writeln!(io::stderr(), "{why}").map_err(|error| format!("cannot write: {error}"))?;
    Ok(ExitCode::from(1))
}
