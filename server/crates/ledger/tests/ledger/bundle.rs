//! Sample records, and exports made by the real writer or, line by line, by a forger without the key.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{PrefixedId, RequestId, TenantId},
};
use leeward_ledger::{
    Actor, Checkpoint, EventCode, Head, LogId, Phase, Record, Signer, Tokens, canonical,
    export::{Start, Writer},
    tree::{Frontier, cover, leaf},
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

pub(crate) fn tree(entries: &[Vec<u8>]) -> Frontier {
    let mut tree = Frontier::default();
    entries.iter().for_each(|entry| tree.push(leaf(entry)));
    tree
}

pub(crate) fn head(entries: &[Vec<u8>]) -> Head {
    Head::from(&tree(entries))
}

pub(crate) fn note(entries: &[Vec<u8>], signer: &Signer) -> String {
    signer.sign(&Checkpoint { log: log(), head: head(entries) })
}

pub(crate) fn start(signer: &Signer) -> Start {
    Start {
        log: log(),
        key: signer.verifier_key(&log()),
        exported_at: Timestamp::from_unix_micros(START),
        before: Frontier::default(),
        rotations: Vec::new(),
    }
}

/// What the service would write.
pub(crate) fn export(entries: &[Vec<u8>], signer: &Signer) -> Vec<u8> {
    stretch(entries, 0, entries.len(), signer)
}

/// A stretch of a log, under a checkpoint of all of it.
pub(crate) fn stretch(entries: &[Vec<u8>], from: usize, to: usize, signer: &Signer) -> Vec<u8> {
    let before = tree(&entries[..from]);
    let mut writer = Writer::new(Vec::new(), Start { before, ..start(signer) }).unwrap();
    for entry in &entries[from..to] {
        writer.entry(entry).unwrap();
    }
    writer.finish(after(entries, to), &note(entries, signer)).unwrap();
    std::mem::take(writer.output())
}

/// The subtrees from `to` to the end.
pub(crate) fn after(entries: &[Vec<u8>], to: usize) -> Vec<Sha256Digest> {
    cover(to as u64, entries.len() as u64)
        .into_iter()
        .map(|part| {
            let from = usize::try_from(part.index << part.height).unwrap();
            tree(&entries[from..from + (1 << part.height)]).root()
        })
        .collect()
}

/// What somebody without the signing key can write: every hash and digest right, the note as given.
pub(crate) fn forged(entries: &[Vec<u8>], note: &str, signer: &Signer) -> Vec<u8> {
    let good = export(entries, signer);
    let mut lines: Vec<_> = good.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    lines.truncate(lines.len() - 2);
    lines.push(format!("{{\"type\":\"checkpoint\",\"after\":[],\"note\":{}}}\n", json!(note)).into_bytes());
    ended(lines.concat())
}

/// With an end line whose digest is right.
pub(crate) fn ended(mut file: Vec<u8>) -> Vec<u8> {
    let lines = file.split_inclusive(|byte| *byte == b'\n').filter(|line| line.starts_with(b"{\"type\":"));
    let digest = Sha256Digest::of(&lines.collect::<Vec<_>>().concat());
    file.extend_from_slice(format!("{{\"type\":\"end\",\"digest\":\"{digest}\"}}\n").as_bytes());
    file
}

pub(crate) fn check(file: &[u8], options: &Options) -> Report {
    verify(file, options).unwrap()
}

pub(crate) fn with_key(file: &[u8]) -> Report {
    check(file, &Options { key: Some(signer().verifier_key(&log())), ..Options::default() })
}

/// The findings, short.
pub(crate) fn found(report: &Report) -> Vec<(Kind, Option<u64>)> {
    assert_eq!(report.ok, report.findings.is_empty());
    report.findings.iter().map(|finding| (finding.kind, finding.seq)).collect()
}
