//! What work on a data directory needs: to be alone, room, and to leave nothing behind.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use leeward_store::backup::sqlite::files_of;
use rustix::fs::{FlockOperation, flock};

/// Held while a backup is made, looked over or put back in this data directory.
#[derive(Debug)]
pub(super) struct Alone {
    _lock: File,
}

impl Alone {
    /// # Errors
    /// When somebody else is at it.
    pub(super) fn with(dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(dir).with_context(|| format!("cannot make the data directory {}", dir.display()))?;
        let path = dir.join("backup.lock");
        let opened = File::options().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let lock = opened.with_context(|| format!("cannot open {}", path.display()))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            bail!("another backup or restore is at work in {}: wait for it", dir.display());
        }
        Ok(Self { _lock: lock })
    }
}

/// A database file that goes when this does, with its journal. What a crash left under the same name goes first.
#[derive(Debug)]
pub(super) struct Temporary(PathBuf);

impl Temporary {
    /// # Errors
    /// When what was left there cannot be removed.
    pub(super) fn at(path: PathBuf) -> anyhow::Result<Self> {
        for file in files_of(&path) {
            remove(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
        Ok(Self(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        for file in files_of(&self.0) {
            // What cannot be removed now is removed by the next run.
            drop(remove(&file));
        }
    }
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A new file of mode 0600.
pub(super) fn new_file(path: &Path) -> anyhow::Result<File> {
    let made = File::options().create_new(true).write(true).mode(0o600).open(path);
    made.with_context(|| format!("cannot make {}", path.display()))
}

/// Waits until the disk has the directory's names.
pub(super) fn sync_dir(dir: &Path) -> anyhow::Result<()> {
    File::open(dir).and_then(|dir| dir.sync_all()).with_context(|| format!("cannot sync {}", dir.display()))
}

/// So that what is read next is read from the disk.
pub(super) fn forget_cached(path: &Path) -> anyhow::Result<()> {
    let file = File::open(path)?;
    Ok(rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?)
}

/// Bytes that something needs in a directory.
pub(super) struct Need<'a> {
    pub(super) what: &'static str,
    pub(super) dir: &'a Path,
    pub(super) bytes: u64,
}

/// Whether there is room for all of them, and for `spare` bytes more in the first one's directory.
///
/// # Errors
/// Says how much is needed where, and how much there is.
pub(super) fn has_room(needs: &[Need<'_>], spare: u64) -> anyhow::Result<()> {
    let device = |dir: &Path| fs::metadata(dir).map(|dir| dir.dev()).with_context(|| dir.display().to_string());
    for (at, need) in needs.iter().enumerate() {
        let here = device(need.dir)?;
        let mut bytes = if at == 0 { spare } else { 0 };
        for other in needs {
            if device(other.dir)? == here {
                bytes = bytes.saturating_add(other.bytes);
            }
        }
        let disk = rustix::fs::statvfs(need.dir).with_context(|| format!("cannot ask {}", need.dir.display()))?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < bytes {
            bail!(
                "{} needs {} MiB free in {} (with what the service must keep free), and there are {}: make room",
                need.what,
                bytes.div_ceil(1 << 20),
                need.dir.display(),
                free >> 20
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_on_one_disk_add_up_and_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let need = |bytes| Need { what: "a copy", dir: dir.path(), bytes };
        has_room(&[need(1), need(1)], 1).unwrap();
        let half = u64::MAX / 2;
        let error = has_room(&[need(half), need(half)], 1 << 20).unwrap_err().to_string();
        assert!(error.contains("a copy needs") && error.contains("make room"), "{error}");
    }

    #[test]
    fn only_one_is_at_work_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let first = Alone::with(dir.path()).unwrap();
        assert!(Alone::with(dir.path()).unwrap_err().to_string().contains("another backup"));
        drop(first);
        let _second = Alone::with(dir.path()).unwrap();
        let path = dir.path().join("copy");
        for name in ["copy", "copy-wal"] {
            fs::write(dir.path().join(name), "left").unwrap();
        }
        let temporary = Temporary::at(path.clone()).unwrap();
        assert!(!path.exists());
        fs::write(temporary.path(), "made").unwrap();
        drop(temporary);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "the lock's file");
    }
}
