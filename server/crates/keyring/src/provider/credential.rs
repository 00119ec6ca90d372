//! The key-encryption key as a systemd credential: `$CREDENTIALS_DIRECTORY/NAME`.
//!
//! The content is that of a key file (see [`super::file`]), so `systemd-creds encrypt --name=NAME FILE` makes one
//! bound to the machine's TPM or its credential secret, and `LoadCredentialEncrypted=NAME:…` in the unit hands it
//! over. Unlike a file's, the key is then no longer on the disk in clear.
//!
//! What systemd guarantees (systemd.exec(5), "Credentials"): the directory is private to the unit, mounted
//! read-only and, where it can be, not swapped out; a credential can be read by root and the unit's user only, and
//! lives as long as the unit. How it looks: owned by root with mode 0400 and an access control list that lets
//! the user read, whose mask shows as the group's read bit (0440), or, where the file system has no such lists,
//! owned by the user with mode 0400. So those are accepted, and nothing that anyone could write or others could read.
//!
//! Left out: a credential protected by a passphrase. One that is encrypted needs none.

use std::{
    env,
    path::{Component, Path},
};

use crate::{
    error::KeyError,
    provider::file::{FileProvider, HEADING},
    secret_file::{self, Rule},
};

impl FileProvider {
    /// Loads the key from the credential `name` of this service.
    ///
    /// # Errors
    /// If the service was started without it, if others may use it, or if it is not a key file.
    pub fn open_credential(name: &str) -> Result<Self, KeyError> {
        let directory = env::var_os("CREDENTIALS_DIRECTORY")
            .filter(|directory| !directory.is_empty())
            .ok_or_else(|| KeyError::NoCredential { name: name.to_owned(), why: "CREDENTIALS_DIRECTORY is not set" })?;
        Self::open_credential_in(Path::new(&directory), name)
    }

    /// As [`FileProvider::open_credential`], from a directory that is known already.
    ///
    /// # Errors
    /// As there.
    pub fn open_credential_in(directory: &Path, name: &str) -> Result<Self, KeyError> {
        let mut parts = Path::new(name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(only)), None) if only == name) {
            return Err(KeyError::NoCredential { name: name.to_owned(), why: "a credential's name is a file name" });
        }
        let path = directory.join(name);
        let text = secret_file::read_text(&path, Rule::Credential).map_err(|error| match error {
            KeyError::Missing(_) => {
                KeyError::NoCredential { name: name.to_owned(), why: "the service was started without it" }
            }
            other => other,
        })?;
        Self::of("credential", &path, &secret_file::parse(&path, &text, HEADING)?)
    }
}
