//! Choosing the next token.
//!
//! Ours instead of the engine's: greedy is exactly the likeliest token (the lowest id on a tie), penalties
//! count generated tokens only (as vLLM does), randomness belongs to one job and can be repeated with a seed,
//! and a choice is known the moment it is made. A grammar has made its tokens impossible before that, and
//! what is impossible stays so.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, Hasher as _, RandomState},
};

use leeward_wire::Sampling;

/// The choice of one job's tokens.
#[derive(Debug)]
pub struct Sampler {
    sampling: Sampling,
    presence: f32,
    frequency: f32,
    bias: Vec<(u32, f32)>,
    counts: HashMap<u32, u32>,
    random: SplitMix64,
}

impl Sampler {
    /// A sampler that has seen nothing yet.
    #[must_use]
    pub fn new(sampling: Sampling, presence_penalty: f32, frequency_penalty: f32) -> Self {
        let seed = match sampling {
            Sampling::Random { seed, .. } => seed,
            Sampling::Greedy => None,
        };
        Self {
            sampling,
            presence: presence_penalty,
            frequency: frequency_penalty,
            bias: Vec::new(),
            counts: HashMap::new(),
            random: seed.map_or_else(SplitMix64::from_system, SplitMix64),
        }
    }

    /// Adds these to the tokens' logits, always.
    #[must_use]
    pub fn with_bias(mut self, bias: &[(u32, f32)]) -> Self {
        self.bias = bias.to_vec();
        self
    }

    /// Chooses a token and remembers it. `logits` is used as scratch space.
    pub fn choose(&mut self, logits: &mut [f32]) -> u32 {
        self.favour(logits);
        self.penalise(logits);
        let token = match self.sampling {
            Sampling::Greedy => likeliest(logits),
            Sampling::Random { temperature, top_p, top_k, min_p, .. } => {
                let cuts = Cuts { top_k, top_p, min_p: min_p.unwrap_or(0.0) };
                draw(logits, temperature, cuts, self.random.unit())
            }
        };
        *self.counts.entry(token).or_default() += 1;
        token
    }

    fn favour(&self, logits: &mut [f32]) {
        for &(token, bias) in &self.bias {
            if let Some(logit) = logits.get_mut(token as usize) {
                *logit += bias;
            }
        }
    }

    /// OpenAI's formula: logit - count * frequency - (count > 0) * presence.
    fn penalise(&self, logits: &mut [f32]) {
        if self.presence == 0.0 && self.frequency == 0.0 {
            return;
        }
        for (&token, &count) in &self.counts {
            if let Some(logit) = logits.get_mut(token as usize) {
                #[expect(clippy::cast_precision_loss, reason = "a count of tokens in one answer")]
                let count = count as f32;
                *logit -= count.mul_add(self.frequency, self.presence);
            }
        }
    }
}

fn likeliest(logits: &[f32]) -> u32 {
    let mut best = (0, f32::NEG_INFINITY);
    for (token, &logit) in (0..).zip(logits) {
        if logit > best.1 {
            best = (token, logit);
        }
    }
    best.0
}

/// Which tokens may be drawn: the `top_k` likeliest, at least `min_p` as likely as the likeliest, and of those
/// the fewest that together reach `top_p`.
#[derive(Debug, Clone, Copy)]
struct Cuts {
    top_k: Option<u32>,
    top_p: f64,
    min_p: f64,
}

/// Draws from the softmax at `temperature`; `unit` is uniform in 0..1.
fn draw(logits: &[f32], temperature: f64, cuts: Cuts, unit: f64) -> u32 {
    let Cuts { top_k, top_p, min_p } = cuts;
    let limit = top_k.map_or(logits.len(), |k| k.max(1) as usize).min(logits.len());
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if !highest.is_finite() {
        return likeliest(logits);
    }
    let weigh = |logit: f32| (f64::from(logit - highest) / temperature).exp();
    let mut candidates = (0..).zip(logits).map(|(token, &logit)| (token, weigh(logit))).collect::<Vec<(u32, f64)>>();
    let by_weight = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if limit < candidates.len() {
        candidates.select_nth_unstable_by(limit, by_weight);
        candidates.truncate(limit);
    }
    // The likeliest weighs 1. What is impossible weighs nothing and is never drawn.
    candidates.retain(|candidate| candidate.1 > 0.0 && candidate.1 >= min_p);
    let mut total: f64 = candidates.iter().map(|candidate| candidate.1).sum();
    if top_p < 1.0 {
        // What is a billionth of the whole cannot matter to the nucleus; sorting the rest is cheap.
        candidates.retain(|candidate| candidate.1 >= total * 1e-9);
        candidates.sort_unstable_by(by_weight);
        let mut sum = 0.0;
        let kept = candidates.iter().take_while(|candidate| {
            let wanted = sum < top_p * total;
            sum += candidate.1;
            wanted
        });
        let kept = kept.count().max(1);
        candidates.truncate(kept);
        total = candidates.iter().map(|candidate| candidate.1).sum();
    }
    let mut left = unit * total;
    for &(token, weight) in &candidates {
        left -= weight;
        if left < 0.0 {
            return token;
        }
    }
    candidates.last().map_or_else(|| likeliest(logits), |candidate| candidate.0)
}

