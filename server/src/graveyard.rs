//! Keys that were destroyed stay destroyed: their tombstones are kept apart from the database, and put back into one
//! that was restored from before.
//!
//! Deleting keys and setting up their tombstones is one transaction of the store. Here they are appended to a file
//! beside the keys, each line committing to all before it, and the keyring is told to refuse those keys. Whoever
//! erases waits for that. At the start the two are compared: what the database lacks is put back and the keys that came
//! back with it are deleted; what the file lacks is appended. Left out: who may erase and what holds forbid it
//! (`http`), and what runs out by retention, which runs out again.

use std::{
    collections::HashSet,
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, anyhow};
use leeward_domain::ids::TenantId;
use leeward_keyring::{
    Keyring,
    erasure::{Head, Tombstone, TombstoneList},
};
use leeward_store::{Grave, KeptTombstone, Store};
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
    time::{Instant, sleep, timeout_at},
};

use crate::tasks::Tasks;

/// How often it is looked for what other gateways erased.
const PERIOD: Duration = Duration::from_millis(500);
/// How long somebody who erases waits for the disk.
const PATIENCE: Duration = Duration::from_secs(10);
/// Tombstones read at a time.
const PAGE: u32 = 500;

/// The tombstones of this installation.
#[derive(Clone)]
pub struct Graveyard {
    store: Store,
    keyring: Arc<Keyring>,
    path: PathBuf,
    known: Arc<Mutex<Known>>,
    tasks: Tasks,
}

impl std::fmt::Debug for Graveyard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Graveyard").field("path", &self.path).finish_non_exhaustive()
    }
}

struct Known {
    list: TombstoneList,
    keys: HashSet<(TenantId, String)>,
    /// The place of the last row seen.
    seq: u64,
}

impl Graveyard {
    /// Reads the file, and makes it and the database agree.
    ///
    /// # Errors
    /// When the file was altered or cannot be written, or the database fails.
    pub async fn open(store: Store, keyring: Arc<Keyring>, path: PathBuf) -> anyhow::Result<Self> {
        let list = read(&path)?;
        keyring.bury(&list);
        let keys = list.tombstones().iter().map(|stone| (stone.tenant, stone.key.to_string())).collect();
        let known = Known { list, keys, seq: 0 };
        let tasks = Tasks::on(Handle::current());
        let graveyard = Self { store, keyring, path, known: Arc::new(Mutex::new(known)), tasks };
        let put_back = graveyard.put_back().await?;
        if put_back > 0 {
            tracing::warn!(
                put_back,
                "the database lacked tombstones, as one put back from a backup does: what was erased since is erased again"
            );
        }
        graveyard.catch_up().await?;
        Ok(graveyard)
    }

    /// Looks for what other gateways erased, on a task nobody waits for: it ends with the process.
    pub fn start(&self, tasks: &Tasks) {
        let graveyard = self.clone();
        tasks.spawn(async move {
            let mut failing = false;
            loop {
                sleep(PERIOD).await;
                match graveyard.catch_up().await {
                    Ok(_) => failing = false,
                    Err(error) if !failing => {
                        failing = true;
                        tracing::error!(%error, "tombstones cannot be kept apart from the database; tried again");
                    }
                    Err(_) => {}
                }
            }
        });
    }

    /// Keeps every tombstone that the database has by now, and gives the head of the list. When it returns, no backup of
    /// the database brings back what was erased before.
    ///
    /// # Errors
    /// When the database fails, or the file cannot be written, or not within ten seconds: it is still tried then.
    pub async fn catch_up(&self) -> anyhow::Result<Head> {
        let late = |_| anyhow!("the disk with {} has not answered for {} s", self.path.display(), PATIENCE.as_secs());
        let deadline = Instant::now() + PATIENCE;
        let known = timeout_at(deadline, Arc::clone(&self.known).lock_owned()).await.map_err(late)?;
        // A task of its own: what hangs goes on holding the list, so that nobody writes the same lines twice.
        let (tell, told) = oneshot::channel();
        let graveyard = self.clone();
        self.tasks.spawn(async move { drop(tell.send(graveyard.take_in(known).await)) });
        timeout_at(deadline, told).await.map_err(late)??
    }

