//! The provider for Vault and OpenBao, over a stand-in and, where there is one, the real thing.

mod http;
mod real;
mod stand_in;
mod suite;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use leeward_keyring::{Answer, KeyError, KeyProvider as _, Transport, VaultProvider};
use zeroize::Zeroizing;

use self::{
    stand_in::StandIn,
    suite::{provider, token, why},
};
use crate::ambient::ambient;

#[test]
fn the_stand_in_passes_the_suite() {
    let peer = StandIn::start();
    suite::all(peer.address);
    peer.state.lock().unwrap().min_decryption_version = 2;
    suite::too_old(peer.address);
    peer.state.lock().unwrap().sealed = true;
    suite::sealed(peer.address);
}

#[test]
fn it_closes_with_its_peer_and_opens_again_with_it() {
    let peer = StandIn::start();
    let (_directory, path) = token("root");
    let kek = provider(peer.address, "kek", path.clone());
    let wrapped = kek.wrap(&ambient(70), b"a", &[7; 32]).unwrap();
    peer.state.lock().unwrap().sealed = true;
    assert!(why(&kek.unwrap(b"a", &wrapped).unwrap_err()).contains("sealed"));
    peer.state.lock().unwrap().sealed = false;
    for nonsense in ["", "{}", "<html>", r#"{"data":{"plaintext":"!"}}"#, r#"{"data":{"ciphertext":"x"}}"#, "[[[["] {
        peer.state.lock().unwrap().nonsense = Some(nonsense.to_owned());
        why(&kek.unwrap(b"a", &wrapped).unwrap_err());
        why(&kek.wrap(&ambient(71), b"a", &[7; 32]).unwrap_err());
    }
    // An answer of the right form with another key in it.
    peer.state.lock().unwrap().nonsense = Some(r#"{"data":{"plaintext":"AAAA"}}"#.to_owned());
    assert!(matches!(kek.unwrap(b"a", &wrapped), Err(KeyError::Damaged)));
    peer.state.lock().unwrap().nonsense = None;
    assert!(kek.unwrap(b"a", &wrapped).is_ok(), "nothing was harmed");

    // The token is renewed by an agent, in its file.
    peer.state.lock().unwrap().token = "renewed".to_owned();
    assert!(why(&kek.unwrap(b"a", &wrapped).unwrap_err()).contains("403"));
    fs::write(&path, "renewed\n").unwrap();
    assert!(kek.unwrap(b"a", &wrapped).is_ok());
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(kek.unwrap(b"a", &wrapped), Err(KeyError::Mode { .. })));
}

#[test]
fn a_peer_that_ignores_associated_data_is_not_relied_on_for_the_binding() {
    let peer = StandIn::start();
    peer.state.lock().unwrap().ignores_associated_data = true;
    let (_directory, path) = token("root");
    let kek = provider(peer.address, "kek", path);
    let wrapped = kek.wrap(&ambient(72), b"tenant 1", &[7; 32]).unwrap();
    assert!(kek.unwrap(b"tenant 1", &wrapped).is_ok());
    assert!(matches!(kek.unwrap(b"tenant 2", &wrapped), Err(KeyError::Damaged)));
}

/// Remembers what it was asked, and answers nothing.
#[derive(Default)]
struct Dead(Mutex<Vec<String>>);

impl Transport for Dead {
    fn post(&self, path: &str, token: &str, _: &[u8]) -> Result<Answer, String> {
        self.0.lock().unwrap().push(format!("{path} {token}"));
        Err("connection refused".to_owned())
    }
}

#[test]
fn names_and_tokens_that_would_break_out_of_their_place_are_refused() {
    let dead = Arc::new(Dead::default());
    let new = |peer: &str, mount: &str, key: &str, token: PathBuf| {
        VaultProvider::new(Arc::clone(&dead) as Arc<dyn Transport>, peer, mount, key, token)
    };
    for (peer, mount, key) in [
        ("", "transit", "k"),
        ("p", "", "k"),
        ("p", "transit", ""),
        ("p", "../sys", "k"),
        ("p", "transit", "k/../x"),
        ("p", "/transit", "k"),
        ("p", "transit/", "k"),
        ("p", "transit", "k?x"),
        ("p", "transit", "k x"),
        ("p", "transit", "k\r\nX: y"),
        ("p", "transit", ".."),
    ] {
        assert!(new(peer, mount, key, PathBuf::new()).is_err(), "{peer} {mount} {key}");
    }
    let (_directory, path) = token("s.abc\n");
    let kek = new("p", "team/transit", "k", path.clone()).unwrap();
    let error = kek.wrap(&ambient(73), b"a", &[7; 32]).unwrap_err();
    assert!(why(&error).contains("connection refused"));
    assert_eq!(*dead.0.lock().unwrap(), ["/v1/team/transit/encrypt/k s.abc"]);
    for wrong in ["", "\n", "a b", "a\r\nX-Other: b", "\u{e9}"] {
        fs::write(&path, wrong).unwrap();
        assert!(matches!(kek.wrap(&ambient(74), b"a", &[7; 32]), Err(KeyError::Format { .. })), "{wrong:?}");
    }
    assert_eq!(dead.0.lock().unwrap().len(), 1, "nothing was sent");
    let shown = format!("{:?} {kek:?}", Answer { status: 1, body: Zeroizing::new(Vec::new()) });
    assert!(!shown.contains("s.abc"));
}
