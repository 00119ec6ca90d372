//! Putting a backup back, with every gateway stopped: everything changes, or nothing.
//!
//! SQLite: the database is taken out under another name, and all that must be done to it is done there; renaming it is
//! the last step. PostgreSQL: one transaction. Erased is again what the tombstones of the data directory say, which are
//! no part of a backup.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use leeward_domain::{Ambient, Timestamp};
use leeward_keyring::Keyring;
use leeward_ledger::{EventCode, LogId};
use leeward_store::{
    DatabaseConfig, MAX_PAGE, Page, PlatformWrite, Store, StoreError,
    backup::{newest_schema, sqlite},
};

use super::{
    extract::extract,
    header::{Backend, Header},
    keyring, load, place,
    reader::{Reader, header_of},
    target::name_of,
    work::{self, Alone, Temporary},
    writer::Written,
};
use crate::{
    audit::{Anchors, Draft},
    config::Config,
    foundation::Foundation,
    graveyard::Graveyard,
    instance,
};

/// A backup that was put back.
#[derive(Debug, Clone)]
pub struct Restored {
    /// The file's name.
    pub name: String,
    /// The file's SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many tenants there are again.
    pub tenants: usize,
    /// Logs that were longer once, which is on record in each.
    pub accepted: Vec<LogId>,
    /// Where the database is that was replaced.
    pub kept: Option<PathBuf>,
    /// Whether there were tombstones, so that what was erased since is erased again.
    pub had_tombstones: bool,
}

/// A backup that is being put back.
pub(super) struct Restoring<'a> {
    pub(super) config: &'a Config,
    pub(super) path: &'a Path,
    pub(super) keyring: Arc<Keyring>,
    ambient: Ambient,
    reason: &'a str,
    pub(super) replace: bool,
}

/// Puts a backup back.
///
/// # Errors
/// While a gateway runs; if there is a database that is not to be replaced; whatever is wrong with the file. The
/// database is as it was then.
pub async fn restore(config: &Config, path: &Path, reason: &str, replace: bool) -> anyhow::Result<Restored> {
    let ambient = crate::ambient::system();
    let _alone = Alone::with(&config.data.dir)?;
    if config.next_log_key_file().exists() {
        bail!("handing the audit logs over to a new key was broken off: run `leeward audit rotate-key` again");
    }
    may_begin(config, replace, ambient.now()).await?;
    let restoring = Restoring { config, path, keyring: keyring(config)?, ambient, reason, replace };
    match restoring.run().await {
        Ok(restored) => {
            for log in &restored.accepted {
                Anchors::of(config).forget(*log).context("it was put back, but a log's anchor cannot be removed")?;
            }
            Ok(restored)
        }
        Err(error) => {
            restoring.tell_of(&error).await;
            Err(error)
        }
    }
}

/// Whether nothing runs, and nothing is there that must stay.
async fn may_begin(config: &Config, replace: bool, now: Timestamp) -> anyhow::Result<()> {
    let (there, store) = match config.database() {
        DatabaseConfig::Sqlite { path } => (path.exists(), None),
        database @ DatabaseConfig::Postgres { .. } => {
            let store = Store::connect(&database).await?;
            let mut read = store.platform_read().await?;
            let there = read.schema_version().await? > 0 && read.count_tenants().await? > 0;
            drop(read);
            (there, Some(store))
        }
    };
    instance::nothing_runs(&config.data.dir, store.as_ref().filter(|_| there), now).await?;
    if let Some(store) = store {
        store.close().await;
    }
    if there && !replace {
        bail!("there is a database already: --replace puts the backup in its place");
    }
    Ok(())
}

