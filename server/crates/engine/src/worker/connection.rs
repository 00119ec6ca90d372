//! The worker's life: hello, load, ready, jobs, end.

use std::{
    collections::HashMap,
    os::unix::net::UnixStream as StdUnixStream,
    sync::{Arc, Mutex, atomic::Ordering},
    time::{Duration, Instant},
};

use futures::StreamExt as _;
use leeward_wire::{FromWorker, JobFailure, JobId, ModelReady, PROTOCOL_VERSION, ToWorker, codec};
use tokio::{
    net::UnixStream,
    runtime::Builder,
    sync::{Semaphore, mpsc},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{compile, counters::Counters, job::Shared, memory, panics, prefix::PrefixIndex};
use crate::{
    model::{self, LoadError, LoadOptions, Loaded, engine::Engine},
    sandbox::Entered,
};

/// Exit statuses of `serve`; `--help` and the operations guide list them.
pub mod exit {
    /// Asked to, or the fleet went away.
    pub const DONE: u8 = 0;
    /// The model could not be loaded.
    pub const LOAD_FAILED: u8 = 65;
    /// The engine or this program broke.
    pub const BROKEN: u8 = 70;
    /// Nothing is wrong; memory has to be given back by starting anew.
    pub const RECYCLE: u8 = 75;
}

/// What this worker answers for [`FromWorker::Hello`].
const ENGINE: &str = "mistral.rs 0.8.1";
/// Frames waiting to be written. A full queue slows the jobs down, never the engine.
const OUT_QUEUE: usize = 256;
/// Jobs running or waiting here; the fleet respects the slots, so this is only a fence.
const MAX_JOBS: usize = 1024;
/// Whether the engine may compute the next tokens of several sequences together. On a CPU it must not: where they are
/// equally long, it gives all of them what the last one attends to (mistral.rs 0.8.1, `flash_attn_cpu_single_q` in
/// `attention/backends/cpu.rs` keeps one result for the whole batch), so that one answer goes on in another.
const TOGETHER: bool = cfg!(any(feature = "cuda", feature = "metal"));
/// How long the last frames may take to be written.
const FLUSH_WAIT: Duration = Duration::from_secs(5);

/// How to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The model.
    pub load: LoadOptions,
    /// Sequences in the engine at a time; one on a CPU, whatever is said here.
    pub slots: u32,
    /// Sequences the prefix cache keeps on an accelerator; 0 turns it off.
    pub prefix_cache: usize,
    /// Resident bytes above which an idle worker ends, to be started anew with an empty cache.
    pub recycle_above: Option<u64>,
    /// The memory limit in force, if any.
    pub memory_limit: Option<u64>,
}

/// Serves one connection; answers the exit status.
pub fn serve(socket: StdUnixStream, options: ServeOptions, entered: Entered) -> u8 {
    panics::watch();
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime could not be started");
            return exit::BROKEN;
        }
    };
    let status = runtime.block_on(run(socket, options, entered));
    // The engine's threads end with the process.
    runtime.shutdown_background();
    status
}

async fn run(socket: StdUnixStream, options: ServeOptions, entered: Entered) -> u8 {
    let stream = socket.set_nonblocking(true).and_then(|()| UnixStream::from_std(socket));
    let (from_fleet, to_fleet) = match stream {
        Ok(stream) => stream.into_split(),
        Err(error) => {
            tracing::error!(%error, "the inherited socket cannot be used");
            return exit::BROKEN;
        }
    };
    let (out, mut queue) = mpsc::channel::<FromWorker>(OUT_QUEUE);
    let tasks = TaskTracker::new();
    let writer = tasks.spawn(async move {
        let mut sink = codec::writer(to_fleet);
        while let Some(message) = queue.recv().await {
            if let Err(error) = sink.send(&message).await {
                tracing::warn!(%error, "the fleet is gone");
                return;
            }
        }
    });
    let hello = FromWorker::Hello {
        protocol: PROTOCOL_VERSION,
        version: env!("CARGO_PKG_VERSION").into(),
        engine: ENGINE.into(),
        sandbox: entered.report,
    };
    // A closed queue shows in the reader, which ends too.
    let _ = out.send(hello).await;

    let status = match start(&options, out.clone(), TaskTracker::new()).await {
        Ok(shared) => {
            let mut frames = Box::pin(codec::reader::<ToWorker, _>(from_fleet));
            let limit = options.memory_limit;
            let above = memory::recycle_above(options.recycle_above, memory::resident_bytes(), limit);
            let mut connection = Connection { shared, running: HashMap::new(), above };
            connection.answer(&mut frames).await
        }
        Err(error) => {
            tracing::error!(%error, "the model could not be loaded");
            let _ = out.send(FromWorker::LoadFailed { message: error.0 }).await;
            exit::LOAD_FAILED
        }
    };
    drop(out);
    if status != exit::DONE && tokio::time::timeout(FLUSH_WAIT, writer).await.is_err() {
        tracing::warn!("the last frames were not taken in time");
    }
    status
}

