//! One model's state, shared between those who submit and the model's supervisor.
//!
//! A lock that is held for moments only and never across an await, and a bell ([`Pool::work`]) that wakes
//! the supervisor's session.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use leeward_domain::ids::TenantId;
use leeward_wire::{JobFailure, JobId, ModelReady, Prompt, SandboxReport};
use tokio::sync::{Notify, oneshot};

use crate::{
    error::{CountError, JobError, SubmitError},
    inbox,
    job::{Job, JobEvent, Work},
    queue::{Queue, QueuedJob},
    service_time::ServiceTime,
    spec::WorkerSpec,
    status::{ModelState, ModelStatus},
};

/// Questions about tokens that may wait for one worker.
const QUESTIONS_WAITING: usize = 64;

/// Where the answer to a question goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, CountError>>;

/// A question about tokens: answered beside the jobs, without a slot.
#[derive(Debug)]
pub(crate) enum Question {
    /// How many tokens a prompt has.
    Count(Prompt, Reply<u32>),
    /// Which tokens a text has.
    Tokenize(String, Reply<Vec<u32>>),
}

#[derive(Debug)]
struct Inner {
    state: ModelState,
    closed: bool,
    retired: bool,
    queue: Queue,
    questions: VecDeque<(JobId, Question)>,
    cancelled: Vec<JobId>,
    running: usize,
    slots: usize,
    next_id: u64,
    service: ServiceTime,
    sandbox: Option<SandboxReport>,
    engine: Option<String>,
    restarts: u64,
    /// When something last waited or ran.
    busy: Instant,
    resident_bytes: Option<u64>,
    template: Option<Arc<str>>,
    embedding: Option<u32>,
}

/// One model: its queue and what is known of its worker.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) spec: WorkerSpec,
    capacity: usize,
    inner: Mutex<Inner>,
    /// Rings when there is something new in the queue, to ask or to cancel.
    pub(crate) work: Notify,
    /// Rings when nothing waits and nothing runs any more.
    idle: Notify,
}

