//! The door of the crate: start, load and unload, submit, count, look, stop.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use leeward_domain::{ids::TenantId, tenant::ModelName};
use leeward_wire::Prompt;
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
    job::{Job, Work},
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
    /// Held for moments only, and never across an await.
    pools: RwLock<BTreeMap<ModelName, Held>>,
    config: Arc<FleetConfig>,
    spawner: Spawner,
    verify: Verify,
    events: mpsc::Sender<FleetEvent>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _stop_on_drop: DropGuard,
}

/// A model that is held, and what ends its worker.
struct Held {
    pool: Arc<Pool>,
    stop: CancellationToken,
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("models", &self.pools().keys()).finish_non_exhaustive()
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
        let stop = CancellationToken::new();
        let _stop_on_drop = stop.clone().drop_guard();
        let fleet = Self {
            inner: Arc::new(Inner {
                pools: RwLock::default(),
                config: Arc::new(config),
                spawner: Spawner::start(),
                verify,
                events,
                tasks: TaskTracker::new(),
                stop,
                _stop_on_drop,
            }),
        };
        for spec in specs {
            let model = spec.model.clone();
            if !fleet.load(spec) {
                tracing::error!(%model, "two workers are configured for one model, the second is left out");
            }
        }
        fleet
    }

    fn pools(&self) -> RwLockReadGuard<'_, BTreeMap<ModelName, Held>> {
        self.inner.pools.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn pool(&self, model: &ModelName) -> Option<Arc<Pool>> {
        self.pools().get(model).map(|held| Arc::clone(&held.pool))
    }

    /// Starts a worker for the model of `spec` and returns at once; false if there is one already, or the fleet is
    /// shutting down. Must be called within a tokio runtime.
    pub fn load(&self, spec: WorkerSpec) -> bool {
        let inner = &self.inner;
        let name = spec.model.clone();
        let mut pools = inner.pools.write().unwrap_or_else(PoisonError::into_inner);
        if pools.contains_key(&name) || inner.stop.is_cancelled() {
            return false;
        }
        let (pool, stop) = (Arc::new(Pool::new(spec, inner.config.queue_capacity)), inner.stop.child_token());
        let supervisor = Supervisor {
            pool: Arc::clone(&pool),
            config: Arc::clone(&inner.config),
            spawner: inner.spawner.clone(),
            verify: Arc::clone(&inner.verify),
            events: inner.events.clone(),
            stop: stop.clone(),
            tasks: inner.tasks.clone(),
        };
        pools.insert(name, Held { pool, stop });
        drop(pools);
        inner.tasks.spawn(supervisor.run());
        true
    }

    /// Lets go of a model and returns at once; false if it is not held. Nothing new is taken; what waits or runs is
    /// answered first, for at most [`FleetConfig::drain_timeout`]. Then the worker is asked to exit, and killed if it
    /// does not. The model may be loaded again meanwhile: for that while there are two workers.
    pub fn unload(&self, model: &ModelName) -> bool {
        let Some(held) = self.inner.pools.write().unwrap_or_else(PoisonError::into_inner).remove(model) else {
            return false;
        };
        held.pool.retire();
        let limit = self.inner.config.drain_timeout;
        self.inner.tasks.spawn(async move {
            tokio::select! {
                () = held.stop.cancelled() => {}
                drained = timeout(limit, held.pool.drained()) => {
                    if drained.is_err() {
                        tracing::warn!(model = %held.pool.spec.model, ?limit, "a model is let go of although it is busy");
                    }
                }
            }
            held.stop.cancel();
        });
        true
    }

    /// Takes a job of `tenant` for `model`; it runs when its turn comes.
    ///
    /// # Errors
    /// When it cannot be taken; nothing was started.
    pub fn submit(&self, model: &ModelName, tenant: TenantId, work: impl Into<Work>) -> Result<Job, SubmitError> {
        self.pool(model).ok_or(SubmitError::UnknownModel)?.submit(tenant, work.into())
    }

    /// The chat template of `model`, as its worker gave it; none before the first one was ready.
    #[must_use]
    pub fn template(&self, model: &ModelName) -> Option<Arc<str>> {
        self.pool(model)?.template()
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
        self.pool(model).ok_or(CountError::UnknownModel)?.ask(question(reply))?;
        match timeout(self.inner.config.ping_timeout, answer).await {
            Ok(Ok(counted)) => counted,
            Ok(Err(_)) => Err(CountError::WorkerLost),
            Err(_) => Err(CountError::Timeout),
        }
    }

    /// Every model, by name.
    #[must_use]
    pub fn models(&self) -> Vec<ModelStatus> {
        self.pools().values().map(|held| held.pool.status()).collect()
    }

    /// Ends every job with [`crate::JobError::Shutdown`], asks the workers to exit, kills those that have not
    /// after [`FleetConfig::shutdown_grace`], and returns when all are reaped. May be called twice.
    pub async fn shutdown(&self) {
        // First, so that nothing is loaded behind our back.
        self.inner.stop.cancel();
        for held in self.pools().values() {
            held.pool.close();
        }
        self.inner.tasks.close();
        let limit = self.inner.config.shutdown_grace + SHUTDOWN_SLACK;
        if timeout(limit, self.inner.tasks.wait()).await.is_err() {
            tracing::error!("engine workers did not end in time");
        }
    }
}
