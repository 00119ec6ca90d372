//! Server-sent events: whatever a model says, a reader that follows the WHATWG's rules gets exactly that, one event for
//! each that was written.
#![no_main]

use leeward::http::sse;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// An event stream's name and data (WHATWG HTML, section 9.2.6), line breaks of all three kinds.
fn read(stream: &str) -> Vec<(String, String)> {
    let (mut events, mut name, mut data) = (Vec::new(), String::new(), Vec::new());
    let unified = stream.replace("\r\n", "\n").replace('\r', "\n");
    for line in unified.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() => {
                if !data.is_empty() {
                    events.push((std::mem::take(&mut name), std::mem::take(&mut data).join("\n")));
                }
                name.clear();
            }
            "event" => value.clone_into(&mut name),
            "data" => data.push(value.to_owned()),
            _ => {}
        }
    }
    events
}

fuzz_target!(|texts: Vec<&str>| {
    let mut stream = Vec::new();
    let mut written: Vec<(&str, Value)> = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        let value = json!({"choices": [{"delta": {"content": text}}], (*text): index});
        if index % 2 == 0 {
            stream.extend_from_slice(&sse::data(&value));
            written.push(("", value));
        } else {
            stream.extend_from_slice(&sse::event("delta", &value));
            written.push(("delta", value));
        }
    }
    let stream = String::from_utf8(stream).expect("UTF-8");
    let back: Vec<(String, Value)> =
        read(&stream).into_iter().map(|(name, data)| (name, serde_json::from_str(&data).expect("JSON"))).collect();
    assert_eq!(back.len(), written.len());
    for ((name, value), (wanted, sent)) in back.iter().zip(&written) {
        assert_eq!((name.as_str(), value), (*wanted, sent));
    }
});
