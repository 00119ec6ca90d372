//! The policies a tenant has had: each names its predecessor's hash, so that a reader of the history can tell
//! whether one is missing or was changed afterwards.
//!
//! Left out on purpose: the first policy, which nobody proposed (it comes with the tenant), and keeping the history.

use serde::{Deserialize, Serialize};

use super::{Proposal, ResidencyPolicy};
use crate::{Sha256Digest, Timestamp, ids::UserId};

/// A policy that came into force, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enacted {
    /// The policy.
    pub policy: ResidencyPolicy,
    /// [`ResidencyPolicy::hash`] of the one before.
    pub replaces: Sha256Digest,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Who approved it, in that order.
    pub approvals: Vec<UserId>,
    /// Why.
    pub reason: String,
    /// From when it was to be in force.
    pub effective_at: Timestamp,
    /// Since when it is in force: never before `effective_at`.
    pub enacted_at: Timestamp,
}

/// Why a proposal does not come into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotEnacted {
    /// Nobody but the proposer stands behind it.
    #[error("a second person must approve it first")]
    Unapproved,
    /// Its date is still to come.
    #[error("it takes effect at {0}")]
    Early(Timestamp),
    /// It was made for another version: applied now, it would undo a change its approvers never saw.
    #[error("it is version {proposed}, which does not come next after version {current}, the one in force")]
    Stale {
        /// The version it carries.
        proposed: u32,
        /// The version in force.
        current: u32,
    },
}

/// Where a history does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {entry} of the history does not follow what stands before it")]
pub struct Broken {
    /// Counted from 0.
    pub entry: usize,
}

impl Proposal {
    /// Makes the proposal the policy in force, as of `now`, in the place of `current`.
    ///
    /// # Errors
    /// `Unapproved`, `Early`, or `Stale` unless its version is the one after `current`'s.
    pub fn enact(&self, current: &ResidencyPolicy, now: Timestamp) -> Result<Enacted, NotEnacted> {
        if !self.approved() {
            return Err(NotEnacted::Unapproved);
        }
        if !self.ready(now) {
            return Err(NotEnacted::Early(self.effective_at()));
        }
        let (proposed, current_version) = (self.policy().version, current.version);
        if current_version.checked_add(1) != Some(proposed) {
            return Err(NotEnacted::Stale { proposed, current: current_version });
        }
        Ok(Enacted {
            policy: self.policy().clone(),
            replaces: current.hash(),
            proposed_by: self.proposed_by(),
            approvals: self.approvals().to_vec(),
            reason: self.reason().to_owned(),
            effective_at: self.effective_at(),
            enacted_at: now,
        })
    }
}

/// Checks that each entry of `history`, the oldest first, follows the one before it, and the first one `first`:
/// hash, version, two people, and time.
///
/// # Errors
/// The first entry that does not.
pub fn follows(first: &ResidencyPolicy, history: &[Enacted]) -> Result<(), Broken> {
    let (mut before, mut since) = (first, None);
    for (entry, step) in history.iter().enumerate() {
        let others = step.approvals.iter().any(|by| *by != step.proposed_by);
        let holds = step.replaces == before.hash()
            && Some(step.policy.version) == before.version.checked_add(1)
            && others
            && step.enacted_at >= step.effective_at
            && since.is_none_or(|since| step.enacted_at >= since);
        if !holds {
            return Err(Broken { entry });
        }
        (before, since) = (&step.policy, Some(step.enacted_at));
    }
    Ok(())
}

/// The entry of `history`, the oldest first, that was in force at `at`; none while it was still the first policy.
#[must_use]
pub fn in_force(history: &[Enacted], at: Timestamp) -> Option<&Enacted> {
    history.iter().rev().find(|step| step.enacted_at <= at)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ids::PrefixedId as _, residency::Classification};

    const fn at(micros: i64) -> Timestamp {
        Timestamp::from_unix_micros(micros)
    }

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    fn proposal(version: u32, effective: i64) -> Proposal {
        let policy = ResidencyPolicy { version, ..ResidencyPolicy::nothing(Classification::Internal) };
        Proposal::new(policy, user(1), "why".into(), at(effective)).unwrap()
    }

    #[test]
    fn a_proposal_comes_into_force_once_and_in_turn() {
        let first = ResidencyPolicy::nothing(Classification::Public);
        let (mut second, mut rival) = (proposal(2, 10), proposal(2, 10));
        assert_eq!(second.enact(&first, at(10)), Err(NotEnacted::Unapproved));
        second.approve(user(2)).unwrap();
        rival.approve(user(2)).unwrap();
        assert_eq!(second.enact(&first, at(9)), Err(NotEnacted::Early(at(10))));
        let enacted = second.enact(&first, at(12)).unwrap();
        assert_eq!(rival.enact(&enacted.policy, at(12)), Err(NotEnacted::Stale { proposed: 2, current: 2 }));
        let last = ResidencyPolicy { version: u32::MAX, ..first.clone() };
        let mut again = proposal(u32::MAX, 0);
        again.approve(user(2)).unwrap();
        assert!(again.enact(&last, at(1)).is_err(), "versions never repeat");
    }

    #[test]
    fn a_history_with_a_gap_or_a_change_is_noticed() {
        let first = ResidencyPolicy::nothing(Classification::Public);
        let mut history: Vec<Enacted> = Vec::new();
        for version in 2..=4 {
            let mut next = proposal(version, i64::from(version) * 10);
            next.approve(user(2)).unwrap();
            let current = history.last().map_or(&first, |step| &step.policy);
            let enacted = next.enact(current, at(i64::from(version) * 10 + 1)).unwrap();
            history.push(enacted);
        }
        assert_eq!(follows(&first, &history), Ok(()));
        let versions = [20, 21, 31, 40, 99].map(|t| in_force(&history, at(t)).map(|step| step.policy.version));
        assert_eq!(versions, [None, Some(2), Some(3), Some(3), Some(4)]);

        let broken = |entry, change: fn(&mut Vec<Enacted>)| {
            let mut history = history.clone();
            change(&mut history);
            assert_eq!(follows(&first, &history), Err(Broken { entry }));
        };
        broken(1, |history| drop(history.remove(1)));
        broken(1, |history| history[0].policy.ceiling = Classification::Restricted);
        broken(2, |history| history[2].approvals = vec![user(1)]);
        broken(2, |history| history[2].enacted_at = at(5));
        broken(0, |history| history[0].enacted_at = at(15));
    }
}
