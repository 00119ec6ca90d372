//! Putting the rooms together, and taking them apart again.
//!
//! [`Application::build`] makes everything and binds the port, [`Application::run_until_stopped`] serves.
//! The order of stopping matters: first no new requests, then the running ones settle, then the workers
//! end, then the log says so.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpServer, dev::Server, middleware, web};
use anyhow::{Context as _, bail};
use leeward_domain::{
    Ambient,
    ids::{SigningKeyId, TenantId},
};
use leeward_fleet::{Fleet, ModelState};
use leeward_ledger::EventCode;
use leeward_store::{Orphans, Store};
use rustls::ServerConfig;
use tokio::{runtime::Handle, sync::Semaphore};

use crate::{
    app::{App, LONG_ANSWERS},
    audit::{
        Anchors, AuditLog, Draft, Known, LedgerWatch, SequenceError, alerts, indexer, recovery,
        sinks::{self, Feed},
        witness,
    },
    auth::{
        authenticator::Authenticator, epoch::SecurityEpoch, issuers::Issuers, middleware::authenticate, passkeys,
        password::Passwords, tokens::Tokens,
    },
    catalogue::{Catalogue, keeper::Keeper},
    config::Config,
    error::AppError,
    foundation::Foundation,
    graveyard::Graveyard,
    housekeeping,
    http::{context::observe, routes},
    inference::Admitted,
    instance::{self, Instance},
    keys::Rotation,
    outbound::{Guard, Outbound, SelfTest},
    residency, retention,
    tasks::Tasks,
    telemetry::metrics::Metrics,
    tls,
};

/// How often the record of a stop is tried, and how long apart.
const LAST_TRIES: u32 = 3;
const LAST_PAUSE: Duration = Duration::from_millis(200);

/// The program that runs the workers: `engine.program`, or `leeward-engine` beside this binary.
///
/// # Errors
/// When there is no such file.
pub fn engine_program(config: &Config) -> anyhow::Result<PathBuf> {
    let program = engine_path(config)?;
    if !program.is_file() {
        bail!(
            "the engine's program {} is missing: install leeward-engine there, or set engine.program",
            program.display()
        );
    }
    Ok(program)
}

/// Where the engine's program is to be, whether it is or not.
///
/// # Errors
/// When this program cannot tell where it lies itself.
pub fn engine_path(config: &Config) -> anyhow::Result<PathBuf> {
    Ok(match &config.engine.program {
        Some(program) => program.clone(),
        None => std::env::current_exe()?.with_file_name("leeward-engine"),
    })
}

