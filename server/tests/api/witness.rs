//! One appliance vouches for another: as C2SP tlog-witness has it, and noticing what was cut, rewritten or put back.

use std::{fs, net::TcpListener, path::Path, process::Command};

use leeward_ledger::{
    Checkpoint, Head, LogId, Signer, WitnessKey,
    tree::{
        leaf,
        proof::{consistency, hashes},
        tile::Tiles,
    },
    witness::AddCheckpoint,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    sinks::{PLACE, until},
};

/// What the witness calls itself.
pub const WITNESS: &str = "witness.example.org/test";

/// An appliance and its witness, neither of them started.
pub struct Witnessed {
    pub ours: TestApp,
    pub witness: TestApp,
}

fn key(app: &TestApp, args: &[&str]) -> String {
    let output = app.cli(&[&["audit", "key", "--json"], args].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    printed["key"].as_str().unwrap().to_owned()
}

impl Witnessed {
    /// Both, and the configuration that tells ours of its witness.
    pub async fn apart() -> (Self, String) {
        Self::on(Backend::Sqlite).await
    }

    pub async fn on(backend: Backend) -> (Self, String) {
        let ours = TestApp::installed(backend, &[]).await;
        let mut witness = TestApp::installed(backend, &[]).await;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        witness.listen = format!("127.0.0.1:{port}");
        witness.configure(&format!(
            "[audit]\nwitness_name = \"{WITNESS}\"\n[[audit.witness_for]]\nname = \"milano\"\nkey = \"{}\"\n",
            key(&ours, &[])
        ));
        let place = PLACE.replace("roma", "local");
        let config = format!(
            "[audit]\nwitness_every_s = 1\n[[audit.witnesses]]\nurl = \"http://127.0.0.1:{port}/witness\"\n\
             key = \"{}\"\n{place}\n",
            key(&witness, &["--witness"])
        );
        (Self { ours, witness }, config)
    }
}

/// How far the witness is with the tenant's log.
async fn state(app: &TestApp) -> Value {
    app.get("/api/audit/witnesses").await["items"][0].clone()
}

async fn a_log_is_cosigned(backend: Backend) {
    let (Witnessed { mut ours, mut witness }, config) = Witnessed::on(backend).await;
    witness.start();
    ours.configure(&config);
    ours.start();
    until("a cosignature", &ours, async || state(&ours).await["state"] == "ok").await;
    let told = witness.http.get(format!("{}/witness/key", witness.url)).send().await.unwrap().text().await.unwrap();
    let known: WitnessKey = told.trim().parse().unwrap();
    assert_eq!((known.name(), state(&ours).await["name"].as_str()), (WITNESS, Some(WITNESS)));

    // What it signed stays in the history, however the log goes on.
    let cosigned = async || {
        let page = ours.get("/api/audit/checkpoints").await;
        let items = page["items"].as_array().unwrap().clone();
        items.into_iter().find(|item| item["cosignatures"] == json!([WITNESS]))
    };
    until("a cosigned checkpoint", &ours, async || cosigned().await.is_some()).await;
    let first = cosigned().await.unwrap();
    assert!(known.cosigned(first["note"].as_str().unwrap()).is_ok());
    let size = first["size"].as_u64().unwrap();
    assert_eq!(ours.ask("one more").await.0, 200);
    until("the next one", &ours, async || cosigned().await.unwrap()["size"].as_u64().unwrap() > size).await;

    // An export of what a witness has seen ends in its cosignature, which a verifier can insist on.
    let end = ours.get("/api/audit?limit=1").await["items"][0]["record"]["at"].as_str().unwrap().to_owned();
    let seen = ours.get("/api/audit?limit=1").await["head"]["size"].as_u64().unwrap();
    until("it to be seen", &ours, async || state(&ours).await["cosigned_size"].as_u64().unwrap() >= seen).await;
    let export = ours.request(Method::POST, "/api/audit/export").json(&json!({"reason": "a visit", "to": end}));
    let export = export.send().await.unwrap().bytes().await.unwrap();
    let file = ours.path("export.ndjson");
    fs::write(&file, &export).unwrap();
    assert_eq!(verifier(&file, &["--witness", told.trim()]), (Some(0), String::new()));
    let stranger = Signer::from_seed(&[3; 32]).witness_key(WITNESS).to_string();
    assert_eq!(verifier(&file, &["--witness", &stranger]).0, Some(1));
}

fn verifier(file: &Path, args: &[&str]) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let output = Command::new(program).arg(file).args(args).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_cosigned_on_sqlite() {
    a_log_is_cosigned(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_cosigned_on_postgres() {
    a_log_is_cosigned(Backend::Postgres).await;
}

/// Database and anchors both: nothing on the machine itself knows better.
#[tokio::test(flavor = "multi_thread")]
async fn a_witness_notices_a_machine_that_was_put_back() {
    let (Witnessed { mut ours, mut witness }, config) = Witnessed::apart().await;
    witness.start();
    ours.configure(&config);
    ours.start();
    assert_eq!(ours.terminate(), Some(0));
    let kept = ours.path("kept");
    let database = ours.data_dir().join("leeward.db");
    fs::copy(&database, &kept).unwrap();

    ours.start();
    assert_eq!(ours.ask("this will be denied").await.0, 200);
    let size = ours.get("/api/audit?limit=1").await["head"]["size"].as_u64().unwrap();
    until("it to be seen", &ours, async || state(&ours).await["cosigned_size"].as_u64().unwrap_or(0) >= size).await;
    assert_eq!(ours.terminate(), Some(0));
    fs::copy(&kept, &database).unwrap();
    fs::remove_dir_all(ours.data_dir().join("checkpoints")).unwrap();

    ours.start();
    until("the witness to object", &ours, async || {
        state(&ours).await["last_error"].as_str().is_some_and(|why| why.contains("was put back"))
    })
    .await;
    // Once there is as much again it shows that it is something else.
    for _ in 0..40 {
        assert_eq!(ours.ask("something else").await.0, 200);
    }
    until("the fork", &ours, async || metric(&witness, "leeward_audit_forks_seen_total").await > 0).await;
}

async fn metric(app: &TestApp, name: &str) -> u64 {
    let text = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap_or(0)
}

/// Another appliance's log, as far as a witness sees it.
pub struct OtherLog {
    signer: Signer,
}

impl OtherLog {
    pub fn new() -> Self {
        Self { signer: Signer::from_seed(&[9; 32]) }
    }

    /// A service that witnesses it.
    pub async fn witness(&self) -> TestApp {
        let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
        let key = self.signer.verifier_key(&LogId::Platform);
        app.configure(&format!("[[audit.witness_for]]\nname = \"milano\"\nkey = \"{key}\"\n"));
        app.start();
        app
    }

    fn request(&self, old: u64, size: u64, face: &str) -> AddCheckpoint {
        let mut tiles = Tiles::default();
        tiles.put(0, 0, (0..size).map(|i| leaf(format!("{face}{i}").as_bytes())).collect());
        let head = if size == 0 { Head::empty() } else { Head { size, root: tiles.root(0, size).unwrap() } };
        let proof = hashes(&consistency(old, size), &tiles).unwrap();
        AddCheckpoint { old, proof, checkpoint: self.signer.sign(&Checkpoint { log: LogId::Platform, head }) }
    }

    /// Asks for a cosignature of `size` entries of one version of the log, on top of `old`.
    pub async fn show(&self, app: &TestApp, old: u64, size: u64, face: &str) -> (u16, String) {
        send(app, self.request(old, size, face).to_string()).await
    }
}

async fn send(app: &TestApp, body: String) -> (u16, String) {
    let url = format!("{}/witness/add-checkpoint", app.url);
    let response = app.http.post(url).body(body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// The status codes are those of C2SP tlog-witness.
#[tokio::test(flavor = "multi_thread")]
async fn a_witness_answers_as_the_specification_says() {
    let other = OtherLog::new();
    let app = other.witness().await;
    let (status, line) = other.show(&app, 0, 3, "a").await;
    assert_eq!(status, 200, "{line}");
    assert!(line.starts_with("\u{2014} leeward/witness "), "{line}");
    assert_eq!(other.show(&app, 3, 5, "a").await.0, 200);
    assert_eq!(other.show(&app, 5, 5, "a").await.0, 200, "the same again");
    assert_eq!(other.show(&app, 0, 7, "a").await, (409, "5\n".to_owned()), "not what was cosigned last");
    assert_eq!(metric(&app, "leeward_audit_forks_seen_total").await, 0);

    assert_eq!(other.show(&app, 5, 7, "b").await.0, 422, "another history");
    assert_eq!(other.show(&app, 5, 5, "b").await, (409, "5\n".to_owned()), "two faces");
    assert_eq!(metric(&app, "leeward_audit_forks_seen_total").await, 2);
    let mut backwards = other.request(3, 5, "a");
    backwards.old = 9;
    assert_eq!(send(&app, backwards.to_string()).await.0, 400);
    let stranger = OtherLog { signer: Signer::from_seed(&[8; 32]) };
    assert_eq!(stranger.show(&app, 5, 7, "a").await.0, 403, "signed by somebody else");
    let elsewhere = other.request(5, 7, "a").to_string().replace("leeward/platform/tree-v1\n7", "example.com/log\n7");
    assert_eq!(send(&app, elsewhere).await.0, 404, "a log nobody here knows");
    for wrong in ["", "old 5\n", "old five\n\nx", "old 5\nno hash\n\nx"] {
        assert_eq!(send(&app, wrong.to_owned()).await.0, 400, "{wrong:?}");
    }
    // After all of that it is where it was.
    assert_eq!(other.show(&app, 5, 7, "a").await.0, 200);
}
