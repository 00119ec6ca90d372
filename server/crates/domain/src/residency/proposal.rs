//! A policy on its way: proposed by one person, approved by another, in force from a date.
//!
//! A proposal cannot be edited, so an approval is always of the policy that comes into force. Left out on purpose:
//! who may propose and approve (permissions), which changes need it at all ([`ResidencyPolicy::loosens`] helps to
//! say), and recording each step.

use serde::{Deserialize, Serialize};

use super::{PolicyFault, Purpose, ResidencyPolicy};
use crate::{Timestamp, ids::UserId};

/// A proposed policy and who stands behind it.
///
/// Always holds: the policy passes [`ResidencyPolicy::check`], the reason says something, the proposer is not among
/// those who approved, and nobody approved twice. Reading one from JSON checks the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Proposal {
    policy: ResidencyPolicy,
    proposed_by: UserId,
    reason: String,
    effective_at: Timestamp,
    approvals: Vec<UserId>,
}

/// A proposal or an approval that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// The policy has faulty rules; the first is shown.
    #[error("{}", .0.first().map(ToString::to_string).unwrap_or_default())]
    Policy(Vec<PolicyFault>),
    /// More rules than one record could tell of.
    #[error("a policy has at most {max} rules, not {count}", max = Proposal::RULES_MAX)]
    TooManyRules {
        /// How many there are.
        count: usize,
    },
    /// No reason, too long a one, or one with control characters other than line breaks.
    #[error("a reason of 1 to {} characters is needed, without control characters", Proposal::REASON_MAX)]
    Reason,
    /// The proposer is one person already; the second must be somebody else.
    #[error("{0} proposed it; somebody else must approve")]
    OwnProposal(UserId),
    /// The same person twice is still one person.
    #[error("{0} has approved it already")]
    AlreadyApproved(UserId),
}

impl Proposal {
    /// How many people besides the proposer must approve.
    pub const APPROVALS: usize = 1;
    /// The most rules, of all purposes together: what changes must fit into one audit record.
    pub const RULES_MAX: usize = 64;
    /// The longest reason, in characters: it goes into an audit record.
    pub const REASON_MAX: usize = 1000;

    /// A proposal nobody has approved yet. `effective_at` may be in the past: then it waits for the approval only.
    ///
    /// # Errors
    /// As [`Proposal::may_hold`], and `Reason` for a blank or overlong reason.
    pub fn new(
        policy: ResidencyPolicy,
        proposed_by: UserId,
        reason: String,
        effective_at: Timestamp,
    ) -> Result<Self, ProposalError> {
        Self::may_hold(&policy)?;
        let unclean = reason.chars().any(|c| c.is_control() && c != '\n');
        if reason.trim().is_empty() || unclean || reason.chars().nth(Self::REASON_MAX).is_some() {
            return Err(ProposalError::Reason);
        }
        Ok(Self { policy, proposed_by, reason, effective_at, approvals: Vec::new() })
    }

    /// Whether a policy can be proposed at all.
    ///
    /// # Errors
    /// `Policy` for faulty rules, `TooManyRules` for more than [`Proposal::RULES_MAX`].
    pub fn may_hold(policy: &ResidencyPolicy) -> Result<(), ProposalError> {
        policy.check().map_err(ProposalError::Policy)?;
        let count = Purpose::ALL.into_iter().map(|purpose| policy.rules(purpose).len()).sum();
        if count > Self::RULES_MAX { Err(ProposalError::TooManyRules { count }) } else { Ok(()) }
    }

    /// Adds an approval.
    ///
    /// # Errors
    /// `OwnProposal` for the proposer, `AlreadyApproved` for somebody who did.
    pub fn approve(&mut self, by: UserId) -> Result<(), ProposalError> {
        if by == self.proposed_by {
            return Err(ProposalError::OwnProposal(by));
        }
        if self.approvals.contains(&by) {
            return Err(ProposalError::AlreadyApproved(by));
        }
        self.approvals.push(by);
        Ok(())
    }

    /// Whether enough people approved.
    #[must_use]
    pub fn approved(&self) -> bool {
        self.approvals.len() >= Self::APPROVALS
    }

