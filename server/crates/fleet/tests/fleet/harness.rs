//! A fleet with one scripted worker, and short ways to talk to it.

use std::{path::Path, sync::Arc, time::Duration};

use futures::StreamExt as _;
use leeward_domain::{
    ids::{PrefixedId as _, TenantId},
    tenant::ModelName,
};
use leeward_fleet::{Fleet, FleetConfig, FleetEvent, Job, JobError, JobEvent, ModelStatus, SubmitError, WorkerSpec};
use leeward_testkit::scripted;
use leeward_wire::{ChatMessage, ChatRole, FinishReason, GenerateRequest, Prompt, Sampling, TokenLogprob, Usage};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use tokio::{
    io::{Interest, unix::AsyncFd},
    sync::mpsc,
    time::timeout,
};

/// Far beyond what anything here takes, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Awaits with a deadline.
pub(crate) async fn within<F: Future>(what: &str, future: F) -> F::Output {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("gave up waiting for {what}"))
}

pub(crate) fn model() -> ModelName {
    "scripted".parse().unwrap()
}

pub(crate) fn tenant(n: u128) -> TenantId {
    TenantId::from_uuid(uuid::Uuid::from_u128(n))
}

/// A scripted worker with two slots, everything else as [`WorkerSpec::new`].
pub(crate) fn spec() -> WorkerSpec {
    let mut spec = WorkerSpec::new(model(), scripted::binary(), std::env::temp_dir());
    spec.slots = 2;
    spec
}

/// Restarts quickly; no deadline that a busy machine could miss.
pub(crate) fn config() -> FleetConfig {
    FleetConfig {
        queue_capacity: 8,
        load_timeout: PATIENCE,
        stall_timeout: PATIENCE,
        ping_interval: Duration::from_millis(50),
        ping_timeout: PATIENCE,
        backoff_initial: Duration::from_millis(10),
        backoff_max: Duration::from_millis(100),
        drain_timeout: PATIENCE,
        shutdown_grace: PATIENCE,
    }
}

pub(crate) fn user(content: &str) -> Prompt {
    Prompt::chat(vec![ChatMessage::new(ChatRole::User, content)])
}

pub(crate) fn request(content: &str) -> GenerateRequest {
    GenerateRequest::new(user(content), Sampling::Greedy, 1_000_000)
}

/// A running fleet and what it reported.
pub(crate) struct House {
    pub(crate) fleet: Fleet,
    pub(crate) events: mpsc::Receiver<FleetEvent>,
}

impl House {
    /// Starts without waiting for the worker.
    pub(crate) fn start(config: FleetConfig, spec: WorkerSpec) -> Self {
        Self::verified(config, spec, |_| Ok(()))
    }

    pub(crate) fn verified(
        config: FleetConfig,
        spec: WorkerSpec,
        verify: impl Fn(&WorkerSpec) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        let (sender, events) = mpsc::channel(64);
        Self { fleet: Fleet::start(config, vec![spec], Arc::new(verify), sender), events }
    }

    /// Starts and waits until the worker takes jobs.
    pub(crate) async fn ready(config: FleetConfig, spec: WorkerSpec) -> Self {
        let mut house = Self::start(config, spec);
        house.loaded().await;
        house
    }

    pub(crate) async fn event(&mut self) -> FleetEvent {
        within("a fleet event", self.events.recv()).await.expect("the fleet lives")
    }

    /// Waits for the next event, which must say that the model was loaded.
    pub(crate) async fn loaded(&mut self) {
        let event = self.event().await;
        assert!(matches!(event, FleetEvent::Loaded { .. }), "{event:?}");
    }

    /// Waits for the next event, which must say that loading failed; says why.
    pub(crate) async fn load_failed(&mut self) -> String {
        match self.event().await {
            FleetEvent::LoadFailed { message, .. } => message,
            other => panic!("expected a failed load, got {other:?}"),
        }
    }

    /// Waits for the next event, which must say that the worker is gone; says how, and how many jobs it took.
    pub(crate) async fn exited(&mut self) -> (String, u32) {
        match self.event().await {
            FleetEvent::Exited { status, jobs_lost, .. } => (status, jobs_lost),
            other => panic!("expected an exit, got {other:?}"),
        }
    }

