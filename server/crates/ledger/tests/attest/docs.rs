//! docs/attestation.md says what the code does.

use leeward_ledger::attest::{DOES_NOT_PROVE, EgressOutcome, Kind, PlaceKind, STATED_ONLY};

use crate::month::{month, parts};

const DOCS: &str = include_str!("../../../../../docs/attestation.md");

/// What stands below a heading.
fn section(heading: &str) -> &'static str {
    let rest = DOCS.split_once(&format!("\n## {heading}\n")).unwrap().1;
    rest.split_once("\n## ").map_or(rest, |(section, _)| section)
}

fn items(heading: &str) -> Vec<&'static str> {
    section(heading).lines().filter_map(|line| line.strip_prefix("- ")).collect()
}

#[test]
fn the_fixed_sentences_are_the_pages() {
    assert_eq!(items("What it does not prove"), DOES_NOT_PROVE);
    let names: Vec<_> = items("Stated only").iter().map(|item| item.split('`').nth(1).unwrap()).collect();
    assert_eq!(names, STATED_ONLY);
}

#[test]
fn every_finding_has_its_row() {
    let rows: Vec<_> =
        section("Findings").lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(rows, Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>());
}

#[test]
fn every_member_and_every_name_is_described() {
    let file = month(60);
    let value: serde_json::Value = serde_json::from_slice(parts(&file).0).unwrap();
    let described = section("The report");
    for name in value.as_object().unwrap().keys() {
        assert!(described.contains(&format!("\n| `{name}` | ")), "{name}");
    }
    let kinds = PlaceKind::ALL.iter().map(|kind| kind.as_str());
    for name in kinds.chain(EgressOutcome::ALL.iter().map(|outcome| outcome.as_str())) {
        assert!(described.contains(&format!("`{name}`")), "{name}");
    }
}
