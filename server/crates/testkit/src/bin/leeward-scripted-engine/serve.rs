//! The worker's life: hello, load, jobs, end.
//!
//! | variable | effect |
//! |---|---|
//! | `LEEWARD_SCRIPTED_CRASH_ON_START` | exits with 70 before hello |
//! | `LEEWARD_SCRIPTED_LOAD_MS` | how long loading takes |
//! | `LEEWARD_SCRIPTED_LOAD_FAIL` | loading fails with this message |
//! | `LEEWARD_SCRIPTED_PROTOCOL` | the protocol version in hello |
//! | `LEEWARD_SCRIPTED_LOOSE` | the sandbox reports a gap |
//!
//! A model whose file says `embeds=N` embeds, in vectors of N numbers, and generates nothing.

use std::{
    collections::HashMap,
    env, fs, io,
    os::{
        fd::{FromRawFd as _, OwnedFd},
        unix::net::UnixStream as StdUnixStream,
    },
    process::ExitCode,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::StreamExt as _;
use leeward_wire::{
    FromWorker, JobFailure, JobId, ModelReady, PROTOCOL_VERSION, SandboxMode, SandboxReport, ToWorker, WorkerStats,
    codec::{self, MessageSink},
};
use tokio::{
    net::{UnixStream, unix::OwnedWriteHalf},
    sync::{Mutex as AsyncMutex, Semaphore},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{Serve, embed, files, job, tokens};

/// What it says its chat template is: of a model that thinks first and calls tools as Hermes does, which is how
/// `!think` and `!call` write.
const TEMPLATE: &str = "{# <think> </think> <tool_call> #}";

/// What every job of the worker shares.
pub(crate) struct Worker {
    /// Taken while a job runs.
    pub(crate) slots: Semaphore,
    /// In words.
    pub(crate) context_length: u32,
    out: AsyncMutex<MessageSink<FromWorker, OwnedWriteHalf>>,
    cancels: Mutex<HashMap<JobId, CancellationToken>>,
    prompt_tokens: AtomicU64,
    completion_tokens: AtomicU64,
}

impl Worker {
    /// Writes a message into the socket before it returns, so that a crash right after loses nothing.
    pub(crate) async fn say(&self, message: &FromWorker) {
        if self.out.lock().await.send(message).await.is_err() {
            // Nobody is left to answer.
            std::process::exit(0);
        }
    }

    pub(crate) fn count_tokens(&self, prompt: u32, completion: u32) {
        self.prompt_tokens.fetch_add(prompt.into(), Ordering::Relaxed);
        self.completion_tokens.fetch_add(completion.into(), Ordering::Relaxed);
    }

    fn cancels(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, CancellationToken>> {
        self.cancels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stats(&self) -> WorkerStats {
        WorkerStats {
            running: u32::try_from(self.cancels().len()).unwrap_or(u32::MAX),
            resident_bytes: resident_bytes(),
            completion_tokens: self.completion_tokens.load(Ordering::Relaxed),
            prompt_tokens: self.prompt_tokens.load(Ordering::Relaxed),
        }
    }
}

/// Serves until asked to end; the exit status is the process's.
pub(crate) fn run(options: &Serve) -> ExitCode {
    if env::var_os("LEEWARD_SCRIPTED_CRASH_ON_START").is_some() {
        return ExitCode::from(70);
    }
    #[expect(unsafe_code, reason = "an inherited descriptor has no safe owner")]
    // SAFETY: nothing in this process has opened or taken a descriptor yet; this one was passed for us.
    let socket = unsafe { OwnedFd::from_raw_fd(options.fd) };
    let served = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .and_then(|runtime| runtime.block_on(serve(options, socket.into())));
    match served {
        Ok(status) => status,
        Err(_) => ExitCode::from(70),
    }
}

async fn serve(options: &Serve, socket: StdUnixStream) -> io::Result<ExitCode> {
    socket.set_nonblocking(true)?;
    let (read, write) = UnixStream::from_std(socket)?.into_split();
    let slots = options.slots.max(1);
    let worker = Arc::new(Worker {
        slots: Semaphore::new(usize::try_from(slots).unwrap_or(1)),
        context_length: options.context_length,
        out: AsyncMutex::new(codec::writer(write)),
        cancels: Mutex::default(),
        prompt_tokens: AtomicU64::new(0),
        completion_tokens: AtomicU64::new(0),
    });
    worker.say(&hello(options)).await;

    let load_ms = env::var("LEEWARD_SCRIPTED_LOAD_MS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(load_ms)).await;
    if let Ok(message) = env::var("LEEWARD_SCRIPTED_LOAD_FAIL") {
        worker.say(&FromWorker::LoadFailed { message }).await;
        return Ok(ExitCode::from(65));
    }
    let template = env::var("LEEWARD_SCRIPTED_TEMPLATE").unwrap_or_else(|_| TEMPLATE.to_owned());
    let embedding = options.model_dir.as_deref().and_then(files::embeds);
    let ready = ModelReady { context_length: options.context_length, slots, load_ms, template, embedding };
    worker.say(&FromWorker::Ready(ready)).await;

    let mut messages = Box::pin(codec::reader::<ToWorker, _>(read));
    let jobs = TaskTracker::new();
    while let Some(message) = messages.next().await {
        match message? {
            ToWorker::Generate { job, .. } if embedding.is_some() => {
                let message = "this model embeds, it does not write text".to_owned();
                worker.say(&FromWorker::Failed { job, failure: JobFailure::Invalid { message } }).await;
            }
            ToWorker::Generate { job, request } => {
                let cancel = CancellationToken::new();
                worker.cancels().insert(job, cancel.clone());
                let worker = Arc::clone(&worker);
                jobs.spawn(async move {
                    job::run(&worker, job, request, cancel).await;
                    worker.cancels().remove(&job);
                });
            }
            ToWorker::Embed { job, request } => match embedding {
                Some(width) => embed::run(&worker, job, request, width).await,
                None => {
                    let message = "this model writes text, it does not embed".to_owned();
                    worker.say(&FromWorker::Failed { job, failure: JobFailure::Invalid { message } }).await;
                }
            },
            ToWorker::Count { job, prompt } => {
                let prompt_tokens = job::prompt_tokens(&prompt);
                worker.say(&FromWorker::Counted { job, prompt_tokens }).await;
            }
            ToWorker::Tokenize { job, text } => {
                let tokens = tokens::words(&text).iter().map(|word| tokens::number(word)).collect();
                worker.say(&FromWorker::Tokenized { job, tokens }).await;
            }
            ToWorker::Cancel { job } => {
                if let Some(cancel) = worker.cancels().get(&job) {
                    cancel.cancel();
                }
            }
            ToWorker::Ping { nonce } => worker.say(&FromWorker::Pong { nonce, stats: worker.stats() }).await,
            ToWorker::Shutdown => break,
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn hello(options: &Serve) -> FromWorker {
    let inside = options.sandbox != SandboxMode::Off;
    let sandbox = SandboxReport {
        mode: options.sandbox,
        no_new_privs: inside,
        landlock_abi: inside.then_some(5),
        seccomp: inside,
        memory_limit_bytes: options.memory_limit,
        socket_refused: inside && env::var_os("LEEWARD_SCRIPTED_LOOSE").is_none(),
        file_refused: inside,
    };
    let protocol = env::var("LEEWARD_SCRIPTED_PROTOCOL").ok().and_then(|text| text.parse().ok());
    FromWorker::Hello {
        protocol: protocol.unwrap_or(PROTOCOL_VERSION),
        version: env!("CARGO_PKG_VERSION").into(),
        engine: "scripted".into(),
        sandbox,
    }
}

/// Resident memory, from the second field of `/proc/self/statm` (proc_pid_statm(5)) in pages of 4 KiB.
fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = statm.split_whitespace().nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}
