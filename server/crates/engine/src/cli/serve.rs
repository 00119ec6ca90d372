//! `leeward-engine serve`.

use std::{num::NonZeroUsize, path::PathBuf, thread};

use clap::{Args, ValueEnum};
use leeward_wire::SandboxMode;

use crate::{
    model::{LoadOptions, Quantisation},
    sandbox::{self, Entered, Policy, process},
    worker::{self, ServeOptions},
};

/// A CPU takes one, whatever is asked (see `worker`), and loses nothing by it: sequences of different lengths it would
/// compute in turns, copying their caches at each turn, with 5 to 18 % less throughput for two than for one
/// (SmolLM2-135M, two cores). An accelerator computes them together.
const DEFAULT_SLOTS: u32 = if cfg!(any(feature = "cuda", feature = "metal")) { 8 } else { 1 };

/// Exit status 0 when asked to end, 65 when the model cannot be loaded, 70 when the engine broke, 75 when
/// memory has to be given back by starting anew, 78 when the required sandbox does not hold.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The model's own directory; the only one the engine can read.
    #[arg(long, value_name = "DIR")]
    model_dir: PathBuf,
    /// The GGUF file in that directory; may be left out if there is only one, and is where the directory itself is
    /// the model (config.json, tokenizer.json and *.safetensors).
    #[arg(long, value_name = "NAME.gguf")]
    file: Option<String>,
    /// The inherited descriptor of the stream socket to the fleet.
    #[arg(long, default_value_t = 3)]
    fd: i32,
    /// require, prefer or off.
    #[arg(long, default_value = "require", value_parser = super::parse_mode)]
    sandbox: SandboxMode,
    /// Threads that compute; all cores this process may use if left out.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Jobs in the engine at the same time; on a CPU always one.
    #[arg(long, default_value_t = DEFAULT_SLOTS, value_parser = clap::value_parser!(u32).range(1..=256))]
    slots: u32,
    /// A shorter context than the model was trained for, in tokens.
    #[arg(long)]
    context_length: Option<u32>,
    /// What the matrices become while they are loaded from a directory; GGUF files bring their own type.
    #[arg(long, value_enum)]
    isq: Option<IsqName>,
    /// Limit on private writable memory, in bytes; reaching it ends the process.
    #[arg(long, value_name = "BYTES")]
    memory_limit: Option<u64>,
    /// Conversations whose computed beginnings are kept (on a CPU: all, until memory is short); 0 turns it
    /// off, which a worker shared between tenants must do.
    #[arg(long, default_value_t = 16)]
    prefix_cache: usize,
    /// Resident memory above which an idle worker ends with status 75, to be started anew with an empty
    /// prefix cache, in bytes; half as much again as the loaded model (a gibibyte more at least) if left out.
    #[arg(long, value_name = "BYTES")]
    recycle_above: Option<u64>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum IsqName {
    /// Eight bits per weight, practically lossless.
    #[value(name = "q8_0")]
    Q8_0,
    /// Four and a half bits per weight.
    #[value(name = "q4k")]
    Q4K,
}

impl From<IsqName> for Quantisation {
    fn from(name: IsqName) -> Self {
        match name {
            IsqName::Q8_0 => Self::Q8_0,
            IsqName::Q4K => Self::Q4K,
        }
    }
}

pub(super) fn run(arguments: Arguments) -> u8 {
    let directory = match arguments.model_dir.canonicalize() {
        Ok(directory) => directory,
        Err(error) => {
            tracing::error!(directory = %arguments.model_dir.display(), %error, "there is no such model directory");
            return worker::exit::LOAD_FAILED;
        }
    };
    let socket = match process::inherited_socket(arguments.fd) {
        Ok(socket) => socket,
        Err(error) => {
            tracing::error!(%error, "serve is started by the fleet, with a socket");
            return worker::exit::BROKEN;
        }
    };
    let threads = arguments.threads.map_or_else(available_threads, NonZeroUsize::get);
    process::set_environment(threads, &directory);
    let entered = sandbox::enter(&Policy {
        mode: arguments.sandbox,
        read: vec![directory.clone()],
        write: vec![],
        memory_limit: arguments.memory_limit,
    });
    log(&entered);
    if !entered.may_serve() {
        tracing::error!("the sandbox is required and does not hold: refusing to serve");
        return super::SANDBOX_LEAKS;
    }
    let load = LoadOptions {
        directory,
        file: arguments.file,
        context_length: arguments.context_length,
        quantisation: arguments.isq.map(Quantisation::from),
    };
    let options = ServeOptions {
        load,
        slots: arguments.slots,
        prefix_cache: arguments.prefix_cache,
        recycle_above: arguments.recycle_above,
        memory_limit: entered.report.memory_limit_bytes,
    };
    worker::serve(socket, options, entered)
}

/// What the scheduler and the control group let this process use.
fn available_threads() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// One line per missing layer, so that the reason is in the log before the process ends.
pub(super) fn log(entered: &Entered) {
    for problem in &entered.problems {
        tracing::warn!(mode = %entered.report.mode, problem, "the sandbox is not complete");
    }
}
