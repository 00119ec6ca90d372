//! Reasoning and answer.

use leeward_dialect::{Dialect, Event, Reasoning, ReasoningForm, Tags, ToolForm, merged};

use crate::said::said;

#[test]
fn apart() {
    use ReasoningForm::{None, ThinkOpened, ThinkTags};
    for (form, text, reasoning, content) in [
        (ThinkTags, "<think>\nOkay, 好的。\n</think>\n\n答案是 42。\n", "Okay, 好的。", "答案是 42。\n"),
        (ThinkTags, "\n<think>생각 중 🤔\n\n둘째 줄\n</think>네.", "생각 중 🤔\n\n둘째 줄", "네."),
        (ThinkTags, "<think>\n\n</think>\n\nمرحبا", "", "مرحبا"),
        (ThinkTags, "<think></think>", "", ""),
        (ThinkTags, "<think>never closed </thin", "never closed </thin", ""),
        (ThinkTags, "<think>cut\n", "cut\n", ""),
        (ThinkTags, "plain <think>not</think> at the start", "", "plain <think>not</think> at the start"),
        (ThinkTags, "<think>a</think>b<think>c</think>", "a", "b<think>c</think>"),
        (ThinkTags, "<think>a<think>b</think>c</think>", "a<think>b", "c</think>"),
        (ThinkTags, "<thin", "", "<thin"),
        (ThinkTags, "<thinking>x", "", "<thinking>x"),
        (ThinkTags, "  x", "", "  x"),
        (ThinkTags, "no tags</think>", "", "no tags</think>"),
        (ThinkOpened, "Hmm,\r\nyes.\n</think>\n\nYes. 👍", "Hmm,\r\nyes.", "Yes. 👍"),
        (ThinkOpened, "<think>\nagain\n</think>\nx", "again", "x"),
        (ThinkOpened, "\nنعم </think> x", "نعم ", " x"),
        (ThinkOpened, "all of it <thi", "all of it <thi", ""),
        (ThinkOpened, "</think>at once", "", "at once"),
        (ThinkOpened, "", "", ""),
        (None, "<think>a</think>b", "", "<think>a</think>b"),
    ] {
        let said = said(Dialect { reasoning: form, tools: ToolForm::None }, text);
        assert_eq!((said.reasoning.as_str(), said.content.as_str()), (reasoning, content), "{text}");
    }
}

#[test]
fn no_tag_is_leaked_in_half() {
    let mut reasoning = Reasoning::tagged(Tags::default());
    assert_eq!(reasoning.push("<th"), []);
    assert_eq!(reasoning.push("ink>a </"), [Event::Markup("<think>".to_owned()), Event::Reasoning("a ".to_owned())]);
    assert_eq!(reasoning.push("b\n"), [Event::Reasoning("</b".to_owned())]);
    assert_eq!(reasoning.push("</think"), []);
    assert_eq!(reasoning.push(">"), [Event::Markup("\n</think>".to_owned())]);
    assert_eq!(reasoning.push("\nc <"), [Event::Markup("\n".to_owned()), Event::Content("c <".to_owned())]);
    assert_eq!(reasoning.finish(), []);
}

#[test]
fn tags_of_ones_own() {
    let tags = Tags::new("[THINK]", "[/THINK]").unwrap();
    let mut reasoning = Reasoning::tagged(tags);
    let mut events = reasoning.push("[THINK]bien sûr[/THINK]Oui");
    events.extend(reasoning.finish());
    let said: Vec<_> = merged(events).into_iter().filter(|event| !matches!(event, Event::Markup(_))).collect();
    assert_eq!(said, [Event::Reasoning("bien sûr".to_owned()), Event::Content("Oui".to_owned())]);
    for (open, close) in [("", "x"), ("x", ""), (" x", "y"), ("x", "\ny"), (&"x".repeat(65), "y")] {
        assert!(Tags::new(open, close).is_err(), "{open:?} {close:?}");
    }
}
