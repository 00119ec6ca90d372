//! Llama 3.1 and later.

use leeward_dialect::{Fault, ToolForm};

use crate::said::assert_said;

const FORM: ToolForm = ToolForm::Llama3;

#[test]
fn the_whole_answer_is_a_call() {
    let oslo = [("get_weather", "{\"city\": \"Oslo\"}")];
    for text in [
        "{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}",
        "\n\n{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}\n",
        "<|python_tag|>{\"name\": \"get_weather\", \"parameters\": {\"city\": \"Oslo\"}}",
        "<|python_tag|> {\"type\": \"function\", \"name\": \"get_weather\", \"arguments\": {\"city\": \"Oslo\"}}",
        "{\"parameters\": {\"city\": \"Oslo\"}, \"name\": \"get_weather\"}",
    ] {
        assert_said(FORM, text, "", &oslo, &[]);
    }
}

#[test]
fn several_are_separated() {
    let calls = [("날씨", "{\"도시\": \"부산\"}"), ("search", "{\"q\": \"طقس 🌧️\"}")];
    for between in ["; ", ";", "\n", " ;\n", ";<|python_tag|>"] {
        let text = format!(
            "<|python_tag|>{{\"name\": \"날씨\", \"parameters\": {{\"도시\": \"부산\"}}}}{between}{{\"name\": \"search\", \"parameters\": {{\"q\": \"طقس 🌧️\"}}}}"
        );
        assert_said(FORM, &text, "", &calls, &[]);
    }
}

#[test]
fn json_that_nobody_announced_is_an_answer() {
    for text in [
        "{\"name\": \"Ada\", \"age\": 36}",
        "{\"城市\": \"北京\", \"name\": \"get_weather\"}",
        "{\"name\": \"nobody\", \"parameters\": {}}",
        "{}",
        "{\"a\": [1, 2",
        "{ braces }",
        "The call is {\"name\": \"search\", \"parameters\": {}}",
        "[{\"name\": \"search\", \"parameters\": {}}]",
        "",
        "  \n",
        "Sure; here.",
    ] {
        assert_said(FORM, text, text, &[], &[]);
    }
}

#[test]
fn what_was_announced_and_is_none_is_told() {
    for (text, fault) in [
        ("<|python_tag|>print(\"hello\")", Fault::NotACall),
        ("<|python_tag|>{\"name\": \"nobody\", \"parameters\": {}}", Fault::Undeclared),
        ("{\"name\": \"search\", \"param", Fault::Unfinished),
        ("{\"name\": \"search\", \"parameters\": 7}", Fault::NotJson),
    ] {
        assert_said(FORM, text, text, &[], &[fault]);
    }
    let broken = "{\"name\": \"search\", \"parameters\": {\"q\": 01}}";
    assert_said(FORM, broken, "}}", &[], &[Fault::NotJson]);
}

#[test]
fn text_after_a_call_and_a_call_after_text() {
    let call = "{\"name\": \"search\", \"parameters\": {}}";
    assert_said(FORM, &format!("{call}\nDone."), "Done.", &[("search", "{}")], &[]);
    assert_said(FORM, &format!("{call}; done."), "; done.", &[("search", "{}")], &[]);
    assert_said(FORM, &format!("Wait.<|python_tag|>{call}"), "Wait.", &[("search", "{}")], &[]);
    let second = format!("{call}; {{\"name\": \"nobody\", \"parameters\": {{}}}}");
    assert_said(
        FORM,
        &second,
        "; {\"name\": \"nobody\", \"parameters\": {}}",
        &[("search", "{}")],
        &[Fault::Undeclared],
    );
}
