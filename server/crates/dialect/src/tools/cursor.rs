//! Looking at the beginning of a text of which more may come.

use crate::finder::is_space;

/// Whether something stands at the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// It does, and the cursor is behind it.
    Yes,
    /// The text ends before one can tell.
    Partly,
    No,
}

/// What has not been looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a str);

impl<'a> Cursor<'a> {
    /// Skips white space.
    pub(super) fn space(&mut self) {
        self.0 = self.0.trim_start_matches(is_space);
    }

    /// Skips `word` if it is next.
    pub(super) fn word(&mut self, word: &str) -> Look {
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest;
                Look::Yes
            }
            None if word.starts_with(self.0) => Look::Partly,
            None => Look::No,
        }
    }

    /// Skips to the first character that `end` holds for. `None` if there is none yet.
    pub(super) fn until(&mut self, end: impl Fn(char) -> bool) -> Option<&'a str> {
        let (before, rest) = self.0.split_at(self.0.find(end)?);
        self.0 = rest;
        Some(before)
    }
}
