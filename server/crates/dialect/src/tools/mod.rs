//! Tool calls out of an answer's text, as they are written.
//!
//! The forms differ in what stands before a call's JSON and after it, and that is all that a form's file says: a
//! *header* looks at the text since the marker and knows where the JSON begins, a *closer* looks at the text since
//! the JSON's end and knows what comes next. Both are pure functions of at most [`MAX_HEADER`] bytes. The rest is
//! here and the same for all: [`ToolCalls`] is the machine, `envelope` reads the object with a name and arguments.
//!
//! What goes wrong becomes content again, with [`Event::Malformed`] before it. What has been sent as arguments cannot
//! be taken back: such a call ends in [`Event::CallBroken`].

mod cursor;
mod deepseek;
mod envelope;
mod form;
mod hermes;
mod list;
mod llama3;
mod machine;
mod mistral;

pub use form::ToolForm;
pub use machine::{DEFAULT_LIMIT, MAX_HEADER, ToolCalls};
