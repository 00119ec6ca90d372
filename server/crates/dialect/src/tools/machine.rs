//! The machine that all forms share: text, header, object, closer, and round again.

use std::collections::BTreeSet;

use super::{
    envelope::{Envelope, Note},
    form::{Closer, Header, ToolForm},
    llama3,
};
use crate::{
    event::{Event, Fault, Output},
    finder::{Finder, is_space, text_of},
    json::{Scan, Step},
};

/// How much of a call is held back while its function's name is unknown, in bytes, unless told otherwise.
pub const DEFAULT_LIMIT: usize = 64 * 1024;
/// The most text between a marker and a call's JSON, or after it, in bytes.
pub const MAX_HEADER: usize = 1024;

/// Finds the calls in one answer. Holds back no more than the limit and a few times [`MAX_HEADER`].
#[derive(Debug, Clone)]
pub struct ToolCalls {
    form: ToolForm,
    declared: BTreeSet<String>,
    limit: usize,
    /// The next call's index.
    next: u32,
    state: State,
    out: Output,
}

#[derive(Debug, Clone)]
enum State {
    /// Content, until a marker. `trimming`: space after a call is dropped.
    Text { finder: Finder, trimming: bool },
    /// What may become a call, up to its JSON.
    Header { raw: String, in_list: bool },
    /// In an object whose call has not begun: all of it is held.
    Pending(Pending),
    /// In the arguments of a call that has begun.
    Arguments { index: u32, object: Object, in_list: bool },
    /// After the arguments, in what is left of the object.
    Rest { envelope: Envelope, in_list: bool },
    /// In the JSON of a call that nobody declared: given back as it comes.
    Refused { object: Object, in_list: bool },
    /// After a call's JSON.
    Closer { raw: String, in_list: bool, refused: bool },
}

#[derive(Debug, Clone)]
struct Pending {
    raw: String,
    envelope: Envelope,
    in_list: bool,
    /// Nothing announced this call; if it turns out to be none, nothing is wrong with the answer.
    bare: bool,
    name: Option<String>,
    /// Where in `raw` the arguments begin and, once known, end.
    arguments: Option<(usize, Option<usize>)>,
}

/// What the arguments stand in.
#[derive(Debug, Clone)]
enum Object {
    Envelope(Envelope),
    /// Nothing: they are the object.
    Plain(Scan),
}

impl Object {
    fn step(&mut self, c: char) -> Note {
        match self {
            Self::Envelope(envelope) => envelope.step(c),
            Self::Plain(scan) => match scan.step(c) {
                Step::More => Note::Argument,
                Step::Done => Note::ArgumentsEnd,
                Step::DoneBefore | Step::Wrong => Note::Wrong,
            },
        }
    }
}

/// The state to go on in, and text to read again in it.
type Turn = (State, String);

impl ToolCalls {
    /// A reader of one answer. A call counts only if its name is among `declared`.
    #[must_use]
    pub fn new<N: Into<String>>(form: ToolForm, declared: impl IntoIterator<Item = N>) -> Self {
        let state =
            if form.begins_bare() { State::Header { raw: String::new(), in_list: false } } else { text(form, false) };
        let declared = declared.into_iter().map(Into::into).collect();
        Self { form, declared, limit: DEFAULT_LIMIT, next: 0, state, out: Output::default() }
    }

    /// Holds back at most `bytes` of a call whose name is not known yet; beyond, it is content.
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// How many calls have begun.
    #[must_use]
    pub fn begun(&self) -> u32 {
        self.next
    }

    /// Takes the next piece of content.
    pub fn push(&mut self, delta: &str) -> Vec<Event> {
        let mut again = Vec::new();
        for c in delta.chars() {
            again.push(c);
            while let Some(c) = again.pop() {
                let state = std::mem::replace(&mut self.state, text(ToolForm::None, false));
                let (state, rest) = self.step(state, c);
                self.state = state;
                again.extend(rest.chars().rev());
            }
        }
        self.out.take()
    }

    /// The answer is over: what was held back. A call that is not complete by now is none.
    #[must_use]
    pub fn finish(mut self) -> Vec<Event> {
        match std::mem::replace(&mut self.state, text(ToolForm::None, false)) {
            State::Text { finder, .. } => self.out.content(&finder.rest()),
            State::Header { raw, in_list } => {
                if self.is_announced(&raw, in_list) && !raw.trim_start_matches(is_space).is_empty() {
                    self.out.put(Event::Malformed(Fault::Unfinished));
                }
                self.out.content(&raw);
            }
            State::Pending(pending) => self.give_back(&pending, Fault::Unfinished),
            State::Arguments { index, .. } => self.out.put(Event::CallBroken { index, fault: Fault::Unfinished }),
            State::Closer { raw, refused: true, .. } => self.out.content(&raw),
            State::Closer { raw, .. } => self.out.markup(&raw),
            State::Rest { .. } | State::Refused { .. } => {}
        }
        self.out.take()
    }

