//! Each kind of provider holds the house's key of a running service, and `doctor` says so.

use std::{
    fs,
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::{bao::Bao, new_kek, opens, talk};
use crate::{Backend, TestApp};

const MODULES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
];

/// From the key file to what `house` configures: everything is moved by a start, and the file is then needed no more.
async fn moves_to(mut app: TestApp, house: &str, kind: &str) {
    app.start();
    let key = app.key.clone();
    let said = talk(&app, &key, "before").await;
    app.terminate();
    app.configure(&format!("{house}[[keys.older]]\nprovider = \"file\"\n"));
    let moved = app.cli(&["key", "rotate-kek", "--json"]);
    assert!(moved.status.success(), "{kind}: {}", String::from_utf8_lossy(&moved.stderr));
    let moved: Value = serde_json::from_slice(&moved.stdout).unwrap();
    assert!(moved["rewrapped"].as_u64().unwrap() >= 3, "{moved}");
    app.configure(house);
    fs::remove_file(app.data_dir().join("keys").join("kek")).unwrap();
    app.start();
    opens(&app, &key, &said, "before").await;
    let after = talk(&app, &key, "after").await;
    opens(&app, &key, &after, "after").await;
    let doctor: Value = serde_json::from_slice(&app.cli(&["doctor", "--json"]).stdout).unwrap();
    let checks = doctor["checks"].as_array().unwrap();
    let providers: Vec<_> = checks.iter().filter(|check| check["name"] == "key provider").collect();
    let [provider] = providers.as_slice() else { panic!("{doctor}") };
    assert_eq!(provider["ok"], true, "{provider}");
    let detail = provider["detail"].as_str().unwrap();
    assert!(detail.starts_with(kind) && detail.contains("the house's") && detail.ends_with("answers"), "{detail}");
}

fn secret(path: &Path, text: &str) -> String {
    let mut file = fs::File::options().write(true).create_new(true).mode(0o600).open(path).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    path.display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_under_a_passphrase() {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let passphrase = secret(&app.path("passphrase"), "four words and more\n");
    let kek = app.path("kek").display().to_string();
    assert!(app.cli(&["key", "new-kek", &kek, "--passphrase-file", &passphrase]).status.success());
    assert!(fs::read_to_string(&kek).unwrap().starts_with("leeward-kek-passphrase v1"));
    let house = format!("[keys.house]\nprovider = \"passphrase\"\npath = {kek:?}\npassphrase_file = {passphrase:?}\n");
    moves_to(app, &house, "passphrase:").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_of_the_unit() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().display().to_string();
    let app = TestApp::installed(Backend::Sqlite, &[("CREDENTIALS_DIRECTORY", &path)]).await;
    let kek = new_kek(&app, "kek");
    let credential = directory.path().join("leeward-kek");
    fs::copy(kek, &credential).unwrap();
    fs::set_permissions(&credential, fs::Permissions::from_mode(0o400)).unwrap();
    moves_to(app, "[keys.house]\nprovider = \"credential\"\nname = \"leeward-kek\"\n", "credential:").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transit_engine() {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let bao = Bao::start(&app).await;
    let house = [bao.allowed(), bao.key("[keys.house]")].concat();
    moves_to(app, &house, "vault:vault/transit/kek").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token() {
    let module = MODULES.iter().map(PathBuf::from).find(|path| path.exists());
    let module = module.unwrap_or_else(|| panic!("SoftHSM2 is missing: apt-get install softhsm2"));
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("tokens")).unwrap();
    let configuration = home.path().join("softhsm2.conf");
    fs::write(&configuration, format!("directories.tokendir = {}\n", home.path().join("tokens").display())).unwrap();
    let configuration = configuration.display().to_string();
    let run = |program: &str, arguments: &[&str]| {
        let done = Command::new(program).env("SOFTHSM2_CONF", &configuration).args(arguments).output();
        let done = done.unwrap_or_else(|error| panic!("{program}: {error}"));
        assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    };
    let initialize = ["--init-token", "--free", "--label", "leeward", "--so-pin", "12345678", "--pin", "1234"];
    run("softhsm2-util", &initialize);
    // An AES key that cannot be taken out.
    let key = secret(&home.path().join("aes"), "0123456789abcdef0123456789abcdef");
    let import = ["--import", &key, "--aes", "--token", "leeward", "--label", "kek", "--id", "01", "--pin", "1234"];
    run("softhsm2-util", &import);
    let app = TestApp::installed(Backend::Sqlite, &[("SOFTHSM2_CONF", &configuration)]).await;
    let pin = secret(&app.path("pin"), "1234\n");
    let house = format!(
        "[keys.house]\nprovider = \"pkcs11\"\nmodule = {:?}\ntoken = \"leeward\"\nkey = \"kek\"\nkey_ident = \"01\"\npin_file = {pin:?}\n",
        module.display().to_string()
    );
    moves_to(app, &house, "pkcs11:token=leeward").await;
}
