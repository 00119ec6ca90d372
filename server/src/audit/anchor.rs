//! Anchors: the newest checkpoint of each log, kept outside the database, so that a database restored from an older
//! backup, or cut, is noticed at the next start.
//!
//! In the data directory the newest checkpoint of each log is replaced as the log grows. In each further place
//! (`[[audit.checkpoints]]`: a write-once medium, another machine's disk) every checkpoint is a file of its own that
//! is never touched again: `LOG/SIZE.note`. Auditors check exports against them (`leeward-verify --since`).

use std::{
    collections::HashMap,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};

use leeward_domain::{Timestamp, ids::TenantId};
use leeward_ledger::{Checkpoint, Head, LogId, Signer};
use leeward_store::{SignedHead, Store, StoreError};
use tokio::time::sleep;

use crate::{config::Config, tasks::Tasks};

/// How often the newest checkpoints are put down in the data directory.
const PERIOD: Duration = Duration::from_secs(5);
/// How far apart a log's checkpoints are in a further place, while one process runs.
const FURTHER_EVERY: Duration = Duration::from_secs(600);

/// A log that is not the one an anchor knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Which.
    pub log: LogId,
    /// What was signed, and kept outside the database.
    pub kept: Head,
    /// What the database holds now.
    pub found: Head,
    /// In words.
    pub why: String,
}

/// The anchors of one data directory.
#[derive(Debug, Clone)]
pub struct Anchors {
    dir: PathBuf,
    further: Vec<PathBuf>,
}

impl Anchors {
    /// Those of this configuration.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let further = config.audit.checkpoints.iter().filter_map(|place| place.dir()).collect();
        Self { dir: config.data.dir.join("checkpoints"), further }
    }

    /// Logs that are shorter than an anchor says, or of which the anchored beginning is another.
    ///
    /// # Errors
    /// When an anchor cannot be read, or the database fails.
    pub async fn mismatches(&self, store: &Store, signer: &Signer) -> anyhow::Result<Vec<Mismatch>> {
        let mut found = Vec::new();
        for (path, note) in notes(&self.dir)? {
            let kept = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse::<LogId>().ok());
            let Some(log) = kept else { continue };
            let kept = Checkpoint::open(&note, &signer.verifier_key(&log))
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
            found.extend(compare(store, kept).await?);
        }
        Ok(found)
    }

    /// Forgets a log's anchor; the next one is put down as the log is then.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn forget(&self, log: LogId) -> io::Result<()> {
        match fs::remove_file(self.dir.join(format!("{log}.note"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Puts down checkpoints from now on.
    pub fn start(self, store: Store, tasks: &Tasks) {
        tasks.spawn(async move {
            let mut known = Known::default();
            loop {
                if let Err(error) = self.put_down(&store, &mut known).await {
                    tracing::warn!(%error, "the logs' checkpoints could not be kept outside the database; tried again");
                }
                sleep(PERIOD).await;
            }
        });
    }

    /// Puts down what is newer than what is known to be there.
    ///
    /// # Errors
    /// When a file cannot be written or the database fails.
    pub async fn put_down(&self, store: &Store, known: &mut Known) -> anyhow::Result<()> {
        let heads = store.platform_read().await?.signed_heads().await?;
        for (log, signed) in heads {
            if known.sizes.get(&log) == Some(&signed.head.size) {
                continue;
            }
            replace(&self.dir, &format!("{}.note", LogId::from(log)), &signed.note)?;
            for place in &self.further {
                let due =
                    known.further.get(&(log, place.clone())).is_none_or(|at| signed.at.since(*at) >= FURTHER_EVERY);
                if due {
                    keep_for_good(place, LogId::from(log), &signed)?;
                    known.further.insert((log, place.clone()), signed.at);
                }
            }
            // Last, so that what failed is tried again.
            known.sizes.insert(log, signed.head.size);
        }
        Ok(())
    }
}

/// What was put down so far, so that it is not done again.
#[derive(Debug, Default)]
pub struct Known {
    sizes: HashMap<Option<TenantId>, u64>,
    further: HashMap<(Option<TenantId>, PathBuf), Timestamp>,
}

async fn compare(store: &Store, kept: Checkpoint) -> Result<Option<Mismatch>, StoreError> {
    let log = match kept.log {
        LogId::Platform => None,
        LogId::Tenant(id) => Some(id),
    };
    let mut read = store.platform_read().await?;
    let found = read.audit_checkpoint(log).await?.map_or_else(Head::empty, |signed| signed.head);
    let mismatch = |why: String| Some(Mismatch { log: kept.log, kept: kept.head, found, why });
    if found.size < kept.head.size {
        let why = format!("it has {} signed records, and once had {}", found.size, kept.head.size);
        return Ok(mismatch(why));
    }
    let tiles = read.audit_tiles(log, &[(0, kept.head.size)]).await?;
    if tiles.root(0, kept.head.size) != Some(kept.head.root) {
        return Ok(mismatch(format!("its first {} records are not those that were signed", kept.head.size)));
    }
    Ok(None)
}

/// Every note in the directory; none if there is no directory.
fn notes(dir: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let listed = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        listed => listed?,
    };
    let mut notes = Vec::new();
    for entry in listed {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "note") {
            notes.push((path.clone(), fs::read_to_string(&path)?));
        }
    }
    Ok(notes)
}

/// Writes a file whole or not at all, in the place of an older one.
fn replace(dir: &Path, name: &str, text: &str) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let temporary = dir.join(format!(".{name}"));
    write(fs::File::create(&temporary)?, text)?;
    fs::rename(&temporary, dir.join(name))?;
    fs::File::open(dir)?.sync_all()
}

/// Writes a file that is never touched again; one that is there already is as good.
fn keep_for_good(place: &Path, log: LogId, signed: &SignedHead) -> io::Result<()> {
    let dir = place.join(log.to_string());
    fs::create_dir_all(&dir)?;
    match fs::File::create_new(dir.join(format!("{:020}.note", signed.head.size))) {
        Ok(file) => write(file, &signed.note)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(error),
    }
    fs::File::open(&dir)?.sync_all()
}

fn write(mut file: fs::File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
