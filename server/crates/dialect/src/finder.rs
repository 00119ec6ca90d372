//! Finds markers in a stream without ever letting half a marker through.

/// White space held back while a marker may follow it, in bytes. More than this is no trimming, it is content.
pub(crate) const MAX_SPACE: usize = 256;

/// A character as a string, without an allocation.
pub(crate) fn text_of(c: char, buffer: &mut [u8; 4]) -> &str {
    c.encode_utf8(buffer)
}

/// White space that JSON and chat templates put between things.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// What a template puts around a block.
pub(crate) fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// Looks for the first of several markers. No marker may begin with a character that counts as space.
#[derive(Debug, Clone)]
pub(crate) struct Finder {
    markers: Vec<String>,
    is_space: fn(char) -> bool,
    /// The run of space before `partial`: trimmed if a marker follows.
    space: String,
    /// The beginning of some marker.
    partial: String,
}

impl Finder {
    pub(crate) fn new<M: Into<String>>(markers: impl IntoIterator<Item = M>, is_space: fn(char) -> bool) -> Self {
        let markers = markers.into_iter().map(Into::into).collect();
        Self { markers, is_space, space: String::new(), partial: String::new() }
    }

    /// Takes one character. `plain` gets text that belongs to no marker; a marker that is complete is returned with
    /// the space before it.
    pub(crate) fn feed(&mut self, c: char, mut plain: impl FnMut(&str)) -> Option<String> {
        let mut buffer = [0; 4];
        if self.markers.is_empty() {
            plain(text_of(c, &mut buffer));
            return None;
        }
        self.partial.push(c);
        while let Some(first) = self.partial.chars().next() {
            if self.markers.contains(&self.partial) {
                let mut found = std::mem::take(&mut self.space);
                found.push_str(&std::mem::take(&mut self.partial));
                return Some(found);
            }
            if self.markers.iter().any(|marker| marker.starts_with(&self.partial)) {
                return None;
            }
            self.partial.remove(0);
            if (self.is_space)(first) {
                self.space.push(first);
                if self.space.len() >= MAX_SPACE {
                    plain(&self.space);
                    self.space.clear();
                }
            } else {
                plain(&self.space);
                self.space.clear();
                plain(text_of(first, &mut buffer));
            }
        }
        None
    }

    /// What is still held, at the end: no marker after all.
    pub(crate) fn rest(self) -> String {
        self.space + &self.partial
    }
}