/// SplitMix64 (Steele, Lea, Flood 2014): fast, and good enough to draw tokens. Not for secrets.
#[derive(Debug, Clone)]
struct SplitMix64(u64);

impl SplitMix64 {
    /// Seeded from the operating system, by way of the standard library's hash keys.
    fn from_system() -> Self {
        Self(RandomState::new().build_hasher().finish())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..1, 53 bits.
    fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let numerator = (self.next() >> 11) as f64;
        numerator / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(temperature: f64, top_p: f64, top_k: Option<u32>) -> Sampler {
        Sampler::new(Sampling::Random { temperature, top_p, top_k, min_p: None, seed: None }, 0.0, 0.0)
    }

    const fn cuts(top_p: f64, top_k: Option<u32>, min_p: f64) -> Cuts {
        Cuts { top_k, top_p, min_p }
    }

    #[test]
    fn a_bias_is_added_and_cannot_make_the_impossible_possible() {
        let mut sampler = Sampler::new(Sampling::Greedy, 0.0, 0.0).with_bias(&[(0, -100.0), (2, 100.0), (9, 5.0)]);
        assert_eq!(sampler.choose(&mut [5.0, 1.0, f32::NEG_INFINITY]), 1);
        assert_eq!(sampler.choose(&mut [5.0, 1.0, -90.0]), 2);
    }

    #[test]
    fn the_same_seed_draws_the_same_tokens() {
        let tokens = |seed| {
            let sampling = Sampling::Random { temperature: 1.0, top_p: 1.0, top_k: None, min_p: None, seed };
            let mut sampler = Sampler::new(sampling, 0.0, 0.0);
            (0..50).map(|_| sampler.choose(&mut [0.0; 100])).collect::<Vec<_>>()
        };
        assert_eq!(tokens(Some(7)), tokens(Some(7)));
        assert_ne!(tokens(Some(7)), tokens(Some(8)));
        assert_ne!(tokens(None), tokens(None));
    }

    #[test]
    fn greedy_takes_the_likeliest_and_the_first_of_equals() {
        let mut sampler = Sampler::new(Sampling::Greedy, 0.0, 0.0);
        assert_eq!(sampler.choose(&mut [0.0, 3.0, 3.0, 1.0]), 1);
        assert_eq!(sampler.choose(&mut [f32::NAN, -1.0, -2.0]), 1);
    }

    #[test]
    fn penalties_follow_the_formula() {
        let mut sampler = Sampler::new(Sampling::Greedy, 0.5, 0.25);
        // 2.0 stays ahead of 1.2 after one use (2.0 - 0.75), not after two (2.0 - 1.0).
        let logits = [2.0, 1.2];
        assert_eq!(sampler.choose(&mut logits.clone()), 0);
        assert_eq!(sampler.choose(&mut logits.clone()), 0);
        assert_eq!(sampler.choose(&mut logits.clone()), 1);
    }

    #[test]
    fn draws_follow_the_weights_and_the_cuts() {
        // Weights 1 : 3 at temperature 1; the draw is a function of `unit`.
        let logits = [0.0_f32, 3.0_f32.ln()];
        assert_eq!(draw(&logits, 1.0, cuts(1.0, None, 0.0), 0.24), 0);
        assert_eq!(draw(&logits, 1.0, cuts(1.0, None, 0.0), 0.26), 1);
        assert_eq!(draw(&logits, 1.0, cuts(1.0, Some(1), 0.0), 0.99), 1);
        assert_eq!(draw(&logits, 1.0, cuts(0.5, None, 0.0), 0.99), 1);
        assert_eq!(draw(&logits, 1.0, cuts(1.0, None, 0.3), 0.1), 0);
        assert_eq!(draw(&logits, 1.0, cuts(1.0, None, 0.4), 0.1), 1);
        assert_eq!(draw(&logits, 1.0, cuts(1.0, None, 1.0), 0.1), 1);
        assert_eq!(draw(&[f32::NEG_INFINITY; 3], 1.0, cuts(0.5, None, 0.0), 0.5), 0);
        assert_eq!(draw(&[0.0, f32::NEG_INFINITY], 1.0, cuts(1.0, None, 0.0), 1.0), 0);
        let mut sampler = random(1.0, 0.95, Some(2));
        for _ in 0..200 {
            assert_ne!(sampler.choose(&mut [0.0, 1.0, 0.9]), 0);
        }
    }

    #[test]
    fn frequencies_come_out_right() {
        let mut sampler = random(1.0, 1.0, None);
        let ones = (0..4000).filter(|_| sampler.choose(&mut [0.0, 3.0_f32.ln()]) == 1).count();
        assert!((2800..3200).contains(&ones), "{ones}");
    }
}
