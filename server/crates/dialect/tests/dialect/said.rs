//! What an answer comes to for a client, read both whole and character by character.

use leeward_dialect::{Dialect, Event, Fault, ReasoningForm, ToolForm};

use crate::support::{check, read};

/// What a client would see.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) reasoning: String,
    pub(crate) content: String,
    /// Name and arguments of the calls that ended.
    pub(crate) calls: Vec<(String, String)>,
    pub(crate) faults: Vec<Fault>,
}

pub(crate) fn said(dialect: Dialect, text: &str) -> Said {
    let events = read(dialect, text, || usize::MAX).unwrap();
    check(text, &events).unwrap();
    assert_eq!(read(dialect, text, || 1).unwrap(), events, "{text}");
    let mut said = Said::default();
    let mut call = None;
    for event in events {
        match event {
            Event::Reasoning(text) => said.reasoning.push_str(&text),
            Event::Content(text) => said.content.push_str(&text),
            Event::CallBegin { name, .. } => call = Some((name, String::new())),
            Event::Arguments { text, .. } => call.as_mut().unwrap().1.push_str(&text),
            Event::CallEnd { .. } => said.calls.push(call.take().unwrap()),
            Event::CallBroken { fault, .. } | Event::Malformed(fault) => said.faults.push(fault),
            Event::Markup(_) => {}
        }
    }
    said
}

/// What a model with this form of calls, and no reasoning, said: content, calls, faults.
#[track_caller]
pub(crate) fn assert_said(form: ToolForm, text: &str, content: &str, calls: &[(&str, &str)], faults: &[Fault]) {
    let calls = calls.iter().map(|(name, arguments)| ((*name).to_owned(), (*arguments).to_owned())).collect();
    let expected = Said { reasoning: String::new(), content: content.to_owned(), calls, faults: faults.to_vec() };
    assert_eq!(said(Dialect { reasoning: ReasoningForm::None, tools: form }, text), expected, "{text}");
}
