//! Hermes and Qwen.

use leeward_dialect::{Dialect, Event, Fault, ReasoningForm, Splitter, ToolForm};

use crate::said::{assert_said, said};

const FORM: ToolForm = ToolForm::Hermes;

#[test]
fn calls_with_text_around_them() {
    for (text, content, calls) in [
        (
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\": \"北京\"}}\n</tool_call>",
            "",
            &[("get_weather", "{\"city\": \"北京\"}")][..],
        ),
        (
            "서울 날씨를 확인할게요.\n\n<tool_call>\n{\"name\": \"날씨\", \"arguments\": {\"도시\": \"서울\"}}\n</tool_call>\n<tool_call>\n{\"name\": \"search\", \"arguments\": {}}\n</tool_call>",
            "서울 날씨를 확인할게요.",
            &[("날씨", "{\"도시\": \"서울\"}"), ("search", "{}")],
        ),
        (
            "<tool_call>{\"name\":\"search\",\"arguments\":{\"q\":\"</tool_call> {\\\"}\"}}</tool_call>\nهذا كل شيء 🌦️\n",
            "هذا كل شيء 🌦️\n",
            &[("search", "{\"q\":\"</tool_call> {\\\"}\"}")],
        ),
        (
            "{\"name\": \"search\", \"arguments\": {}} is how one would call it, a < b, <tool_",
            "{\"name\": \"search\", \"arguments\": {}} is how one would call it, a < b, <tool_",
            &[],
        ),
    ] {
        assert_said(FORM, text, content, calls, &[]);
    }
}

#[test]
fn members_in_any_order_and_more_of_them() {
    let calls = [("search", r#"{"q": [1, {"a": "b"}]}"#)];
    for text in [
        r#"<tool_call>{"arguments": {"q": [1, {"a": "b"}]}, "name": "search"}</tool_call>"#,
        r#"<tool_call>{"arguments": {"q": [1, {"a": "b"}]}, "id": 12, "name": "search", "x": null}</tool_call>"#,
        r#"<tool_call>{"id": 12, "name": "search", "parameters": {"q": [1, {"a": "b"}]}}</tool_call>"#,
        r#"<tool_call>{"na\u006de": "s\u0065arch", "arguments": {"q": [1, {"a": "b"}]}, "x": [1]}</tool_call>"#,
    ] {
        assert_said(FORM, text, "", &calls, &[]);
    }
}

#[test]
fn slips_that_are_forgiven() {
    let calls = [("search", r#"{"q": 1}"#)];
    for text in [
        r#"<tool_call>{"name": "search", "arguments": {"q": 1}}"#,
        r#"<tool_call>{"name": "search", "arguments": {"q": 1}"#,
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": 1}\n</tool_call>",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": 1}}\n</tool_",
        "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": 1}}}\n</tool_call>",
    ] {
        assert_said(FORM, text, "", &calls, &[]);
    }
    let twice = "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": 1}}\n<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": 1}}";
    assert_said(FORM, twice, "", &[calls[0], calls[0]], &[]);
    let no_tag = "<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": 1}}} Done.";
    assert_said(FORM, no_tag, "} Done.", &calls, &[]);
}

#[test]
fn what_is_no_call_is_content() {
    let long =
        format!("<tool_call>{{\"arguments\": {{\"q\": \"{}\"}}, \"name\": \"search\"}}</tool_call>", "长".repeat(100));
    for (text, fault) in [
        ("<tool_call>\nget_weather(city=\"Oslo\")\n</tool_call>", Fault::NotACall),
        ("Hm. <tool_call>\n{\"name\": \"nobody\", \"arguments\": {\"a\": {}}}\n</tool_call> Well.", Fault::Undeclared),
        ("<tool_call>{\"name\": \"\", \"arguments\": {}}</tool_call>", Fault::Undeclared),
        ("<tool_call>{'name': 'search', 'arguments': {}}</tool_call>", Fault::NotJson),
        ("<tool_call>{\"name\": \"search\", \"arguments\": \"{}\"}</tool_call>", Fault::NotJson),
        ("<tool_call>{\"name\": \"search\", \"name\": \"search\", \"arguments\": {}}</tool_call>", Fault::NotJson),
        ("<tool_call>{\"name\": \"search\"}</tool_call>", Fault::NotACall),
        ("<tool_call>{}</tool_call>", Fault::NotACall),
        ("<tool_call>\n{\"name\": \"search\", \"argu", Fault::Unfinished),
        ("<tool_call>\n", Fault::Unfinished),
        (&long, Fault::TooLong { limit: 300 }),
    ] {
        assert_said(FORM, text, text, &[], &[fault]);
    }
}

#[test]
fn a_call_after_one_that_is_none() {
    let good = "<tool_call>{\"name\": \"search\", \"arguments\": {}}</tool_call>";
    for bad in [
        "<tool_call>",
        "<tool_call>{\"name\": oops}",
        "<tool_call>{\"name\": \"nobody\", \"arguments\": {}}</tool_call>",
        "<tool_call>{\"name\": \"nobody\", \"arguments\": ",
    ] {
        let said = said(Dialect { reasoning: ReasoningForm::None, tools: FORM }, &format!("{bad}{good}"));
        assert_eq!((said.content.as_str(), said.calls.len(), said.faults.len()), (bad, 1, 1));
    }
}

#[test]
fn a_call_that_breaks_in_the_middle() {
    for (text, rest, fault) in [
        ("<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": tru! more", "! more", Fault::NotJson),
        ("<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"a\nb\"}}", "\nb\"}}", Fault::NotJson),
        ("<tool_call>{\"name\": \"search\", \"arguments\": {\"q\": \"par", "", Fault::Unfinished),
    ] {
        assert_said(FORM, text, rest, &[], &[fault]);
    }
}

#[test]
fn arguments_are_sent_as_they_come() {
    let dialect = Dialect { reasoning: ReasoningForm::ThinkTags, tools: FORM };
    let mut splitter = Splitter::new(dialect, ["search"]);
    let argument = |text: &str| Event::Arguments { index: 0, text: text.to_owned() };
    let opening = "<tool_call>\n{\"name\": \"search\", \"arguments\": ".to_owned();
    assert_eq!(splitter.push("<tool_call>\n{\"name\": \"sea"), []);
    assert_eq!(splitter.push("rch\", \"arguments\": "), []);
    assert_eq!(
        splitter.push("{\"q"),
        [Event::CallBegin { index: 0, name: "search".to_owned(), opening }, argument("{\"q")]
    );
    assert_eq!(splitter.push("\": \"天"), [argument("\": \"天")]);
    assert_eq!(
        splitter.push("\"}}\n</tool"),
        [argument("\"}"), Event::CallEnd { index: 0 }, Event::Markup("}".to_owned())]
    );
    assert_eq!(splitter.push("_call>\n"), [Event::Markup("\n</tool_call>\n".to_owned())]);
    assert_eq!(splitter.calls(), 1);
    assert_eq!(splitter.finish(), []);
}
