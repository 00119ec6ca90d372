//! An engine worker without a model: the same command line and the same protocol as `leeward-engine`, a real
//! process, and answers a test can predict.
//!
//! What it answers is written in the last user message; see [`script`]. How it starts is told by
//! environment variables; see [`serve`]. To add a behaviour: a directive in [`script`] and its arm in
//! [`job`]. Left out: anything a model does.

mod echo;
mod embed;
mod files;
mod job;
mod script;
mod serve;
mod stop;
mod tokens;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use leeward_wire::SandboxMode;

#[derive(Debug, Parser)]
#[command(name = "leeward-scripted-engine", about = "An engine worker for tests: no model, predictable answers")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Speak the worker's protocol on an inherited socket.
    Serve(Serve),
    /// Print fixed facts for a file that begins like GGUF.
    Inspect {
        /// The file.
        file: PathBuf,
    },
    /// Copy a file that begins like GGUF.
    Quantize {
        /// The file.
        file: PathBuf,
        /// Where the copy goes.
        target: PathBuf,
        /// The type of the real engine's target tensors; ignored.
        #[arg(long = "type")]
        kind: Option<String>,
    },
}

/// The worker's options; the ones a script has no use for are taken and ignored.
#[derive(Debug, Args)]
struct Serve {
    #[arg(long)]
    model_dir: Option<PathBuf>,
    #[arg(long)]
    file: Option<String>,
    #[arg(long, default_value_t = 3)]
    fd: i32,
    #[arg(long, default_value_t = SandboxMode::Require)]
    sandbox: SandboxMode,
    #[arg(long)]
    threads: Option<u32>,
    #[arg(long, default_value_t = 1)]
    slots: u32,
    #[arg(long, default_value_t = 4096)]
    context_length: u32,
    #[arg(long)]
    memory_limit: Option<u64>,
    #[arg(long)]
    prefix_cache: Option<u32>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(options) => serve::run(&options),
        Command::Inspect { file } => files::inspect(&file),
        Command::Quantize { file, target, .. } => files::quantize(&file, &target),
    }
}
