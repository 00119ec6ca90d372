//! Mistral, both generations.

use leeward_dialect::{Fault, ToolForm};

use crate::said::assert_said;

const FORM: ToolForm = ToolForm::Mistral;

#[test]
fn an_array_of_calls() {
    for (text, content, calls) in [
        (
            "[TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}]",
            "",
            &[("get_weather", "{\"city\": \"Paris\"}")][..],
        ),
        (
            "[TOOL_CALLS][{\"name\": \"search\", \"arguments\": {\"q\": \"天气\"}, \"id\": \"9Ae3bDc2F\"} , {\"arguments\": {}, \"name\": \"날씨\"}]\n",
            "",
            &[("search", "{\"q\": \"天气\"}"), ("날씨", "{}")],
        ),
        (
            "سأتحقق من ذلك. [TOOL_CALLS] [{\"name\": \"search\", \"arguments\": {}}] تم ✅",
            "سأتحقق من ذلك.تم ✅",
            &[("search", "{}")],
        ),
        ("[TOOL_CALLS] {\"name\": \"search\", \"arguments\": {}}", "", &[("search", "{}")]),
        ("[TOOL_CALLS] [{\"name\": \"search\", \"arguments\": {}}", "", &[("search", "{}")]),
        ("[TOOL_CALL] [1, 2] [TOOL_", "[TOOL_CALL] [1, 2] [TOOL_", &[]),
    ] {
        assert_said(FORM, text, content, calls, &[]);
    }
}

#[test]
fn a_name_and_arguments() {
    for (text, calls) in [
        ("[TOOL_CALLS]search[ARGS]{\"q\": \"東京 🗼\"}", &[("search", "{\"q\": \"東京 🗼\"}")][..]),
        ("[TOOL_CALLS]search[CALL_ID]9Ae3bDc2F[ARGS]{\"q\": 1}", &[("search", "{\"q\": 1}")]),
        (
            "[TOOL_CALLS]search[ARGS]{}[TOOL_CALLS]날씨[CALL_ID]123456789[ARGS]{\"도시\": \"대구\"}",
            &[("search", "{}"), ("날씨", "{\"도시\": \"대구\"}")],
        ),
        (
            "[TOOL_CALLS]search{\"q\": 1}\n[TOOL_CALLS] search {\"q\": 2}",
            &[("search", "{\"q\": 1}"), ("search", "{\"q\": 2}")],
        ),
    ] {
        assert_said(FORM, text, "", calls, &[]);
    }
}

#[test]
fn what_is_no_call_is_content() {
    for (text, fault) in [
        ("[TOOL_CALLS] []", Fault::NotACall),
        ("[TOOL_CALLS]search(1)[ARGS]1", Fault::NotACall),
        ("[TOOL_CALLS]nobody[ARGS]{\"q\": 1}", Fault::Undeclared),
        ("[TOOL_CALLS] [{\"name\": \"nobody\", \"arguments\": {}}]", Fault::Undeclared),
        ("[TOOL_CALLS]search[CALL_ID]12", Fault::Unfinished),
        ("[TOOL_CALLS] [{\"name\": \"search\"", Fault::Unfinished),
    ] {
        assert_said(FORM, text, text, &[], &[fault]);
    }
}

#[test]
fn an_undeclared_call_among_others() {
    let text =
        "[TOOL_CALLS] [{\"name\": \"nobody\", \"arguments\": {\"a\": [1]}}, {\"name\": \"search\", \"arguments\": {}}]";
    let given_back = "[TOOL_CALLS] [{\"name\": \"nobody\", \"arguments\": {\"a\": [1]}}";
    assert_said(FORM, text, given_back, &[("search", "{}")], &[Fault::Undeclared]);
    let twice = "[TOOL_CALLS]search[TOOL_CALLS]search[ARGS]{}";
    assert_said(FORM, twice, "[TOOL_CALLS]search", &[("search", "{}")], &[Fault::NotACall]);
}
