//! Group commit: records that arrive while a commit is running share the next one.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use leeward_domain::ids::TenantId;
use leeward_ledger::Record;
use leeward_store::{Store, StoreError};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout},
};

use crate::{
    error::{AppError, Code},
    tasks::Tasks,
    telemetry::metrics::Metrics,
};

/// How many appends may wait; with the bodies bounded elsewhere this bounds the writer's memory.
const QUEUE: usize = 1024;
/// How many appends share one commit.
const BATCH: usize = 256;
/// Commits begin at least this far apart: many records a second share them, and one alone does not wait.
const PACE: Duration = Duration::from_micros(1500);
/// How long an append may take, from handing it over to its being durable.
const DEADLINE: Duration = Duration::from_secs(10);

struct Append {
    log: Option<TenantId>,
    records: Vec<Record>,
    done: oneshot::Sender<Result<(), StoreError>>,
}

/// The handle to the one writer; cheap to clone.
#[derive(Debug, Clone)]
pub struct AuditLog {
    queue: mpsc::Sender<Append>,
    metrics: Arc<Metrics>,
}

impl AuditLog {
    /// Starts the writer.
    #[must_use]
    pub fn start(store: Store, metrics: Arc<Metrics>, tasks: &Tasks) -> Self {
        let (queue, inbox) = mpsc::channel(QUEUE);
        tasks.spawn(run(store, inbox));
        Self { queue, metrics }
    }

    /// Appends the records to one log (the platform's if `log` is `None`) and returns once they are durable.
    ///
    /// # Errors
    /// `audit_unavailable` when that did not happen within the deadline, whatever the cause: the caller must
    /// then not answer. `conflict` when an outcome's intent is closed already.
    pub async fn append(&self, log: Option<TenantId>, records: Vec<Record>) -> Result<(), AppError> {
        let started = Instant::now();
        let count = records.len() as u64;
        let (done, durable) = oneshot::channel();
        let written = timeout(DEADLINE, async {
            let handed = self.queue.send(Append { log, records, done }).await;
            if handed.is_err() { Err(None) } else { durable.await.map_err(|_| None)?.map_err(Some) }
        })
        .await
        .unwrap_or(Err(None));
        self.metrics.audit_seconds.observe(started.elapsed().as_secs_f64());
        match written {
            Ok(()) => {
                self.metrics.audit_records.inc_by(count);
                Ok(())
            }
            Err(Some(conflict @ StoreError::Conflict { .. })) => Err(conflict.into()),
            Err(cause) => {
                self.metrics.audit_failures.inc();
                let detail = "the audit log cannot be written, so nothing is answered; an operator must look at \
                              /readyz and the log";
                let source = cause.map(anyhow::Error::new);
                Err(AppError { source, ..AppError::new(Code::AuditUnavailable, detail) })
            }
        }
    }
}

async fn run(store: Store, mut inbox: mpsc::Receiver<Append>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut next = Instant::now();
    while inbox.recv_many(&mut batch, BATCH).await > 0 {
        sleep_until(next).await;
        while batch.len() < BATCH
            && let Ok(append) = inbox.try_recv()
        {
            batch.push(append);
        }
        next = Instant::now() + PACE;
        match commit(&store, &batch).await {
            Ok(()) => batch.drain(..).for_each(|append| answer(append, Ok(()))),
            // One refused append must not fail its neighbours: each gets a transaction of its own.
            Err(_) if batch.len() > 1 => {
                for append in batch.drain(..) {
                    let result = commit(&store, std::slice::from_ref(&append)).await;
                    answer(append, result);
                }
            }
            Err(error) => {
                if let Some(append) = batch.pop() {
                    answer(append, Err(error));
                }
            }
        }
    }
}

async fn commit(store: &Store, batch: &[Append]) -> Result<(), StoreError> {
    let mut logs: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for append in batch {
        logs.entry(append.log).or_default().extend(&append.records);
    }
    let mut tx = store.platform_write().await?;
    tx.append_audit_all(logs).await?;
    tx.commit().await
}

fn answer(append: Append, result: Result<(), StoreError>) {
    if let Err(error) = &result {
        tracing::error!(%error, records = append.records.len(), "audit append failed");
    }
    // The request may have given up waiting; the record is in the log all the same.
    drop(append.done.send(result));
}
