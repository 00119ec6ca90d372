//! Whether text is JSON so far, one character at a time.
//!
//! As strict as `serde_json`, which the gateway's callers' parsers are too: what this accepts, that parses. Values
//! are not kept; the memory is one bit a level and the number being read.

/// How deep arguments nest. `serde_json` refuses 128 levels.
const MAX_DEPTH: usize = 100;
/// The longest number, in bytes. Seventeen digits tell any double from its neighbours.
const MAX_NUMBER: usize = 400;

/// What a character did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It belongs to the value, which goes on.
    More,
    /// It was the value's last.
    Done,
    /// The value, a number, ended before it.
    DoneBefore,
    /// No JSON begins like this.
    Wrong,
}

/// One JSON value being read.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    at: At,
    /// For each level, whether it is an object.
    levels: Vec<bool>,
    number: String,
}

#[derive(Debug, Clone, Copy)]
enum At {
    Value,
    /// A value, or the end of an array.
    FirstValue,
    Key,
    /// A key, or the end of an object.
    FirstKey,
    Colon,
    /// A comma or an end.
    After,
    Text {
        key: bool,
        escape: Escape,
    },
    Number,
    /// What is left of `true`, `false` or `null`.
    Word(&'static str),
}

#[derive(Debug, Clone, Copy)]
enum Escape {
    None,
    /// After a backslash.
    Begun,
    /// In the digits after `\u`. `pair`: this has to be the second half of a surrogate pair.
    Hex {
        digits: u8,
        value: u32,
        pair: bool,
    },
    /// After the first half of a surrogate pair: a backslash has to follow.
    Half,
    /// After that backslash: a `u` has to follow.
    HalfBegun,
}

impl Scan {
    /// Reads any value.
    pub(crate) fn value() -> Self {
        Self { at: At::Value, levels: Vec::new(), number: String::new() }
    }

    pub(crate) fn step(&mut self, c: char) -> Step {
        let space = matches!(c, ' ' | '\t' | '\n' | '\r');
        match self.at {
            At::Number if matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E') => {
                self.number.push(c);
                if self.number.len() > MAX_NUMBER { Step::Wrong } else { Step::More }
            }
            At::Number => {
                // The grammar and the range of a double, as serde_json sees them.
                if serde_json::from_str::<serde_json::Value>(&self.number).is_err() {
                    return Step::Wrong;
                }
                match self.ended() {
                    Step::Done => Step::DoneBefore,
                    _ => self.step(c),
                }
            }
            At::Text { key, escape } => self.text(c, key, escape),
            At::Word(rest) => match rest.strip_prefix(c) {
                Some("") => self.ended(),
                Some(rest) => self.go(At::Word(rest)),
                None => Step::Wrong,
            },
            _ if space => Step::More,
            At::FirstValue if c == ']' => self.close(false),
            At::Value | At::FirstValue => self.begin(c),
            At::FirstKey if c == '}' => self.close(true),
            At::Key | At::FirstKey if c == '"' => self.go(At::Text { key: true, escape: Escape::None }),
            At::Colon if c == ':' => self.go(At::Value),
            At::After => match (c, self.levels.last()) {
                (',', Some(true)) => self.go(At::Key),
                (',', Some(false)) => self.go(At::Value),
                ('}', _) => self.close(true),
                (']', _) => self.close(false),
                _ => Step::Wrong,
            },
            At::Key | At::FirstKey | At::Colon => Step::Wrong,
        }
    }

    fn go(&mut self, at: At) -> Step {
        self.at = at;
        Step::More
    }

    fn begin(&mut self, c: char) -> Step {
        match c {
            '{' | '[' if self.levels.len() >= MAX_DEPTH => Step::Wrong,
            '{' => {
                self.levels.push(true);
                self.go(At::FirstKey)
            }
            '[' => {
                self.levels.push(false);
                self.go(At::FirstValue)
            }
            '"' => self.go(At::Text { key: false, escape: Escape::None }),
            '-' | '0'..='9' => {
                self.number.clear();
                self.number.push(c);
                self.go(At::Number)
            }
            't' => self.go(At::Word("rue")),
            'f' => self.go(At::Word("alse")),
            'n' => self.go(At::Word("ull")),
            _ => Step::Wrong,
        }
    }

