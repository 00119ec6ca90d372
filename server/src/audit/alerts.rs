//! Alerts: every log that somebody saved an alert over is read on as it grows, and an alert that fires becomes a record
//! of that log, which sinks take to wherever somebody looks.
//!
//! One gateway reads at a time. How far each alert has read and its firings are one transaction with the records of
//! them, so none is told twice or lost. What an alert counted is in memory; whoever takes over reads the records of its
//! window once more. Alerts over the platform's log come from the configuration (`[[audit.alerts]]`).
//!
//! Left out: mail and pagers, which SIEMs and Prometheus have.

use std::{collections::HashMap, time::Duration};

use leeward_domain::{
    Timestamp,
    ids::{AlertId, TenantId},
};
use leeward_ledger::{
    Change, EventCode, LogId, Record,
    alert::{Alert, Evaluator, Firing, Form, Group, Who},
};
use leeward_store::{KeptAlert, Store, StoreError, Watched};
use tokio::time::sleep;

use super::{Draft, sinks::Feed};
use crate::{
    tasks::Tasks,
    telemetry::metrics::{LogLabels, Metrics},
};

/// How often it looks for logs that have grown.
const PERIOD: Duration = Duration::from_millis(500);
/// Logs looked at in one round.
const LOGS: u32 = 64;
/// Records of a log read at a time.
const PAGE: u32 = 500;
/// The name of the lease of whoever reads, and how long it lasts.
const LEASE: (&str, Duration) = ("alerts", Duration::from_secs(30));

/// Makes the alerts over the platform's log those of the configuration. One that stays as it is keeps its place.
///
/// # Errors
/// When the database fails.
pub async fn configure(store: &Store, draft: &Draft, wanted: &[Alert]) -> Result<(), StoreError> {
    let kept = store.platform_read().await?.alerts(None).await?;
    let gone = kept.iter().filter(|kept| !wanted.contains(&kept.alert));
    let new = wanted.iter().filter(|alert| !kept.iter().any(|kept| kept.alert == **alert));
    let (gone, new): (Vec<_>, Vec<_>) = (gone.collect(), new.collect());
    if gone.is_empty() && new.is_empty() {
        return Ok(());
    }
    let mut write = store.platform_write().await?;
    for kept in gone {
        let mut record = draft.on(EventCode::AlertDeleted, "alert", kept.id);
        record.reason = Some(format!("{}: no longer in the configuration", kept.alert.name()));
        write.delete_alert(None, kept.id).await?;
        write.append_audit_to(None, &[record]).await?;
    }
    for alert in new {
        let mut record = draft.on(EventCode::AlertSaved, "alert", alert.name());
        record.changes = told(alert);
        let place = write.append_audit_to(None, &[record]).await?.first().map_or(0, |appended| appended.seq);
        let kept = KeptAlert {
            id: draft.mint(),
            alert: alert.clone(),
            made_by: None,
            made_at: draft.now(),
            next_seq: place,
            fired: None,
        };
        write.add_alert(None, &kept).await?;
    }
    write.commit().await
}

/// Reads on from now on.
pub fn start(feed: Feed, tasks: &Tasks) {
    let mut watch = Watch { feed, counting: HashMap::new(), held_until: None };
    tasks.spawn(async move {
        loop {
            match watch.round().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "alerts could not read the logs; tried again"),
            }
            sleep(PERIOD).await;
        }
    });
}

/// What an alert waits for, for the record of its being saved.
#[must_use]
pub fn told(alert: &Alert) -> Vec<Change> {
    let Form { name, events, outcome, threshold, window_seconds, group_by } = alert.clone().into();
    let events: Vec<_> = events.iter().map(ToString::to_string).collect();
    let to = |field: &str, to: String| Change { field: field.to_owned(), from: None, to: Some(to) };
    let mut told = vec![
        to("name", name),
        to("events", events.join(" ")),
        to("threshold", threshold.to_string()),
        to("window_seconds", window_seconds.to_string()),
        to("group_by", group_by.as_str().to_owned()),
    ];
    told.extend(outcome.map(|outcome| to("outcome", outcome.as_str().to_owned())));
    told
}

/// What each alert over one log counted, and the next record it expects.
type Counted = HashMap<AlertId, (Evaluator, u64)>;

struct Watch {
    feed: Feed,
    counting: HashMap<Option<TenantId>, Counted>,
    held_until: Option<Timestamp>,
}

