//! One inference, from admission to settlement.
//!
//! [`admit`] decides residency and makes the intent durable, then hands the work to the fleet; [`settle`]
//! drives it on a task that outlives the caller, so that a disconnect is still counted and recorded. The
//! caller reads [`Event`]s from a bounded channel; the last one is sent only after the outcome is durable.
//! [`count`] answers questions about prompts, from which nothing is generated.
//! Left out until quotas: reserving tokens before, and replacing the reservation after.

mod admit;
mod capture;
mod count;
mod deadline;
mod settle;

use std::{
    fmt,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use futures::future::BoxFuture;
use leeward_dialect::{Dialect, Event as Said, Splitter};
use leeward_domain::{Timestamp, ids::MessageId, residency::Classification, tenant::ModelName};
use leeward_fleet::Work;
use leeward_wire::{FinishReason, TokenLogprob, Usage};
use tokio::sync::mpsc;

pub use admit::admit;
pub use count::{Counted, count, measure, tokenize};

use crate::error::AppError;

/// How sensitive content is taken to be whose sender does not say.
pub const UNSAID: Classification = Classification::Internal;

/// When the last inference was admitted, for work that gives way to people.
#[derive(Debug, Default)]
pub struct Admitted(AtomicI64);

impl Admitted {
    /// The beginning of time if there was none yet.
    pub fn last(&self) -> Timestamp {
        Timestamp::from_unix_micros(self.0.load(Ordering::Relaxed))
    }

    fn now(&self, at: Timestamp) {
        self.0.store(at.unix_micros(), Ordering::Relaxed);
    }
}

/// What is asked, parsed and in range.
pub struct Ask {
    /// The model's name as the caller gave it.
    pub model: String,
    /// What to compute.
    pub work: Work,
    /// How sensitive it is.
    pub class: Classification,
    /// The answer is of no use after this time, if the caller says so.
    pub within: Option<Duration>,
    /// Keeps the answer before the outcome is recorded, for conversations.
    pub keep: Option<Keep>,
    /// The id the answer is kept under, if it is.
    pub kept_as: Option<MessageId>,
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("model", &self.model).finish_non_exhaustive()
    }
}

/// Keeps an answer; called exactly once for every admitted ask, also when it failed or was cancelled.
pub type Keep = Box<dyn FnOnce(Answer) -> BoxFuture<'static, Result<(), AppError>> + Send>;

/// An answer as far as it got.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The text, as the model wrote it.
    pub text: String,
    /// How the model writes.
    pub dialect: Dialect,
    /// How it ended; none if the engine failed.
    pub reason: Option<FinishReason>,
    /// What it cost.
    pub usage: Usage,
}

impl Answer {
    /// What the model said, without what it thought before.
    #[must_use]
    pub fn spoken(&self) -> String {
        let mut splitter = Splitter::new(self.dialect, Vec::<String>::new());
        let mut events = splitter.push(&self.text);
        events.extend(splitter.finish());
        events.into_iter().filter_map(|event| if let Said::Content(text) = event { Some(text) } else { None }).collect()
    }
}

/// What happens to an admitted ask, in order: at most one `Started`, deltas, then one `Done` or `Failed`.
#[derive(Debug)]
pub enum Event {
    /// The prompt was accepted; the model writes like this, and the prompt has this many tokens.
    Started(Dialect, u32),
    /// More text.
    Delta {
        /// What to append.
        text: String,
        /// How likely its tokens were, if that was asked.
        logprobs: Vec<TokenLogprob>,
    },
    /// The end; the outcome is on record.
    Done {
        /// Why it ended.
        reason: FinishReason,
        /// The stop string that ended it, if one did.
        stop: Option<String>,
        /// What it cost.
        usage: Usage,
        /// The vectors, if those were asked for: one for each input, in their order.
        vectors: Vec<Vec<f32>>,
    },
    /// The end without a proper answer; the outcome is on record unless that is what failed.
    Failed(AppError),
}

/// An admitted ask. Dropping it cancels the work.
#[derive(Debug)]
pub struct Running {
    events: mpsc::Receiver<Event>,
    model: ModelName,
}

impl Running {
    /// The model that answers, whatever alias was asked.
    #[must_use]
    pub const fn model(&self) -> &ModelName {
        &self.model
    }

    /// The next event; `None` after the last.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// Waits until the engine has accepted the prompt, so that a refusal still gets a status of its own; says how the
    /// model writes.
    ///
    /// # Errors
    /// What the engine refused it for.
    pub async fn started(&mut self) -> Result<Dialect, AppError> {
        self.accepted().await.map(|(dialect, _)| dialect)
    }

    /// As [`Running::started`]; says how many tokens the prompt has, too.
    ///
    /// # Errors
    /// What the engine refused it for.
    pub async fn accepted(&mut self) -> Result<(Dialect, u32), AppError> {
        match self.next().await {
            Some(Event::Failed(error)) => Err(error),
            Some(Event::Started(dialect, prompt_tokens)) => Ok((dialect, prompt_tokens)),
            Some(Event::Delta { .. } | Event::Done { .. }) => {
                Err(AppError::internal(anyhow::anyhow!("an inference went on before it began")))
            }
            None => Err(AppError::internal(anyhow::anyhow!("an inference ended without an event"))),
        }
    }
}

/// The finish reason as OpenAI spells it; a cancelled answer is one that simply stopped.
#[must_use]
pub const fn finish_reason(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop | FinishReason::Cancelled => "stop",
        FinishReason::Length => "length",
    }
}
