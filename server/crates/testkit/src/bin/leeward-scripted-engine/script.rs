//! What a job does, as its last user message says; or the tool's result, if that came later; or the text, if
//! the prompt is one.
//!
//! It begins with any number of directives and goes on with text:
//!
//! | directive | effect |
//! |---|---|
//! | (none) | `You said: ` and the text |
//! | `!count N` | `w1 w2 … wN` instead |
//! | `!raw JSON` | the JSON string (the whole rest), one character at a time |
//! | `!think JSON` | before anything else: `<think>\n`, the JSON string (one word of JSON: write spaces as `\u0020`), `\n</think>\n\n` |
//! | `!call NAME JSON` | a tool call and nothing else: `<tool_call>\n{"name": NAME, "arguments": JSON}\n</tool_call>`, JSON being the whole rest |
//! | `!echo` | the request as it arrived, see [`crate::echo`] |
//! | `!slow MS` | a pause before every token |
//! | `!crash N` | the process exits after N tokens |
//! | `!hang N` | the process stops answering anything, pings included, after N tokens |
//! | `!stall N` | this job stops after N tokens, its neighbours go on |
//! | `!fail N` | the job fails after N tokens |
//! | `!rogue N` | the worker answers a job it was never given after N tokens |
//! | `!overflow` | the prompt is said not to fit the context |
//! | `!grammar` | the request's grammar is said to be wrong |
//!
//! A token is a word with the space before it; see [`crate::tokens`]. A directive with a number of tokens and no other text says
//! `w1 w2 …` up to that number.

use std::time::Duration;

use crate::tokens::words;

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
    /// The grammar is said to be wrong.
    pub(crate) bad_grammar: bool,
    /// The request itself is to be said.
    pub(crate) echo: bool,
}

impl Script {
    /// Parses a message; the error says which directive made no sense.
    pub(crate) fn parse(message: &str) -> Result<Self, String> {
        let mut script = Self {
            tokens: Vec::new(),
            pause: Duration::ZERO,
            turn: None,
            overflow: false,
            bad_grammar: false,
            echo: false,
        };
        let mut count = None;
        let mut thought = Vec::new();
        let mut rest = message.trim_start();
        while let Some(directive) = rest.strip_prefix('!') {
            let (name, after) = directive.split_once(char::is_whitespace).unwrap_or((directive, ""));
            if name == "raw" {
                let text: String = serde_json::from_str(after).map_err(|error| format!("!raw: {error}"))?;
                script.tokens = thought;
                script.tokens.extend(text.chars().map(String::from));
                return Ok(script);
            }
            if name == "call" {
                let (tool, arguments) = after.split_once(char::is_whitespace).unwrap_or((after, "{}"));
                let call = format!("<tool_call>\n{{\"name\": \"{tool}\", \"arguments\": {arguments}}}\n</tool_call>");
                script.tokens = thought;
                script.tokens.extend(words(&call));
                return Ok(script);
            }
            if let Some(flag) = match name {
                "overflow" => Some(&mut script.overflow),
                "grammar" => Some(&mut script.bad_grammar),
                "echo" => Some(&mut script.echo),
                _ => None,
            } {
                *flag = true;
                rest = after.trim_start();
                continue;
            }
            if name == "think" {
                let (text, after) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
                let text: String = serde_json::from_str(text).map_err(|error| format!("!think: {error}"))?;
                thought = words(&format!("<think>\n{text}\n</think>\n\n"));
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
        script.tokens = thought;
        script.tokens.extend(match (count, script.turn) {
            (Some(count), _) => numbered(count),
            (None, Some((after, _))) if rest.is_empty() => numbered(after),
            _ => words(&format!("You said: {rest}")),
        });
        Ok(script)
    }
}

fn numbered(count: usize) -> Vec<String> {
    (1..=count).map(|n| if n == 1 { "w1".into() } else { format!(" w{n}") }).collect()
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
        assert_eq!(tokens(r#"!think "so\u0020so" hi"#).concat(), "<think>\nso so\n</think>\n\nYou said: hi");
        let call = "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>";
        assert_eq!(tokens(r#"!call add {"a": 1}"#).concat(), call);
    }

    #[test]
    fn directives_combine_and_nonsense_is_refused() {
        let script = Script::parse("!slow 7 !count 9 !fail 2").expect("valid");
        assert_eq!((script.pause, script.turn), (Duration::from_millis(7), Some((2, Turn::Fail))));
        assert_eq!(script.tokens.len(), 9);
        assert!(Script::parse("!overflow").expect("valid").overflow);
        assert!(Script::parse("!grammar").expect("valid").bad_grammar);
        assert!(Script::parse("!slow 1 !echo").expect("valid").echo);
        for wrong in ["!count", "!count x", "!what 1", "!raw nothing", "!think nothing"] {
            assert!(Script::parse(wrong).is_err(), "{wrong}");
        }
    }
}
