//! Well-signed logs whose records do not make sense, or are none.

use leeward_domain::Timestamp;
use leeward_ledger::{EventCode, Phase, Record, canonical};
use serde_json::json;

use super::{Vector, vector};
use crate::{
    bundle::{START, entries, export, log, record, records, signer, stretch},
    semantics::{intent, outcome},
};

pub(super) fn sense() -> Vec<Vector> {
    let of = |name: &str, records: &[Record]| vector(name, export(&entries(records), &signer()));
    let changed = |name: &str, change: &dyn Fn(&mut Vec<Record>)| {
        let mut records = records(4);
        change(&mut records);
        of(name, &records)
    };
    let back = |records: &mut Vec<Record>, micros: i64| {
        records[2].at = Timestamp::from_unix_micros(START + 1_000_000 - micros);
        records[3].at = records[2].at;
    };
    let pairs = [intent(0, 1), intent(1, 2), outcome(2, 2), outcome(3, 1), outcome(4, 1)];
    vec![
        of("good pairs", &pairs[..4]),
        of("outcome without intent", &[outcome(0, 1), intent(1, 1), outcome(2, 1)]),
        of("two outcomes", &[intent(0, 1), outcome(1, 1), outcome(2, 1)]),
        of("two intents", &[intent(0, 1), intent(1, 1)]),
        of("intent after its outcome", &[intent(0, 1), outcome(1, 1), intent(2, 1)]),
        of("nameless intent", &[Record { request: None, ..intent(0, 1) }]),
        changed("an id twice", &|records| records[2].id = records[0].id),
        changed("foreign", &|records| records[1].tenant = None),
        changed("good clock", &|records| back(records, 30_000_000)),
        changed("clock backwards", &|records| back(records, 30_000_001)),
        changed("good jump of the clock", &|records| {
            back(records, 3_600_000_000);
            records[2].event = EventCode::ClockJumped;
        }),
        vector("good stretch from between", stretch(&entries(&pairs[..4]), 1, 4, &signer())),
        vector("stretch with two outcomes", stretch(&entries(&pairs), 1, 5, &signer())),
        vector(
            "stretch with an outcome before its intent",
            stretch(&entries(&[intent(0, 9), outcome(1, 1), intent(2, 1)]), 1, 3, &signer()),
        ),
    ]
}

