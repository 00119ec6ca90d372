//! The tokens: their bytes, and which of them are part of an answer's text.
//!
//! The engine makes every token of a GGUF file that is not a normal one "special", and special tokens are no
//! text. But some of them are what an answer is made of: raw bytes, tokens the model's makers added to its
//! vocabulary, and the marks around thoughts and tool calls. Here they are text again, for decoding and for
//! grammars alike. To show another control token: a line in `MARKS`.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, OnceLock},
};

use leeward_wire::Likelihood;
use mistralrs::core::llguidance::toktrie::{TokEnv, TokEnvWithTrie, TokTrie};
use tokenizers::Tokenizer;

/// Control tokens that mean something to whoever reads the answer: they begin and end thoughts and tool calls.
const MARKS: [&str; 17] = [
    "<think>",
    "</think>",
    "[THINK]",
    "[/THINK]",
    "<tool_call>",
    "</tool_call>",
    "<|tool_call|>",
    "<|/tool_call|>",
    "<|python_tag|>",
    "[TOOL_CALLS]",
    "[CALL_ID]",
    "[ARGS]",
    "<｜tool▁calls▁begin｜>",
    "<｜tool▁calls▁end｜>",
    "<｜tool▁call▁begin｜>",
    "<｜tool▁call▁end｜>",
    "<｜tool▁sep｜>",
];

/// What a token is, as GGUF numbers it (`llama_token_type` in llama.cpp).
mod kind {
    pub(super) const CONTROL: u64 = 3;
    pub(super) const USER_DEFINED: u64 = 4;
    pub(super) const BYTE: u64 = 6;
}

/// The vocabulary of a loaded model.
pub struct Vocabulary {
    engine: TokEnv,
    /// Tokens the engine thinks special and that are text, with their bytes.
    text: HashMap<u32, Vec<u8>>,
    hidden: Arc<HashSet<u32>>,
    end_tokens: Vec<u32>,
    /// Made when the first grammar needs it.
    grammars: OnceLock<TokEnv>,
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary")
            .field("tokens", &self.len())
            .field("text", &self.text.len())
            .finish_non_exhaustive()
    }
}

impl Vocabulary {
    /// Takes the engine's view of the vocabulary and corrects it. `kinds` are the file's token types, by
    /// token; empty if it has none.
    #[must_use]
    pub fn new(engine: TokEnv, tokenizer: &Tokenizer, kinds: &[u64], end_tokens: &[u32]) -> Self {
        let size = engine.tok_trie().vocab_size();
        let mut text = HashMap::new();
        let mut hidden = HashSet::new();
        for (id, token) in tokenizer.get_added_tokens_decoder() {
            let known = || token.content.clone().into_bytes();
            let kind = kinds.get(id as usize).copied().unwrap_or(kind::CONTROL);
            let bytes = match kind {
                _ if (id as usize) >= size || end_tokens.contains(&id) => None,
                _ if !token.special => Some(known()),
                kind::USER_DEFINED => Some(known()),
                kind::BYTE => byte(&token.content).map(|byte| vec![byte]),
                _ => MARKS.contains(&token.content.as_str()).then(known),
            };
            if let Some(bytes) = bytes {
                text.insert(id, bytes);
            } else {
                hidden.insert(id);
            }
        }
        let end_tokens = end_tokens.iter().copied().filter(|&id| (id as usize) < size).collect();
        Self { engine, text, hidden: Arc::new(hidden), end_tokens, grammars: OnceLock::new() }
    }

    /// How many tokens there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.engine.tok_trie().vocab_size()
    }

    /// Whether there are none, which no model has.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tokens that are no text.
    #[must_use]
    pub fn hidden(&self) -> Arc<HashSet<u32>> {
        Arc::clone(&self.hidden)
    }

    /// A token's bytes; of one that is no text, its name.
    #[must_use]
    pub fn bytes(&self, token: u32) -> &[u8] {
        let known = || self.engine.tok_trie().token(token);
        let bytes = self.text.get(&token).map_or_else(known, Vec::as_slice);
        bytes.strip_prefix(&[TokTrie::SPECIAL_TOKEN_MARKER]).unwrap_or(bytes)
    }

    /// A token with its spelling, for an answer.
    #[must_use]
    pub fn likelihood(&self, id: u32, logprob: f32) -> Likelihood {
        let bytes = self.bytes(id).to_vec();
        Likelihood { id, token: String::from_utf8_lossy(&bytes).into_owned(), bytes, logprob }
    }

    /// The vocabulary as grammars see it: text is text, and the turn ends with the model's own end tokens.
    pub(super) fn for_grammars(&self) -> TokEnv {
        let make = || -> TokEnv {
            let trie = self.engine.tok_trie();
            let mut words = trie.all_tokens();
            for (&id, bytes) in &self.text {
                if let Some(word) = words.get_mut(id as usize) {
                    word.clone_from(bytes);
                }
            }
            let mut trie = TokTrie::from(trie.info(), &words);
            if !self.end_tokens.is_empty() {
                trie = trie.with_eos_tokens(&self.end_tokens);
            }
            Arc::new(TokEnvWithTrie::new(Arc::clone(&self.engine), trie))
        };
        Arc::clone(self.grammars.get_or_init(make))
    }
}

/// The byte that a token like `<0x0A>` stands for.
fn byte(name: &str) -> Option<u8> {
    let digits = name.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::toy;

    #[test]
    fn what_is_text_and_what_is_not() {
        let vocabulary = toy::vocabulary();
        let hidden = vocabulary.hidden();
        for (token, is_hidden, bytes) in [
            (toy::END, true, "<|im_end|>"),
            (toy::THINK, false, "<think>"),
            (toy::CALLS, false, "[TOOL_CALLS]"),
            (toy::CONTROL, true, "<|unused|>"),
            (toy::byte(b'\n'), false, "\n"),
        ] {
            assert_eq!(hidden.contains(&token), is_hidden, "{token}");
            assert_eq!(vocabulary.bytes(token), bytes.as_bytes(), "{token}");
        }
        assert_eq!(vocabulary.likelihood(toy::byte(0xc3), -1.0).token, "\u{fffd}");
        assert_eq!((byte("<0x0A>"), byte("<0xZZ>"), byte("<0x0AA>"), byte("a")), (Some(10), None, None, None));
    }
}
