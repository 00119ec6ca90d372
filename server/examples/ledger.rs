//! What the audit ledger costs: appends a second, the time to an acknowledgement, searches in a big log.
//!
//! `cargo run --example ledger -- [--database URL] [--seconds N]`; searches: `scripts/search-bench.py`. Figures are of this machine and this
//! minute; the disk's own `fdatasync` is measured in the same run, on the same disk, to compare with. With PostgreSQL
//! the disk measured is still the data directory's.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "it measures time and owns its tasks")]

use std::{
    collections::BTreeMap,
    io::Write as _,
    os::unix::fs::FileExt as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use leeward::{
    audit::{AuditLog, Draft, indexer},
    config::Config,
    foundation::Foundation,
    tasks::Tasks,
    telemetry::metrics::Metrics,
};
use leeward_domain::{
    Ambient, Sha256Digest, Timestamp,
    ids::{ApiKeyId, PrefixedId as _, RequestId, TenantId, UserId},
    principal::AuthMethod,
    residency::{Classification, Decision, Place},
};
use leeward_ledger::{Actor, EventCode, ModelRef, Object, Phase, Record, Tokens};
use leeward_store::{AuditFilter, Store};
use tokio::runtime::Handle;
use uuid::Uuid;

/// Tenants that write side by side.
const TENANTS: usize = 8;
/// Callers that wait for their record, each for one at a time.
const CALLERS: usize = 256;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let given = |name: &str| arguments.iter().position(|argument| argument == name).map(|at| arguments[at + 1].clone());
    let seconds: u64 = given("--seconds").map_or(10, |text| text.parse().unwrap());
    let records: u64 = given("--records").map_or(0, |text| text.parse().unwrap());
    if let Some(dir) = given("--search") {
        let mut config = Config::default();
        config.data.dir = dir.into();
        search(&Foundation::open(&config).await.unwrap().store, records).await;
        return;
    }
    let dir = tempfile::tempdir_in(given("--dir").unwrap_or_else(|| ".".into())).unwrap();
    let mut config = Config::default();
    config.data.dir = dir.path().to_path_buf();
    if let Some(url) = given("--database") {
        config.database.url = Some(url);
    }
    let base = Foundation::open(&config).await.unwrap();
    println!("database {}", base.store.backend());

    let (rate, p99) = disk(dir.path());
    println!("disk: {rate:.0} fdatasync/s, p99 {:.2} ms", p99 * 1e3);
    let tasks = Tasks::on(Handle::current());
    base.sequencer().start(&tasks, |error| {
        if let Some(error) = error {
            println!("sequencer: {error}");
        }
    });
    indexer::start(base.store.clone(), &tasks);
    let store = base.store.clone();
    tasks.spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            store.shorten_journal().await.unwrap();
        }
    });
    let audit = AuditLog::start(base.store.clone(), Arc::new(Metrics::default()), &tasks);
    let maker = Arc::new(Maker::new(base.ambient.clone()));

    let (p50, high) = latency(&audit, &maker, Duration::from_secs(seconds)).await;
    println!("latency at 1000/s: p50 {:.2} ms, p99 {:.2} ms ({:.1} x the disk's)", p50 * 1e3, high * 1e3, high / p99);
    let before = resident();
    let appended = throughput(&audit, &maker, Duration::from_secs(seconds)).await;
    let per_second = appended as f64 / seconds as f64;
    println!(
        "throughput: {per_second:.0} appends/s, {:.1} for each fdatasync the disk does; resident {} -> {} MiB",
        per_second / rate,
        before,
        resident()
    );
    let lag = lag(&base.store).await;
    println!("entries not in a signed tree one second later: {lag}");
}

/// How many times a second the disk makes 8 KiB durable, and the 99th percentile.
fn disk(dir: &std::path::Path) -> (f64, f64) {
    let mut file = std::fs::File::create(dir.join("disk")).unwrap();
    file.write_all(&vec![0; 8 << 20]).unwrap();
    file.sync_all().unwrap();
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < Duration::from_secs(2) {
        let one = Instant::now();
        file.write_all_at(&[1; 8192], (times.len() as u64 % 1024) * 8192).unwrap();
        file.sync_data().unwrap();
        times.push(one.elapsed().as_secs_f64());
    }
    let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
    (rate, percentile(&mut times, 0.99))
}

fn percentile(times: &mut [f64], part: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * part) as usize]
}

/// This process's memory, in MiB.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    (text.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4096) >> 20
}

/// Makes records as an inference leaves them.
struct Maker {
    ambient: Ambient,
    tenants: Vec<TenantId>,
    users: Vec<UserId>,
}

impl Maker {
    fn new(ambient: Ambient) -> Self {
        let tenants = (0..TENANTS).map(|_| ambient.mint()).collect();
        let users = (0..1000).map(|_| ambient.mint()).collect();
        Self { ambient, tenants, users }
    }

