//! One job, from its frame to its end.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use leeward_wire::{
    ChatMessage, FinishReason, FromWorker, GenerateRequest, JobFailure, JobId, Sampling, Usage, WorkerStats,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{generation::Generation, memory, prefix::PrefixIndex};
use crate::model::{Loaded, detokenise::Detokeniser, load::Engine, stop::StopBuffer};

/// The most stop strings of a request, and the longest of them in bytes.
const MAX_STOPS: usize = 64;
const MAX_STOP_BYTES: usize = 4096;

/// What all jobs of a worker share.
pub(super) struct Shared {
    pub(super) model: Loaded,
    pub(super) engine: Engine,
    /// One permit per sequence in the engine; waiting is first come, first served.
    pub(super) slots: Arc<Semaphore>,
    pub(super) out: mpsc::Sender<FromWorker>,
    /// Every task of this worker.
    pub(super) tasks: TaskTracker,
    /// `None` when the prefix cache is off.
    pub(super) prefix: Option<Mutex<PrefixIndex>>,
    pub(super) counters: Counters,
}

/// What [`FromWorker::Pong`] reports.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) running: AtomicUsize,
    next_id: AtomicUsize,
    prompt_tokens: AtomicU64,
    completion_tokens: AtomicU64,
}

impl Counters {
    pub(super) fn stats(&self) -> WorkerStats {
        WorkerStats {
            running: u32::try_from(self.running.load(Ordering::Relaxed)).unwrap_or(u32::MAX),
            resident_bytes: memory::resident_bytes(),
            completion_tokens: self.completion_tokens.load(Ordering::Relaxed),
            prompt_tokens: self.prompt_tokens.load(Ordering::Relaxed),
        }
    }
}

impl Shared {
    async fn send(&self, message: FromWorker) {
        // The writer is gone only when the socket is, and then the worker is ending.
        let _ = self.out.send(message).await;
    }

    /// Answers a `Count`.
    pub(super) async fn count(self: Arc<Self>, job: JobId, messages: Vec<ChatMessage>) {
        let message = match self.prompt(messages).await {
            Ok(tokens) => FromWorker::Counted { job, prompt_tokens: length(&tokens) },
            Err(failure) => FromWorker::Failed { job, failure },
        };
        self.send(message).await;
    }

    /// Answers a `Generate`, with exactly one end.
    pub(super) async fn generate(self: Arc<Self>, job: JobId, request: GenerateRequest, cancel: CancellationToken) {
        let message = match self.try_generate(job, request, cancel).await {
            Ok((reason, usage)) => FromWorker::Finished { job, reason, usage },
            Err(failure) => FromWorker::Failed { job, failure },
        };
        self.send(message).await;
    }

    async fn prompt(self: &Arc<Self>, messages: Vec<ChatMessage>) -> Result<Vec<u32>, JobFailure> {
        let shared = Arc::clone(self);
        // Megabytes of text take seconds to tokenise; the frames must go on being read.
        let tokens = tokio::task::spawn_blocking(move || shared.model.prompter.tokens(&messages)).await;
        tokens
            .map_err(|_| JobFailure::Engine { message: "the tokenizer panicked".into() })?
            .map_err(|message| JobFailure::Invalid { message })
    }

    async fn try_generate(
        self: &Arc<Self>,
        job: JobId,
        mut request: GenerateRequest,
        cancel: CancellationToken,
    ) -> Result<(FinishReason, Usage), JobFailure> {
        validate(&request).map_err(|message| JobFailure::Invalid { message: message.to_owned() })?;
        let permit = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok((FinishReason::Cancelled, Usage::default())),
            permit = Arc::clone(&self.slots).acquire_owned() => {
                permit.map_err(|_| JobFailure::Engine { message: "the worker is ending".into() })?
            }
        };
        let prompt = self.prompt(std::mem::take(&mut request.messages)).await?;
        let context_length = self.model.context_length;
        let prompt_tokens = length(&prompt);
        if prompt_tokens >= context_length {
            return Err(JobFailure::ContextOverflow { prompt_tokens, context_length });
        }
        let mut usage = Usage { prompt_tokens, ..Usage::default() };
        if cancel.is_cancelled() {
            return Ok((FinishReason::Cancelled, usage));
        }
        if let Some(prefix) = &self.prefix {
            let cached = prefix.lock().unwrap_or_else(PoisonError::into_inner).cached(&prompt);
            usage.cached_tokens = u32::try_from(cached).unwrap_or(u32::MAX);
        }
        self.counters.prompt_tokens.fetch_add(u64::from(prompt_tokens), Ordering::Relaxed);
        let limit = request.max_tokens.min(context_length - prompt_tokens);
        let id = self.counters.next_id.fetch_add(1, Ordering::Relaxed);
        let started = Generation::start(&self.engine.sender(), &self.model, id, prompt.clone(), limit, &request).await;
        let generation = started.map_err(|message| JobFailure::Engine { message })?;
        self.send(FromWorker::Started { job, prompt_tokens }).await;

