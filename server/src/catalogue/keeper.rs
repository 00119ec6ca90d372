//! Keeps what is known of the models, and what the fleet holds, as it was decided.
//!
//! Every [`PERIOD`] the manifests are read again, and the listings from the database: so a model that was imported, and a
//! change that another gateway made, takes effect without a restart. Whoever changes something here calls
//! [`Keeper::look`], and it has taken effect when that returns.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
    time::Duration,
};

use leeward_domain::{ids::TenantId, tenant::ModelName};
use leeward_fleet::{Fleet, FleetConfig, FleetEvent, Job, ModelState, ModelStatus, SubmitError, Work, WorkerSpec};
use leeward_ledger::{EventCode, ModelRef};
use leeward_store::Store;
use tokio::{
    sync::{Mutex, mpsc},
    time::{sleep, timeout},
};

use super::{Catalogue, Known, Model, fit, verify};
use crate::{
    audit::{AuditLog, Draft},
    config::{Config, Engine},
    error::{AppError, Code},
    startup::{engine_path, engine_program},
    tasks::Tasks,
};

/// How often to look.
const PERIOD: Duration = Duration::from_secs(1);
/// How long a look may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Events of the fleet that may wait to be recorded.
const FLEET_EVENTS: usize = 64;

/// Brings the catalogue, the database and the fleet together; cheap to clone.
#[derive(Debug, Clone)]
pub struct Keeper {
    store: Store,
    catalogue: Catalogue,
    fleet: Fleet,
    workers: Arc<Workers>,
    /// One look at a time: two would unload and load each other's models.
    turn: Arc<Mutex<()>>,
    /// Models that nobody asked for a while, so that they were let go of.
    asleep: Arc<Asleep>,
}

/// Held for moments only, and never across an await.
type Asleep = std::sync::Mutex<BTreeSet<ModelName>>;

/// How every worker is started.
#[derive(Debug)]
struct Workers {
    engine: Engine,
    unload_idle: Option<Duration>,
    program: std::path::PathBuf,
    dedicated_to: Option<TenantId>,
}

impl Workers {
    fn spec(&self, catalogue: &Catalogue, model: &Model) -> WorkerSpec {
        let dir = catalogue.weights_dir(&model.weights);
        let mut spec = WorkerSpec::new(model.manifest.name.clone(), self.program.clone(), dir);
        spec.file = model.manifest.single_file().map(str::to_owned);
        spec.sandbox = self.engine.sandbox;
        spec.threads = self.engine.threads;
        spec.slots = self.engine.slots;
        spec.context_length = self.engine.context_length;
        spec.isq = self.engine.isq.map(|isq| isq.as_str().to_owned());
        spec.memory_limit_bytes = self.engine.memory_limit_bytes;
        spec.prefix_cache = self.dedicated_to.is_some();
        spec.domain = self.dedicated_to;
        // The engine looks for its hub client's cache at load: there is none, and nothing may be written.
        spec.env = vec![("HOME".into(), "/nonexistent".into()), ("HF_HOME".into(), "/nonexistent".into())];
        if self.engine.dense_weights {
            // candle's own switch, read when weights are loaded.
            spec.env.push(("CANDLE_DEQUANTIZE_ALL".into(), "1".into()));
        }
        spec
    }
}

/// Whether a worker may load the model: there is room for it, and its files are what was imported.
fn may_load(known: &Known, engine: &Engine, spec: &WorkerSpec) -> Result<(), String> {
    let model = known.get(&spec.model).ok_or_else(|| format!("there is no manifest for {}", spec.model))?;
    let needed = fit::needed(&model.manifest, engine);
    fit::check(needed, spec.memory_limit_bytes, fit::available())?;
    verify::check(&model.manifest, &spec.model_dir)
}

impl Keeper {
    /// Learns what was decided, starts the fleet with the models it is to hold, and keeps looking.
    ///
    /// # Errors
    /// When the database cannot be read, or the engine's program is not there.
    pub async fn start(
        config: &Config,
        (store, catalogue): (&Store, &Catalogue),
        dedicated_to: Option<TenantId>,
        (audit, draft): (&AuditLog, &Draft),
        tasks: &Tasks,
    ) -> anyhow::Result<Self> {
        let engine = config.engine.clone();
        let limits = FleetConfig {
            queue_capacity: engine.queue_capacity,
            load_timeout: engine.load_timeout(),
            stall_timeout: engine.stall_timeout(),
            ..FleetConfig::default()
        };
        let checked = catalogue.clone();
        let setting = config.engine.clone();
        let verify = move |spec: &WorkerSpec| may_load(&checked.known(), &setting, spec);
        let (sender, events) = mpsc::channel(FLEET_EVENTS);
        tasks.spawn(record(events, audit.clone(), draft.clone(), catalogue.clone()));
        // Without models the program is not needed: an appliance can be set up before its engine.
        let empty = catalogue.known().all().next().is_none();
        let program = if empty { engine_path(config)? } else { engine_program(config)? };
        let keeper = Self {
            store: store.clone(),
            catalogue: catalogue.clone(),
            fleet: Fleet::start(limits, Vec::new(), Arc::new(verify), sender),
            workers: Arc::new(Workers {
                engine,
                unload_idle: config.models.unload_idle_s.map(Duration::from_secs),
                program,
                dedicated_to,
            }),
            turn: Arc::default(),
            asleep: Arc::default(),
        };
        keeper.look().await.map_err(|error| anyhow::anyhow!("the models' listings cannot be read: {error}"))?;
        let watching = keeper.clone();
        tasks.spawn(async move {
            loop {
                sleep(PERIOD).await;
                if let Err(error) = watching.look().await {
                    tracing::warn!(%error, "the models cannot be looked over; they stay as they are");
                }
            }
        });
        Ok(keeper)
    }

