//! Making a backup, and putting on record how it went.

use std::{fs, io::Write as _, path::PathBuf};

use anyhow::{Context as _, anyhow, bail};
use leeward_domain::Timestamp;
use leeward_ledger::EventCode;
use leeward_store::{DatabaseConfig, StoreError};

use super::{
    ask::{self, Asked},
    entries::Head,
    expire,
    header::{self, Algorithm, Backend, Header},
    postgres, records, sqlite,
    target::Target,
    verify,
    work::{self, Alone},
    writer::{Writer, Written},
};
use crate::{audit::Draft, config::Config, foundation::Foundation, keys};

/// The entry with the log's signing key, which stays wrapped.
pub(super) const LOG_KEY: &str = "keys/audit-log";

/// A backup that was made, read back and put on record.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its file.
    pub path: PathBuf,
    /// The file's name.
    pub name: String,
    /// The file's size.
    pub bytes: u64,
    /// The file's SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many tenants' content is in it.
    pub tenants: usize,
    /// Older backups that had run their time and were deleted.
    pub expired: Vec<String>,
}

/// Why there is no backup.
#[derive(Debug)]
pub(super) enum Stop {
    /// Policies refuse the place.
    Refused(Vec<Asked>),
    /// Anything else.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// A backup that is being made.
pub(super) struct Making<'a> {
    pub(super) config: &'a Config,
    pub(super) base: &'a Foundation,
    pub(super) target: &'a Target,
    id: String,
    name: String,
    created_at: Timestamp,
}

/// Makes a backup beside a running service.
///
/// # Errors
/// When a tenant's policy refuses the place, or it cannot be made; nothing is left of it then, and it is on record.
pub async fn create(config: &Config, base: &Foundation, target: &Target) -> anyhow::Result<Made> {
    let _alone = Alone::with(&config.data.dir)?;
    let created_at = base.ambient.now();
    let id = hex::encode(base.ambient.bytes::<4>());
    let name = Target::name_for(created_at, &id);
    let making = Making { config, base, target, id, name, created_at };
    let made = making.make().await;
    drop(fs::remove_file(target.partial(&making.name)));
    match made {
        Ok((asked, written)) => {
            making.tell(&asked, written).await?;
            let (expired, stuck) = expire::expire(base, target, &asked, &making.name).await?;
            if let Some(error) = stuck {
                return Err(error.context(format!("{} was made, but an older backup is still there", making.name)));
            }
            Ok(Made {
                path: target.dir.join(&making.name),
                name: making.name,
                bytes: written.bytes,
                sha256: written.sha256.to_string(),
                created_at,
                tenants: asked.len(),
                expired,
            })
        }
        Err(stop) => Err(making.tell_of(stop).await),
    }
}

/// Goes on only if nobody refuses.
pub(super) fn refuse(asked: Vec<Asked>) -> Result<Vec<Asked>, Stop> {
    let refusals = ask::refusals(&asked);
    if refusals.is_empty() { Ok(asked) } else { Err(Stop::Refused(refusals)) }
}

