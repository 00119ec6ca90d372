//! The logs of a service, as an auditor gets them: exported at the command line, and checked.

use std::{fs, io::BufReader, time::Duration};

use leeward_ledger::{
    EventCode,
    verify::{Options, verify},
};
use serde_json::Value;

use super::scene::{Scene, command};

/// One log, whole.
pub struct Log {
    /// Its tenant, or `platform`.
    pub name: String,
    /// The export, byte for byte.
    pub text: String,
    pub records: Vec<Value>,
}

/// All logs of the service, once one of them tells of `code`: some records are written a moment after the act.
pub async fn with(scene: &Scene, code: EventCode) -> Vec<Log> {
    for _ in 0..60 {
        let tenants = scene.others.iter().chain([&scene.app.tenant]);
        let logs: Vec<Log> = tenants.map(String::as_str).chain(["platform"]).map(|log| export(scene, log)).collect();
        if of(&logs, code).next().is_some() {
            return logs;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{code} is in no log: {}", scene.app.log());
}

/// The records of one code.
pub fn of(logs: &[Log], code: EventCode) -> impl Iterator<Item = &Value> {
    logs.iter().flat_map(|log| &log.records).filter(move |record| record["event"] == code.as_str())
}

fn export(scene: &Scene, log: &str) -> Log {
    let file = scene.app.path("export");
    drop(fs::remove_file(&file));
    let told = command(&scene.app, &["audit", "export", "--tenant", log, "--out", file.to_str().unwrap()]);
    let key = Some(told["key"].as_str().unwrap().parse().unwrap());
    let report = verify(BufReader::new(fs::File::open(&file).unwrap()), &Options { key, ..Options::default() });
    let report = report.unwrap();
    assert!(report.ok, "{:?}", report.findings);
    let text = fs::read_to_string(&file).unwrap();
    let entries = text.lines().filter(|line| !line.starts_with(r#"{"type":"#));
    let records = entries.map(|line| serde_json::from_str(line).unwrap()).collect();
    Log { name: log.to_owned(), text, records }
}