    /// Waits for the next event, which must say that the model was let go of; says how the worker ended.
    pub(crate) async fn unloaded(&mut self) -> String {
        match self.event().await {
            FleetEvent::Unloaded { status, .. } => status,
            other => panic!("expected the model to be let go of, got {other:?}"),
        }
    }

    pub(crate) fn try_ask(&self, content: &str) -> Result<Job, SubmitError> {
        self.fleet.submit(&model(), tenant(1), request(content))
    }

    pub(crate) fn ask(&self, content: &str) -> Job {
        self.try_ask(content).expect("the job is taken")
    }

    /// Asks and waits for the whole answer.
    pub(crate) async fn answer(&self, content: &str) -> Answer {
        read(self.ask(content)).await
    }

    pub(crate) fn status(&self) -> ModelStatus {
        self.fleet.models().pop().expect("there is one model")
    }
}

/// All that came of a job.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) prompt_tokens: Option<u32>,
    pub(crate) worker: Option<String>,
    pub(crate) text: String,
    pub(crate) tokens: u32,
    pub(crate) deltas: usize,
    pub(crate) logprobs: Vec<TokenLogprob>,
    pub(crate) end: Result<(FinishReason, Usage), JobError>,
}

/// Reads a job to its end and checks that nothing comes after it.
pub(crate) async fn read(mut job: Job) -> Answer {
    let (mut prompt_tokens, mut worker, mut text, mut tokens, mut deltas) = (None, None, String::new(), 0, 0);
    let mut likely = Vec::new();
    loop {
        let end = match within("a job's event", job.next()).await.expect("a job ends with a terminal event") {
            JobEvent::Started { prompt_tokens: prompt, worker: by } => {
                assert!(worker.is_none() && deltas == 0, "a job starts once, before its text");
                (prompt_tokens, worker) = (Some(prompt), Some(by));
                continue;
            }
            JobEvent::Delta { text: more, tokens: n, logprobs } => {
                text.push_str(&more);
                tokens += n;
                likely.extend(logprobs);
                deltas += 1;
                continue;
            }
            JobEvent::Embedded { .. } => panic!("a vector, but text was asked for"),
            JobEvent::Finished { reason, usage, .. } => Ok((reason, usage)),
            JobEvent::Failed(error) => Err(error),
        };
        assert_eq!(within("the stream's end", job.next()).await, None, "nothing comes after the end");
        return Answer { prompt_tokens, worker, text, tokens, deltas, logprobs: likely, end };
    }
}

/// Waits until a job has said something; gives its worker's process id.
pub(crate) async fn under_way(job: &mut Job) -> Pid {
    let mut pid = None;
    loop {
        match within("a job's text", job.next()).await {
            Some(JobEvent::Started { worker, .. }) => pid = Some(worker_pid(&worker)),
            Some(JobEvent::Delta { .. }) => return pid.expect("a job starts before its text"),
            other => panic!("the job ended early: {other:?}"),
        }
    }
}

/// The process id in `local/MODEL/PID`.
pub(crate) fn worker_pid(worker: &str) -> Pid {
    let pid = worker.rsplit('/').next().unwrap().parse().unwrap();
    Pid::from_raw(pid).unwrap()
}

/// A process that is not our child, to be waited for.
pub(crate) struct Watched(AsyncFd<std::os::fd::OwnedFd>);

impl Watched {
    /// Must be called while the process lives.
    pub(crate) fn new(pid: Pid) -> Self {
        let fd = pidfd_open(pid, PidfdFlags::empty()).expect("the process lives");
        #[expect(
            deprecated,
            reason = "the successor is unsafe, for types that do not own their descriptor; this one does"
        )]
        let fd = AsyncFd::with_interest(fd, Interest::READABLE);
        Self(fd.unwrap())
    }

    /// Waits until it has ended (pidfd_open(2): a pidfd of an ended process is readable).
    pub(crate) async fn ended(&self) {
        let _guard = within("a process to end", self.0.readable()).await.unwrap();
    }
}

pub(crate) fn is_in_process_table(pid: Pid) -> bool {
    Path::new("/proc").join(pid.as_raw_nonzero().to_string()).exists()
}
