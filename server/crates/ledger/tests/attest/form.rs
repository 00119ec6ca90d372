//! The report's bytes: RFC 8785, and nothing but what a writer would have written.

use std::io::{self, Read as _};

use leeward_ledger::attest::{Kind, MAX_REPORT_BYTES, verify};
use serde_json::Value;

use crate::month::{check, found, january, month, parts, records, signer, stretch, trusting};

/// RFC 8785, section 3.2, for values without floats: the general algorithm, by itself.
pub(crate) fn rfc_8785(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            let one =
                |(name, member): (&String, &Value)| format!("{}:{}", Value::from(name.as_str()), rfc_8785(member));
            format!("{{{}}}", sorted.into_iter().map(one).collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(rfc_8785).collect::<Vec<_>>().join(",")),
        plain => plain.to_string(),
    }
}

#[test]
fn a_report_is_canonical_json() {
    let file = month(300);
    let (report, ..) = parts(&file);
    let value: Value = serde_json::from_slice(report).unwrap();
    assert_eq!(rfc_8785(&value).as_bytes(), report);
    for list in ["builds", "decisions", "egress_tests", "erasures", "keys", "places"] {
        assert!(!value[list].as_array().unwrap().is_empty(), "{list} is among what was tried");
    }
}

#[test]
fn the_evidence_is_an_export_by_itself() {
    let file = month(300);
    let (.., evidence) = parts(&file);
    let report = leeward_ledger::verify::verify(evidence, &trusting(&signer())).unwrap();
    let (from, to) = stretch(&records(300), &january());
    assert!(report.ok && report.from == from as u64 && report.entries == (to - from) as u64, "{report:?}");
}

#[test]
fn lines_that_are_not_lines_of_a_report() {
    let file = month(60);
    let (report, note, evidence) = parts(&file);
    let joined = |lines: &[&[u8]]| lines.join(&b'\n');
    for (name, bad, kind) in [
        ("empty", Vec::new(), Kind::Truncated),
        ("a report without end", vec![b'{'; MAX_REPORT_BYTES + 10], Kind::Malformed),
        ("the report alone", report.to_vec(), Kind::Truncated),
        ("no signature", [report, b"\n"].concat(), Kind::Truncated),
        ("half a signature", [report, b"\n", &note[..20]].concat(), Kind::Truncated),
        ("a long signature", joined(&[report, &[b'x'; 5000]]), Kind::Malformed),
        ("the evidence alone", evidence.to_vec(), Kind::Malformed),
        ("the signature first", joined(&[note, report, evidence]), Kind::Malformed),
        ("an empty line first", joined(&[b"", report, note, evidence]), Kind::Malformed),
        ("no UTF-8", joined(&[&[0xff, 0xfe], note, evidence]), Kind::Malformed),
        ("deep nesting", joined(&[&[b'['; 100_000], note, evidence]), Kind::Malformed),
        ("a carriage return", joined(&[&[report, b"\r"].concat(), note, evidence]), Kind::Malformed),
        ("no evidence", joined(&[report, note, b""]), Kind::UnknownKey),
    ] {
        assert_eq!(found(&bad).first(), Some(&kind), "{name}");
    }
    assert_eq!(found(&joined(&[report, note, evidence])), []);
}

#[test]
fn a_file_that_cannot_be_read_is_no_finding() {
    struct Broken;
    impl io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let file = month(60);
    let half = &file[..file.len() - 2000];
    assert!(verify(half.chain(Broken), &trusting(&signer())).is_err());
    assert!(check(&file, &trusting(&signer())).is_ok());
}
