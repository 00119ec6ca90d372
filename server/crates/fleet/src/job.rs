//! One job, as its submitter sees it.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures::Stream;
use leeward_wire::{EmbedRequest, FinishReason, GenerateRequest, JobId, ToWorker, TokenLogprob, Usage};

use crate::{error::JobError, inbox::Receiver, pool::Pool};

/// What a worker can be asked to compute.
#[derive(Debug, Clone, PartialEq)]
pub enum Work {
    /// Text that goes on from a prompt.
    Generate(GenerateRequest),
    /// Vectors of texts.
    Embed(EmbedRequest),
}

impl Work {
    pub(crate) fn frame(self, job: JobId) -> ToWorker {
        match self {
            Self::Generate(request) => ToWorker::Generate { job, request },
            Self::Embed(request) => ToWorker::Embed { job, request },
        }
    }
}

impl From<GenerateRequest> for Work {
    fn from(request: GenerateRequest) -> Self {
        Self::Generate(request)
    }
}

impl From<EmbedRequest> for Work {
    fn from(request: EmbedRequest) -> Self {
        Self::Embed(request)
    }
}

/// What happens to a job: at most one `Started`, then deltas or vectors, then exactly one `Finished` or `Failed`.
#[derive(Debug, Clone, PartialEq)]
pub enum JobEvent {
    /// A worker accepted the prompt and begins to generate.
    Started {
        /// Length of the prompt in tokens, template included.
        prompt_tokens: u32,
        /// Which worker process it is: `local/MODEL/PID`.
        worker: String,
    },
    /// More text; what a slow reader has not read yet comes joined.
    Delta {
        /// The text to append.
        text: String,
        /// How many generated tokens it stands for.
        tokens: u32,
        /// How likely they were: one for each token if the request asked, else none.
        logprobs: Vec<TokenLogprob>,
    },
    /// The vectors of the next inputs, in the order asked.
    Embedded {
        /// At least one.
        vectors: Vec<Vec<f32>>,
    },
    /// The job's end, with the worker's count.
    Finished {
        /// Why it ended.
        reason: FinishReason,
        /// The stop string that ended it, if one did.
        stop: Option<String>,
        /// What it cost.
        usage: Usage,
    },
    /// The job's end without a proper answer; text received so far stands.
    Failed(JobError),
}

/// A job that was taken: the stream of its events.
///
/// Dropping it before its end takes it out of the queue, or cancels it in the worker whether it is in
/// prefill or decoding.
#[derive(Debug)]
#[must_use = "dropping a job cancels it"]
pub struct Job {
    id: JobId,
    events: Receiver,
    pool: Arc<Pool>,
}

impl Job {
    pub(crate) const fn new(id: JobId, events: Receiver, pool: Arc<Pool>) -> Self {
        Self { id, events, pool }
    }
}

impl Stream for Job {
    type Item = JobEvent;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<JobEvent>> {
        self.events.poll(context)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if !self.events.close() {
            self.pool.cancel(self.id);
        }
    }
}
