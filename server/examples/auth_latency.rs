//! What it costs to know whose API key it is, when nothing has changed since the last time: printed as JSON for
//! `make bench`. The database's own look-up is measured in the same run, for comparison.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::time::{Duration, Instant};

use leeward::{
    accounts,
    auth::{authenticator::Authenticator, epoch::SecurityEpoch, tokens::Tokens},
    config::{Config, Overrides},
    foundation::Foundation,
    tasks::Tasks,
};
use leeward_domain::permission::Role;
use tokio::runtime::Handle;

const WARM: usize = 100_000;
const COLD: usize = 2_000;

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let overrides = Overrides { listen: None, data_dir: Some(dir.path().to_owned()) };
    let config = Config::load(None, overrides).unwrap();
    let Foundation { ambient, store, keyring, .. } = Foundation::open(&config).await.unwrap();
    let (place, name) = (config.place.place(), "bench".parse().unwrap());
    let tenant = accounts::new_tenant(&ambient, &keyring, &place, name).await.unwrap();
    let user = accounts::new_user(&ambient, "a@bench.example".parse().unwrap(), None, vec![Role::Member.into()]);
    let (key, secret) = accounts::new_key(&ambient, user.id, "bench".into());
    let mut tx = store.platform_write().await.unwrap();
    tx.add_tenant(&tenant).await.unwrap();
    let mut tx = tx.into_tenant(tenant.id).await.unwrap();
    tx.add_user(&user, None).await.unwrap();
    tx.add_api_key(&key, &secret.hash()).await.unwrap();
    tx.commit().await.unwrap();

    let tasks = Tasks::on(Handle::current());
    let epoch = SecurityEpoch::watch(store.clone(), &tasks);
    let (issuer, clock) = ("http://localhost".to_owned(), ambient.clone());
    let tokens = Tokens::new(issuer, config.tokens.clone(), store.clone(), keyring, clock, epoch.clone());
    let authenticator = Authenticator::new(store.clone(), ambient, tasks, epoch, tokens);
    let mut cold = Vec::with_capacity(COLD);
    for _ in 0..COLD {
        let begun = Instant::now();
        store.platform_read().await.unwrap().find_api_key(&secret.hash()).await.unwrap().unwrap();
        cold.push(begun.elapsed());
    }
    // Until the watcher has confirmed the epoch nothing is served from memory.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut warm = Vec::with_capacity(WARM);
    for _ in 0..WARM {
        let begun = Instant::now();
        authenticator.by_key(secret.reveal(), None).await.unwrap();
        warm.push(begun.elapsed());
    }
    warm.sort_unstable();
    cold.sort_unstable();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    println!(
        "{{\"warm_median_us\":{:.2},\"warm_p99_us\":{:.2},\"database_median_us\":{:.2},\"requests\":{WARM}}}",
        micros(warm[WARM / 2]),
        micros(warm[WARM - WARM / 100]),
        micros(cold[COLD / 2])
    );
}
