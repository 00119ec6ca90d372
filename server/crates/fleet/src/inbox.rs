//! The mailbox between a worker's session and the reader of one job.
//!
//! Writing never waits, so a slow reader cannot stall its neighbours: text nobody has read yet is joined
//! into one delta. What may lie unread is bounded by the job's `max_tokens`.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use futures::task::AtomicWaker;
use leeward_wire::TokenLogprob;

use crate::{
    error::JobError,
    job::{JobEvent, Work},
};

/// Bytes of unread text per token asked for: no vocabulary has longer tokens on average.
const BYTES_PER_TOKEN: usize = 256;
/// Bytes of unread text allowed on top.
const BYTES_SLACK: usize = 64 * 1024;

#[derive(Debug, Default)]
struct State {
    started: Option<JobEvent>,
    text: String,
    tokens: u32,
    logprobs: Vec<TokenLogprob>,
    vectors: Vec<Vec<f32>>,
    end: Option<JobEvent>,
    /// The end was set, read or not.
    ended: bool,
    /// The end was read.
    finished: bool,
    /// The reader is gone.
    closed: bool,
}

#[derive(Debug)]
struct Inbox {
    state: Mutex<State>,
    waker: AtomicWaker,
    limit: Limit,
}

/// How much may lie unread.
#[derive(Debug)]
struct Limit {
    /// Bytes of text.
    text: usize,
    logprobs: usize,
    vectors: usize,
}

impl Inbox {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// More than the job's limit lies unread: the worker sends more than was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overrun;

/// Makes a mailbox for what this work may send.
pub(crate) fn inbox(work: &Work) -> (Sender, Receiver) {
    let limit = match work {
        Work::Generate(request) => {
            let tokens = usize::try_from(request.max_tokens).unwrap_or(usize::MAX);
            let text = tokens.saturating_mul(BYTES_PER_TOKEN).saturating_add(BYTES_SLACK);
            Limit { text, logprobs: tokens, vectors: 0 }
        }
        Work::Embed(request) => Limit { text: 0, logprobs: 0, vectors: request.inputs.len() },
    };
    let inbox = Arc::new(Inbox { state: Mutex::default(), waker: AtomicWaker::new(), limit });
    (Sender(Arc::clone(&inbox)), Receiver(inbox))
}

/// The session's end. Dropped without an end, it ends the job with [`JobError::WorkerLost`].
#[derive(Debug)]
pub(crate) struct Sender(Arc<Inbox>);

impl Sender {
    /// Says that generation begins.
    pub(crate) fn start(&self, prompt_tokens: u32, worker: String) {
        self.0.state().started = Some(JobEvent::Started { prompt_tokens, worker });
        self.0.waker.wake();
    }

    /// Appends text.
    ///
    /// # Errors
    /// When more lies unread than the job may produce.
    pub(crate) fn delta(&self, text: &str, tokens: u32, logprobs: Vec<TokenLogprob>) -> Result<(), Overrun> {
        let mut state = self.0.state();
        if state.closed {
            return Ok(());
        }
        let too_long = state.text.len() + text.len() > self.0.limit.text;
        if too_long || state.logprobs.len() + logprobs.len() > self.0.limit.logprobs {
            return Err(Overrun);
        }
        state.logprobs.extend(logprobs);
        state.text.push_str(text);
        state.tokens = state.tokens.saturating_add(tokens);
        drop(state);
        self.0.waker.wake();
        Ok(())
    }

    /// Hands over a vector.
    ///
    /// # Errors
    /// When more lie unread than the job has inputs.
    pub(crate) fn vector(&self, vector: Vec<f32>) -> Result<(), Overrun> {
        let mut state = self.0.state();
        if state.closed {
            return Ok(());
        }
        if state.vectors.len() >= self.0.limit.vectors {
            return Err(Overrun);
        }
        state.vectors.push(vector);
        drop(state);
        self.0.waker.wake();
        Ok(())
    }

