//! When to ping, and when a ping went unanswered for too long.

use std::time::Duration;

use tokio::time::Instant;

/// At most one ping is unanswered at any time.
#[derive(Debug)]
pub(super) struct Pings {
    interval: Duration,
    timeout: Duration,
    nonce: u64,
    next: Instant,
    unanswered: Option<Instant>,
}

impl Pings {
    pub(super) fn new(interval: Duration, timeout: Duration) -> Self {
        // The first one at once: it brings the worker's first statistics.
        Self { interval, timeout, nonce: 0, next: Instant::now(), unanswered: None }
    }

    /// The next moment to look again, at the latest `other`.
    pub(super) fn deadline(&self, other: Option<Instant>) -> Instant {
        let own = self.unanswered.map_or(self.next, |sent| sent + self.timeout);
        other.map_or(own, |other| own.min(other))
    }

    /// The nonce of the ping to send now, if it is time.
    pub(super) fn due(&mut self, now: Instant) -> Option<u64> {
        if self.unanswered.is_some() || now < self.next {
            return None;
        }
        self.nonce += 1;
        self.unanswered = Some(now);
        self.next = now + self.interval;
        Some(self.nonce)
    }

    /// Takes an answer; `false` if no such question is open.
    pub(super) fn answered(&mut self, nonce: u64) -> bool {
        nonce == self.nonce && self.unanswered.take().is_some()
    }

    /// Whether the open ping has waited too long.
    pub(super) fn overdue(&self, now: Instant) -> bool {
        self.unanswered.is_some_and(|sent| now >= sent + self.timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_ping_at_a_time_and_each_must_be_answered() {
        let [second, ten] = [1, 10].map(Duration::from_secs);
        let mut pings = Pings::new(ten, second);
        let start = pings.deadline(None);
        assert_eq!(pings.due(start), Some(1));
        assert_eq!(pings.due(start), None);
        assert!(!pings.answered(2) && pings.answered(1) && !pings.answered(1));
        assert_eq!(pings.deadline(None), start + ten);
        assert_eq!(pings.deadline(Some(start + second)), start + second);
        assert_eq!(pings.due(start + second), None);
        assert_eq!(pings.due(start + ten), Some(2));
        assert!(!pings.overdue(start + ten) && pings.overdue(start + ten + second));
    }
}
