//! Driving an inference to its end, whoever still listens.

use std::time::Duration;

use actix_web::web;
use futures::StreamExt as _;
use leeward_dialect::Dialect;
use leeward_domain::CaptureLevel;
use leeward_fleet::{Job, JobError, JobEvent};
use leeward_keyring::TenantKey;
use leeward_ledger::{EventCode, Phase, Record, Tokens};
use leeward_wire::{FinishReason, JobFailure, Usage};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

use super::{Answer, Event, Keep, admit::output_hmac, capture::Captured, deadline::Deadline};
use crate::{
    app::App,
    audit::Draft,
    auth::lease::Lease,
    error::{AppError, Code},
    telemetry::metrics::{InferenceLabels, ModelLabels},
};

/// A reader that takes nothing for this long is taken for gone.
const READER_PATIENCE: Duration = Duration::from_secs(60);

/// Everything the end of an inference needs.
pub(super) struct Settling {
    pub(super) app: web::Data<App>,
    pub(super) draft: Draft,
    pub(super) common: Record,
    pub(super) key: TenantKey,
    pub(super) keep: Option<Keep>,
    pub(super) captured: Option<Captured>,
    pub(super) level: CaptureLevel,
    /// Text is answered, not vectors, which have no digest: they can be computed again from the prompt.
    pub(super) writes: bool,
}

/// How it ended, before that is on record.
enum End {
    Finished {
        reason: FinishReason,
        stop: Option<String>,
        vectors: Vec<Vec<f32>>,
    },
    ReaderGone,
    /// The caller's rights ended while it ran.
    Revoked(AppError),
    Failed(AppError),
}

impl Settling {
    /// Records that the fleet did not take an admitted ask.
    pub(super) async fn refuse(self, code: Code) -> Result<(), AppError> {
        let mut outcome = self.outcome(EventCode::InferenceRefused);
        outcome.reason = Some(code.as_str().to_owned());
        self.app.audit.append(self.draft.log(), vec![outcome]).await
    }

    /// Forwards the job's events until it ends, its time is over, the reader is gone or the caller's rights are, then settles.
    pub(super) async fn run(self, mut job: Job, reader: mpsc::Sender<Event>, lease: Lease, deadline: Deadline) {
        let started = Instant::now();
        let dialect = Dialect::default();
        let mut answer = Answer { text: String::new(), dialect, reason: None, usage: Usage::default() };
        let mut first_token: Option<Duration> = None;
        let mut node = None;
        let mut vectors = Vec::new();
        let ended = lease.ended();
        let late = deadline.passed();
        tokio::pin!(ended, late);
        let end = loop {
            let event = tokio::select! {
                biased;
                () = reader.closed() => break End::ReaderGone,
                revoked = &mut ended => break End::Revoked(revoked),
                late = &mut late => break End::Failed(late),
                event = job.next() => event,
            };
            let forward = match event {
                Some(JobEvent::Started { prompt_tokens, worker }) => {
                    answer.usage.prompt_tokens = prompt_tokens;
                    node = Some(worker);
                    answer.dialect = self.dialect();
                    Event::Started(answer.dialect, prompt_tokens)
                }
                Some(JobEvent::Delta { text, tokens, logprobs }) => {
                    first_token.get_or_insert_with(|| started.elapsed());
                    answer.usage.completion_tokens += tokens;
                    answer.text.push_str(&text);
                    Event::Delta { text, logprobs }
                }
                // Told at the end, when the outcome is on record.
                Some(JobEvent::Embedded { vectors: more }) => {
                    vectors.extend(more);
                    continue;
                }
                Some(JobEvent::Finished { reason, stop, usage }) => {
                    answer.usage = usage;
                    break End::Finished { reason, stop, vectors };
                }
                Some(JobEvent::Failed(error)) => break End::Failed(explain(error)),
                None => break End::Failed(AppError::new(Code::EngineFailed, "the worker ended without a word")),
            };
            if !matches!(timeout(READER_PATIENCE, reader.send(forward)).await, Ok(Ok(()))) {
                break End::ReaderGone;
            }
        };
        // Cancels the work if it still runs.
        drop(job);
        self.settle(end, answer, node, started, first_token, reader).await;
    }

