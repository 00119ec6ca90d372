//! Key files with a passphrase, and systemd credentials.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::Path,
};

use leeward_keyring::{Cost, FileProvider, KeyError, KeyProvider as _};
use tempfile::tempdir;

use crate::ambient::ambient;

/// The least that is allowed, for tests that open often.
const CHEAP: Cost = Cost { memory: 19 * 1024, passes: 2, lanes: 1 };

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_passphrase_opens_its_file_and_another_does_not() {
    let ambient = ambient(40);
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    let made = FileProvider::create_with_passphrase(&path, &ambient, b"correct horse", CHEAP).unwrap();
    let wrapped = made.wrap(&ambient, b"a", &[7; 32]).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    let again = FileProvider::open_with_passphrase(&path, b"correct horse").unwrap();
    assert_eq!(again.unwrap(b"a", &wrapped).unwrap().as_slice(), [7; 32]);
    assert!(again.id().starts_with("passphrase:") && again.id() == made.id());

    for wrong in [b"correct hors".as_slice(), b"", b"Correct horse"] {
        let error = FileProvider::open_with_passphrase(&path, wrong).unwrap_err();
        assert!(matches!(error, KeyError::Passphrase(_)), "{error}");
    }
    assert!(matches!(FileProvider::open(&path), Err(KeyError::Format { .. })), "not a plain key file");
    let second = FileProvider::create_with_passphrase(&path, &ambient, b"x", CHEAP);
    assert!(matches!(second, Err(KeyError::Exists(_))));
    let empty = FileProvider::create_with_passphrase(&directory.path().join("empty"), &ambient, b"", CHEAP);
    assert!(matches!(empty, Err(KeyError::EmptyPassphrase(_))));
    set_mode(&path, 0o640);
    assert!(matches!(FileProvider::open_with_passphrase(&path, b"correct horse"), Err(KeyError::Mode { .. })));
}

#[test]
fn changing_the_passphrase_keeps_the_key() {
    let ambient = ambient(41);
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    let made = FileProvider::create_with_passphrase(&path, &ambient, b"old", CHEAP).unwrap();
    let before = fs::read(&path).unwrap();
    let change = |old: &[u8], new: &[u8], cost| FileProvider::change_passphrase(&path, &ambient, old, new, cost);
    assert!(matches!(change(b"wrong", b"new", CHEAP), Err(KeyError::Passphrase(_))));
    assert!(matches!(change(b"old", b"", CHEAP), Err(KeyError::EmptyPassphrase(_))));
    assert!(change(b"old", b"new", Cost { passes: 1, ..CHEAP }).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);
    change(b"old", b"new", Cost::default()).unwrap();
    assert!(matches!(FileProvider::open_with_passphrase(&path, b"old"), Err(KeyError::Passphrase(_))));
    assert_eq!(FileProvider::open_with_passphrase(&path, b"new").unwrap().key_id(), made.key_id());
    assert!(fs::read_to_string(&path).unwrap().contains("\nargon2id m=65536 t=3 p=4\n"));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_changed_passphrase_file_does_not_open() {
    let ambient = ambient(42);
    let directory = tempdir().unwrap();
    let path = directory.path().join("kek");
    FileProvider::create_with_passphrase(&path, &ambient, b"p", CHEAP).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    // One place in each part: heading, parameters, salt, header, ciphertext, tag.
    let places = [3, 20, text.find("m=").unwrap() + 2, text.find("salt ").unwrap() + 9];
    let kek = text.find("kek ").map(|_| text.rfind("kek ").unwrap()).unwrap();
    for at in places.into_iter().chain([kek, kek + 5, kek + 10, kek + 60, text.len() - 2]) {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'2' { b'3' } else { b'2' };
        fs::write(&path, &changed).unwrap();
        let error = FileProvider::open_with_passphrase(&path, b"p").unwrap_err();
        let expected = matches!(
            error,
            KeyError::Passphrase(_) | KeyError::Format { .. } | KeyError::UnknownFormat { .. } | KeyError::TooShort(_)
        );
        assert!(expected, "{at}: {error}");
    }
    for costly in
        ["m=4294967295 t=2 p=1", "m=19456 t=4294967295 p=1", "m=8 t=1 p=1", "m=19456 t=2 p=99", "m=-1 t=2 p=1"]
    {
        fs::write(&path, text.replace("m=19456 t=2 p=1", costly)).unwrap();
        assert!(matches!(FileProvider::open_with_passphrase(&path, b"p"), Err(KeyError::Format { .. })), "{costly}");
    }
}

#[test]
fn a_credential_is_taken_as_systemd_makes_them() {
    let ambient = ambient(43);
    let directory = tempdir().unwrap();
    let file = directory.path().join("kek");
    let plain = FileProvider::create(&file, &ambient).unwrap();
    let open = || FileProvider::open_credential_in(directory.path(), "kek");
    set_mode(&file, 0o400);
    let credential = open().unwrap();
    assert_eq!(credential.key_id(), plain.key_id(), "the same key, however it is brought");
    assert!(credential.id().starts_with("credential:"));
    for mode in [0o444, 0o460, 0o404, 0o640, 0o660, 0o500] {
        set_mode(&file, mode);
        assert!(matches!(open(), Err(KeyError::Mode { .. })), "{mode:o}");
    }
    // Root's with an access control list: only when the tests run as root can such a file be made.
    set_mode(&file, 0o440);
    let roots = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&file).unwrap()) == 0;
    assert_eq!(open().is_ok(), roots);
    if roots {
        std::os::unix::fs::chown(&file, None, Some(1)).unwrap();
        assert!(matches!(open(), Err(KeyError::Mode { .. })), "another group's");
        std::os::unix::fs::chown(&file, Some(1), Some(0)).unwrap();
        assert!(matches!(open(), Err(KeyError::Owner { owner: 1, .. })));
    }
}

#[test]
fn a_credentials_name_is_a_file_name_and_it_is_there() {
    let directory = tempdir().unwrap();
    fs::create_dir(directory.path().join("inner")).unwrap();
    FileProvider::create(&directory.path().join("kek"), &ambient(44)).unwrap();
    symlink(directory.path().join("kek"), directory.path().join("inner/link")).unwrap();
    let inner = directory.path().join("inner");
    for wrong in ["", ".", "..", "../kek", "/kek", "kek/", "a/b", "none"] {
        let error = FileProvider::open_credential_in(&inner, wrong).unwrap_err();
        assert!(matches!(error, KeyError::NoCredential { .. }), "{wrong}: {error}");
        assert!(error.to_string().contains("LoadCredential"));
    }
    assert!(FileProvider::open_credential_in(&inner, "link").is_ok());
    let unset = std::env::var_os("CREDENTIALS_DIRECTORY").is_none();
    assert!(!unset || matches!(FileProvider::open_credential("kek"), Err(KeyError::NoCredential { .. })));
}
