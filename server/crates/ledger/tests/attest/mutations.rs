//! A thousand random changes to a report over a month of 3,000 records: each is found.

use std::collections::BTreeMap;

use leeward_ledger::attest::{Period, Report};

use crate::month::{
    check, entries, evidence, file, found, january, month, parts, records, seconds, signer, statement, stretch,
    trusting,
};

/// Numbers that look like chance and are the same each time.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

/// What is done to a file.
pub(crate) const WAYS: [&str; 12] = [
    "bit flipped",
    "byte deleted",
    "bytes deleted",
    "byte inserted",
    "bytes inserted",
    "digit changed",
    "truncated",
    "lines swapped",
    "line deleted",
    "line doubled",
    "part of another report",
    "bytes moved",
];

/// Where: a part of the file by its number, each as likely as the other, so that the short ones are tried as well.
fn somewhere(file: &[u8], chance: &mut Chance) -> usize {
    let (report, note, evidence) = parts(file);
    let (second, third) = (report.len() + 1, report.len() + note.len() + 2);
    // The evidence's last two lines are the checkpoint and the end.
    let tail = evidence.len().min(900);
    match chance.below(4) {
        0 => chance.below(second),
        1 => second + chance.below(note.len() + 1),
        2 => third + chance.below(evidence.len()),
        _ => file.len() - 1 - chance.below(tail),
    }
}

pub(crate) fn changed(file: &[u8], others: &[Vec<u8>], way: &str, chance: &mut Chance) -> Vec<u8> {
    let at = somewhere(file, chance);
    let until = file.len().min(at + 1 + chance.below(40));
    let mut bad = file.to_vec();
    let lines = || file.split_inclusive(|byte| *byte == b'\n').collect::<Vec<_>>();
    match way {
        "bit flipped" => bad[at] ^= 1 << chance.below(8),
        "byte deleted" => drop(bad.remove(at)),
        "bytes deleted" => drop(bad.drain(at..until)),
        "byte inserted" => bad.insert(at, u8::try_from(chance.below(256)).unwrap()),
        "bytes inserted" => drop(bad.splice(at..at, file[at..until].to_vec())),
        "digit changed" => {
            let Some(digit) = (at..file.len()).find(|at| file[*at].is_ascii_digit()) else { return bad };
            bad[digit] = b'0' + (file[digit] - b'0' + 1 + u8::try_from(chance.below(8)).unwrap()) % 10;
        }
        "truncated" => bad.truncate(at),
        "lines swapped" => {
            let mut lines = lines();
            let (a, b) = (chance.below(lines.len()), chance.below(lines.len()));
            lines.swap(a, b);
            bad = lines.concat();
        }
        "line deleted" => {
            let mut lines = lines();
            lines.remove(chance.below(lines.len()));
            bad = lines.concat();
        }
        "line doubled" => {
            let mut lines = lines();
            let line = lines[chance.below(lines.len())];
            lines.insert(chance.below(lines.len()), line);
            bad = lines.concat();
        }
        "part of another report" => {
            let (ours, theirs) = (parts(file), parts(&others[chance.below(others.len())]));
            // 1 to 6: some of the parts are theirs, not none and not all.
            let which = 1 + chance.below(6);
            let pick = |bit, ours, theirs| if which & bit == 0 { ours } else { theirs };
            let head = [pick(1, ours.0, theirs.0), pick(2, ours.1, theirs.1)].join(&b'\n');
            bad = [&head, b"\n".as_slice(), pick(4, ours.2, theirs.2)].concat();
        }
        _ => {
            let moved: Vec<u8> = bad.drain(at..until).collect();
            let to = chance.below(bad.len() + 1);
            drop(bad.splice(to..to, moved));
        }
    }
    bad
}

/// Valid reports by the same key on the same log.
pub(crate) fn others(count: u64) -> Vec<Vec<u8>> {
    let records = records(count);
    let all = entries(&records);
    let on = |period: Period, range, holds| {
        let (evidence, bytes) = evidence(&all, range, period, &signer(), Vec::new());
        let mut statement = statement();
        statement.holds = holds;
        file(&Report::new(statement, &evidence).unwrap(), &bytes, &signer())
    };
    let week = Period::new(seconds(0), seconds(7 * 86_400)).unwrap();
    vec![
        // Another report on the same evidence, the same report on more evidence, another period.
        on(january(), stretch(&records, &january()), 3),
        on(january(), (0, records.len()), 2),
        on(week, stretch(&records, &week), 2),
    ]
}

#[test]
fn a_thousand_changes_are_found() {
    let count = std::env::var("LEEWARD_ATTEST_MUTATIONS").map_or(1000, |count| count.parse().unwrap());
    let good = month(3000);
    assert_eq!(found(&good), []);
    let others = others(3000);
    assert!(others.iter().all(|other| found(other).is_empty()), "they are valid by themselves");
    let mut chance = Chance(0x5eed);
    let mut tried: BTreeMap<&str, u32> = BTreeMap::new();
    while tried.values().sum::<u32>() < count {
        let way = WAYS[chance.below(WAYS.len())];
        let bad = changed(&good, &others, way, &mut chance);
        if bad == good || others.contains(&bad) {
            continue;
        }
        *tried.entry(way).or_default() += 1;
        let verdict = check(&bad, &trusting(&signer()));
        assert!(verdict.is_err(), "{way}, number {}", tried.values().sum::<u32>());
    }
    assert!(count < 1000 || WAYS.iter().all(|way| tried[way] > 30), "{tried:?}");
    println!("{tried:?}");
}
