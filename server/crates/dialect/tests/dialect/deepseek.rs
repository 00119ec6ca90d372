//! DeepSeek V3, R1 and V3.1.

use leeward_dialect::{Dialect, Fault, ReasoningForm, ToolForm};

use crate::said::{Said, assert_said, said};

const FORM: ToolForm = ToolForm::Deepseek;

/// V3's form of one call.
fn call(name: &str, arguments: &str) -> String {
    format!("<｜tool▁call▁begin｜>function<｜tool▁sep｜>{name}\n```json\n{arguments}\n```<｜tool▁call▁end｜>")
}

#[test]
fn fenced_calls() {
    let (one, two) = (call("get_weather", "{\"city\": \"杭州\"}"), call("날씨", "{\"도시\": \"서울\"}"));
    let both = [("get_weather", "{\"city\": \"杭州\"}"), ("날씨", "{\"도시\": \"서울\"}")];
    for text in [
        format!("<｜tool▁calls▁begin｜>{one}\n{two}<｜tool▁calls▁end｜>"),
        format!("<｜tool▁calls▁begin｜>\n{one}{two}"),
        format!("{one}\n{two}\n<｜tool▁calls▁end｜>\n"),
    ] {
        assert_said(FORM, &text, "", &both, &[]);
    }
    let around = format!("让我查一下。\n<｜tool▁calls▁begin｜>{one}<｜tool▁calls▁end｜>好的 👍");
    assert_said(FORM, &around, "让我查一下。好的 👍", &both[..1], &[]);
    let unended = format!("{one}Done.");
    assert_said(FORM, &unended, "Done.", &both[..1], &[]);
}

#[test]
fn calls_without_fences() {
    let text = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>search<｜tool▁sep｜>{\"q\": \"أخبار\"}<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
    assert_said(FORM, text, "", &[("search", "{\"q\": \"أخبار\"}"), ("get_weather", "{}")], &[]);
    let bare = "<｜tool▁call▁begin｜>function<｜tool▁sep｜>search\n{\"q\": 1}<｜tool▁call▁end｜>";
    assert_said(FORM, bare, "", &[("search", "{\"q\": 1}")], &[]);
}

#[test]
fn what_is_no_call_is_content() {
    let wrapped = |call: &str| format!("<｜tool▁calls▁begin｜>{call}<｜tool▁calls▁end｜>");
    for (text, fault) in [
        (wrapped(&call("nobody", "{\"a\": 1}")), Fault::Undeclared),
        (wrapped(&call("search", "q = 1")), Fault::NotACall),
        (wrapped(""), Fault::NotACall),
        (
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>search\n```js".to_owned(),
            Fault::Unfinished,
        ),
    ] {
        let faults = said(Dialect { reasoning: ReasoningForm::None, tools: FORM }, &text);
        assert_eq!(faults.content, text);
        assert_eq!((faults.calls.len(), faults.faults.first()), (0, Some(&fault)), "{text}");
    }
}

#[test]
fn reasoning_that_the_prompt_opened_then_calls() {
    let dialect = Dialect { reasoning: ReasoningForm::ThinkOpened, tools: FORM };
    let text =
        format!("用户想知道天气。\n</think>\n\n<｜tool▁calls▁begin｜>{}<｜tool▁calls▁end｜>", call("search", "{}"));
    let expected = Said {
        reasoning: "用户想知道天气。".to_owned(),
        calls: vec![("search".to_owned(), "{}".to_owned())],
        ..Said::default()
    };
    assert_eq!(said(dialect, &text), expected);
    let thought = format!("I could write {} but not here", call("search", "{}"));
    assert_eq!(said(dialect, &thought), Said { reasoning: thought.clone(), ..Said::default() });
}