impl Pool {
    pub(crate) fn new(spec: WorkerSpec, capacity: usize) -> Self {
        let slots = usize::try_from(spec.slots.max(1)).unwrap_or(1);
        let inner = Inner {
            state: ModelState::Starting,
            closed: false,
            retired: false,
            queue: Queue::default(),
            questions: VecDeque::new(),
            cancelled: Vec::new(),
            running: 0,
            slots,
            next_id: 0,
            service: ServiceTime::default(),
            sandbox: None,
            engine: None,
            restarts: 0,
            busy: Instant::now(),
            resident_bytes: None,
            template: None,
            embedding: None,
        };
        Self { spec, capacity, inner: Mutex::new(inner), work: Notify::new(), idle: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job into the queue.
    pub(crate) fn submit(self: &Arc<Self>, tenant: TenantId, work: Work) -> Result<Job, SubmitError> {
        if self.spec.domain.is_some_and(|domain| domain != tenant) {
            return Err(SubmitError::WrongDomain);
        }
        let mut inner = self.inner();
        if inner.closed {
            return Err(SubmitError::ShuttingDown);
        }
        if inner.retired {
            return Err(SubmitError::UnknownModel);
        }
        let free = match &inner.state {
            ModelState::Failed { message } => return Err(SubmitError::ModelFailed { message: message.clone() }),
            ModelState::Ready { .. } => inner.slots.saturating_sub(inner.running),
            ModelState::Starting | ModelState::Restarting => 0,
        };
        let queued = inner.queue.len();
        if queued >= self.capacity + free {
            let retry_after = inner.service.retry_after(queued, inner.slots);
            return Err(SubmitError::QueueFull { limit: self.capacity, retry_after });
        }
        let id = inner.mint();
        let (sender, receiver) = inbox::inbox(&work);
        inner.queue.push(QueuedJob { id, tenant, work, inbox: sender });
        drop(inner);
        self.work.notify_one();
        Ok(Job::new(id, receiver, Arc::clone(self)))
    }

    /// Puts a question before the worker, if it is ready.
    pub(crate) fn ask(&self, question: Question) -> Result<(), CountError> {
        let mut inner = self.inner();
        let ready = matches!(inner.state, ModelState::Ready { .. });
        if inner.closed || !ready || inner.questions.len() >= QUESTIONS_WAITING {
            return Err(CountError::Unavailable);
        }
        let id = inner.mint();
        inner.questions.push_back((id, question));
        drop(inner);
        self.work.notify_one();
        Ok(())
    }

    /// Forgets a job nobody reads any more: out of the queue, or to be cancelled by the session.
    pub(crate) fn cancel(&self, id: JobId) {
        let mut inner = self.inner();
        let queued = inner.queue.remove(id);
        if queued.is_none() && inner.running > 0 {
            inner.cancelled.push(id);
            self.work.notify_one();
        }
        self.ring_if_idle(&mut inner);
        drop(inner);
        drop(queued);
    }

    /// The next job, which takes a slot until [`Pool::release`]; `None` when no slot is free.
    pub(crate) fn next_job(&self) -> Option<QueuedJob> {
        let mut inner = self.inner();
        if inner.running >= inner.slots {
            return None;
        }
        let job = inner.queue.pop()?;
        inner.running += 1;
        Some(job)
    }

    /// Gives a slot back; `took` is the time of a job that was served to its end.
    pub(crate) fn release(&self, took: Option<Duration>) {
        let mut inner = self.inner();
        inner.running = inner.running.saturating_sub(1);
        if let Some(took) = took {
            inner.service.record(took);
        }
        self.ring_if_idle(&mut inner);
    }

    fn ring_if_idle(&self, inner: &mut Inner) {
        if inner.is_idle() {
            inner.busy = Instant::now();
            self.idle.notify_waiters();
        }
    }

    pub(crate) fn next_question(&self) -> Option<(JobId, Question)> {
        self.inner().questions.pop_front()
    }

    pub(crate) fn take_cancelled(&self) -> Vec<JobId> {
        std::mem::take(&mut self.inner().cancelled)
    }

    /// A worker said hello.
    pub(crate) fn said_hello(&self, engine: String, sandbox: SandboxReport) {
        let mut inner = self.inner();
        inner.engine = Some(engine);
        inner.sandbox = Some(sandbox);
    }

    /// A worker is ready, for as many jobs as it says but no more than it was started for.
    pub(crate) fn ready(&self, ready: &ModelReady) {
        let mut inner = self.inner();
        inner.template = Some(Arc::from(ready.template.as_str()));
        inner.embedding = ready.embedding;
        inner.slots = usize::try_from(ready.slots.clamp(1, self.spec.slots.max(1))).unwrap_or(1);
        inner.state = ModelState::Ready { context_length: ready.context_length };
        inner.busy = Instant::now();
    }

    pub(crate) fn set_resident_bytes(&self, bytes: u64) {
        self.inner().resident_bytes = Some(bytes);
    }

    /// A ready worker is gone: nothing runs, questions have no answer, queued jobs wait.
    pub(crate) fn lost(&self) {
        let mut inner = self.inner();
        inner.state = ModelState::Restarting;
        inner.restarts += 1;
        inner.resident_bytes = None;
        inner.cancelled.clear();
        inner.questions.clear();
    }

    /// Another attempt to load begins after one that failed.
    pub(crate) fn retrying(&self) {
        let mut inner = self.inner();
        if matches!(inner.state, ModelState::Failed { .. }) {
            inner.state = ModelState::Restarting;
        }
    }

    /// Loading failed: queued jobs are told so, further ones are refused until the next attempt works.
    pub(crate) fn load_failed(&self, message: &str) {
        let mut inner = self.inner();
        inner.state = ModelState::Failed { message: message.to_owned() };
        inner.resident_bytes = None;
        let queued = inner.queue.take();
        self.ring_if_idle(&mut inner);
        drop(inner);
        let message = format!("the model could not be loaded: {message}");
        for job in queued {
            job.inbox.end(JobEvent::Failed(JobError::Worker(JobFailure::Engine { message: message.clone() })));
        }
    }

    /// Refuses everything from now on and ends the queued jobs.
    pub(crate) fn close(&self) {
        let mut inner = self.inner();
        inner.closed = true;
        inner.questions.clear();
        let queued = inner.queue.take();
        drop(inner);
        for job in queued {
            job.inbox.end(JobEvent::Failed(JobError::Shutdown));
        }
    }

    /// Takes nothing new from now on; what waits or runs goes on.
    pub(crate) fn retire(&self) {
        self.inner().retired = true;
    }

    /// Whether it was let go of.
    pub(crate) fn is_retired(&self) -> bool {
        self.inner().retired
    }

    /// Resolves when nothing waits and nothing runs.
    pub(crate) async fn drained(&self) {
        loop {
            let idle = self.idle.notified();
            if self.inner().is_idle() {
                return;
            }
            idle.await;
        }
    }

    /// The chat template of the worker that was ready last.
    pub(crate) fn template(&self) -> Option<Arc<str>> {
        self.inner().template.clone()
    }

    pub(crate) fn status(&self) -> ModelStatus {
        let inner = self.inner();
        ModelStatus {
            name: self.spec.model.clone(),
            state: inner.state.clone(),
            isolation: self.spec.isolation(),
            sandbox: inner.sandbox.clone(),
            engine: inner.engine.clone(),
            queued: inner.queue.len(),
            running: inner.running,
            slots: inner.slots,
            restarts: inner.restarts,
            idle: if inner.is_idle() { inner.busy.elapsed() } else { Duration::ZERO },
            resident_bytes: inner.resident_bytes,
            embedding: inner.embedding,
        }
    }
}

impl Inner {
    fn is_idle(&self) -> bool {
        self.queue.len() == 0 && self.running == 0
    }

    /// A name for a job or a question, never used before.
    const fn mint(&mut self) -> JobId {
        self.next_id += 1;
        JobId(self.next_id)
    }
}
