//! Every way to change an export has a name and a place.

use leeward_ledger::{
    EventCode, Phase, Signer,
    verify::{Kind, Options},
};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::bundle::{
    check, ended, entries, export, forged, found, head, log, note, record, records, signer, stretch, with_key,
};

/// A good export of `count` records, as lines: the header, entry 0 at index 1, …, an index, the checkpoint, the end.
fn lines(count: u64) -> Vec<String> {
    let file = String::from_utf8(export(&entries(&records(count)), &signer())).unwrap();
    file.split_inclusive('\n').map(str::to_owned).collect()
}

fn found_in(lines: &[String]) -> Vec<(Kind, Option<u64>)> {
    found(&with_key(lines.concat().as_bytes()))
}

fn line(record: &leeward_ledger::Record) -> String {
    String::from_utf8(leeward_ledger::canonical(record)).unwrap() + "\n"
}

#[test]
fn a_whole_export_passes() {
    for count in [0, 1, 50, 255, 256, 257, 600] {
        let entries = entries(&records(count));
        let report = with_key(&export(&entries, &signer()));
        assert_eq!(found(&report), []);
        assert_eq!((report.size, report.entries, report.root), (Some(count), count, Some(head(&entries).root)));
        assert_eq!(export(&entries, &signer()), forged(&entries, &note(&entries, &signer()), &signer()));
    }
    let report = with_key(&export(&entries(&records(5)), &signer()));
    assert_eq!(report.first.unwrap().to_string(), "2026-01-01T00:00:00.000000Z");
    assert_eq!(report.last.unwrap().to_string(), "2026-01-01T00:00:04.000000Z");
    assert_eq!(report.open_intents, 1, "an intent without its outcome yet is no finding");
}

#[test]
fn a_stretch_of_a_log_passes_and_says_which() {
    let all = entries(&records(70));
    for (from, to) in [(0, 0), (0, 33), (7, 8), (13, 70), (64, 70), (70, 70), (31, 64)] {
        let report = with_key(&stretch(&all, from, to, &signer()));
        assert_eq!(found(&report), [], "{from}..{to}");
        assert_eq!((report.from, report.entries, report.size), (from as u64, (to - from) as u64, Some(70)));
    }
    let mut bad = String::from_utf8(stretch(&all, 13, 40, &signer())).unwrap();
    bad = bad.replacen("\"before\":[\"A", "\"before\":[\"B", 1).replacen("\"before\":[\"", "\"before\":[\"", 1);
    let cut = bad.lines().filter(|line| !line.contains("\"end\"")).map(|line| format!("{line}\n")).collect::<String>();
    let moved = cut.replacen("\"first\":13", "\"first\":14", 1);
    assert!(!with_key(&ended(moved.into_bytes())).ok);
}