/// A service that is ready to run.
pub struct Application {
    server: Server,
    app: web::Data<App>,
    address: SocketAddr,
    anchors: Anchors,
    /// Others may have its number when this one is gone.
    _instance: Instance,
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Application {
    /// Binds the port, opens everything, closes what a crash left open, starts the workers.
    ///
    /// # Errors
    /// A busy port, unusable files or database, a bad certificate; the message says what to do.
    pub async fn build(config: Config) -> anyhow::Result<Self> {
        // First, so that a second start by mistake touches nothing of the first.
        let listener = bind(config.http.listen)?;
        let address = listener.local_addr()?;
        let tls = tls::server_config(&config.tls)?;
        let base = Foundation::open(&config).await?;
        let (sequencer, reading) = (base.sequencer(), base.reading());
        let anchors = Anchors::of(&config);
        let Foundation { ambient, store, custody, keyring, signer: _ } = base;
        let graveyard = Graveyard::open(store.clone(), Arc::clone(&keyring), config.tombstones_file()).await?;
        let instance = Instance::take(&config.data.dir, &ambient)?;
        let store = store.with_instance(instance.id());
        recovery::close_open_intents(&store, &ambient, Orphans::Own).await?;
        let runtime = Handle::current();
        let metrics = Arc::new(Metrics::default());
        let audit = AuditLog::start(store.clone(), Arc::clone(&metrics), &Tasks::on(runtime.clone()));
        let ledger = watch_ledger(&config, &store, &audit, &ambient);
        let mut started = Draft::system(&ambient).on(EventCode::ServiceStarted, "configuration", config.digest());
        started.place = Some(config.place.place());
        audit.append(None, vec![started]).await?;

        let catalogue = Catalogue::open(&config.models_dir(), config.models.two_people)?;
        let dedicated_to = dedicated_to(&config, &store).await?;
        let (records, tasks) = (Draft::system(&ambient), Tasks::on(runtime.clone()));
        let models = Keeper::start(&config, (&store, &catalogue), dedicated_to, (&audit, &records), &tasks).await?;
        let epoch = SecurityEpoch::watch(store.clone(), &Tasks::on(runtime.clone()));
        let public_url = public_url(&config, address);
        let (keys, clock) = (Arc::clone(&keyring), ambient.clone());
        let tokens = Tokens::new(public_url.clone(), config.tokens.clone(), store.clone(), keys, clock, epoch.clone());
        record_rotation(tokens.rotate(false).await, &audit, &ambient).await?;
        let outbound = Outbound::new(&config.outbound(), Guard::new(&config.outbound.networks));
        let forbidden = config.outbound.refused_by_network.clone();
        let (log, draft) = (audit.clone(), Draft::system(&ambient));
        let egress = SelfTest::start(outbound.clone(), forbidden, log, draft, &Tasks::on(runtime.clone())).await?;
        let feed = Feed {
            store: store.clone(),
            audit: audit.clone(),
            draft: Draft::system(&ambient),
            outbound: outbound.clone(),
            metrics: Arc::clone(&metrics),
        };
        sinks::start(&config.audit.sinks, &feed, &Tasks::on(runtime.clone()))?;
        let every = Duration::from_secs(config.audit.witness_every_s);
        witness::start(&config.audit.witnesses, every, &feed, &Tasks::on(runtime.clone()))?;
        alerts::configure(&store, &feed.draft, &config.audit.alerts).await?;
        alerts::start(feed, &Tasks::on(runtime.clone()));
        instance::start(store.clone(), ambient.clone(), &Tasks::on(runtime.clone())).await?;
        let tasks = Tasks::on(runtime);
        let app = web::Data::new(App {
            passwords: Passwords::new(&config.auth, &ambient)?,
            authenticator: Authenticator::new(store.clone(), ambient.clone(), tasks.clone(), epoch, tokens),
            egress,
            admitted: Admitted::default(),
            long_answers: Arc::new(Semaphore::new(LONG_ANSWERS)),
            issuers: Issuers::new(outbound, ambient.clone()),
            passkeys: passkeys::at(&public_url),
            public_url,
            place: config.place.place(),
            config,
            graveyard,
            ambient,
            store,
            custody,
            keyring,
            audit,
            ledger,
            sequencer: sequencer.clone(),
            reading,
            catalogue,
            fleet: models.fleet(),
            models,
            metrics,
            tasks,
            dedicated_to,
        });
        app.graveyard.start(&Tasks::on(Handle::current()));
        retention::start(app.clone().into_inner(), &Tasks::on(Handle::current()));
        housekeeping::start(app.clone().into_inner(), &Tasks::on(Handle::current()));
        let (keys, draft) = (Arc::clone(&app.keyring), Draft::system(&app.ambient));
        Rotation::new(&app.config, app.store.clone(), keys, app.ambient.clone(), draft)
            .start(&Tasks::on(Handle::current()));
        residency::start(app.clone().into_inner(), &Tasks::on(Handle::current()));
        sequencer.start(&Tasks::on(Handle::current()), tell_of_trees);
        indexer::start(app.store.clone(), &Tasks::on(Handle::current()));
        anchors.clone().start(app.store.clone(), &Tasks::on(Handle::current()));
        let server = serve(listener, tls, app.clone())?;
        Ok(Self { server, app, address, anchors, _instance: instance })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.app.config.tls.is_on() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Serves until `stop` resolves, then ends in good order. `ready` is called once requests are answered:
    /// when every model is loaded, or has failed to.
    ///
    /// # Errors
    /// When the server itself breaks.
    pub async fn run_until_stopped(
        self,
        ready: impl FnOnce(&str),
        stop: impl Future<Output = ()>,
    ) -> anyhow::Result<()> {
        let url = self.url();
        let grace = Duration::from_secs(self.app.config.http.shutdown_grace_s);
        let handle = self.server.handle();
        let life = async {
            tokio::pin!(stop);
            tokio::select! {
                () = models_settled(&self.app.fleet) => {
                    ready(&url);
                    stop.await;
                }
                () = &mut stop => {}
            }
            tracing::info!("stopping: no new requests; running answers may finish");
            handle.stop(true).await;
        };
        let (served, ()) = tokio::join!(self.server, life);
        served?;
        if !self.app.tasks.finish(grace).await {
            tracing::warn!(grace_s = grace.as_secs(), "some answers did not finish in time and are cut off");
        }
        self.app.fleet.shutdown().await;
        last_words(&self.app).await?;
        // So that the last words are signed too; if that fails, the next start does it.
        if let Err(error) = self.app.sequencer.finish().await {
            tracing::warn!(%error, "the logs' last trees could not be grown; the next start does it");
        }
        if let Err(error) = self.anchors.put_down(&self.app.store, &mut Known::default()).await {
            tracing::warn!(%error, "the logs' last checkpoints could not be kept outside the database");
        }
        self.app.store.close().await;
        Ok(())
    }
}

/// Records the stop. A connection to the database belongs to the server's thread that opened it, and ends with that
/// thread: one found broken is given up for another.
async fn last_words(app: &App) -> Result<(), AppError> {
    let mut tries = 1;
    loop {
        // A record of its own each time: whether one that failed was kept is not known.
        let stopped = Draft::system(&app.ambient).event(EventCode::ServiceStopped);
        match app.audit.append(None, vec![stopped]).await {
            Err(error) if tries < LAST_TRIES => {
                tracing::warn!(%error, tries, "the stop could not be recorded; tried again")
            }
            done => return done,
        }
        tries += 1;
        tokio::time::sleep(LAST_PAUSE).await;
    }
}

/// Watches the audit log's disk: with SQLite it is ours; PostgreSQL has its own and tells of it itself.
fn watch_ledger(config: &Config, store: &Store, audit: &AuditLog, ambient: &Ambient) -> LedgerWatch {
    let room = (store.backend() == "sqlite").then(|| config.data.dir.clone());
    let (draft, limit) = (Draft::system(ambient), config.audit.min_free_mib << 20);
    LedgerWatch::start(store.clone(), audit.clone(), draft, room, limit, &Tasks::on(Handle::current()))
}

/// Says that the audit logs' trees cannot be grown, and when they can again.
fn tell_of_trees(error: Option<&SequenceError>) {
    match error {
        Some(error) => tracing::error!(%error, "the audit logs' trees cannot be grown; tried again"),
        None => tracing::info!("the audit logs' trees grow again"),
    }
}

/// Where browsers reach the service: `http.public_url`, or this machine under its own name for itself.
fn public_url(config: &Config, address: SocketAddr) -> String {
    let scheme = if config.tls.is_on() { "https" } else { "http" };
    let url = config.http.public_url.clone();
    url.unwrap_or_else(|| format!("{scheme}://localhost:{}", address.port())).trim_end_matches('/').to_owned()
}

/// Puts a new signing key on record.
///
/// # Errors
/// When it could not be made or recorded.
pub async fn record_rotation(
    made: Result<Option<SigningKeyId>, AppError>,
    audit: &AuditLog,
    ambient: &Ambient,
) -> anyhow::Result<()> {
    if let Some(id) = made? {
        let record = Draft::system(ambient).on(EventCode::SigningKeyRotated, "signing_key", id);
        audit.append(None, vec![record]).await?;
    }
    Ok(())
}

fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {} on {} is in use by another program; stop it, or choose another port with --listen",
            address.port(),
            address.ip()
        ),
        _ => anyhow::Error::new(error).context(format!("cannot listen on {address}")),
    })
}

