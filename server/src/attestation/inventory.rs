//! Everything that can hold or see data, where it is declared to stand, and what was tested.

use std::collections::BTreeSet;

use anyhow::bail;
use leeward_domain::{ids::TenantId, residency::Place};
use leeward_ledger::{
    EventCode, Outcome,
    attest::{EgressOutcome, EgressTest, Erasure, KeyLocation, ListedPlace, Period, PlaceKind},
};
use leeward_store::{AuditFilter, MAX_PAGE};

use super::Source;

/// The most starts of gateways that are looked at, the newest first.
const STARTS: usize = 10_000;
/// The most permissions to send something somewhere that are looked at, the newest first: each is told once for each
/// version of a policy.
const SENT: usize = 10_000;
/// What each sends to, and its permission.
const SENDING: [(PlaceKind, EventCode); 2] =
    [(PlaceKind::AuditSink, EventCode::TelemetryAllowed), (PlaceKind::Backup, EventCode::BackupCreated)];
/// The most self-tests a report lists, the newest ones.
const TESTS: usize = 1000;

/// The most destroyed keys a report lists.
const ERASURES: usize = 20_000;

/// Places as they are declared here, and those that gateways said they stood at when they started.
pub(super) async fn places(source: &Source<'_>, tenant: TenantId) -> anyhow::Result<Vec<ListedPlace>> {
    let here = source.config.place.place();
    let mut listed = vec![
        listed(PlaceKind::Appliance, "this gateway", &here),
        listed(PlaceKind::Worker, "workers of this gateway", &here),
        listed(PlaceKind::Database, source.store.backend(), &here),
    ];
    listed.extend(keys(source, tenant).iter().map(|key| self::listed(PlaceKind::KeyProvider, &key.id, &key.place)));
    let sinks = &source.config.audit.sinks;
    listed.extend(sinks.iter().map(|sink| self::listed(PlaceKind::AuditSink, &sink.name, &sink.place)));
    let checkpoints = &source.config.audit.checkpoints;
    listed.extend(checkpoints.iter().map(|at| self::listed(PlaceKind::CheckpointStore, at.to.as_str(), &at.place)));
    // They see how long the log is, and a hash.
    let witnesses = &source.config.audit.witnesses;
    listed.extend(witnesses.iter().map(|at| self::listed(PlaceKind::CheckpointStore, at.url.as_str(), &at.place)));
    let backups = &source.config.backups;
    listed.extend(backups.iter().map(|to| self::listed(PlaceKind::Backup, &to.name, &to.place)));
    let telemetry = &source.config.telemetry;
    if let Some(to) = &telemetry.otlp_endpoint {
        listed.push(self::listed(PlaceKind::Telemetry, to.as_str(), telemetry.place.as_ref().unwrap_or(&here)));
    }
    for (kind, event) in SENDING {
        for (place, name) in sent(source, tenant, event).await? {
            if !listed.iter().any(|known| known.place == place) {
                listed.push(self::listed(kind, &name, &place));
            }
        }
    }
    let others: BTreeSet<Place> = gateways(source).await?;
    listed.extend(others.iter().filter(|place| **place != here).flat_map(|place| {
        [(PlaceKind::Appliance, "another gateway"), (PlaceKind::Worker, "workers of another gateway")]
            .map(|(kind, name)| self::listed(kind, name, place))
    }));
    Ok(listed)
}

fn listed(kind: PlaceKind, name: &str, place: &Place) -> ListedPlace {
    ListedPlace { kind, name: name.to_owned(), place: place.clone() }
}

/// Where something of the tenant's was ever allowed to go, as was declared then: what is no longer configured, too.
async fn sent(source: &Source<'_>, tenant: TenantId, by: EventCode) -> anyhow::Result<BTreeSet<(Place, String)>> {
    let filter = AuditFilter { events: vec![by], ..AuditFilter::default() };
    let records = newest(source, Some(tenant), &filter, SENT).await?;
    Ok(records.into_iter().filter_map(|record| Some((record.place?, record.object?.id))).collect())
}

/// Where gateways on this database have ever stood, as they said when they started.
async fn gateways(source: &Source<'_>) -> anyhow::Result<BTreeSet<Place>> {
    let filter = AuditFilter { events: vec![EventCode::ServiceStarted], ..AuditFilter::default() };
    let records = newest(source, None, &filter, STARTS).await?;
    Ok(records.into_iter().filter_map(|record| record.place).collect())
}

/// The guard's self-tests in the period, oldest first.
pub(super) async fn egress_tests(source: &Source<'_>, period: &Period) -> anyhow::Result<Vec<EgressTest>> {
    let filter = AuditFilter {
        events: vec![EventCode::EgressHeld, EventCode::EgressLeaked],
        from: Some(period.from()),
        to: Some(period.to()),
        ..AuditFilter::default()
    };
    let mut tests: Vec<_> = newest(source, None, &filter, TESTS)
        .await?
        .into_iter()
        .map(|record| EgressTest {
            at: record.at,
            outcome: match record.event.outcome() {
                Outcome::Success => EgressOutcome::Blocked,
                Outcome::Failure => EgressOutcome::Reached,
            },
            target: record.reason.unwrap_or_default(),
        })
        .collect();
    tests.reverse();
    Ok(tests)
}

/// Keys that were destroyed in the period. The certificates of each act are had by its record.
pub(super) async fn erasures(source: &Source<'_>, tenant: TenantId, period: &Period) -> anyhow::Result<Vec<Erasure>> {
    let mut read = source.store.tenant_read(tenant).await?;
    let (mut erasures, mut after) = (Vec::new(), 0);
    loop {
        let page = read.erased_between(period.from(), period.to(), after, MAX_PAGE).await?;
        let Some(last) = page.last() else { return Ok(erasures) };
        after = last.seq;
        erasures.extend(page.into_iter().map(|stone| Erasure {
            at: stone.grave.at,
            certificate: None,
            holder: stone.holder.to_string(),
            key: stone.key,
            record: stone.grave.record,
        }));
        if erasures.len() > ERASURES {
            bail!("more than {ERASURES} keys were destroyed in the period: take a shorter one");
        }
    }
}

/// Where the key-encryption keys are held that may open what is the tenant's: the house's, and its own.
pub(super) fn keys(source: &Source<'_>, tenant: TenantId) -> Vec<KeyLocation> {
    let held = source.custody.keys().into_iter().filter(|key| key.tenant.is_none_or(|of| of == tenant));
    held.map(|key| KeyLocation { id: key.key_id.to_string(), place: key.place, provider: key.kind.to_owned() })
        .collect()
}

/// Records of a log, newest first.
async fn newest(
    source: &Source<'_>,
    log: Option<TenantId>,
    filter: &AuditFilter,
    most: usize,
) -> anyhow::Result<Vec<leeward_ledger::Record>> {
    let mut read = source.store.platform_read().await?;
    let (mut records, mut after) = (Vec::new(), None);
    loop {
        let found = read.audit(log, filter, after, MAX_PAGE).await?;
        for entry in &found.entries {
            records.push(entry.record()?);
        }
        after = found.next;
        if after.is_none() || records.len() >= most {
            records.truncate(most);
            return Ok(records);
        }
    }
}
