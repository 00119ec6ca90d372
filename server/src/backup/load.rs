//! The PostgreSQL side of putting a backup back: its tables, loaded in one transaction.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use leeward_store::{PlatformWrite, Store, backup::Table};

use super::{
    create::LOG_KEY,
    extract::{self, PIECE},
    header::Header,
    postgres::TABLE,
    reader::Reader,
    restore::Restoring,
    verify,
    writer::Written,
};

/// A database that holds what the backup does, once `write` is committed.
pub(super) struct Loaded {
    pub(super) write: PlatformWrite,
    pub(super) header: Header,
    pub(super) written: Written,
    pub(super) log_key: Vec<u8>,
}

/// Reads the file whole, and only then once more into the database.
pub(super) async fn load(restoring: &Restoring<'_>, store: &Store) -> anyhow::Result<Loaded> {
    let path = restoring.path;
    let whole = verify::read_through(path, &restoring.keyring).await?;
    let mut reader = Reader::open(path, &restoring.keyring).await?;
    let header = reader.header().clone();
    let mut load = store.load(header.schema).await?;
    if load.tenants() > 0 && !restoring.replace {
        bail!("there is a database already: --replace puts the backup in its place");
    }
    let (mut log_key, mut loaded, mut buffer) = (Vec::new(), BTreeSet::new(), vec![0; PIECE]);
    while let Some(head) = reader.next_entry()? {
        if head.name == LOG_KEY {
            log_key = extract::log_key(&mut reader, &mut buffer)?;
            continue;
        }
        let name = head
            .name
            .strip_prefix(TABLE)
            .with_context(|| format!("{} holds {:?}, which this program does not know", path.display(), head.name))?;
        let table = Table { name: name.to_owned(), columns: head.columns };
        let mut rows = load.table(&table).await?;
        loop {
            let piece = reader.piece(&mut buffer)?;
            if piece.is_empty() {
                break;
            }
            rows.send(piece).await?;
        }
        rows.finish().await.with_context(|| format!("the table {name}"))?;
        loaded.insert(table.name);
    }
    if reader.finish()? != whole {
        bail!("{} changed while it was read", path.display());
    }
    if let Some(missing) = load.tables().iter().find(|table| !loaded.contains(&table.name)) {
        bail!("{} has no rows of the table {}", path.display(), missing.name);
    }
    if log_key.is_empty() {
        bail!("{} holds no key of the log", path.display());
    }
    Ok(Loaded { write: load.finish().await?, header, written: whole, log_key })
}
