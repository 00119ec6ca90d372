//! One job, as its submitter sees it.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures::Stream;
use leeward_wire::{FinishReason, JobId, TokenLogprob, Usage};

use crate::{error::JobError, inbox::Receiver, pool::Pool};

/// What happens to a job: at most one `Started`, then deltas, then exactly one `Finished` or `Failed`.
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
    /// The job's end, with the worker's count.
    Finished {
        /// Why it ended.
        reason: FinishReason,
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