    /// Takes in what the database has beyond the list, and writes it down.
    async fn take_in(self, mut known: OwnedMutexGuard<Known>) -> anyhow::Result<Head> {
        loop {
            let page = self.store.platform_read().await?.tombstones(known.seq, PAGE).await?;
            let Some(last) = page.last().map(|stone| stone.seq) else { return Ok(known.list.head()) };
            let fresh: Vec<_> =
                page.iter().filter(|kept| !known.keys.contains(&(kept.tenant, kept.key.clone()))).collect();
            let mut list = known.list.clone();
            let mut lines = String::new();
            for kept in &fresh {
                let stone = stone(kept)?;
                self.keyring.bury_one(&stone);
                lines.push_str(&list.push(stone));
            }
            if !lines.is_empty() {
                let (path, text) =
                    (self.path.clone(), if known.list.tombstones().is_empty() { list.text() } else { lines });
                let whole = known.list.tombstones().is_empty();
                tokio::task::spawn_blocking(move || write(&path, &text, whole)).await??;
            }
            known.keys.extend(fresh.into_iter().map(|kept| (kept.tenant, kept.key.clone())));
            known.list = list;
            known.seq = last;
        }
    }

    /// Puts into the database what only the file knows, and says how many tombstones that were.
    async fn put_back(&self) -> anyhow::Result<usize> {
        let present = self.present().await?;
        let known = self.known.lock().await;
        // A tenant's own key, which has no holder, went with the tenant's row.
        let lacking: Vec<_> = known
            .list
            .tombstones()
            .iter()
            .filter_map(|stone| {
                let (key, grave) = (stone.key.to_string(), Grave { at: stone.at, record: stone.record });
                let (tenant, holder) = (stone.tenant, stone.holder?);
                (!present.contains(&(tenant, key.clone()))).then_some(KeptTombstone {
                    seq: 0,
                    tenant,
                    holder,
                    key,
                    grave,
                })
            })
            .collect();
        for page in lacking.chunks(PAGE as usize) {
            let mut tx = self.store.platform_write().await?;
            for kept in page {
                tx.put_back_tombstone(kept).await?;
            }
            tx.commit().await?;
        }
        Ok(lacking.len())
    }

    /// The keys whose tombstones the database has.
    async fn present(&self) -> anyhow::Result<HashSet<(TenantId, String)>> {
        let (mut present, mut after) = (HashSet::new(), 0);
        loop {
            let page = self.store.platform_read().await?.tombstones(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(present) };
            after = last.seq;
            present.extend(page.into_iter().map(|kept| (kept.tenant, kept.key)));
        }
    }
}

fn stone(kept: &KeptTombstone) -> anyhow::Result<Tombstone> {
    let key = kept.key.parse().with_context(|| format!("the tombstone of {:?} names no key", kept.key))?;
    Ok(Tombstone { at: kept.grave.at, tenant: kept.tenant, holder: Some(kept.holder), key, record: kept.grave.record })
}

/// The list in the file; empty if there is none. A last line without its end was torn by a power failure: the database
/// has it still.
fn read(path: &Path) -> anyhow::Result<TombstoneList> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(TombstoneList::default()),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let end = text.rfind('\n').map_or(0, |at| at + 1);
    if end < text.len() {
        File::options().write(true).open(path)?.set_len(end as u64)?;
    }
    if end == 0 {
        return Ok(TombstoneList::default());
    }
    let whole = text.get(..end).unwrap_or_default();
    TombstoneList::parse(whole).with_context(|| {
        format!("{} was altered; restore it from where it is kept apart from the data", path.display())
    })
}

/// Appends the text, or begins the file with it, and waits until the disk has it.
fn write(path: &Path, text: &str, whole: bool) -> anyhow::Result<()> {
    let context = || format!("cannot write {}", path.display());
    let mut file =
        File::options().create(true).write(true).append(!whole).truncate(whole).open(path).with_context(context)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(context)?;
    if let (true, Some(dir)) = (whole, path.parent()) {
        File::open(dir).and_then(|dir| dir.sync_all()).with_context(context)?;
    }
    Ok(())
}