    /// Whether it may come into force: approved, and its date has come.
    #[must_use]
    pub fn ready(&self, now: Timestamp) -> bool {
        self.approved() && now >= self.effective_at
    }

    /// What is proposed.
    #[must_use]
    pub const fn policy(&self) -> &ResidencyPolicy {
        &self.policy
    }

    /// Who proposed it.
    #[must_use]
    pub const fn proposed_by(&self) -> UserId {
        self.proposed_by
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// From when it is to be in force.
    #[must_use]
    pub const fn effective_at(&self) -> Timestamp {
        self.effective_at
    }

    /// Who approved it, in that order.
    #[must_use]
    pub fn approvals(&self) -> &[UserId] {
        &self.approvals
    }
}

/// The JSON, before anything is known of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    policy: ResidencyPolicy,
    proposed_by: UserId,
    reason: String,
    effective_at: Timestamp,
    approvals: Vec<UserId>,
}

impl TryFrom<Stored> for Proposal {
    type Error = ProposalError;
    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { policy, proposed_by, reason, effective_at, approvals } = stored;
        let mut proposal = Self::new(policy, proposed_by, reason, effective_at)?;
        approvals.into_iter().try_for_each(|by| proposal.approve(by))?;
        Ok(proposal)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{ids::PrefixedId as _, residency::Classification};

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    fn proposal(reason: &str) -> Result<Proposal, ProposalError> {
        let policy = ResidencyPolicy::nothing(Classification::Internal);
        Proposal::new(policy, user(1), reason.to_owned(), Timestamp::from_unix_micros(100))
    }

    #[test]
    fn it_takes_a_second_person_and_the_date() {
        let (before, on) = (Timestamp::from_unix_micros(99), Timestamp::from_unix_micros(100));
        let mut proposal = proposal("a new data hall").unwrap();
        assert_eq!(proposal.approve(user(1)), Err(ProposalError::OwnProposal(user(1))));
        assert!(!proposal.ready(on), "one person is not two");
        assert_eq!(proposal.approve(user(2)), Ok(()));
        assert_eq!(proposal.approve(user(2)), Err(ProposalError::AlreadyApproved(user(2))));
        assert_eq!(proposal.approve(user(1)), Err(ProposalError::OwnProposal(user(1))));
        assert_eq!(proposal.approvals(), [user(2)]);
        assert!(!proposal.ready(before) && proposal.ready(on));
    }

    #[test]
    fn a_proposal_says_why_and_has_no_faulty_rule() {
        for wrong in ["", " \n", "a\0", &"x".repeat(1001)] {
            assert_eq!(proposal(wrong), Err(ProposalError::Reason), "{wrong}");
        }
        let mut policy = ResidencyPolicy::nothing(Classification::Internal);
        policy.keys.insert(crate::residency::Allowed::Site(String::new()));
        let error = Proposal::new(policy, user(1), "why".into(), Timestamp::from_unix_micros(0)).unwrap_err();
        assert_eq!(error.to_string(), "keys: site is empty");
    }

    #[test]
    fn a_policy_of_more_rules_than_a_record_holds_is_refused() {
        let rules = |count: usize| (0..count).map(|n| crate::residency::Allowed::Site(format!("site-{n}")));
        let mut policy = ResidencyPolicy::nothing(Classification::Internal);
        policy.process.extend(rules(Proposal::RULES_MAX));
        let propose = |policy| Proposal::new(policy, user(1), "why".into(), Timestamp::from_unix_micros(0));
        assert!(propose(policy.clone()).is_ok());
        policy.store.extend(rules(1));
        assert_eq!(propose(policy), Err(ProposalError::TooManyRules { count: Proposal::RULES_MAX + 1 }));
    }

    #[test]
    fn json_cannot_say_what_calls_cannot_do() {
        let mut proposal = proposal("why").unwrap();
        proposal.approve(user(2)).unwrap();
        let json = serde_json::to_value(&proposal).unwrap();
        assert_eq!(serde_json::from_value::<Proposal>(json.clone()).unwrap(), proposal);
        for approvals in [vec![user(1)], vec![user(2), user(2)]] {
            let mut forged = json.clone();
            forged["approvals"] = serde_json::to_value(approvals).unwrap();
            assert!(serde_json::from_value::<Proposal>(forged).is_err());
        }
    }
}
