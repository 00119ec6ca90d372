//! Exports to try any verifier on: what the real writer makes, and every way to tamper with it.
//!
//! [`vectors`] says what each is held against, not what is wrong with it: the verifiers have to agree on that, and
//! `tampering.rs`, `semantics.rs` and `trust.rs` hold one of them to what is right.

mod records;
mod trust;

use leeward_ledger::{Checkpoint, EventCode, LogId, Phase, Record, Signer, canonical, verify::Options};
use serde_json::json;

use crate::bundle::{ended, entries, export, forged, head, log, note, record, records, signer, stretch};

/// A file, and what it is held against.
pub(crate) struct Vector {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) options: Options,
}

fn vector(name: impl Into<String>, file: Vec<u8>) -> Vector {
    Vector { name: name.into(), file, options: Options::default() }
}

fn trusting(by: &Signer) -> Options {
    Options { key: Some(by.verifier_key(&log())), ..Options::default() }
}

/// All of them; those that are right begin with `good`.
pub(crate) fn vectors() -> Vec<Vector> {
    [
        good(),
        edited(),
        moved(),
        cut(),
        forgeries(),
        records::sense(),
        records::forms(),
        trust::since(),
        trust::rotations(),
        trust::witnesses(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn good() -> Vec<Vector> {
    let whole = [0, 1, 2, 255, 256, 257, 1000]
        .map(|count| vector(format!("good {count}"), export(&entries(&records(count)), &signer())));
    let all = entries(&records(700));
    let parts = [(0, 0), (0, 33), (7, 8), (13, 700), (64, 600), (255, 257), (700, 700)]
        .map(|(from, to)| vector(format!("good {from} to {to} of 700"), stretch(&all, from, to, &signer())));
    whole.into_iter().chain(parts).collect()
}

/// A good export, as lines: the header, entry 0 at index 1, …, an index, the checkpoint, the end.
fn lines(count: u64) -> Vec<String> {
    let file = String::from_utf8(export(&entries(&records(count)), &signer())).unwrap();
    file.split_inclusive('\n').map(str::to_owned).collect()
}

fn with_lines(name: &str, count: u64, change: impl FnOnce(&mut Vec<String>)) -> Vector {
    let mut lines = lines(count);
    change(&mut lines);
    vector(name, lines.concat().into_bytes())
}

/// The same, with a digest that fits.
fn with_lines_and_digest(name: &str, count: u64, change: impl FnOnce(&mut Vec<String>)) -> Vector {
    let mut lines = lines(count);
    lines.pop();
    change(&mut lines);
    vector(name, ended(lines.concat().into_bytes()))
}

fn replace(line: &mut String, from: &str, to: &str) {
    assert!(line.contains(from), "{line}");
    *line = line.replacen(from, to, 1);
}

fn line(record: &Record) -> String {
    String::from_utf8(canonical(record)).unwrap() + "\n"
}

fn stranger() -> String {
    line(&record(77, EventCode::LoggedOut, Phase::Event))
}

/// Changes the base64 digit of `line` at `at` into another.
fn other_digit(line: &mut String, at: usize) {
    let other = if &line[at..=at] == "A" { "B" } else { "A" };
    line.replace_range(at..=at, other);
}

fn edited() -> Vec<Vector> {
    let first_hash = |line: &String| line.find("hashes\":\"").unwrap() + 9;
    vec![
        with_lines("edited entry", 12, |lines| replace(&mut lines[6], "\"output\":7", "\"output\":8")),
        with_lines("edited entry of the third index", 600, |lines| lines[530] = stranger()),
        with_lines("edited twice", 600, |lines| [20, 400].into_iter().for_each(|at| lines[at] = stranger())),
        with_lines("edited place of an index", 12, |lines| replace(&mut lines[13], "\"first\":0", "\"first\":9")),
        with_lines("edited header", 12, |lines| replace(&mut lines[0], "2026", "2025")),
        with_lines("edited digest", 12, |lines| {
            let digit = lines[14].len() - 5;
            let other = if &lines[14][digit..=digit] == "0" { "1" } else { "0" };
            lines[14].replace_range(digit..=digit, other);
        }),
        with_lines("edited index", 12, |lines| {
            let at = first_hash(&lines[13]) + 3 * 43;
            other_digit(&mut lines[13], at);
        }),
        with_lines("edited index and entry", 12, |lines| {
            let at = first_hash(&lines[13]) + 3 * 43;
            other_digit(&mut lines[13], at);
            lines[8] = stranger();
        }),
        with_lines_and_digest("edited index, fitting digest", 12, |lines| {
            let at = first_hash(&lines[13]) + 3 * 43;
            other_digit(&mut lines[13], at);
        }),
        with_lines_and_digest("edited before", 12, |lines| {
            replace(&mut lines[0], "\"before\":[]", "\"before\":[\"AAAA\"]")
        }),
        with_lines_and_digest("edited first", 12, |lines| replace(&mut lines[0], "\"first\":0", "\"first\":1")),
        with_lines_and_digest("a place beyond all numbers", 12, |lines| {
            replace(
                &mut lines[0],
                "\"first\":0,\"before\":[]",
                &format!("\"first\":{},\"before\":{}", u64::MAX, json!(vec![HASH; 64])),
            );
        }),
        with_lines_and_digest("another log's header", 12, |lines| {
            let tenant = log().to_string();
            replace(&mut lines[0], &format!("\"log\":\"{tenant}\""), "\"log\":\"platform\"");
        }),
        with_lines_and_digest("an index after the checkpoint", 12, |lines| lines.swap(13, 12 + 2)),
        with_lines_and_digest("good with two index lines for one", 300, |lines| {
            let (entries, index) = (lines[1..257].to_vec(), lines[257].clone());
            let hashes = &index[first_hash(&index)..index.len() - 3];
            let line = |first: u64, hashes: &str| {
                format!("{{\"type\":\"index\",\"first\":{first},\"hashes\":\"{hashes}\"}}\n")
            };
            // 129 hashes are 172 groups of base64, with nothing to pad.
            let cut = [line(0, &hashes[..5504 / 32 * 4 * 8]), line(129, &hashes[5504 / 32 * 4 * 8..])];
            lines.splice(1..258, [&entries[..129], &cut[..1], &entries[129..], &cut[1..]].concat());
        }),
    ]
}

const HASH: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn moved() -> Vec<Vector> {
    vec![
        with_lines("deleted", 12, |lines| drop(lines.drain(3..5))),
        with_lines("deleted first", 12, |lines| drop(lines.remove(1))),
        with_lines("deleted at an index's edge", 600, |lines| drop(lines.remove(256))),
        with_lines("inserted again", 12, |lines| lines.insert(5, lines[3].clone())),
        with_lines("inserted strange", 600, |lines| lines.insert(400, stranger())),
        with_lines("inserted at the end", 12, |lines| lines.insert(13, line(&records(13)[12]))),
        with_lines("inserted after the end", 12, |lines| lines.push(line(&records(13)[12]))),
        with_lines("inserted empty line", 12, |lines| lines.insert(4, "\n".to_owned())),
        with_lines("inserted empty line after the end", 12, |lines| lines.push("\n".to_owned())),
        with_lines("inserted before the header", 12, |lines| lines.insert(0, stranger())),
        with_lines("a second header", 12, |lines| lines.insert(7, lines[0].clone())),
        with_lines("a second index", 12, |lines| lines.insert(14, lines[13].clone())),
        with_lines("a second checkpoint", 12, |lines| lines.insert(15, lines[14].clone())),
        with_lines("a second end", 12, |lines| lines.push(lines[15].clone())),
        with_lines("swapped", 12, |lines| lines.swap(2, 3)),
        with_lines("swapped far", 600, |lines| lines.swap(20, 500)),
        with_lines("moved down", 12, |lines| {
            let line = lines.remove(3);
            lines.insert(8, line);
        }),
        with_lines("swapped header", 12, |lines| lines.swap(0, 1)),
        with_lines("swapped end", 12, |lines| lines.swap(14, 15)),
    ]
}

fn cut() -> Vec<Vector> {
    let half = |count: u64, end: usize| {
        let file = lines(count).concat().into_bytes();
        file[..file.len() - end].to_vec()
    };
    vec![
        vector("empty file", Vec::new()),
        vector("no export", b"hello\n".to_vec()),
        vector("a line without end", vec![b'x'; 200_000]),
        with_lines("truncated entries", 12, |lines| drop(lines.drain(9..13))),
        with_lines("truncated entries and their index", 600, |lines| drop(lines.drain(515..604))),
        with_lines("no index", 12, |lines| drop(lines.remove(13))),
        with_lines("no index in the middle", 600, |lines| drop(lines.remove(257))),
        with_lines("no end", 12, |lines| drop(lines.pop())),
        with_lines("no checkpoint", 12, |lines| lines.truncate(14)),
        with_lines("no checkpoint but an end", 12, |lines| drop(lines.remove(14))),
        with_lines("no header", 12, |lines| drop(lines.remove(0))),
        Vector {
            options: trusting(&signer()),
            ..with_lines("no header, with a key", 12, |lines| drop(lines.remove(0)))
        },
        with_lines("entries alone", 12, |lines| *lines = lines[1..13].to_vec()),
        vector("no last newline", half(12, 1)),
        vector("cut in the end", half(12, 30)),
        vector("cut in the checkpoint", half(12, 200)),
        vector("cut in an entry", lines(12).concat().into_bytes()[..1000].to_vec()),
        with_lines("a line of no kind", 12, |lines| lines.insert(3, "{\"type\":\"other\"}\n".to_owned())),
        with_lines("broken index", 12, |lines| replace(&mut lines[13], "\"hashes\"", "\"Hashes\"")),
        with_lines("broken index in the middle", 600, |lines| {
            replace(&mut lines[257], "\",\"first\"", "\", \"first\"")
        }),
    ]
}

fn forgeries() -> Vec<Vector> {
    let good = entries(&records(12));
    let signed = note(&good, &signer());
    let mut other = records(12);
    other[2].event = EventCode::LoginFailed;
    let forger = Signer::from_seed(&[66; 32]);
    let mut vectors = vec![
        vector("forged history", forged(&entries(&other), &signed, &signer())),
        vector("forged shorter", forged(&good[..11], &signed, &signer())),
        vector("forged longer", forged(&entries(&records(13)), &signed, &signer())),
        vector("forged empty", forged(&[], &signed, &signer())),
        Vector { options: trusting(&signer()), ..vector("forged with another key", export(&good, &forger)) },
        vector("good with a key of its own", export(&good, &forger)),
        with_lines_and_digest("signature of another key", 12, |lines| {
            replace(&mut lines[14], &json!(signed).to_string(), &json!(note(&good, &forger)).to_string());
        }),
        with_lines_and_digest("signature of another text", 12, |lines| replace(&mut lines[14], "\\n12\\n", "\\n13\\n")),
        with_lines_and_digest("checkpoint with a leading zero", 12, |lines| {
            replace(&mut lines[14], "\\n12\\n", "\\n012\\n")
        }),
        with_lines_and_digest("checkpoint with a control character", 12, |lines| {
            replace(&mut lines[14], "\\n12\\n", "\\n12\\r\\n")
        }),
    ];
    let platform = signer().sign(&Checkpoint { log: LogId::Platform, head: head(&good) });
    vectors.push(vector("another log's checkpoint", forged(&good, &platform, &signer())));
    let after = json!([HASH]).to_string();
    vectors.push(with_lines_and_digest("something after the end of the log", 12, |lines| {
        replace(&mut lines[14], "[]", &after)
    }));
    // S + L is as good an S to a verifier that is not strict.
    let plus_l = with_lines_and_digest("a signature's second form", 12, |lines| {
        let note = second_form(&signed);
        replace(&mut lines[14], &json!(signed).to_string(), &json!(note).to_string());
    });
    vectors.push(plus_l);
    vectors.extend(weak_key());
    vectors
}

/// The note with S + L in the place of S.
fn second_form(note: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (text, last) = note.trim_end().rsplit_once(' ').unwrap();
    let mut bytes = STANDARD.decode(last).unwrap();
    let mut carry = 0;
    for (byte, add) in bytes[36..].iter_mut().zip(L) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = (carry & 0xff) as u8;
        carry >>= 8;
    }
    format!("{text} {}\n", STANDARD.encode(bytes))
}

/// The key of small order, whose holder nobody is: R = identity and S = 0 are a signature of it over anything, to a
/// verifier that is not strict.
fn weak_key() -> Vec<Vector> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let mut identity = [0_u8; 32];
    identity[0] = 1;
    let name = log().origin();
    let id =
        &leeward_domain::Sha256Digest::of(&[name.as_bytes(), b"\n\x01", &identity].concat()).as_bytes()[..4].to_vec();
    let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = format!("{name}+{digits}+{}", STANDARD.encode([&[1], identity.as_slice()].concat()));
    let all = entries(&records(3));
    let text = Checkpoint { log: log(), head: head(&all) }.text();
    let note = format!("{text}\n\u{2014} {name} {}\n", STANDARD.encode([id, identity.as_slice(), &[0; 32]].concat()));
    let good = String::from_utf8(forged(&all, &note, &signer())).unwrap();
    let lines: Vec<_> = good.split_inclusive('\n').collect();
    let file = lines[..lines.len() - 1].concat().replace(&signer().verifier_key(&log()).to_string(), &key);
    vec![vector("a key of small order", ended(file.into_bytes()))]
}
