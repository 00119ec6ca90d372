//! What a job does, as its last user message says.
//!
//! The message begins with any number of directives and goes on with text:
//!
//! | directive | effect |
//! |---|---|
//! | (none) | `You said: ` and the text |
//! | `!count N` | `w1 w2 … wN` instead |
//! | `!raw JSON` | the JSON string (the whole rest), one character at a time |
//! | `!slow MS` | a pause before every token |
//! | `!crash N` | the process exits after N tokens |
//! | `!hang N` | the process stops answering anything, pings included, after N tokens |
//! | `!stall N` | this job stops after N tokens, its neighbours go on |
//! | `!fail N` | the job fails after N tokens |
//! | `!rogue N` | the worker answers a job it was never given after N tokens |
//! | `!overflow` | the prompt is said not to fit the context |
//!
//! A token is a word with the space before it. A directive with a number of tokens and no other text says
//! `w1 w2 …` up to that number.

use std::time::Duration;

/// What happens after a number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// The process exits.
    Crash,
    /// The process stops.
    Hang,
    /// The job stops.
    Stall,
    /// The job fails.
    Fail,
    /// An unknown job is answered.
    Rogue,
}

/// A parsed message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Script {
    /// The tokens to say; together they are the text.
    pub(crate) tokens: Vec<String>,
    /// The pause before each.
    pub(crate) pause: Duration,
    /// What goes wrong, after how many tokens.
    pub(crate) turn: Option<(usize, Turn)>,
    /// The prompt is said not to fit.
    pub(crate) overflow: bool,
}

impl Script {
    /// Parses a message; the error says which directive made no sense.
    pub(crate) fn parse(message: &str) -> Result<Self, String> {
        let mut script = Self { tokens: Vec::new(), pause: Duration::ZERO, turn: None, overflow: false };
        let mut count = None;
        let mut rest = message.trim_start();
        while let Some(directive) = rest.strip_prefix('!') {
            let (name, after) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
            if name == "raw" {
                let text: String = serde_json::from_str(after).map_err(|error| format!("!raw: {error}"))?;
                script.tokens = text.chars().map(String::from).collect();
                return Ok(script);
            }
            if name == "overflow" {
                script.overflow = true;
                rest = after.trim_start();
                continue;
            }
            let (number, after) =
                after.trim_start().split_once(char::is_whitespace).unwrap_or((after.trim_start(), ""));
            let number: u32 = number.parse().map_err(|_| format!("!{name} needs a number"))?;
            let tokens = usize::try_from(number).unwrap_or(usize::MAX);
            let turn = match name {
                "slow" => {
                    script.pause = Duration::from_millis(number.into());
                    None
                }
                "count" => {
                    count = Some(tokens);
                    None
                }
                "crash" => Some(Turn::Crash),
                "hang" => Some(Turn::Hang),
                "stall" => Some(Turn::Stall),
                "fail" => Some(Turn::Fail),
                "rogue" => Some(Turn::Rogue),
                _ => return Err(format!("!{name} is not a directive")),
            };
            if let Some(turn) = turn {
                script.turn = Some((tokens, turn));
            }
            rest = after.trim_start();
        }
        script.tokens = match (count, script.turn) {
            (Some(count), _) => numbered(count),
            (None, Some((after, _))) if rest.is_empty() => numbered(after),
            _ => words(&format!("You said: {rest}")),
        };
        Ok(script)
    }
}

fn numbered(count: usize) -> Vec<String> {
    (1..=count).map(|n| if n == 1 { "w1".into() } else { format!(" w{n}") }).collect()
}

/// Cuts before each run of white space that a word follows.
fn words(text: &str) -> Vec<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(message: &str) -> Vec<String> {
        Script::parse(message).expect("valid").tokens
    }

    #[test]
    fn text_is_cut_into_words_and_loses_nothing() {
        assert_eq!(tokens("hello  big world"), ["You", " said:", " hello", "  big", " world"]);
        assert_eq!(tokens("!count 3"), ["w1", " w2", " w3"]);
        assert_eq!(tokens("!slow 5 !crash 2"), ["w1", " w2"]);
        assert_eq!(tokens(r#"!raw "a\né""#), ["a", "\n", "é"]);
        assert_eq!(tokens("!slow 1 hi"), ["You", " said:", " hi"]);
    }

    #[test]
    fn directives_combine_and_nonsense_is_refused() {
        let script = Script::parse("!slow 7 !count 9 !fail 2").expect("valid");
        assert_eq!((script.pause, script.turn), (Duration::from_millis(7), Some((2, Turn::Fail))));
        assert_eq!(script.tokens.len(), 9);
        assert!(Script::parse("!overflow").expect("valid").overflow);
        for wrong in ["!count", "!count x", "!what 1", "!raw nothing"] {
            assert!(Script::parse(wrong).is_err(), "{wrong}");
        }
    }
}
