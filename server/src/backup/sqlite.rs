//! The SQLite side of making a backup: a copy of the file in the data directory, then that copy into the backup.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
};

use anyhow::Context as _;
use leeward_store::{Store, backup::sqlite};

use super::{
    ask::{self, Asked},
    create::{Making, Stop, refuse},
    entries::Head,
    header::Backend,
    work::{Need, Temporary, has_room},
    writer::{Writer, Written},
};

/// The entry's name.
pub(super) const FILE: &str = "leeward.db";

/// Makes a backup of the database at `path`.
pub(super) async fn back_up(making: &Making<'_>, path: &Path) -> Result<(Vec<Asked>, Written), Stop> {
    let place = &making.target.section.place;
    // Before anything is copied; and again on the copy, which is what is kept.
    let mut read = making.base.store.platform_read().await?;
    refuse(ask::every_tenant(&mut read, place).await?)?;
    drop(read);
    let dir = &making.config.data.dir;
    let copy = Temporary::at(dir.join("leeward.db.snapshot"))?;
    let bytes = sqlite::size(path).await?;
    let needs = [
        Need { what: "a copy of the database", dir, bytes },
        Need { what: "the backup", dir: &making.target.dir, bytes },
    ];
    has_room(&needs, making.config.audit.min_free_mib << 20)?;
    sqlite::copy(path, copy.path()).await?;
    sqlite::check(copy.path()).await?;
    let store = Store::connect_copy(copy.path()).await?;
    let mut read = store.platform_read().await?;
    let asked = refuse(ask::every_tenant(&mut read, place).await?)?;
    let schema = read.schema_version().await?;
    drop(read);
    store.close().await;
    let mut writer = making.begin(Backend::Sqlite, schema).await?;
    making.add_log_key(&mut writer)?;
    add(&mut writer, copy.path()).with_context(|| format!("cannot write to {}", making.target.dir.display()))?;
    drop(copy);
    Ok((asked, making.finish(writer).await?))
}

fn add(writer: &mut Writer, path: &Path) -> io::Result<()> {
    let mut from = File::open(path)?;
    let head = Head { bytes: Some(from.metadata()?.len()), columns: Vec::new(), name: FILE.to_owned() };
    let mut entry = writer.entry(&head)?;
    io::copy(&mut from, &mut entry)?;
    entry.flush()?;
    entry.finish()
}
