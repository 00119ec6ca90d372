//! One connection to a worker: its handshake, then its jobs, until it is lost or the fleet stops.
//!
//! The session owns the running jobs. Whatever ends it, every one of them gets its terminal event at once.

mod connection;
mod deadlines;

use std::collections::HashMap;

use leeward_wire::{FromWorker, JobFailure, JobId, ModelReady, PROTOCOL_VERSION, SandboxMode, SandboxReport, ToWorker};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

pub(crate) use self::connection::Connection;
use self::deadlines::Pings;
use crate::{
    error::{CountError, JobError},
    inbox::Sender,
    job::JobEvent,
    pool::{Pool, Question, Reply},
    spec::FleetConfig,
};

/// Questions that may be unanswered at the same time.
const QUESTIONS_IN_FLIGHT: usize = 16;

/// How much of a worker's own explanation is kept: it goes into audit records.
const REASON_CHARS: usize = 1000;

/// Why a session ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The fleet asked for it.
    Stopped,
    /// The worker is gone, or about to be killed.
    Lost(Lost),
}

/// A worker that is of no more use.
#[derive(Debug)]
pub(crate) struct Lost {
    /// What happened, for the log and the audit record.
    pub(crate) reason: String,
    /// It closed the connection itself, so it is probably exiting.
    pub(crate) exiting: bool,
}

impl Lost {
    fn violation(what: &str) -> Self {
        Self { reason: format!("it broke the protocol: {what}"), exiting: false }
    }

    fn hung(reason: String) -> Self {
        Self { reason, exiting: false }
    }
}

/// Waits for the worker's hello, checks its sandbox against `mode`, and waits for the model to be loaded.
///
/// # Errors
/// A message for an operator; the worker must be killed.
pub(crate) async fn handshake(
    connection: &mut Connection,
    pool: &Pool,
    mode: SandboxMode,
) -> Result<(ModelReady, SandboxReport), Lost> {
    let FromWorker::Hello { protocol, version, engine, sandbox } = connection.receive().await? else {
        return Err(Lost::violation("its first message was not hello"));
    };
    if protocol != PROTOCOL_VERSION {
        let reason = format!(
            "it speaks protocol {protocol}, this gateway speaks {PROTOCOL_VERSION}: install both from one release"
        );
        return Err(Lost::hung(reason));
    }
    if sandbox.mode != mode {
        return Err(Lost::hung(format!("it was told sandbox = {mode} and runs with {}", sandbox.mode)));
    }
    if mode == SandboxMode::Require && !sandbox.is_tight() {
        let reason = format!("its sandbox is not tight and engine.sandbox is \"require\": {sandbox:?}");
        return Err(Lost::hung(reason));
    }
    tracing::info!(model = %pool.spec.model, version, engine, tight = sandbox.is_tight(), "an engine worker said hello");
    pool.said_hello(engine, sandbox.clone());
    match connection.receive().await? {
        FromWorker::Ready(ready) => Ok((ready, sandbox)),
        FromWorker::LoadFailed { message } => {
            Err(Lost { reason: message.chars().take(REASON_CHARS).collect(), exiting: true })
        }
        _ => Err(Lost::violation("it sent something else before it was ready")),
    }
}

#[derive(Debug)]
struct Running {
    inbox: Sender,
    since: Instant,
    heard: Instant,
    started: bool,
    cancelled: bool,
}

/// A question the worker has.
#[derive(Debug)]
enum Asked {
    Count(Reply<u32>),
    Tokenize(Reply<Vec<u32>>),
}

/// A ready worker and what it works on.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pool: &'a Pool,
    config: &'a FleetConfig,
    connection: Connection,
    worker: String,
    running: HashMap<JobId, Running>,
    asked: HashMap<JobId, Asked>,
    pings: Pings,
}

impl<'a> Session<'a> {
    /// `worker` is what [`JobEvent::Started`] calls it.
    pub(crate) fn new(pool: &'a Pool, config: &'a FleetConfig, connection: Connection, worker: String) -> Self {
        let pings = Pings::new(config.ping_interval, config.ping_timeout);
        Self { pool, config, connection, worker, running: HashMap::new(), asked: HashMap::new(), pings }
    }

    /// Serves until the worker is lost or `stop`; says why, and how many jobs were running.
    pub(crate) async fn run(mut self, stop: &CancellationToken) -> (End, u32) {
        let end = match self.serve(stop).await {
            Ok(()) => {
                // A worker that does not take the frame is killed after its grace like one that ignores it.
                let _full = self.connection.send(ToWorker::Shutdown);
                End::Stopped
            }
            Err(lost) => End::Lost(lost),
        };
        let error = if matches!(end, End::Stopped) { JobError::Shutdown } else { JobError::WorkerLost };
        let jobs = u32::try_from(self.running.len()).unwrap_or(u32::MAX);
        for (_, job) in self.running.drain() {
            job.inbox.end(JobEvent::Failed(error.clone()));
            self.pool.release(None);
        }
        (end, jobs)
    }

