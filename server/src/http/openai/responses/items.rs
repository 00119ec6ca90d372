//! One answer as the items of a response, whole or told as it comes.

use leeward_domain::{Ambient, ids::RequestId};

use super::events::{OutputItem, OutputPart, PartPlace, ResponseEvent};
use crate::http::openai::answer::Piece;

/// What an item is while it is made.
const MAKING: &str = "in_progress";
/// What it is when it is whole.
const WHOLE: &str = "completed";
/// What it is when it broke off.
const BROKEN: &str = "incomplete";

/// The items of an answer being made.
pub(super) struct Items {
    ambient: Ambient,
    items: Vec<OutputItem>,
    /// Whether the last one still grows.
    open: bool,
    /// The text before the arguments of the call that is open.
    opening: String,
    /// Whether it was told as it came: what was told stays, also a call that broke off.
    told: bool,
}

impl Items {
    pub(super) const fn new(ambient: Ambient, told: bool) -> Self {
        Self { ambient, items: Vec::new(), open: false, opening: String::new(), told }
    }

    /// The items as far as they got.
    pub(super) fn items(&self) -> &[OutputItem] {
        &self.items
    }

    /// All that was thought.
    pub(super) fn thoughts(&self) -> String {
        let thoughts = self.items.iter().filter_map(|item| match item {
            OutputItem::Reasoning { content, .. } => Some(content),
            _ => None,
        });
        thoughts.flatten().map(OutputPart::text).collect()
    }

    /// Adds a piece; gives its events.
    pub(super) fn piece(&mut self, piece: Piece, events: &mut Vec<ResponseEvent>) {
        match piece {
            Piece::Reasoning(delta) => {
                if !matches!(self.growing(), Some(OutputItem::Reasoning { .. })) {
                    let (id, part) = (self.mint("rs"), OutputPart::ReasoningText { text: String::new() });
                    let begin =
                        |content| OutputItem::Reasoning { id: id.clone(), summary: [], content, status: MAKING };
                    self.begin_with_part(begin, part, events);
                }
                let place = self.grow(&delta);
                events.push(ResponseEvent::ReasoningDelta { place, delta });
            }
            Piece::Content(delta) => {
                if !matches!(self.growing(), Some(OutputItem::Message { .. })) {
                    let (id, part) = (self.mint("msg"), OutputPart::said(String::new()));
                    let begin =
                        |content| OutputItem::Message { id: id.clone(), role: "assistant", content, status: MAKING };
                    self.begin_with_part(begin, part, events);
                }
                let place = self.grow(&delta);
                events.push(ResponseEvent::TextDelta { place, delta, logprobs: [] });
            }
            Piece::CallBegin { id: call_id, name, opening, .. } => {
                self.close(WHOLE, events);
                self.opening = opening;
                let (id, arguments) = (self.mint("fc"), String::new());
                let item = OutputItem::FunctionCall { id, call_id, name, arguments, status: MAKING };
                self.begin(item, events);
            }
            Piece::Arguments { text: delta, .. } => {
                let output_index = self.index();
                if let Some(OutputItem::FunctionCall { id, arguments, .. }) = self.items.last_mut() {
                    arguments.push_str(&delta);
                    events.push(ResponseEvent::ArgumentsDelta { item_id: id.clone(), output_index, delta });
                }
            }
            Piece::CallBroken if self.told => self.close(BROKEN, events),
            Piece::CallBroken => {
                self.open = false;
                if let Some(OutputItem::FunctionCall { arguments, .. }) = self.items.pop() {
                    let text = std::mem::take(&mut self.opening) + &arguments;
                    // What was said before it goes on.
                    self.open = matches!(self.items.last(), Some(OutputItem::Message { .. }));
                    self.piece(Piece::Content(text), events);
                }
            }
        }
    }

    /// Ends the item that grows, if one does.
    pub(super) fn finish(&mut self, cut: bool, events: &mut Vec<ResponseEvent>) {
        self.close(if cut { BROKEN } else { WHOLE }, events);
    }

    fn close(&mut self, how: &'static str, events: &mut Vec<ResponseEvent>) {
        if !std::mem::take(&mut self.open) {
            return;
        }
        let output_index = self.index();
        let Some(item) = self.items.last_mut() else { return };
        match item {
            OutputItem::Reasoning { id, content, status, .. } | OutputItem::Message { id, content, status, .. } => {
                *status = how;
                for part in content.iter() {
                    let place = PartPlace { item_id: id.clone(), output_index, content_index: 0 };
                    let text = part.text().to_owned();
                    events.push(match part {
                        OutputPart::ReasoningText { .. } => ResponseEvent::ReasoningDone { place: place.clone(), text },
                        OutputPart::OutputText { .. } => {
                            ResponseEvent::TextDone { place: place.clone(), text, logprobs: [] }
                        }
                    });
                    events.push(ResponseEvent::PartDone { place, part: part.clone() });
                }
            }
            OutputItem::FunctionCall { id, name, arguments, status, .. } => {
                *status = how;
                let (item_id, name, arguments) = (id.clone(), name.clone(), arguments.clone());
                events.push(ResponseEvent::ArgumentsDone { item_id, output_index, name, arguments });
            }
        }
        events.push(ResponseEvent::ItemDone { output_index, item: item.clone() });
    }

    fn begin(&mut self, item: OutputItem, events: &mut Vec<ResponseEvent>) {
        self.items.push(item.clone());
        self.open = true;
        events.push(ResponseEvent::ItemAdded { output_index: self.index(), item });
    }

    fn begin_with_part(
        &mut self,
        item: impl Fn(Vec<OutputPart>) -> OutputItem,
        part: OutputPart,
        events: &mut Vec<ResponseEvent>,
    ) {
        self.close(WHOLE, events);
        self.begin(item(Vec::new()), events);
        if let Some(last) = self.items.last_mut() {
            *last = item(vec![part.clone()]);
        }
        events.push(ResponseEvent::PartAdded { place: self.grow(""), part });
    }

    /// Appends to the part that grows; says where it stands.
    fn grow(&mut self, more: &str) -> PartPlace {
        let output_index = self.index();
        let item_id = match self.items.last_mut() {
            Some(OutputItem::Reasoning { id, content, .. } | OutputItem::Message { id, content, .. }) => {
                content.iter_mut().for_each(|part| part.push(more));
                id.clone()
            }
            _ => String::new(),
        };
        PartPlace { item_id, output_index, content_index: 0 }
    }

    fn growing(&self) -> Option<&OutputItem> {
        self.items.last().filter(|_| self.open)
    }

    /// The last item's.
    fn index(&self) -> u32 {
        u32::try_from(self.items.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    fn mint(&self, kind: &str) -> String {
        let id: RequestId = self.ambient.mint();
        format!("{kind}_{}", id.uuid().simple())
    }
}