fn serve(listener: TcpListener, tls: Option<ServerConfig>, app: web::Data<App>) -> anyhow::Result<Server> {
    let http = &app.config.http;
    let (workers, head_timeout) = (http.workers.max(1), Duration::from_secs(http.head_timeout_s));
    let grace = http.shutdown_grace_s;
    let server = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(app.clone())
            .wrap(middleware::from_fn(authenticate))
            .wrap(middleware::from_fn(observe))
            .wrap(middleware::Compress::default())
            .configure(routes::configure)
    })
    .on_connect(tls::keep_peer_certificates)
    .workers(workers)
    .client_request_timeout(head_timeout)
    .shutdown_timeout(grace)
    .disable_signals();
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls)?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

async fn dedicated_to(config: &Config, store: &Store) -> anyhow::Result<Option<TenantId>> {
    let Some(name) = &config.engine.dedicated_to else { return Ok(None) };
    let parsed = name.parse().with_context(|| format!("engine.dedicated_to = {name:?}"))?;
    let tenant = store.platform_read().await?.tenant_by_name(&parsed).await?;
    let tenant = tenant.with_context(|| format!("engine.dedicated_to names no tenant: {name:?}"))?;
    Ok(Some(tenant.id))
}

/// Resolves when no model is still being loaded for the first time. The fleet bounds how long that takes.
async fn models_settled(fleet: &Fleet) {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    while fleet.models().iter().any(|status| matches!(status.state, ModelState::Starting)) {
        pause.tick().await;
    }
}