impl Restoring<'_> {
    async fn run(&self) -> anyhow::Result<Restored> {
        self.fits(&header_of(self.path)?)?;
        match self.config.database() {
            DatabaseConfig::Sqlite { path } => self.sqlite(&path).await,
            database @ DatabaseConfig::Postgres { .. } => self.postgres(&database).await,
        }
    }

    fn fits(&self, header: &Header) -> anyhow::Result<()> {
        let ours = match self.config.database() {
            DatabaseConfig::Sqlite { .. } => Backend::Sqlite,
            DatabaseConfig::Postgres { .. } => Backend::Postgres,
        };
        let path = self.path.display();
        if header.backend != ours {
            bail!(
                "{path} is of a {} database, and this installation is configured for {}: see database.url",
                header.backend.as_str(),
                ours.as_str()
            );
        }
        if header.schema > newest_schema() {
            bail!(
                "{path} was made by a newer program (schema {:04}, and this one knows {:04}): restore with that one",
                header.schema,
                newest_schema()
            );
        }
        Ok(())
    }

    async fn sqlite(&self, database: &Path) -> anyhow::Result<Restored> {
        let dir = &self.config.data.dir;
        let reader = Reader::open(self.path, &self.keyring).await?;
        let header = reader.header().clone();
        let new = Temporary::at(dir.join("leeward.db.restoring"))?;
        let extracted = extract(reader, new.path(), dir).with_context(|| self.path.display().to_string())?;
        sqlite::check(new.path()).await?;
        let key = self.place_log_key(&extracted.log_key)?;
        let base = Foundation::on(self.config, &DatabaseConfig::Sqlite { path: new.path().to_owned() }).await?;
        let write = base.store.platform_write().await?;
        let mut restored = self.settle(write, &header, extracted.written).await?;
        self.after(&base, &mut restored).await?;
        base.store.close().await;
        sqlite::make_whole(new.path()).await?;
        File::open(new.path())?.sync_all()?;
        restored.kept = place::put_in_place(new.path(), database, self.ambient.now()).await?;
        key.keep();
        Ok(restored)
    }

    async fn postgres(&self, database: &DatabaseConfig) -> anyhow::Result<Restored> {
        let store = Store::connect(database).await?;
        let loaded = load::load(self, &store).await?;
        let key = self.place_log_key(&loaded.log_key)?;
        let mut restored = self.settle(loaded.write, &loaded.header, loaded.written).await?;
        key.keep();
        store.close().await;
        // From here on it is put back; what follows is done by the next start, too, or asked for there.
        let base = Foundation::open_put_back(self.config).await.context("it was put back, but cannot be opened")?;
        self.after(&base, &mut restored).await?;
        base.store.close().await;
        Ok(restored)
    }

    /// Ends what was open, and puts on record in each log that it was put back; the last of the transaction.
    async fn settle(&self, mut write: PlatformWrite, header: &Header, file: Written) -> anyhow::Result<Restored> {
        write.end_what_was_open().await?;
        let mut logs = vec![None];
        let mut after = None;
        loop {
            let page = write.tenants(Page { after, limit: MAX_PAGE }).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            logs.extend(page.iter().map(|tenant| Some(tenant.id)));
        }
        let name = name_of(self.path);
        for log in &logs {
            let draft = Draft::local_console(&self.ambient);
            let draft = match log {
                Some(id) => draft.in_tenant(*id),
                None => draft,
            };
            let mut record = draft.on(EventCode::BackupRestored, "backup", &name);
            record.reason = Some(format!("{} (made {}, SHA-256 {})", self.reason, header.created_at, file.sha256));
            write.append_audit_to(*log, &[record]).await?;
        }
        write.commit().await?;
        Ok(Restored {
            name,
            sha256: file.sha256.to_string(),
            created_at: header.created_at,
            tenants: logs.len() - 1,
            accepted: Vec::new(),
            kept: None,
            had_tombstones: self.config.tombstones_file().exists(),
        })
    }

    /// What was erased is erased again, and logs that were longer once are taken as they are.
    async fn after(&self, base: &Foundation, restored: &mut Restored) -> anyhow::Result<()> {
        Graveyard::open(base.store.clone(), Arc::clone(&base.keyring), self.config.tombstones_file()).await?;
        restored.accepted = base.take_as_they_are(self.config, self.reason).await?;
        Ok(())
    }

    /// Puts the log's wrapped signing key where it is missing.
    fn place_log_key(&self, wrapped: &[u8]) -> anyhow::Result<LogKey> {
        use std::io::Write as _;
        let path = self.config.log_key_file();
        if path.exists() {
            return Ok(LogKey(None));
        }
        let dir = path.parent().context("the log's key has no directory")?;
        fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let mut file = work::new_file(&path)?;
        let placed = LogKey(Some(path.clone()));
        file.write_all(wrapped).and_then(|()| file.sync_all()).with_context(|| path.display().to_string())?;
        work::sync_dir(dir)?;
        Ok(placed)
    }

    /// Puts a failure on record, if there is a database of this schema to put it into.
    async fn tell_of(&self, error: &anyhow::Error) {
        let database = self.config.database();
        if matches!(&database, DatabaseConfig::Sqlite { path } if !path.exists()) {
            return;
        }
        let told = async {
            let store = Store::connect(&database).await?;
            if store.pending_migrations().await?.is_empty() {
                let draft = Draft::local_console(&self.ambient);
                let mut record = draft.on(EventCode::BackupRestoreFailed, "backup", name_of(self.path));
                record.reason = Some(format!("{error:#}"));
                super::records::append(&store, &[(None, record)]).await?;
            }
            store.close().await;
            Ok::<_, StoreError>(())
        };
        // Whoever ran the command is told anyway.
        drop(told.await);
    }
}

/// The log's key, if it was missing; it goes again with this, unless it is kept.
struct LogKey(Option<PathBuf>);

impl LogKey {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for LogKey {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            drop(fs::remove_file(path));
        }
    }
}
