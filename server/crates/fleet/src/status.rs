//! How the models are, for health pages and metrics.

use std::time::Duration;

use leeward_domain::tenant::ModelName;
use leeward_wire::SandboxReport;
use serde::Serialize;

/// Who shares a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Isolation {
    /// One tenant.
    Dedicated,
    /// Every tenant; no prefix cache.
    Shared,
}

impl Isolation {
    /// The spelling in JSON and audit records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dedicated => "dedicated",
            Self::Shared => "shared",
        }
    }
}

/// Where a model's worker stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ModelState {
    /// Loading for the first time. Jobs wait.
    Starting,
    /// Takes jobs.
    Ready {
        /// The longest prompt plus answer, in tokens.
        context_length: u32,
    },
    /// The last attempt to load failed. Jobs are refused until the next attempt, after a pause, works.
    Failed {
        /// What went wrong, for an operator.
        message: String,
    },
    /// Lost, and being started again. Jobs wait.
    Restarting,
}

/// A model as the fleet sees it at one moment.
#[derive(Debug, Clone, Serialize)]
pub struct ModelStatus {
    /// Its name.
    pub name: ModelName,
    /// Where its worker stands.
    #[serde(flatten)]
    pub state: ModelState,
    /// Who shares its worker.
    pub isolation: Isolation,
    /// What the sandbox of the latest worker holds back.
    pub sandbox: Option<SandboxReport>,
    /// The engine behind the latest worker and its version.
    pub engine: Option<String>,
    /// Jobs waiting.
    pub queued: usize,
    /// Jobs being worked on.
    pub running: usize,
    /// Jobs it works on at the same time.
    pub slots: usize,
    /// How often a worker that had been ready was lost.
    pub restarts: u64,
    /// How long nothing has waited and nothing has run; zero while something does.
    pub idle: Duration,
    /// The worker's resident memory in bytes, as of its last pong.
    pub resident_bytes: Option<u64>,
    /// How wide its vectors are, if it embeds instead of writing; known once a worker was ready.
    pub embedding: Option<u32>,
}
