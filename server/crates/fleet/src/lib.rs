//! The fleet: supervises engine workers and hands them jobs.
//!
//! [`Fleet::start`] starts one worker process per [`WorkerSpec`] and keeps it alive: a worker that dies,
//! hangs or breaks the protocol is killed, its running jobs end with [`JobError::WorkerLost`] at once, and
//! it is started again with exponential backoff. [`Fleet::submit`] puts a job into the model's bounded queue
//! and returns a [`Job`], a stream that always ends in exactly one terminal event; dropping it takes the job
//! out of the queue or cancels it in the worker.
//!
//! The parts: [`spec`] is what the caller says, `pool` is a model's state shared between callers and its
//! supervisor, `supervisor` is the life of a worker from start to restart, `session` is one connection to a
//! ready worker, `spawn` makes the process, `queue` decides who is next.
//!
//! To add a message of the protocol: an arm in `session`. To change the order in which tenants are served:
//! `queue` alone. Left out on purpose: other machines (this is the local fleet only), residency, quotas and
//! audit, which the caller does with the [`FleetEvent`]s it is given. Prompt text is never logged.

mod backoff;
mod child;
mod error;
mod event;
mod fleet;
mod inbox;
mod job;
mod pool;
mod queue;
mod service_time;
mod session;
mod spawn;
pub mod spec;
mod status;
mod stderr;
mod supervisor;

pub use error::{CountError, JobError, SubmitError};
pub use event::FleetEvent;
pub use fleet::{Fleet, Verify};
pub use job::{Job, JobEvent, Work};
pub use spec::{FleetConfig, WorkerSpec};
pub use status::{Isolation, ModelState, ModelStatus};