    /// Ends the job; only the first end counts.
    pub(crate) fn end(&self, end: JobEvent) {
        let mut state = self.0.state();
        if !state.ended {
            state.ended = true;
            state.end = Some(end);
        }
        drop(state);
        self.0.waker.wake();
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.end(JobEvent::Failed(JobError::WorkerLost));
    }
}

/// The reader's end.
#[derive(Debug)]
pub(crate) struct Receiver(Arc<Inbox>);

impl Receiver {
    /// The next event in order; `None` after the end was read.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<Option<JobEvent>> {
        self.0.waker.register(context.waker());
        let mut state = self.0.state();
        if let Some(started) = state.started.take() {
            return Poll::Ready(Some(started));
        }
        if state.tokens > 0 || !state.text.is_empty() {
            let text = std::mem::take(&mut state.text);
            let tokens = std::mem::take(&mut state.tokens);
            let logprobs = std::mem::take(&mut state.logprobs);
            return Poll::Ready(Some(JobEvent::Delta { text, tokens, logprobs }));
        }
        if !state.vectors.is_empty() {
            return Poll::Ready(Some(JobEvent::Embedded { vectors: std::mem::take(&mut state.vectors) }));
        }
        if let Some(end) = state.end.take() {
            state.finished = true;
            return Poll::Ready(Some(end));
        }
        if state.finished { Poll::Ready(None) } else { Poll::Pending }
    }

    /// Stops reading; says whether the job had already ended.
    pub(crate) fn close(&self) -> bool {
        let mut state = self.0.state();
        state.closed = true;
        state.text = String::new();
        state.logprobs = Vec::new();
        state.vectors = Vec::new();
        state.ended
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use leeward_wire::{EmbedInput, EmbedRequest, GenerateRequest, Likelihood, Prompt, Sampling};

    use super::*;

    fn generating(max_tokens: u32) -> Work {
        let prompt = Prompt::Text { text: "go on".into() };
        Work::Generate(GenerateRequest::new(prompt, Sampling::Greedy, max_tokens))
    }

    #[tokio::test]
    async fn unread_text_is_joined_and_the_end_comes_once() {
        let (sender, receiver) = inbox(&generating(4));
        sender.start(7, "w".into());
        for text in ["a", " b", " c"] {
            sender.delta(text, 1, Vec::new()).expect("within the limit");
        }
        sender.end(JobEvent::Failed(JobError::Shutdown));
        drop(sender);
        let mut events = Vec::new();
        while let Some(event) = poll_fn(|context| receiver.poll(context)).await {
            events.push(event);
        }
        let expected = [
            JobEvent::Started { prompt_tokens: 7, worker: "w".into() },
            JobEvent::Delta { text: "a b c".into(), tokens: 3, logprobs: Vec::new() },
            JobEvent::Failed(JobError::Shutdown),
        ];
        assert_eq!(events, expected);
        assert!(receiver.close());
    }

    #[tokio::test]
    async fn a_sender_that_vanishes_ends_the_job() {
        let (sender, receiver) = inbox(&generating(1));
        drop(sender);
        let event = poll_fn(|context| receiver.poll(context)).await;
        assert_eq!(event, Some(JobEvent::Failed(JobError::WorkerLost)));
    }

    #[test]
    fn what_lies_unread_is_bounded() {
        let (sender, receiver) = inbox(&generating(1));
        let text = "x".repeat(BYTES_SLACK + BYTES_PER_TOKEN);
        assert_eq!(sender.delta(&text, 1, Vec::new()), Ok(()));
        assert_eq!(sender.delta("x", 1, Vec::new()), Err(Overrun));
        let likelihood = Likelihood { id: 1, token: "x".into(), bytes: vec![b'x'], logprob: -0.5 };
        let logprob = TokenLogprob { chosen: likelihood, top: Vec::new() };
        assert_eq!(sender.delta("", 1, vec![logprob; 2]), Err(Overrun));
        assert!(!receiver.close());
        assert_eq!(sender.delta("x", 1, Vec::new()), Ok(()), "nobody reads: nothing is kept");
    }

    #[tokio::test]
    async fn vectors_come_together_and_no_more_of_them_than_inputs() {
        let inputs = vec![EmbedInput::Text("a".into()), EmbedInput::Text("b".into())];
        let (sender, receiver) = inbox(&Work::Embed(EmbedRequest { inputs }));
        sender.start(2, "w".into());
        assert_eq!(sender.vector(vec![1.0]), Ok(()));
        assert_eq!(sender.vector(vec![0.5]), Ok(()));
        assert_eq!(sender.vector(vec![0.0]), Err(Overrun));
        assert_eq!(sender.delta(&"x".repeat(10), 0, Vec::new()), Err(Overrun), "vectors, no text");
        poll_fn(|context| receiver.poll(context)).await;
        let event = poll_fn(|context| receiver.poll(context)).await;
        assert_eq!(event, Some(JobEvent::Embedded { vectors: vec![vec![1.0], vec![0.5]] }));
    }
}