#[test]
fn edits() {
    let mut edited = lines(12);
    edited[6] = edited[6].replace(r#""output":7"#, r#""output":8"#);
    assert_eq!(found_in(&edited), [(Kind::Edited, Some(5))]);

    let mut index = lines(12);
    index[13] = index[13].replace("\"first\":0", "\"first\":9");
    assert_eq!(found_in(&index), [(Kind::Edited, Some(9))]);

    let mut header = lines(12);
    header[0] = header[0].replace("2026", "2025");
    assert_eq!(found_in(&header), [(Kind::Edited, None)]);
}

#[test]
fn a_changed_index_does_not_make_the_entries_look_changed() {
    let mut index = lines(12);
    let at = index[13].find("hashes\":\"").unwrap() + 9 + 3 * 43;
    let other = if &index[13][at..=at] == "A" { "B" } else { "A" };
    index[13].replace_range(at..=at, other);
    let report = with_key(index.concat().as_bytes());
    assert_eq!(found(&report).len(), 1);
    assert!(report.findings[0].kind == Kind::Edited && report.findings[0].detail.contains("the index was changed"));

    let mut gone = lines(600);
    let place = gone.iter().position(|line| line.contains("\"index\"")).unwrap();
    gone.remove(place);
    assert!(found_in(&gone).iter().all(|(kind, _)| *kind == Kind::Edited));
    assert!(!found_in(&gone).is_empty());
}

#[test]
fn deletions_and_insertions() {
    let mut deleted = lines(12);
    deleted.drain(3..5);
    assert_eq!(found_in(&deleted), [(Kind::Deleted, Some(2))]);

    let mut twice = lines(12);
    twice.insert(5, twice[3].clone());
    assert_eq!(found_in(&twice), [(Kind::Inserted, Some(4))]);

    let mut strange = lines(600);
    strange.insert(400, line(&record(77, EventCode::LoggedOut, Phase::Event)));
    assert_eq!(found_in(&strange), [(Kind::Inserted, Some(398))]);

    let mut appended = lines(12);
    appended.insert(13, line(&records(13)[12]));
    assert_eq!(found_in(&appended), [(Kind::Inserted, Some(12))]);

    let mut after = lines(12);
    after.push(line(&records(13)[12]));
    assert_eq!(found_in(&after), [(Kind::Inserted, Some(12))]);
    let mut end = lines(12);
    end.push(end[14].clone());
    assert_eq!(found_in(&end), [(Kind::Inserted, None)]);
}

#[test]
fn reordering_and_truncation() {
    let mut swapped = lines(12);
    swapped.swap(2, 3);
    assert_eq!(found_in(&swapped), [(Kind::Reordered, Some(1))]);

    let mut truncated = lines(12);
    truncated.drain(9..13);
    assert_eq!(found_in(&truncated), [(Kind::Truncated, Some(8))]);

    let mut unended = lines(12);
    unended.pop();
    assert_eq!(found_in(&unended), [(Kind::Truncated, None)]);
    unended.pop();
    assert_eq!(found_in(&unended), [(Kind::Truncated, Some(12))]);

    let mut file = lines(12).concat().into_bytes();
    file.pop();
    assert!(found(&with_key(&file)).iter().all(|(kind, _)| *kind == Kind::Truncated));
    assert!(found(&with_key(b"")).contains(&(Kind::Malformed, None)));
}

#[test]
fn a_forger_without_the_key_is_found_out_whatever_he_recomputes() {
    let good = entries(&records(12));
    let signed = note(&good, &signer());

    let mut other = records(12);
    other[2].event = EventCode::LoginFailed;
    assert_eq!(found(&with_key(&forged(&entries(&other), &signed, &signer()))), [(Kind::Forked, None)]);
    assert_eq!(found(&with_key(&forged(&good[..11], &signed, &signer()))), [(Kind::Truncated, Some(11))]);
    let more = entries(&records(13));
    assert_eq!(found(&with_key(&forged(&more, &signed, &signer()))), [(Kind::Inserted, Some(12))]);

    // He leaves the index of the entries as it was, and so tells on himself.
    let mut told = lines(12);
    told[3] = line(&other[2]);
    assert_eq!(found_in(&told), [(Kind::Edited, Some(2))]);

    let mut damaged = lines(12);
    damaged.pop();
    let last = damaged.pop().unwrap();
    let at = last.rfind("\\n\"}").unwrap() - 10;
    damaged.push([&last[..at], if &last[at..=at] == "A" { "B" } else { "A" }, &last[at + 1..]].concat());
    assert_eq!(found(&with_key(&ended(damaged.concat().into_bytes()))), [(Kind::BadSignature, None)]);
}

#[test]
fn a_forger_with_a_key_of_his_own_needs_the_given_key_or_an_older_checkpoint() {
    let forger = Signer::from_seed(&[66; 32]);
    let forgery = export(&entries(&records(12)), &forger);
    assert!(check(&forgery, &Options::default()).ok, "which is why the report says where the key came from");
    assert_eq!(found(&with_key(&forgery)), [(Kind::UnknownKey, None)]);
    let since = Some(note(&entries(&records(6)), &signer()));
    assert_eq!(found(&check(&forgery, &Options { since, ..Options::default() })), [(Kind::UnknownKey, None)]);
}

#[test]
fn an_older_checkpoint_must_be_continued() {
    let new = export(&entries(&records(12)), &signer());
    let against = |file: &[u8], old: &[Vec<u8>]| {
        let key = Some(signer().verifier_key(&log()));
        check(file, &Options { key, since: Some(note(old, &signer())), ..Options::default() })
    };
    for size in [0, 6, 12] {
        let report = against(&new, &entries(&records(size)));
        assert_eq!((found(&report), report.continues), (vec![], Some(size)));
    }
    assert_eq!(found(&against(&new, &entries(&records(13)))), [(Kind::Truncated, Some(12))]);

    let mut other = records(6);
    other[3].event = EventCode::LoginFailed;
    let report = against(&new, &entries(&other));
    assert_eq!((found(&report), report.continues), (vec![(Kind::Forked, Some(5))], None));

    let all = entries(&records(12));
    let part = stretch(&all, 4, 9, &signer());
    assert_eq!(against(&part, &all[..7]).continues, Some(7));
    assert_eq!(found(&against(&part, &all[..2])), [(Kind::Forked, None)], "which this stretch does not reach");

    let garbage = Options { since: Some("not a note".to_owned()), ..Options::default() };
    assert_eq!(found(&check(&new, &garbage)), [(Kind::Malformed, None)]);
}

#[derive(Debug, Clone)]
pub(crate) enum Change {
    Remove(Index),
    Swap(Index, Index),
    Repeat(Index, Index),
    Flip(Index, u8),
    Cut(Index),
    Append(Vec<u8>),
}

pub(crate) fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<Index>().prop_map(Change::Remove),
        any::<(Index, Index)>().prop_map(|(a, b)| Change::Swap(a, b)),
        any::<(Index, Index)>().prop_map(|(a, b)| Change::Repeat(a, b)),
        (any::<Index>(), 1..=255_u8).prop_map(|(at, bits)| Change::Flip(at, bits)),
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, 1 << bit)),
        any::<Index>().prop_map(Change::Cut),
        vec(any::<u8>(), 1..50).prop_map(Change::Append),
    ]
}

