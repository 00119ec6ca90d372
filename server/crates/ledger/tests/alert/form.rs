//! What is an alert and what is not.

use leeward_ledger::{
    EventCode, Outcome,
    alert::{Alert, Form, GroupBy, InvalidAlert, MAX_NAME, MAX_PATTERNS, MAX_THRESHOLD, MAX_WINDOW_SECONDS, Pattern},
};

use crate::{form, record};

const DOCS: &str = include_str!("../../../../../docs/audit-alerts.md");

#[test]
fn patterns_are_codes_or_whole_parts() {
    let fits = |pattern: &str, code: EventCode| pattern.parse::<Pattern>().unwrap().fits(code);
    assert!(fits("auth.login.failed", EventCode::LoginFailed));
    assert!(!fits("auth.login.failed", EventCode::LoginSucceeded));
    for pattern in ["auth.*", "auth.login.*"] {
        assert!(fits(pattern, EventCode::LoginFailed) && fits(pattern, EventCode::LoginSucceeded));
        assert!(!fits(pattern, EventCode::UserCreated));
    }
    for code in EventCode::ALL {
        assert!(fits(code.as_str(), *code));
    }
    for bad in
        ["", "*", ".*", "auth", "auth.", "auth.lo*", "auth.*.failed", "auth.login.failed.*", "Auth.*", "**", "x.*"]
    {
        assert_eq!(bad.parse::<Pattern>(), Err(InvalidAlert::Pattern(bad.into())));
    }
}

#[test]
fn every_bound_holds_on_both_sides() {
    let good = form(&["auth.*"], 1, 1, GroupBy::None);
    let pattern = good.events[0].clone();
    let with = |change: &dyn Fn(&mut Form)| {
        let mut form = good.clone();
        change(&mut form);
        Alert::new(form).map(|_| ())
    };
    assert_eq!(with(&|form| form.name = "é".repeat(MAX_NAME)), Ok(()));
    assert_eq!(with(&|form| form.name = "é".repeat(MAX_NAME + 1)), Err(InvalidAlert::Name));
    assert_eq!(with(&|form| form.name.clear()), Err(InvalidAlert::Name));
    assert_eq!(with(&|form| form.name = "two\nlines".into()), Err(InvalidAlert::Name));
    assert_eq!(with(&|form| form.events = vec![pattern.clone(); MAX_PATTERNS]), Ok(()));
    assert_eq!(with(&|form| form.events = vec![pattern.clone(); MAX_PATTERNS + 1]), Err(InvalidAlert::Events));
    assert_eq!(with(&|form| form.events.clear()), Err(InvalidAlert::Events));
    assert_eq!(with(&|form| form.threshold = MAX_THRESHOLD), Ok(()));
    assert_eq!(with(&|form| form.threshold = MAX_THRESHOLD + 1), Err(InvalidAlert::Threshold));
    assert_eq!(with(&|form| form.threshold = 0), Err(InvalidAlert::Threshold));
    assert_eq!(with(&|form| form.window_seconds = MAX_WINDOW_SECONDS), Ok(()));
    assert_eq!(with(&|form| form.window_seconds = MAX_WINDOW_SECONDS + 1), Err(InvalidAlert::Window));
    assert_eq!(with(&|form| form.window_seconds = 0), Err(InvalidAlert::Window));
}

#[test]
fn json_is_the_documented_one_and_is_checked() {
    let sample = DOCS.lines().find_map(|line| line.strip_prefix("    {")).unwrap();
    let sample: serde_json::Value = serde_json::from_str(&format!("{{{sample}")).unwrap();
    let alert: Alert = serde_json::from_value(sample.clone()).unwrap();
    assert_eq!(serde_json::to_value(&alert).unwrap(), sample);
    assert_eq!(alert.name(), sample["name"]);

    let with = |name: &str, value: serde_json::Value| {
        let mut changed = sample.clone();
        changed[name] = value;
        serde_json::from_value::<Alert>(changed).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(with("name", "Another".into()), Ok(()));
    assert_eq!(with("threshold", 0.into()).unwrap_err(), "an alert's threshold is 1 to 1000 records");
    assert_eq!(
        with("group_by", "key".into()).unwrap_err(),
        "there is no grouping \"key\"; it is one of none, actor, source"
    );
    assert!(
        with("events", serde_json::json!(["auth.lo*"])).unwrap_err().starts_with("no event code fits \"auth.lo*\"")
    );
    assert!(with("more", 1.into()).unwrap_err().starts_with("unknown field"));
    for bound in [MAX_NAME.to_string(), MAX_PATTERNS.to_string(), "1,000".into(), "604,800".into()] {
        assert!(DOCS.contains(&format!("1 to {bound}")), "{bound}");
    }
}

#[test]
fn an_outcome_narrows_what_counts() {
    let counts = |outcome, code| {
        let form = Form { outcome, ..form(&["auth.*", "inference.refused"], 1, 1, GroupBy::None) };
        Alert::new(form).unwrap().counts(&record(code, 0, 1))
    };
    for code in [EventCode::LoginSucceeded, EventCode::LoginFailed, EventCode::InferenceRefused] {
        assert!(counts(None, code));
        assert_eq!(counts(Some(Outcome::Failure), code), code != EventCode::LoginSucceeded);
        assert_eq!(counts(Some(Outcome::Success), code), code == EventCode::LoginSucceeded);
    }
    assert!(!counts(None, EventCode::InferenceCompleted));
}
