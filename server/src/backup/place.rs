//! Giving a SQLite database that is whole the place of another: at every instant one of the two is there, whole.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use leeward_domain::Timestamp;
use leeward_store::{
    StoreError,
    backup::sqlite::{self, files_of},
};

use super::work;

/// What the names of databases that were replaced begin with.
const REPLACED: &str = "leeward.db.replaced-";

/// Puts `new` in the place of `database`, which stays beside it under the name that is given back.
///
/// # Errors
/// When another program has the old one open, or the disk fails; then the old one is in its place.
pub(super) async fn put_in_place(new: &Path, database: &Path, now: Timestamp) -> anyhow::Result<Option<PathBuf>> {
    let dir = database.parent().context("the database has no directory")?;
    let kept = if database.exists() { Some(set_aside(database, dir, now).await?) } else { None };
    let [_, journal, shared] = files_of(database);
    // The old one's journal would be taken for the new one's.
    for file in [journal, shared] {
        work::remove(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    fs::rename(new, database).with_context(|| format!("cannot name {}", database.display()))?;
    work::sync_dir(dir)?;
    Ok(kept)
}

/// Gives the old database a second name; it keeps its first until the new one takes it.
async fn set_aside(database: &Path, dir: &Path, now: Timestamp) -> anyhow::Result<PathBuf> {
    match sqlite::make_whole(database).await {
        Ok(()) => {}
        Err(StoreError::Unavailable(why)) => bail!("the old database cannot be set aside: {why}"),
        // It cannot be read any more: then it is kept as it is, with what SQLite left of its journal.
        Err(_) => {}
    }
    forget_second_names(database, dir)?;
    let at: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let kept = dir.join(format!("{REPLACED}{at}"));
    for (from, to) in files_of(database).iter().zip(files_of(&kept)).take(2) {
        if from.exists() {
            fs::hard_link(from, &to).with_context(|| format!("cannot make {}", to.display()))?;
        }
    }
    work::sync_dir(dir)?;
    Ok(kept)
}

/// A restore that was broken off before its last step left the database in use a second name.
fn forget_second_names(database: &Path, dir: &Path) -> anyhow::Result<()> {
    let used = fs::metadata(database)?.ino();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(REPLACED));
        if is_ours && entry.metadata()?.ino() == used {
            work::remove(&entry.path()).with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_that_cannot_be_read_is_kept_and_no_second_name_or_journal_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let (database, now) = (at("leeward.db"), Timestamp::from_unix_micros(1_700_000_000_123_457));
        // SQLite deletes one that holds nothing.
        fs::write(at("leeward.db-wal"), "its journal").unwrap();
        fs::write(&database, "no database at all, and long enough to be looked at by SQLite as one").unwrap();
        fs::hard_link(&database, at("leeward.db.replaced-before")).unwrap();
        fs::write(at("leeward.db.replaced-other"), "another one").unwrap();
        fs::write(at("new"), "the new one").unwrap();
        let kept = put_in_place(&at("new"), &database, now).await.unwrap().unwrap();
        assert_eq!(kept, at("leeward.db.replaced-20231114T221320123457Z"));
        assert!(fs::read_to_string(&kept).unwrap().starts_with("no database"));
        assert_eq!(fs::read_to_string(&database).unwrap(), "the new one");
        assert!(!at("leeward.db-wal").exists() && !at("leeward.db.replaced-before").exists());
        assert!(at("leeward.db.replaced-other").exists());
        fs::remove_file(&database).unwrap();
        fs::write(at("new"), "where there was none").unwrap();
        assert_eq!(put_in_place(&at("new"), &database, now).await.unwrap(), None);
    }
}
