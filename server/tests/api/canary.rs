//! What is secret is in no file, no row and no log line: said to the model, said by it, a title, somebody else's
//! password. Looked for in the whole data directory, in what the service prints at its most talkative, and in
//! PostgreSQL's rows and files, in clear, in hexadecimal and in base64.
//!
//! To add a secret: give it to the service in [`fill`] and name it there. It is made for the test and long, so that
//! finding it means something.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use memchr::memmem;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, own},
    rows::Rows,
    sign_in,
};

/// A model whose name is in the rows of conversations: what is not secret must be found.
const CONTROL: &str = "control-4b1d9e6f";

/// What a secret looks like wherever it may lie: as it is, in hexadecimal, and inside a longer base64 text, where it
/// depends on how many bytes came before.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![secret.to_vec(), hex::encode(secret).into_bytes(), hex::encode_upper(secret).into_bytes()];
    for before in 0..3_usize {
        let text = STANDARD.encode([&vec![0; before], secret].concat());
        // Letters that hold bits of what is before or after are not the secret's.
        let (first, last) = ((before * 8).div_ceil(6), (before + secret.len()) * 8 / 6);
        let inner = text.as_bytes()[first..last].to_vec();
        let url: Vec<u8> = inner
            .iter()
            .map(|letter| match letter {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            })
            .collect();
        if url != inner {
            forms.push(url);
        }
        forms.push(inner);
    }
    forms
}

fn holds(haystack: &[u8], secret: &[u8]) -> bool {
    forms(secret).iter().any(|form| memmem::find(haystack, form).is_some())
}

#[test]
fn a_secret_is_found_in_every_form_and_at_every_offset() {
    let secret = b"a?>secret~~ of some length\xff\xfe";
    for before in 0..7 {
        let text = [&vec![b'x'; before][..], secret, b"yz"].concat();
        let url = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&text).into_bytes();
        let disguises = [
            text.clone(),
            hex::encode(&text).into_bytes(),
            hex::encode_upper(&text).into_bytes(),
            STANDARD.encode(&text).into_bytes(),
            url,
        ];
        for disguise in disguises {
            assert!(holds(&disguise, secret), "{before}: {}", String::from_utf8_lossy(&disguise));
            assert!(!holds(&disguise, b"another secret of that length"));
        }
    }
}

/// (what, the secret)
type Secrets = Vec<(&'static str, Vec<u8>)>;

/// Uses the service so that it has had every secret in its hands.
async fn fill(app: &TestApp) -> Secrets {
    let mut secrets: Secrets = Vec::new();
    let mut canary = |what: &'static str| {
        let text = format!("canary-{}-8d2f60a7c1e94b35", what.replace(' ', "-"));
        secrets.push((what, text.clone().into_bytes()));
        text
    };

    // The chat: the first message makes the title; the answer is spelled so that only the answer holds it.
    let (_, made) = app.post("/api/conversations", &json!({"model": CONTROL})).await;
    let path = format!("/api/conversations/{}", made["id"].as_str().unwrap());
    let question = canary("question");
    let answer = canary("answer");
    let spelled: String = answer.bytes().map(|letter| format!("\\u{letter:04x}")).collect();
    for content in [question.clone(), format!("!raw \"{spelled}\"")] {
        let said = app.request(Method::POST, &format!("{path}/messages")).json(&json!({"content": content}));
        assert!(said.send().await.unwrap().text().await.unwrap().contains("event: done"));
    }
    let title = canary("title");
    assert_eq!(app.request(Method::PATCH, &path).json(&json!({"title": title})).send().await.unwrap().status(), 200);
    let detail = app.get(&path).await;
    assert_eq!(detail["conversation"]["title"], title.as_str());
    assert_eq!(detail["messages"][1]["content"], format!("You said: {question}"));
    assert_eq!(detail["messages"][3]["content"], answer.as_str());
    // One that is gone again: its pages and log entries are not wiped at once.
    let (_, gone) = app.post("/api/conversations", &json!({"model": CONTROL})).await;
    let gone = format!("/api/conversations/{}", gone["id"].as_str().unwrap());
    let deleted = json!({"content": canary("deleted")});
    let said = app.request(Method::POST, &format!("{gone}/messages")).json(&deleted).send().await.unwrap();
    assert!(said.text().await.unwrap().contains("event: done"));
    assert_eq!(app.request(Method::DELETE, &gone).send().await.unwrap().status(), 204);

    // A stored response, and one that is gone again.
    for what in ["stored input", "deleted input"] {
        let (status, stored) =
            app.post("/v1/responses", &json!({"model": MODEL, "input": canary(what), "store": true})).await;
        assert_eq!(status, 200, "{stored}");
        if what == "deleted input" {
            let path = format!("/v1/responses/{}", stored["id"].as_str().unwrap());
            assert_eq!(app.request(Method::DELETE, &path).send().await.unwrap().status(), 200);
        }
    }

    // Programs: answered whole, streamed, failed by the engine, refused before.
    assert_eq!(app.ask(&canary("prompt")).await.0, 200);
    let streamed =
        json!({"model": MODEL, "stream": true, "messages": [{"role": "user", "content": canary("streamed")}]});
    let streamed = app.request(Method::POST, "/v1/chat/completions").json(&streamed).send().await.unwrap();
    assert!(streamed.text().await.unwrap().contains("[DONE]"));
    assert_eq!(app.ask(&format!("!fail 2 {}", canary("failed"))).await.0, 500);
    assert_eq!(app.ask(&format!("!overflow {}", canary("too long"))).await.0, 400);
    let refused = json!({"model": MODEL, "tools": canary("refused"), "messages": [{"role": "user", "content": "x"}]});
    assert_eq!(app.post("/v1/chat/completions", &refused).await.0, 400);
    let broken = format!("{{\"content\": \"{}", canary("broken body"));
    let broken = app.request(Method::POST, &format!("{path}/messages")).body(broken).send().await.unwrap();
    assert_eq!(broken.status(), 400);

    // Other parties' secrets, and people's.
    let officer = app.officer().await;
    let connection = json!({"kind": "oidc", "issuer": "https://login.example.org", "client_id": "leeward"});
    let provider = json!({"name": "Login", "secret": canary("client secret"), "connection": connection,
        "admission": {"default_roles": ["member"]}});
    let (status, made) = officer.send(Method::POST, "/api/identity-providers", Some(&provider)).await;
    assert_eq!(status, 201, "{made}");
    let directory = json!({"kind": "ldap", "url": "ldaps://dc1.example.org", "bind_dn": "cn=leeward",
        "user_base": "ou=people", "user_filter": "(mail={login})"});
    let provider = json!({"name": "Directory", "secret": canary("bind password"), "connection": directory,
        "admission": {"default_roles": ["member"]}});
    let (status, made) = officer.send(Method::POST, "/api/identity-providers", Some(&provider)).await;
    assert_eq!(status, 201, "{made}");
    let wrong = json!({"email": "admin@demo.example", "password": canary("mistyped password")});
    assert_eq!(app.enter("/auth/login", &wrong).await.0, 401);
    let (_, made) = app.post("/api/users", &json!({"email": "ada@demo.example", "roles": ["member"]})).await;
    let one_time = made["one_time_password"].as_str().unwrap();
    let ada = app.sign_in("ada@demo.example", one_time).await;
    let (_, setup) = ada.send(Method::POST, "/api/me/totp/begin", None).await;
    let base32 = setup["secret"].as_str().unwrap().replace(' ', "");
    let code = json!({"code": sign_in::code(&base32)});
    let (status, codes) = ada.send(Method::POST, "/api/me/totp/confirm", Some(&code)).await;
    assert_eq!(status, 200, "{codes}");
    let (status, api_key) = app.post("/api/keys", &json!({"name": "ci"})).await;
    assert_eq!(status, 201, "{api_key}");
    secrets.extend([
        ("an app's secret", sign_in::decoded(&base32)),
        ("an app's secret as it is typed", base32.into_bytes()),
        ("a recovery code", codes["recovery_codes"][0].as_str().unwrap().as_bytes().to_vec()),
        ("a one-time password", one_time.as_bytes().to_vec()),
        ("a password", own(one_time).into_bytes()),
        ("an API key", api_key["secret"].as_str().unwrap().as_bytes().to_vec()),
    ]);
    secrets
}

