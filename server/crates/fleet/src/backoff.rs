//! The pause before a worker is started again.

use std::time::Duration;

/// Doubles from `initial` to `max`.
#[derive(Debug)]
pub(crate) struct Backoff {
    initial: Duration,
    max: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) const fn new(initial: Duration, max: Duration) -> Self {
        Self { initial, max, next: initial }
    }

    /// The pause to make now.
    pub(crate) fn pause(&mut self) -> Duration {
        let pause = self.next.min(self.max);
        self.next = pause.saturating_mul(2).min(self.max);
        pause
    }

    /// Tells how long the worker served; a long healthy time begins anew.
    pub(crate) fn served(&mut self, healthy: Duration) {
        if healthy >= self.max {
            self.next = self.initial;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_to_the_limit_and_begins_anew_after_a_healthy_time() {
        let [one, two, four, five] = [1, 2, 4, 5].map(Duration::from_secs);
        let mut backoff = Backoff::new(one, five);
        assert_eq!([(); 5].map(|()| backoff.pause()), [one, two, four, five, five]);
        backoff.served(four);
        assert_eq!(backoff.pause(), five);
        backoff.served(five);
        assert_eq!(backoff.pause(), one);
    }
}
