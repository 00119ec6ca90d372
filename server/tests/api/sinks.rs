//! Records arrive elsewhere: at a real syslog receiver over mutual TLS and in a file; and a sink that is broken, slow
//! or somebody else's holds up nobody.

use std::{collections::BTreeSet, fs, net::TcpListener, path::PathBuf, time::Duration};

use leeward_testkit::rsyslog::{Certificates, Rsyslog};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, SanType};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Backend, TestApp,
    mtls::Cards,
    residency::{decide, next, officers, propose},
};

/// The client name the receiver knows.
const CLIENT: &str = "leeward.example.org";

/// A place with certificates and a configuration.
struct Site {
    dir: TempDir,
    cards: Cards,
}

impl Site {
    fn new() -> Self {
        let site = Self { dir: tempfile::tempdir().unwrap(), cards: Cards::new("Site") };
        fs::write(site.path("ca.pem"), site.cards.ca_pem()).unwrap();
        site.certificate("receiver", "127.0.0.1", &site.cards);
        site.certificate("client", CLIENT, &site.cards);
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn certificate(&self, file: &str, name: &str, by: &Cards) {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if let Ok(address) = name.parse() {
            params.subject_alt_names = vec![SanType::IpAddress(address)];
        }
        params.distinguished_name.push(DnType::CommonName, name);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        fs::write(self.path(&format!("{file}.pem")), by.sign(&params, &key)).unwrap();
        fs::write(self.path(&format!("{file}.key")), key.serialize_pem()).unwrap();
    }

    fn receiver(&self, port: u16) -> Rsyslog {
        let certificates = Certificates {
            ca: self.path("ca.pem"),
            certificate: self.path("receiver.pem"),
            key: self.path("receiver.key"),
            client: CLIENT.to_owned(),
        };
        Rsyslog::start(&self.path("rsyslog"), port, &certificates).unwrap()
    }

    /// The configuration's lines of a syslog sink that shows `client`.
    fn syslog(&self, port: u16, client: &str) -> String {
        let file = |name: &str| self.path(name).display().to_string();
        format!(
            "[[audit.sinks]]\nname = \"siem\"\nto = \"syslog+tls://127.0.0.1:{port}\"\n{PLACE}\ntimeout_s = 2\n\
             ca = \"{}\"\ncertificate = \"{}\"\nkey = \"{}\"\n",
            file("ca.pem"),
            file(&format!("{client}.pem")),
            file(&format!("{client}.key")),
        )
    }

    /// A service that stands where the sinks do.
    async fn spawn(&self, backend: Backend, config: &str) -> TestApp {
        let file = self.path("leeward.toml");
        fs::write(&file, format!("{PLACE}\n{config}")).unwrap();
        TestApp::spawn_with(backend, &[("LEEWARD_CONFIG", file.to_str().unwrap())]).await
    }
}

pub const PLACE: &str =
    "place = { site = \"roma\", region = \"Lazio\", jurisdiction = \"IT\", ceiling = \"internal\" }";

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits for something to come true.
pub async fn until(what: &str, app: &TestApp, mut true_now: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if true_now().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} never came: {}", app.log());
}

/// The numbers of the tenant's records as messages of the receiver hold them; each message is checked.
fn received(receiver: &Rsyslog, log: &str) -> Vec<u64> {
    let mut numbers = Vec::new();
    for line in receiver.lines() {
        let parts: Vec<&str> = line.splitn(4, '\t').collect();
        let [application, _, data, message] = parts.as_slice() else { panic!("{line}") };
        assert_eq!(*application, "leeward");
        let entry: Value = serde_json::from_str(message.trim_start()).unwrap_or_else(|error| panic!("{error}: {line}"));
        let record = &entry["record"];
        let param = |name: &str| {
            let (_, rest) = data.split_once(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name}: {data}"));
            rest.split('"').next().unwrap().to_owned()
        };
        assert_eq!(record["event"], param("event"), "{line}");
        assert_eq!(record["id"], param("id"), "{line}");
        if param("log") == log {
            numbers.push(param("seq").parse().unwrap());
        }
    }
    numbers
}

