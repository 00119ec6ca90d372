//! Stop strings: nothing that could become one is shown before it is known not to.

/// Text held back until it cannot be the beginning of a stop string.
#[derive(Debug)]
pub(crate) struct Stops<'a> {
    stops: &'a [String],
    held: String,
}

impl<'a> Stops<'a> {
    pub(crate) const fn new(stops: &'a [String]) -> Self {
        Self { stops, held: String::new() }
    }

    /// Takes more text; gives what may be shown, and the stop string that ended it, if one did.
    pub(crate) fn push(&mut self, text: &str) -> (String, Option<&'a str>) {
        self.held.push_str(text);
        let met = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str()).map(|at| (at, stop)));
        if let Some((at, stop)) = met.min_by_key(|&(at, _)| at) {
            self.held.truncate(at);
            return (std::mem::take(&mut self.held), Some(stop));
        }
        let could_begin = |tail: &str| self.stops.iter().any(|stop| stop.starts_with(tail));
        let keep = self.held.char_indices().map(|(at, _)| at).find(|&at| could_begin(&self.held[at..]));
        let kept = self.held.split_off(keep.unwrap_or(self.held.len()));
        (std::mem::replace(&mut self.held, kept), None)
    }

    /// What was held back when the text ended.
    pub(crate) fn finish(self) -> String {
        self.held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_string_never_leaks_in_part() {
        let stops = ["END".to_owned()];
        let mut text = Stops::new(&stops);
        assert_eq!(text.push("a E"), ("a ".into(), None));
        assert_eq!(text.push("Nx E"), ("ENx ".into(), None));
        assert_eq!(text.push("NDx"), (String::new(), Some("END")));
        let mut text = Stops::new(&stops);
        assert_eq!(text.push("é EN"), ("é ".into(), None));
        assert_eq!(text.finish(), "EN");
    }
}
