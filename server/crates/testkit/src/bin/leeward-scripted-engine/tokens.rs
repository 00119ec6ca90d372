//! The vocabulary of words: a token's number is its length in bytes, its likelihood never changes.

use leeward_wire::{Likelihood, TokenLogprob};

/// Cuts before each run of white space that a word follows.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.chars() {
        match words.last_mut() {
            Some(word) if !(in_word && c.is_whitespace()) => word.push(c),
            _ => words.push(c.into()),
        }
        in_word = !c.is_whitespace();
    }
    words
}

/// The number of a token.
pub(crate) fn number(token: &str) -> u32 {
    u32::try_from(token.len()).unwrap_or(u32::MAX)
}

/// What is said of a token: a logprob of -0.5; the likeliest are itself and then `alt1`, `alt2`, …, each one
/// less.
pub(crate) fn logprob(token: &str, top: u32) -> TokenLogprob {
    let likelihood =
        |token: String, logprob| Likelihood { id: number(&token), bytes: token.clone().into_bytes(), token, logprob };
    let mut logprob = -0.5;
    let top = (0..top).map(|rank| {
        let text = if rank == 0 { token.to_owned() } else { format!("alt{rank}") };
        let one = likelihood(text, logprob);
        logprob -= 1.0;
        one
    });
    TokenLogprob { top: top.collect(), chosen: likelihood(token.to_owned(), -0.5) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likelihoods_are_as_told() {
        let said = logprob(" é", 3);
        assert_eq!((said.chosen.id, said.chosen.logprob, said.chosen.bytes.as_slice()), (3, -0.5, " é".as_bytes()));
        let top = said.top.iter().map(|one| (one.token.as_str(), one.logprob)).collect::<Vec<_>>();
        assert_eq!(top, [(" é", -0.5), ("alt1", -1.5), ("alt2", -2.5)]);
    }
}
