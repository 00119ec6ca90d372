//! `[[backups]]`: where backups go.

use std::path::PathBuf;

use leeward_domain::residency::Place;
use serde::{Deserialize, Serialize};
use url::Url;

/// One place for backups. It must say where it stands: without a place the configuration is refused.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BackupSection {
    /// Its name at the command line and in records.
    pub name: String,
    /// `file:///DIRECTORY`, which is for backups of this installation alone.
    pub to: Url,
    /// Where it stands; residency policies are held against it.
    pub place: Place,
}

impl BackupSection {
    /// The directory.
    #[must_use]
    pub fn dir(&self) -> Option<PathBuf> {
        (self.to.scheme() == "file").then(|| self.to.to_file_path().ok()).flatten()
    }

    /// What is wrong with it, and what to do.
    ///
    /// # Errors
    /// The first fault.
    pub fn check(&self) -> Result<(), String> {
        let (name, to) = (&self.name, &self.to);
        let fault = |what: &str| Err(format!("backups {name:?}: {what}"));
        if !super::is_name(name) {
            return fault("its name must be 1 to 64 letters, digits, '-', '_' or '.'");
        }
        match (self.to.scheme(), self.dir()) {
            ("file", Some(_)) => Ok(()),
            ("file", None) => fault(&format!("{to} is not file:///ABSOLUTE/DIRECTORY")),
            ("s3", _) => fault("backups to S3 are not there yet: use file:///DIRECTORY, and copy the files from there"),
            (other, _) => fault(&format!("there are no backups to {other}: use file:///DIRECTORY")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_directory_with_a_name_will_do() {
        let section = |name: &str, to: &str| BackupSection {
            name: name.into(),
            to: to.parse().unwrap(),
            place: Place {
                site: "roma".into(),
                region: "Lazio".into(),
                jurisdiction: "IT".into(),
                ceiling: leeward_domain::residency::Classification::Internal,
            },
        };
        assert_eq!(section("nightly", "file:///mnt/backups").check(), Ok(()));
        for (name, to, said) in [
            ("nightly", "s3://bucket/prefix", "S3 are not there yet"),
            ("nightly", "sftp://host/dir", "no backups to sftp"),
            ("nightly", "file://host/dir", "not file:///ABSOLUTE"),
            ("", "file:///mnt/backups", "its name"),
            ("a b", "file:///mnt/backups", "its name"),
        ] {
            let error = section(name, to).check().unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }
}
