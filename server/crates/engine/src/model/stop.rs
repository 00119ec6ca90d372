//! Stop strings, held back so that no part of one is ever sent.

/// Lets text through until a stop string is complete.
///
/// Invariant: what [`StopBuffer::push`] and [`StopBuffer::finish`] returned so far, joined, is the text up
/// to the first stop string, or all of the text if there was none; and text that could still turn into a
/// stop string is held back. "First" is the one that begins first among those completed earliest.
#[derive(Debug, Clone)]
pub struct StopBuffer {
    stops: Vec<String>,
    held: String,
    /// Which of them was met, by its place.
    met: Option<usize>,
}

impl StopBuffer {
    /// A buffer for these stop strings; empty ones are ignored.
    #[must_use]
    pub fn new(stops: &[String]) -> Self {
        let stops = stops.iter().filter(|stop| !stop.is_empty()).cloned().collect();
        Self { stops, held: String::new(), met: None }
    }

    /// Adds text; answers what may be sent now.
    pub fn push(&mut self, text: &str) -> String {
        if self.stopped() {
            return String::new();
        }
        // A character at a time, so that the result does not depend on how the text was cut.
        let mut out = String::new();
        for character in text.chars() {
            self.held.push(character);
            let ending = self.stops.iter().enumerate().filter(|(_, stop)| self.held.ends_with(stop.as_str()));
            if let Some((place, stop)) = ending.max_by_key(|(_, stop)| stop.len()) {
                self.held.truncate(self.held.len() - stop.len());
                self.met = Some(place);
                out.push_str(&std::mem::take(&mut self.held));
                return out;
            }
            let keep = self.stops.iter().map(|stop| overlap(&self.held, stop)).max().unwrap_or(0);
            out.extend(self.held.drain(..self.held.len() - keep));
        }
        out
    }

    /// Whether a stop string was met; nothing comes out after that.
    #[must_use]
    pub const fn stopped(&self) -> bool {
        self.met.is_some()
    }

    /// The stop string that was met.
    #[must_use]
    pub fn met(&self) -> Option<&str> {
        self.stops.get(self.met?).map(String::as_str)
    }

    /// The end of the text: what was held back in vain.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// The length of the longest end of `text` that is a proper beginning of `stop`.
fn overlap(text: &str, stop: &str) -> usize {
    let longest = text.len().min(stop.len().saturating_sub(1));
    (1..=longest)
        .rev()
        .find(|&length| stop.is_char_boundary(length) && text.as_bytes().ends_with(&stop.as_bytes()[..length]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn run(stops: &[&str], chunks: &[&str]) -> (String, bool) {
        let stops = stops.iter().map(|stop| (*stop).to_owned()).collect::<Vec<_>>();
        let mut buffer = StopBuffer::new(&stops);
        let mut out = chunks.iter().map(|chunk| buffer.push(chunk)).collect::<String>();
        let stopped = buffer.stopped();
        out.push_str(&buffer.finish());
        (out, stopped)
    }

    #[test]
    fn examples() {
        assert_eq!(run(&["END"], &["abcE", "N", "Dxyz"]), ("abc".into(), true));
        assert_eq!(run(&["END"], &["abcE", "N"]), ("abcEN".into(), false));
        assert_eq!(run(&["aab"], &["aaab"]), ("a".into(), true));
        assert_eq!(run(&["b", "ab"], &["xa", "b"]), ("x".into(), true));
        assert_eq!(run(&["é", "e\u{301}"], &["caf", "é!"]), ("caf".into(), true));
        assert_eq!(run(&["日本"], &["日", "日本語"]), ("日".into(), true));
        assert_eq!(run(&[], &["all", " of it"]), ("all of it".into(), false));
    }

    /// The specification, slowly: the earliest end of any stop string, and there the longest.
    fn expected(text: &str, stops: &[String]) -> (String, bool) {
        let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
        for end in ends {
            let longest =
                stops.iter().filter(|s| !s.is_empty() && text[..end].ends_with(s.as_str())).map(String::len).max();
            if let Some(length) = longest {
                return (text[..end - length].to_owned(), true);
            }
        }
        (text.to_owned(), false)
    }

    proptest! {
        #[test]
        fn concatenation_is_the_text_up_to_the_first_stop(
            chunks in proptest::collection::vec("[abé日]{0,4}", 0..12),
            stops in proptest::collection::vec("[abé日]{1,4}", 0..4),
        ) {
            let text = chunks.concat();
            let pieces = chunks.iter().map(String::as_str).collect::<Vec<_>>();
            let borrowed = stops.iter().map(String::as_str).collect::<Vec<_>>();
            prop_assert_eq!(run(&borrowed, &pieces), expected(&text, &stops));
        }

        #[test]
        fn nothing_that_was_sent_is_the_beginning_of_a_stop_met_later(
            chunks in proptest::collection::vec("[ab]{0,3}", 0..12),
            stops in proptest::collection::vec("[ab]{1,4}", 1..3),
        ) {
            let text = chunks.concat();
            let (allowed, _) = expected(&text, &stops);
            let mut buffer = StopBuffer::new(&stops);
            let mut sent = String::new();
            for chunk in &chunks {
                sent.push_str(&buffer.push(chunk));
                prop_assert!(allowed.starts_with(&sent), "{sent:?} of {allowed:?}");
            }
        }
    }
}
