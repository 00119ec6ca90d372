//! What a worker counts.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use leeward_wire::WorkerStats;

use super::memory;

/// What [`leeward_wire::FromWorker::Pong`] reports.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) running: AtomicUsize,
    next_id: AtomicUsize,
    prompt_tokens: AtomicU64,
    completion_tokens: AtomicU64,
}

impl Counters {
    /// Counts the tokens of a prompt.
    pub(super) fn prompted(&self, tokens: u32) {
        self.prompt_tokens.fetch_add(u64::from(tokens), Ordering::Relaxed);
    }

    /// Counts a token of an answer.
    pub(super) fn generated(&self) {
        self.completion_tokens.fetch_add(1, Ordering::Relaxed);
    }

    /// A number for a request in the engine, never used before.
    pub(super) fn id(&self) -> usize {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// All of it.
    pub(super) fn stats(&self) -> WorkerStats {
        WorkerStats {
            running: u32::try_from(self.running.load(Ordering::Relaxed)).unwrap_or(u32::MAX),
            resident_bytes: memory::resident_bytes(),
            completion_tokens: self.completion_tokens.load(Ordering::Relaxed),
            prompt_tokens: self.prompt_tokens.load(Ordering::Relaxed),
        }
    }
}