    fn record(&self, number: u64, tenant: TenantId) -> Record {
        let actor = Actor::User {
            id: self.users[number as usize % self.users.len()],
            method: AuthMethod::ApiKey,
            api_key: Some(self.ambient.mint::<ApiKeyId>()),
            project: None,
            session: None,
        };
        let event = if number.is_multiple_of(50) { EventCode::InferenceRefused } else { EventCode::InferenceCompleted };
        let mut record = Draft::system(&self.ambient).in_tenant(tenant).record(event, Phase::Event);
        record.actor = actor;
        record.source = Some([10, 1, 2, 3].into());
        record.request = Some(self.ambient.mint::<RequestId>());
        record.trace = Some(format!("{:032x}", number / 2));
        record.object = Some(Object { kind: "model".into(), id: format!("model-{}", number % 5) });
        record.decision = Some(Decision {
            allowed: true,
            policy_hash: Sha256Digest::of(b"policy"),
            policy_version: 3,
            rule: "process: site roma is in the tenant's list".into(),
        });
        record.classification = Some(Classification::Internal);
        record.place = Some(Place {
            ceiling: Classification::Internal,
            jurisdiction: "IT".into(),
            region: "Lazio".into(),
            site: "roma".into(),
        });
        record.isolation = Some("shared".into());
        record.model = Some(ModelRef { name: "demo".into(), weights: Sha256Digest::of(b"weights") });
        record.tokens = Some(Tokens { cached: 0, input: 123, output: 45 });
        record.finish_reason = Some("stop".into());
        record.prompt_hmac = Some(Sha256Digest::of(&number.to_be_bytes()));
        record.output_hmac = Some(Sha256Digest::of(b"out"));
        record
    }
}

async fn throughput(audit: &AuditLog, maker: &Arc<Maker>, length: Duration) -> u64 {
    let (count, end) = (Arc::new(AtomicU64::new(0)), Instant::now() + length);
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (audit, maker, count) = (audit.clone(), Arc::clone(maker), Arc::clone(&count));
            tokio::spawn(async move {
                let tenant = maker.tenants[caller % TENANTS];
                let mut number = caller as u64;
                while Instant::now() < end {
                    audit.append(Some(tenant), vec![maker.record(number, tenant)]).await.unwrap();
                    count.fetch_add(1, Ordering::Relaxed);
                    number += CALLERS as u64;
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    count.load(Ordering::Relaxed)
}

/// A thousand a second, whether or not the ones before are done.
async fn latency(audit: &AuditLog, maker: &Arc<Maker>, length: Duration) -> (f64, f64) {
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    let end = Instant::now() + length;
    let (mut calls, mut number) = (Vec::new(), 0);
    while Instant::now() < end {
        tick.tick().await;
        let (audit, maker) = (audit.clone(), Arc::clone(maker));
        number += 1;
        calls.push(tokio::spawn(async move {
            let tenant = maker.tenants[number as usize % TENANTS];
            let record = maker.record(number, tenant);
            let begin = Instant::now();
            audit.append(Some(tenant), vec![record]).await.unwrap();
            begin.elapsed().as_secs_f64()
        }));
    }
    let mut times = Vec::new();
    for call in calls {
        times.push(call.await.unwrap());
    }
    (percentile(&mut times, 0.5), percentile(&mut times, 0.99))
}

async fn lag(store: &Store) -> u64 {
    tokio::time::sleep(Duration::from_secs(1)).await;
    let waiting = store.platform_read().await.unwrap().unsequenced(1000).await.unwrap();
    waiting.iter().map(|log| log.entries - log.signed.size).sum()
}

/// Searches as people make them, in the log of so many records that `scripts/search-bench.py` made.
async fn search(store: &Store, records: u64) {
    let tenant = TenantId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001));
    let user = |number: u64| {
        UserId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_9000_0000_0000_0000 + u128::from(number % 1000)))
    };
    let start = Timestamp::from_unix_micros(1_767_225_600_000_000);
    let at = |number: u64| start.plus(Duration::from_millis(number * 50));
    let all = AuditFilter::default;
    let mut questions: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for round in 0..100_u64 {
        let some = (round * 7_919_993) % records;
        for (name, filter) in [
            ("newest", all()),
            ("one day", AuditFilter { from: Some(at(some)), to: Some(at(some + 1_728_000)), ..all() }),
            ("actor", AuditFilter { actor: Some(user(some)), ..all() }),
            (
                "actor, one day",
                AuditFilter { actor: Some(user(some)), from: Some(at(some)), to: Some(at(some + 1_728_000)), ..all() },
            ),
            (
                "failures before",
                AuditFilter { outcome: Some(leeward_ledger::Outcome::Failure), to: Some(at(some)), ..all() },
            ),
            ("event", AuditFilter { events: vec![EventCode::InferenceRefused], to: Some(at(some)), ..all() }),
            (
                "inference.*",
                AuditFilter {
                    events: EventCode::ALL
                        .iter()
                        .copied()
                        .filter(|code| code.as_str().starts_with("inference."))
                        .collect(),
                    to: Some(at(some)),
                    ..all()
                },
            ),
            ("trace", AuditFilter { trace: Some(format!("{:032x}", some / 2)), ..all() }),
            (
                "object, failures",
                AuditFilter {
                    object: Some(format!("model-{}", some % 5)),
                    outcome: Some(leeward_ledger::Outcome::Failure),
                    to: Some(at(some)),
                    ..all()
                },
            ),
            ("address nobody has", AuditFilter { source: Some("192.0.2.1".into()), ..all() }),
        ] {
            let one = Instant::now();
            store.tenant_read(tenant).await.unwrap().audit(&filter, None, 50).await.unwrap();
            questions.entry(name).or_default().push(one.elapsed().as_secs_f64());
        }
    }
    let mut every: Vec<f64> = questions.values().flatten().copied().collect();
    for (name, mut times) in questions {
        println!(
            "search {name}: p50 {:.1} ms, p95 {:.1} ms",
            percentile(&mut times, 0.5) * 1e3,
            percentile(&mut times, 0.95) * 1e3
        );
    }
    println!("search, all kinds: p95 {:.1} ms; resident {} MiB", percentile(&mut every, 0.95) * 1e3, resident());
}
