//! What has to hold for every answer, cut in every way.

use std::collections::HashSet;

use leeward_dialect::{Dialect, Event, ReasoningForm, Splitter, ToolForm, tools::DEFAULT_LIMIT};
use proptest::prelude::*;

use crate::support::{DECLARED, Random, answer, dialect, holds, read};

#[test]
fn answers_of_fragments() {
    let (mut called, mut broken, mut faults) = (HashSet::new(), HashSet::new(), HashSet::new());
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let (dialect, text) = (dialect(&mut random), answer(&mut random));
        match holds(dialect, &text, &mut random) {
            Err(wrong) => panic!("seed {seed}, {dialect:?}, {text:?}: {wrong}"),
            Ok(events) => events.into_iter().for_each(|event| match event {
                Event::CallEnd { .. } => drop(called.insert(dialect.tools)),
                Event::CallBroken { .. } => drop(broken.insert(dialect.tools)),
                Event::Malformed(fault) => drop(faults.insert(fault.to_string())),
                _ => {}
            }),
        }
    }
    // The inputs are worth something: every form was called and broken, every fault was made.
    assert_eq!((called.len(), broken.len(), faults.len()), (5, 5, 5), "{called:?} {broken:?} {faults:?}");
}

/// An answer that never ends must not fill the memory, whatever it is stuck in.
#[test]
fn endless_answers_are_not_kept() {
    for beginning in [
        "",
        "<think>",
        "<tool_call>",
        "<tool_call>{\"x\": \"",
        "<tool_call>{\"arguments\": {\"x\": \"",
        "<tool_call>{\"name\": \"",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"x\": \"",
        "<tool_call>{\"name\": \"search\", \"arguments\": {}, \"x\": \"",
        "<tool_call>{\"name\": \"nobody\", \"x\": \"",
        "{\"name\": \"search\", ",
        "[TOOL_CALLS]",
        "[TOOL_CALLS]a[CALL_ID]",
        "[TOOL_CALLS] [{\"name\": \"search\", \"arguments\": {}}",
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>",
        "<｜tool▁call▁begin｜>function<｜tool▁sep｜>",
        "[{\"name\": \"search\", \"parameters\": {}}",
    ] {
        for endless in ["a", " ", "\n", "天", "{\"", "[", "<", "1", "\\", "<tool_call>", "[TOOL_CALLS]", ";"] {
            let text = beginning.to_owned() + &endless.repeat(4_000 / endless.len());
            for reasoning in ReasoningForm::ALL {
                for tools in ToolForm::ALL {
                    // `read` watches what is held back.
                    if let Err(wrong) = read(Dialect { reasoning, tools }, &text, || 50) {
                        panic!("{reasoning:?}, {tools:?}, {beginning} and {endless}: {wrong}");
                    }
                }
            }
        }
    }
}

#[test]
fn the_usual_limit() {
    let mut splitter = Splitter::new(Dialect { reasoning: ReasoningForm::None, tools: ToolForm::Hermes }, DECLARED);
    let late = |length: usize| {
        format!("<tool_call>{{\"arguments\": {{\"q\": \"{}\"}}, \"name\": \"search\"}}", "x".repeat(length))
    };
    let events = splitter.push(&late(DEFAULT_LIMIT - 100));
    assert!(events.contains(&Event::CallEnd { index: 0 }));
    assert_eq!(splitter.push(&late(DEFAULT_LIMIT)).last().map(|event| event.text().is_empty()), Some(false));
    assert_eq!(splitter.calls(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text(text in any::<String>(), seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let dialect = dialect(&mut random);
        let wrong = holds(dialect, &text, &mut random).err();
        prop_assert_eq!(wrong, None);
    }

    #[test]
    fn any_arguments_come_back(keys in proptest::collection::vec(any::<String>(), 0..4), seed in any::<u64>()) {
        let mut random = Random::new(seed);
        let map: serde_json::Map<_, _> =
            keys.iter().map(|key| (key.clone(), serde_json::json!([key, random.next(), {"a": null}]))).collect();
        let arguments = serde_json::to_string(&map).unwrap();
        prop_assume!(arguments.len() < 5_000);
        for (tools, before) in [
            (ToolForm::Hermes, "<tool_call>{\"name\":\"search\",\"arguments\":"),
            (ToolForm::Llama3, "{\"name\":\"search\",\"parameters\":"),
            (ToolForm::Mistral, "[TOOL_CALLS]search[ARGS]"),
            (ToolForm::Deepseek, "<｜tool▁call▁begin｜>search<｜tool▁sep｜>"),
            (ToolForm::Json, "[{\"name\":\"search\",\"parameters\":"),
        ] {
            let events = read(Dialect { reasoning: ReasoningForm::None, tools }, &format!("{before}{arguments}"), || random.below(9));
            let sent: String = events.unwrap().iter().filter(|event| matches!(event, Event::Arguments { .. })).map(Event::text).collect();
            prop_assert_eq!(&sent, &arguments);
        }
    }
}
