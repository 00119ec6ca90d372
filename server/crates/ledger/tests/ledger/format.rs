//! The export's writer and reader: exact bytes, bounds, and what the writer refuses to make.

use leeward_domain::Timestamp;
use leeward_ledger::{
    Checkpoint, Head, LogId, MAX_ENTRY_BYTES, NoteError,
    export::{Line, MAX_LINE_BYTES, ReadError, Reader, WriteError, Writer},
};

use crate::bundle::{START, entries, export, head, log, note, records, signer};

fn writer() -> Writer<Vec<u8>> {
    Writer::new(Vec::new(), log(), signer().verifier_key(&log()), Timestamp::from_unix_micros(START)).unwrap()
}

#[test]
fn what_is_written_is_read() {
    let entries = entries(&records(9));
    let file = export(&entries, &signer());
    let mut reader = Reader::new(file.as_slice());
    assert!(matches!(reader.next_line(), Ok(Some(Line::Header(header))) if header.log == log()));
    for (seq, expected) in entries.iter().enumerate() {
        let Ok(Some(Line::Entry(entry))) = reader.next_line() else { panic!("entry {seq}") };
        assert_eq!((entry.seq, entry.entry.as_bytes()), (u64::try_from(seq).unwrap(), expected.as_slice()));
    }
    let Ok(Some(Line::Checkpoint(seal))) = reader.next_line() else { panic!("checkpoint") };
    assert_eq!((seal.note, seal.digest), (note(&entries, &signer()), reader.digest_before()));
    assert!(matches!(reader.next_line(), Ok(None)));
}

#[test]
fn the_longest_entry_fits_a_line_and_a_longer_one_is_refused() {
    let longest = vec![b'"'; MAX_ENTRY_BYTES];
    let mut writing = writer();
    writing.entry(&longest).unwrap();
    assert!(matches!(writing.entry(&[longest.as_slice(), b"x"].concat()), Err(WriteError::TooLong { seq: 1, .. })));
    assert!(matches!(writing.entry(&[0xff]), Err(WriteError::NotText(1))));
    let file = writing.finish(&note(&[longest], &signer())).unwrap();
    let mut reader = Reader::new(file.as_slice());
    while reader.next_line().unwrap().is_some() {}
    assert_eq!(reader.line_number(), 3);

    let endless = vec![b'x'; MAX_LINE_BYTES + 9];
    assert!(matches!(Reader::new(endless.as_slice()).next_line(), Err(ReadError::TooLong(1))));
}

#[test]
fn nothing_is_exported_under_a_checkpoint_that_does_not_sign_it() {
    let entries = entries(&records(3));
    let finish = |note: &str| {
        let mut writing = writer();
        for entry in &entries {
            writing.entry(entry).unwrap();
        }
        writing.finish(note)
    };
    assert!(finish(&note(&entries, &signer())).is_ok());
    assert!(matches!(
        finish(&note(&entries[..2], &signer())),
        Err(WriteError::NotCovered { signed: 2, written: 3, .. })
    ));
    let platform = signer().sign(&Checkpoint { log: LogId::Platform, head: head(&entries) });
    assert!(matches!(finish(&platform), Err(WriteError::Note(NoteError::UnknownKey(_)))));
    assert!(matches!(finish("nonsense"), Err(WriteError::Note(NoteError::Malformed(_)))));
    assert!(writer().finish(&signer().sign(&Checkpoint { log: log(), head: Head::empty() })).is_ok());
}

#[test]
fn a_line_has_one_spelling() {
    let file = String::from_utf8(export(&entries(&records(1)), &signer())).unwrap();
    let lines: Vec<_> = file.lines().collect();
    for (line, from, to) in [
        (0, "\"version\":1", "\"version\":2"),
        (0, "\"version\":1", "\"version\": 1"),
        (0, "\"version\":1", "\"version\":1,\"more\":0"),
        (1, "\"seq\":0", "\"seq\":00"),
        (1, "\"seq\":0", "\"seq\":-0"),
        (1, "\"seq\":0,", ""),
        (1, "\"type\":\"entry\",\"seq\":0", "\"seq\":0,\"type\":\"entry\""),
        (1, "schema", "\\u0073chema"),
        (2, "\"digest\"", "\"Digest\""),
    ] {
        let bad = lines[line].replacen(from, to, 1) + "\n";
        assert_ne!(bad.trim_end(), lines[line]);
        assert!(matches!(Reader::new(bad.as_bytes()).next_line(), Err(ReadError::Malformed { line: 1, .. })), "{bad}");
    }
    let upper = lines[2].rsplit_once("digest").map(|(_, digest)| digest.to_uppercase()).unwrap();
    let bad = format!("{}digest{upper}\n", lines[2].rsplit_once("digest").unwrap().0);
    assert!(matches!(Reader::new(bad.as_bytes()).next_line(), Err(ReadError::Malformed { .. })), "{bad}");
}
