//! What stands in clear at the beginning of a backup: what it is, and the wrapped key that opens the rest.
//!
//! Two lines, `leeward-backup v1` and a JSON object with its members in the order of their names. Every encrypted chunk
//! is bound to both, so none of it can be changed unnoticed; until the rest has opened it is only a claim.

use std::io::{self, BufRead, Read as _};

use leeward_domain::Timestamp;
use leeward_keyring::KeyId;
use serde::{Deserialize, Serialize};

const MAGIC: &str = "leeward-backup v1\n";
/// The longest header there can be.
const MAX: u64 = 16 * 1024;

/// Which kind of database was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// Its file.
    Sqlite,
    /// Its tables.
    Postgres,
}

impl Backend {
    /// The name in the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// How the rest is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// [`leeward_keyring::stream`], over zlib (RFC 1950).
    #[serde(rename = "zlib, aes-256-gcm-stream")]
    ZlibAesGcmStream,
}

/// The header. Members stand in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// How the rest is encrypted.
    pub algorithm: Algorithm,
    /// What was copied.
    pub backend: Backend,
    /// The instant of the copy, or a moment before it.
    pub created_at: Timestamp,
    /// Names the backup: 8 hexadecimal digits, which its file's name has too.
    pub id: String,
    /// The key-encryption key that opens it.
    pub kek: KeyId,
    /// The key of the rest, wrapped by that one; hexadecimal.
    pub key: String,
    /// The last migration of the database.
    pub schema: i64,
}

impl Header {
    /// What the wrapped key is for.
    #[must_use]
    pub fn purpose(&self) -> String {
        purpose(&self.id)
    }

    /// The two lines.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{MAGIC}{}\n", serde_json::to_string(self).unwrap_or_default())
    }

    /// Reads the two lines, and gives them as they are, too.
    ///
    /// # Errors
    /// `InvalidData` if it is not the beginning of a backup known here; the message says what it is instead.
    pub fn read(from: &mut impl BufRead) -> io::Result<(Self, Vec<u8>)> {
        let invalid = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut lines = Vec::new();
        let mut limited = from.take(MAX);
        limited.read_until(b'\n', &mut lines)?;
        if lines != MAGIC.as_bytes() {
            return Err(invalid(if lines.starts_with(b"leeward-backup v") {
                "it was made by a newer program, which writes backups in another form: restore with that one"
            } else {
                "it is no backup, or its beginning was changed"
            }));
        }
        let magic = lines.len();
        limited.read_until(b'\n', &mut lines)?;
        let json = lines.get(magic..).unwrap_or_default();
        match serde_json::from_slice::<Self>(json) {
            Ok(header) if header.text().as_bytes() == lines => Ok((header, lines)),
            _ => Err(invalid("its header was changed, or it was cut off")),
        }
    }
}

/// What the wrapped key of the backup with this id is for.
#[must_use]
pub fn purpose(id: &str) -> String {
    format!("backup/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_as_it_was_written_and_anything_else_is_named() {
        let header = Header {
            algorithm: Algorithm::ZlibAesGcmStream,
            backend: Backend::Postgres,
            created_at: Timestamp::from_unix_micros(1_700_000_000_123_457),
            id: "0a1b2c3d".into(),
            kek: "00112233445566ff".parse().unwrap(),
            key: "abcd".into(),
            schema: 9,
        };
        let text = header.text();
        assert_eq!(
            text,
            "leeward-backup v1\n{\"algorithm\":\"zlib, aes-256-gcm-stream\",\"backend\":\"postgres\",\
             \"created_at\":\"2023-11-14T22:13:20.123457Z\",\"id\":\"0a1b2c3d\",\"kek\":\"00112233445566ff\",\
             \"key\":\"abcd\",\"schema\":9}\n"
        );
        let mut bytes = [text.as_bytes(), b"rest"].concat();
        let mut from = bytes.as_slice();
        assert_eq!(Header::read(&mut from).unwrap(), (header, text.clone().into_bytes()));
        assert_eq!(from, b"rest");
        for (at, said) in [(0, "no backup"), (16, "newer program"), (30, "header was changed")] {
            bytes[at] ^= 1;
            let error = Header::read(&mut bytes.as_slice()).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
            bytes[at] ^= 1;
        }
        assert!(Header::read(&mut &bytes[..40]).is_err());
        assert!(Header::read(&mut text.replace("\"schema\":9", "\"schema\": 9").as_bytes()).is_err(), "one spelling");
    }
}
