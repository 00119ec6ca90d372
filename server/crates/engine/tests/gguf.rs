//! GGUF files, good and hostile, through the library and the command line.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod support;

use std::{fs, path::Path, process::Command};

use leeward_engine::gguf::{GgufError, Header, facts};
use proptest::prelude::*;
use serde_json::Value;
use support::{tiny, worker::ENGINE};
use tempfile::TempDir;

fn read(bytes: &[u8]) -> Result<Header, GgufError> {
    Header::read(bytes, bytes.len() as u64)
}

fn engine(arguments: &[&str], paths: &[&Path]) -> (Value, i32) {
    let output = Command::new(ENGINE).args(arguments).args(paths).output().unwrap();
    (serde_json::from_slice(&output.stdout).unwrap(), output.status.code().unwrap())
}

#[test]
fn the_facts_of_a_small_file() {
    let facts = facts(&read(&tiny::smallest().bytes()).unwrap()).unwrap();
    assert_eq!((facts.architecture.as_str(), facts.context_length), ("llama", 77));
    assert_eq!((facts.quantisation.as_str(), facts.parameters), ("F32", 68));
    assert_eq!((facts.licence.as_deref(), facts.title), (Some("apache-2.0"), None));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let bytes = tiny::smallest().bytes();
    for length in 0..bytes.len() {
        let error = read(&bytes[..length]).map(|_| ()).unwrap_err();
        let expected = if length < 4 { "not_gguf" } else { "truncated" };
        assert_eq!(error.code(), expected, "cut at {length}: {error}");
    }
    let error = read(&bytes[..bytes.len() - 1]).unwrap_err().to_string();
    assert_eq!(
        error,
        format!("truncated: tensor matrix needs bytes up to {}, the file has {}", bytes.len(), bytes.len() - 1)
    );
}

#[test]
fn counts_that_lie_cost_nothing() {
    let bytes = tiny::smallest().bytes();
    // The tensor count, the metadata count, the first key's length.
    for at in [8, 16, 24] {
        for lie in [u64::MAX, 1 << 40, 60_000] {
            let mut bytes = bytes.clone();
            bytes[at..at + 8].copy_from_slice(&lie.to_le_bytes());
            assert!(read(&bytes).is_err(), "{lie} at {at}");
        }
    }
    let twice = tiny::smallest().number("llama.context_length", 1).bytes();
    assert_eq!(read(&twice).unwrap_err().code(), "not_gguf");
    let rows = tiny::Gguf::default().tensor("odd", &[0], std::iter::empty()).bytes();
    assert_eq!(read(&rows).unwrap_err().code(), "not_gguf");
    let mut old = bytes;
    old[4] = 1;
    assert_eq!(read(&old).unwrap_err().code(), "unsupported");
}

proptest! {
    #[test]
    fn damaged_files_never_panic(at in 0_usize..600, value: u8, cut in 0_usize..700) {
        let mut bytes = tiny::smallest().bytes();
        let at = at % bytes.len();
        bytes[at] = value;
        bytes.truncate(cut.max(1));
        if let Ok(header) = read(&bytes) {
            for tensor in &header.tensors {
                prop_assert!(tensor.span.end <= bytes.len() as u64);
            }
            let _ = facts(&header);
        }
    }
}

#[test]
fn inspect_prints_facts_or_a_reason() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("a.gguf");
    fs::write(&file, tiny::smallest().bytes()).unwrap();
    let (answer, status) = engine(&["inspect", "--sandbox", "require"], &[&file]);
    assert_eq!((status, &answer["facts"]["context_length"]), (0, &Value::from(77)));

    let not = directory.path().join("b.gguf");
    fs::write(&not, "hello").unwrap();
    let cut = directory.path().join("c.gguf");
    let bytes = tiny::smallest().bytes();
    fs::write(&cut, &bytes[..bytes.len() - 9]).unwrap();
    let bare = directory.path().join("d.gguf");
    fs::write(&bare, tiny::Gguf::default().bytes()).unwrap();
    let missing = directory.path().join("e.gguf");
    for (file, code) in [(&not, "not_gguf"), (&cut, "truncated"), (&bare, "unsupported"), (&missing, "io")] {
        let (answer, status) = engine(&["inspect"], &[file]);
        assert_eq!((status, &answer["error"]["code"]), (1, &Value::from(code)), "{answer}");
        assert!(answer["error"]["message"].as_str().unwrap().len() > 5);
    }
}