pub(crate) fn changed(file: &[u8], change: &Change) -> Vec<u8> {
    let mut lines: Vec<_> = file.split_inclusive(|byte| *byte == b'\n').collect();
    let count = lines.len();
    match change {
        Change::Remove(at) => drop(lines.remove(at.index(count))),
        Change::Swap(a, b) => lines.swap(a.index(count), b.index(count)),
        Change::Repeat(from, to) => lines.insert(to.index(count + 1), lines[from.index(count)]),
        Change::Flip(at, bits) => {
            let mut flipped = file.to_vec();
            flipped[at.index(file.len())] ^= bits;
            return flipped;
        }
        Change::Cut(at) => return file[..at.index(file.len())].to_vec(),
        Change::Append(bytes) => return [file, bytes].concat(),
    }
    lines.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_change_to_the_file_is_reported(
        changes in vec(changes(), 1..3), keyed in any::<bool>(), size in prop_oneof![Just(50), Just(300)], part in any::<bool>(),
    ) {
        let all = entries(&records(size));
        let good = if part { stretch(&all, 9, 41, &signer()) } else { export(&all, &signer()) };
        let bad = changes.iter().fold(good.clone(), |file, change| if file.is_empty() { file } else { changed(&file, change) });
        prop_assume!(bad != good);
        let report = if keyed { with_key(&bad) } else { check(&bad, &Options::default()) };
        prop_assert!(!report.ok && !report.findings.is_empty());
    }

    #[test]
    fn every_change_to_the_history_is_reported_even_when_all_but_the_signature_is_recomputed(
        at in any::<Index>(), to in any::<Index>(), what in 0..4,
    ) {
        let good = entries(&records(50));
        let mut bad = good.clone();
        let (at, to) = (at.index(50), to.index(50));
        match what {
            0 => drop(bad.remove(at)),
            1 => bad.swap(at, to),
            2 => bad.insert(to, bad[at].clone()),
            _ => bad[at] = entries(&[record(77, EventCode::LoggedOut, Phase::Event)]).remove(0),
        }
        prop_assume!(bad != good);
        prop_assert!(!with_key(&forged(&bad, &note(&good, &signer()), &signer())).ok);
    }

    #[test]
    fn the_verifier_survives_anything(bytes in vec(any::<u8>(), 0..300)) {
        prop_assert!(!check(&bytes, &Options::default()).ok);
        prop_assert!(!check(&ended(bytes), &Options::default()).ok);
    }
}
