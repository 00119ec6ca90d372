//! Sinks: further places that records go to (`[[audit.sinks]]`): a SIEM, a collector, a file on another disk.
//!
//! The log itself is the spool: a sink has a place in each log up to which it has taken records, kept in the database,
//! and goes on from there after an outage or a restart. So a sink that hangs holds up nothing but itself, and memory
//! is bounded by one batch. Everything arrives at least once and in order within its log; a receiver tells a record
//! that came twice by its log and number. What went wrong, and that it goes on, is on record.
//!
//! A tenant's records go to a sink only where the tenant's policy allows `telemetry` ([`may_have`](Sink::may_have)); until
//! it does they wait, and nothing is lost. The platform's own log is the operator's to send anywhere.
//!
//! To add a way to deliver: a file here, a variant of [`Way`], its scheme in [`Carrier`].
//! Left out: choosing records by their event (receivers filter), and turning the schema into theirs.

mod file;
mod otlp;
mod syslog;

use std::{sync::Arc, time::Duration};

use leeward_domain::{
    ids::TenantId,
    residency::{Classification, Purpose},
};
use leeward_ledger::{
    EventCode, LogId, Object, Record,
    render::{Entry, Format, Host},
};
use leeward_store::{Store, StoreError, Undelivered};
use tokio::time::{Instant, sleep, timeout};

use super::{AuditLog, Draft};
use crate::{
    config::{Carrier, SinkSection},
    error::Code,
    outbound::Outbound,
    tasks::Tasks,
    telemetry::metrics::{Metrics, SinkLabels},
};

/// How often a sink that has everything is looked after.
const PERIOD: Duration = Duration::from_millis(500);
/// Logs looked at in one round.
const LOGS: u32 = 64;
/// Records handed over together, at most.
const BATCH: u32 = 500;
/// No further record joins a batch of so many bytes: collectors bound what they take at once.
const BATCH_BYTES: usize = 256 * 1024;
/// The first wait after a failure; doubled with each further one.
const BACKOFF: Duration = Duration::from_secs(1);
/// The longest wait after a failure.
const MAX_BACKOFF: Duration = Duration::from_secs(60);
/// How long a gateway feeds a sink before it must say so again.
const LEASE: Duration = Duration::from_secs(30);

/// How sensitive records are: they hold no content, and say who did what.
pub const CLASS: Classification = Classification::Internal;

/// Why a batch was not delivered; for people, without secrets.
#[derive(Debug, thiserror::Error)]
enum SinkError {
    /// The sink's fault.
    #[error("{0}")]
    Sink(String),
    /// Our database's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How batches travel.
enum Way {
    Syslog(syslog::Syslog),
    Otlp(otlp::Otlp),
    File(file::File),
}

/// What a batch is made of, ready to be sent.
struct Batch<'a> {
    host: &'a Host,
    format: Format,
    log: LogId,
    records: &'a [(u64, Record)],
}

impl Batch<'_> {
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.records.iter().map(|(seq, record)| Entry { log: self.log, seq: *seq, record })
    }

    /// Each record as it is to be written.
    fn rendered(&self) -> impl Iterator<Item = String> {
        self.entries().map(|entry| self.format.render(self.host, entry))
    }
}

/// What sinks share.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Where records are.
    pub store: Store,
    /// Where a sink's failures go on record.
    pub audit: AuditLog,
    /// Makes those records.
    pub draft: Draft,
    /// The way out.
    pub outbound: Outbound,
    /// Whether each sink takes what it is given.
    pub metrics: Arc<Metrics>,
}

