//! Attestation reports of a real service: made at the command line and over the API, checked by the standalone
//! verifier.

use std::{path::Path, process::Command};

use leeward_domain::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::Browser,
    residency::{decide, next, officers, propose},
};

/// Exit status, standard output and standard error of `leeward-verify attest`.
fn verified(file: &Path, key: &str) -> (Option<i32>, String, String) {
    let verifier = Path::new(env!("CARGO_BIN_EXE_leeward")).with_file_name("leeward-verify");
    let output = Command::new(verifier).arg("attest").arg(file).args(["--key", key]).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

async fn narrowed(ada: &Browser, bea: &Browser) {
    let policy = next(ada, |policy| policy["process"] = json!(["elsewhere-1"])).await;
    assert_eq!(decide(bea, &propose(ada, &policy).await, "approve").await.0, 200);
}

async fn a_report_holds_and_an_edited_one_does_not(backend: Backend) {
    let app = TestApp::spawn_with(backend, &[]).await;
    let (ada, bea) = officers(&app).await;
    for _ in 0..3 {
        assert_eq!(app.ask("a word that no report may hold").await.0, 200);
    }
    narrowed(&ada, &bea).await;
    while app.ask("refused").await.0 == 200 {}
    // The database keeps microseconds; the newest record is within the period.
    let newest: Timestamp =
        app.get("/api/audit?limit=1").await["items"][0]["record"]["at"].as_str().unwrap().parse().unwrap();
    let to = newest.plus(std::time::Duration::from_micros(1)).to_string();
    let (file, pdf) = (app.path("report.attest"), app.path("report.pdf"));
    let args = ["residency", "attest", "--tenant", "demo", "--from", "2026-01-01T00:00:00Z", "--to", &to, "--json"];
    let paths = ["--out", file.to_str().unwrap(), "--pdf", pdf.to_str().unwrap()];
    let output = app.cli(&[&args[..], &paths].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = told["key"].as_str().unwrap();

    let (status, text, error) = verified(&file, key);
    assert_eq!(status, Some(0), "{error}");
    assert!(text.contains("process: site local is in the tenant's list"), "{text}");
    assert!(text.contains("process: site local (region"), "the refusal: {text}");
    let whole = std::fs::read_to_string(&file).unwrap();
    assert!(!whole.contains("a word that no report may hold"));
    let report: Value = serde_json::from_str(whole.lines().next().unwrap()).unwrap();
    let count = |allowed: bool| -> u64 {
        let rows = report["decisions"].as_array().unwrap().iter().filter(|row| row["allowed"] == allowed);
        rows.map(|row| row["count"].as_u64().unwrap()).sum()
    };
    assert!(count(true) >= 3 && count(false) >= 1, "{report}");
    assert_eq!(report["policies"]["later"].as_array().unwrap().len(), 1);
    assert_eq!(report["egress_tests"][0]["outcome"], "blocked", "{report}");
    assert!(std::fs::read(&pdf).unwrap().starts_with(b"%PDF-"));

    // One count more, one policy less strict, one record gone.
    let line = whole.lines().find(|line| line.contains("inference.admitted")).unwrap();
    for (from, into) in [("\"count\":3", "\"count\":4"), ("elsewhere-1", "elsewhere-2"), (&format!("{line}\n"), "")] {
        let edited = app.path("edited.attest");
        std::fs::write(&edited, whole.replacen(from, into, 1)).unwrap();
        let (status, shown, error) = verified(&edited, key);
        assert_eq!((status, shown.as_str()), (Some(1), "NOT OK\n"), "{from}: {error}");
    }
    let again = app.cli(&[&args[..], &paths].concat());
    assert_eq!(again.status.code(), Some(1), "what is there is not written over");

    // The same over the API, by whoever audits.
    let asked = json!({"from": "2026-01-01T00:00:00Z", "to": to, "reason": "the yearly audit"});
    let over_http = app.request(Method::POST, "/api/residency-policy/attest").json(&asked).send().await.unwrap();
    assert_eq!(over_http.status(), 200);
    let file = app.path("over-http.attest");
    std::fs::write(&file, over_http.bytes().await.unwrap()).unwrap();
    assert_eq!(verified(&file, key).0, Some(0));
    let mut copy = asked.clone();
    copy["format"] = json!("pdf");
    let copy = app.request(Method::POST, "/api/residency-policy/attest").json(&copy).send().await.unwrap();
    assert!(copy.bytes().await.unwrap().starts_with(b"%PDF-"));
    for (field, value, told) in [
        ("reason", json!("x"), "3 to 500"),
        ("format", json!("docx"), "report or pdf"),
        ("to", json!("2999-01-01T00:00:00Z"), "not over"),
        ("to", json!("2025-01-01T00:00:00Z"), ""),
    ] {
        let mut wrong = asked.clone();
        wrong[field] = value;
        let (status, error) = app.post("/api/residency-policy/attest", &wrong).await;
        assert_eq!(status, 400, "{error}");
        assert!(error["detail"].as_str().unwrap().contains(told), "{error}");
    }
    assert_eq!(app.records("audit.attest.succeeded").await.len(), 3);
    assert_eq!(app.records("audit.attest.failed").await.len(), 5, "four over the API, one at the command line");
}

/// What went somewhere is attested after that place has left the configuration.
#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_is_gone_is_still_in_the_report() {
    let mut app = TestApp::installed(Backend::Sqlite, &[]).await;
    let place = "{ site = \"local\", region = \"annex\", jurisdiction = \"IT\", ceiling = \"internal\" }";
    let file = app.path("sink.ndjson");
    app.configure(&format!("[[audit.sinks]]\nname = \"annex\"\nto = \"file://{}\"\nplace = {place}\n", file.display()));
    app.start();
    while app.records("telemetry.sink.allowed").await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(app.terminate(), Some(0));
    app.configure("");
    app.start();
    let newest: Timestamp =
        app.get("/api/audit?limit=1").await["items"][0]["record"]["at"].as_str().unwrap().parse().unwrap();
    let to = newest.plus(std::time::Duration::from_micros(1)).to_string();
    let report = app.path("report.attest");
    let args = ["residency", "attest", "--tenant", "demo", "--from", "2026-01-01T00:00:00Z", "--to", &to, "--json"];
    let output = app.cli(&[&args[..], &["--out", report.to_str().unwrap()]].concat());
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (status, text, error) = verified(&report, told["key"].as_str().unwrap());
    assert_eq!(status, Some(0), "{error}");
    assert!(text.contains("telemetry: site local is in the tenant's list"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_holds_and_an_edited_one_does_not_on_sqlite() {
    a_report_holds_and_an_edited_one_does_not(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_holds_and_an_edited_one_does_not_on_postgres() {
    a_report_holds_and_an_edited_one_does_not(Backend::Postgres).await;
}
