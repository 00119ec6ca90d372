//! Records as written are RFC 8785, whatever they hold.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::PrefixedId,
    principal::AuthMethod,
    residency::{Classification, Decision, Place},
};
use leeward_ledger::{Actor, Change, ClockState, EventCode, ModelRef, Object, Phase, Record, Tokens, canonical};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;
use uuid::Uuid;

/// RFC 8785, section 3.2, for values without floats: the general algorithm, by itself.
fn rfc_8785(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            let members: Vec<_> =
                sorted.into_iter().map(|(name, member)| format!("{}:{}", string(name), rfc_8785(member))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(rfc_8785).collect::<Vec<_>>().join(",")),
        Value::String(text) => string(text),
        Value::Number(number) => number.as_u64().unwrap().to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null => "null".to_owned(),
    }
}

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}

fn id<I: PrefixedId + std::fmt::Debug>() -> impl Strategy<Value = I> {
    any::<u128>().prop_map(|bits| I::from_uuid(Uuid::from_u128(bits)))
}

fn digest() -> impl Strategy<Value = Sha256Digest> {
    any::<[u8; 32]>().prop_map(Sha256Digest::from_bytes)
}

fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        Just(Actor::Anonymous),
        Just(Actor::System),
        Just(Actor::LocalConsole),
        (id(), select(AuthMethod::ALL), option::of(id()), option::of(id()), option::of(id()))
            .prop_map(|(id, method, api_key, project, session)| Actor::User { id, method, api_key, project, session }),
    ]
}

fn class() -> impl Strategy<Value = Classification> {
    select(vec![
        Classification::Public,
        Classification::Internal,
        Classification::Confidential,
        Classification::Restricted,
    ])
}

fn filled() -> impl Strategy<Value = Record> {
    let text = || any::<String>();
    let base = (id(), 0..4_000_000_000_000_000_i64, select(EventCode::ALL), actor(), id(), any::<[u8; 16]>());
    let what = (text(), text(), vec((text(), option::of(text()), option::of(text())), 1..3), vec(text(), 1..3));
    let place = (text(), text(), text(), class(), any::<u32>(), digest(), any::<bool>());
    let cost = (any::<u32>(), any::<u32>(), any::<u32>(), digest(), text(), id());
    (base, what, place, cost).prop_map(|(base, what, place, cost)| {
        let at = Timestamp::from_unix_micros(base.1);
        Record {
            clock: ClockState::Synchronised,
            tenant: Some(base.4),
            source: Some(base.5.into()),
            request: Some(cost.5),
            trace: Some(what.0.clone()),
            object: Some(Object { id: what.0.clone(), kind: what.1.clone() }),
            changes: what.2.into_iter().map(|(field, from, to)| Change { field, from, to }).collect(),
            reason: Some(what.1.clone()),
            decision: Some(Decision {
                allowed: place.6,
                policy_hash: place.5,
                policy_version: place.4,
                rule: place.0.clone(),
            }),
            classification: Some(place.3),
            place: Some(Place { ceiling: place.3, jurisdiction: place.0.clone(), region: place.1, site: place.2 }),
            node: Some(place.0.clone()),
            isolation: Some(place.0.clone()),
            model: Some(ModelRef { name: cost.4.clone(), weights: cost.3 }),
            tokens: Some(Tokens { cached: cost.0, input: cost.1, output: cost.2 }),
            finish_reason: Some(cost.4.clone()),
            prompt_hmac: Some(cost.3),
            output_hmac: Some(cost.3),
            blob: Some(cost.4.clone()),
            blob_key: Some(cost.4.clone()),
            retention: Some(cost.4),
            holds: what.3,
            ..Record::new(base.0, at, base.2, Phase::Outcome, base.3)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_is_written_as_rfc_8785_says_and_read_back(record in filled()) {
        let bytes = canonical(&record);
        prop_assert_eq!(String::from_utf8(bytes.clone()).unwrap(), rfc_8785(&serde_json::from_slice(&bytes).unwrap()));
        prop_assert_eq!(serde_json::from_slice::<Record>(&bytes).unwrap(), record);
        let begins = bytes.starts_with(b"{\"actor\":");
        prop_assert!(begins);
        prop_assert!(!bytes.contains(&b'\n'));
    }
}

#[test]
fn the_general_algorithm_is_rfc_8785s() {
    // The member names of section 3.2.3: sorted by UTF-16, so the emoji stands before U+FB33.
    let names = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
    assert_eq!(
        rfc_8785(&serde_json::from_str(names).unwrap()),
        "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"\u{f6}\":7,\"\u{20ac}\":1,\"\u{1f600}\":5,\"\u{fb33}\":3}"
    );
    // The string of section 3.2.2.
    let text = r#""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#;
    assert_eq!(rfc_8785(&serde_json::from_str(text).unwrap()), r#""€$\u000f\nA'B\"\\\\\"/""#);
}