    fn step(&mut self, state: State, c: char) -> Turn {
        match state {
            State::Text { finder, trimming } => self.text(finder, trimming, c),
            State::Header { mut raw, in_list } => {
                raw.push(c);
                self.header(raw, in_list)
            }
            State::Pending(pending) => self.pending(pending, c),
            State::Arguments { index, object, in_list } => self.arguments(index, object, in_list, c),
            State::Rest { mut envelope, in_list } => {
                let note = envelope.step(c);
                let closer = State::Closer { raw: String::new(), in_list, refused: false };
                if note == Note::Wrong {
                    // The call is complete; an object that was not closed is forgiven.
                    return (closer, c.to_string());
                }
                self.out.markup(text_of(c, &mut [0; 4]));
                (if note == Note::End { closer } else { State::Rest { envelope, in_list } }, String::new())
            }
            State::Refused { mut object, in_list } => {
                let note = object.step(c);
                if note == Note::Wrong {
                    return (text(self.form, false), c.to_string());
                }
                self.out.content(text_of(c, &mut [0; 4]));
                let over = match object {
                    Object::Envelope(_) => note == Note::End,
                    Object::Plain(_) => note == Note::ArgumentsEnd,
                };
                let closer = State::Closer { raw: String::new(), in_list, refused: true };
                (if over { closer } else { State::Refused { object, in_list } }, String::new())
            }
            State::Closer { mut raw, in_list, refused } => {
                raw.push(c);
                self.closer(raw, in_list, refused)
            }
        }
    }

    fn text(&mut self, mut finder: Finder, trimming: bool, c: char) -> Turn {
        if trimming && is_space(c) {
            self.out.markup(text_of(c, &mut [0; 4]));
            return (State::Text { finder, trimming }, String::new());
        }
        let out = &mut self.out;
        let next = match finder.feed(c, |text| out.content(text)) {
            Some(raw) => State::Header { raw, in_list: false },
            None => State::Text { finder, trimming: false },
        };
        (next, String::new())
    }

    fn header(&mut self, mut raw: String, in_list: bool) -> Turn {
        match self.form.header(&raw, in_list) {
            Header::More if raw.len() <= MAX_HEADER => (State::Header { raw, in_list }, String::new()),
            Header::More | Header::No => self.no_call(&raw, in_list),
            Header::Envelope { in_list } => {
                let bare = self.form == ToolForm::Llama3 && llama3::is_bare(&raw);
                let envelope = Envelope::new();
                (State::Pending(Pending { raw, envelope, in_list, bare, name: None, arguments: None }), String::new())
            }
            Header::Named(name) => {
                let mut scan = Scan::value();
                scan.step('{');
                let object = Object::Plain(scan);
                if self.declared.contains(&name) {
                    raw.pop();
                    let index = self.begin(name, raw);
                    self.out.arguments(index, "{");
                    return (State::Arguments { index, object, in_list }, String::new());
                }
                self.out.put(Event::Malformed(Fault::Undeclared));
                self.out.content(&raw);
                (State::Refused { object, in_list }, String::new())
            }
        }
    }

    /// Whether something other than the JSON itself promised a call.
    fn is_announced(&self, raw: &str, in_list: bool) -> bool {
        let first = raw.trim_start_matches(is_space);
        in_list || self.form == ToolForm::Json || self.form.markers().iter().any(|marker| first.starts_with(marker))
    }

    /// What began like a call is none. The text behind its first character is read again: a marker may be in it.
    fn no_call(&mut self, raw: &str, in_list: bool) -> Turn {
        if self.is_announced(raw, in_list) {
            self.out.put(Event::Malformed(Fault::NotACall));
        }
        let marker = raw.trim_start_matches(is_space);
        let known = self.form.markers().iter().any(|known| marker.starts_with(known));
        let first = if known { marker.chars().next().map_or(0, char::len_utf8) } else { 0 };
        let (given_back, rest) = raw.split_at(if known { raw.len() - marker.len() + first } else { 0 });
        self.out.content(given_back);
        (text(self.form, false), rest.to_owned())
    }

