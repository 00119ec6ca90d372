//! By when an answer has to be complete: the caller's word, or the house's, whichever is sooner.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::{
    error::{AppError, Code},
    http::terms::TIMEOUT,
};

/// The end of an answer's time. It runs from the admission: waiting in the queue and reading the prompt count, too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    at: Instant,
    after: Duration,
    /// The caller set it.
    asked: bool,
}

impl Deadline {
    /// From now on.
    pub(super) fn of(asked: Option<Duration>, most: Duration) -> Self {
        let after = asked.map_or(most, |asked| asked.min(most));
        Self { at: Instant::now() + after, after, asked: asked.is_some_and(|asked| asked <= most) }
    }

    /// Waits for it; what the caller is told then.
    pub(super) async fn passed(self) -> AppError {
        sleep_until(self.at).await;
        let limit = if self.asked { TIMEOUT } else { "engine.answer_timeout_s" };
        let seconds = self.after.as_secs_f64();
        let detail = format!(
            "the answer was not complete within {seconds} s ({limit}), waiting included; ask for fewer tokens, or at a \
             quieter time"
        );
        AppError::new(Code::DeadlineExceeded, detail)
    }
}
