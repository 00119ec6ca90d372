//! `inspect` and `quantize` of the scripted engine, as an import calls them.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

fn run(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leeward-scripted-engine")).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn gguf_is_recognised_by_its_magic_and_copied() {
    let folder = tempfile::tempdir().unwrap();
    let (model, other, copy) =
        (folder.path().join("a.gguf"), folder.path().join("b.gguf"), folder.path().join("c.gguf"));
    fs::write(&model, b"GGUF and the rest").unwrap();
    fs::write(&other, b"GG").unwrap();

    let inspected = run(&["inspect".as_ref(), &model]);
    assert!(inspected.status.success());
    assert_eq!(json(&inspected)["facts"]["architecture"], "llama");

    let refused = run(&["inspect".as_ref(), &other]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(json(&refused)["error"]["code"], "not_gguf");

    let copied = run(&["quantize".as_ref(), &model, &copy, "--type".as_ref(), "q8_0".as_ref()]);
    assert!(copied.status.success());
    assert_eq!(fs::read(copy).unwrap(), b"GGUF and the rest");
}
