//! Taking a SQLite database out of a backup, into a file that nobody uses yet.

use std::{io::Write as _, path::Path};

use anyhow::{Context as _, bail};

use super::{
    create::LOG_KEY,
    reader::Reader,
    sqlite::FILE,
    work::{Need, has_room, new_file},
    writer::Written,
};

/// Bytes taken out at a time.
pub(super) const PIECE: usize = 64 * 1024;
/// The most bytes the log's wrapped signing key takes.
const MAX_KEY: usize = 64 * 1024;

/// What was taken out; whole, because the file was read to its end.
pub(super) struct Extracted {
    pub(super) written: Written,
    pub(super) log_key: Vec<u8>,
}

/// Takes everything out: the database into a new file at `to`, on the disk when this returns.
pub(super) fn extract(mut reader: Reader, to: &Path, dir: &Path) -> anyhow::Result<Extracted> {
    let (mut log_key, mut found, mut buffer) = (Vec::new(), false, vec![0; PIECE]);
    while let Some(head) = reader.next_entry()? {
        match head.name.as_str() {
            FILE => {
                found = true;
                let bytes = head.bytes.unwrap_or_default();
                has_room(&[Need { what: "the database in it", dir, bytes }], 0)?;
                let mut file = new_file(to)?;
                loop {
                    let piece = reader.piece(&mut buffer)?;
                    if piece.is_empty() {
                        break;
                    }
                    file.write_all(piece).with_context(|| format!("cannot write {}", to.display()))?;
                }
                file.sync_all().with_context(|| format!("cannot write {}", to.display()))?;
            }
            LOG_KEY => log_key = self::log_key(&mut reader, &mut buffer)?,
            other => bail!("it holds {other:?}, which this program does not know"),
        }
    }
    let written = reader.finish()?;
    if !found || log_key.is_empty() {
        bail!("it holds no database, or no key of the log");
    }
    Ok(Extracted { written, log_key })
}

/// The log's wrapped signing key, whose entry was just begun.
pub(super) fn log_key(reader: &mut Reader, buffer: &mut [u8]) -> anyhow::Result<Vec<u8>> {
    let mut key = Vec::new();
    loop {
        let piece = reader.piece(buffer)?;
        if piece.is_empty() {
            return Ok(key);
        }
        key.extend_from_slice(piece);
        if key.len() > MAX_KEY {
            bail!("the log's key in it is too long");
        }
    }
}
