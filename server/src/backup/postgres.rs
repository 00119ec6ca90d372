//! The PostgreSQL side of making a backup: every table as one snapshot shows it, streamed.

use std::io::Write as _;

use anyhow::Context as _;

use super::{
    ask::{self, Asked},
    create::{Making, Stop, refuse},
    entries::Head,
    header::Backend,
    writer::Written,
};

/// What the names of entries with a table's rows begin with.
pub(super) const TABLE: &str = "table/";

/// Makes a backup of the database.
pub(super) async fn back_up(making: &Making<'_>) -> Result<(Vec<Asked>, Written), Stop> {
    // One snapshot: what is asked about is what is copied.
    let mut read = making.base.store.platform_read().await?;
    let asked = refuse(ask::every_tenant(&mut read, &making.target.section.place).await?)?;
    let schema = read.schema_version().await?;
    let mut writer = making.begin(Backend::Postgres, schema).await?;
    making.add_log_key(&mut writer)?;
    let context = || format!("cannot write to {}", making.target.dir.display());
    for table in read.tables().await? {
        let head = Head { bytes: None, columns: table.columns.clone(), name: format!("{TABLE}{}", table.name) };
        let mut entry = writer.entry(&head).with_context(context)?;
        let mut rows = read.rows(&table).await?;
        while let Some(piece) = rows.next().await? {
            entry.write_all(&piece).with_context(context)?;
        }
        entry.finish().with_context(context)?;
    }
    drop(read);
    Ok((asked, making.finish(writer).await?))
}
