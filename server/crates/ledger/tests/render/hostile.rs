//! Whatever somebody puts into a field stays in that field.

use leeward_ledger::{
    EventCode, Object, Record,
    render::{Format, Host, csv, syslog},
};
use proptest::prelude::*;
use serde_json::Value;

use crate::{
    readers,
    sample::{bare, entry},
};

/// Text made of what formats stumble over, and of anything.
fn text() -> impl Strategy<Value = String> {
    let bad = prop_oneof![
        prop::sample::select(vec![
            "\\", "|", "=", "\n", "\r", "\"", "]", "[", " ", "'", ",", ";", "\t", "\0", "\u{7f}", "\u{85}", "\u{2028}",
            "\u{2029}", "\u{feff}", " suser=", "\\n", "] evil", "<110>1 ", "+", "-", "@", "語", "😀",
        ])
        .prop_map(str::to_owned),
        ".*",
    ];
    prop::collection::vec(bad, 0..8).prop_map(|parts| parts.concat())
}

fn record(reason: &str, object: &str, build: &str) -> Record {
    Record {
        reason: Some(reason.to_owned()),
        object: Some(Object { kind: "model".into(), id: object.to_owned() }),
        build: build.to_owned(),
        ..bare(EventCode::InferenceRefused)
    }
}

fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// What formats without an escape for control characters keep of a text.
fn kept(text: &str, also: &[char]) -> String {
    text.chars().map(|c| if is_control(c) && !also.contains(&c) { '\u{fffd}' } else { c }).collect()
}

proptest! {
    #[test]
    fn cef_gives_back_what_it_was_given(reason in text(), object in text(), build in text()) {
        let line = Format::Cef.render(&Host::unknown(), entry(&record(&reason, &object, &build)));
        let read = readers::cef(&line);
        let breaks = ['\n', '\r'];
        prop_assert_eq!(read.extension.get("reason").map_or("", String::as_str), kept(&reason, &breaks));
        prop_assert_eq!(read.extension.get("cs3").map_or("", String::as_str), kept(&object, &breaks));
        let label = read.extension.get("cs3Label").map(String::as_str);
        prop_assert_eq!(label, (!object.is_empty()).then_some("objectId"));
        prop_assert_eq!(&read.extension["outcome"], "failure");
        let version = kept(build.trim_start_matches("leeward "), &[]);
        prop_assert_eq!(&read.header[3], if version.is_empty() { "unknown" } else { &version });
        prop_assert_eq!(&read.header[4], "inference.refused");
        prop_assert_eq!(read.extension.contains_key("suser"), false);
    }

    #[test]
    fn syslog_gives_back_what_it_was_given(reason in text(), object in text(), build in text()) {
        let record = record(&reason, &object, &build);
        let read = readers::syslog(&Format::Syslog.render(&Host::unknown(), entry(&record)));
        let params = &read.data[syslog::SD_ID];
        prop_assert_eq!(&params["reason"], &kept(&reason, &[]));
        prop_assert_eq!(&params["object_id"], &kept(&object, &[]));
        prop_assert_eq!(read.priority, 13 * 8 + 4);
        prop_assert!(read.message.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '));
        let message: Value = serde_json::from_str(&read.message).unwrap();
        prop_assert_eq!(serde_json::from_value::<Record>(message["record"].clone()).unwrap(), record);
    }

    #[test]
    fn csv_gives_back_what_it_was_given(reason in text(), object in text(), build in text()) {
        let row = Format::Csv.render(&Host::unknown(), entry(&record(&reason, &object, &build)));
        let cells = readers::csv(&row);
        prop_assert_eq!(cells.len(), csv::COLUMNS.len());
        let column = |name: &str| &cells[csv::COLUMNS.iter().position(|column| *column == name).unwrap()];
        for (name, value) in [("reason", &reason), ("object_id", &object), ("build", &build)] {
            let cell = column(name);
            prop_assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), value);
        }
        for cell in &cells {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']), "{}", cell);
        }
    }

    #[test]
    fn json_gives_back_what_it_was_given(reason in text(), object in text()) {
        let record = record(&reason, &object, "leeward");
        let read = |format: Format| serde_json::from_str::<Value>(&format.render(&Host::unknown(), entry(&record)));
        let line = read(Format::Ndjson).unwrap();
        prop_assert_eq!(serde_json::from_value::<Record>(line["record"].clone()).unwrap(), record.clone());
        prop_assert_eq!(&read(Format::Ocsf).unwrap()["status_detail"], reason.as_str());
        let request = read(Format::OtlpJson).unwrap();
        let log = &request["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        let attributes = log["attributes"].as_array().unwrap();
        let found = attributes.iter().find(|attribute| attribute["key"] == "leeward.object.id").unwrap();
        prop_assert_eq!(&found["value"]["stringValue"], object.as_str());
    }

    #[test]
    fn a_record_is_one_line(reason in text(), object in text(), build in text()) {
        let record = record(&reason, &object, &build);
        for format in Format::ALL.iter().filter(|format| **format != Format::Csv) {
            let line = format.render(&Host::unknown(), entry(&record));
            prop_assert_eq!(line.chars().find(|character| is_control(*character)), None, "{}", format);
        }
    }
}

#[test]
fn formulas_are_defused_and_plain_cells_are_bare() {
    let row = |reason: &str| {
        let record = Record { reason: Some(reason.to_owned()), ..bare(EventCode::AccessRefused) };
        Format::Csv.render(&Host::unknown(), entry(&record))
    };
    assert!(row("=cmd|' /C calc'!A0").contains(r#","'=cmd|' /C calc'!A0","#));
    assert!(row("'quoted").contains(r#","''quoted","#));
    assert!(row(r#"say "no""#).contains(r#","say ""no""","#));
    assert!(row("forbidden").contains(",forbidden,"));
}

#[test]
fn a_host_is_a_name_a_header_can_hold() {
    for good in ["leeward-1.example", "2001:db8::1", "-", &"h".repeat(255)] {
        assert_eq!(good.parse::<Host>().unwrap().to_string(), good);
    }
    for bad in ["", "two words", "line\nbreak", "é", &"h".repeat(256)] {
        assert!(bad.parse::<Host>().is_err(), "{bad:?}");
    }
    assert_eq!(Host::unknown().known(), None);
}
