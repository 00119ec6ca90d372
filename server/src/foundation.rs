//! What the command line stands on as the service does: the database, migrated, and the keys.
//!
//! [`Foundation::open`] refuses where going on would do harm: a key file that is missing, a hand-over between log keys
//! that was broken off, audit logs that are not those that were signed. The two other ways to open are for the commands
//! that put the last two right.

use std::{fs, sync::Arc};

use anyhow::{Context as _, bail};
use leeward_domain::Ambient;
use leeward_keyring::Keyring;
use leeward_ledger::{Change, EventCode, LogId, Signer};
use leeward_store::{DatabaseConfig, Store};

use crate::{
    audit::{Anchors, Draft, Mismatch, Reading, Sequencer},
    config::Config,
    keys::{self, Custody},
};

/// The rooms that the command line needs too: the database, migrated, and the keys.
#[derive(Debug)]
pub struct Foundation {
    /// Time and randomness.
    pub ambient: Ambient,
    /// The database.
    pub store: Store,
    /// Who holds the key-encryption keys.
    pub custody: Arc<Custody>,
    /// Tenants' keys.
    pub keyring: Arc<Keyring>,
    /// The key that signs audit checkpoints.
    pub signer: Arc<Signer>,
}

impl Foundation {
    /// What grows the audit logs' trees.
    #[must_use]
    pub fn sequencer(&self) -> Sequencer {
        Sequencer::new(self.store.clone(), Arc::clone(&self.signer), self.ambient.clone())
    }

    /// What reads the audit logs out.
    #[must_use]
    pub fn reading(&self) -> Reading {
        Reading::new(self.store.clone(), Arc::clone(&self.signer), self.ambient.clone())
    }

    /// Opens (the first time: makes) the data directory, the database, the key-encryption key and the log's key.
    ///
    /// # Errors
    /// When any of them cannot be used, or the audit logs are not those that were signed: nobody but
    /// `leeward audit accept-restore` may add to them then. The message says what to do.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        let base = Self::open_put_back(config).await?;
        base.holds_what_was_signed(config).await?;
        Ok(base)
    }

    /// The same with a database that was put back; only who decides about that may.
    ///
    /// # Errors
    /// As [`Foundation::open`], but for the logs.
    pub async fn open_put_back(config: &Config) -> anyhow::Result<Self> {
        if config.next_log_key_file().exists() {
            bail!("handing the audit logs over to a new key was broken off: run `leeward audit rotate-key` again");
        }
        Self::open_between_keys(config).await
    }

    /// The same in the middle of a hand-over between log keys; only who goes on with it may.
    ///
    /// # Errors
    /// As [`Foundation::open_put_back`].
    pub async fn open_between_keys(config: &Config) -> anyhow::Result<Self> {
        Self::on(config, &config.database()).await
    }

    /// The same on a database of the caller's choosing, such as one that is not in its place yet.
    ///
    /// # Errors
    /// As [`Foundation::open_put_back`].
    pub async fn on(config: &Config, database: &DatabaseConfig) -> anyhow::Result<Self> {
        let ambient = crate::ambient::system();
        let dir = &config.data.dir;
        fs::create_dir_all(dir).with_context(|| format!("cannot make the data directory {}", dir.display()))?;
        let log_key = config.log_key_file();
        let keys = log_key.parent().unwrap_or(dir);
        fs::create_dir_all(keys).with_context(|| format!("cannot make {}", keys.display()))?;
        let store = Store::connect(database).await?;
        store.migrate().await?;
        let custody = Arc::new(Custody::open(config, &ambient, &store).await?);
        let keyring = Arc::new(Keyring::with_providers(custody.providers()?));
        if !log_key.exists() {
            let logs = store.platform_read().await?.audit_logs().await?;
            if !logs.is_empty() {
                // A new key would make every export so far look like somebody else's.
                bail!("{} is missing, but audit logs were signed with it: restore it", log_key.display());
            }
        }
        let clock = ambient.clone();
        let signer = Arc::new(keys::ask(&keyring, None, move |keyring| keyring.log_signer(&clock, &log_key)).await?);
        Ok(Self { ambient, store, custody, keyring, signer })
    }

    /// Whether the audit logs hold at least what the anchors say was signed.
    ///
    /// # Errors
    /// When one does not; the message says which and what to do.
    pub async fn holds_what_was_signed(&self, config: &Config) -> anyhow::Result<()> {
        let mismatches = Anchors::of(config).mismatches(&self.store, &self.signer).await?;
        let Some(Mismatch { log, why, .. }) = mismatches.first() else { return Ok(()) };
        bail!(
            "the audit log of {log} is not the one that was signed: {why}; if the database was restored from a backup \
             on purpose, `leeward audit accept-restore --reason …` puts that on record; if it was not, compare with {} \
             and with exports before anything is signed on top of it",
            config.data.dir.join("checkpoints").display()
        )
    }

    /// Takes the logs that are not those that were signed as they are, each with a record of it. Their anchors are to
    /// be forgotten then.
    ///
    /// # Errors
    /// When an anchor cannot be read, or the database fails.
    pub async fn take_as_they_are(&self, config: &Config, reason: &str) -> anyhow::Result<Vec<LogId>> {
        let mismatches = Anchors::of(config).mismatches(&self.store, &self.signer).await?;
        for mismatch in &mismatches {
            let draft = Draft::local_console(&self.ambient);
            let (log, draft) = match mismatch.log {
                LogId::Platform => (None, draft),
                LogId::Tenant(id) => (Some(id), draft.in_tenant(id)),
            };
            let mut record = draft.on(EventCode::LogRestored, "audit_log", mismatch.log);
            record.reason = Some(format!("{reason} ({})", mismatch.why));
            let head = |head: leeward_ledger::Head| Some(format!("{} {}", head.size, head.root));
            record.changes = vec![Change { field: "head".into(), from: head(mismatch.kept), to: head(mismatch.found) }];
            let mut write = self.store.platform_write().await?;
            write.append_audit_to(log, &[record]).await?;
            write.commit().await?;
        }
        Ok(mismatches.into_iter().map(|mismatch| mismatch.log).collect())
    }
}
