//! Answers that take too long: given up at the caller's word or the house's, in the queue and in the middle.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, events},
};

const PATH: &str = "/v1/chat/completions";
const FOREVER: &str = "!slow 100 !count 2000";

fn body(content: &str) -> Value {
    json!({"model": MODEL, "messages": [{"role": "user", "content": content}]})
}

async fn within(app: &TestApp, seconds: &str, path: &str, body: &Value) -> (u16, Value) {
    let request = app.request(Method::POST, path).header("leeward-timeout", seconds).json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_ends_when_its_caller_has_no_more_time() {
    let app = TestApp::spawn().await;
    let (status, error) = within(&app, "0.5", PATH, &body(FOREVER)).await;
    assert_eq!((status, &error["error"]["code"]), (504, &json!("deadline_exceeded")), "{error}");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("within 0.5 s (leeward-timeout)"), "{message}");
    let aborted = app.records("inference.aborted").await;
    assert_eq!((aborted.len(), &aborted[0]["reason"]), (1, &json!("deadline_exceeded")), "{aborted:?}");

    // The one slot is free again, and who has time gets their answer.
    assert_eq!(within(&app, "30", PATH, &body("hello")).await.0, 200);

    // Anthropic's form; and a stream that began has no end but the error.
    let anthropic = json!({"model": MODEL, "max_tokens": 2000, "messages": [{"role": "user", "content": FOREVER}]});
    let request = app.request(Method::POST, "/v1/messages").header("anthropic-version", "2023-06-01");
    let answer = request.header("leeward-timeout", "0.5").json(&anthropic).send().await.unwrap();
    assert_eq!(answer.status(), 504);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"]["code"], "deadline_exceeded");
    let mut stream = body(FOREVER);
    stream["stream"] = true.into();
    let request = app.request(Method::POST, PATH).header("leeward-timeout", "1").json(&stream);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let events = events(&answer.text().await.unwrap());
    let last: Value = serde_json::from_str(&events.last().unwrap().1).unwrap();
    assert_eq!(last["error"]["code"], "deadline_exceeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_counts_and_the_house_has_a_limit_of_its_own() {
    let app = TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__ENGINE__ANSWER_TIMEOUT_S", "4")]).await;
    let first = app.request(Method::POST, PATH).json(&body(FOREVER)).send();
    let second = async {
        while app.records("inference.admitted").await.is_empty() {
            tokio::task::yield_now().await;
        }
        // One runs at a time: this one waits, in vain.
        within(&app, "0.5", PATH, &body("hello")).await
    };
    let (first, (status, error)) = tokio::join!(first, second);
    assert_eq!(status, 504, "{error}");
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("within 0.5 s (leeward-timeout)"), "{message}");
    let error: Value = first.unwrap().json().await.unwrap();
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("within 4 s (engine.answer_timeout_s)"), "{message}");
    let (_, error) = within(&app, "100", PATH, &body(FOREVER)).await;
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains("within 4 s (engine.answer_timeout_s)"), "more was asked than there is: {message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_time_is_refused() {
    let app = TestApp::spawn().await;
    for wrong in ["0", "-1", "NaN", "soon", ""] {
        let (status, error) = within(&app, wrong, PATH, &body("hello")).await;
        assert_eq!((status, error["error"]["param"].as_str()), (400, Some("leeward-timeout")), "{wrong}: {error}");
    }
    assert!(app.records("inference.admitted").await.is_empty());
}
