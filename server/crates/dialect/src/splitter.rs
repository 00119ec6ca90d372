//! One answer's reader: reasoning first, then tool calls in what is left.

use crate::{
    dialect::Dialect,
    event::{Event, Output},
    reasoning::Reasoning,
    tools::ToolCalls,
};

/// Turns the text of one answer into events, as it comes.
///
/// Calls are looked for in the answer only, never in the reasoning.
#[derive(Debug, Clone)]
pub struct Splitter {
    reasoning: Reasoning,
    tools: ToolCalls,
}

impl Splitter {
    /// A reader of one answer of a model with this dialect, to a request that declared tools of these names.
    #[must_use]
    pub fn new<N: Into<String>>(dialect: Dialect, declared: impl IntoIterator<Item = N>) -> Self {
        Self::of(dialect.reasoning.splitter(), ToolCalls::new(dialect.tools, declared))
    }

    /// The two parts put together: for tags or limits of one's own, and for a request that decides itself whether its
    /// prompt opens the reasoning.
    #[must_use]
    pub fn of(reasoning: Reasoning, tools: ToolCalls) -> Self {
        Self { reasoning, tools }
    }

    /// How many calls have begun: whether an answer that is over ended in `tool_calls` or `stop`.
    #[must_use]
    pub fn calls(&self) -> u32 {
        self.tools.begun()
    }

    /// Takes the next piece of text: any piece, cut anywhere.
    pub fn push(&mut self, delta: &str) -> Vec<Event> {
        let events = self.reasoning.push(delta);
        let mut out = Output::default();
        for event in events {
            match event {
                Event::Content(text) => self.tools.push(&text).into_iter().for_each(|event| out.put(event)),
                other => out.put(other),
            }
        }
        out.take()
    }

    /// The answer is over: whatever was held back. No text is lost, and a call that is not complete is none.
    #[must_use]
    pub fn finish(mut self) -> Vec<Event> {
        let mut out = Output::default();
        for event in self.reasoning.finish() {
            match event {
                Event::Content(text) => self.tools.push(&text).into_iter().for_each(|event| out.put(event)),
                other => out.put(other),
            }
        }
        self.tools.finish().into_iter().for_each(|event| out.put(event));
        out.take()
    }
}
