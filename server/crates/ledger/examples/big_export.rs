//! Writes the export of a log of many inferences, for measuring the verifier (scripts/verifier-bench.py):
//!
//!     cargo run -p leeward-ledger --example big_export -- 1000000 FILE

use std::{
    env,
    error::Error,
    fs::File,
    io::{self, BufWriter, Write as _},
};

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::PrefixedId,
    principal::AuthMethod,
    residency::{Classification, Decision, Place},
};
use leeward_ledger::{
    Actor, Checkpoint, ClockState, EventCode, Head, LogId, ModelRef, Phase, Record, Signer, Tokens, canonical,
    export::{Start, Writer},
    tree::{Frontier, leaf},
};
use uuid::Uuid;

/// 2026-01-01.
const START: i64 = 1_767_225_600_000_000;
/// Inferences under way at once.
const OPEN: u64 = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(count), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: big_export RECORDS FILE".into());
    };
    let count: u64 = count.parse()?;
    let log = LogId::Tenant(id(1, 0));
    let signer = Signer::from_seed(&[42; 32]);
    let start = Start {
        log,
        key: signer.verifier_key(&log),
        exported_at: Timestamp::from_unix_micros(START),
        before: Frontier::default(),
        rotations: Vec::new(),
    };
    let mut writer = Writer::new(BufWriter::new(File::create(path)?), start)?;
    let mut tree = Frontier::default();
    let mut bytes = 0;
    for place in 0..count {
        let entry = canonical(&record(place));
        bytes += entry.len();
        tree.push(leaf(&entry));
        writer.entry(&entry)?;
    }
    writer.finish(Vec::new(), &signer.sign(&Checkpoint { log, head: Head::from(&tree) }))?;
    writeln!(io::stdout(), "{count} records, {} bytes each", bytes / usize::try_from(count.max(1))?)?;
    Ok(())
}

/// Runs of intents, each followed by a run of their outcomes.
fn record(place: u64) -> Record {
    let (run, within) = (place / (2 * OPEN), place % (2 * OPEN));
    let inference = run * OPEN + within % OPEN;
    let outcome = within >= OPEN;
    let at = Timestamp::from_unix_micros(START + i64::try_from(place).unwrap_or(0) * 1000);
    let actor = Actor::User {
        id: id(2, inference % 500),
        method: AuthMethod::ApiKey,
        api_key: Some(id(3, inference % 900)),
        project: Some(id(4, inference % 40)),
        session: None,
    };
    let (event, phase) = if outcome {
        (EventCode::InferenceCompleted, Phase::Outcome)
    } else {
        (EventCode::InferenceIntent, Phase::Intent)
    };
    let digest = |what: u64| Sha256Digest::of(&[inference.to_be_bytes(), what.to_be_bytes()].concat());
    let admitted = Record {
        clock: ClockState::Synchronised,
        tenant: Some(id(1, 0)),
        source: Some([10, 0, 3, u8::try_from(inference % 250).unwrap_or(0)].into()),
        request: Some(id(5, inference)),
        trace: Some(Uuid::from_u128(scattered(6, inference)).simple().to_string()),
        decision: Some(Decision {
            allowed: true,
            policy_hash: Sha256Digest::of(b"policy"),
            policy_version: 7,
            rule: "process: site roma-1 is in the tenant's list".to_owned(),
        }),
        classification: Some(Classification::Internal),
        place: Some(Place {
            ceiling: Classification::Confidential,
            jurisdiction: "IT".to_owned(),
            region: "Lazio".to_owned(),
            site: "roma-1".to_owned(),
        }),
        model: Some(ModelRef { name: "mistral-small-24b".to_owned(), weights: Sha256Digest::of(b"weights") }),
        prompt_hmac: Some(digest(1)),
        ..Record::new(id(7, place), at, event, phase, actor)
    };
    if !outcome {
        return admitted;
    }
    Record {
        node: Some("worker-2".to_owned()),
        isolation: Some("dedicated".to_owned()),
        tokens: Some(Tokens { cached: 512, input: 1834, output: u32::try_from(inference % 900).unwrap_or(0) }),
        finish_reason: Some("stop".to_owned()),
        output_hmac: Some(digest(2)),
        ..admitted
    }
}

fn id<I: PrefixedId>(kind: u64, number: u64) -> I {
    I::from_uuid(Uuid::from_u128(scattered(kind, number)))
}

/// A UUIDv7's shape: a time, then bits that look random.
fn scattered(kind: u64, number: u64) -> u128 {
    let digest = Sha256Digest::of(&[kind.to_be_bytes(), number.to_be_bytes()].concat());
    let random = u128::from_be_bytes(digest.as_bytes().first_chunk().copied().unwrap_or_default());
    let millis = u128::from(1_767_225_600_000 + number);
    millis << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62 | random & ((1 << 62) - 1)
}
