//! Every event code in every format.

use std::collections::BTreeSet;

use leeward_ledger::{
    Category, ClockState, EventCode, Outcome, Phase, Record, canonical,
    render::{Format, Host, csv, ndjson, otlp, syslog},
};
use serde_json::Value;

use crate::{
    readers,
    sample::{self, bare, entry, full, log},
};

const DOCS: &str = include_str!("../../../../../docs/audit-formats.md");

fn host() -> Host {
    "leeward-1.example".parse().unwrap()
}

#[test]
fn every_code_renders_in_every_format() {
    for record in sample::every() {
        let code = record.event.as_str();
        for format in Format::ALL {
            let line = format.render(&host(), entry(&record));
            assert!(line.contains(code), "{format} of {code}: {line}");
            assert!(line.contains(&record.id.to_string()), "{format} of {code}: {line}");
        }
        let read = readers::cef(&Format::Cef.render(&host(), entry(&record)));
        assert_eq!(read.header[..3], ["CEF:0", "Leeward", "Leeward"]);
        assert_eq!(read.header[4], code);
        assert!((0..=10).contains(&read.header[6].parse::<u8>().unwrap()));

        let read = readers::syslog(&Format::Syslog.render(&host(), entry(&record)));
        assert_eq!(read.header[..4], [record.at.to_string().as_str(), "leeward-1.example", "leeward", "-"]);
        // Whole, not cut: a code's act is at most 32 characters.
        assert_eq!(read.header[4], record.event.act());
        assert_eq!(read.data[syslog::SD_ID]["event"], code);
    }
}

/// Every value of a full record is somewhere in every format, so nothing is lost on the way.
#[test]
fn nothing_of_a_record_is_lost() {
    let mut record = full(EventCode::InferenceRefused);
    record.phase = Phase::Outcome;
    let text = String::from_utf8(canonical(&record)).unwrap();
    let mut leaves = Vec::new();
    collect(&serde_json::from_str(&text).unwrap(), &mut leaves);
    assert!(leaves.len() > 40);
    for format in Format::ALL {
        let line = format.render(&host(), entry(&record));
        for leaf in &leaves {
            // CEF and OCSF hold the time in milliseconds; OTLP holds it in nanoseconds.
            let there = match format {
                Format::Cef if *leaf == record.at.to_string() => line.contains("rt=1769846400123"),
                Format::OtlpJson if *leaf == record.at.to_string() => line.contains("\"1769846400123456000\""),
                // The header says the version alone.
                Format::Cef if *leaf == record.build => line.contains("|0.1.0|"),
                _ => line.contains(leaf.as_str()),
            };
            assert!(there, "{format} lacks {leaf}: {line}");
        }
    }
}

fn collect(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|member| collect(member, into)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::String(text) => into.push(text.clone()),
        Value::Null => {}
        value => into.push(value.to_string()),
    }
}

#[test]
fn the_columns_of_csv_are_the_fields_of_a_record() {
    let line: Value = serde_json::from_str(&ndjson::render(entry(&full(EventCode::LoginSucceeded)))).unwrap();
    let mut fields: BTreeSet<String> = ["log", "seq", "outcome", "category"].map(str::to_owned).into();
    for (name, value) in line["record"].as_object().unwrap() {
        match value.as_object() {
            Some(inner) => fields.extend(inner.keys().map(|inner| format!("{name}_{inner}"))),
            None => assert!(fields.insert(name.clone())),
        }
    }
    assert_eq!(csv::COLUMNS.iter().map(|column| (*column).to_owned()).collect::<BTreeSet<_>>(), fields);
    assert_eq!(fields.len(), csv::COLUMNS.len());
    assert_eq!(Format::Csv.header(), Some(csv::COLUMNS.join(",")));
    for column in csv::COLUMNS {
        assert!(DOCS.contains(&format!("`{column}`")), "{column} is not in docs/audit-formats.md");
    }
}

