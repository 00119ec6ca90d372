//! A month in the life of a tenant: some 3,000 records, three policies, two places, and a report on it.

use std::num::NonZeroU32;

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{PrefixedId, TenantId, UserId},
    residency::{Allowed, Classification, Decision, Enacted, Place, Proposal, Purpose, ResidencyPolicy},
};
use leeward_ledger::{
    Actor, Checkpoint, EventCode, Head, LogId, ModelRef, Phase, Record, Signer, Tokens,
    attest::{
        Checked, EgressOutcome, EgressTest, Erasure, Evidence, EvidenceWriter, History, Issuer, KeyLocation, Kind,
        ListedPlace, Period, PlaceKind, Rejected, Report, Statement, verify,
    },
    canonical,
    export::{Rotation, Start},
    tree::{Frontier, cover, leaf},
    verify::Options,
};
use uuid::Uuid;

/// 2026-01-01T00:00:00Z.
const JANUARY: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

pub(crate) fn seconds(after: i64) -> Timestamp {
    Timestamp::from_unix_micros((JANUARY + after) * 1_000_000)
}

pub(crate) fn tenant() -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(0x0192_f0c1_d2e3_7abc_8def_0123_4567_89ab))
}

pub(crate) fn log() -> LogId {
    LogId::Tenant(tenant())
}

pub(crate) fn signer() -> Signer {
    Signer::from_seed(&[42; 32])
}

/// All of January.
pub(crate) fn january() -> Period {
    Period::new(seconds(0), seconds(31 * DAY)).unwrap()
}

pub(crate) fn place(site: &str, region: &str) -> Place {
    let [site, region, jurisdiction] = [site, region, "IT"].map(str::to_owned);
    Place { ceiling: Classification::Confidential, jurisdiction, region, site }
}

pub(crate) fn roma() -> Place {
    place("roma-1", "Lazio")
}

pub(crate) fn milano() -> Place {
    place("milano-1", "Lombardia")
}

fn user(number: u128) -> UserId {
    UserId::from_uuid(Uuid::from_u128(number))
}

/// The policy the tenant began with, and two that came into force on the 11th and the 21st.
pub(crate) fn policies() -> (ResidencyPolicy, Vec<Enacted>) {
    let first = ResidencyPolicy { ceiling: Classification::Internal, ..ResidencyPolicy::only(&roma()) };
    let mut wider = ResidencyPolicy { version: 2, ceiling: Classification::Confidential, ..first.clone() };
    wider.process.insert(Allowed::Region("Lombardia".into()));
    let mut narrower = ResidencyPolicy { version: 3, ..wider.clone() };
    narrower.store.clear();
    narrower.retention.conversations = NonZeroU32::new(30);
    let mut current = first.clone();
    let mut enacted = Vec::new();
    for (policy, day) in [(wider, 10), (narrower, 20)] {
        let reason = format!("decided on day {day}: \"as it must be\"");
        let mut proposal = Proposal::new(policy, user(1), reason, seconds(day * DAY)).unwrap();
        proposal.approve(user(2)).unwrap();
        let step = proposal.enact(&current, seconds(day * DAY + 60)).unwrap();
        current = step.policy.clone();
        enacted.push(step);
    }
    (first, enacted)
}

