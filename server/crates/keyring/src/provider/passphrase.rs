//! The key-encryption key in a file that a passphrase opens.
//!
//! ```text
//! leeward-kek-passphrase v1
//! argon2id m=65536 t=3 p=4
//! salt 32 hexadecimal digits
//! kek 140 hexadecimal digits
//! ```
//!
//! The passphrase goes through Argon2id version 1.3 (RFC 9106) with the memory in KiB, the passes and the lanes of
//! the second line and the salt of the third. The 32 bytes that come out seal the key as [`crate::sealed`] says,
//! with the first three lines as associated data: other parameters or another heading do not open it.
//!
//! Unlike a plain key file's, a stolen copy or backup of this file is worth as much as the passphrase is hard to
//! guess. The running service holds the key in memory all the same. Changing the passphrase leaves the key as it
//! is; whoever had the old file and the old passphrase still has the key, so after a theft, rotate.
//!
//! Left out: where the passphrase comes from (a prompt, a file on removable media), which is the caller's.

use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use leeward_domain::Ambient;
use zeroize::Zeroizing;

use crate::{
    error::KeyError,
    provider::file::FileProvider,
    sealed::SealingKey,
    secret_file::{self, Rule},
};

const HEADING: &str = "leeward-kek-passphrase v1";
const SALT: &str = "leeward/kek-passphrase/v1";

/// What one guess at a passphrase costs; kept in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over that memory.
    pub passes: u32,
    /// Lanes, which a guesser can compute side by side as well as we can.
    pub lanes: u32,
}

impl Default for Cost {
    /// RFC 9106, section 4, the second recommended option: 64 MiB, about a tenth of a second.
    fn default() -> Self {
        Self { memory: 64 * 1024, passes: 3, lanes: 4 }
    }
}

impl Cost {
    /// A file may ask for up to 4 GiB and some seconds, no more: whoever can change it could else stop the service
    /// with it. And not for less than OWASP's least (19 MiB, two passes).
    fn is_bearable(self) -> bool {
        (19 * 1024..=4 << 20).contains(&self.memory)
            && (2..=64).contains(&self.passes)
            && (1..=64).contains(&self.lanes)
    }

    /// The bytes a passphrase stands for.
    fn stretch(self, passphrase: &[u8], salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let refused = |_| KeyError::Refused("stretch a passphrase");
        let params = Params::new(self.memory, self.passes, self.lanes, Some(32)).map_err(refused)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, salt, key.as_mut_slice())
            .map_err(refused)?;
        Ok(key)
    }
}

impl FileProvider {
    /// Loads the key from `path`, a file made by [`FileProvider::create_with_passphrase`].
    ///
    /// # Errors
    /// As [`FileProvider::open`]; [`KeyError::Passphrase`] if it is another passphrase's or was changed.
    pub fn open_with_passphrase(path: &Path, passphrase: &[u8]) -> Result<Self, KeyError> {
        Self::of("passphrase", path, &read(path, passphrase)?)
    }

    /// As [`FileProvider::open_with_passphrase`], with the passphrase from a file.
    ///
    /// # Errors
    /// As there, and as [`FileProvider::passphrase`].
    pub fn open_with_passphrase_file(path: &Path, passphrase: &Path) -> Result<Self, KeyError> {
        Self::open_with_passphrase(path, Self::passphrase(passphrase)?.as_bytes())
    }

    /// The passphrase in a file of mode 0600, without the end of its line.
    ///
    /// # Errors
    /// If there is no such file, or others may use it.
    pub fn passphrase(path: &Path) -> Result<Zeroizing<String>, KeyError> {
        let text = secret_file::read_text(path, Rule::Private)?;
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Makes a new key in a new file at `path`, durably, then loads it.
    ///
    /// # Errors
    /// If there is a file already, it cannot be written, the passphrase is empty, or the cost is beyond bounds.
    pub fn create_with_passphrase(
        path: &Path,
        ambient: &Ambient,
        passphrase: &[u8],
        cost: Cost,
    ) -> Result<Self, KeyError> {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(ambient.bytes());
        secret_file::create_text(path, &text_of(path, ambient, passphrase, cost, key.as_slice())?, ambient)?;
        Self::open_with_passphrase(path, passphrase)
    }

    /// Gives the file another passphrase and cost; the key stays. Whenever the power fails, one of the two opens it.
    ///
    /// # Errors
    /// As [`FileProvider::open_with_passphrase`] and [`FileProvider::create_with_passphrase`]; the file is then as
    /// it was.
    pub fn change_passphrase(
        path: &Path,
        ambient: &Ambient,
        old: &[u8],
        new: &[u8],
        cost: Cost,
    ) -> Result<(), KeyError> {
        let key = read(path, old)?;
        secret_file::replace_text(path, &text_of(path, ambient, new, cost, &key)?, ambient)
    }
}

fn text_of(
    path: &Path,
    ambient: &Ambient,
    passphrase: &[u8],
    cost: Cost,
    key: &[u8],
) -> Result<Zeroizing<String>, KeyError> {
    if passphrase.is_empty() {
        return Err(KeyError::EmptyPassphrase(path.to_owned()));
    }
    if !cost.is_bearable() {
        return Err(KeyError::Format { path: path.to_owned(), why: "its cost is too low or too high" });
    }
    let salt: [u8; 16] = ambient.bytes();
    let head = head(cost, &salt);
    let sealed = sealing(cost, passphrase, &salt)?.seal(ambient, head.as_bytes(), key)?;
    Ok(Zeroizing::new(format!("{head}kek {}\n", hex::encode(sealed))))
}

/// The lines before the sealed key.
fn head(cost: Cost, salt: &[u8; 16]) -> String {
    let Cost { memory, passes, lanes } = cost;
    format!("{HEADING}\nargon2id m={memory} t={passes} p={lanes}\nsalt {}\n", hex::encode(salt))
}

fn sealing(cost: Cost, passphrase: &[u8], salt: &[u8; 16]) -> Result<SealingKey, KeyError> {
    SealingKey::derived(SALT, &*cost.stretch(passphrase, salt)?)
}

fn read(path: &Path, passphrase: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let wrong = |why| KeyError::Format { path: path.to_owned(), why };
    let text = secret_file::read_text(path, Rule::Private)?;
    let (cost, salt, sealed) =
        parse(&text).ok_or_else(|| wrong("its lines are not those of a key file with a passphrase"))?;
    if !cost.is_bearable() {
        return Err(wrong("its cost is too low or too high"));
    }
    // Another passphrase makes another key, which is not the one the sealed key names.
    sealing(cost, passphrase, &salt)?.open(head(cost, &salt).as_bytes(), &sealed).map_err(|error| match error {
        KeyError::WrongKey { .. } | KeyError::Damaged => KeyError::Passphrase(path.to_owned()),
        other => other,
    })
}

fn parse(text: &str) -> Option<(Cost, [u8; 16], Vec<u8>)> {
    let lines: Vec<_> = text.lines().collect();
    let [HEADING, cost, salt, sealed] = *lines else { return None };
    let cost: Vec<_> = cost.split(' ').collect();
    let ["argon2id", memory, passes, lanes] = *cost else { return None };
    let number = |text: &str, name| text.strip_prefix(name)?.parse().ok();
    let cost = Cost { memory: number(memory, "m=")?, passes: number(passes, "t=")?, lanes: number(lanes, "p=")? };
    let digits = |text: &str, name| hex::decode(text.strip_prefix(name)?).ok();
    Some((cost, digits(salt, "salt ")?.try_into().ok()?, digits(sealed, "kek ")?))
}