/// Well-signed logs of entries that are no records, or not in the one right form.
pub(super) fn forms() -> Vec<Vector> {
    let good = String::from_utf8(canonical(&intent(0, 1))).unwrap();
    let full = String::from_utf8(canonical(&full_record())).unwrap();
    let changes = [
        (&good, "{\"actor\"", "{\"aaa\":1,\"actor\""),
        (&good, "{\"actor\":{", "{\"actor\":{\"id\":null,"),
        (&good, "\"type\":\"system\"", "\"surprise\":1,\"type\":\"system\""),
        (&good, "\"type\":\"system\"", "\"type\":\"robot\""),
        (&good, "\"schema\":1", "\"schema\":2"),
        (&good, "\"schema\":1", "\"schema\":1.0"),
        (&good, "\"schema\":1", "\"schema\":-1"),
        (&good, "\"schema\":1", "\"schema\":true"),
        (&good, "\"schema\":1", "\"schema\":1,\"schema\":1"),
        (&good, "inference.admitted", "inference.imagined"),
        (&good, ",", ", "),
        (&good, "intent", "\\u0069ntent"),
        (&good, "\"tenant\"", "\"source\":null,\"tenant\""),
        (&good, "evt_", "usr_"),
        (&good, "000000Z\"", "00000Z\""),
        (&good, "2026-01-01", "2026-02-29"),
        (&good, "2026-01-01", "0000-02-30"),
        (&good, "T00:00:00", "T00:00:60"),
        (&good, "T00:00:00", "T24:00:00"),
        (&good, "T00:00:00", "t00:00:00"),
        (&good, "\"build\":\"leeward 0.1.0\",", ""),
        (&full, "2001:db8::1", "2001:DB8::1"),
        (&full, "2001:db8::1", "2001:db8:0::1"),
        (&full, "2001:db8::1", "192.000.002.001"),
        (&full, "2001:db8::1", "::ffff:c000:201"),
        (&full, "\"input\":11", "\"input\":4294967296"),
        (&full, "\"input\":11", "\"input\":11e0"),
        (&full, "\"to\":\"2\"", "\"too\":\"2\""),
        (&full, "\"from\":null,", ""),
        (&full, "\"holds\":[\"h\"]", "\"holds\":[]"),
        (&full, "\"session\":\"ses_", "\"session\":\"key_"),
        (&full, "\"method\":\"password\",", ""),
        (&full, "\"method\":\"password\"", "\"method\":\"guesswork\""),
        (&full, "\"ceiling\":\"public\"", "\"ceiling\":\"Public\""),
        (&full, "\\u001f", "\\u001F"),
        (&full, "\\u001f", "\\ud800"),
        (&full, "\\t", "\\u0009"),
        (&full, "é", "\\u00e9"),
        (&full, "\"rule\":", "\"ruler\":"),
        (&full, "\"allowed\":true", "\"allowed\":1"),
        (&full, "ab\"}", "aB\"}"),
    ];
    let mut vectors: Vec<_> = changes
        .into_iter()
        .enumerate()
        .map(|(number, (record, from, to))| {
            assert!(record.contains(from), "{from} in {record}");
            let entry = record.replacen(from, to, 1).into_bytes();
            vector(format!("form {number}: {from} to {to}"), export(&[entry], &signer()))
        })
        .collect();
    for (name, text) in [
        ("good mapped address", "::ffff:192.0.2.1"),
        ("good address", "192.0.2.1"),
        ("good long address", "1:0:0:2::3"),
    ] {
        vectors.push(vector(name, export(&[full.replace("2001:db8::1", text).into_bytes()], &signer())));
    }
    vectors.push(vector("good year 0", export(&[good.replace("2026-01-01", "0000-02-29").into_bytes()], &signer())));
    vectors.push(vector("good full record", export(&[full.into_bytes()], &signer())));
    let long = Record { reason: Some("x".repeat(65_000)), ..record(0, EventCode::LoggedOut, Phase::Event) };
    vectors.push(vector("good long entry", export(&entries(&[long]), &signer())));
    let deep = format!("{{\"actor\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    vectors.push(vector("deep entry", export(&[deep.into_bytes()], &signer())));
    let bytes = [b"{\"actor\":\"".as_slice(), &[0xff, 0xc0, 0x80], b"\"}"].concat();
    vectors.push(vector("entry that is not UTF-8", export(&[bytes], &signer())));
    vectors
}

/// A record with every member.
fn full_record() -> Record {
    let id = |prefix: &str| format!("{prefix}_0192f0c1d2e37abc8def0123456789ab");
    let (digest, tenant) = ("ab".repeat(32), log().to_string());
    let text = "é \" \\ \u{8} \t \n \u{c} \r \u{1f} \u{7f} \u{2028} \u{1f600}";
    serde_json::from_value(json!({
        "schema": 1, "id": id("evt"), "phase": "outcome", "event": "inference.completed",
        "at": "2026-01-01T00:00:00.123456Z", "clock": "synchronised", "tenant": tenant, "source": "2001:db8::1",
        "actor": {"type": "user", "id": id("usr"), "method": "password", "api_key": id("key"), "project": id("prj"), "session": id("ses")},
        "request": id("req"), "trace": "0af7651916cd43dd8448eb211c80319c", "object": {"type": "model", "id": "m"},
        "changes": [{"field": "f", "from": null, "to": "2"}, {"field": "g", "from": "1", "to": null}], "reason": text,
        "decision": {"allowed": true, "rule": "r", "policy_version": 1, "policy_hash": digest}, "classification": "internal",
        "place": {"site": "s", "region": "r", "jurisdiction": "IT", "ceiling": "public"}, "node": "n",
        "isolation": "dedicated", "model": {"name": "m", "weights": digest},
        "tokens": {"input": 11, "output": 7, "cached": 4_294_967_295_u32}, "finish_reason": "stop", "prompt_hmac": digest,
        "output_hmac": digest, "blob": "b", "blob_key": "k", "retention": "r", "holds": ["h"], "build": "leeward 0.1.0",
    }))
    .map(|record: Record| Record { phase: Phase::Event, ..record })
    .unwrap()
}