    async fn settle(
        mut self,
        end: End,
        mut answer: Answer,
        node: Option<String>,
        started: Instant,
        first_token: Option<Duration>,
        reader: mpsc::Sender<Event>,
    ) {
        let (event, outcome_name) = match &end {
            End::Finished { reason: FinishReason::Cancelled, .. } | End::ReaderGone => {
                (EventCode::InferenceCancelled, "cancelled")
            }
            End::Finished { .. } => (EventCode::InferenceCompleted, "completed"),
            End::Failed(error) if error.code.status().is_client_error() => (EventCode::InferenceRefused, "refused"),
            End::Revoked(_) | End::Failed(_) => (EventCode::InferenceAborted, "aborted"),
        };
        answer.reason = match &end {
            End::Finished { reason, .. } => Some(*reason),
            End::ReaderGone => Some(FinishReason::Cancelled),
            End::Revoked(_) | End::Failed(_) => None,
        };
        let mut outcome = self.outcome(event);
        outcome.node = node;
        outcome.tokens = (self.level >= CaptureLevel::Metadata).then_some(Tokens {
            input: answer.usage.prompt_tokens,
            output: answer.usage.completion_tokens,
            cached: answer.usage.cached_tokens,
        });
        outcome.finish_reason = answer.reason.map(|reason| format!("{reason:?}").to_lowercase());
        outcome.output_hmac =
            (self.level >= CaptureLevel::Digests && self.writes).then(|| output_hmac(&self.key, &answer.text));
        if let End::Failed(error) | End::Revoked(error) = &end {
            outcome.reason = Some(error.code.as_str().to_owned());
        }
        self.count(outcome_name, &answer.usage, started, first_token);

        let usage = answer.usage;
        let captured = match &self.captured {
            Some(captured) => captured.end(&self.app, &answer).await,
            None => Ok(()),
        };
        let kept = match self.keep.take() {
            Some(keep) => keep(answer).await,
            None => Ok(()),
        };
        let recorded = self.app.audit.append(self.draft.log(), vec![outcome]).await;
        let last = match (recorded.and(captured).and(kept), end) {
            (Err(error), _) | (Ok(()), End::Failed(error) | End::Revoked(error)) => Event::Failed(error),
            (Ok(()), End::Finished { reason, stop, vectors }) => Event::Done { reason, stop, usage, vectors },
            (Ok(()), End::ReaderGone) => return,
        };
        // A reader that left in the meantime has missed nothing that is not on record.
        drop(timeout(READER_PATIENCE, reader.send(last)).await);
    }

    /// How the model writes, as far as its template gives it away.
    fn dialect(&self) -> Dialect {
        let name = self.common.model.as_ref().and_then(|model| model.name.parse().ok());
        let template = name.and_then(|name| self.app.fleet.template(&name));
        template.map_or_else(Dialect::default, |template| Dialect::of_template(&template))
    }

    fn outcome(&self, event: EventCode) -> Record {
        let fresh = self.draft.record(event, Phase::Outcome);
        Record { id: fresh.id, at: fresh.at, clock: fresh.clock, phase: Phase::Outcome, event, ..self.common.clone() }
    }

    fn count(&self, outcome: &'static str, usage: &Usage, started: Instant, first_token: Option<Duration>) {
        let metrics = &self.app.metrics;
        let model = self.common.model.as_ref().map(|model| model.name.clone()).unwrap_or_default();
        let request_id = self.common.request.map(|id| id.to_string()).unwrap_or_default();
        let tenant = self.common.tenant.map(|id| id.to_string()).unwrap_or_default();
        tracing::info!(
            request_id,
            tenant,
            model,
            outcome,
            prompt_tokens = usage.prompt_tokens,
            completion_tokens = usage.completion_tokens,
            first_token_ms = first_token.map(|time| time.as_secs_f64() * 1e3),
            total_ms = started.elapsed().as_secs_f64() * 1e3,
            "inference"
        );
        if let Some(first) = first_token {
            metrics.first_token_seconds.observe(first.as_secs_f64());
        }
        metrics.inferences.get_or_create(&InferenceLabels { model: model.clone(), outcome }).inc();
        let labels = ModelLabels { model };
        metrics.input_tokens.get_or_create(&labels).inc_by(u64::from(usage.prompt_tokens));
        metrics.output_tokens.get_or_create(&labels).inc_by(u64::from(usage.completion_tokens));
    }
}

pub(super) fn explain(error: JobError) -> AppError {
    match error {
        JobError::Worker(JobFailure::ContextOverflow { prompt_tokens, context_length }) => AppError {
            param: Some("messages".into()),
            // Begins as OpenAI's, by which libraries know it.
            ..AppError::new(
                Code::ContextLengthExceeded,
                format!(
                    "this model's maximum context length is {context_length} tokens for prompt and answer together, and \
                     the prompt has {prompt_tokens} tokens; shorten it"
                ),
            )
        },
        JobError::Worker(JobFailure::Invalid { message }) => AppError::new(Code::InvalidRequest, message),
        JobError::Worker(failure @ JobFailure::InvalidGrammar { .. }) => {
            AppError::new(Code::InvalidRequest, failure.to_string())
        }
        JobError::Worker(failure @ JobFailure::Engine { .. }) => AppError {
            source: Some(anyhow::Error::new(failure)),
            ..AppError::new(Code::EngineFailed, "the model failed while answering; try again")
        },
        JobError::WorkerLost => AppError::new(
            Code::EngineFailed,
            "the model's worker was lost while answering and is being restarted; try again in a few seconds",
        ),
        JobError::Shutdown => AppError::new(Code::ShuttingDown, "the service is stopping; try again soon"),
    }
}
