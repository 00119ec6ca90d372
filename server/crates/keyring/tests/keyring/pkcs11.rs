//! The provider for PKCS#11 tokens, with SoftHSM2 (Debian package `softhsm2`; scripts/setup.sh brings it).
//!
//! SoftHSM finds its tokens by an environment variable that must be set before the library is loaded, so each test
//! runs itself again in a process of its own.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    mechanism::Mechanism,
    object::Attribute,
    session::UserType,
    types::AuthPin,
};
use leeward_keyring::{Deadline, KeyError, KeyProvider as _, Keyring, Pkcs11Place, Pkcs11Provider, Provider};
use tempfile::tempdir;

use crate::{
    ambient::{ambient, tenant},
    providers::{conforms, rotates},
};

const HOME: &str = "LEEWARD_TEST_SOFTHSM";
const MODULES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
];

fn module() -> PathBuf {
    let found = MODULES.iter().map(PathBuf::from).find(|path| path.exists());
    assert!(found.is_some(), "SoftHSM2 is missing: apt-get install softhsm2, or scripts/setup.sh tests");
    found.unwrap()
}

/// In the outer process: makes a token, runs the test of this name within, and says no more. In the inner one: the
/// folder of the token.
fn inside(test: &str) -> Option<PathBuf> {
    if let Some(home) = env::var_os(HOME) {
        return Some(home.into());
    }
    let directory = tempdir().unwrap();
    let home = directory.path();
    fs::create_dir(home.join("tokens")).unwrap();
    let configuration = format!("directories.tokendir = {}\nlog.level = ERROR\n", home.join("tokens").display());
    fs::write(home.join("softhsm2.conf"), configuration).unwrap();
    let run = |command: &mut Command| {
        let done = command.env("SOFTHSM2_CONF", home.join("softhsm2.conf")).env(HOME, home).output().unwrap();
        let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
        assert!(done.status.success(), "{said}");
        said
    };
    let initialize = ["--init-token", "--free", "--label", "leeward", "--so-pin", "12345678", "--pin", "1234"];
    run(Command::new("softhsm2-util").args(initialize));
    let said = run(Command::new(env::current_exe().unwrap()).args([&format!("pkcs11::{test}"), "--exact"]));
    assert!(said.contains("1 passed"), "{said}");
    None
}

/// Makes a key in the token, as an operator does before the service starts.
fn make_key(label: &str, id: u8, bits: u64, extractable: bool) {
    let library = Pkcs11::new(module()).unwrap();
    let _ = library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slot = library.get_slots_with_initialized_token().unwrap()[0];
    let session = library.open_rw_session(slot).unwrap();
    // Unless the test's provider has done so in this process.
    let _ = session.login(UserType::User, Some(&AuthPin::from("1234")));
    let template = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(extractable),
        Attribute::Encrypt(true),
        Attribute::Decrypt(true),
        Attribute::ValueLen((bits / 8).into()),
        Attribute::Label(label.into()),
        Attribute::Id(vec![id]),
    ];
    session.generate_key(&Mechanism::AesKeyGen, &template).unwrap();
}

fn pin(home: &Path, pin: &str) -> PathBuf {
    let path = home.join("pin");
    fs::write(&path, pin).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path
}

fn place(home: &Path, key: &str) -> Pkcs11Place {
    Pkcs11Place {
        module: module(),
        token: "leeward".to_owned(),
        key: key.to_owned(),
        key_ident: None,
        pin: pin(home, "1234\n"),
    }
}

fn start(place: Pkcs11Place) -> Deadline {
    Pkcs11Provider::start(place, Duration::from_secs(20)).unwrap()
}

/// The reason a provider gives for being unavailable.
fn why(place: Pkcs11Place) -> String {
    let error = start(place).probe(&ambient(80)).unwrap_err();
    assert!(error.is_retryable(), "{error}");
    error.to_string()
}

#[test]
fn a_token_conforms() {
    let Some(home) = inside("a_token_conforms") else { return };
    make_key("kek", 1, 256, false);
    make_key("other", 2, 256, false);
    let kek = start(place(&home, "kek"));
    assert_eq!(kek.id(), "pkcs11:token=leeward;object=kek");
    conforms(&kek, &start(place(&home, "other")));
    rotates(&(Arc::new(kek) as Provider));

    // After a restart: another provider of the same place.
    let ring = Keyring::new(Arc::new(start(place(&home, "kek"))));
    let (key, wrapped) = ring.new_tenant_key(&ambient(81), tenant(1)).unwrap();
    let again = Keyring::new(Arc::new(start(place(&home, "kek"))));
    assert_eq!(again.tenant_key(tenant(1), &wrapped).unwrap().id(), key.id());
    assert_eq!(wrapped.len(), 70, "the same form as a file's");
}

#[test]
fn a_token_says_what_is_wrong() {
    let Some(home) = inside("a_token_says_what_is_wrong") else { return };
    let kek = start(place(&home, "kek"));
    let error = kek.wrap(&ambient(82), b"a", &[7; 32]).unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("no AES key labelled kek"), "{error}");
    make_key("kek", 1, 256, false);
    let wrapped = kek.wrap(&ambient(82), b"a", &[7; 32]).expect("it is looked for again");

    make_key("small", 2, 128, false);
    make_key("loose", 3, 256, true);
    assert!(why(place(&home, "small")).contains("256 bits"));
    assert!(why(place(&home, "loose")).contains("can be taken out"));
    make_key("twice", 4, 256, false);
    make_key("twice", 5, 256, false);
    assert!(why(place(&home, "twice")).contains("more than one"));
    start(Pkcs11Place { key_ident: Some(vec![5]), ..place(&home, "twice") }).probe(&ambient(83)).unwrap();
    assert!(why(Pkcs11Place { token: "none".to_owned(), ..place(&home, "kek") }).contains("no token labelled none"));
    assert!(
        why(Pkcs11Place { module: "/nowhere.so".into(), ..place(&home, "kek") }).contains("cannot load /nowhere.so")
    );
    assert!(why(Pkcs11Place { module: "/etc/passwd".into(), ..place(&home, "kek") }).contains("cannot load"));
    assert!(why(Pkcs11Place { pin: home.join("none"), ..place(&home, "kek") }).contains("no key file"));
    let relative = Pkcs11Place { module: "libsofthsm2.so".into(), ..place(&home, "kek") };
    assert!(matches!(Pkcs11Provider::start(relative, Duration::from_secs(1)), Err(KeyError::NoSuchProvider(_))));
    assert_eq!(kek.unwrap(b"a", &wrapped).unwrap().as_slice(), [7; 32]);
}

#[test]
fn a_wrong_pin_is_tried_once() {
    let Some(home) = inside("a_wrong_pin_is_tried_once") else { return };
    make_key("kek", 1, 256, false);
    let kek = start(Pkcs11Place { pin: pin(&home, "9999"), ..place(&home, "kek") });
    pin(&home, "9999");
    let said = |n| kek.probe(&ambient(n)).unwrap_err().to_string();
    assert!(said(84).contains("refuses the PIN"), "{}", said(84));
    for n in 85..100 {
        assert!(said(n).contains("not tried again"));
    }
    assert!(!said(100).contains("9999"));
    fs::set_permissions(home.join("pin"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(said(101).contains("chmod 600"));
    pin(&home, "1234");
    kek.probe(&ambient(102)).expect("once the file is right");
}
