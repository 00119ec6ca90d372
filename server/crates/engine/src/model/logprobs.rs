//! How likely tokens are, by the model's own logits.

use leeward_wire::LEAST_LOGPROB;

/// The distribution at one place of an answer.
#[derive(Debug)]
pub struct Distribution {
    logits: Vec<f32>,
    /// The logarithm of the sum of all exponentials.
    whole: f64,
}

impl Distribution {
    /// The softmax of these logits at temperature 1.
    #[must_use]
    pub fn of(logits: &[f32]) -> Self {
        let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        // A logit that is no number has no weight.
        let weights = logits.iter().map(|&logit| f64::from(logit - highest).exp()).filter(|weight| !weight.is_nan());
        let whole = f64::from(highest) + weights.sum::<f64>().ln();
        Self { logits: logits.to_vec(), whole }
    }

    /// The natural logarithm of a token's probability, at least [`LEAST_LOGPROB`].
    #[must_use]
    pub fn logprob(&self, token: u32) -> f32 {
        let logit = self.logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
        let logprob = f64::from(logit) - self.whole;
        #[expect(clippy::cast_possible_truncation, reason = "rounding is all that is lost")]
        let logprob = logprob as f32;
        if logprob.is_nan() { LEAST_LOGPROB } else { logprob.clamp(LEAST_LOGPROB, 0.0) }
    }

    /// The `count` likeliest tokens, likeliest first, the lower number first of equals.
    #[must_use]
    pub fn top(&self, count: usize) -> Vec<(u32, f32)> {
        let mut best: Vec<(u32, f32)> = Vec::with_capacity(count + 1);
        for (token, &logit) in (0..).zip(&self.logits) {
            let beaten = best.len() == count && best.last().is_none_or(|last| last.1 >= logit);
            if beaten || logit.is_nan() {
                continue;
            }
            let at = best.partition_point(|other| other.1 >= logit);
            best.insert(at, (token, logit));
            best.truncate(count);
        }
        best.into_iter().map(|(token, _)| (token, self.logprob(token))).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_toy_distribution_adds_up() {
        let logits = [1.0, 3.0, 2.0, 3.0, f32::NEG_INFINITY, f32::NAN];
        let distribution = Distribution::of(&logits);
        let sum: f64 = (0..6).map(|token| f64::from(distribution.logprob(token)).exp()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{sum}");
        let top = distribution.top(3);
        assert_eq!(top.iter().map(|one| one.0).collect::<Vec<_>>(), [1, 3, 2]);
        // e^3 / (e + e^2 + 2 e^3)
        assert!((top[0].1 - (-0.917_575_8)).abs() < 1e-5, "{}", top[0].1);
        assert_eq!(distribution.logprob(4), LEAST_LOGPROB);
        assert_eq!((distribution.logprob(5), distribution.logprob(99)), (LEAST_LOGPROB, LEAST_LOGPROB));
        assert_eq!((distribution.top(0).len(), distribution.top(20).len()), (0, 5));
        assert_eq!(Distribution::of(&[f32::NEG_INFINITY; 2]).logprob(0), LEAST_LOGPROB);
    }

    proptest! {
        #[test]
        fn the_top_is_the_sorted_beginning(logits in proptest::collection::vec(-50.0_f32..50.0, 1..200), count in 0_usize..25) {
            let distribution = Distribution::of(&logits);
            let mut all = (0_u32..).zip(logits.iter().copied()).collect::<Vec<_>>();
            all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let expected = all.iter().take(count).map(|one| one.0).collect::<Vec<_>>();
            let top = distribution.top(count);
            prop_assert_eq!(top.iter().map(|one| one.0).collect::<Vec<_>>(), expected);
            prop_assert!(top.iter().all(|one| one.1 <= 0.0 && one.1 == distribution.logprob(one.0)));
        }
    }
}
