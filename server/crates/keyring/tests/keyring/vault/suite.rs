//! What holds for any transit engine with the keys `kek` and `other`, the stand-in or a real one.

use std::{fs, net::SocketAddr, os::unix::fs::PermissionsExt as _, path::PathBuf, sync::Arc};

use leeward_keyring::{KeyError, KeyProvider as _, Keyring, Provider, VaultProvider};
use serde_json::json;
use tempfile::{TempDir, tempdir};

use super::http::Http;
use crate::{
    ambient::{ambient, tenant},
    providers::{conforms, rotates},
};

pub(super) fn token(text: &str) -> (TempDir, PathBuf) {
    let directory = tempdir().unwrap();
    let path = directory.path().join("token");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    (directory, path)
}

pub(super) fn provider(address: SocketAddr, key: &str, token: PathBuf) -> VaultProvider {
    VaultProvider::new(Arc::new(Http(address)), "main", "transit", key, token).unwrap()
}

pub(super) fn why(error: &KeyError) -> String {
    assert!(error.is_retryable(), "{error}");
    error.to_string()
}

/// Everything that leaves the engine in use, with one more version of `kek`.
pub(super) fn all(address: SocketAddr) {
    let (_directory, path) = token("root\n");
    let [kek, other] = ["kek", "other"].map(|key| provider(address, key, path.clone()));
    assert_eq!(kek.id(), "vault:main/transit/kek");
    conforms(&kek, &other);
    new_version(address);
    rotates(&(Arc::new(kek) as Provider));

    let missing = provider(address, "none", path.clone());
    let renamed = {
        let wrapped = other.wrap(&ambient(60), b"a", &[7; 32]).unwrap();
        let ours = missing.wrap(&ambient(60), b"a", &[7; 32]);
        // Root may make keys by using them, so a wrap under a name that nobody made is answered.
        [&ours.unwrap()[..10], &wrapped[10..]].concat()
    };
    assert!(matches!(missing.unwrap(b"a", &renamed), Err(KeyError::Damaged)), "another key's under this name");

    let (_directory, bad) = token("wrong");
    let refused = provider(address, "kek", bad).wrap(&ambient(61), b"a", &[7; 32]).unwrap_err();
    assert!(why(&refused).contains("token"), "{refused}");
    let nowhere = VaultProvider::new(Arc::new(Http(address)), "main", "nowhere", "kek", path).unwrap();
    assert!(why(&nowhere.wrap(&ambient(62), b"a", &[7; 32]).unwrap_err()).contains("404"));
}

/// The engine gets a new version of its key: old blobs open and ask to be rewrapped.
fn new_version(address: SocketAddr) {
    let ambient = ambient(63);
    let (_directory, path) = token("root");
    let ring = Keyring::new(Arc::new(provider(address, "kek", path.clone())));
    let (key, old) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    Http(address).admin("/v1/transit/keys/kek/rotate", "root", &json!({}));
    assert!(!ring.needs_rewrap(tenant(1), &old), "not known yet");
    ring.providers().house().probe(&ambient).unwrap();
    assert!(ring.needs_rewrap(tenant(1), &old));
    ring.forget(tenant(1));
    assert_eq!(ring.tenant_key(tenant(1), &old).unwrap().id(), key.id());
    let new = ring.rewrap_tenant_key(&ambient, &ring, tenant(1), &old).unwrap();
    assert!(!ring.needs_rewrap(tenant(1), &new) && new[10..].starts_with(b"vault:v2:"));
    // The old ciphertext with the new version's number.
    let old = String::from_utf8(old[10..].to_vec()).unwrap();
    let lied = [&new[..10], old.replace(":v1:", ":v2:").as_bytes()].concat();
    assert!(matches!(ring.tenant_key(tenant(1), &lied), Err(KeyError::Damaged)));
}

/// After `min_decryption_version` passed a blob's version: said, and not taken for damage.
pub(super) fn too_old(address: SocketAddr) {
    let (_directory, path) = token("root");
    let kek = provider(address, "kek", path);
    let wrapped = kek.wrap(&ambient(64), b"a", &[7; 32]).unwrap();
    let text = String::from_utf8(wrapped[10..].to_vec()).unwrap();
    for (version, said) in [(":v1:", "too old"), (":v99:", "too new")] {
        let other = [&wrapped[..10], text.replace(":v2:", version).as_bytes()].concat();
        assert!(why(&kek.unwrap(b"a", &other).unwrap_err()).contains(said));
    }
}

pub(super) fn least_privilege(address: SocketAddr, limited: &str) {
    let (_directory, path) = token(limited);
    provider(address, "kek", path.clone()).probe(&ambient(65)).unwrap();
    assert!(why(&provider(address, "other", path.clone()).probe(&ambient(66)).unwrap_err()).contains("403"));
    let made_up = provider(address, "unmade", path).probe(&ambient(67)).unwrap_err();
    assert!(why(&made_up).contains("403"), "a mistyped name makes no key");
}

pub(super) fn sealed(address: SocketAddr) {
    let (_directory, path) = token("root");
    let error = provider(address, "kek", path).wrap(&ambient(68), b"a", &[7; 32]).unwrap_err();
    assert!(why(&error).contains("503") && why(&error).contains("sealed"), "{error}");
}
