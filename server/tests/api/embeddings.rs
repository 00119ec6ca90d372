//! `/v1/embeddings`: texts turned into vectors, admitted and recorded as an answer is.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{Backend, TestApp, app::MODEL};

const WIDTH: usize = 8;

/// A service with a model named `vectors` that embeds, beside the one that writes.
async fn spawn(backend: Backend) -> TestApp {
    let mut app = TestApp::installed(backend, &[]).await;
    let file = app.path("vectors.gguf");
    std::fs::write(&file, format!("GGUF embeds={WIDTH}")).unwrap();
    let done = app.cli(&["model", "import", file.to_str().unwrap(), "--name", "vectors"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    app.start();
    app
}

/// Asked until the worker is ready.
async fn embed(app: &TestApp, more: Value) -> (u16, Value) {
    let mut body = json!({"model": "vectors"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let (status, answer) = app.post("/v1/embeddings", &body).await;
        if status != 503 || Instant::now() > deadline {
            return (status, answer);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn vector(answer: &Value, index: usize) -> Vec<f64> {
    assert_eq!(answer["data"][index]["index"], index);
    assert_eq!(answer["data"][index]["object"], "embedding");
    let numbers = answer["data"][index]["embedding"].as_array().unwrap();
    numbers.iter().map(|number| number.as_f64().unwrap()).collect()
}

fn length(vector: &[f64]) -> f64 {
    vector.iter().map(|number| number * number).sum::<f64>().sqrt()
}

async fn vectors_come_in_the_order_asked(backend: Backend) {
    let app = spawn(backend).await;
    let texts = json!(["the same text", "another one", "the same text"]);
    let (status, answer) = embed(&app, json!({"input": texts, "user": "u"})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((&answer["object"], &answer["model"]), (&json!("list"), &json!("vectors")));
    assert_eq!(answer["usage"], json!({"prompt_tokens": 8, "total_tokens": 8}));
    assert_eq!(answer["data"].as_array().unwrap().len(), 3);
    let [first, second, third] = [0, 1, 2].map(|index| vector(&answer, index));
    assert_eq!((first.len(), &first), (WIDTH, &third));
    assert_ne!(first, second);
    assert!((length(&first) - 1.0).abs() < 1e-6);
    assert_eq!(app.get("/v1/models/vectors").await["capabilities"], json!(["embedding"]));
    assert_eq!(app.ask("hello").await.0, 200, "it is loaded, too");
    let writes = app.get(&format!("/v1/models/{MODEL}")).await;
    assert_eq!(writes["capabilities"], json!(["completion", "tools", "thinking"]));
    assert_eq!(writes["max_model_len"], 4096);

    let one = embed(&app, json!({"input": "the same text"})).await.1;
    assert_eq!(vector(&one, 0), first);
    let completed = &app.records("inference.completed").await[0];
    assert_eq!(completed["model"]["name"], "vectors");
    assert_eq!(completed["tokens"], json!({"input": 3, "output": 0, "cached": 0}));
    assert_eq!(completed["finish_reason"], "stop");
    let admitted = app.records("inference.admitted").await;
    assert!(admitted.iter().any(|one| one["request"] == completed["request"]), "{admitted:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_come_in_the_order_asked_on_sqlite() {
    vectors_come_in_the_order_asked(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn vectors_come_in_the_order_asked_on_postgres() {
    vectors_come_in_the_order_asked(Backend::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_base64_and_fewer_dimensions() {
    let app = spawn(Backend::Sqlite).await;
    let whole = vector(&embed(&app, json!({"input": [5, 6, 7]})).await.1, 0);
    let lists = embed(&app, json!({"input": [[5, 6, 7], [1]]})).await.1;
    assert_eq!(vector(&lists, 0), whole, "a list of tokens is one text");
    assert_eq!(lists["usage"]["prompt_tokens"], 4);

    let packed = embed(&app, json!({"input": [5, 6, 7], "encoding_format": "base64"})).await.1;
    let bytes = STANDARD.decode(packed["data"][0]["embedding"].as_str().unwrap()).unwrap();
    let unpacked: Vec<f64> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()).into()).collect();
    assert_eq!(unpacked.len(), WIDTH);
    assert!(std::iter::zip(&unpacked, &whole).all(|(a, b)| (a - b).abs() < 1e-6), "{unpacked:?} {whole:?}");

    let short = vector(&embed(&app, json!({"input": [5, 6, 7], "dimensions": 6})).await.1, 0);
    assert_eq!(short.len(), 6);
    assert!((length(&short) - 1.0).abs() < 1e-6, "brought back to length 1");
    assert_eq!(embed(&app, json!({"input": [5, 6, 7], "dimensions": WIDTH})).await.1["data"][0]["index"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_embedded_is_refused_by_name() {
    let app = spawn(Backend::Sqlite).await;
    let long = ["word"; 5_000].join(" ");
    for (body, wanted) in [
        (json!({"input": []}), "input is empty"),
        (json!({"input": ["a", ""]}), "input 1 is empty"),
        (json!({"input": vec!["a"; 2049]}), "2049 texts, at most 2048"),
        (json!({"input": "a", "encoding_format": "hex"}), "float or base64"),
        (json!({"input": "a", "dimensions": 0}), "dimensions"),
        (json!({"input": "a", "dimensions": WIDTH + 1}), "the model's vectors have 8"),
        (json!({"input": "a", "surprise": 1}), "surprise"),
        (json!({"input": long}), "5000 tokens"),
        (json!({"input": "a", "model": MODEL}), "does not embed"),
    ] {
        let (status, error) = embed(&app, body.clone()).await;
        assert_eq!(status, 400, "{error}");
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(wanted), "{wanted}: {message}");
    }
    let (status, error) = app.post("/v1/embeddings", &json!({"model": "none", "input": "a"})).await;
    assert_eq!((status, &error["error"]["code"]), (404, &json!("model_not_found")));
    let chat = json!({"model": "vectors", "messages": [{"role": "user", "content": "hi"}]});
    let (status, error) = app.post("/v1/chat/completions", &chat).await;
    assert_eq!(status, 400, "{error}");
    assert!(error["error"]["message"].as_str().unwrap().contains("does not write text"), "{error}");
}