    async fn serve(&mut self, stop: &CancellationToken) -> Result<(), Lost> {
        loop {
            self.dispatch()?;
            let heard = self.running.values().map(|job| job.heard).min();
            let deadline = self.pings.deadline(heard.map(|heard| heard + self.config.stall_timeout));
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                message = self.connection.receive() => self.on_message(message?)?,
                () = self.pool.work.notified() => {}
                () = sleep_until(deadline) => self.on_deadline()?,
            }
        }
    }

    /// Gives the worker what waits for it.
    fn dispatch(&mut self) -> Result<(), Lost> {
        while let Some(job) = self.pool.next_job() {
            tracing::debug!(model = %self.pool.spec.model, job = job.id.0, tenant = %job.tenant, "a job goes to its worker");
            let now = Instant::now();
            let running = Running { inbox: job.inbox, since: now, heard: now, started: false, cancelled: false };
            self.running.insert(job.id, running);
            self.connection.send(job.work.frame(job.id))?;
        }
        while self.asked.len() < QUESTIONS_IN_FLIGHT
            && let Some((job, question)) = self.pool.next_question()
        {
            let (asked, frame) = match question {
                Question::Count(prompt, reply) => (Asked::Count(reply), ToWorker::Count { job, prompt }),
                Question::Tokenize(text, reply) => (Asked::Tokenize(reply), ToWorker::Tokenize { job, text }),
            };
            self.asked.insert(job, asked);
            self.connection.send(frame)?;
        }
        for id in self.pool.take_cancelled() {
            if let Some(job) = self.running.get_mut(&id).filter(|job| !job.cancelled) {
                job.cancelled = true;
                self.connection.send(ToWorker::Cancel { job: id })?;
            }
        }
        Ok(())
    }

    fn on_message(&mut self, message: FromWorker) -> Result<(), Lost> {
        match message {
            FromWorker::Started { job, prompt_tokens } => {
                let worker = self.worker.clone();
                let job = self.heard(job)?;
                if std::mem::replace(&mut job.started, true) {
                    return Err(Lost::violation("it started a job twice"));
                }
                job.inbox.start(prompt_tokens, worker);
            }
            FromWorker::Delta { job, text, tokens, logprobs } => {
                let job = self.heard(job)?;
                if !job.started {
                    return Err(Lost::violation("it sent text of a job it had not started"));
                }
                job.inbox
                    .delta(&text, tokens, logprobs)
                    .map_err(|_| Lost::violation("it sent far more text than the job asked for"))?;
            }
            FromWorker::Embedded { job, vector } => {
                let job = self.heard(job)?;
                if !job.started {
                    return Err(Lost::violation("it sent a vector of a job it had not started"));
                }
                job.inbox
                    .vector(vector)
                    .map_err(|_| Lost::violation("it sent more vectors than the job has inputs"))?;
            }
            FromWorker::Finished { job, reason, stop, usage } => {
                let job = self.running.remove(&job).ok_or_else(unknown_job)?;
                self.pool.release((!job.cancelled).then(|| job.since.elapsed()));
                job.inbox.end(JobEvent::Finished { reason, stop, usage });
            }
            FromWorker::Failed { job, failure } => self.on_failed(job, failure)?,
            FromWorker::Counted { job, prompt_tokens } => {
                let Some(Asked::Count(reply)) = self.asked.remove(&job) else { return Err(unknown_job()) };
                let _gave_up = reply.send(Ok(prompt_tokens));
            }
            FromWorker::Tokenized { job, tokens } => {
                let Some(Asked::Tokenize(reply)) = self.asked.remove(&job) else { return Err(unknown_job()) };
                let _gave_up = reply.send(Ok(tokens));
            }
            FromWorker::Pong { nonce, stats } => {
                if !self.pings.answered(nonce) {
                    return Err(Lost::violation("it answered a ping nobody sent"));
                }
                self.pool.set_resident_bytes(stats.resident_bytes);
            }
            FromWorker::Hello { .. } | FromWorker::Ready(_) | FromWorker::LoadFailed { .. } => {
                return Err(Lost::violation("it sent a message of its start after it was ready"));
            }
        }
        Ok(())
    }

    fn on_failed(&mut self, id: JobId, failure: JobFailure) -> Result<(), Lost> {
        if let Some(job) = self.running.remove(&id) {
            self.pool.release(None);
            job.inbox.end(JobEvent::Failed(JobError::Worker(failure)));
        } else {
            let error = CountError::Worker(failure);
            let _gave_up = match self.asked.remove(&id).ok_or_else(unknown_job)? {
                Asked::Count(reply) => reply.send(Err(error)).is_err(),
                Asked::Tokenize(reply) => reply.send(Err(error)).is_err(),
            };
        }
        Ok(())
    }

    fn heard(&mut self, id: JobId) -> Result<&mut Running, Lost> {
        let job = self.running.get_mut(&id).ok_or_else(unknown_job)?;
        job.heard = Instant::now();
        Ok(job)
    }

    fn on_deadline(&mut self) -> Result<(), Lost> {
        let now = Instant::now();
        if self.pings.overdue(now) {
            return Err(Lost::hung(format!("it did not answer a ping within {:?}", self.config.ping_timeout)));
        }
        if self.running.values().any(|job| now >= job.heard + self.config.stall_timeout) {
            return Err(Lost::hung(format!("a job made no progress for {:?}", self.config.stall_timeout)));
        }
        if let Some(nonce) = self.pings.due(now) {
            self.connection.send(ToWorker::Ping { nonce })?;
        }
        Ok(())
    }
}

fn unknown_job() -> Lost {
    Lost::violation("it answered a job it does not have")
}