/// Starts feeding every sink.
///
/// # Errors
/// When a sink's certificate files cannot be read: better now than at its first record.
pub fn start(sections: &[SinkSection], feed: &Feed, tasks: &Tasks) -> anyhow::Result<()> {
    let host = hostname();
    for section in sections {
        let way = match section.carrier() {
            Some(Carrier::SyslogTls | Carrier::SyslogTcp) => {
                Way::Syslog(syslog::Syslog::new(section.clone(), feed.outbound.clone()))
            }
            Some(Carrier::Otlp) => Way::Otlp(otlp::Otlp::new(section.clone(), feed.outbound.clone())),
            Some(Carrier::File) => Way::File(file::File::new(section)?),
            None => anyhow::bail!("audit.sinks {:?}: there is no way to {}", section.name, section.to),
        };
        section.trust().map_err(|error| anyhow::anyhow!("audit.sinks {:?}: {error}", section.name))?;
        let labels = SinkLabels { sink: section.name.clone() };
        let sink = Sink {
            section: section.clone(),
            way,
            host: host.clone(),
            feed: feed.clone(),
            labels,
            after: None,
            broken: false,
            held_until: None,
        };
        tasks.spawn(sink.run());
    }
    Ok(())
}

/// This machine's name, as syslog and others want it.
fn hostname() -> Host {
    rustix::system::uname().nodename().to_str().ok().and_then(|name| name.parse().ok()).unwrap_or_else(Host::unknown)
}

struct Sink {
    section: SinkSection,
    way: Way,
    host: Host,
    feed: Feed,
    labels: SinkLabels,
    /// The log of the last page of logs; none at its beginning.
    after: Option<Option<TenantId>>,
    /// Whether the last attempt failed.
    broken: bool,
    held_until: Option<Instant>,
}

impl Sink {
    async fn run(mut self) {
        let mut backoff = BACKOFF;
        loop {
            match self.round().await {
                Ok(true) => backoff = BACKOFF,
                Ok(false) => sleep(PERIOD).await,
                Err(error) => {
                    tracing::warn!(sink = self.section.name, %error, wait_s = backoff.as_secs(), "a sink takes nothing");
                    sleep(backoff).await;
                    backoff = (backoff * 2).min(MAX_BACKOFF);
                }
            }
        }
    }

