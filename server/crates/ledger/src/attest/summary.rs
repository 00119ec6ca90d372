//! What a report says, for people: the content that its text and its PDF have in common.
//!
//! To add a section: a function here; both show it. Left out: how it looks.

use leeward_domain::{
    Sha256Digest,
    residency::{Place, Purpose, ResidencyPolicy},
};

use super::{Body, Checked, STATED_ONLY};
use crate::verify::KeySource;

/// How the reader of a copy comes to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// From whoever issued it: nothing was checked for this copy.
    Issued,
    /// From [`verify`](super::verify()).
    Checked {
        /// The key the signatures were checked with.
        key: String,
        /// Where that came from.
        source: KeySource,
        /// Decisions that were decided again and agree.
        redecided: u64,
        /// Decisions that could not be decided again.
        not_redecided: u64,
        /// The size of the older checkpoint that the log continues, if one was given.
        continues: Option<u64>,
        /// Witnesses that cosigned the checkpoint.
        witnesses: Vec<String>,
    },
}

/// A piece of the page.
#[derive(Debug)]
pub(super) enum Block {
    Title(String),
    Heading(String),
    Paragraph(String),
    Pairs(Vec<(&'static str, String)>),
    List(Vec<String>),
    Table(Table),
}

/// Rows below a head, whose columns each have a share of the width.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) head: &'static [(&'static str, u8)],
    pub(super) rows: Vec<Vec<String>>,
}

impl Checked {
    /// How a copy of this comes to its reader.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::Checked {
            key: self.evidence.key.clone().unwrap_or_default(),
            source: self.evidence.key_source,
            redecided: self.redecided,
            not_redecided: self.not_redecided,
            continues: self.evidence.continues,
            witnesses: self.evidence.witnesses.iter().map(|(name, _)| name.clone()).collect(),
        }
    }
}

/// The whole page.
pub(super) fn blocks(body: &Body, digest: Sha256Digest, standing: &Standing) -> Vec<Block> {
    let mut page = vec![Block::Title("Attestation of data residency".to_owned())];
    page.push(Block::Pairs(vec![
        ("tenant", body.tenant.to_string()),
        ("period", format!("{} up to {} (not included)", body.from, body.to)),
        ("issued", format!("{} by {}", body.issued_at, issuer(body))),
        ("report", format!("SHA-256 {digest}")),
    ]));
    page.push(Block::Heading("Findings".to_owned()));
    page.extend(standing_of(standing));
    page.extend(policies(body));
    page.extend(decisions(body));
    page.extend(work(body));
    page.extend(stated(body));
    page.push(Block::Heading("What this does not prove".to_owned()));
    page.push(Block::List(body.does_not_prove.clone()));
    page
}

fn issuer(body: &Body) -> String {
    let digest = body.issuer.digest.map(|digest| format!(" (SHA-256 {digest})"));
    format!("{}{}", body.issuer.build, digest.unwrap_or_default())
}

fn standing_of(standing: &Standing) -> Vec<Block> {
    let Standing::Checked { key, source, redecided, not_redecided, continues, witnesses } = standing else {
        return vec![Block::Paragraph(
            "This copy was made when the report was issued; nothing was checked for it.".into(),
        )];
    };
    let whose = match source {
        KeySource::Given => "the key that was given",
        KeySource::Rotated => "a key that the key given handed over to, by records in the log",
        KeySource::File => "the key in the file itself, so it is not shown who signed: give --key",
    };
    let mut lines = vec![
        "None: the report is signed, its evidence is whole and signed, and every number follows from the records."
            .into(),
        format!("Signed by {whose}: {key}"),
        format!("{redecided} decisions were decided again under the policies below, and agree."),
    ];
    if *not_redecided > 0 {
        lines.push(format!("{not_redecided} decisions could not be decided again: their records do not tell enough."));
    }
    lines.extend(continues.map(|size| format!("The log continues the older checkpoint of {size} entries.")));
    lines.extend(witnesses.iter().map(|name| format!("Cosigned by the witness {name}.")));
    vec![Block::List(lines)]
}

fn policies(body: &Body) -> Vec<Block> {
    const HEAD: &[(&str, u8)] =
        &[("version", 8), ("in force since", 23), ("ceiling", 12), ("allowed", 33), ("SHA-256", 24)];
    let heading = Block::Heading("Policies in force".to_owned());
    let Ok(history) = body.policies.history() else {
        return vec![heading, Block::Paragraph("They do not follow each other.".to_owned())];
    };
    let row = |policy: &ResidencyPolicy, since: String| {
        let version = policy.version.to_string();
        vec![version, since, policy.ceiling.as_str().to_owned(), allowed(policy), policy.hash().to_string()]
    };
    let mut rows = vec![row(history.first(), "before the period".to_owned())];
    rows.extend(history.later().iter().map(|step| row(&step.policy, step.enacted_at.to_string())));
    let mut blocks = vec![heading, Block::Table(Table { head: HEAD, rows })];
    let changes = history.later().iter().map(|step| {
        let approvals: Vec<_> = step.approvals.iter().map(ToString::to_string).collect();
        let by = format!("proposed by {}, approved by {}", step.proposed_by, approvals.join(", "));
        format!("Version {}: {by}: {}", step.policy.version, step.reason)
    });
    let changes: Vec<_> = changes.collect();
    if !changes.is_empty() {
        blocks.push(Block::List(changes));
    }
    blocks
}