    fn pending(&mut self, mut pending: Pending, c: char) -> Turn {
        let note = pending.envelope.step(c);
        if note == Note::Wrong {
            self.give_back(&pending, Fault::NotJson);
            return (text(self.form, false), c.to_string());
        }
        let before = pending.raw.len();
        pending.raw.push(c);
        if pending.raw.len() > self.limit {
            self.give_back(&pending, Fault::TooLong { limit: self.limit });
            return (text(self.form, false), String::new());
        }
        match note {
            Note::Named(name) if !self.declared.contains(&name) => {
                self.give_back(&pending, Fault::Undeclared);
                return (self.after_refusal(pending), String::new());
            }
            Note::Named(name) => match pending.arguments {
                Some((start, Some(end))) => return (self.late_name(pending, name, start, end), String::new()),
                _ => pending.name = Some(name),
            },
            Note::Argument if pending.arguments.is_none() => match pending.name.take() {
                Some(name) => {
                    pending.raw.truncate(before);
                    let index = self.begin(name, pending.raw);
                    self.out.arguments(index, text_of(c, &mut [0; 4]));
                    let object = Object::Envelope(pending.envelope);
                    return (State::Arguments { index, object, in_list: pending.in_list }, String::new());
                }
                None => pending.arguments = Some((before, None)),
            },
            Note::ArgumentsEnd => {
                pending.arguments = pending.arguments.map(|(start, _)| (start, Some(before + c.len_utf8())))
            }
            Note::End => {
                self.give_back(&pending, Fault::NotACall);
                let next = match pending.bare {
                    true => text(self.form, false),
                    false => State::Closer { raw: String::new(), in_list: pending.in_list, refused: true },
                };
                return (next, String::new());
            }
            Note::Strange if pending.bare => {
                self.give_back(&pending, Fault::NotACall);
                return (text(self.form, false), String::new());
            }
            Note::Plain | Note::Argument | Note::Strange | Note::Wrong => {}
        }
        (State::Pending(pending), String::new())
    }

    /// The name came after the arguments.
    fn late_name(&mut self, pending: Pending, name: String, start: usize, end: usize) -> State {
        let Pending { mut raw, envelope, in_list, .. } = pending;
        let rest = raw.split_off(end);
        let arguments = raw.split_off(start);
        let index = self.begin(name, raw);
        self.out.arguments(index, &arguments);
        self.out.put(Event::CallEnd { index });
        self.out.markup(&rest);
        State::Rest { envelope, in_list }
    }

    fn after_refusal(&self, pending: Pending) -> State {
        match pending.bare {
            true => text(self.form, false),
            false => State::Refused { object: Object::Envelope(pending.envelope), in_list: pending.in_list },
        }
    }

    fn arguments(&mut self, index: u32, mut object: Object, in_list: bool, c: char) -> Turn {
        match object.step(c) {
            Note::Argument => self.out.arguments(index, text_of(c, &mut [0; 4])),
            Note::ArgumentsEnd => {
                self.out.arguments(index, text_of(c, &mut [0; 4]));
                self.out.put(Event::CallEnd { index });
                let next = match object {
                    Object::Envelope(envelope) => State::Rest { envelope, in_list },
                    Object::Plain(_) => State::Closer { raw: String::new(), in_list, refused: false },
                };
                return (next, String::new());
            }
            Note::Plain | Note::Named(_) | Note::End | Note::Strange | Note::Wrong => {
                self.out.put(Event::CallBroken { index, fault: Fault::NotJson });
                return (text(self.form, false), c.to_string());
            }
        }
        (State::Arguments { index, object, in_list }, String::new())
    }

    fn closer(&mut self, raw: String, in_list: bool, refused: bool) -> Turn {
        let (ours, another) = match self.form.closer(&raw, in_list) {
            Closer::More if raw.len() <= MAX_HEADER => return (State::Closer { raw, in_list, refused }, String::new()),
            Closer::More => (0, false),
            Closer::Next(ours) => (ours, true),
            Closer::Over(ours) => (ours, false),
        };
        let (ours, rest) = raw.split_at(ours);
        if refused {
            self.out.content(ours)
        } else {
            self.out.markup(ours)
        }
        let next = if another { State::Header { raw: String::new(), in_list } } else { text(self.form, !refused) };
        (next, rest.to_owned())
    }

    fn begin(&mut self, name: String, opening: String) -> u32 {
        let index = self.next;
        self.next += 1;
        self.out.put(Event::CallBegin { index, name, opening });
        index
    }

    /// An object that is no call becomes content.
    fn give_back(&mut self, pending: &Pending, fault: Fault) {
        // JSON that nobody announced and that names none of our functions is simply the answer.
        let expected = pending.bare && pending.name.is_none() && self.next == 0;
        if !expected {
            self.out.put(Event::Malformed(fault));
        }
        self.out.content(&pending.raw);
    }
}

fn text(form: ToolForm, trimming: bool) -> State {
    State::Text { finder: Finder::new(form.markers().iter().copied(), is_space), trimming }
}
