//! Inputs and invariants that the tests and the fuzzer (`examples/fuzz.rs`) share.

use leeward_dialect::{Dialect, Event, ReasoningForm, Splitter, ToolCalls, ToolForm, merged, tools::MAX_HEADER};

/// The tools that were declared.
pub(crate) const DECLARED: [&str; 3] = ["get_weather", "search", "날씨"];
/// Small, so that inputs reach it.
const LIMIT: usize = 300;
/// What may be held back: the limit, a header, and the space and half tags of the other layers.
const MOST_HELD: usize = LIMIT + MAX_HEADER + 1024;

/// What models write, whole and in halves, and what they write by mistake.
const FRAGMENTS: [&str; 76] = [
    "<think>",
    "</think>",
    "<think",
    "</thi",
    "<think>\n\n</think>\n\n",
    "\n",
    "\r\n",
    " ",
    "\n\n",
    "<tool_call>",
    "</tool_call>",
    "<tool_call",
    "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"北京\"}}\n</tool_call>",
    "<tool_call>{\"arguments\": {\"q\": [1, 2.5e3, null]}, \"name\": \"search\"}</tool_call>",
    "<tool_call>{\"name\": \"nobody\", \"arguments\": {}}</tool_call>",
    "<|python_tag|>",
    "<|python",
    "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"서울\"}}",
    "{\"type\": \"function\", \"name\": \"search\", \"parameters\": {\"q\": \"\\u0645\\ud83d\\ude00\"}}",
    "{\"name\": \"Ada\", \"age\": 36}",
    ";",
    "; ",
    "[TOOL_CALLS]",
    "[TOOL_",
    "[CALL_ID]",
    "[ARGS]",
    "[TOOL_CALLS] [{\"name\": \"search\", \"arguments\": {\"q\": \"طقس\"}}, {\"name\": \"날씨\", \"arguments\": {}}]",
    "[TOOL_CALLS]get_weather[CALL_ID]a1B2c3D4e[ARGS]{\"city\": \"القاهرة\"}",
    "[TOOL_CALLS]search{\"q\": \"🌦️\"}",
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁call▁begin｜>",
    "<｜tool▁sep｜>",
    "<｜tool▁call▁end｜>",
    "<｜tool▁calls▁end｜>",
    "<｜tool▁call",
    "function<｜tool▁sep｜>get_weather\n```json\n{\"city\": \"上海\"}\n```",
    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>search\n```json\n{\"q\": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>search<｜tool▁sep｜>{\"q\": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
    "{\"name\":",
    "\"name\"",
    "\"arguments\"",
    "\"parameters\": ",
    "\"get_weather\"",
    "get_weather",
    "search",
    "날씨",
    "nobody",
    ":",
    ",",
    ", ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "12",
    "-",
    "1e999",
    "0.5",
    "true",
    "null",
    "```json\n",
    "```",
    "今天天气很好。",
    "오늘은 맑아요 ☀️",
    "الطقس جميل اليوم",
    "👩‍👩‍👧‍👦",
    "e\u{301}",
    "\0",
    "Sure, let me check.",
    "[{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}]",
    "{\"a\": {\"b\": [{}, [], \"}\"]}}",
];

/// SplitMix64 (Steele, Lea, Flood 2014): every seed is an input of its own.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not zero.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default() % end
    }

    fn of<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }
}

/// Some dialect.
pub(crate) fn dialect(random: &mut Random) -> Dialect {
    Dialect { reasoning: ReasoningForm::ALL[random.below(3)], tools: ToolForm::ALL[random.below(6)] }
}

