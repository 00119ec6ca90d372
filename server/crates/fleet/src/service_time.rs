//! How long jobs take lately, to say when it is worth asking again.

use std::time::Duration;

/// The weight of the newest job in the moving average.
const NEWEST: f64 = 0.2;
/// Assumed before any job has finished.
const UNKNOWN: Duration = Duration::from_secs(5);

/// An exponential moving average of the time from a job's start in a worker to its end.
#[derive(Debug, Default)]
pub(crate) struct ServiceTime {
    seconds: Option<f64>,
}

impl ServiceTime {
    pub(crate) fn record(&mut self, took: Duration) {
        let took = took.as_secs_f64();
        self.seconds = Some(self.seconds.map_or(took, |mean| mean + NEWEST * (took - mean)));
    }

    /// When `queued` jobs should have been taken by `slots` workers' places: whole seconds, 1 to 60.
    pub(crate) fn retry_after(&self, queued: usize, slots: usize) -> Duration {
        let mean = self.seconds.unwrap_or(UNKNOWN.as_secs_f64());
        let rounds = queued.div_ceil(slots.max(1)).max(1);
        let wait = mean * f64::from(u32::try_from(rounds).unwrap_or(u32::MAX));
        Duration::from_secs_f64(wait.ceil().clamp(1.0, 60.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_recent_jobs_within_its_bounds() {
        let mut times = ServiceTime::default();
        assert_eq!(times.retry_after(2, 1), Duration::from_secs(10));
        times.record(Duration::from_millis(1500));
        assert_eq!(times.retry_after(3, 2), Duration::from_secs(3));
        assert_eq!(times.retry_after(0, 0), Duration::from_secs(2));
        assert_eq!(times.retry_after(1_000_000, 1), Duration::from_secs(60));
        for _ in 0..100 {
            times.record(Duration::ZERO);
        }
        assert_eq!(times.retry_after(4, 4), Duration::from_secs(1));
    }
}