/// Panics with every (secret, where) that was found.
fn look(secrets: &Secrets, place: &str, bytes: &[u8]) {
    let found: Vec<_> = secrets.iter().filter(|(_, secret)| holds(bytes, secret)).map(|(what, _)| *what).collect();
    assert!(found.is_empty(), "in {place}: {found:?}");
}

async fn nothing_secret_is_kept_in_clear(backend: Backend) {
    let outside = "https://login.example.org,ldaps://dc1.example.org";
    let env = [("LEEWARD__TELEMETRY__LOG", "trace"), ("LEEWARD__OUTBOUND__ALLOW", outside)];
    let mut app = TestApp::installed(backend, &env).await;
    let weights = app.path("weights.gguf");
    assert!(app.cli(&["model", "import", weights.to_str().unwrap(), "--name", CONTROL]).status.success());
    app.start();
    let secrets = fill(&app).await;
    assert!(secrets.len() >= 16);

    let log = app.log();
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert!(last.is_object() && log.contains("\"level\":\"TRACE\""), "it is as talkative as it can be");
    assert!(std::fs::read_to_string(app.path("stdout")).unwrap().contains("\"ready\""), "what it prints is in a file");
    look(&secrets, "the files of a running service", &app.disk());
    if app.database_url().is_some() {
        let mut rows = Rows::of(&app).await;
        let (dump, files) = (rows.dump().await, rows.files().await);
        for (place, bytes) in [("the rows", dump.as_bytes()), ("PostgreSQL's files", &files)] {
            assert!(memmem::find(bytes, CONTROL.as_bytes()).is_some(), "{place}: the search would find something");
            look(&secrets, place, bytes);
        }
    } else {
        for name in ["leeward.db", "leeward.db-wal"] {
            let bytes = std::fs::read(app.data_dir().join(name)).unwrap();
            assert!(memmem::find(&bytes, CONTROL.as_bytes()).is_some(), "{name}: the search would find something");
        }
    }
    assert_eq!(app.terminate(), Some(0), "{}", app.log());
    look(&secrets, "the files of a stopped service", &app.disk());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_kept_in_clear_on_sqlite() {
    nothing_secret_is_kept_in_clear(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_kept_in_clear_on_postgres() {
    nothing_secret_is_kept_in_clear(Backend::Postgres).await;
}
