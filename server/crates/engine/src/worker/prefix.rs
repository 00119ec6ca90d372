//! What the engine's prefix cache holds, mirrored to tell how many prompt tokens came from it.
//!
//! The engine does not say. On a CPU its rule is simple: the finished sequence with the longest common
//! beginning, never evicted. The mirror costs four bytes per token, the cache itself thousands.

/// The sequences finished since the engine started.
#[derive(Debug, Default)]
pub(super) struct PrefixIndex {
    finished: Vec<Vec<u32>>,
}

impl PrefixIndex {
    /// Records a sequence the engine has finished: prompt, answer and the token that ended it.
    pub(super) fn add(&mut self, tokens: Vec<u32>) {
        if !self.finished.contains(&tokens) {
            self.finished.push(tokens);
        }
    }

    /// How many tokens of `prompt` the engine will not compute again. A prompt that is wholly contained in
    /// a finished sequence does not hit: the engine needs at least one token to start from.
    pub(super) fn cached(&self, prompt: &[u32]) -> usize {
        let shared = |tokens: &Vec<u32>| prompt.iter().zip(tokens).take_while(|(a, b)| a == b).count();
        let best = self.finished.iter().map(shared).max().unwrap_or(0);
        if best == prompt.len() { 0 } else { best }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_common_beginning_counts() {
        let mut index = PrefixIndex::default();
        assert_eq!(index.cached(&[1, 2]), 0);
        index.add(vec![1, 2, 3, 9]);
        index.add(vec![1, 5]);
        assert_eq!(index.cached(&[1, 2, 3, 4]), 3);
        assert_eq!(index.cached(&[1, 2, 3]), 0);
        assert_eq!(index.cached(&[1, 5, 5]), 2);
    }
}