#[test]
fn ndjson_canonicalises_to_the_entry() {
    let record = full(EventCode::InferenceCompleted);
    let line = ndjson::render(entry(&record));
    let entry = String::from_utf8(canonical(&record)).unwrap();
    assert_eq!(line, format!(r#"{{"log":"{}","seq":41,"record":{entry}}}"#, log()));

    let odd = Record { reason: Some("a\u{2028}b\u{7f}".into()), ..record };
    let line = ndjson::render(sample::entry(&odd));
    assert!(line.contains(r"a\u2028b\u007f"));
    let read: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(canonical(&serde_json::from_value(read["record"].clone()).unwrap()), canonical(&odd));
}

#[test]
fn syslog_says_what_the_clock_was() {
    let mut record = bare(EventCode::ServiceStarted);
    let mut quality = |clock| {
        record.clock = clock;
        readers::syslog(&Format::Syslog.render(&Host::unknown(), entry(&record))).data["timeQuality"].clone()
    };
    let params = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<_>()
    };
    assert_eq!(quality(ClockState::Synchronised), params(&[("tzKnown", "1"), ("isSynced", "1")]));
    assert_eq!(quality(ClockState::Unsynchronised), params(&[("tzKnown", "1"), ("isSynced", "0")]));
    assert_eq!(quality(ClockState::Unknown), params(&[("tzKnown", "1")]));
}

#[test]
fn a_batch_of_otlp_is_one_request_and_bad_trace_ids_stay_out() {
    let good = full(EventCode::InferenceIntent);
    let records = [
        good.clone(),
        Record { trace: Some("0".repeat(32)), ..good.clone() },
        Record { trace: Some("4bf92f".into()), ..good.clone() },
        Record { trace: None, ..good },
    ];
    let entries: Vec<_> = records.iter().map(entry).collect();
    let request: Value = serde_json::from_str(&otlp::export_request(&host(), &entries)).unwrap();
    let logs = request["resourceLogs"][0]["scopeLogs"][0]["logRecords"].as_array().unwrap();
    let traces: Vec<_> = logs.iter().map(|log| log["traceId"].as_str()).collect();
    assert_eq!(traces, [Some("4bf92f3577b34da6a3ce929d0e0e4736"), None, None, None]);
    assert_eq!(logs[0]["timeUnixNano"], "1769846400123456000");
    assert_eq!(logs[0]["eventName"], "leeward.inference.admitted");
}

#[test]
fn outcomes_and_categories() {
    for (code, outcome, category, act, verb) in [
        (EventCode::LoginFailed, Outcome::Failure, Category::Access, "auth.login", "login"),
        (EventCode::ServiceStarted, Outcome::Success, Category::Service, "service", "service"),
        (EventCode::InferenceIntent, Outcome::Success, Category::Inference, "inference", "inference"),
        (EventCode::TokenReused, Outcome::Failure, Category::Access, "token.reuse", "reuse"),
        (EventCode::SpaceLow, Outcome::Failure, Category::Audit, "audit.space", "space"),
        (EventCode::KeyRotated, Outcome::Success, Category::Accounts, "key.rotate", "rotate"),
        (EventCode::SignInPolicyUpdated, Outcome::Success, Category::Configuration, "policy.sign_in.update", "update"),
    ] {
        assert_eq!((code.outcome(), code.category(), code.act(), code.verb()), (outcome, category, act, verb));
    }
    let row = |name: &str| DOCS.lines().find(|line| line.starts_with(&format!("| `{name}` | `"))).unwrap();
    for code in EventCode::ALL {
        let (first, last) = (code.as_str().split('.').next().unwrap(), code.as_str().rsplit('.').next().unwrap());
        let failure = row("failure").contains(&format!("`{last}`"));
        assert_eq!(failure, code.outcome() == Outcome::Failure, "{code}");
        assert!(row(code.category().as_str()).contains(&format!("`{first}`")), "{code}");
    }
    for outcome in Outcome::ALL {
        assert_eq!(outcome.as_str().parse(), Ok(*outcome));
    }
    for category in Category::ALL {
        assert_eq!(category.as_str().parse(), Ok(*category));
    }
    assert_eq!(
        "yes".parse::<Outcome>().unwrap_err().to_string(),
        "there is no outcome \"yes\"; it is one of success, failure"
    );
}

#[test]
fn formats_have_one_name_each_and_a_documented_sample() {
    let record = full(EventCode::InferenceCompleted);
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(*format));
        assert!(DOCS.contains(&format!("| `{format}` | `{}` | `.{}` |", format.content_type(), format.extension())));
        let sample = format.render(&host(), entry(&record));
        // The order of an object's members is whatever the build's serde_json has.
        let there = match serde_json::from_str::<Value>(&sample) {
            Ok(json) => DOCS.lines().filter_map(|line| serde_json::from_str(line).ok()).any(|line: Value| line == json),
            Err(_) => DOCS.contains(&format!("    {sample}\n")),
        };
        assert!(there, "the sample of {format} should be:\n\n    {sample}\n");
    }
}