    /// Delivers a batch of each log that has something; true if anything was delivered.
    async fn round(&mut self) -> Result<bool, SinkError> {
        if !self.may_feed().await? {
            return Ok(false);
        }
        let mut read = self.feed.store.platform_read().await?;
        let logs = read.undelivered(&self.section.name, self.after, LOGS).await?;
        drop(read);
        // So that the many cannot starve the last.
        self.after = logs.last().filter(|_| logs.len() as u64 == u64::from(LOGS)).map(|due| due.log);
        let mut wanted = Vec::new();
        for due in logs.into_iter().filter(|due| self.section.wants(LogId::from(due.log))) {
            if self.may_have(&due).await? {
                wanted.push((due.log, due.next_seq));
            }
        }
        let (mut taken, mut failed) = (Vec::new(), None);
        for (log, next) in &wanted {
            match self.deliver(*log, *next).await {
                Ok(next) => taken.push((*log, next)),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        // What could not be delivered, and what was not even tried.
        let left = wanted.get(taken.len()..).unwrap_or_default();
        self.put_down(&taken, left, failed.as_ref()).await?;
        match failed {
            Some(error) => Err(error),
            None => Ok(!taken.is_empty() || self.after.is_some()),
        }
    }

    /// Whether the policy of the tenant whose log it is allows it. What it says is put on record when it says something
    /// new: for each version of a policy there is a record on each sink.
    async fn may_have(&self, due: &Undelivered) -> Result<bool, SinkError> {
        let (Some(tenant), Some(policy)) = (due.log, &due.policy) else { return Ok(due.log.is_none()) };
        let decision = policy.decide(Purpose::Telemetry, &self.section.place, CLASS);
        if due.decision.as_ref() == Some(&decision) {
            return Ok(decision.allowed);
        }
        let code = if decision.allowed { EventCode::TelemetryAllowed } else { EventCode::TelemetryRefused };
        let mut record = self.feed.draft.clone().in_tenant(tenant).on(code, "audit_sink", &self.section.name);
        record.reason = (!decision.allowed).then(|| Code::ResidencyDenied.as_str().to_owned());
        record.decision = Some(decision.clone());
        record.classification = Some(CLASS);
        record.place = Some(self.section.place.clone());
        let mut write = self.feed.store.platform_write().await?;
        write.sink_decided(&self.section.name, tenant, &decision).await?;
        write.append_audit_to(Some(tenant), &[record]).await?;
        write.commit().await?;
        Ok(decision.allowed)
    }

    /// Hands over what comes next in the log; gives the place after it.
    async fn deliver(&mut self, log: Option<TenantId>, next: u64) -> Result<u64, SinkError> {
        let entries = self.feed.store.platform_read().await?.audit_range(log, next, BATCH).await?;
        let mut records = Vec::with_capacity(entries.len());
        let mut bytes = 0;
        for entry in &entries {
            if bytes >= BATCH_BYTES {
                break;
            }
            bytes += entry.entry.len();
            records.push((entry.seq, entry.record()?));
        }
        let after = records.last().map_or(next, |(seq, _)| seq + 1);
        let (format, host) = (self.section.format(), &self.host);
        let batch = Batch { host, format, log: LogId::from(log), records: &records };
        let sent = async {
            match &mut self.way {
                Way::Syslog(way) => way.deliver(&batch).await,
                Way::Otlp(way) => way.deliver(&batch).await,
                Way::File(way) => way.deliver(&batch).await,
            }
        };
        // Each way has its own deadlines; this one is for what they forgot.
        let limit = self.section.timeout() * 3;
        timeout(limit, sent)
            .await
            .unwrap_or_else(|_| Err(format!("it took nothing within {} s", limit.as_secs())))
            .map_err(SinkError::Sink)?;
        Ok(after)
    }

    /// Notes how far the sink is, and its failure or that it is over.
    async fn put_down(
        &mut self,
        taken: &[(Option<TenantId>, u64)],
        left: &[(Option<TenantId>, u64)],
        failed: Option<&SinkError>,
    ) -> Result<(), SinkError> {
        let (name, now) = (self.section.name.clone(), self.feed.draft.now());
        let why = match failed {
            Some(SinkError::Sink(why)) => Some(why.as_str()),
            // A database that fails can take no note.
            Some(SinkError::Store(_)) | None => None,
        };
        if !taken.is_empty() || why.is_some() {
            let mut write = self.feed.store.platform_write().await?;
            for (log, next) in taken {
                write.delivered(&name, *log, *next, now).await?;
            }
            for (log, _) in left {
                write.undeliverable(&name, *log, why.unwrap_or_default(), now).await?;
            }
            write.commit().await?;
        }
        if let (Some(why), false) = (why, self.broken) {
            self.tell(EventCode::SinkFailed, why).await;
            self.broken = true;
        } else if self.broken && !taken.is_empty() {
            self.tell(EventCode::SinkResumed, "it takes records again").await;
            self.broken = false;
        }
        self.feed.metrics.sink_up.get_or_create(&self.labels).set(i64::from(!self.broken));
        if let Some((_, next)) = taken.last() {
            tracing::debug!(sink = name, next, logs = taken.len(), "delivered audit records");
        }
        Ok(())
    }

    /// Puts on record how the sink is; where that fails, the next failure says it.
    async fn tell(&self, event: EventCode, why: &str) {
        let mut record = self.feed.draft.event(event);
        record.object = Some(Object { kind: "audit_sink".into(), id: self.section.name.clone() });
        record.reason = Some(why.chars().take(500).collect());
        if let Err(error) = self.feed.audit.append(None, vec![record]).await {
            tracing::error!(sink = self.section.name, %error, "how a sink is could not be recorded");
        }
    }

    /// Whether it is this gateway's turn: where there are several, one feeds each sink.
    async fn may_feed(&mut self) -> Result<bool, SinkError> {
        let now = Instant::now();
        if self.feed.store.backend() == "sqlite" || self.held_until.is_some_and(|until| now < until) {
            return Ok(true);
        }
        let mut write = self.feed.store.platform_write().await?;
        let mine = write.lease(&format!("sink:{}", self.section.name), self.feed.draft.now(), LEASE).await?;
        write.commit().await?;
        self.held_until = mine.then(|| now + LEASE / 2);
        Ok(mine)
    }
}