impl Watch {
    /// Reads one page of each log that has grown; true if one of them has more.
    async fn round(&mut self) -> Result<bool, StoreError> {
        if !self.is_ours().await? {
            self.counting.clear();
            return Ok(false);
        }
        let watched = self.feed.store.platform_read().await?.watched(LOGS).await?;
        let mut more = watched.len() == LOGS as usize;
        let mut failed = None;
        for log in watched {
            // One log that cannot be read keeps no alert over another from firing.
            match self.read(log).await {
                Ok(rest) => more |= rest,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(more), Err)
    }

    /// Reads one page of a log; true if there is more.
    async fn read(&mut self, watched: Watched) -> Result<bool, StoreError> {
        let log = watched.log;
        let mut read = self.feed.store.platform_read().await?;
        let (alerts, entries) = (read.alerts(log).await?, read.audit_range(log, watched.next_seq, PAGE).await?);
        drop(read);
        let Some(end) = entries.last().map(|entry| entry.seq + 1) else { return Ok(false) };
        let records: Vec<_> =
            entries.iter().map(|entry| Ok((entry.seq, entry.record()?))).collect::<Result<_, StoreError>>()?;
        // Out of the way until what was read is kept: if that fails, it is counted again.
        let mut before = self.counting.remove(&log).unwrap_or_default();
        let (mut after, mut looked, mut fired_now) = (Counted::new(), Vec::new(), Vec::new());
        for kept in alerts {
            if kept.next_seq >= end {
                after.extend(before.remove_entry(&kept.id));
                continue;
            }
            let mut evaluator = match before.remove(&kept.id) {
                Some((evaluator, next)) if next == kept.next_seq && *evaluator.alert() == kept.alert => evaluator,
                _ => self.recount(log, &kept, records.first().map(|(_, record)| record.at)).await?,
            };
            let mut fired = None;
            for (seq, record) in records.iter().filter(|(seq, _)| *seq >= kept.next_seq) {
                // An alert that counted alerts could feed itself.
                if record.event == EventCode::AlertFired {
                    continue;
                }
                if let Some(firing) = evaluator.feed(record) {
                    fired_now.push(record_of(&self.feed.draft, log, &kept, &firing, *seq));
                    fired = Some((firing, *seq));
                }
            }
            after.insert(kept.id, (evaluator, end));
            looked.push((kept, fired));
        }
        let mut write = self.feed.store.platform_write().await?;
        for (kept, fired) in &looked {
            if !write.alert_looked(log, kept.id, (kept.next_seq, end), fired.as_ref()).await? {
                // Deleted meanwhile, or read by somebody else: the next round sees how it is.
                return Ok(true);
            }
        }
        if !fired_now.is_empty() {
            write.append_audit_to(log, &fired_now).await?;
        }
        write.commit().await?;
        self.counting.insert(log, after);
        count(&self.feed.metrics, log, &fired_now);
        Ok(end < watched.entries)
    }

    /// What counts for an alert whose count is not known here: its window before `at` is read once more.
    async fn recount(
        &self,
        log: Option<TenantId>,
        kept: &KeptAlert,
        at: Option<Timestamp>,
    ) -> Result<Evaluator, StoreError> {
        let mut evaluator = Evaluator::new(kept.alert.clone());
        if let Some((firing, _)) = &kept.fired {
            evaluator.resume(firing);
        }
        let Some(at) = at else { return Ok(evaluator) };
        let since = at.minus(kept.alert.window()).max(kept.made_at);
        let mut next = self.feed.store.platform_read().await?.audit_first_since(log, since).await?;
        while let Some(place) = next.filter(|place| *place < kept.next_seq) {
            let page = self.feed.store.platform_read().await?.audit_range(log, place, PAGE).await?;
            for entry in page.iter().take_while(|entry| entry.seq < kept.next_seq) {
                let record = entry.record()?;
                if record.event != EventCode::AlertFired {
                    // What it fires for again was told when it was read first.
                    let _told = evaluator.feed(&record);
                }
            }
            next = page.last().map(|entry| entry.seq + 1);
        }
        Ok(evaluator)
    }

    /// Whether it is this gateway's turn.
    async fn is_ours(&mut self) -> Result<bool, StoreError> {
        let now = self.feed.draft.now();
        if self.feed.store.backend() == "sqlite" || self.held_until.is_some_and(|until| now < until) {
            return Ok(true);
        }
        let mut write = self.feed.store.platform_write().await?;
        let mine = write.lease(LEASE.0, now, LEASE.1).await?;
        write.commit().await?;
        self.held_until = mine.then(|| now.plus(LEASE.1 / 2));
        Ok(mine)
    }
}

/// The record of a firing.
fn record_of(draft: &Draft, log: Option<TenantId>, kept: &KeptAlert, firing: &Firing, seq: u64) -> Record {
    let draft = log.map_or_else(|| draft.clone(), |tenant| draft.clone().in_tenant(tenant));
    let whose = match firing.group {
        Group::All => String::new(),
        Group::Actor(Who::User(id)) => format!(" by {id}"),
        Group::Actor(Who::Anonymous) => " by nobody known".into(),
        Group::Actor(Who::System) => " by the service".into(),
        Group::Actor(Who::LocalConsole) => " at the command line".into(),
        Group::Source(Some(address)) => format!(" from {address}"),
        Group::Source(None) => " without an address".into(),
    };
    let (name, many, window) = (kept.alert.name(), kept.alert.threshold(), kept.alert.window().as_secs());
    let mut record = draft.on(EventCode::AlertFired, "alert", kept.id);
    record.reason = Some(format!(
        "{name}: {many} records{whose} within {window} s, the first at {}, the last is number {seq}",
        firing.first
    ));
    record
}

fn count(metrics: &Metrics, log: Option<TenantId>, fired: &[Record]) {
    for record in fired {
        let log = LogId::from(log);
        tracing::warn!(%log, why = record.reason, "an alert fired");
        let labels = LogLabels { log: if log == LogId::Platform { "platform" } else { "tenant" } };
        metrics.alerts_fired.get_or_create(&labels).inc();
    }
}
