//! The walls around a worker, put up before any thread starts and anything is loaded.
//!
//! Four layers: no new privileges, limits (no core dumps, optionally a memory limit), Landlock
//! ([`files`]: which files, no TCP, no signals outwards), seccomp ([`syscalls`]: no sockets, no programs, no
//! tracing). Then it tries to get out ([`selftest`]) and reports what happened, not what was intended.
//!
//! To let the engine use another system call or file: a row in [`syscalls`] or [`files`], with the reason.
//! The two `unsafe` lines of the crate are in [`process`]. Left out on purpose: namespaces and cgroups,
//! which belong to whoever starts the worker.

pub mod files;
pub mod process;
pub mod selftest;
pub mod syscalls;

use std::path::PathBuf;

use leeward_wire::{SandboxMode, SandboxReport};
use rustix::process::{Resource, Rlimit, setrlimit};

/// What the walls leave open.
#[derive(Debug, Clone)]
pub struct Policy {
    /// How strict to be.
    pub mode: SandboxMode,
    /// Files and directories that may be read (directories with all below them).
    pub read: Vec<PathBuf>,
    /// Directories in which files may be made, written, renamed and removed.
    pub write: Vec<PathBuf>,
    /// Limit on private writable memory in bytes (`RLIMIT_DATA`); none if absent.
    pub memory_limit: Option<u64>,
}

/// The state after [`enter`].
#[derive(Debug, Clone)]
pub struct Entered {
    /// What the self-test found.
    pub report: SandboxReport,
    /// Layers that could not be put up, in words for an operator.
    pub problems: Vec<String>,
}

impl Entered {
    /// Whether the process may go on under the mode it was started with.
    #[must_use]
    pub const fn may_serve(&self) -> bool {
        !matches!(self.report.mode, SandboxMode::Require) || self.report.is_tight()
    }
}

/// Enters the sandbox; there is no way back for this process.
///
/// Must be called while the process has one thread. Never fails: what could not be done is in
/// [`Entered::problems`], and [`Entered::may_serve`] says whether that is acceptable.
#[must_use]
pub fn enter(policy: &Policy) -> Entered {
    let mut report = SandboxReport {
        mode: policy.mode,
        no_new_privs: false,
        landlock_abi: None,
        seccomp: false,
        memory_limit_bytes: None,
        socket_refused: false,
        file_refused: false,
    };
    let mut problems = Vec::new();
    if policy.mode == SandboxMode::Off {
        problems.push("the sandbox is off: the engine can read any file and open any connection".to_owned());
        return Entered { report, problems };
    }

    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        problems.push(format!("core dumps could not be turned off: {error}"));
    }
    if let Some(bytes) = policy.memory_limit {
        match setrlimit(Resource::Data, Rlimit { current: Some(bytes), maximum: Some(bytes) }) {
            Ok(()) => report.memory_limit_bytes = Some(bytes),
            Err(error) => problems.push(format!("the memory limit of {bytes} bytes could not be set: {error}")),
        }
    }
    if let Err(error) = rustix::thread::set_no_new_privs(true) {
        problems.push(format!("no_new_privs could not be set: {error}"));
    }
    match files::restrict(policy) {
        Ok(abi) => report.landlock_abi = Some(abi),
        Err(error) => problems.push(format!("Landlock: {error}")),
    }
    match syscalls::restrict(!policy.write.is_empty()) {
        Ok(()) => report.seccomp = true,
        Err(error) => problems.push(format!("seccomp: {error}")),
    }

    report.no_new_privs = rustix::thread::no_new_privs().unwrap_or(false);
    report.socket_refused = selftest::socket_is_refused();
    report.file_refused = selftest::outside_files_are_refused();
    if !report.socket_refused {
        problems.push("self-test: a network socket could be opened".to_owned());
    }
    if !report.file_refused {
        problems.push("self-test: a file outside could be read".to_owned());
    }
    Entered { report, problems }
}
