//! docs/audit.md says what the code does.

use std::collections::{BTreeSet, HashSet};

use leeward_domain::{
    Sha256Digest,
    residency::{Classification, Place, Purpose, ResidencyPolicy},
};
use leeward_ledger::{
    Change, EventCode, ModelRef, Object, Phase, Record, Tokens, canonical, catalogue_markdown, verify::Kind,
};

use crate::bundle::{record, request};

const DOCS: &str = include_str!("../../../../../docs/audit.md");

/// A record with every field set, so that a field added to the type must be added here and in the docs.
fn full() -> Record {
    let digest = Sha256Digest::of(b"");
    let place =
        Place { site: "s".into(), region: "r".into(), jurisdiction: "IT".into(), ceiling: Classification::Internal };
    let policy = ResidencyPolicy { process: BTreeSet::new(), ..ResidencyPolicy::only(&place) };
    let plain = record(0, EventCode::InferenceCompleted, Phase::Outcome);
    Record {
        schema: Record::SCHEMA,
        id: plain.id,
        phase: plain.phase,
        event: plain.event,
        at: plain.at,
        clock: plain.clock,
        tenant: plain.tenant,
        actor: plain.actor,
        source: Some("192.0.2.1".parse().unwrap()),
        request: Some(request(1)),
        trace: Some("0".repeat(32)),
        object: Some(Object { kind: "model".into(), id: "m".into() }),
        changes: vec![Change { field: "f".into(), from: None, to: Some("t".into()) }],
        reason: Some("why".into()),
        decision: Some(policy.decide(Purpose::Process, &place, Classification::Public)),
        classification: Some(Classification::Public),
        place: Some(place),
        node: Some("n".into()),
        isolation: Some("dedicated".into()),
        model: Some(ModelRef { name: "m".into(), weights: digest }),
        tokens: Some(Tokens { input: 1, output: 2, cached: 0 }),
        finish_reason: Some("stop".into()),
        prompt_hmac: Some(digest),
        output_hmac: Some(digest),
        blob: Some("b".into()),
        blob_key: Some("k".into()),
        retention: Some("r".into()),
        holds: vec!["h".into()],
        build: plain.build,
    }
}

#[test]
fn codes_are_unique_well_formed_and_documented() {
    let codes: HashSet<_> = EventCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), EventCode::ALL.len());
    for code in EventCode::ALL {
        assert!(
            code.as_str()
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        );
        assert_eq!(code.as_str().parse(), Ok(*code));
        assert!(DOCS.contains(&format!("`{code}`")), "{code} is not in docs/audit.md");
    }
    assert!(
        DOCS.contains(&catalogue_markdown()),
        "the table under \"Events\" in docs/audit.md should be:\n\n{}",
        catalogue_markdown()
    );
}

#[test]
fn every_field_and_every_finding_is_documented() {
    let fields: serde_json::Map<_, _> = serde_json::from_slice(&canonical(&full())).unwrap();
    assert_eq!(fields.len(), 29, "a field was added: set it in full() above");
    for field in fields.keys() {
        assert!(DOCS.contains(&format!("| `{field}` |")), "{field} is not in docs/audit.md");
    }
    for kind in Kind::ALL {
        assert!(DOCS.contains(&format!("| `{kind}` |")), "{kind} is not in docs/audit.md");
    }
}

#[test]
fn a_full_record_survives_its_own_form() {
    let record = full();
    let entry = canonical(&record);
    let read: Record = serde_json::from_slice(&entry).unwrap();
    assert_eq!(canonical(&read), entry);
    assert_eq!(read, record);
    let plain = self::record(0, EventCode::LoginSucceeded, Phase::Event);
    assert_eq!(
        String::from_utf8(canonical(&plain)).unwrap(),
        concat!(
            r#"{"actor":{"type":"system"},"at":"2026-01-01T00:00:00.000000Z","build":"leeward 0.1.0","clock":"unknown","#,
            r#""event":"auth.login.succeeded","id":"evt_00000000000000000000000000000001","phase":"event","schema":1,"#,
            r#""tenant":"ten_0192f0c1d2e37abc8def0123456789ab"}"#
        )
    );
}
