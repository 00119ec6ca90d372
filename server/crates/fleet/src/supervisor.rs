//! The life of one model's worker: check the files, start it, serve, reap it, pause, again.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    backoff::Backoff,
    child,
    event::{FleetEvent, deliver},
    fleet::Verify,
    pool::Pool,
    session::{self, Connection, End, Session},
    spawn::{Spawned, Spawner},
    spec::FleetConfig,
    stderr,
};

/// How long a worker that closed its connection has to exit, so that its own exit status is seen.
const EXIT_GRACE: Duration = Duration::from_secs(1);

/// Keeps one model served.
pub(crate) struct Supervisor {
    pub(crate) pool: Arc<Pool>,
    pub(crate) config: Arc<FleetConfig>,
    pub(crate) spawner: Spawner,
    pub(crate) verify: Verify,
    pub(crate) events: mpsc::Sender<FleetEvent>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Supervisor {
    /// Runs until the fleet stops; no process is left behind.
    pub(crate) async fn run(self) {
        let mut backoff = Backoff::new(self.config.backoff_initial, self.config.backoff_max);
        while !self.stop.is_cancelled() {
            self.pool.retrying();
            self.one_life(&mut backoff).await;
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = sleep(backoff.pause()) => {}
            }
        }
    }

    /// One worker process from its start to its end.
    async fn one_life(&self, backoff: &mut Backoff) {
        let deadline = Instant::now() + self.config.load_timeout;
        let spawned = tokio::select! {
            () = self.stop.cancelled() => return,
            spawned = self.launch(deadline) => spawned,
        };
        let Spawned { mut child, socket } = match spawned {
            Ok(spawned) => spawned,
            Err(message) => return self.load_failed(message).await,
        };
        let model = &self.pool.spec.model;
        let pid = child.id().unwrap_or_default();
        tracing::info!(%model, pid, "an engine worker was started");
        if let Some(stderr) = child.stderr.take() {
            self.tasks.spawn(stderr::forward(model.clone(), pid, stderr));
        }

        let mut connection = Connection::new(socket, &self.tasks);
        let shaken = tokio::select! {
            () = self.stop.cancelled() => {
                drop(connection);
                child::end(child, self.config.shutdown_grace).await;
                return;
            }
            shaken = timeout_at(deadline, session::handshake(&mut connection, &self.pool, self.pool.spec.sandbox)) => shaken,
        };
        let (ready, sandbox) = match shaken {
            Ok(Ok(ready)) => ready,
            Ok(Err(lost)) => {
                let status = child::end(child, if lost.exiting { EXIT_GRACE } else { Duration::ZERO }).await;
                return self.load_failed(format!("{} ({status})", lost.reason)).await;
            }
            Err(_) => {
                let status = child::end(child, Duration::ZERO).await;
                let limit = self.config.load_timeout;
                return self.load_failed(format!("it was not ready within {limit:?} ({status})")).await;
            }
        };

        tracing::info!(%model, pid, load_ms = ready.load_ms, context_length = ready.context_length, "a model is loaded");
        self.tell(FleetEvent::Loaded { model: model.clone(), load_ms: ready.load_ms, sandbox }).await;
        self.pool.ready(&ready);
        let began = Instant::now();
        let session = Session::new(&self.pool, &self.config, connection, format!("local/{model}/{pid}"));
        let (end, jobs_lost) = session.run(&self.stop).await;
        self.pool.lost();
        backoff.served(began.elapsed());

        let status = match end {
            End::Stopped => {
                let status = child::end(child, self.config.shutdown_grace).await;
                if self.pool.is_retired() && jobs_lost == 0 {
                    return self.tell(FleetEvent::Unloaded { model: model.clone(), status }).await;
                }
                status
            }
            End::Lost(lost) => {
                let grace = if lost.exiting { EXIT_GRACE } else { Duration::ZERO };
                let status = format!("{} ({})", lost.reason, child::end(child, grace).await);
                tracing::error!(%model, pid, jobs_lost, status, "an engine worker was lost and will be started again");
                status
            }
        };
        self.tell(FleetEvent::Exited { model: model.clone(), status, jobs_lost }).await;
    }

    /// Has the model's files checked, then starts the process.
    async fn launch(&self, deadline: Instant) -> Result<Spawned, String> {
        let (verify, pool) = (Arc::clone(&self.verify), Arc::clone(&self.pool));
        let check = tokio::task::spawn_blocking(move || verify(&pool.spec));
        match timeout_at(deadline, check).await {
            Ok(Ok(verdict)) => verdict?,
            Ok(Err(_)) => return Err("the check of the model's files panicked".into()),
            Err(_) => return Err(format!("checking the model's files took over {:?}", self.config.load_timeout)),
        }
        let program = self.pool.spec.program.display();
        self.spawner.spawn(&self.pool.spec).await.map_err(|error| format!("{program} could not be started: {error}"))
    }

    async fn load_failed(&self, message: String) {
        let model = self.pool.spec.model.clone();
        tracing::error!(%model, message, "a model could not be loaded");
        self.pool.load_failed(&message);
        self.tell(FleetEvent::LoadFailed { model, message }).await;
    }

    async fn tell(&self, event: FleetEvent) {
        deliver(&self.events, event).await;
    }
}

impl Drop for Supervisor {
    /// Nobody serves the queue any more, however this came about: nobody may wait in it.
    fn drop(&mut self) {
        self.pool.close();
    }
}
