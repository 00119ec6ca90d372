//! What comes out: events, and what was wrong with text that looked like a call.

/// One thing the model said.
///
/// A call is `CallBegin`, any number of `Arguments`, then `CallEnd` or `CallBroken`, with nothing of another call
/// in between. Indices count from zero in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A piece of the reasoning.
    Reasoning(String),
    /// A piece of the answer.
    Content(String),
    /// A call of a declared tool begins.
    CallBegin {
        /// Which call of this answer, from zero.
        index: u32,
        /// The function, one of the declared names.
        name: String,
        /// The text from the end of the content to the arguments: tags, and the JSON that held the name. Whoever
        /// gives a broken call back as content puts this before its arguments.
        opening: String,
    },
    /// A piece of a call's arguments: raw JSON, as the model wrote it.
    Arguments {
        /// The call's.
        index: u32,
        /// Joined with the other pieces it is a JSON object, or the beginning of one while the call has not ended.
        text: String,
    },
    /// A call is complete: its arguments parse as a JSON object.
    CallEnd {
        /// The call's.
        index: u32,
    },
    /// A call that had begun is not going to be complete. The text goes on as content.
    CallBroken {
        /// The call's.
        index: u32,
        /// What was wrong.
        fault: Fault,
    },
    /// The content that follows looked like a call and is none. Not an error: the answer goes on.
    Malformed(Fault),
    /// Text that a client does not see: tags, what surrounds arguments, trimmed white space.
    Markup(String),
}

impl Event {
    /// The text of the input that this event carries. Over all events of an answer, in order: the whole input.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Reasoning(text) | Self::Content(text) | Self::Markup(text) | Self::Arguments { text, .. } => text,
            Self::CallBegin { opening, .. } => opening,
            Self::CallEnd { .. } | Self::CallBroken { .. } | Self::Malformed(_) => "",
        }
    }

    /// The text of `self` if `next` may be appended to it without changing what is said.
    fn room_for(&mut self, next: &Self) -> Option<&mut String> {
        match (self, next) {
            (Self::Reasoning(text), Self::Reasoning(_))
            | (Self::Content(text), Self::Content(_))
            | (Self::Markup(text), Self::Markup(_)) => Some(text),
            (Self::Arguments { index, text }, Self::Arguments { index: other, .. }) if index == other => Some(text),
            _ => None,
        }
    }
}

/// Why text that looked like a call is no call. Worth a line in a log and a count; never worth failing a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Neither a call's object nor a call's header follows where one was announced.
    #[error("no tool call follows the marker: expected a function's name and a JSON object of arguments")]
    NotACall,
    /// The call's JSON is wrong.
    #[error("the tool call is not valid JSON, or its arguments are not an object")]
    NotJson,
    /// The function called is not one of those declared.
    #[error("the tool call names a function that is not among the declared tools")]
    Undeclared,
    /// Too much text before the function's name was known.
    #[error("the tool call has more than {limit} bytes before its function's name; put the name first")]
    TooLong {
        /// The bound, in bytes.
        limit: usize,
    },
    /// The answer ended inside a call: a token limit or a stop string, usually.
    #[error("the text ended inside a tool call; raise max_tokens if the answer was cut there")]
    Unfinished,
}

/// The same events with neighbours of one kind joined: what a whole answer says, however it was cut.
#[must_use]
pub fn merged(events: impl IntoIterator<Item = Event>) -> Vec<Event> {
    let mut out = Output::default();
    events.into_iter().for_each(|event| out.put(event));
    out.take()
}

/// Events being collected, neighbours of one kind joined.
#[derive(Debug, Clone, Default)]
pub(crate) struct Output(Vec<Event>);

impl Output {
    /// Appends an event; one whose text is empty and means nothing else is dropped.
    pub(crate) fn put(&mut self, event: Event) {
        let piece =
            matches!(event, Event::Reasoning(_) | Event::Content(_) | Event::Markup(_) | Event::Arguments { .. });
        if piece && event.text().is_empty() {
            return;
        }
        match self.0.last_mut().and_then(|last| last.room_for(&event)) {
            Some(text) => text.push_str(event.text()),
            None => self.0.push(event),
        }
    }

    pub(crate) fn content(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Event::Content(last)) => last.push_str(text),
            _ => self.put(Event::Content(text.to_owned())),
        }
    }

    pub(crate) fn reasoning(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Event::Reasoning(last)) => last.push_str(text),
            _ => self.put(Event::Reasoning(text.to_owned())),
        }
    }

    pub(crate) fn markup(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Event::Markup(last)) => last.push_str(text),
            _ => self.put(Event::Markup(text.to_owned())),
        }
    }

    pub(crate) fn arguments(&mut self, index: u32, text: &str) {
        match self.0.last_mut() {
            Some(Event::Arguments { index: last, text: pieces }) if *last == index => pieces.push_str(text),
            _ => self.put(Event::Arguments { index, text: text.to_owned() }),
        }
    }

    pub(crate) fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.0)
    }
}