impl Making<'_> {
    async fn make(&self) -> Result<(Vec<Asked>, Written), Stop> {
        self.target.tidy()?;
        match self.config.database() {
            DatabaseConfig::Sqlite { path } => sqlite::back_up(self, &path).await,
            DatabaseConfig::Postgres { .. } => postgres::back_up(self).await,
        }
    }

    /// Begins the file, under a name of its own until it is whole.
    pub(super) async fn begin(&self, backend: Backend, schema: i64) -> anyhow::Result<Writer> {
        let (ambient, purpose) = (self.base.ambient.clone(), header::purpose(&self.id));
        let made = keys::ask(&self.base.keyring, None, move |ring| ring.new_stream_key(&ambient, &purpose)).await;
        let (key, wrapped) = made?;
        let header = Header {
            algorithm: Algorithm::ZlibAesGcmStream,
            backend,
            created_at: self.created_at,
            id: self.id.clone(),
            kek: leeward_keyring::sealed::sealed_by(&wrapped)?,
            key: hex::encode(wrapped),
            schema,
        };
        let file = work::new_file(&self.target.partial(&self.name))?;
        Ok(Writer::begin(file, &header, key)?)
    }

    /// The log's signing key as it is kept: wrapped.
    pub(super) fn add_log_key(&self, writer: &mut Writer) -> anyhow::Result<()> {
        let path = self.config.log_key_file();
        let wrapped = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let bytes = u64::try_from(wrapped.len()).ok();
        let mut entry = writer.entry(&Head { bytes, columns: Vec::new(), name: LOG_KEY.to_owned() })?;
        entry.write_all(&wrapped)?;
        Ok(entry.finish()?)
    }

    /// Ends the file, reads it back from the disk, and gives it its name.
    pub(super) async fn finish(&self, writer: Writer) -> anyhow::Result<Written> {
        let (dir, partial) = (&self.target.dir, self.target.partial(&self.name));
        let written = writer.finish().with_context(|| format!("cannot write to {}", dir.display()))?;
        work::forget_cached(&partial)?;
        let read =
            verify::read_through(&partial, &self.base.keyring).await.context("read back after it was written")?;
        if read != written {
            bail!("{} is not what was written to it: its disk cannot be trusted", partial.display());
        }
        fs::rename(&partial, dir.join(&self.name)).with_context(|| format!("cannot name {}", partial.display()))?;
        work::sync_dir(dir)?;
        Ok(written)
    }

    fn draft(&self) -> Draft {
        Draft::local_console(&self.base.ambient)
    }

    /// Into the platform's log and every tenant's.
    async fn tell(&self, asked: &[Asked], written: Written) -> anyhow::Result<()> {
        let section = &self.target.section;
        let mut record = self.draft().on(EventCode::BackupCreated, "backup", &self.name);
        record.place = Some(section.place.clone());
        record.reason = Some(format!(
            "to {}: {} bytes, SHA-256 {}, {} tenants",
            section.name,
            written.bytes,
            written.sha256,
            asked.len()
        ));
        let mut all = vec![(None, record)];
        for asked in asked {
            let draft = self.draft().in_tenant(asked.tenant);
            let mut record = asked.record(&draft, EventCode::BackupCreated, &self.name, &section.place);
            record.reason = Some(format!("to {}: SHA-256 {}", section.name, written.sha256));
            all.push((Some(asked.tenant), record));
        }
        records::append(&self.base.store, &all).await.with_context(|| {
            format!(
                "{} was made and is whole, but could not be put on record",
                self.target.dir.join(&self.name).display()
            )
        })
    }

    /// Puts on record why there is none, and says it.
    async fn tell_of(&self, stop: Stop) -> anyhow::Error {
        let section = &self.target.section;
        let (mut all, said) = (
            Vec::new(),
            match &stop {
                Stop::Refused(refusals) => anyhow!(
                    "nothing was written: {} may not be kept at {} (site {}): {}",
                    if refusals.len() == 1 { "a tenant's content" } else { "some tenants' content" },
                    section.name,
                    section.place.site,
                    refusals.iter().map(Asked::said).collect::<Vec<_>>().join("; ")
                ),
                Stop::Failed(error) => anyhow!("nothing was written: {error:#}"),
            },
        );
        match stop {
            Stop::Refused(refusals) => {
                for refusal in refusals {
                    let own = self.draft().in_tenant(refusal.tenant);
                    for (log, draft) in [(None, self.draft()), (Some(refusal.tenant), own)] {
                        let mut record =
                            refusal.record(&draft, EventCode::BackupCreateFailed, &section.name, &section.place);
                        record.reason = Some(refusal.said());
                        all.push((log, record));
                    }
                }
            }
            Stop::Failed(error) => {
                let mut record = self.draft().on(EventCode::BackupCreateFailed, "backup", &section.name);
                record.place = Some(section.place.clone());
                record.reason = Some(format!("{error:#}"));
                all.push((None, record));
            }
        }
        match records::append(&self.base.store, &all).await {
            Ok(()) => said,
            Err(error) => said.context(format!("this could not be put on record: {error}")),
        }
    }
}
