//! The door of the crate: start, submit, count, look, stop.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use leeward_domain::{ids::TenantId, tenant::ModelName};
use leeward_wire::{GenerateRequest, Prompt};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{
    error::{CountError, SubmitError},
    event::FleetEvent,
    job::Job,
    pool::{Pool, Question, Reply},
    spawn::Spawner,
    spec::{FleetConfig, WorkerSpec},
    status::ModelStatus,
    supervisor::Supervisor,
};

/// Added to the shutdown grace for killing and reaping what did not exit.
const SHUTDOWN_SLACK: Duration = Duration::from_secs(15);

/// Checks a model's files before a worker may load them; the error says what is wrong, for an operator.
///
/// It is called on a blocking thread before every start of a worker, restarts included.
pub type Verify = Arc<dyn Fn(&WorkerSpec) -> Result<(), String> + Send + Sync>;

/// The local workers; cheap to clone.
///
/// When the last clone is dropped the workers are shut down in the background, within their grace; call
/// [`Fleet::shutdown`] to know that they are gone.
#[derive(Clone)]
pub struct Fleet {
    inner: Arc<Inner>,
}

struct Inner {
    pools: BTreeMap<ModelName, Arc<Pool>>,
    config: Arc<FleetConfig>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("models", &self.inner.pools.keys()).finish_non_exhaustive()
    }
}

impl Fleet {
    /// Starts a worker for each of `specs` and returns at once; [`Fleet::models`] shows how they get on.
    ///
    /// What happens to workers is sent to `events`, which must be read: a worker's restart waits for it for a
    /// while. Of two specs for one model the first counts. Must be called within a tokio runtime.
    #[must_use]
    pub fn start(
        config: FleetConfig,
        specs: Vec<WorkerSpec>,
        verify: Verify,
        events: mpsc::Sender<FleetEvent>,
    ) -> Self {
        let config = Arc::new(config);
        let spawner = Spawner::start();
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let mut pools = BTreeMap::new();
        for spec in specs {
            let name = spec.model.clone();
            if pools.contains_key(&name) {
                tracing::error!(model = %name, "two workers are configured for one model, the second is left out");
                continue;
            }
            let pool = Arc::new(Pool::new(spec, config.queue_capacity));
            pools.insert(name, Arc::clone(&pool));
            let supervisor = Supervisor {
                pool,
                config: Arc::clone(&config),
                spawner: spawner.clone(),
                verify: Arc::clone(&verify),
                events: events.clone(),
                stop: stop.clone(),
                tasks: tasks.clone(),
            };
            tasks.spawn(supervisor.run());
        }
        let _stop_on_drop = stop.clone().drop_guard();
        Self { inner: Arc::new(Inner { pools, config, tasks, stop, _stop_on_drop }) }
    }

    /// Takes a job of `tenant` for `model`; it runs when its turn comes.
    ///
    /// # Errors
    /// When it cannot be taken; nothing was started.
    pub fn submit(&self, model: &ModelName, tenant: TenantId, request: GenerateRequest) -> Result<Job, SubmitError> {
        self.inner.pools.get(model).ok_or(SubmitError::UnknownModel)?.submit(tenant, request)
    }

    /// The chat template of `model`, as its worker gave it; none before the first one was ready.
    #[must_use]
    pub fn template(&self, model: &ModelName) -> Option<Arc<str>> {
        self.inner.pools.get(model)?.template()
    }

    /// How many tokens `prompt` costs, template included.
    ///
    /// # Errors
    /// When the worker is not ready, refuses the prompt, or does not answer within
    /// [`FleetConfig::ping_timeout`].
    pub async fn count(&self, model: &ModelName, prompt: Prompt) -> Result<u32, CountError> {
        self.ask(model, |reply| Question::Count(prompt, reply)).await
    }

    /// The tokens of `text` in the vocabulary of `model`: no template, nothing put around it.
    ///
    /// # Errors
    /// As [`Fleet::count`].
    pub async fn tokenize(&self, model: &ModelName, text: String) -> Result<Vec<u32>, CountError> {
        self.ask(model, |reply| Question::Tokenize(text, reply)).await
    }

    async fn ask<T>(&self, model: &ModelName, question: impl FnOnce(Reply<T>) -> Question) -> Result<T, CountError> {
        let (reply, answer) = oneshot::channel();
        self.inner.pools.get(model).ok_or(CountError::UnknownModel)?.ask(question(reply))?;
        match timeout(self.inner.config.ping_timeout, answer).await {
            Ok(Ok(counted)) => counted,
            Ok(Err(_)) => Err(CountError::WorkerLost),
            Err(_) => Err(CountError::Timeout),
        }
    }

    /// Every model, by name.
    #[must_use]
    pub fn models(&self) -> Vec<ModelStatus> {
        self.inner.pools.values().map(|pool| pool.status()).collect()
    }

    /// Ends every job with [`crate::JobError::Shutdown`], asks the workers to exit, kills those that have not
    /// after [`FleetConfig::shutdown_grace`], and returns when all are reaped. May be called twice.
    pub async fn shutdown(&self) {
        for pool in self.inner.pools.values() {
            pool.close();
        }
        self.inner.stop.cancel();
        self.inner.tasks.close();
        let limit = self.inner.config.shutdown_grace + SHUTDOWN_SLACK;
        if timeout(limit, self.inner.tasks.wait()).await.is_err() {
            tracing::error!("engine workers did not end in time");
        }
    }
}
