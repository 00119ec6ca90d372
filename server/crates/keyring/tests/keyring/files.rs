//! Key files: private, whole, never overwritten, and errors that say what to do.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
    sync::Arc,
};

use leeward_domain::Sha256Digest;
use leeward_keyring::{FileProvider, KeyError, KeyProvider as _, Keyring};
use leeward_ledger::{Checkpoint, Head, LogId};
use tempfile::tempdir;

use crate::ambient::ambient;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_new_file_is_private_alone_and_readable() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    let made = FileProvider::create(&path, &ambient(1)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no temporary file is left");
    assert_eq!(FileProvider::open(&path).unwrap().id(), made.id());
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("leeward-kek v1\n") && text.ends_with('\n') && text.len() == 15 + 65);

    let before = Sha256Digest::of(text.as_bytes());
    assert!(matches!(FileProvider::create(&path, &ambient(2)), Err(KeyError::Exists(_))));
    assert_eq!(Sha256Digest::of(&fs::read(&path).unwrap()), before, "an existing key is never touched");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_file_others_can_use_is_refused_with_the_remedy() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    FileProvider::create(&path, &ambient(1)).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o660, 0o666, 0o700, 0o644] {
        set_mode(&path, mode);
        let error = FileProvider::open(&path).unwrap_err();
        assert!(matches!(error, KeyError::Mode { .. }), "{mode:o}");
        assert!(error.to_string().contains(&format!("chmod 600 {}", path.display())), "{error}");
    }
    set_mode(&path, 0o400);
    assert!(FileProvider::open(&path).is_ok(), "stricter is fine");
    let link = directory.path().join("link");
    symlink(&path, &link).unwrap();
    assert!(FileProvider::open(&link).is_ok(), "what a link leads to is checked");
    set_mode(&path, 0o644);
    assert!(matches!(FileProvider::open(&link), Err(KeyError::Mode { .. })));
}

#[test]
fn what_is_no_key_file_is_refused_without_showing_it() {
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    assert!(matches!(FileProvider::open(&path), Err(KeyError::Missing(_))));
    assert!(matches!(FileProvider::open(directory.path()), Err(KeyError::Format { .. })));
    let digits = "5e".repeat(32);
    for text in [
        String::new(),
        digits.clone(),
        format!("leeward-kek v2\n{digits}\n"),
        format!("leeward-kek v1{digits}\n"),
        format!("leeward-kek v1\n{}\n", &digits[2..]),
        format!("leeward-kek v1\n{digits}5e\n"),
        format!("leeward-kek v1\n{digits}\n\n"),
        format!("leeward-kek v1\n{}\n", "5e".repeat(9999)),
        format!("leeward-wrapped-log-key v1\n{digits}\n"),
    ] {
        fs::write(&path, &text).unwrap();
        set_mode(&path, 0o600);
        let error = FileProvider::open(&path).unwrap_err();
        assert!(matches!(error, KeyError::Format { .. }), "{text}");
        assert!(!format!("{error} {error:?}").contains("5e5e"), "{error:?}");
    }
    fs::write(&path, format!("leeward-kek v1\n{digits}")).unwrap();
    assert!(FileProvider::open(&path).is_ok(), "a final newline is not asked of people");
}

#[test]
fn the_log_signer_is_made_once_wrapped_and_kept() {
    let directory = tempdir().unwrap();
    let [kek, other, path] = ["kek", "other", "log-key"].map(|name| directory.path().join(name));
    let ring = Keyring::new(Arc::new(FileProvider::create(&kek, &ambient(1)).unwrap()));
    let checkpoint = Checkpoint { log: LogId::Platform, head: Head::empty() };
    let first = ring.log_signer(&ambient(2), &path).unwrap();
    let again = ring.log_signer(&ambient(3), &path).unwrap();
    let key = again.verifier_key(&LogId::Platform);
    assert_eq!(Checkpoint::open(&first.sign(&checkpoint), &key), Ok(checkpoint));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);

    let stranger = Keyring::new(Arc::new(FileProvider::create(&other, &ambient(4)).unwrap()));
    assert!(matches!(stranger.log_signer(&ambient(5), &path), Err(KeyError::WrongKey { .. })));
    set_mode(&path, 0o644);
    assert!(matches!(ring.log_signer(&ambient(6), &path), Err(KeyError::Mode { .. })), "and no new one is made");
    set_mode(&path, 0o600);
    let text = fs::read_to_string(&path).unwrap().replacen("v1\n01", "v1\n02", 1);
    fs::write(&path, text).unwrap();
    assert!(matches!(ring.log_signer(&ambient(7), &path), Err(KeyError::UnknownFormat { .. })));
}