#[test]
fn quantising_changes_the_matrices_and_nothing_else() {
    let directory = TempDir::new().unwrap();
    let (input, output) = (directory.path().join("in.gguf"), directory.path().join("out.gguf"));
    fs::write(&input, tiny::model("llama").bytes()).unwrap();
    let (answer, status) = engine(&["quantize", "--sandbox", "require", "--type", "q8_0"], &[&input, &output]);
    assert_eq!((status, &answer["facts"]["quantisation"]), (0, &Value::from("Q8_0")), "{answer}");

    let (before, after) = (Header::open(&input).unwrap(), Header::open(&output).unwrap());
    let (mut old, mut new) = (before.metadata.clone(), after.metadata.clone());
    assert_eq!(old.remove("general.file_type").unwrap().as_u64(), Some(0));
    assert_eq!(new.remove("general.file_type").unwrap().as_u64(), Some(7));
    assert_eq!(new.remove("general.quantization_version").unwrap().as_u64(), Some(2));
    assert_eq!(old, new);

    let (old_bytes, new_bytes) = (fs::read(&input).unwrap(), fs::read(&output).unwrap());
    let data = |bytes: &[u8], span: &std::ops::Range<u64>| bytes[span.start as usize..span.end as usize].to_vec();
    assert_eq!(before.tensors.len(), after.tensors.len());
    for (old, new) in before.tensors.iter().zip(&after.tensors) {
        assert_eq!((&old.name, &old.dimensions), (&new.name, &new.dimensions));
        let (from, to) = (data(&old_bytes, &old.span), data(&new_bytes, &new.span));
        if old.is_matrix() {
            assert_eq!(new.kind.name, "Q8_0");
            assert_close(&floats(&from), &dequantised(&to));
        } else {
            assert_eq!(from, to);
        }
    }
    // Once more is a copy.
    let again = directory.path().join("again.gguf");
    assert_eq!(engine(&["quantize", "--type", "q8_0"], &[&output, &again]).1, 0);
    let tensors = Header::open(&again).unwrap().tensors;
    let again = fs::read(&again).unwrap();
    for (new, copy) in after.tensors.iter().zip(&tensors) {
        assert_eq!(data(&new_bytes, &new.span), data(&again, &copy.span));
    }
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks(4).map(|four| f32::from_le_bytes(four.try_into().unwrap())).collect()
}

/// Blocks of a 16-bit scale and 32 signed bytes.
fn dequantised(bytes: &[u8]) -> Vec<f32> {
    let half = |bits: u16| {
        let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
        if exponent == 0 { fraction * 2_f32.powi(-24) } else { (1.0 + fraction / 1024.0) * 2_f32.powi(exponent - 15) }
    };
    let block = |block: &[u8]| {
        let scale = half(u16::from_le_bytes([block[0], block[1]]));
        block[2..].iter().map(|byte| f32::from(byte.cast_signed()) * scale).collect::<Vec<_>>()
    };
    bytes.chunks(34).flat_map(block).collect()
}

/// Within half a step of 127 steps per block's largest weight, and the scale's own rounding.
fn assert_close(old: &[f32], new: &[f32]) {
    assert_eq!(old.len(), new.len());
    for (old, new) in old.chunks(32).zip(new.chunks(32)) {
        let largest = old.iter().fold(0_f32, |most, value| most.max(value.abs()));
        for (a, b) in old.iter().zip(new) {
            assert!((a - b).abs() <= largest / 127.0 * 0.6, "{a} became {b}");
        }
    }
}

#[test]
fn a_failed_conversion_leaves_nothing_behind() {
    let directory = TempDir::new().unwrap();
    let input = directory.path().join("in.gguf");
    let bytes = tiny::model("llama").bytes();
    fs::write(&input, &bytes).unwrap();
    let target = TempDir::new().unwrap();
    let output = target.path().join("out.gguf");

    // A file-size limit stands in for a full disk: the write fails half way.
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$@\"", "sh", ENGINE, "quantize", "--type", "q8_0"])
        .args([&input, &output])
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&limited.stdout).unwrap();
    assert_eq!((limited.status.code(), &answer["error"]["code"]), (Some(1), &Value::from("no_space")), "{answer}");

    fs::write(&input, &bytes[..bytes.len() - 1]).unwrap();
    let (answer, status) = engine(&["quantize", "--type", "q8_0"], &[&input, &output]);
    assert_eq!((status, &answer["error"]["code"]), (1, &Value::from("truncated")), "{answer}");
    assert_eq!(fs::read_dir(target.path()).unwrap().count(), 0);
}
