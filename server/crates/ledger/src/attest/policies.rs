//! The policies in force, as a report holds them and as they are understood.
//!
//! [`Policies`] is what is written: each policy as the text its SHA-256 is of, so that checking the hash needs no
//! knowledge of policies. [`History`] is what is understood: hashes right, and each policy following the one before.

use std::collections::HashMap;

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::UserId,
    residency::{Broken, Enacted, ResidencyPolicy, follows},
};
use serde::{Deserialize, Serialize};

use super::period::{MARGIN, Period};

/// The policies as written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policies {
    /// The policy in force when the period began (or somewhat before).
    pub first: FirstPolicy,
    /// Those that came into force after it, oldest first.
    pub later: Vec<PolicyStep>,
}

/// The policy a history begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstPolicy {
    /// SHA-256 of `text`.
    pub hash: Sha256Digest,
    /// The policy's JSON.
    pub text: String,
}

/// A policy that came into force, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyStep {
    /// Who approved it.
    pub approvals: Vec<UserId>,
    /// From when it was to be in force.
    pub effective_at: Timestamp,
    /// Since when it is in force.
    pub enacted_at: Timestamp,
    /// SHA-256 of `text`.
    pub hash: Sha256Digest,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Why.
    pub reason: String,
    /// The hash of the policy before it.
    pub replaces: Sha256Digest,
    /// The policy's JSON.
    pub text: String,
}

/// Why a history cannot be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BrokenHistory {
    /// The text is not a policy in its one form, or not of the hash beside it. Counted from 0, the first policy.
    #[error("policy {0} of the history is not the policy of its hash")]
    NotThePolicy(usize),
    /// One does not follow what stands before it.
    #[error(transparent)]
    Gap(#[from] Broken),
}

/// The policies in force during a period: each one follows the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    first: ResidencyPolicy,
    later: Vec<Enacted>,
}

impl History {
    /// A history that begins with `first`.
    ///
    /// # Errors
    /// If an entry does not follow the one before it.
    pub fn new(first: ResidencyPolicy, later: Vec<Enacted>) -> Result<Self, Broken> {
        follows(&first, &later).map(|()| Self { first, later })
    }

    /// What of a tenant's whole history a report on `period` needs: `first` is the policy the tenant began with,
    /// `all` every one since.
    ///
    /// # Errors
    /// If an entry does not follow the one before it.
    pub fn during(period: &Period, first: &ResidencyPolicy, all: &[Enacted]) -> Result<Self, Broken> {
        follows(first, all)?;
        // A decision may be recorded somewhat later than the policy it was made under.
        let begin = all.iter().take_while(|step| step.enacted_at <= period.evidence_from()).count();
        let (before, since) = all.split_at(begin);
        let first = before.last().map_or(first, |step| &step.policy);
        let later = since.iter().take_while(|step| step.enacted_at <= period.evidence_to());
        Ok(Self { first: first.clone(), later: later.cloned().collect() })
    }

    /// The policy it begins with.
    #[must_use]
    pub const fn first(&self) -> &ResidencyPolicy {
        &self.first
    }

    /// Those that came into force after it, oldest first.
    #[must_use]
    pub fn later(&self) -> &[Enacted] {
        &self.later
    }

    /// By hash: each policy, and since when and until when, if it tells, it was in force, with the margin that
    /// records are given.
    pub(super) fn by_hash(&self) -> HashMap<Sha256Digest, InForce<'_>> {
        let starts = self.later.iter().map(|step| Some(step.enacted_at.minus(MARGIN)));
        let ends = self.later.iter().map(|step| Some(step.enacted_at.plus(MARGIN)));
        let policies = std::iter::once(&self.first).chain(self.later.iter().map(|step| &step.policy));
        let spans = std::iter::once(None).chain(starts).zip(ends.chain([None]));
        // Versions count up, so no two are the same.
        policies.zip(spans).map(|(policy, (since, until))| (policy.hash(), InForce { policy, since, until })).collect()
    }
}

/// A policy, and when it was in force.
#[derive(Debug, Clone, Copy)]
pub(super) struct InForce<'a> {
    pub(super) policy: &'a ResidencyPolicy,
    pub(super) since: Option<Timestamp>,
    pub(super) until: Option<Timestamp>,
}

fn text_of(policy: &ResidencyPolicy) -> String {
    // What `ResidencyPolicy::hash` hashes: numbers, names and lists of texts, in which there is nothing to fail.
    serde_json::to_string(policy).unwrap_or_default()
}

/// The policy, if the text is its one form and of this hash.
fn policy_of(text: &str, hash: Sha256Digest) -> Option<ResidencyPolicy> {
    let policy: ResidencyPolicy = serde_json::from_str(text).ok()?;
    (text_of(&policy) == text && policy.hash() == hash).then_some(policy)
}

impl From<&History> for Policies {
    fn from(history: &History) -> Self {
        let later = history.later.iter().map(|step| PolicyStep {
            approvals: step.approvals.clone(),
            effective_at: step.effective_at,
            enacted_at: step.enacted_at,
            hash: step.policy.hash(),
            proposed_by: step.proposed_by,
            reason: step.reason.clone(),
            replaces: step.replaces,
            text: text_of(&step.policy),
        });
        let first = FirstPolicy { hash: history.first.hash(), text: text_of(&history.first) };
        Self { first, later: later.collect() }
    }
}

impl Policies {
    /// The history they are.
    ///
    /// # Errors
    /// If a text is not the policy of its hash, or a policy does not follow the one before it.
    pub fn history(&self) -> Result<History, BrokenHistory> {
        let first = policy_of(&self.first.text, self.first.hash).ok_or(BrokenHistory::NotThePolicy(0))?;
        let mut later = Vec::with_capacity(self.later.len());
        for (number, step) in (1..).zip(&self.later) {
            later.push(Enacted {
                policy: policy_of(&step.text, step.hash).ok_or(BrokenHistory::NotThePolicy(number))?,
                replaces: step.replaces,
                proposed_by: step.proposed_by,
                approvals: step.approvals.clone(),
                reason: step.reason.clone(),
                effective_at: step.effective_at,
                enacted_at: step.enacted_at,
            });
        }
        Ok(History::new(first, later)?)
    }
}
