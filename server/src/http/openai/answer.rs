//! One answer on its way to the caller: reasoning, content and calls told apart, ids minted, how likely tokens were
//! kept beside the text they belong to.

use leeward_dialect::{Dialect, Event, Splitter};
use leeward_domain::{Ambient, ids::RequestId};
use leeward_wire::{FinishReason, Likelihood, TokenLogprob};

use super::{
    chunks::{AnswerMessage, CallDelta, CalledFunction, Delta, FunctionDelta, Logprobs, TokenTold, Told, ToolCall},
    request::Calls,
};
use crate::inference::finish_reason;

/// Reads one answer's text as it comes.
pub(in crate::http) struct Reader {
    /// None until the model's dialect is known.
    splitter: Option<Splitter>,
    calls: Calls,
    ambient: Ambient,
    /// Calls that ended well.
    ended: u32,
    /// What only one call may be followed by is not told.
    closed: bool,
    /// How likely tokens were that no chunk has told yet; none if nobody asked.
    logprobs: Option<Vec<TokenTold>>,
}

/// A piece for the caller.
pub(in crate::http) enum Piece {
    Reasoning(String),
    Content(String),
    CallBegin { index: u32, id: String, name: String, opening: String },
    Arguments { index: u32, text: String },
    CallBroken,
}

impl Reader {
    pub(in crate::http) fn new(calls: Calls, ambient: Ambient, logprobs: bool) -> Self {
        let logprobs = logprobs.then(Vec::new);
        Self { splitter: None, calls, ambient, ended: 0, closed: false, logprobs }
    }

    /// The model began to answer, and this is how it writes.
    pub(in crate::http) fn started(&mut self, natural: Dialect) {
        let dialect = self.calls.dialect(natural);
        self.splitter = Some(Splitter::new(dialect, self.calls.names.clone()));
    }

    /// The next of its text.
    pub(in crate::http) fn push(&mut self, text: &str, logprobs: &[TokenLogprob]) -> Vec<Piece> {
        if let Some(kept) = &mut self.logprobs {
            kept.extend(logprobs.iter().map(TokenTold::from));
        }
        let splitter = self.splitter.get_or_insert_with(|| Splitter::new(Dialect::default(), Vec::<String>::new()));
        let events = splitter.push(text);
        self.pieces(events)
    }

    /// The rest, once the answer is over.
    pub(in crate::http) fn finish(&mut self) -> Vec<Piece> {
        let events = self.splitter.take().map(Splitter::finish).unwrap_or_default();
        self.pieces(events)
    }

    /// How it ended, as OpenAI says it.
    pub(in crate::http) fn reason(&self, reason: FinishReason) -> &'static str {
        match reason {
            FinishReason::Stop if self.ended > 0 => "tool_calls",
            other => finish_reason(other),
        }
    }

    /// How likely the tokens were that were not told yet.
    pub(super) fn logprobs(&mut self) -> Option<Logprobs> {
        let content = std::mem::take(self.logprobs.as_mut()?);
        Some(Logprobs { content, refusal: None })
    }

    fn pieces(&mut self, events: Vec<Event>) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(events.len());
        for event in events {
            if self.closed {
                break;
            }
            pieces.extend(match event {
                Event::Reasoning(text) => Some(Piece::Reasoning(text)),
                Event::Content(text) => Some(Piece::Content(text)),
                Event::CallBegin { index, name, opening } => {
                    let id: RequestId = self.ambient.mint();
                    let id = format!("call_{}", id.uuid().simple());
                    Some(Piece::CallBegin { index, id, name, opening })
                }
                Event::Arguments { index, text } => Some(Piece::Arguments { index, text }),
                Event::CallEnd { .. } => {
                    self.ended += 1;
                    self.closed = !self.calls.parallel;
                    None
                }
                Event::CallBroken { fault, .. } => {
                    tracing::debug!(%fault, "a tool call broke off");
                    Some(Piece::CallBroken)
                }
                Event::Malformed(fault) => {
                    tracing::debug!(%fault, "text that looked like a tool call is none");
                    None
                }
                Event::Markup(_) => None,
            });
        }
        pieces
    }
}

impl Piece {
    /// As a chunk says it. A call that broke off says nothing more; what follows is content.
    pub(super) fn delta(self) -> Option<Delta> {
        let call = |call: CallDelta| Delta { tool_calls: vec![call], ..Delta::default() };
        match self {
            Self::Reasoning(text) => Some(Delta { reasoning_content: Some(text), ..Delta::default() }),
            Self::Content(text) => Some(Delta { content: Some(text), ..Delta::default() }),
            Self::CallBegin { index, id, name, .. } => Some(call(CallDelta {
                index,
                id: Some(id),
                kind: Some("function"),
                function: FunctionDelta { name: Some(name), arguments: String::new() },
            })),
            Self::Arguments { index, text } => Some(call(CallDelta {
                index,
                id: None,
                kind: None,
                function: FunctionDelta { name: None, arguments: text },
            })),
            Self::CallBroken => None,
        }
    }
}

/// A whole answer being put together.
#[derive(Default)]
pub(super) struct Whole {
    content: String,
    reasoning: String,
    calls: Vec<ToolCall>,
    /// The text before each call's arguments, in case it breaks off.
    openings: Vec<String>,
}

impl Whole {
    pub(super) fn add(&mut self, piece: Piece) {
        match piece {
            Piece::Reasoning(text) => self.reasoning.push_str(&text),
            Piece::Content(text) => self.content.push_str(&text),
            Piece::CallBegin { id, name, opening, .. } => {
                let function = CalledFunction { name, arguments: String::new() };
                self.calls.push(ToolCall { id, kind: "function", function });
                self.openings.push(opening);
            }
            Piece::Arguments { text, .. } => {
                if let Some(call) = self.calls.last_mut() {
                    call.function.arguments.push_str(&text);
                }
            }
            Piece::CallBroken => {
                if let (Some(call), Some(opening)) = (self.calls.pop(), self.openings.pop()) {
                    self.content.push_str(&opening);
                    self.content.push_str(&call.function.arguments);
                }
            }
        }
    }

    pub(super) fn message(self) -> AnswerMessage {
        let called = !self.calls.is_empty();
        AnswerMessage {
            role: "assistant",
            content: (!called || !self.content.is_empty()).then_some(self.content),
            reasoning_content: Some(self.reasoning).filter(|reasoning| !reasoning.is_empty()),
            refusal: None,
            tool_calls: self.calls,
        }
    }
}

impl From<&Likelihood> for Told {
    fn from(likelihood: &Likelihood) -> Self {
        let Likelihood { token, bytes, logprob, .. } = likelihood;
        Self { token: token.clone(), logprob: *logprob, bytes: bytes.clone() }
    }
}

impl From<&TokenLogprob> for TokenTold {
    fn from(token: &TokenLogprob) -> Self {
        Self { chosen: Told::from(&token.chosen), top_logprobs: token.top.iter().map(Told::from).collect() }
    }
}
