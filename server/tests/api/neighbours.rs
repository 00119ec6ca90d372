//! Requests that are wrong, huge or never read, among others that are not: what the others get stays what it would be.

use std::{
    io::Write as _,
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    Backend, TestApp,
    app::{MODEL, events},
};

const PATH: &str = "/v1/chat/completions";
const NEIGHBOURS: usize = 8;
/// Tokens of a neighbour's answer, each after a pause: long enough for every poison to come and go meanwhile.
const TOKENS: usize = 100;
/// So that a page of the audit log holds all of them.
const MOST_ROUNDS: u32 = 10;

fn body(content: &str, more: Value) -> Value {
    let mut body = json!({"model": MODEL, "messages": [{"role": "user", "content": content}]});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

/// A neighbour's own words, and the stream of its answer: the text, how it ended, and its tokens as it was told.
async fn neighbour(app: &TestApp, number: usize) -> (String, String, u64) {
    let words: Vec<String> = (0..TOKENS).map(|word| format!("n{number}w{word}")).collect();
    let more = json!({"stream": true, "stream_options": {"include_usage": true}, "user": number.to_string()});
    let asked = body(&format!("!slow 10 {}", words.join(" ")), more);
    let response = app.request(reqwest::Method::POST, PATH).json(&asked).send().await.unwrap();
    assert_eq!(response.status(), 200, "neighbour {number}");
    let events = events(&response.text().await.unwrap());
    assert_eq!(events.last().unwrap().1, "[DONE]", "neighbour {number}: {events:?}");
    let chunks: Vec<Value> =
        events[..events.len() - 1].iter().map(|(_, data)| serde_json::from_str(data).unwrap()).collect();
    let choices = || chunks.iter().map(|chunk| &chunk["choices"][0]);
    let text: String = choices().filter_map(|choice| choice["delta"]["content"].as_str()).collect();
    assert_eq!(text, format!("You said: {}", words.join(" ")), "neighbour {number}");
    let finish = choices().filter_map(|choice| choice["finish_reason"].as_str()).collect::<String>();
    (text, finish, chunks.last().unwrap()["usage"]["completion_tokens"].as_u64().unwrap())
}

/// Asks for a stream larger than a socket's buffers, each token with its twenty likeliest, and never reads a byte of it.
fn never_reads(app: &TestApp) -> TcpStream {
    let more = json!({"stream": true, "logprobs": true, "top_logprobs": 20});
    let words = ["x".repeat(200).as_str(); 2_000].join(" ");
    let asked = body(&format!("!slow 1 {words}"), more).to_string();
    let address = app.url.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        app.key,
        asked.len()
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(asked.as_bytes()).unwrap();
    socket
}

/// Every kind of poison once, and what each is told.
async fn poison(app: &TestApp) {
    let tool = json!([{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]);
    for (asked, status, code) in [
        (body("!grammar hello", json!({})), 400, "invalid_request"),
        (body(&["word"; 5_000].join(" "), json!({})), 400, "context_length_exceeded"),
        (body(&"x".repeat(5 << 20), json!({})), 413, "body_too_large"),
        (body("!fail 3", json!({})), 500, "engine_failed"),
    ] {
        let (answered, error) = app.post(PATH, &asked).await;
        assert_eq!((answered, error["error"]["code"].as_str()), (status, Some(code)), "{error}");
    }
    // What only looks like a call is text.
    for malformed in ["<tool_call>{not json", "<tool_call>\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call>"] {
        let (status, answer) =
            app.post(PATH, &body(&format!("!raw {}", json!(malformed)), json!({"tools": tool}))).await;
        assert_eq!((status, &answer["choices"][0]["message"]["content"]), (200, &json!(malformed)), "{answer}");
    }
    // Somebody who leaves in the middle.
    let asked = body("!slow 10 !count 500", json!({"stream": true}));
    let mut left = app.request(reqwest::Method::POST, PATH).json(&asked).send().await.unwrap();
    assert!(left.chunk().await.unwrap().is_some());
    drop(left);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_neighbours_never_notice_a_poisoned_request() {
    // Each of the neighbours, two that never read, and one poison at a time.
    let app = Arc::new(TestApp::spawn_with(Backend::Sqlite, &[("LEEWARD__ENGINE__SLOTS", "12")]).await);
    let all = || futures::future::join_all((0..NEIGHBOURS).map(|number| neighbour(&app, number)));

    let began = Instant::now();
    let alone = all().await;
    let quiet = began.elapsed();

    let unread = [never_reads(&app), never_reads(&app)];
    let over = Arc::new(AtomicBool::new(false));
    let poisoning = tokio::spawn({
        let (app, over) = (Arc::clone(&app), Arc::clone(&over));
        async move {
            let mut rounds = 0;
            while rounds < MOST_ROUNDS && !over.load(Ordering::Relaxed) {
                poison(&app).await;
                rounds += 1;
            }
            rounds
        }
    });
    let began = Instant::now();
    let poisoned = all().await;
    let beset = began.elapsed();
    over.store(true, Ordering::Relaxed);
    let rounds = poisoning.await.unwrap();

    assert!(rounds >= 1, "the poison was over before the neighbours were");
    assert_eq!(poisoned, alone);
    for (_, finish, tokens) in &alone {
        assert_eq!((finish.as_str(), *tokens), ("stop", 2 + TOKENS as u64));
    }
    println!("{NEIGHBOURS} neighbours: {quiet:?} alone, {beset:?} among {rounds} rounds of poison");

    // Those that never read were still being answered when all neighbours had been, and end once they are gone.
    settled(&app, unread.len()).await;
    drop(unread);
    settled(&app, 0).await;
}

/// Waits until only so many inferences are left without an outcome on record.
async fn settled(app: &TestApp, open: usize) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let admitted = app.records("inference.admitted").await.len();
        let mut ended = 0;
        for event in ["completed", "cancelled", "aborted", "refused"] {
            let records = app.records(&format!("inference.{event}")).await;
            ended += records.iter().filter(|record| record["phase"] == "outcome").count();
        }
        if admitted == ended + open {
            return;
        }
        assert!(Instant::now() < deadline, "{admitted} admitted, {ended} ended, and {open} should be open");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
