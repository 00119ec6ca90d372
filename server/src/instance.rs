//! Which of the gateways on one database this is.
//!
//! Open audit intents name the gateway that will end them. A gateway that starts again in its own data directory is
//! the same one, and ends at once what the last run left open. Where several share a directory each has a number of
//! its own, held by a lock on a file that the kernel gives up with the process, however it ends. For the intents of a
//! gateway that does not come back, every gateway says in the database that it is there ([`HEARTBEAT`]): when one has
//! said nothing for [`MISSING_AFTER`], the others end what it left.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::Path,
    time::Duration,
};

use anyhow::{Context as _, bail};
use leeward_domain::{Ambient, Timestamp};
use leeward_store::{Orphans, Store, StoreError};
use rustix::fs::{FlockOperation, flock};
use tokio::time::{Instant, sleep};
use uuid::{Builder, Uuid};

use crate::{audit::recovery, tasks::Tasks};

/// How often a gateway says that it is there.
pub const HEARTBEAT: Duration = Duration::from_secs(3);
/// When it has said nothing for so long, it is gone.
pub const MISSING_AFTER: Duration = Duration::from_secs(15);
/// Gateways that may share a data directory.
const MAX: u32 = 64;

/// A gateway's number in its data directory, its own for as long as this lives.
#[derive(Debug)]
pub struct Instance {
    id: Uuid,
    _lock: File,
}

impl Instance {
    /// Takes the first number nobody has.
    ///
    /// # Errors
    /// When the directory cannot be written to, or too many gateways share it.
    pub fn take(dir: &Path, ambient: &Ambient) -> anyhow::Result<Self> {
        let dir = dir.join("instances");
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        for number in 0..MAX {
            let path = dir.join(number.to_string());
            let opened = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
            let mut file = opened.with_context(|| format!("cannot open {}", path.display()))?;
            if flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
                continue;
            }
            let mut text = String::new();
            file.read_to_string(&mut text).with_context(|| format!("cannot read {}", path.display()))?;
            let id = match text.trim().parse() {
                Ok(id) => id,
                Err(_) => {
                    let id = Builder::from_random_bytes(ambient.bytes()).into_uuid();
                    fs::write(&path, format!("{id}\n")).with_context(|| format!("cannot write {}", path.display()))?;
                    id
                }
            };
            return Ok(Self { id, _lock: file });
        }
        bail!("{MAX} gateways share {} already: give this one a data directory of its own", dir.display())
    }

    /// Names it in the database.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.id
    }
}

/// Whether a gateway of this data directory runs.
///
/// # Errors
/// When its files cannot be opened.
pub fn is_any_running(dir: &Path) -> io::Result<bool> {
    for number in 0..MAX {
        let file = match File::open(dir.join("instances").join(number.to_string())) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            file => file?,
        };
        if flock(&file, FlockOperation::NonBlockingLockShared).is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether there is no gateway of this data directory, nor on this database.
///
/// # Errors
/// When there is one, or neither can be asked.
pub async fn nothing_runs(dir: &Path, store: Option<&Store>, now: Timestamp) -> anyhow::Result<()> {
    let present = match store {
        Some(store) => store.platform_read().await?.is_anybody_present(now).await?,
        None => false,
    };
    if present || is_any_running(dir)? {
        bail!("a gateway is running (or ended less than {} s ago): stop it first", MISSING_AFTER.as_secs());
    }
    Ok(())
}

/// Says from now on that this gateway is there, and ends what others left open. With SQLite there are no others, and
/// what an earlier one left behind is ended at once.
///
/// # Errors
/// When the database fails at once; later failures are tried again.
pub async fn start(store: Store, ambient: Ambient, tasks: &Tasks) -> Result<(), StoreError> {
    if store.backend() == "sqlite" {
        return recovery::close_open_intents(&store, &ambient, Orphans::Absent).await;
    }
    say(&store, &ambient).await?;
    tasks.spawn(async move {
        let mut said = Instant::now();
        loop {
            sleep(HEARTBEAT).await;
            match say(&store, &ambient).await {
                // After an outage of the database nobody has been heard of, and yet they may all be there.
                Ok(()) if said.elapsed() < MISSING_AFTER / 2 => {
                    said = Instant::now();
                    end_what_is_left(&store, &ambient).await;
                }
                Ok(()) => said = Instant::now(),
                Err(error) => tracing::warn!(%error, "could not say that this gateway is there; tried again"),
            }
        }
    });
    Ok(())
}

async fn say(store: &Store, ambient: &Ambient) -> Result<(), StoreError> {
    let mut write = store.platform_write().await?;
    write.present(ambient.now(), MISSING_AFTER).await?;
    write.commit().await
}

async fn end_what_is_left(store: &Store, ambient: &Ambient) {
    match recovery::close_open_intents(store, ambient, Orphans::Absent).await {
        // Or another gateway was faster.
        Ok(()) | Err(StoreError::Conflict { .. }) => {}
        Err(error) => tracing::warn!(%error, "could not end what gateways that are gone left open; tried again"),
    }
}
