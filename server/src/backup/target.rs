//! A place for backups: a directory of one installation's own, with a file for each.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use leeward_domain::Timestamp;

use super::{header::Header, work};
use crate::config::{BackupSection, Config};

/// How files are called while they are written.
const PARTIAL: &str = ".partial";
const ENDING: &str = ".backup";

/// A configured place.
#[derive(Debug, Clone)]
pub struct Target {
    /// As the configuration has it.
    pub section: BackupSection,
    /// Its directory.
    pub dir: PathBuf,
}

/// A backup that lies there. All but its name and size is what its header claims.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The file.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its header.
    pub header: Header,
}

impl Target {
    /// The one of this name.
    ///
    /// # Errors
    /// If there is none; the message names those there are.
    pub fn named(config: &Config, name: &str) -> anyhow::Result<Self> {
        let Some(section) = config.backups.iter().find(|section| section.name == name) else {
            let names: Vec<_> = config.backups.iter().map(|section| section.name.as_str()).collect();
            bail!(
                "there is no [[backups]] of the name {name:?} in the configuration (there are: {})",
                names.join(", ")
            );
        };
        let dir = section.dir().with_context(|| format!("{} is no directory", section.to))?;
        Ok(Self { section: section.clone(), dir })
    }

    /// What a backup made now is called.
    #[must_use]
    pub fn name_for(at: Timestamp, id: &str) -> String {
        let seconds: String = at.to_string().chars().take(19).filter(|it| !matches!(it, '-' | ':')).collect();
        format!("leeward-{seconds}Z-{id}{ENDING}")
    }

    /// Where it is written until it is whole.
    #[must_use]
    pub fn partial(&self, name: &str) -> PathBuf {
        self.dir.join(format!(".{name}{PARTIAL}"))
    }

    /// Removes what a crash left of backups that were being made.
    ///
    /// # Errors
    /// When the directory cannot be read, or a file not be removed.
    pub fn tidy(&self) -> anyhow::Result<()> {
        for (name, path) in self.files()? {
            if name.starts_with(".leeward-") && name.ends_with(PARTIAL) {
                work::remove(&path).with_context(|| format!("cannot remove {}", path.display()))?;
            }
        }
        Ok(())
    }

    /// The backups there, oldest first. A file whose header cannot be read is passed over.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn list(&self) -> anyhow::Result<Vec<Listed>> {
        let mut listed: Vec<_> = self
            .files()?
            .into_iter()
            .filter(|(name, _)| name.starts_with("leeward-") && name.ends_with(ENDING))
            .filter_map(|(name, path)| {
                let (header, _) = Header::read(&mut BufReader::new(File::open(&path).ok()?)).ok()?;
                Some(Listed { bytes: fs::metadata(&path).ok()?.len(), path, name, header })
            })
            .collect();
        listed.sort_by_key(|backup| (backup.header.created_at, backup.name.clone()));
        Ok(listed)
    }

    fn files(&self) -> anyhow::Result<Vec<(String, PathBuf)>> {
        let listed = fs::read_dir(&self.dir).with_context(|| {
            format!("cannot read {}: make the directory, or mount what belongs there", self.dir.display())
        })?;
        let mut files = Vec::new();
        for entry in listed {
            let entry = entry?;
            if let Ok(name) = entry.file_name().into_string() {
                files.push((name, entry.path()));
            }
        }
        Ok(files)
    }
}

/// A file's name, for messages and records.
#[must_use]
pub fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_their_times_do() {
        let at: Timestamp = "2026-01-31T08:05:09.123456Z".parse().unwrap();
        assert_eq!(Target::name_for(at, "0a1b2c3d"), "leeward-20260131T080509Z-0a1b2c3d.backup");
    }
}