async fn sink(app: &TestApp, name: &str) -> Value {
    let sinks = app.get("/api/audit/sinks").await;
    let found = sinks["items"].as_array().unwrap().iter().find(|sink| sink["name"] == name).cloned();
    found.unwrap_or_default()
}

async fn act(app: &TestApp, times: usize) {
    for _ in 0..times {
        assert_eq!(app.ask("hello").await.0, 200);
    }
}

/// Every number from 0 to the newest the receiver must have by now.
async fn all_there(app: &TestApp, receiver: &Rsyslog) {
    let page = app.get("/api/audit?limit=1").await;
    let newest = page["items"][0]["seq"].as_u64().unwrap();
    until("the newest record", app, async || received(receiver, &app.tenant).contains(&newest)).await;
    let got: BTreeSet<u64> = received(receiver, &app.tenant).into_iter().collect();
    assert_eq!(got, (0..=*got.last().unwrap()).collect(), "no gaps");
    assert!(!received(receiver, "platform").is_empty(), "the platform's log goes too");
}

async fn rsyslog_gets_every_record(backend: Backend) {
    let (site, port) = (Site::new(), free_port());
    let receiver = site.receiver(port);
    let app = site.spawn(backend, &site.syslog(port, "client")).await;
    act(&app, 5).await;
    all_there(&app, &receiver).await;
    let numbers = received(&receiver, &app.tenant);
    let mut once = numbers.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(numbers, once, "in order, each once");
    until("the note of it", &app, async || sink(&app, "siem").await["state"] == "ok").await;

    // The receiver goes away: everything else goes on, and nothing is missing when it is back.
    drop(receiver);
    act(&app, 5).await;
    until("the failure", &app, async || sink(&app, "siem").await["state"] == "retrying").await;
    act(&app, 2).await;
    let receiver = site.receiver(port);
    all_there(&app, &receiver).await;
    let events: Vec<_> = receiver.lines().iter().filter(|line| line.contains("audit.sink.")).cloned().collect();
    // As an event: a saved alert names events too.
    let tells = |line: &String, code: &str| line.contains(&format!("\"event\":\"{code}\""));
    assert!(events.iter().any(|line| tells(line, "audit.sink.failed")), "{events:?}");
    until("the resumption", &app, async || receiver.lines().iter().any(|line| tells(line, "audit.sink.resumed"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rsyslog_gets_every_record_on_sqlite() {
    rsyslog_gets_every_record(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rsyslog_gets_every_record_on_postgres() {
    rsyslog_gets_every_record(Backend::Postgres).await;
}

/// The receiver knows a client by its certificate, and says so only after the handshake: no record may count as taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_does_not_know_us_has_taken_nothing() {
    let (site, port) = (Site::new(), free_port());
    let strangers = Cards::new("Strangers");
    site.certificate("stranger", CLIENT, &strangers);
    site.certificate("misnamed", "other.example.org", &site.cards);
    let receiver = site.receiver(port);
    for client in ["stranger", "misnamed"] {
        let app = site.spawn(Backend::Sqlite, &site.syslog(port, client)).await;
        act(&app, 1).await;
        until("the failure", &app, async || sink(&app, "siem").await["last_error"].is_string()).await;
        let state = sink(&app, "siem").await;
        assert_eq!((&state["state"], &state["delivered_seq"]), (&json!("retrying"), &json!(null)), "{client}: {state}");
        assert!(receiver.lines().is_empty(), "{client}");
    }
    // And we know the receiver by its: one with another authority gets nothing.
    let other = Site::new();
    fs::write(site.path("ca.pem"), other.cards.ca_pem()).unwrap();
    let app = site.spawn(Backend::Sqlite, &site.syslog(port, "client")).await;
    until("the failure", &app, async || sink(&app, "siem").await["last_error"].is_string()).await;
    assert!(sink(&app, "siem").await["last_error"].to_string().contains("certificate"));
    assert!(receiver.lines().is_empty());
}

/// It accepts connections and then says nothing, for ever: as a hung SIEM does.
#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_holds_up_nobody() {
    let site = Site::new();
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = hung.local_addr().unwrap().port();
    let file = site.path("second.ndjson");
    let second = format!("[[audit.sinks]]\nname = \"disk\"\nto = \"file://{}\"\n{PLACE}\n", file.display());
    let app = site.spawn(Backend::Sqlite, &format!("{}{second}", site.syslog(port, "client"))).await;
    until("the failure", &app, async || sink(&app, "siem").await["last_error"].is_string()).await;
    act(&app, 20).await;
    let state = sink(&app, "siem").await;
    assert!(state["last_error"].to_string().contains("did not take it within 2 s"), "{state}");
    assert!(state["behind"].as_u64().unwrap() >= 40, "{state}");
    until("the other sink", &app, async || sink(&app, "disk").await["behind"] == 0).await;
    let ready = app.http.get(format!("{}/readyz", app.url)).send().await.unwrap();
    assert_eq!(ready.status(), 200, "a sink is no reason to stop");
    let metrics = app.http.get(format!("{}/metrics", app.url)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("leeward_audit_sink_up{sink=\"siem\"} 0"), "{metrics}");
    assert!(metrics.contains("leeward_audit_sink_up{sink=\"disk\"} 1"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_gets_every_record_across_a_crash_and_a_rotation() {
    let site = Site::new();
    let file = site.path("audit.ndjson");
    let config = format!(
        "[[audit.sinks]]\nname = \"disk\"\nto = \"file://{}\"\n{PLACE}\nlogs = [\"platform\", \"@tenant\"]\n",
        file.display()
    );
    // The tenant is not known before it is made.
    let mut app = site.spawn(Backend::Sqlite, &config.replace(", \"@tenant\"", "")).await;
    let tenant = app.tenant.clone();
    let with_tenant = config.replace("@tenant", &tenant);
    act(&app, 2).await;
    until("a record", &app, async || fs::read_to_string(&file).is_ok_and(|text| text.ends_with('\n'))).await;
    assert!(!fs::read_to_string(&file).unwrap().contains(&format!("\"log\":\"{tenant}")), "that log was not asked for");
    app.kill();
    fs::write(site.path("leeward.toml"), format!("{PLACE}\n{with_tenant}")).unwrap();
    // A crash may also tear the file's last line.
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 7]).unwrap();
    app.start();
    act(&app, 5).await;
    until("the end", &app, async || sink(&app, "disk").await["behind"] == 0).await;
    fs::rename(&file, site.path("audit.ndjson.1")).unwrap();
    act(&app, 5).await;
    // Reading is on record too, so what is there is asked for before the sink is waited for.
    let mut all: BTreeSet<String> = BTreeSet::new();
    let mut path = "/api/audit?limit=200".to_owned();
    loop {
        let page = app.get(&path).await;
        all.extend(page["items"].as_array().unwrap().iter().map(|item| item["record"]["id"].to_string()));
        match page["next_cursor"].as_str() {
            Some(next) => path = format!("/api/audit?limit=200&cursor={next}"),
            None => break,
        }
    }
    until("the end", &app, async || sink(&app, "disk").await["behind"] == 0).await;
    let text = fs::read_to_string(site.path("audit.ndjson.1")).unwrap() + &fs::read_to_string(&file).unwrap();
    let got: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(got.len(), text.lines().count() - 1, "one line is torn");
    let of_tenant = got.iter().filter(|one| one["log"] == *tenant);
    let ids: BTreeSet<String> = of_tenant.map(|one| one["record"]["id"].to_string()).collect();
    assert_eq!(all.difference(&ids).count(), 0, "every record of the tenant is in the file");
}

/// Two sites' sinks: a tenant's records go where its policy says, from the next one on, and nothing is lost.
async fn a_tenants_records_go_where_its_policy_says(backend: Backend) {
    let site = Site::new();
    let files = ["roma", "bari"].map(|name| site.path(&format!("{name}.ndjson")));
    let section = |name: &str, file: &PathBuf| {
        let place = PLACE.replace("roma", name);
        format!("[[audit.sinks]]\nname = \"{name}\"\nto = \"file://{}\"\n{place}\n", file.display())
    };
    let config = section("roma", &files[0]) + &section("bari", &files[1]);
    let app = site.spawn(backend, &config).await;
    let (ada, bea) = officers(&app).await;
    let of_tenant = |file: &PathBuf| -> Vec<u64> {
        let text = fs::read_to_string(file).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.filter(|line| line["log"] == *app.tenant).map(|line| line["seq"].as_u64().unwrap()).collect()
    };
    act(&app, 3).await;
    until("the near sink", &app, async || sink(&app, "roma").await["behind"] == 0).await;
    assert!(of_tenant(&files[0]).len() > 6);
    let withheld = sink(&app, "bari").await;
    assert_eq!((&withheld["state"], &withheld["delivered_seq"]), (&json!("withheld"), &json!(null)), "{withheld}");
    let why = "telemetry: site bari (region Lazio, jurisdiction IT) is not in the tenant's list";
    assert_eq!(withheld["rule"], why);
    assert!(of_tenant(&files[1]).is_empty());
    until("the platform's own", &app, async || !fs::read_to_string(&files[1]).unwrap_or_default().is_empty()).await;
    let refused = app.records("telemetry.sink.refused").await;
    assert_eq!(refused.len(), 1, "once, not with each record: {refused:?}");
    assert_eq!((&refused[0]["object"]["id"], &refused[0]["decision"]["rule"]), (&json!("bari"), &json!(why)));
    assert_eq!(app.records("telemetry.sink.allowed").await.len(), 1);

    let moved = next(&ada, |policy| policy["telemetry"] = json!(["bari"])).await;
    assert_eq!(decide(&bea, &propose(&ada, &moved).await, "approve").await.0, 200);
    until("the far sink", &app, async || sink(&app, "bari").await["behind"] == 0).await;
    let everything = of_tenant(&files[1]);
    assert_eq!(everything, (0..everything.len() as u64).collect::<Vec<_>>(), "from the first on");
    until("the refusal", &app, async || app.records("telemetry.sink.refused").await.len() == 2).await;
    let before = of_tenant(&files[0]).len();
    act(&app, 3).await;
    until("the far sink", &app, async || sink(&app, "bari").await["behind"] == 0).await;
    assert_eq!(of_tenant(&files[0]).len(), before, "not one more");
    assert_eq!(sink(&app, "roma").await["state"], "withheld");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_records_go_where_its_policy_says_on_sqlite() {
    a_tenants_records_go_where_its_policy_says(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_records_go_where_its_policy_says_on_postgres() {
    a_tenants_records_go_where_its_policy_says(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_nobody_could_mean_is_refused_at_the_start() {
    let site = Site::new();
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let wrong = [
        ("name = \"a\"\nto = \"file:///x\"", "sinks[0]place"),
        (&format!("name = \"a\"\nto = \"syslog+tcp://siem.example.org:514\"\n{PLACE}"), "over TLS only"),
        (&format!("name = \"a\"\nto = \"http://siem.example.org/v1/logs\"\n{PLACE}"), "over TLS only"),
        (&format!("name = \"a\"\nto = \"syslog+tls://siem.example.org:6514\"\n{PLACE}"), "needs ca"),
        (&format!("name = \"a\"\nto = \"syslog+tls://siem.example.org\"\nca = \"x\"\n{PLACE}"), "host and a port"),
        (&format!("name = \"a\"\nto = \"https://u:p@siem.example.org/\"\n{PLACE}"), "credentials"),
        (&format!("name = \"a\"\nto = \"kafka://x:1\"\n{PLACE}"), "to must be"),
        (&format!("name = \"a b\"\nto = \"file:///x\"\n{PLACE}"), "its name"),
        (&format!("name = \"a\"\nto = \"file:///x\"\nlogs = [\"all\"]\n{PLACE}"), "neither"),
        (&format!("name = \"a\"\nto = \"file:///x\"\nformat = \"xml\"\n{PLACE}"), "xml"),
        (&format!("name = \"a\"\nto = \"https://x/v1/logs\"\nformat = \"cef\"\n{PLACE}"), "does not travel"),
        (&format!("name = \"a\"\nto = \"file:///x\"\nca = \"/nonexistent\"\n{PLACE}"), "/nonexistent"),
    ];
    for (section, expected) in wrong {
        let file = site.path("wrong.toml");
        fs::write(&file, format!("[[audit.sinks]]\n{section}\n")).unwrap();
        let output = app.cli(&["serve", "--listen", "127.0.0.1:0", "--config", file.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(expected), "{section}: {said}");
    }
}