    /// The workers.
    #[must_use]
    pub fn fleet(&self) -> Fleet {
        self.fleet.clone()
    }

    /// Takes over what was decided, and has the fleet load and unload what follows from it.
    ///
    /// # Errors
    /// When the database or the store cannot be read, or not within [`PATIENCE`]; everything stays as it was.
    pub async fn look(&self) -> Result<(), AppError> {
        timeout(PATIENCE, self.look_over()).await.unwrap_or_else(|_| {
            let detail = format!("the model store's disk does not answer within {} s; look at it", PATIENCE.as_secs());
            Err(AppError::new(Code::ModelNotReady, detail))
        })
    }

    async fn look_over(&self) -> Result<(), AppError> {
        let _turn = self.turn.lock().await;
        let mut tx = self.store.platform_read().await?;
        let (listings, aliases) = (tx.listings().await?, tx.aliases().await?);
        drop(tx);
        let catalogue = self.catalogue.clone();
        let learned = tokio::task::spawn_blocking(move || catalogue.learn(listings, aliases)).await;
        learned.map_err(AppError::internal)?.map_err(AppError::internal)?;
        self.settle();
        Ok(())
    }

    /// Unloads a model and loads it again: its files are checked anew. False if it is not held.
    #[must_use]
    pub async fn reload(&self, model: &Model) -> bool {
        let _turn = self.turn.lock().await;
        let held = self.fleet.unload(&model.manifest.name);
        held && self.fleet.load(self.workers.spec(&self.catalogue, model))
    }

    /// Hands a job of `tenant` to the model's worker. One that sleeps is loaded again, and the job waits for it.
    ///
    /// # Errors
    /// When it cannot be taken; nothing was started.
    pub fn submit(&self, model: &Model, tenant: TenantId, work: Work) -> Result<Job, SubmitError> {
        // Until the job is taken: in between, a look could send the model to sleep.
        let mut asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        self.woken(&mut asleep, model);
        self.fleet.submit(&model.manifest.name, tenant, work)
    }

    /// Has a model that sleeps loaded again.
    pub fn wake(&self, model: &Model) {
        self.woken(&mut self.asleep.lock().unwrap_or_else(PoisonError::into_inner), model);
    }

    fn woken(&self, asleep: &mut BTreeSet<ModelName>, model: &Model) {
        if asleep.remove(&model.manifest.name) {
            self.fleet.load(self.workers.spec(&self.catalogue, model));
        }
    }

    /// Whether a model sleeps.
    #[must_use]
    pub fn sleeps(&self, model: &ModelName) -> bool {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner).contains(model)
    }

    fn settle(&self) {
        let mut asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.catalogue.known();
        let wanted = |model: &Model| model.listing().loaded && known.serves(model);
        let statuses = self.fleet.models();
        if let Some(limit) = self.workers.unload_idle {
            let ready = |status: &ModelStatus| matches!(status.state, ModelState::Ready { .. });
            for status in statuses.iter().filter(|status| ready(status) && status.idle >= limit) {
                tracing::info!(model = %status.name, idle = ?status.idle, "nobody asks for a model, so it is let go of");
                self.fleet.unload(&status.name);
                asleep.insert(status.name.clone());
            }
        }
        asleep.retain(|name| known.get(name).is_some_and(wanted));
        let held: Vec<_> = statuses.into_iter().map(|status| status.name).collect();
        for name in held.iter().filter(|name| !asleep.contains(*name)) {
            if !known.get(name).is_some_and(wanted) {
                tracing::info!(model = %name, "a model is let go of");
                self.fleet.unload(name);
            }
        }
        let missing = |model: &&Model| wanted(model) && !held.contains(&model.manifest.name);
        for model in known.all().filter(missing).filter(|model| !asleep.contains(&model.manifest.name)) {
            self.fleet.load(self.workers.spec(&self.catalogue, model));
        }
    }
}

/// Turns what happens to workers into records of the platform's log.
async fn record(mut events: mpsc::Receiver<FleetEvent>, audit: AuditLog, draft: Draft, catalogue: Catalogue) {
    while let Some(event) = events.recv().await {
        let (code, model, reason) = match event {
            FleetEvent::Loaded { model, load_ms, sandbox } => {
                let tight = if sandbox.is_tight() { "tight" } else { "NOT tight" };
                (EventCode::ModelLoaded, model, format!("load_ms={load_ms} sandbox={} {tight}", sandbox.mode))
            }
            FleetEvent::LoadFailed { model, message } => (EventCode::ModelLoadFailed, model, message),
            FleetEvent::Unloaded { model, status } => (EventCode::ModelUnloaded, model, status),
            FleetEvent::Exited { model, status, jobs_lost } => {
                (EventCode::WorkerExited, model, format!("{status}; {jobs_lost} requests lost"))
            }
        };
        let mut record = draft.on(code, "model", &model);
        let weights = catalogue.known().get(&model).map(|model| model.weights);
        record.model = weights.map(|weights| ModelRef { name: model.to_string(), weights });
        record.reason = Some(reason);
        if let Err(error) = audit.append(None, vec![record]).await {
            tracing::error!(%error, event = code.as_str(), "a worker event could not be recorded");
        }
    }
}
