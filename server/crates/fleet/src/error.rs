//! Why a job was not taken, or did not finish.

use std::time::Duration;

use leeward_wire::JobFailure;

/// Why a job that was taken ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The worker said so; its neighbours go on.
    #[error(transparent)]
    Worker(JobFailure),
    /// The worker died, or was killed because it hung or broke the protocol. Text received so far stands;
    /// asking again is safe.
    #[error("the engine worker was lost while working on this request; ask again")]
    WorkerLost,
    /// The fleet was shut down.
    #[error("the service is shutting down")]
    Shutdown,
}

/// Why a job was not taken. Nothing was started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// There is no worker for this model.
    #[error("there is no model of this name")]
    UnknownModel,
    /// The worker is dedicated to another tenant.
    #[error("the model's worker is dedicated to another tenant")]
    WrongDomain,
    /// As many jobs wait as may.
    #[error("{limit} requests are waiting for this model, more are not accepted; try again in {} s", retry_after.as_secs())]
    QueueFull {
        /// [`crate::FleetConfig::queue_capacity`].
        limit: usize,
        /// When the queue as it stands should have been served: whole seconds, 1 to 60.
        retry_after: Duration,
    },
    /// The last attempt to load the model failed; the next one comes after a pause.
    #[error("the model could not be loaded: {message}")]
    ModelFailed {
        /// What went wrong, for an operator.
        message: String,
    },
    /// The fleet is being shut down.
    #[error("the service is shutting down")]
    ShuttingDown,
}

/// Why tokens could not be counted or told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CountError {
    /// There is no worker for this model.
    #[error("there is no model of this name")]
    UnknownModel,
    /// The worker is not ready, or too many questions wait.
    #[error("the model is not ready to count tokens; try again")]
    Unavailable,
    /// The worker refused the prompt.
    #[error(transparent)]
    Worker(JobFailure),
    /// The worker was lost before it answered.
    #[error("the engine worker was lost while counting tokens; ask again")]
    WorkerLost,
    /// No answer within [`crate::FleetConfig::ping_timeout`].
    #[error("the engine worker did not count the tokens in time; ask again")]
    Timeout,
}
