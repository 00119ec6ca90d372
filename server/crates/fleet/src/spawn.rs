//! Makes a worker process: the one place that runs code between fork and exec.
//!
//! A worker gets its socket as descriptor 3, its standard error piped to us, and nothing else: no other
//! descriptor, an empty environment but for a few variables, a process group of its own (so Ctrl-C reaches
//! the gateway alone, which then shuts down in order). The kernel kills it when the fleet's process dies.
//!
//! That last promise is tied to the *thread* that forked (prctl(2), `PR_SET_PDEATHSIG`), and threads of a
//! runtime come and go. So all workers are spawned from one thread that lives as long as any [`Spawner`].

use std::{
    io,
    os::{fd::OwnedFd, unix::net::UnixStream as StdUnixStream},
    process::Stdio,
    sync::mpsc,
    thread,
};

use command_fds::{CommandFdExt as _, FdMapping};
use rustix::process::{Pid, Signal, getpid, getppid, set_parent_process_death_signal};
use tokio::{
    net::UnixStream,
    process::{Child, Command},
    runtime::Handle,
    sync::oneshot,
};

use crate::spec::{WORKER_FD, WorkerSpec};

/// What a worker inherits of the gateway's environment: enough to run and to log, no secrets.
const INHERITED_ENV: [&str; 3] = ["PATH", "LANG", "RUST_LOG"];

/// A process that was just started.
#[derive(Debug)]
pub(crate) struct Spawned {
    /// The process; killed when dropped.
    pub(crate) child: Child,
    /// Our end of its socket.
    pub(crate) socket: UnixStream,
}

struct Request {
    command: Command,
    reply: oneshot::Sender<io::Result<Child>>,
}

/// The thread that forks workers. Workers die when the last clone is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Spawner {
    requests: mpsc::Sender<Request>,
}

impl Spawner {
    /// Starts the thread; must be called within a tokio runtime.
    ///
    /// If the system refuses the thread, every later [`Spawner::spawn`] fails and says so.
    pub(crate) fn start() -> Self {
        let (requests, inbox) = mpsc::channel::<Request>();
        let runtime = Handle::current();
        let body = move || {
            let _context = runtime.enter();
            for Request { mut command, reply } in inbox {
                let child = command.spawn();
                // The command owns the worker's end of the socket, which must be open in the worker alone.
                drop(command);
                let _gone = reply.send(child);
            }
        };
        if let Err(error) = thread::Builder::new().name("leeward-spawn".into()).spawn(body) {
            tracing::error!(%error, "the thread that starts engine workers could not be started");
        }
        Self { requests }
    }

    /// Starts a worker.
    ///
    /// # Errors
    /// When there are no descriptors or processes left, or the program cannot be executed.
    pub(crate) async fn spawn(&self, spec: &WorkerSpec) -> io::Result<Spawned> {
        let (ours, theirs) = StdUnixStream::pair()?;
        ours.set_nonblocking(true)?;
        let command = command(spec, theirs.into())?;
        let (reply, answer) = oneshot::channel();
        let gone = || io::Error::other("the thread that starts engine workers is gone");
        self.requests.send(Request { command, reply }).map_err(|_| gone())?;
        let child = answer.await.map_err(|_| gone())??;
        Ok(Spawned { child, socket: UnixStream::from_std(ours)? })
    }
}

fn command(spec: &WorkerSpec, socket: OwnedFd) -> io::Result<Command> {
    let mut command = Command::new(&spec.program);
    command
        .args(spec.arguments())
        .env_clear()
        .envs(INHERITED_ENV.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
        .envs(spec.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
        .fd_mappings(vec![FdMapping { parent_fd: socket, child_fd: WORKER_FD }])
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let parent = getpid();
    #[expect(unsafe_code, reason = "there is no safe way to run code between fork and exec")]
    // SAFETY: `confine` makes system calls only: no allocation, no lock, nothing another thread could hold.
    unsafe {
        command.pre_exec(move || confine(parent));
    }
    Ok(command)
}

/// Runs in the child, after the socket was put in its place.
fn confine(parent: Pid) -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // The parent may have died before the line above; then there is nobody to die with.
    if getppid() != Some(parent) {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    close_the_rest_on_exec();
    Ok(())
}

/// Marks every descriptor above the socket close-on-exec, whoever opened it.
///
/// Rust opens everything so; this covers what a C library or the gateway's own parent left open. A kernel
/// without `close_range` flags (before 5.11) is left at that.
fn close_the_rest_on_exec() {
    #[expect(unsafe_code, reason = "no safe wrapper of close_range exists that is sound after fork")]
    // SAFETY: takes no pointers, and with the CLOEXEC flag it closes nothing that Rust still uses.
    unsafe {
        libc::syscall(libc::SYS_close_range, WORKER_FD + 1, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC);
    }
}
