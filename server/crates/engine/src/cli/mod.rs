//! The command line: `serve`, `probe`, `inspect`, `quantize`.
//!
//! To add a command: a file here with its arguments and its `run`, a variant of [`Command`] and an arm in
//! [`run`]. Standard output carries the answer (JSON), standard error the log (JSON lines).

mod files;
mod probe;
mod serve;

use std::{
    ffi::OsString,
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use leeward_wire::SandboxMode;
use serde::Serialize;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// Exit status for a sandbox that is required and does not hold (`EX_CONFIG` of `sysexits.h`).
const SANDBOX_LEAKS: u8 = 78;

/// Leeward's engine worker: runs one model in a sandbox.
#[derive(Debug, Parser)]
#[command(name = "leeward-engine", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve one model over an inherited socket; the fleet starts this.
    Serve(serve::Arguments),
    /// Enter the sandbox of `serve`, try to get out, and print what was refused.
    Probe(probe::Arguments),
    /// Verify a GGUF file, or a directory of safetensors, and print its facts.
    Inspect(files::InspectArguments),
    /// Rewrite a GGUF file in another quantisation.
    Quantize(files::QuantizeArguments),
}

/// Runs one command line; the first argument is the program's name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output with status 0, mistakes to standard error with 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    log_to_standard_error();
    let status = match arguments.command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Probe(arguments) => probe::run(&arguments),
        Command::Inspect(arguments) => files::inspect(&arguments),
        Command::Quantize(arguments) => files::quantize(&arguments),
    };
    ExitCode::from(status)
}

/// JSON lines. The engine's own crates may say what is wrong, never more: below that they quote prompts.
fn log_to_standard_error() {
    let level = if std::env::var_os("LEEWARD_ENGINE_DEBUG").is_some() { "debug" } else { "info" };
    let filter = EnvFilter::new(format!("error,leeward_engine={level}"));
    let lines = tracing_subscriber::fmt::layer().json().with_writer(io::stderr);
    // A second subscriber in one process (tests, examples) is not an error.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
}

/// Prints one line of JSON.
fn print(answer: &impl Serialize) {
    let mut line = serde_json::to_vec(answer).unwrap_or_default();
    line.push(b'\n');
    // Nobody is listening if this fails; the exit status remains.
    let _ = io::stdout().write_all(&line);
}

fn parse_mode(text: &str) -> Result<SandboxMode, String> {
    text.parse()
}