        let run = Run {
            shared: Arc::clone(self),
            job,
            generation,
            text: Detokeniser::new(Arc::clone(&self.model.tokenizer)),
            stops: StopBuffer::new(&request.stop),
            sequence: prompt,
            usage,
            unsent: 0,
        };
        run.drive(limit, cancel, permit).await
    }
}

/// A job in the engine.
struct Run {
    shared: Arc<Shared>,
    job: JobId,
    generation: Generation,
    text: Detokeniser,
    stops: StopBuffer,
    /// Prompt and answer, the end-of-turn token included.
    sequence: Vec<u32>,
    usage: Usage,
    /// Tokens generated since the last `Delta`.
    unsent: u32,
}

impl Run {
    async fn drive(
        mut self,
        limit: u32,
        cancel: CancellationToken,
        permit: OwnedSemaphorePermit,
    ) -> Result<(FinishReason, Usage), JobFailure> {
        let reason = loop {
            let token = tokio::select! {
                biased;
                () = cancel.cancelled() => break FinishReason::Cancelled,
                token = self.generation.token() => token,
            };
            let Some(token) = token else {
                let message = self.generation.error().unwrap_or_else(|| "it ended without finishing the answer".into());
                return Err(JobFailure::Engine { message });
            };
            self.sequence.push(token);
            if self.shared.model.end_tokens.contains(&token) {
                break FinishReason::Stop;
            }
            self.usage.completion_tokens += 1;
            self.unsent += 1;
            self.shared.counters.completion_tokens.fetch_add(1, Ordering::Relaxed);
            let piece = self.text.push(token);
            let piece = self.stops.push(&piece);
            if !piece.is_empty() {
                self.delta(piece).await;
            }
            if self.stops.stopped() {
                break FinishReason::Stop;
            }
            if self.usage.completion_tokens == limit {
                break FinishReason::Length;
            }
        };
        self.generation.halt();
        self.last_delta(reason).await;
        let usage = self.usage;
        // The caller need not wait for the engine to let go, only the next job has to.
        let tasks = self.shared.tasks.clone();
        tasks.spawn(self.let_go(permit));
        Ok((reason, usage))
    }

    async fn delta(&mut self, text: String) {
        let tokens = std::mem::take(&mut self.unsent);
        self.shared.send(FromWorker::Delta { job: self.job, text, tokens }).await;
    }

    /// What was held back in vain, and the tokens not yet reported.
    async fn last_delta(&mut self, reason: FinishReason) {
        let mut rest = String::new();
        if reason != FinishReason::Cancelled && !self.stops.stopped() {
            let pending = self.text.finish();
            rest.push_str(&self.stops.push(&pending));
            if !self.stops.stopped() {
                rest.push_str(&self.stops.finish());
            }
        }
        if !rest.is_empty() || self.unsent > 0 {
            self.delta(rest).await;
        }
    }

    /// Waits for the engine to drop the sequence, then frees the slot.
    async fn let_go(mut self, permit: OwnedSemaphorePermit) {
        while let Some(token) = self.generation.token().await {
            self.sequence.push(token);
        }
        if let Some(prefix) = &self.shared.prefix {
            self.sequence.push(self.shared.model.seal);
            let mut prefix = prefix.lock().unwrap_or_else(PoisonError::into_inner);
            prefix.add(std::mem::take(&mut self.sequence));
        }
        drop(permit);
    }
}

fn length(tokens: &[u32]) -> u32 {
    u32::try_from(tokens.len()).unwrap_or(u32::MAX)
}

/// What the gateway promises; checked again because a wrong value here would harm other jobs.
fn validate(request: &GenerateRequest) -> Result<(), &'static str> {
    if request.messages.is_empty() {
        return Err("the conversation is empty");
    }
    if request.max_tokens == 0 {
        return Err("max_tokens must be at least 1");
    }
    if request.stop.len() > MAX_STOPS || request.stop.iter().any(|stop| stop.len() > MAX_STOP_BYTES) {
        return Err("at most 64 stop strings of at most 4096 bytes each");
    }
    if request.stop.iter().any(String::is_empty) {
        return Err("a stop string must not be empty");
    }
    let in_range = |penalty: f32| (-2.0..=2.0).contains(&penalty);
    if !in_range(request.presence_penalty) || !in_range(request.frequency_penalty) {
        return Err("penalties must be between -2 and 2");
    }
    if let Sampling::Random { temperature, top_p, top_k } = request.sampling {
        if !(temperature > 0.0 && temperature <= 2.0) {
            return Err("temperature must be above 0 and at most 2");
        }
        if !(top_p > 0.0 && top_p <= 1.0) {
            return Err("top_p must be above 0 and at most 1");
        }
        if top_k == Some(0) {
            return Err("top_k must be at least 1");
        }
    }
    Ok(())
}
