//! Tokens to text, one at a time, whole characters only.

use std::{collections::HashSet, sync::Arc};

use tokenizers::Tokenizer;

/// A character takes at most four bytes, so at most four byte-level tokens; one more and the bytes before
/// it can never become a character.
const MOST_PENDING: usize = 5;

/// Decodes a growing sequence of tokens.
///
/// Invariant: the pieces returned, joined, are what decoding all tokens at once gives, less the tokens that
/// are no text and an incomplete character at the end. Each step decodes a few tokens only.
pub struct Detokeniser {
    tokenizer: Arc<Tokenizer>,
    /// Tokens that are no text.
    hidden: Arc<HashSet<u32>>,
    /// The tokens since `context` began: those already sent (kept because decoders look at neighbours),
    /// then those pending.
    tokens: Vec<u32>,
    sent: usize,
}

impl std::fmt::Debug for Detokeniser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detokeniser").field("tokens", &self.tokens).field("sent", &self.sent).finish_non_exhaustive()
    }
}

impl Detokeniser {
    /// Starts with no tokens.
    #[must_use]
    pub const fn new(tokenizer: Arc<Tokenizer>, hidden: Arc<HashSet<u32>>) -> Self {
        Self { tokenizer, hidden, tokens: Vec::new(), sent: 0 }
    }

    /// Adds a token; answers the text that is now certain, possibly none.
    pub fn push(&mut self, token: u32) -> String {
        if self.hidden.contains(&token) {
            return String::new();
        }
        self.tokens.push(token);
        let pending = self.tokens.len() - self.sent;
        let Some(text) = self.pending_text() else { return String::new() };
        if text.ends_with(char::REPLACEMENT_CHARACTER) && pending < MOST_PENDING {
            return String::new();
        }
        self.tokens.drain(..self.sent);
        self.sent = self.tokens.len();
        text
    }

    /// The end: what is pending, without an incomplete character.
    pub fn finish(&mut self) -> String {
        let text = self.pending_text().unwrap_or_default();
        self.tokens.clear();
        self.sent = 0;
        text.trim_end_matches(char::REPLACEMENT_CHARACTER).to_owned()
    }

    /// The text of the pending tokens, in the context of those before them.
    fn pending_text(&self) -> Option<String> {
        let before = self.decode(&self.tokens[..self.sent]);
        let all = self.decode(&self.tokens);
        match all.strip_prefix(before.as_str()) {
            Some("") => None,
            Some(text) => Some(text.to_owned()),
            // The decoder rewrote what it had said (it may, at an incomplete character): count characters.
            None => Some(all.chars().skip(before.chars().count()).collect()),
        }
    }

    fn decode(&self, tokens: &[u32]) -> String {
        // Decoding fails only for a broken decoder configuration; the text is then empty, the count is not.
        self.tokenizer.decode(tokens, false).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::toy;

    #[test]
    fn marks_are_text_and_control_tokens_are_not() {
        let tokenizer = Arc::new(toy::tokenizer());
        let mut detokeniser = Detokeniser::new(Arc::clone(&tokenizer), toy::vocabulary().hidden());
        let accent = "é".as_bytes();
        let tokens = [
            toy::THINK,
            toy::byte(b'a'),
            toy::CONTROL,
            toy::byte(accent[0]),
            toy::byte(accent[1]),
            toy::CALLS,
            toy::byte(b'{'),
        ];
        let pieces = tokens.map(|token| detokeniser.push(token));
        assert_eq!(pieces, ["<think>", "a", "", "", "é", "[TOOL_CALLS]", "{"]);
        assert_eq!(detokeniser.finish(), "");
    }
}
