//! What models write, in every dialect: reasoning and tool calls told apart, however the text is cut.
//!
//! Input: two bytes that choose the dialect, two that seed the cutting, then the answer.
#![no_main]

#[path = "../../server/crates/dialect/tests/dialect/support.rs"]
#[allow(dead_code, reason = "the random answers are another fuzzer's")]
mod support;

use leeward_dialect::{Dialect, ReasoningForm, ToolForm};
use libfuzzer_sys::fuzz_target;
use support::{Random, holds};

fuzz_target!(|input: (u8, u8, u16, &str)| {
    let (reasoning, tools, seed, text) = input;
    let dialect = Dialect {
        reasoning: ReasoningForm::ALL[usize::from(reasoning) % ReasoningForm::ALL.len()],
        tools: ToolForm::ALL[usize::from(tools) % ToolForm::ALL.len()],
    };
    if let Err(wrong) = holds(dialect, text, &mut Random::new(seed.into())) {
        panic!("{dialect:?}, {text:?}: {wrong}");
    }
});
