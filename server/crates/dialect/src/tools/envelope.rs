//! The object that holds a call: which of its characters are the name, which the arguments.

use crate::{
    finder::is_space,
    json::{Scan, Step},
};

/// The longest name or key that is looked at, in bytes of JSON. A longer key is none of ours; a longer name is wrong.
const MAX_NAME: usize = 512;

/// What a character was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Note {
    /// Structure, or a member that means nothing here.
    Plain,
    /// The end of the name, which is this.
    Named(String),
    /// Part of the arguments.
    Argument,
    /// The last of the arguments.
    ArgumentsEnd,
    /// The object's last.
    End,
    /// A key that no call has. The character was taken.
    Strange,
    /// Not part of such an object.
    Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Member {
    Name,
    Arguments,
    Other,
}

#[derive(Debug, Clone)]
enum At {
    /// A key or the end.
    FirstKey,
    Key,
    InKey(Scan),
    Colon(Member),
    Value(Member),
    InValue(Member, Scan),
    /// A comma or the end.
    After,
}

/// An object being read, from behind its `{`. A name is a string, arguments (or `parameters`) are an object, and
/// each comes once.
#[derive(Debug, Clone)]
pub(super) struct Envelope {
    at: At,
    /// The key or the name being read, with its quotes; no longer than [`MAX_NAME`] and a character.
    text: String,
    named: bool,
    argued: bool,
}

impl Envelope {
    pub(super) fn new() -> Self {
        Self { at: At::FirstKey, text: String::new(), named: false, argued: false }
    }

    pub(super) fn step(&mut self, c: char) -> Note {
        match &mut self.at {
            At::InKey(scan) => {
                let step = scan.step(c);
                self.collect(c);
                match step {
                    Step::More => Note::Plain,
                    Step::Done => self.key(),
                    Step::DoneBefore | Step::Wrong => Note::Wrong,
                }
            }
            At::InValue(member, scan) => {
                let (member, step) = (*member, scan.step(c));
                self.value(member, step, c)
            }
            _ if is_space(c) => Note::Plain,
            At::FirstKey | At::Key if c == '"' => {
                let mut scan = Scan::value();
                scan.step(c);
                self.text.clear();
                self.text.push(c);
                self.go(At::InKey(scan))
            }
            At::FirstKey | At::After if c == '}' => Note::End,
            At::After if c == ',' => self.go(At::Key),
            At::Colon(member) if c == ':' => {
                let member = *member;
                self.go(At::Value(member))
            }
            At::Value(member) => {
                let member = *member;
                let fits = match member {
                    Member::Name => c == '"',
                    Member::Arguments => c == '{',
                    Member::Other => true,
                };
                if !fits {
                    return Note::Wrong;
                }
                let mut scan = Scan::value();
                let step = scan.step(c);
                self.text.clear();
                self.at = At::InValue(member, scan);
                self.value(member, step, c)
            }
            At::FirstKey | At::Key | At::Colon(_) | At::After => Note::Wrong,
        }
    }

    fn go(&mut self, at: At) -> Note {
        self.at = at;
        Note::Plain
    }

    /// `text` is a key.
    fn key(&mut self) -> Note {
        let key = serde_json::from_str::<String>(&self.text).unwrap_or_default();
        let (member, seen) = match key.as_str() {
            "name" => (Member::Name, &mut self.named),
            "arguments" | "parameters" => (Member::Arguments, &mut self.argued),
            _ => {
                self.at = At::Colon(Member::Other);
                return if matches!(key.as_str(), "type" | "id") { Note::Plain } else { Note::Strange };
            }
        };
        if std::mem::replace(seen, true) {
            return Note::Wrong;
        }
        self.go(At::Colon(member))
    }

    /// `c` did this in a member's value.
    fn value(&mut self, member: Member, step: Step, c: char) -> Note {
        if member == Member::Name {
            self.collect(c);
            if self.text.len() > MAX_NAME {
                return Note::Wrong;
            }
        }
        match (step, member) {
            (Step::Wrong, _) => Note::Wrong,
            (Step::More, Member::Arguments) => Note::Argument,
            (Step::More, _) => Note::Plain,
            (Step::DoneBefore, _) => {
                self.at = At::After;
                self.step(c)
            }
            (Step::Done, Member::Arguments) => {
                self.at = At::After;
                Note::ArgumentsEnd
            }
            (Step::Done, Member::Name) => {
                self.at = At::After;
                serde_json::from_str(&self.text).map_or(Note::Wrong, Note::Named)
            }
            (Step::Done, Member::Other) => self.go(At::After),
        }
    }

    fn collect(&mut self, c: char) {
        if self.text.len() <= MAX_NAME {
            self.text.push(c);
        }
    }
}
