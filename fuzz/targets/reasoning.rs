//! The reasoning splitter with tags of any kind: nothing is lost, and cutting the text changes nothing.
#![no_main]

use leeward_dialect::{Event, Reasoning, Tags, merged};
use libfuzzer_sys::fuzz_target;

/// All events, the text cut after every `step` characters.
fn read(mut reasoning: Reasoning, text: &str, step: usize) -> Vec<Event> {
    let mut events = Vec::new();
    let characters: Vec<char> = text.chars().collect();
    for piece in characters.chunks(step.max(1)) {
        events.extend(reasoning.push(&piece.iter().collect::<String>()));
    }
    events.extend(reasoning.finish());
    merged(events)
}

fuzz_target!(|input: (bool, u8, &str, &str, &str)| {
    let (opened, step, open, close, text) = input;
    let Ok(tags) = Tags::new(open, close) else { return };
    let reasoning = if opened { Reasoning::opened(tags) } else { Reasoning::tagged(tags) };
    let whole = read(reasoning.clone(), text, usize::MAX);
    let back: String = whole.iter().map(Event::text).collect();
    assert_eq!(back, text, "the text of all events is the input");
    assert_eq!(read(reasoning, text, usize::from(step)), whole, "cut otherwise");
});
