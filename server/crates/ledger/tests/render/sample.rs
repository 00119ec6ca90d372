//! Records to write: one of each code, with everything set or with nothing.

use std::collections::BTreeSet;

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{PrefixedId, TenantId},
    principal::AuthMethod,
    residency::{Allowed, Classification, Place, Purpose, ResidencyPolicy},
};
use leeward_ledger::{
    Actor, Change, ClockState, EventCode, LogId, ModelRef, Object, Phase, Record, Tokens, render::Entry,
};
use uuid::Uuid;

/// 2026-01-31T08:00:00.123456Z.
pub(crate) const AT: i64 = 1_769_846_400_123_456;

pub(crate) fn id<T: PrefixedId>(number: u128) -> T {
    T::from_uuid(Uuid::from_u128(0x0192_f0c1_d2e3_7abc_8def_0000_0000_0000 + number))
}

pub(crate) fn log() -> LogId {
    LogId::Tenant(id::<TenantId>(1))
}

pub(crate) fn entry(record: &Record) -> Entry<'_> {
    Entry { log: LogId::from(record.tenant), seq: 41, record }
}

/// What the platform's log holds of the service itself: nothing that can be left out.
pub(crate) fn bare(event: EventCode) -> Record {
    Record::new(id(2), Timestamp::from_unix_micros(AT), event, Phase::Event, Actor::System)
}

/// Every field set. A field added to the record must be added here, and then to the formats.
pub(crate) fn full(event: EventCode) -> Record {
    let digest = Sha256Digest::of(b"");
    let place = Place {
        site: "roma-1".into(),
        region: "Lazio".into(),
        jurisdiction: "IT".into(),
        ceiling: Classification::Confidential,
    };
    let here = BTreeSet::from([Allowed::Site(place.site.clone())]);
    let policy = ResidencyPolicy { process: here.clone(), store: here, ..ResidencyPolicy::nothing(place.ceiling) };
    Record {
        schema: Record::SCHEMA,
        id: id(2),
        phase: Phase::Event,
        event,
        at: Timestamp::from_unix_micros(AT),
        clock: ClockState::Synchronised,
        tenant: Some(id(1)),
        actor: Actor::User {
            id: id(3),
            method: AuthMethod::ApiKey,
            api_key: Some(id(4)),
            project: Some(id(5)),
            session: Some(id(6)),
        },
        source: Some("192.0.2.1".parse().unwrap()),
        request: Some(id(7)),
        trace: Some("4bf92f3577b34da6a3ce929d0e0e4736".into()),
        object: Some(Object { kind: "model".into(), id: "mistral-small".into() }),
        changes: vec![Change { field: "roles".into(), from: None, to: Some("auditor".into()) }],
        reason: Some("stated: quarterly review".into()),
        decision: Some(policy.decide(Purpose::Process, &place, Classification::Internal)),
        classification: Some(Classification::Internal),
        place: Some(place),
        node: Some("node-1".into()),
        isolation: Some("dedicated".into()),
        model: Some(ModelRef { name: "mistral-small".into(), weights: digest }),
        tokens: Some(Tokens { input: 11, output: 7, cached: 3 }),
        finish_reason: Some("stop".into()),
        prompt_hmac: Some(digest),
        output_hmac: Some(digest),
        blob: Some("blb_1".into()),
        blob_key: Some("dek_1".into()),
        retention: Some("standard".into()),
        holds: vec!["hold-1".into()],
        build: "leeward 0.1.0".into(),
    }
}

/// One of each code in each of the shapes that records come in.
pub(crate) fn every() -> Vec<Record> {
    let mut all = Vec::new();
    for code in EventCode::ALL {
        all.push(full(*code));
        all.push(bare(*code));
        all.push(Record {
            actor: Actor::Anonymous,
            source: Some("2001:db8::1".parse().unwrap()),
            clock: ClockState::Unsynchronised,
            ..bare(*code)
        });
        all.push(Record {
            actor: Actor::LocalConsole,
            object: Some(Object { kind: "user".into(), id: "usr_0192f0c1d2e37abc8def000000000009".into() }),
            reason: Some("hostile: \" \\ ] | = \r\n\u{0} \u{85}\u{2028} = +1 é 語 cs1=x ".into()),
            ..full(*code)
        });
    }
    all
}
