//! Small files that hold a secret: a heading line that names the format, and a line of hexadecimal digits.
//!
//! Reading refuses what others could have read or put there. Writing is all or nothing: the content is made
//! durable under a temporary name, then linked to its own name only if that is free, or renamed over the file it
//! replaces, and the directory is synced.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read as _, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use leeward_domain::Ambient;
use rustix::{
    fs::{Mode, OFlags},
    process::geteuid,
};
use zeroize::Zeroizing;

use crate::error::KeyError;

/// More than any secret file has; a longer file is not one.
const MAX_BYTES: u64 = 1024;

/// Who may own a secret file, and who else may be let at it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Ours, and nobody else's to read.
    Private,
    /// A systemd credential: ours as above, or root's and made readable to us by an access control list, which
    /// shows as a read bit of the group (see [`crate::provider`]'s module `credential`).
    Credential,
}

impl Rule {
    fn check(self, path: &Path, metadata: &Metadata) -> Result<(), KeyError> {
        let (ours, owner, mode) = (geteuid().as_raw(), metadata.uid(), metadata.mode() & 0o7777);
        let roots = self == Self::Credential && owner == 0 && metadata.gid() == 0;
        if owner != ours && !roots {
            return Err(KeyError::Owner { path: path.to_owned(), owner, ours });
        }
        if mode & !0o600 != 0 && !(roots && mode & !0o440 == 0) {
            return Err(KeyError::Mode { path: path.to_owned(), mode });
        }
        Ok(())
    }
}

/// Reads the secret under `heading`, in a file of ours.
pub(crate) fn read(path: &Path, heading: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    parse(path, &read_text(path, Rule::Private)?, heading)
}

/// The file's text, if nobody else could have read it. A symbolic link is followed (Kubernetes mounts secrets as
/// links): what is checked is the very file that is read. What is not UTF-8 reads as empty.
pub(crate) fn read_text(path: &Path, rule: Rule) -> Result<Zeroizing<String>, KeyError> {
    // Not blocking, so that a named pipe in the file's place is refused and not waited for.
    let file = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK, Mode::empty())
        .map(File::from)
        .map_err(|error| failed("open", path, error.into()))?;
    let metadata = file.metadata().map_err(|error| failed("examine", path, error))?;
    if !metadata.is_file() {
        return Err(KeyError::Format { path: path.to_owned(), why: "it is not a regular file" });
    }
    rule.check(path, &metadata)?;
    let mut text = Zeroizing::new(Vec::with_capacity(1024));
    file.take(MAX_BYTES).read_to_end(&mut text).map_err(|error| failed("read", path, error))?;
    Ok(Zeroizing::new(std::str::from_utf8(&text).unwrap_or_default().to_owned()))
}

/// The secret in the text of a file with `heading`.
pub(crate) fn parse(path: &Path, text: &str, heading: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let digits = text
        .strip_prefix(heading)
        .and_then(|rest| rest.strip_prefix('\n'))
        .ok_or(KeyError::Format { path: path.to_owned(), why: "the first line is not the heading of this format" })?;
    let digits = digits.strip_suffix('\n').unwrap_or(digits);
    hex::decode(digits)
        .map(Zeroizing::new)
        .map_err(|_| KeyError::Format { path: path.to_owned(), why: "the second line is not hexadecimal digits" })
}

/// Writes a new secret file of mode 0600.
pub(crate) fn create(path: &Path, heading: &str, secret: &[u8], ambient: &Ambient) -> Result<(), KeyError> {
    create_text(path, &text_of(heading, secret), ambient)
}

/// As [`create`], of any text.
pub(crate) fn create_text(path: &Path, text: &str, ambient: &Ambient) -> Result<(), KeyError> {
    write(path, text, ambient, |temporary| {
        fs::hard_link(temporary, path).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => KeyError::Exists(path.to_owned()),
            _ => failed("create", path, error),
        })
    })
}

/// Puts another secret in the place of one that was read from the same file; whoever reads finds one of the two.
pub(crate) fn replace(path: &Path, heading: &str, secret: &[u8], ambient: &Ambient) -> Result<(), KeyError> {
    replace_text(path, &text_of(heading, secret), ambient)
}

/// As [`replace`], of any text.
pub(crate) fn replace_text(path: &Path, text: &str, ambient: &Ambient) -> Result<(), KeyError> {
    write(path, text, ambient, |temporary| fs::rename(temporary, path).map_err(|error| failed("replace", path, error)))
}

fn text_of(heading: &str, secret: &[u8]) -> Zeroizing<String> {
    let digits = Zeroizing::new(hex::encode(secret));
    Zeroizing::new(format!("{heading}\n{}\n", digits.as_str()))
}

/// Writes `text` under a temporary name and has `place` give it its own.
fn write(
    path: &Path,
    text: &str,
    ambient: &Ambient,
    place: impl FnOnce(&Path) -> Result<(), KeyError>,
) -> Result<(), KeyError> {
    let temporary = temporary_beside(path, ambient);
    let written = write_new(&temporary, text.as_bytes()).and_then(|()| place(&temporary));
    // Whatever happened, the temporary name goes; if it was never made or was renamed there is nothing to remove.
    let removed = match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", &temporary, error)),
        _ => Ok(()),
    };
    written.and(removed)?;
    sync_directory(path)
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file = rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)
        .map(File::from)
        .map_err(|error| failed("create", path, error.into()))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| failed("write", path, error))
}

fn sync_directory(path: &Path) -> Result<(), KeyError> {
    let directory = directory_of(path);
    File::open(&directory).and_then(|opened| opened.sync_all()).map_err(|error| failed("sync", &directory, error))
}

fn directory_of(path: &Path) -> PathBuf {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn temporary_beside(path: &Path, ambient: &Ambient) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.new", hex::encode(ambient.bytes::<8>())));
    directory_of(path).join(name)
}

fn failed(doing: &'static str, path: &Path, source: io::Error) -> KeyError {
    if source.kind() == io::ErrorKind::NotFound && doing == "open" {
        return KeyError::Missing(path.to_owned());
    }
    KeyError::Io { doing, path: path.to_owned(), source }
}