    fn close(&mut self, object: bool) -> Step {
        if self.levels.pop() == Some(object) { self.ended() } else { Step::Wrong }
    }

    fn ended(&mut self) -> Step {
        self.at = At::After;
        if self.levels.is_empty() { Step::Done } else { Step::More }
    }

    fn text(&mut self, c: char, key: bool, escape: Escape) -> Step {
        let next = match escape {
            Escape::None if c == '"' && key => return self.go(At::Colon),
            Escape::None if c == '"' => return self.ended(),
            Escape::None if c == '\\' => Escape::Begun,
            Escape::None if c < ' ' => return Step::Wrong,
            Escape::None => Escape::None,
            Escape::Begun if c == 'u' => Escape::Hex { digits: 0, value: 0, pair: false },
            Escape::Begun if matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => Escape::None,
            Escape::Half if c == '\\' => Escape::HalfBegun,
            Escape::HalfBegun if c == 'u' => Escape::Hex { digits: 0, value: 0, pair: true },
            Escape::Begun | Escape::Half | Escape::HalfBegun => return Step::Wrong,
            Escape::Hex { digits, value, pair } => match c.to_digit(16) {
                Some(digit) if digits < 3 => Escape::Hex { digits: digits + 1, value: value << 4 | digit, pair },
                Some(digit) => match (value << 4 | digit, pair) {
                    (0xd800..=0xdbff, false) => Escape::Half,
                    (0xdc00..=0xdfff, false) => return Step::Wrong,
                    (0xdc00..=0xdfff, true) | (_, false) => Escape::None,
                    (_, true) => return Step::Wrong,
                },
                None => return Step::Wrong,
            },
        };
        self.go(At::Text { key, escape: next })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether the text is one object, by this reader.
    fn accepts(text: &str) -> bool {
        let mut scan = Scan::value();
        let mut steps = text.chars().map(|c| scan.step(c));
        text.starts_with('{') && steps.all(|step| step != Step::Wrong) && {
            let mut scan = Scan::value();
            text.chars().enumerate().all(|(at, c)| (scan.step(c) == Step::Done) == (at + 1 == text.chars().count()))
        }
    }

    #[test]
    fn as_strict_as_serde_json() {
        let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        for (text, fine) in [
            ("{}", true),
            (r#"{"城市": "北京", "n": [1, -0.5e+3, true, false, null, {}, []]}"#, true),
            (r#"{"a": "\ud83d\ude00 \u00e9 \" \\ \/ \b\f\n\r\t"}"#, true),
            (r#"{"a": "\ud83d"}"#, false),
            (r#"{"a": "\ud83dx"}"#, false),
            (r#"{"a": "\ud83d\n"}"#, false),
            (r#"{"a": "\ud83d\u0041"}"#, false),
            (r#"{"a": "\ude00"}"#, false),
            (r#"{"a": "\x"}"#, false),
            (r#"{"a": "\u12g4"}"#, false),
            ("{\"a\": \"line\nbreak\"}", false),
            (r#"{"a": 01}"#, false),
            (r#"{"a": 1.}"#, false),
            (r#"{"a": 1e999}"#, false),
            (r#"{"a": -}"#, false),
            (r#"{"a": 1,}"#, false),
            (r#"{"a" 1}"#, false),
            (r#"{'a': 1}"#, false),
            (r#"{"a": [1, ]}"#, false),
            (r#"{"a": [1}]"#, false),
            (r#"{"a": True}"#, false),
            (r#"{"a": nul}"#, false),
            (&deep(99), true),
        ] {
            assert_eq!(accepts(text), fine, "{text}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(text).is_ok(), fine, "{text}");
        }
        assert!(!accepts(&deep(100)));
        assert!(!accepts(&format!("{{\"a\":{}}}", "1".repeat(401))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn what_it_accepts_parses(inner in r#"([{}\[\],:"\\u0-9eE.+\- \n]|true|null|"[a-zé]{0,3}"|\\ud83d|\\ude00){0,14}"#) {
            let text = format!("{{\"a\":{inner}}}");
            prop_assert_eq!(accepts(&text), serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }
}
