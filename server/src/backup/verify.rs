//! Looking over a backup: it is decrypted whole, and a SQLite database in it is opened and its logs held against what
//! was signed.

use std::{io::Write as _, path::Path, sync::Arc};

use anyhow::{Context as _, bail};
use leeward_keyring::Keyring;
use leeward_ledger::{Checkpoint, LogId, Signer};
use leeward_store::{Store, backup::sqlite};

use super::{
    extract::{PIECE, extract},
    header::{Backend, Header},
    keyring,
    reader::Reader,
    work::{Alone, Temporary},
    writer::Written,
};
use crate::{config::Config, keys};

/// A backup that is whole.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What its header says, which is proven by now.
    pub header: Header,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// How many audit logs were held against their newest checkpoint; none of PostgreSQL's, which are not looked into.
    pub logs: usize,
}

/// Reads a backup whole. It needs the keys of the configuration, and no database.
///
/// # Errors
/// What is wrong with it.
pub async fn verify(config: &Config, path: &Path) -> anyhow::Result<Verified> {
    let dir = &config.data.dir;
    let _alone = Alone::with(dir)?;
    let keyring = keyring(config)?;
    let reader = Reader::open(path, &keyring).await?;
    let header = reader.header().clone();
    let (written, logs) = match header.backend {
        Backend::Postgres => (read_to_end(reader)?, 0),
        Backend::Sqlite => {
            let copy = Temporary::at(dir.join("leeward.db.verifying"))?;
            let extracted = extract(reader, copy.path(), dir).with_context(|| path.display().to_string())?;
            sqlite::check(copy.path()).await?;
            let signer = signer(&keyring, &extracted.log_key, dir).await?;
            let store = Store::connect_copy(copy.path()).await?;
            let logs = hold_what_was_signed(&store, &signer).await?;
            store.close().await;
            (extracted.written, logs)
        }
    };
    Ok(Verified { header, bytes: written.bytes, sha256: written.sha256.to_string(), logs })
}

/// Decrypts a backup whole, and says what the file is.
pub(super) async fn read_through(path: &Path, keyring: &Arc<Keyring>) -> anyhow::Result<Written> {
    read_to_end(Reader::open(path, keyring).await?)
}

fn read_to_end(mut reader: Reader) -> anyhow::Result<Written> {
    let mut buffer = vec![0; PIECE];
    while reader.next_entry()?.is_some() {
        while !reader.piece(&mut buffer)?.is_empty() {}
    }
    reader.finish()
}

/// The log's signing key, from its wrapped form.
async fn signer(keyring: &Arc<Keyring>, wrapped: &[u8], dir: &Path) -> anyhow::Result<Signer> {
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(wrapped)?;
    let (path, ambient) = (file.path().to_owned(), crate::ambient::system());
    Ok(keys::ask(keyring, None, move |keyring| keyring.log_signer(&ambient, &path)).await?)
}

/// Whether each log's tree is the one that its newest checkpoint signs; says how many logs there are.
async fn hold_what_was_signed(store: &Store, signer: &Signer) -> anyhow::Result<usize> {
    let mut read = store.platform_read().await?;
    let heads = read.signed_heads().await?;
    for (log, signed) in &heads {
        let id = LogId::from(*log);
        let checkpoint = Checkpoint::open(&signed.note, &signer.verifier_key(&id))
            .with_context(|| format!("the newest checkpoint of the log {id} in it does not open"))?;
        let head = checkpoint.head;
        let tiles = read.audit_tiles(*log, &[(0, head.size)]).await?;
        if tiles.root(0, head.size) != Some(head.root) {
            bail!("the tree of the log {id} in it is not the one that was signed");
        }
    }
    Ok(heads.len())
}
