//! A small vocabulary for tests: five special tokens as a GGUF file's loader makes them, the 256 bytes, and a
//! few merges, byte-level as GPT-2's.

use std::sync::Arc;

use serde_json::json;
use tokenizers::Tokenizer;
use toktrie_hf_tokenizers::ByteTokenizer;

use super::vocabulary::Vocabulary;

pub(crate) const END: u32 = 1;
pub(crate) const THINK: u32 = 2;
pub(crate) const CALLS: u32 = 3;
pub(crate) const CONTROL: u32 = 4;

const SPECIAL: [&str; 5] = ["<|endoftext|>", "<|im_end|>", "<think>", "[TOOL_CALLS]", "<|unused|>"];
/// Their types in the file: control, but for `<think>`, which its makers added.
const KINDS: [u64; 5] = [3, 3, 4, 3, 3];
const MERGES: [(&str, &str); 11] = [
    ("{", "\""),
    ("\"", ":"),
    ("t", "r"),
    ("u", "e"),
    ("tr", "ue"),
    ("f", "a"),
    ("l", "s"),
    ("fa", "ls"),
    ("fals", "e"),
    ("r", "e"),
    ("re", "d"),
];

/// The token of a byte.
pub(crate) fn byte(byte: u8) -> u32 {
    SPECIAL.len() as u32 + u32::from(byte)
}

pub(crate) fn tokenizer() -> Tokenizer {
    let printable = |byte: u32| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let mut shifted = 256;
    let bytes = (0..256).map(|byte| {
        let code = if printable(byte) {
            byte
        } else {
            shifted += 1;
            shifted - 1
        };
        char::from_u32(code).unwrap().to_string()
    });
    let merged = MERGES.iter().map(|(left, right)| format!("{left}{right}"));
    let tokens = SPECIAL.iter().map(|token| (*token).to_owned()).chain(bytes).chain(merged);
    let vocabulary = tokens.enumerate().map(|(id, token)| (token, id.into())).collect::<serde_json::Map<_, _>>();
    let added = SPECIAL.iter().enumerate().map(|(id, token)| {
        json!({
            "id": id, "content": token, "single_word": false, "lstrip": false, "rstrip": false,
            "normalized": false, "special": true
        })
    });
    let level = json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false });
    let file = json!({
        "version": "1.0", "truncation": null, "padding": null,
        "added_tokens": added.collect::<Vec<_>>(),
        "normalizer": null, "pre_tokenizer": level, "post_processor": null, "decoder": level,
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
            "vocab": vocabulary,
            "merges": MERGES.iter().map(|(left, right)| format!("{left} {right}")).collect::<Vec<_>>(),
        }
    });
    file.to_string().parse().unwrap()
}

pub(crate) fn vocabulary() -> Arc<Vocabulary> {
    let tokenizer = tokenizer();
    let engine = ByteTokenizer::from_tokenizer(tokenizer.clone()).unwrap().into_tok_env(None).unwrap();
    Arc::new(Vocabulary::new(engine, &tokenizer, &KINDS, &[END]))
}
