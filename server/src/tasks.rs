//! Background tasks, owned: the only way to start one in the gateway.
//!
//! A [`Tasks`] counts what runs and can wait for it, so that shutting down never cuts off a settle that
//! still has an audit outcome to write. The raw `tokio::spawn` is banned by `clippy.toml`.

use std::{future::Future, time::Duration};

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

/// The running background tasks; cheap to clone.
#[derive(Debug, Clone)]
pub struct Tasks {
    runtime: Handle,
    tracker: TaskTracker,
}

impl Tasks {
    /// Tasks on `runtime`, whichever thread starts them: a task must not end with the HTTP worker that
    /// happened to take its request.
    #[must_use]
    pub fn on(runtime: Handle) -> Self {
        Self { runtime, tracker: TaskTracker::new() }
    }

    /// Starts `work` and keeps count of it.
    pub fn spawn<F>(&self, work: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.tracker.spawn_on(work, &self.runtime);
    }

    /// Waits at most `grace` for everything that runs. True if all of it ended.
    pub async fn finish(&self, grace: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(grace, self.tracker.wait()).await.is_ok()
    }
}
