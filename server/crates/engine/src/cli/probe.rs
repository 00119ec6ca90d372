//! `leeward-engine probe`: proof, from inside, of what the sandbox refuses.

use std::{io, path::PathBuf};

use clap::Args;
use leeward_wire::{SandboxMode, SandboxReport};
use serde::Serialize;

use crate::sandbox::{self, Policy, selftest};

/// Exit status 0 when every attempt was refused, 1 when one was not, 78 when a required sandbox leaks.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The directory a worker could read.
    #[arg(long, value_name = "DIR")]
    model_dir: PathBuf,
    /// require, prefer or off.
    #[arg(long, default_value = "require", value_parser = super::parse_mode)]
    sandbox: SandboxMode,
    /// Try to connect over TCP.
    #[arg(long, value_name = "ADDRESS:PORT")]
    connect: Vec<String>,
    /// Try to read a file.
    #[arg(long, value_name = "FILE")]
    read: Vec<PathBuf>,
    /// Try to write a file.
    #[arg(long, value_name = "FILE")]
    write: Vec<PathBuf>,
    /// Try to start a program.
    #[arg(long, value_name = "PROGRAM")]
    exec: Vec<PathBuf>,
}

#[derive(Debug, Serialize)]
struct Answer {
    sandbox: SandboxReport,
    attempts: Vec<Attempt>,
}

/// One attempt. Refused means: for lack of permission, not for any other reason.
#[derive(Debug, Serialize)]
struct Attempt {
    what: String,
    refused: bool,
    error: Option<String>,
}

impl Attempt {
    fn of(what: String, result: io::Result<()>) -> Self {
        let refused = result.as_ref().is_err_and(selftest::is_refusal);
        Self { what, refused, error: result.err().map(|error| error.to_string()) }
    }
}

pub(super) fn run(arguments: &Arguments) -> u8 {
    let entered = sandbox::enter(&Policy {
        mode: arguments.sandbox,
        read: vec![arguments.model_dir.clone()],
        write: vec![],
        memory_limit: None,
    });
    super::serve::log(&entered);
    let mut attempts = Vec::new();
    for address in &arguments.connect {
        attempts.push(Attempt::of(format!("connect {address}"), selftest::connect(address)));
    }
    for path in &arguments.read {
        attempts.push(Attempt::of(format!("read {}", path.display()), selftest::read(path)));
    }
    for path in &arguments.write {
        attempts.push(Attempt::of(format!("write {}", path.display()), selftest::write(path)));
    }
    for program in &arguments.exec {
        attempts.push(Attempt::of(format!("exec {}", program.display()), selftest::execute(program)));
    }
    let all_refused = attempts.iter().all(|attempt| attempt.refused);
    let may_serve = entered.may_serve();
    super::print(&Answer { sandbox: entered.report, attempts });
    match (may_serve, all_refused) {
        (false, _) => super::SANDBOX_LEAKS,
        (true, true) => 0,
        (true, false) => 1,
    }
}
