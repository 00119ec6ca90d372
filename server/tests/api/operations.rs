//! Probes, metrics, TLS, stopping, the embedded pages.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{Backend, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn probes_and_metrics() {
    let app = TestApp::spawn().await;
    assert_eq!(app.ask("one two").await.0, 200);
    let public = |path: &str| app.http.get(format!("{}{path}", app.url)).send();
    assert_eq!(public("/healthz").await.unwrap().status(), 200);
    let ready: Value = public("/readyz").await.unwrap().json().await.unwrap();
    assert_eq!(ready["ready"], true, "{ready}");
    let metrics = public("/metrics").await.unwrap().text().await.unwrap();
    for line in [
        "leeward_inferences_total{model=\"echo\",outcome=\"completed\"} 1",
        "leeward_output_tokens_total{model=\"echo\"} 4",
        "leeward_model_ready{model=\"echo\"} 1",
        "# EOF",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    let log = app.log();
    let line = log.lines().find(|line| line.contains("/v1/chat/completions")).unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["tenant"], &line["status"]), (&json!(app.tenant), &json!(200)));
    assert!(line["request_id"].as_str().unwrap().starts_with("req_"));
    assert!(!log.contains("one two"), "never prompt text");
}

/// The body of the first request that comes in, and its head.
fn received(listener: &TcpListener) -> (String, Vec<u8>) {
    let (stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(&stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
    (head, body)
}

/// Through the gateway's own client, as everything that leaves.
#[tokio::test(flavor = "multi_thread")]
async fn traces_reach_a_collector_and_hold_no_text() {
    let collector = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/traces", collector.local_addr().unwrap());
    let env = [("LEEWARD__TELEMETRY__OTLP_ENDPOINT", endpoint.as_str()), ("OTEL_BSP_SCHEDULE_DELAY", "100")];
    let app = TestApp::spawn_with(Backend::Sqlite, &env).await;
    assert_eq!(app.ask("a word nobody else says").await.0, 200);
    let traces = tokio::task::spawn_blocking(move || {
        let mut all = Vec::new();
        // Of the answer's span, which ends after it.
        while !String::from_utf8_lossy(&all).contains("req_") {
            let (head, body) = received(&collector);
            assert!(head.starts_with("POST /v1/traces ") && head.contains("application/x-protobuf"), "{head}");
            all.extend(body);
        }
        all
    });
    let traces = tokio::time::timeout(Duration::from_secs(30), traces).await.unwrap().unwrap();
    let text = String::from_utf8_lossy(&traces);
    assert!(text.contains("service.name") && text.contains("leeward"), "{text}");
    assert!(!text.contains("nobody else"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_running_answers_finish() {
    let mut app = TestApp::spawn().await;
    let body =
        json!({"model": "echo", "stream": true, "messages": [{"role": "user", "content": "!slow 20 !count 30"}]});
    let response = app.request(reqwest::Method::POST, "/v1/chat/completions").json(&body).send().await.unwrap();
    let reading = tokio::spawn(response.text());
    let code = tokio::task::block_in_place(|| app.terminate());
    assert_eq!(code, Some(0), "{}", app.log());
    let text = reading.await.unwrap().unwrap();
    assert!(text.contains(" w30") && text.ends_with("data: [DONE]\n\n"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_from_certificate_files() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let env =
        [("LEEWARD__TLS__CERTIFICATE", certificate.to_str().unwrap()), ("LEEWARD__TLS__KEY", key.to_str().unwrap())];
    let mut app = TestApp::spawn_with(Backend::Sqlite, &env).await;
    assert!(app.url.starts_with("https://"));
    let root = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
    app.http = reqwest::Client::builder().tls_certs_only([root]).build().unwrap();
    assert_eq!(app.ask("hi").await.0, 200);
    let body = json!({"email": crate::app::ADMIN, "password": app.password});
    let response = app.http.post(format!("{}/auth/login", app.url)).json(&body).send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-leeward_session=") && cookie.contains("Secure"), "{cookie}");
    let plain = app.cli(&["serve", "--listen", "127.0.0.1:0", "--config", "/nowhere.toml"]);
    assert!(String::from_utf8_lossy(&plain.stderr).contains("there is no file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_says_what_it_found() {
    let app = TestApp::installed(Backend::Sqlite, &[("LEEWARD__ENGINE__SANDBOX", "off")]).await;
    let output = app.cli(&["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1), "a sandbox that is off is a finding");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ok"], false);
    let named = |name: &str| {
        report["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap()["ok"].clone()
    };
    assert_eq!(
        (named("sandbox mode"), named("database and keys"), named("model")),
        (json!(false), json!(true), json!(true))
    );
    let advised: Vec<_> = report["advice"].as_array().unwrap().iter().map(|advice| advice["key"].as_str()).collect();
    assert!(advised.contains(&Some("engine.dedicated_to")), "there is one tenant: {report}");
}

/// The browser side's client is generated from a copy of the description.
#[tokio::test(flavor = "multi_thread")]
async fn the_copy_of_the_description_is_what_the_service_describes() {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let now: Value = serde_json::from_slice(&app.cli(&["openapi"]).stdout).unwrap();
    let copy: Value = serde_json::from_str(include_str!("../../../admin-ui/openapi.json")).unwrap();
    assert!(
        now == copy,
        "admin-ui/openapi.json is stale: leeward openapi > admin-ui/openapi.json && npm --prefix admin-ui run generate"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_come_is_not_waited_for() {
    use std::io::{Read as _, Write as _};
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__HTTP__BODY_TIMEOUT_S", "1")]).await;
    let mut stream = std::net::TcpStream::connect(app.url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: 100\r\n\r\n{{\"mod",
        app.key
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("body_timeout") && answer.contains("within 1 s"), "{answer}");
}

/// A new key in the place of a lost one would make every export so far look like somebody else's.
#[tokio::test(flavor = "multi_thread")]
async fn a_lost_log_key_is_not_replaced_silently() {
    let app = TestApp::installed(Backend::Sqlite, &[]).await;
    let out = app.path("first");
    let export =
        |out: &std::path::Path| app.cli(&["audit", "export", "--tenant", "demo", "--out", out.to_str().unwrap()]);
    assert!(export(&out).status.success());
    let key = app.data_dir().join("keys/audit-log");
    std::fs::rename(&key, app.path("kept")).unwrap();
    let refused = export(&app.path("second"));
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("audit-log") && said.contains("restore"), "{said}");
    assert!(!key.exists());
    std::fs::rename(app.path("kept"), &key).unwrap();
    assert!(export(&app.path("second")).status.success());
}
