//! One answer, timed at the receiving end.

use std::time::Instant;

/// What an answer took.
pub(crate) struct Turn {
    /// Tokens per second from the first token to the last.
    pub(crate) rate: f64,
    /// Seconds from the question to the first token.
    pub(crate) first: f64,
    pub(crate) prompt_tokens: u32,
    pub(crate) text: String,
}

/// When tokens came, and how many after the first.
pub(crate) struct Stopwatch {
    asked: Instant,
    first: Option<Instant>,
    last: Option<Instant>,
    after: f64,
}

impl Stopwatch {
    /// Starts with the question.
    pub(crate) fn start() -> Self {
        Self { asked: Instant::now(), first: None, last: None, after: 0.0 }
    }

    pub(crate) fn tokens(&mut self, count: u32) {
        let now = Instant::now();
        if self.first.is_none() {
            self.first = Some(now);
        } else {
            self.after += f64::from(count);
        }
        self.last = Some(now);
    }

    pub(crate) fn turn(&self, prompt_tokens: u32, text: String) -> Turn {
        let (first, last) = (self.first.expect("a token"), self.last.expect("a token"));
        Turn {
            rate: self.after / last.duration_since(first).as_secs_f64(),
            first: first.duration_since(self.asked).as_secs_f64(),
            prompt_tokens,
            text,
        }
    }
}
