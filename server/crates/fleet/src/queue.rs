//! Who is next: first come, first served.
//!
//! The one place that knows the order. A fair queue replaces this module and nothing else: it has the
//! tenant of every job.

use std::collections::VecDeque;

use leeward_domain::ids::TenantId;
use leeward_wire::JobId;

use crate::{inbox::Sender, job::Work};

/// A job nobody works on yet.
#[derive(Debug)]
pub(crate) struct QueuedJob {
    pub(crate) id: JobId,
    pub(crate) tenant: TenantId,
    pub(crate) work: Work,
    pub(crate) inbox: Sender,
}

/// The waiting jobs of one model. Its bound is kept by the pool, which knows the free slots.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting: VecDeque<QueuedJob>,
}

impl Queue {
    pub(crate) fn push(&mut self, job: QueuedJob) {
        self.waiting.push_back(job);
    }

    pub(crate) fn pop(&mut self) -> Option<QueuedJob> {
        self.waiting.pop_front()
    }

    /// Takes one job out, wherever it stands.
    pub(crate) fn remove(&mut self, id: JobId) -> Option<QueuedJob> {
        let at = self.waiting.iter().position(|job| job.id == id)?;
        self.waiting.remove(at)
    }

    /// Takes all jobs out.
    pub(crate) fn take(&mut self) -> Vec<QueuedJob> {
        std::mem::take(&mut self.waiting).into()
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}