async fn start(
    options: &ServeOptions,
    out: mpsc::Sender<FromWorker>,
    tasks: TaskTracker,
) -> Result<Arc<Shared>, LoadError> {
    let begun = Instant::now();
    let slots = if TOGETHER { options.slots } else { 1 };
    if slots < options.slots {
        tracing::warn!(asked = options.slots, "on a CPU one job is in the engine at a time");
    }
    let load = options.load.clone();
    let model = tokio::task::spawn_blocking(move || model::load(load)).await;
    let model = model.map_err(|_| LoadError("loading was interrupted".into()))??;
    let engine = Engine::start(&model, slots, options.prefix_cache).await?;
    let load_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (template, embedding) = match &model {
        Loaded::Text(model) => (model.template.clone(), None),
        Loaded::Embedding(model) => (String::new(), Some(model.width)),
    };
    let context_length = model.context_length();
    let ready = ModelReady { context_length, slots, load_ms, template, embedding };
    tracing::info!(load_ms, context_length = ready.context_length, slots = ready.slots, "the model is loaded");
    let _ = out.send(FromWorker::Ready(ready)).await;
    Ok(Arc::new(Shared {
        model,
        engine,
        slots: Arc::new(Semaphore::new(slots as usize)),
        compilers: Arc::new(Semaphore::new(compile::AT_A_TIME)),
        out,
        tasks,
        prefix: (options.prefix_cache > 0).then(|| Mutex::new(PrefixIndex::default())),
        counters: Counters::default(),
    }))
}

struct Connection {
    shared: Arc<Shared>,
    running: HashMap<JobId, CancellationToken>,
    /// Resident bytes above which an idle worker ends.
    above: u64,
}

impl Connection {
    async fn answer(&mut self, frames: &mut (impl futures::Stream<Item = std::io::Result<ToWorker>> + Unpin)) -> u8 {
        let (ended, mut ends) = mpsc::channel::<JobId>(MAX_JOBS);
        loop {
            tokio::select! {
                biased;
                () = panics::happened() => return self.broken().await,
                job = ends.recv() => {
                    if let Some(job) = job {
                        self.running.remove(&job);
                    }
                    let resident = memory::resident_bytes();
                    if self.running.is_empty() && resident > self.above {
                        tracing::info!(resident, above = self.above, "idle with a large prefix cache: ending");
                        return exit::RECYCLE;
                    }
                }
                frame = frames.next() => match frame {
                    None => {
                        tracing::info!("the fleet closed the connection");
                        return exit::DONE;
                    }
                    Some(Err(error)) => {
                        tracing::error!(%error, "the connection broke");
                        return exit::BROKEN;
                    }
                    Some(Ok(ToWorker::Shutdown)) => {
                        tracing::info!("asked to end");
                        return exit::DONE;
                    }
                    Some(Ok(frame)) => self.frame(frame, &ended).await,
                },
            }
        }
    }

    async fn frame(&mut self, frame: ToWorker, ended: &mpsc::Sender<JobId>) {
        match frame {
            ToWorker::Generate { job, request } => {
                let shared = Arc::clone(&self.shared);
                self.start(job, ended, |cancel| shared.generate(job, request, cancel)).await;
            }
            ToWorker::Embed { job, request } => {
                let shared = Arc::clone(&self.shared);
                self.start(job, ended, |cancel| shared.embed(job, request, cancel)).await;
            }
            ToWorker::Count { job, prompt } => {
                self.shared.tasks.spawn(Arc::clone(&self.shared).count(job, prompt));
            }
            ToWorker::Tokenize { job, text } => {
                self.shared.tasks.spawn(Arc::clone(&self.shared).tokenise(job, text));
            }
            ToWorker::Cancel { job } => {
                if let Some(cancel) = self.running.get(&job) {
                    cancel.cancel();
                }
            }
            ToWorker::Ping { nonce } => {
                let stats = self.shared.counters.stats();
                let _ = self.shared.out.send(FromWorker::Pong { nonce, stats }).await;
            }
            // Answered by the caller.
            ToWorker::Shutdown => {}
        }
    }

    /// Starts a job that takes a while, on a task of its own, if there is room for it.
    async fn start<F>(&mut self, job: JobId, ended: &mpsc::Sender<JobId>, work: impl FnOnce(CancellationToken) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.running.len() >= MAX_JOBS || self.running.contains_key(&job) {
            let message = "the worker has too many jobs, or this one already".to_owned();
            let _ = self.shared.out.send(FromWorker::Failed { job, failure: JobFailure::Engine { message } }).await;
            return;
        }
        let cancel = CancellationToken::new();
        self.running.insert(job, cancel.clone());
        let work = work(cancel);
        let (shared, ended) = (Arc::clone(&self.shared), ended.clone());
        self.shared.tasks.spawn(async move {
            shared.counters.running.fetch_add(1, Ordering::Relaxed);
            work.await;
            shared.counters.running.fetch_sub(1, Ordering::Relaxed);
            // The receiver lives as long as the connection.
            let _ = ended.send(job).await;
        });
    }

    /// After a panic: the running jobs see the engine go and fail; then the process ends.
    async fn broken(&mut self) -> u8 {
        self.shared.slots.close();
        self.shared.tasks.close();
        if tokio::time::timeout(FLUSH_WAIT, self.shared.tasks.wait()).await.is_err() {
            tracing::warn!(jobs = self.running.len(), "some jobs did not end");
            for job in self.running.keys() {
                let failure = JobFailure::Engine { message: "the engine panicked".into() };
                let _ = self.shared.out.try_send(FromWorker::Failed { job: *job, failure });
            }
        }
        exit::BROKEN
    }
}