fn allowed(policy: &ResidencyPolicy) -> String {
    let lists: Vec<_> = Purpose::ALL
        .into_iter()
        .filter(|purpose| !policy.rules(*purpose).is_empty())
        .map(|purpose| {
            let rules: Vec<_> = policy.rules(purpose).iter().map(ToString::to_string).collect();
            format!("{purpose}: {}", rules.join(", "))
        })
        .collect();
    if lists.is_empty() { "nothing".to_owned() } else { lists.join("; ") }
}

fn decisions(body: &Body) -> Vec<Block> {
    const HEAD: &[(&str, u8)] =
        &[("outcome", 10), ("count", 9), ("purpose", 11), ("class", 13), ("place", 22), ("policy", 7), ("rule", 28)];
    let total =
        |allowed: bool| body.decisions.iter().filter(|row| row.allowed == allowed).map(|row| row.count).sum::<u64>();
    let mut blocks = vec![
        Block::Heading("Decisions".to_owned()),
        Block::Paragraph(format!("{} allowed, {} denied.", total(true), total(false))),
    ];
    let untold = || "untold".to_owned();
    let mut sorted: Vec<_> = body.decisions.iter().collect();
    sorted.sort_by_key(|row| (row.allowed, row.purpose, row.policy_version, row.classification, &row.place));
    let rows: Vec<_> = sorted
        .into_iter()
        .map(|row| {
            vec![
                if row.allowed { "allowed" } else { "denied" }.to_owned(),
                row.count.to_string(),
                row.purpose.map_or_else(untold, |purpose| purpose.to_string()),
                row.classification.map_or_else(untold, |class| class.as_str().to_owned()),
                row.place.as_ref().map_or_else(untold, place),
                row.policy_version.to_string(),
                row.rule.clone(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        blocks.push(Block::Table(Table { head: HEAD, rows }));
    }
    blocks
}

fn place(place: &Place) -> String {
    let Place { ceiling, jurisdiction, region, site } = place;
    format!("{site} ({region}, {jurisdiction}, up to {})", ceiling.as_str())
}

fn work(body: &Body) -> Vec<Block> {
    let (records, tokens, evidence) = (&body.records, &body.tokens, &body.evidence);
    let places = records.first.zip(records.last).map(|(first, last)| format!(", places {first} to {last} of the log"));
    let mut checkpoint = evidence.checkpoint.lines();
    let (origin, size, root) = (checkpoint.next(), checkpoint.next(), checkpoint.next());
    let signed = [origin, size, root].map(Option::unwrap_or_default);
    vec![
        Block::Heading("Work and evidence".to_owned()),
        Block::Pairs(vec![
            ("records", format!("{}{}", records.count, places.unwrap_or_default())),
            (
                "tokens",
                format!(
                    "{} in ({} of them cached), {} out, in {} records",
                    tokens.input, tokens.cached, tokens.output, tokens.answers
                ),
            ),
            ("builds", body.builds.join(", ")),
            (
                "evidence",
                format!("{} records from place {}, SHA-256 {}", evidence.entries, evidence.first, evidence.sha256),
            ),
            ("checkpoint", format!("{} of {} entries, root {}", signed[0], signed[1], signed[2])),
            ("key", evidence.key.clone()),
        ]),
    ]
}

fn stated(body: &Body) -> Vec<Block> {
    const PLACES: &[(&str, u8)] = &[("kind", 20), ("name", 30), ("place", 50)];
    const KEYS: &[(&str, u8)] = &[("key", 40), ("provider", 20), ("place", 40)];
    const TESTS: &[(&str, u8)] = &[("egress self-test", 30), ("target", 50), ("outcome", 20)];
    const ERASURES: &[(&str, u8)] = &[("erased", 23), ("holder", 20), ("key", 17), ("record", 22), ("certificate", 18)];
    let text = |text: &str| text.to_owned();
    let places = body.places.iter().map(|item| vec![text(item.kind.as_str()), item.name.clone(), place(&item.place)]);
    let keys = body.keys.iter().map(|item| vec![item.id.clone(), item.provider.clone(), place(&item.place)]);
    let tests = body
        .egress_tests
        .iter()
        .map(|item| vec![item.at.to_string(), item.target.clone(), text(item.outcome.as_str())]);
    let erasures = body.erasures.iter().map(|item| {
        let certificate = item.certificate.clone().unwrap_or_else(|| text("none"));
        vec![item.at.to_string(), item.holder.clone(), item.key.clone(), item.record.to_string(), certificate]
    });
    let tables = [
        Table { head: PLACES, rows: places.collect() },
        Table { head: KEYS, rows: keys.collect() },
        Table { head: TESTS, rows: tests.collect() },
        Table { head: ERASURES, rows: erasures.collect() },
    ];
    let intro = format!("No record backs these; they are the issuer's word: {}.", STATED_ONLY.join(", "));
    let mut blocks = vec![Block::Heading("Stated only".to_owned()), Block::Paragraph(intro)];
    blocks.push(Block::Pairs(vec![
        ("legal holds", body.holds.to_string()),
        ("keys", body.keys.len().to_string()),
        ("self-tests", body.egress_tests.len().to_string()),
        ("erasures", body.erasures.len().to_string()),
    ]));
    blocks.extend(tables.into_iter().filter(|table| !table.rows.is_empty()).map(Block::Table));
    blocks
}
