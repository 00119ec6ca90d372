//! Sample records, and exports made by the real writer or, line by line, by a forger without the key.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{PrefixedId, RequestId, TenantId},
};
use leeward_ledger::{
    Actor, Checkpoint, EventCode, Head, LogId, Phase, Record, Signer, Tokens, canonical,
    export::Writer,
    verify::{Kind, Options, Report, verify},
};
use serde_json::json;
use uuid::Uuid;

pub(crate) const START: i64 = 1_767_225_600_000_000;

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0x0192_f0c1_d2e3_7abc_8def_0123_4567_89ab))
}

pub(crate) fn log() -> LogId {
    LogId::Tenant(tenant())
}

pub(crate) fn signer() -> Signer {
    Signer::from_seed(&[42; 32])
}

pub(crate) fn request(number: u128) -> RequestId {
    RequestId::from_uuid(Uuid::from_u128(number))
}

/// The `number`th record of the sample log, one second after the one before.
pub(crate) fn record(number: u64, event: EventCode, phase: Phase) -> Record {
    let at = Timestamp::from_unix_micros(START + i64::try_from(number).unwrap() * 1_000_000);
    let id = PrefixedId::from_uuid(Uuid::from_u128(u128::from(number) + 1));
    Record { tenant: Some(tenant()), ..Record::new(id, at, event, phase, Actor::System) }
}

/// `count` records: sign-ins, each fifth and sixth an intent and its outcome.
pub(crate) fn records(count: u64) -> Vec<Record> {
    (0..count)
        .map(|number| match number % 6 {
            4 => Record {
                request: Some(request(u128::from(number))),
                ..record(number, EventCode::InferenceIntent, Phase::Intent)
            },
            5 => Record {
                request: Some(request(u128::from(number - 1))),
                tokens: Some(Tokens { input: 11, output: 7, cached: 0 }),
                reason: Some("quotes \" and \\ and \u{8a9e}".to_owned()),
                ..record(number, EventCode::InferenceCompleted, Phase::Outcome)
            },
            _ => record(number, EventCode::LoginSucceeded, Phase::Event),
        })
        .collect()
}

pub(crate) fn entries(records: &[Record]) -> Vec<Vec<u8>> {
    records.iter().map(canonical).collect()
}

pub(crate) fn head(entries: &[Vec<u8>]) -> Head {
    entries.iter().fold(Head::empty(), |head, entry| head.push(entry))
}

pub(crate) fn note(entries: &[Vec<u8>], signer: &Signer) -> String {
    signer.sign(&Checkpoint { log: log(), head: head(entries) })
}

/// What the service would write.
pub(crate) fn export(entries: &[Vec<u8>], signer: &Signer) -> Vec<u8> {
    let mut writer =
        Writer::new(Vec::new(), log(), signer.verifier_key(&log()), Timestamp::from_unix_micros(START)).unwrap();
    for entry in entries {
        writer.entry(entry).unwrap();
    }
    writer.finish(&note(entries, signer)).unwrap()
}

/// What somebody without the signing key can write: every number, hash and digest right, the note as given.
pub(crate) fn forged(entries: &[Vec<u8>], note: &str, signer: &Signer) -> Vec<u8> {
    let mut file = export(&[], signer).split_inclusive(|byte| *byte == b'\n').next().unwrap().to_vec();
    let mut head = Head::empty();
    for entry in entries {
        let next = head.push(entry);
        file.extend_from_slice(entry_line(head.size, entry, next.hash).as_bytes());
        head = next;
    }
    seal(file, note)
}

pub(crate) fn entry_line(seq: u64, entry: &[u8], chain: Sha256Digest) -> String {
    let entry = json!(String::from_utf8(entry.to_vec()).unwrap());
    format!("{{\"type\":\"entry\",\"seq\":{seq},\"entry\":{entry},\"chain\":\"{chain}\"}}\n")
}

pub(crate) fn seal(mut file: Vec<u8>, note: &str) -> Vec<u8> {
    let digest = Sha256Digest::of(&file);
    file.extend_from_slice(
        format!("{{\"type\":\"checkpoint\",\"note\":{},\"digest\":\"{digest}\"}}\n", json!(note)).as_bytes(),
    );
    file
}

pub(crate) fn check(file: &[u8], options: &Options) -> Report {
    verify(file, options).unwrap()
}

pub(crate) fn with_key(file: &[u8]) -> Report {
    check(file, &Options { key: Some(signer().verifier_key(&log())), since: None })
}

/// The findings, short.
pub(crate) fn found(report: &Report) -> Vec<(Kind, Option<u64>)> {
    assert_eq!(report.ok, report.findings.is_empty());
    report.findings.iter().map(|finding| (finding.kind, finding.seq)).collect()
}
