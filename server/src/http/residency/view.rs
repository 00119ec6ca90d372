//! How policies, proposals and trials look from outside.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{PolicyProposalId, UserId},
    residency::{Change, DryRun, Place, ProposalState, ResidencyPolicy, WouldRefuse},
};
use leeward_store::{PolicyProposal, PolicyVersion};
use serde::Serialize;
use utoipa::ToSchema;

/// The policy in force.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct InForce {
    #[schema(value_type = Object)]
    policy: ResidencyPolicy,
    /// What audit records name it by.
    #[schema(value_type = String)]
    hash: Sha256Digest,
    /// Null for the first, which came with the tenant.
    #[schema(value_type = Option<String>)]
    in_force_since: Option<Timestamp>,
    /// Where this appliance stands.
    #[schema(value_type = Object)]
    place: Place,
}

impl InForce {
    pub(super) fn new(policy: &ResidencyPolicy, in_force_since: Option<Timestamp>, place: &Place) -> Self {
        Self { policy: policy.clone(), hash: policy.hash(), in_force_since, place: place.clone() }
    }
}

/// A policy there has been, or is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    #[schema(value_type = Object)]
    policy: ResidencyPolicy,
    #[schema(value_type = String)]
    hash: Sha256Digest,
    /// The hash of the one before. This and all below is absent for the first, which nobody proposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    replaces: Option<Sha256Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    proposed_by: Option<UserId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    approvals: Vec<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    effective_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    enacted_at: Option<Timestamp>,
}

impl Version {
    /// A policy that nobody proposed.
    pub(super) fn first(policy: ResidencyPolicy) -> Self {
        let (replaces, proposed_by, reason) = (None, None, None);
        let (effective_at, enacted_at, approvals) = (None, None, Vec::new());
        Self { hash: policy.hash(), policy, replaces, proposed_by, approvals, reason, effective_at, enacted_at }
    }
}

impl From<PolicyVersion> for Version {
    fn from(version: PolicyVersion) -> Self {
        let Some(enacted) = version.enacted else { return Self::first(version.policy) };
        Self {
            hash: version.policy.hash(),
            policy: version.policy,
            replaces: Some(enacted.replaces),
            proposed_by: Some(enacted.proposed_by),
            approvals: enacted.approvals,
            reason: Some(enacted.reason),
            effective_at: Some(enacted.effective_at),
            enacted_at: Some(enacted.enacted_at),
        }
    }
}

/// What a policy would have answered to the questions of a period.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Trial {
    /// From this day on (its first instant, UTC).
    #[schema(value_type = String)]
    pub(super) from: Timestamp,
    #[schema(value_type = String)]
    pub(super) to: Timestamp,
    /// How many decisions would have stayed as they were: allowed.
    pub(super) allowed: u64,
    /// The others: one entry for each purpose, place and class, with the rule that would have refused.
    #[schema(value_type = Vec<Object>)]
    pub(super) refused: Vec<WouldRefuse>,
}

impl Trial {
    pub(super) fn new(from: Timestamp, to: Timestamp, DryRun { allowed, refused }: DryRun) -> Self {
        Self { from, to, allowed, refused }
    }
}

/// A trial of a policy that is not proposed yet, with what it would change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tried {
    #[serde(flatten)]
    pub(super) trial: Trial,
    /// What becomes of the policy in force.
    #[schema(value_type = Vec<Object>)]
    pub(super) changes: Vec<Change>,
    /// Whether it allows anything that the policy in force does not.
    pub(super) loosens: bool,
}

/// A proposal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Proposal {
    #[schema(value_type = String)]
    id: PolicyProposalId,
    /// `open`, `approved`, `enacted`, `withdrawn` or `superseded`.
    #[schema(value_type = String)]
    state: ProposalState,
    #[schema(value_type = Object)]
    policy: ResidencyPolicy,
    #[schema(value_type = String)]
    hash: Sha256Digest,
    /// What it changes of the policy that was in force when it was made.
    #[schema(value_type = Vec<Object>)]
    changes: Vec<Change>,
    /// Whether it allows anything that that one did not.
    loosens: bool,
    #[schema(value_type = String)]
    proposed_by: UserId,
    #[schema(value_type = Vec<String>)]
    approvals: Vec<UserId>,
    reason: String,
    #[schema(value_type = String)]
    effective_at: Timestamp,
    #[schema(value_type = String)]
    created_at: Timestamp,
    /// What it would have refused in the last 30 days; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_run: Option<Trial>,
}

impl Proposal {
    pub(super) fn new(kept: PolicyProposal, dry_run: Option<Trial>) -> Self {
        let (proposal, base) = (kept.proposal, kept.base);
        Self {
            id: kept.id,
            state: kept.state,
            policy: proposal.policy().clone(),
            hash: proposal.policy().hash(),
            changes: proposal.policy().changes_from(&base),
            loosens: proposal.policy().loosens(&base),
            proposed_by: proposal.proposed_by(),
            approvals: proposal.approvals().to_vec(),
            reason: proposal.reason().to_owned(),
            effective_at: proposal.effective_at(),
            created_at: kept.created_at,
            dry_run,
        }
    }
}
