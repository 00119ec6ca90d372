//! One answer as Anthropic's blocks: put together whole, or told as it comes.

use serde_json::value::RawValue;

use super::events::{BlockDelta, MessagesBlock, MessagesEvent};
use crate::http::openai::answer::Piece;

/// What a block is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Thinking,
    Text,
    Call,
}

/// The blocks of a streamed answer.
#[derive(Debug, Default)]
pub(super) struct Told {
    open: Option<Kind>,
    /// Blocks begun so far.
    begun: u32,
}

impl Told {
    /// The events of a piece. A call that broke off ends like any other block; what follows is text.
    pub(super) fn piece(&mut self, piece: Piece) -> Vec<MessagesEvent> {
        let mut events = Vec::new();
        let delta = match piece {
            Piece::Reasoning(thinking) => {
                let block = || MessagesBlock::Thinking { thinking: String::new(), signature: "" };
                self.within(Kind::Thinking, block, &mut events);
                BlockDelta::Thinking { thinking }
            }
            Piece::Content(text) => {
                self.within(Kind::Text, || MessagesBlock::Text { text: String::new() }, &mut events);
                BlockDelta::Text { text }
            }
            Piece::CallBegin { id, name, .. } => {
                events.extend(self.close());
                let block = MessagesBlock::ToolUse { id: id_of(&id), name, input: empty() };
                self.begin(Kind::Call, block, &mut events);
                return events;
            }
            Piece::Arguments { text, .. } => BlockDelta::Input { partial_json: text },
            Piece::CallBroken => {
                events.extend(self.close());
                return events;
            }
        };
        events.push(MessagesEvent::ContentBlockDelta { index: self.begun.saturating_sub(1), delta });
        events
    }

    /// The end of the block that is open, if one is.
    pub(super) fn close(&mut self) -> Option<MessagesEvent> {
        self.open.take().map(|_| MessagesEvent::ContentBlockStop { index: self.begun.saturating_sub(1) })
    }

    fn within(&mut self, kind: Kind, block: impl FnOnce() -> MessagesBlock, events: &mut Vec<MessagesEvent>) {
        if self.open != Some(kind) {
            events.extend(self.close());
            self.begin(kind, block(), events);
        }
    }

    fn begin(&mut self, kind: Kind, content_block: MessagesBlock, events: &mut Vec<MessagesEvent>) {
        events.push(MessagesEvent::ContentBlockStart { index: self.begun, content_block });
        self.open = Some(kind);
        self.begun += 1;
    }
}

/// A block of a whole answer being put together.
enum Part {
    Thinking(String),
    Text(String),
    Call { id: String, name: String, opening: String, arguments: String },
}

/// A whole answer being put together.
#[derive(Default)]
pub(super) struct Whole(Vec<Part>);

impl Whole {
    pub(super) fn add(&mut self, piece: Piece) {
        match (piece, self.0.last_mut()) {
            (Piece::Reasoning(more), Some(Part::Thinking(text))) | (Piece::Content(more), Some(Part::Text(text))) => {
                text.push_str(&more);
            }
            (Piece::Reasoning(text), _) => self.0.push(Part::Thinking(text)),
            (Piece::Content(text), _) => self.0.push(Part::Text(text)),
            (Piece::CallBegin { id, name, opening, .. }, _) => {
                self.0.push(Part::Call { id: id_of(&id), name, opening, arguments: String::new() });
            }
            (Piece::Arguments { text, .. }, Some(Part::Call { arguments, .. })) => arguments.push_str(&text),
            (Piece::Arguments { .. }, _) => {}
            (Piece::CallBroken, _) => {
                if let Some(Part::Call { opening, arguments, .. }) = self.0.pop() {
                    self.add(Piece::Content(opening + &arguments));
                }
            }
        }
    }

    /// The blocks. Arguments that are no object, which a model may have written, are text.
    pub(super) fn blocks(self) -> Vec<MessagesBlock> {
        let blocks = self.0.into_iter().map(|part| match part {
            Part::Thinking(thinking) => MessagesBlock::Thinking { thinking, signature: "" },
            Part::Text(text) => MessagesBlock::Text { text },
            Part::Call { id, name, opening, arguments } => match input(&arguments) {
                Some(input) => MessagesBlock::ToolUse { id, name, input },
                None => MessagesBlock::Text { text: opening + &arguments },
            },
        });
        blocks.collect()
    }
}

fn input(arguments: &str) -> Option<Box<RawValue>> {
    let trimmed = arguments.trim();
    if trimmed.is_empty() {
        return Some(empty());
    }
    RawValue::from_string(trimmed.to_owned()).ok().filter(|input| input.get().starts_with('{'))
}

fn empty() -> Box<RawValue> {
    // `{}` is JSON; the other branch is never taken.
    RawValue::from_string("{}".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

/// A call's id as this API spells it.
fn id_of(id: &str) -> String {
    format!("toolu_{}", id.strip_prefix("call_").unwrap_or(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(arguments: &str) -> Vec<Piece> {
        vec![
            Piece::CallBegin { index: 0, id: "call_1".into(), name: "add".into(), opening: "<tool_call>".into() },
            Piece::Arguments { index: 0, text: arguments.into() },
        ]
    }

    fn whole(pieces: Vec<Piece>) -> String {
        let mut whole = Whole::default();
        pieces.into_iter().for_each(|piece| whole.add(piece));
        serde_json::to_string(&whole.blocks()).unwrap_or_default()
    }

    #[test]
    fn a_call_has_an_object_or_is_text() {
        let expected = r#"[{"type":"tool_use","id":"toolu_1","name":"add","input":{"b":1,"a":2}}]"#;
        assert_eq!(whole(call(r#"{"b":1,"a":2}"#)), expected, "as it was written");
        assert!(whole(call("")).contains(r#""input":{}"#));
        assert_eq!(whole(call("[1]")), r#"[{"type":"text","text":"<tool_call>[1]"}]"#);
        let mut broken = vec![Piece::Content("So: ".into())];
        broken.extend(call(r#"{"b""#));
        broken.extend([Piece::CallBroken, Piece::Content(" and on".into())]);
        assert_eq!(whole(broken), r#"[{"type":"text","text":"So: <tool_call>{\"b\" and on"}]"#);
    }

    #[test]
    fn blocks_are_told_one_after_the_other() {
        let mut told = Told::default();
        let mut pieces = vec![Piece::Reasoning("hm".into()), Piece::Content("a".into()), Piece::Content("b".into())];
        pieces.extend(call("{}"));
        let mut names: Vec<_> =
            pieces.into_iter().flat_map(|piece| told.piece(piece)).map(|event| event.name()).collect();
        names.extend(told.close().map(|event| event.name()));
        let (start, delta, stop) = ("content_block_start", "content_block_delta", "content_block_stop");
        assert_eq!(names, [start, delta, stop, start, delta, delta, stop, start, delta, stop]);
    }
}
