//! One job, from its frame to its end.

use std::sync::{Arc, Mutex, PoisonError};

use leeward_wire::{FinishReason, FromWorker, GenerateRequest, JobFailure, JobId, Prompt, TokenLogprob, Usage};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    chooser::{Chosen, Step},
    counters::Counters,
    generation::Generation,
    prefix::PrefixIndex,
    validate::validate,
};
use crate::model::{Loaded, TextModel, detokenise::Detokeniser, engine::Engine, stop::StopBuffer};

/// What all jobs of a worker share.
pub(super) struct Shared {
    pub(super) model: Loaded,
    pub(super) engine: Engine,
    /// One permit per sequence in the engine; waiting is first come, first served.
    pub(super) slots: Arc<Semaphore>,
    /// One permit per grammar being compiled.
    pub(super) compilers: Arc<Semaphore>,
    pub(super) out: mpsc::Sender<FromWorker>,
    /// Every task of this worker.
    pub(super) tasks: TaskTracker,
    /// `None` when the prefix cache is off.
    pub(super) prefix: Option<Mutex<PrefixIndex>>,
    pub(super) counters: Counters,
}

impl Shared {
    pub(super) async fn send(&self, message: FromWorker) {
        // The writer is gone only when the socket is, and then the worker is ending.
        let _ = self.out.send(message).await;
    }

    /// Answers a `Count`.
    pub(super) async fn count(self: Arc<Self>, job: JobId, prompt: Prompt) {
        let message = match self.prompt(prompt).await {
            Ok(tokens) => FromWorker::Counted { job, prompt_tokens: length(&tokens) },
            Err(failure) => FromWorker::Failed { job, failure },
        };
        self.send(message).await;
    }

    /// Answers a `Tokenize`.
    pub(super) async fn tokenise(self: Arc<Self>, job: JobId, text: String) {
        let shared = Arc::clone(&self);
        let message = match blocking(move || shared.model.prompter().plain_tokens(&text)).await {
            Ok(tokens) => FromWorker::Tokenized { job, tokens },
            Err(failure) => FromWorker::Failed { job, failure },
        };
        self.send(message).await;
    }

    /// Answers a `Generate`, with exactly one end.
    pub(super) async fn generate(self: Arc<Self>, job: JobId, request: GenerateRequest, cancel: CancellationToken) {
        let end = self.try_generate(job, request, cancel).await;
        self.end(job, end).await;
    }

    /// Tells a job's end.
    pub(super) async fn end(&self, job: JobId, end: Result<End, JobFailure>) {
        let message = match end {
            Ok(End { reason, stop, usage }) => FromWorker::Finished { job, reason, stop, usage },
            Err(failure) => FromWorker::Failed { job, failure },
        };
        self.send(message).await;
    }

    /// Waits for a slot in the engine; `None` if the job is cancelled before.
    pub(super) async fn slot(&self, cancel: &CancellationToken) -> Result<Option<OwnedSemaphorePermit>, JobFailure> {
        tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(None),
            permit = Arc::clone(&self.slots).acquire_owned() => {
                permit.map(Some).map_err(|_| JobFailure::Engine { message: "the worker is ending".into() })
            }
        }
    }

    async fn prompt(self: &Arc<Self>, prompt: Prompt) -> Result<Vec<u32>, JobFailure> {
        let shared = Arc::clone(self);
        blocking(move || shared.model.prompter().tokens(&prompt)).await
    }

    async fn try_generate(
        self: &Arc<Self>,
        job: JobId,
        request: GenerateRequest,
        cancel: CancellationToken,
    ) -> Result<End, JobFailure> {
        let Loaded::Text(model) = &self.model else {
            return Err(JobFailure::Invalid { message: "this model embeds, it does not write text".into() });
        };
        validate(&request, model.vocabulary.len()).map_err(|message| JobFailure::Invalid { message })?;
        let grammar = match request.constraint.clone() {
            Some(constraint) => tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(End::cancelled(Usage::default())),
                grammar = self.grammar(model, constraint) => Some(grammar?),
            },
            None => None,
        };
        let Some(permit) = self.slot(&cancel).await? else { return Ok(End::cancelled(Usage::default())) };
        let prompt = self.prompt(request.prompt.clone()).await?;
        let context_length = model.context_length;
        let prompt_tokens = length(&prompt);
        if prompt_tokens >= context_length {
            return Err(JobFailure::ContextOverflow { prompt_tokens, context_length });
        }
        let mut usage = Usage { prompt_tokens, ..Usage::default() };
        if cancel.is_cancelled() {
            return Ok(End::cancelled(usage));
        }
        if let Some(prefix) = &self.prefix {
            let cached = prefix.lock().unwrap_or_else(PoisonError::into_inner).cached(&prompt);
            usage.cached_tokens = u32::try_from(cached).unwrap_or(u32::MAX);
        }
        self.counters.prompted(prompt_tokens);
        let limit = request.max_tokens.min(context_length - prompt_tokens);
        let id = self.counters.id();
        let engine = self.engine.sender();
        let started = Generation::start(&engine, model, id, prompt.clone(), limit, &request, grammar).await;
        let generation = started.map_err(|message| JobFailure::Engine { message })?;
        self.send(FromWorker::Started { job, prompt_tokens }).await;

        let run = Run {
            shared: Arc::clone(self),
            model: Arc::clone(model),
            job,
            generation,
            text: Detokeniser::new(Arc::clone(&model.tokenizer), model.vocabulary.hidden()),
            stops: StopBuffer::new(&request.stop),
            sequence: prompt,
            usage,
            unsent: 0,
            logprobs: Vec::new(),
        };
        run.drive(limit, cancel, permit).await
    }
}

