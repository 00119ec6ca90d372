//! The export's lines: exact bytes, bounds, and what the writer refuses to make.

use leeward_ledger::{
    Checkpoint, Head, LogId, MAX_ENTRY_BYTES, NoteError,
    export::{Line, MAX_LINE_BYTES, WriteError, Writer, parse},
    verify::{Kind, Options},
};

use crate::bundle::{check, entries, export, found, head, log, note, records, signer, start};

fn writer() -> Writer<Vec<u8>> {
    Writer::new(Vec::new(), start(&signer())).unwrap()
}

#[test]
fn what_is_written_is_read() {
    let entries = entries(&records(300));
    let file = export(&entries, &signer());
    let lines: Vec<_> = file.split(|byte| *byte == b'\n').collect();
    let mut seen = Vec::new();
    let mut indexed = 0;
    for line in &lines[..lines.len() - 1] {
        match parse(line).unwrap() {
            Line::Header(header) => assert_eq!((header.log, header.first), (log(), 0)),
            Line::Entry => seen.push(line.to_vec()),
            Line::Index(index) => {
                assert_eq!(index.first, indexed);
                indexed += index.hashes.len() as u64;
            }
            Line::Checkpoint(seal) => assert_eq!((seal.note, seal.after), (note(&entries, &signer()), vec![])),
            Line::End(_) => {}
        }
    }
    assert_eq!((seen, indexed), (entries, 300));
}

#[test]
fn the_longest_entry_fits_a_line_and_a_longer_one_is_refused() {
    let longest = [br#"{"a"#.as_slice(), &[b'"'; MAX_ENTRY_BYTES - 3]].concat();
    let mut writing = writer();
    writing.entry(&longest).unwrap();
    let too_long = [longest.as_slice(), b"x"].concat();
    for wrong in [too_long.as_slice(), b"{\"a\n\"", b"", b"{\"type\":\"end\"}"] {
        assert!(matches!(writing.entry(wrong), Err(WriteError::NotARecord { seq: 1, .. })));
    }
    writing.finish(vec![], &note(&[longest], &signer())).unwrap();

    let endless = vec![b'x'; MAX_LINE_BYTES + 9];
    let report = check(&endless, &Options::default());
    assert!(found(&report).contains(&(Kind::Malformed, Some(0))));
}

#[test]
fn nothing_is_exported_under_a_checkpoint_that_does_not_sign_it() {
    let entries = entries(&records(3));
    let finish = |note: &str| {
        let mut writing = writer();
        for entry in &entries {
            writing.entry(entry).unwrap();
        }
        writing.finish(vec![], note)
    };
    assert!(finish(&note(&entries, &signer())).is_ok());
    assert!(matches!(
        finish(&note(&entries[..2], &signer())),
        Err(WriteError::NotCovered { signed: 2, written: 3, .. })
    ));
    let platform = signer().sign(&Checkpoint { log: LogId::Platform, head: head(&entries) });
    assert!(matches!(finish(&platform), Err(WriteError::Note(NoteError::UnknownKey(_)))));
    assert!(matches!(finish("nonsense"), Err(WriteError::Note(NoteError::Malformed(_)))));
    assert!(writer().finish(vec![], &signer().sign(&Checkpoint { log: log(), head: Head::empty() })).is_ok());
}

#[test]
fn a_line_has_one_spelling() {
    let file = String::from_utf8(export(&entries(&records(1)), &signer())).unwrap();
    let lines: Vec<_> = file.lines().collect();
    for (line, from, to) in [
        (0, "\"version\":2", "\"version\":1"),
        (0, "\"version\":2", "\"version\": 2"),
        (0, "\"version\":2", "\"version\":2,\"more\":0"),
        (0, "\"before\":[]", "\"before\":[\"x\"]"),
        (2, "\"first\":0", "\"first\":00"),
        (2, "\"first\":0", "\"first\":-0"),
        (2, "\"first\":0,", ""),
        (2, "=\"", "\""),
        (3, "\"after\":[]", "\"after\":[ ]"),
        (4, "\"digest\"", "\"Digest\""),
        (4, "\"end\"", "\"fin\""),
    ] {
        let bad = lines[line].replacen(from, to, 1);
        assert_ne!(bad, lines[line], "{from}");
        assert!(parse(bad.as_bytes()).is_err(), "{bad}");
    }
    let (head, digest) = lines[4].split_at(lines[4].find("digest").unwrap() + 9);
    assert!(parse(format!("{head}{}", digest.to_uppercase()).as_bytes()).is_err());
}
