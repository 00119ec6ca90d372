//! Reasoning apart from the answer: `<think>…</think>`.
//!
//! The block counts only at the start of the answer, or from its very beginning where the generation prompt has
//! opened it (DeepSeek R1's templates end in `<think>\n`). A tag anywhere later is plain content. Newlines just
//! inside the tags and after the closing one are trimmed, which is what the DeepSeek API answers; a block that is
//! never closed is reasoning to the end, and an empty one says nothing.

use crate::{
    event::{Event, Output},
    finder::{Finder, MAX_SPACE, is_newline, is_space, text_of},
};

/// What encloses reasoning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    open: String,
    close: String,
}

/// A tag that could not be found in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a reasoning tag is 1 to {} bytes and does not begin with white space", Tags::MAX_BYTES)]
pub struct InvalidTag;

impl Tags {
    /// The longest tag, in bytes: this much text is held back while it may become a tag.
    pub const MAX_BYTES: usize = 64;

    /// Tags of one's own.
    ///
    /// # Errors
    /// An empty or overlong tag, or one that begins with white space, which is trimmed around tags.
    pub fn new(open: &str, close: &str) -> Result<Self, InvalidTag> {
        let fine = |tag: &str| tag.len() <= Self::MAX_BYTES && tag.chars().next().is_some_and(|c| !is_space(c));
        if fine(open) && fine(close) {
            Ok(Self { open: open.to_owned(), close: close.to_owned() })
        } else {
            Err(InvalidTag)
        }
    }
}

impl Default for Tags {
    /// `<think>` and `</think>`.
    fn default() -> Self {
        Self { open: "<think>".to_owned(), close: "</think>".to_owned() }
    }
}

/// Splits one answer into reasoning and content.
#[derive(Debug, Clone)]
pub struct Reasoning {
    tags: Tags,
    state: State,
    out: Output,
}

#[derive(Debug, Clone)]
enum State {
    /// Nothing said yet; the opening tag may come.
    Start { held: String, opened: bool },
    /// In the block. `fresh` until something other than a newline came.
    Inside { finder: Finder, fresh: bool },
    /// Just after the block: newlines are trimmed.
    Closed,
    /// The answer.
    Content,
}

impl Reasoning {
    /// For models that write both tags themselves.
    #[must_use]
    pub fn tagged(tags: Tags) -> Self {
        Self { tags, state: State::Start { held: String::new(), opened: false }, out: Output::default() }
    }

    /// For models whose generation prompt ends in the opening tag. One that writes the tag again is forgiven.
    #[must_use]
    pub fn opened(tags: Tags) -> Self {
        Self { tags, state: State::Start { held: String::new(), opened: true }, out: Output::default() }
    }

    /// For models that do not reason: everything is content.
    #[must_use]
    pub fn none() -> Self {
        Self { tags: Tags::default(), state: State::Content, out: Output::default() }
    }

    /// Takes the next piece of text.
    pub fn push(&mut self, delta: &str) -> Vec<Event> {
        let mut rest = delta.chars();
        while !matches!(self.state, State::Content)
            && let Some(c) = rest.next()
        {
            self.feed(c);
        }
        self.out.content(rest.as_str());
        self.out.take()
    }

    /// The answer is over: what was held back. Nothing of a half tag is lost.
    #[must_use]
    pub fn finish(mut self) -> Vec<Event> {
        match self.state {
            State::Start { held, opened: false } => self.out.content(&held),
            State::Start { held, opened: true } => self.out.reasoning(&held),
            State::Inside { finder, .. } => self.out.reasoning(&finder.rest()),
            State::Closed | State::Content => {}
        }
        self.out.take()
    }

    fn feed(&mut self, c: char) {
        let mut buffer = [0; 4];
        match &mut self.state {
            State::Start { held, opened } => {
                held.push(c);
                let tag = held.trim_start_matches(is_space);
                if self.tags.open == tag {
                    self.out.markup(held);
                    self.state = self.inside();
                } else if !self.tags.open.starts_with(tag) || held.len() - tag.len() > MAX_SPACE {
                    let (held, opened) = (std::mem::take(held), *opened);
                    self.no_tag(&held, opened);
                }
            }
            State::Inside { fresh: true, .. } if is_newline(c) => self.out.markup(text_of(c, &mut buffer)),
            State::Inside { finder, fresh } => {
                *fresh = false;
                let out = &mut self.out;
                if let Some(found) = finder.feed(c, |text| out.reasoning(text)) {
                    self.out.markup(&found);
                    self.state = State::Closed;
                }
            }
            State::Closed if is_newline(c) => self.out.markup(text_of(c, &mut buffer)),
            State::Closed | State::Content => {
                self.out.content(text_of(c, &mut buffer));
                self.state = State::Content;
            }
        }
    }

    /// The answer does not begin with the opening tag.
    fn no_tag(&mut self, held: &str, opened: bool) {
        if opened {
            self.state = self.inside();
            held.chars().for_each(|c| self.feed(c));
        } else {
            self.out.content(held);
            self.state = State::Content;
        }
    }

    fn inside(&self) -> State {
        State::Inside { finder: Finder::new([self.tags.close.as_str()], is_newline), fresh: true }
    }
}