/// How a job ended.
pub(super) struct End {
    pub(super) reason: FinishReason,
    /// The stop string that ended it.
    pub(super) stop: Option<String>,
    pub(super) usage: Usage,
}

impl End {
    pub(super) const fn cancelled(usage: Usage) -> Self {
        Self { reason: FinishReason::Cancelled, stop: None, usage }
    }
}

/// A job in the engine.
struct Run {
    shared: Arc<Shared>,
    model: Arc<TextModel>,
    job: JobId,
    generation: Generation,
    text: Detokeniser,
    stops: StopBuffer,
    /// Prompt and answer, the end-of-turn token included.
    sequence: Vec<u32>,
    usage: Usage,
    /// Tokens generated since the last `Delta`.
    unsent: u32,
    /// Theirs, if they were asked for.
    logprobs: Vec<TokenLogprob>,
}

impl Run {
    async fn drive(
        mut self,
        limit: u32,
        cancel: CancellationToken,
        permit: OwnedSemaphorePermit,
    ) -> Result<End, JobFailure> {
        let end = loop {
            let step = tokio::select! {
                biased;
                () = cancel.cancelled() => break Ok(FinishReason::Cancelled),
                step = self.generation.step() => step,
            };
            let chosen = match step {
                Some(Step::Token(chosen)) => chosen,
                Some(Step::Stuck(message)) => break Err(JobFailure::InvalidGrammar { message }),
                None => {
                    let message = self.generation.error();
                    let message = message.unwrap_or_else(|| "it ended without finishing the answer".into());
                    return Err(JobFailure::Engine { message });
                }
            };
            if let Some(reason) = self.token(chosen, limit).await {
                break Ok(reason);
            }
        };
        self.generation.halt();
        self.last_delta(end.as_ref().is_ok_and(|reason| *reason != FinishReason::Cancelled)).await;
        let (usage, stop) = (self.usage, self.stops.met().map(str::to_owned));
        // The caller need not wait for the engine to let go, only the next job has to.
        let tasks = self.shared.tasks.clone();
        tasks.spawn(self.let_go(permit));
        end.map(|reason| End { reason, stop, usage })
    }

    /// Takes a token of the answer; says why it is the last one, if it is.
    async fn token(&mut self, chosen: Chosen, limit: u32) -> Option<FinishReason> {
        let Chosen { token, likelihood, complete } = chosen;
        self.sequence.push(token);
        if self.model.end_tokens.contains(&token) {
            return Some(FinishReason::Stop);
        }
        self.usage.completion_tokens += 1;
        self.unsent += 1;
        self.shared.counters.generated();
        if let Some(likelihood) = likelihood {
            let vocabulary = &self.model.vocabulary;
            let top = likelihood.top.iter().map(|&(token, logprob)| vocabulary.likelihood(token, logprob)).collect();
            self.logprobs.push(TokenLogprob { chosen: vocabulary.likelihood(token, likelihood.logprob), top });
        }
        let piece = self.text.push(token);
        let piece = self.stops.push(&piece);
        if !piece.is_empty() {
            self.delta(piece).await;
        }
        if complete || self.stops.stopped() {
            return Some(FinishReason::Stop);
        }
        (self.usage.completion_tokens == limit).then_some(FinishReason::Length)
    }

    async fn delta(&mut self, text: String) {
        let (tokens, logprobs) = (std::mem::take(&mut self.unsent), std::mem::take(&mut self.logprobs));
        self.shared.send(FromWorker::Delta { job: self.job, text, tokens, logprobs }).await;
    }

    /// What was held back in vain, if the answer is `whole`, and the tokens not yet reported.
    async fn last_delta(&mut self, whole: bool) {
        let mut rest = String::new();
        if whole && !self.stops.stopped() {
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
        while let Some(step) = self.generation.step().await {
            if let Step::Token(chosen) = step {
                self.sequence.push(chosen.token);
            }
        }
        if let Some(prefix) = &self.shared.prefix {
            self.sequence.push(self.model.seal);
            let mut prefix = prefix.lock().unwrap_or_else(PoisonError::into_inner);
            prefix.add(std::mem::take(&mut self.sequence));
        }
        drop(permit);
    }
}

/// Runs something of the tokenizer's: megabytes of text take seconds, and the frames must go on being read.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, JobFailure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| JobFailure::Engine { message: "the tokenizer panicked".into() })?
        .map_err(|message| JobFailure::Invalid { message })
}

pub(super) fn length(tokens: &[u32]) -> u32 {
    u32::try_from(tokens.len()).unwrap_or(u32::MAX)
}
