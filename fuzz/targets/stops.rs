//! Stop texts: the answer ends right before the first, and no part of one is ever sent.
#![no_main]

// The worker's own file: its crate would bring the whole engine along.
#[path = "../../server/crates/engine/src/model/stop.rs"]
#[allow(dead_code, unused_imports, reason = "compiled for this alone")]
mod stop;

use libfuzzer_sys::fuzz_target;
use stop::StopBuffer;

/// The specification, slowly: the earliest end of any stop text, and there the longest.
fn expected<'a>(text: &'a str, stops: &'a [String]) -> (&'a str, Option<&'a str>) {
    for end in text.char_indices().map(|(at, character)| at + character.len_utf8()) {
        let met = stops.iter().filter(|stop| !stop.is_empty() && text[..end].ends_with(stop.as_str()));
        if let Some(stop) = met.max_by_key(|stop| stop.len()) {
            return (&text[..end - stop.len()], Some(stop));
        }
    }
    (text, None)
}

fuzz_target!(|input: (Vec<String>, Vec<&str>)| {
    let (mut stops, pieces) = input;
    stops.truncate(4);
    let text = pieces.concat();
    let (allowed, met) = expected(&text, &stops);
    let mut buffer = StopBuffer::new(&stops);
    let mut sent = String::new();
    for piece in &pieces {
        sent.push_str(&buffer.push(piece));
        assert!(allowed.starts_with(&sent), "{sent:?} was sent of {allowed:?}");
    }
    assert_eq!(buffer.met(), met);
    sent.push_str(&buffer.finish());
    assert_eq!(sent, allowed);
});
