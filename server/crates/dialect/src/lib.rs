//! What models write, turned into what the OpenAI API says: reasoning, content, tool calls.
//!
//! Text goes in as it is generated, in any pieces; [`Event`]s come out as soon as they are certain. A [`Splitter`] is
//! one answer's reader: [`Reasoning`] first, then [`ToolCalls`] over what is left. [`Dialect`] says which forms a
//! model writes; [`schema`] says what a constrained generation must write so that the `json` form can be read.
//!
//! Three things always hold, and the fuzzer (`examples/fuzz.rs`) looks for answers where they do not:
//! - the events, merged, do not depend on how the text was cut;
//! - the texts of all events, in order, are the input: nothing is lost ([`Event::text`]);
//! - the arguments of a call that ended parse as a JSON object.
//!
//! To add a form of tool calls: a file in [`tools`] with its header and its closer, a line in each `match` over
//! [`ToolForm`]. Left out on purpose: stop strings (the worker has cut them), ids of calls and chunks (the gateway
//! mints them), whether a function's arguments fit its schema (the caller's business).

mod closed;
pub mod dialect;
pub mod event;
mod finder;
mod json;
pub mod reasoning;
pub mod schema;
pub mod splitter;
pub mod tools;

pub use dialect::{Dialect, ReasoningForm};
pub use event::{Event, Fault, merged};
pub use reasoning::{Reasoning, Tags};
pub use splitter::Splitter;
pub use tools::{ToolCalls, ToolForm};