/// An answer put together from fragments, with some characters changed, doubled or gone.
pub(crate) fn answer(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(12) {
        match random.below(40) {
            0 => text.push_str(&" ".repeat(random.below(1200))),
            1 => text.push_str(&"\n".repeat(random.below(300))),
            2 => text.push_str(&format!("{{\"q\": \"{}\"}}", "长".repeat(random.below(200)))),
            3 => text.push_str(&"[".repeat(random.below(130))),
            _ => text.push_str(random.of(&FRAGMENTS)),
        }
    }
    let mut characters: Vec<char> = text.chars().collect();
    if random.below(2) == 0 {
        for _ in 0..=random.below(4) {
            if characters.is_empty() {
                break;
            }
            let at = random.below(characters.len());
            match random.below(4) {
                0 => drop(characters.remove(at)),
                1 => characters.insert(at, characters[at]),
                2 => {
                    characters[at] =
                        u32::try_from(random.below(0x2_0000)).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
                }
                _ => characters.truncate(at),
            }
        }
    }
    characters.into_iter().collect()
}

/// Reads an answer in pieces of `length()` characters, zero allowed. The events as they came, merged; or what was
/// held back beyond the bound.
pub(crate) fn read(dialect: Dialect, text: &str, mut length: impl FnMut() -> usize) -> Result<Vec<Event>, String> {
    let tools = ToolCalls::new(dialect.tools, DECLARED).with_limit(LIMIT);
    let mut splitter = Splitter::of(dialect.reasoning.splitter(), tools);
    let (mut events, mut pushed, mut emitted) = (Vec::new(), 0, 0);
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.char_indices().nth(length()).map_or(rest.len(), |(at, _)| at));
        rest = after;
        let new = splitter.push(piece);
        pushed += piece.len();
        emitted += new.iter().map(|event| event.text().len()).sum::<usize>();
        if pushed - emitted > MOST_HELD {
            return Err(format!("{} bytes are held back", pushed - emitted));
        }
        events.extend(new);
    }
    let calls = splitter.calls();
    events.extend(splitter.finish());
    let begun = events.iter().filter(|event| matches!(event, Event::CallBegin { .. })).count();
    if u32::try_from(begun) != Ok(calls) {
        return Err(format!("{calls} calls are counted and {begun} are there"));
    }
    Ok(merged(events))
}

/// Whether the events are what they promise to be, for this text.
pub(crate) fn check(text: &str, events: &[Event]) -> Result<(), String> {
    let back: String = events.iter().map(Event::text).collect();
    if back != text {
        return Err(format!("the events' text is not the input but {back:?}"));
    }
    let mut next = 0;
    let mut open: Option<(u32, String)> = None;
    for event in events {
        match (event, &mut open) {
            (Event::CallBegin { index, name, .. }, None) if *index == next && DECLARED.contains(&name.as_str()) => {
                next += 1;
                open = Some((*index, String::new()));
            }
            (Event::Arguments { index, text }, Some((call, arguments))) if index == call => arguments.push_str(text),
            (Event::CallEnd { index }, Some((call, arguments))) if index == call => {
                if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(arguments).is_err() {
                    return Err(format!("the arguments of a call that ended are {arguments:?}"));
                }
                open = None;
            }
            (Event::CallBroken { index, .. }, Some((call, _))) if index == call => open = None,
            (Event::Content(_) | Event::Reasoning(_) | Event::Markup(_) | Event::Malformed(_), None) => {}
            (event, open) => return Err(format!("{event:?} comes while {open:?} is open")),
        }
    }
    if open.is_some() { Err("a call neither ended nor broke".to_owned()) } else { Ok(()) }
}

/// Everything that has to hold for one answer, read whole and cut in a way that `random` thinks of. Its events.
pub(crate) fn holds(dialect: Dialect, text: &str, random: &mut Random) -> Result<Vec<Event>, String> {
    let whole = read(dialect, text, || usize::MAX)?;
    check(text, &whole)?;
    let longest = 1 + random.below(20);
    let cut = read(dialect, text, || random.below(longest + 1))?;
    if cut != whole {
        return Err(format!("cut otherwise, {whole:?} is {cut:?}"));
    }
    Ok(whole)
}