fn policy_at(at: Timestamp) -> ResidencyPolicy {
    let (first, enacted) = policies();
    leeward_domain::residency::in_force(&enacted, at).map_or(first, |step| step.policy.clone())
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// One record, without anything but its id, its time and its tenant.
pub(crate) fn record(number: u64, at: Timestamp, event: EventCode, phase: Phase) -> Record {
    let id = PrefixedId::from_uuid(Uuid::from_u128(u128::from(number) + 1));
    Record { tenant: Some(tenant()), ..Record::new(id, at, event, phase, Actor::System) }
}

/// `count` records from the 31st of December to the 1st of February, about one in forty of them not of January.
pub(crate) fn records(count: u64) -> Vec<Record> {
    let mut chance = Chance(7);
    let mut records: Vec<Record> = Vec::new();
    let step = 33 * DAY * 1_000_000 / i64::try_from(count).unwrap();
    while (records.len() as u64) < count {
        let number = records.len() as u64;
        let at = Timestamp::from_unix_micros((JANUARY - DAY) * 1_000_000 + i64::try_from(number).unwrap() * step);
        let policy = policy_at(at);
        let class = Classification::ALL[usize::try_from(chance.below(3)).unwrap()];
        let here = if chance.below(3) == 0 { milano() } else { roma() };
        let decided = |purpose| (policy.decide(purpose, &here, class), class, here.clone());
        match chance.below(10) {
            0 | 1 => records.push(record(number, at, EventCode::LoginSucceeded, Phase::Event)),
            2 => {
                let (decision, ..) = decided(Purpose::Store);
                if !decision.allowed {
                    let plain = record(number, at, EventCode::ConversationChangeFailed, Phase::Event);
                    records.push(with(plain, decision, class, &here));
                }
            }
            _ => inference(&mut records, number, at, decided(Purpose::Process), &mut chance),
        }
    }
    records.truncate(usize::try_from(count).unwrap());
    let last = records.last_mut().unwrap();
    // A build put in during the month.
    last.build = "leeward 0.2.0".into();
    let middle = records.len() / 2;
    records[middle].build = "leeward 0.1.1".into();
    records
}

fn with(record: Record, decision: Decision, class: Classification, place: &Place) -> Record {
    Record { decision: Some(decision), classification: Some(class), place: Some(place.clone()), ..record }
}

fn inference(
    records: &mut Vec<Record>,
    number: u64,
    at: Timestamp,
    (decision, class, place): (Decision, Classification, Place),
    chance: &mut Chance,
) {
    let request = Some(PrefixedId::from_uuid(Uuid::from_u128(u128::from(number))));
    let model = Some(ModelRef { name: "mistral-small".into(), weights: Sha256Digest::of(b"weights") });
    let allowed = decision.allowed;
    let part = |number, at, event, phase| {
        let plain = Record { request, model: model.clone(), ..record(number, at, event, phase) };
        with(plain, decision.clone(), class, &place)
    };
    if !allowed {
        return records.push(part(number, at, EventCode::InferenceRefused, Phase::Event));
    }
    records.push(part(number, at, EventCode::InferenceIntent, Phase::Intent));
    let mut below = |bound| u32::try_from(chance.below(bound)).unwrap();
    let tokens = Tokens { input: 20 + below(2000), output: 1 + below(400), cached: below(20) };
    let later = Timestamp::from_unix_micros(at.unix_micros() + 1_500_000);
    let outcome = part(number + 1, later, EventCode::InferenceCompleted, Phase::Outcome);
    records.push(Record { tokens: Some(tokens), finish_reason: Some("stop".into()), ..outcome });
}

pub(crate) fn entries(records: &[Record]) -> Vec<Vec<u8>> {
    records.iter().map(canonical).collect()
}

pub(crate) fn tree(entries: &[Vec<u8>]) -> Frontier {
    let mut tree = Frontier::default();
    entries.iter().for_each(|entry| tree.push(leaf(entry)));
    tree
}

/// The evidence on a period from a whole log: the stretch `from..to` of it, and its bytes.
pub(crate) fn evidence(
    entries: &[Vec<u8>],
    (from, to): (usize, usize),
    period: Period,
    signer: &Signer,
    rotations: Vec<Rotation>,
) -> (Evidence, Vec<u8>) {
    let before = tree(&entries[..from]);
    let start =
        Start { log: log(), key: signer.verifier_key(&log()), exported_at: seconds(32 * DAY), before, rotations };
    let mut writer = EvidenceWriter::new(Vec::new(), start, period).unwrap();
    entries[from..to].iter().for_each(|entry| writer.entry(entry).unwrap());
    let after = cover(to as u64, entries.len() as u64)
        .into_iter()
        .map(|part| {
            let from = usize::try_from(part.index << part.height).unwrap();
            tree(&entries[from..from + (1 << part.height)]).root()
        })
        .collect();
    writer.finish(after, &note(entries, signer)).unwrap()
}

pub(crate) fn note(entries: &[Vec<u8>], signer: &Signer) -> String {
    signer.sign(&Checkpoint { log: log(), head: Head::from(&tree(entries)) })
}

/// The stretch that a period needs.
pub(crate) fn stretch(records: &[Record], period: &Period) -> (usize, usize) {
    let from = records.iter().rposition(|record| record.at < period.evidence_from()).unwrap_or(0);
    let to = records.iter().position(|record| record.at >= period.evidence_to()).map_or(records.len(), |at| at + 1);
    (from, to)
}

pub(crate) fn statement() -> Statement {
    let (first, enacted) = policies();
    let listed = |kind, name: &str, place| ListedPlace { kind, name: name.into(), place };
    Statement {
        issued_at: seconds(32 * DAY),
        issuer: Issuer { build: "leeward 0.2.0".into(), digest: Some(Sha256Digest::of(b"the program")) },
        history: History::during(&january(), &first, &enacted).unwrap(),
        places: vec![
            listed(PlaceKind::Database, "database", roma()),
            listed(PlaceKind::Worker, "node-1", roma()),
            listed(PlaceKind::Worker, "node-2", milano()),
            listed(PlaceKind::AuditSink, "siem \u{8a9e}", roma()),
        ],
        egress_tests: vec![EgressTest {
            at: seconds(-3600),
            outcome: EgressOutcome::Blocked,
            target: "192.0.2.1:443".into(),
        }],
        keys: vec![KeyLocation { id: "kek_1".into(), place: roma(), provider: "pkcs11".into() }],
        erasures: vec![Erasure {
            at: seconds(5 * DAY),
            certificate: None,
            holder: "cnv_1".into(),
            key: "dek_1".into(),
            record: PrefixedId::from_uuid(Uuid::from_u128(3)),
        }],
        holds: 2,
    }
}

pub(crate) fn file(report: &Report, evidence: &[u8], signer: &Signer) -> Vec<u8> {
    let mut file = Vec::new();
    report.sign(signer).unwrap().write(&mut file, evidence).unwrap();
    file
}

/// A good file on January over a log of so many records.
pub(crate) fn month(count: u64) -> Vec<u8> {
    let records = records(count);
    let (evidence, bytes) =
        evidence(&entries(&records), stretch(&records, &january()), january(), &signer(), Vec::new());
    file(&Report::new(statement(), &evidence).unwrap(), &bytes, &signer())
}

pub(crate) fn trusting(by: &Signer) -> Options {
    Options { key: Some(by.verifier_key(&log())), ..Options::default() }
}

pub(crate) fn check(file: &[u8], options: &Options) -> Result<Checked, Rejected> {
    verify(file, options).unwrap()
}

/// The kinds of what is wrong, for whoever has the key.
pub(crate) fn found(file: &[u8]) -> Vec<Kind> {
    match check(file, &trusting(&signer())) {
        Ok(_) => Vec::new(),
        Err(rejected) => rejected.findings.iter().map(|finding| finding.kind).collect(),
    }
}

/// The report, the note's line, and the evidence.
pub(crate) fn parts(file: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let first = file.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let second = first + file[first..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    (&file[..first - 1], &file[first..second - 1], &file[second..])
}
