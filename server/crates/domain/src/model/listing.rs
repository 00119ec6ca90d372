//! What the house decided about a model, apart from what the model is: who may use it, for what, and who stood behind
//! putting it to work.
//!
//! A listing speaks of weights by their digest, so a promotion is of these bytes and of no others under the same name.
//! Left out on purpose: who may decide (permissions), whether two people are needed (the operator's configuration), and
//! recording each step.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Sha256Digest, Timestamp,
    ids::{TenantId, UserId},
    residency::Classification,
    tenant::ModelName,
};

/// The longest reason for a promotion, in characters: it goes into an audit record.
pub const REASON_MAX: usize = 1000;
/// The most tenants one listing names.
pub const TENANTS_MAX: usize = 1000;

/// How far a model has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case", deny_unknown_fields)]
pub enum Stage {
    /// In the store. Whether it serves is up to the configuration.
    #[default]
    Imported,
    /// One person wants it in production.
    Proposed {
        /// Which weights.
        weights: Sha256Digest,
        /// Who.
        by: UserId,
        /// Why.
        reason: String,
        /// When.
        at: Timestamp,
    },
    /// Two people want it there.
    Production {
        /// Which weights.
        weights: Sha256Digest,
        /// Who proposed it.
        proposed_by: UserId,
        /// Who approved it: somebody else.
        approved_by: UserId,
        /// When that was.
        at: Timestamp,
    },
    /// Taken out of service; it can be proposed again.
    Retired,
}

/// A step that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromotionError {
    /// No reason, too long a one, or one with control characters other than line breaks.
    #[error("a reason of 1 to {REASON_MAX} characters is needed, without control characters")]
    Reason,
    /// The proposer is one person already; the second must be somebody else.
    #[error("you proposed it yourself; somebody else must approve")]
    OwnProposal,
    /// It is not where this step begins.
    #[error("the model is {0}, so this cannot be done now")]
    Stage(&'static str),
    /// The weights in the store are not those that were proposed.
    #[error("the weights in the store are not those that were proposed; propose them again")]
    OtherWeights,
}

impl Stage {
    /// The spelling in JSON and records.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Proposed { .. } => "proposed",
            Self::Production { .. } => "production",
            Self::Retired => "retired",
        }
    }

    /// The stage after somebody proposed `weights` for production.
    ///
    /// # Errors
    /// `Reason`; `Stage` if it is proposed or in production already.
    pub fn propose(
        &self,
        weights: Sha256Digest,
        by: UserId,
        reason: &str,
        at: Timestamp,
    ) -> Result<Self, PromotionError> {
        let unclean = reason.chars().any(|c| c.is_control() && c != '\n');
        if reason.trim().is_empty() || unclean || reason.chars().nth(REASON_MAX).is_some() {
            return Err(PromotionError::Reason);
        }
        match self {
            Self::Imported | Self::Retired => Ok(Self::Proposed { weights, by, reason: reason.to_owned(), at }),
            // Other weights than those promoted: they have to be promoted themselves.
            Self::Production { weights: old, .. } if *old != weights => {
                Ok(Self::Proposed { weights, by, reason: reason.to_owned(), at })
            }
            Self::Proposed { .. } | Self::Production { .. } => Err(PromotionError::Stage(self.as_str())),
        }
    }

    /// The stage after `by` approved what was proposed. `weights` are those in the store now.
    ///
    /// # Errors
    /// `OwnProposal`, `OtherWeights`; `Stage` if nothing is proposed.
    pub fn approve(&self, weights: Sha256Digest, by: UserId, at: Timestamp) -> Result<Self, PromotionError> {
        match self {
            Self::Proposed { by: proposer, .. } if *proposer == by => Err(PromotionError::OwnProposal),
            Self::Proposed { weights: proposed, .. } if *proposed != weights => Err(PromotionError::OtherWeights),
            Self::Proposed { by: proposed_by, .. } => {
                Ok(Self::Production { weights, proposed_by: *proposed_by, approved_by: by, at })
            }
            other => Err(PromotionError::Stage(other.as_str())),
        }
    }

    /// The stage after the model was taken out of service.
    ///
    /// # Errors
    /// `Stage` if it is already.
    pub const fn retire(&self) -> Result<Self, PromotionError> {
        match self {
            Self::Retired => Err(PromotionError::Stage(self.as_str())),
            Self::Imported | Self::Proposed { .. } | Self::Production { .. } => Ok(Self::Retired),
        }
    }

    /// The stage after a proposal was taken back.
    ///
    /// # Errors
    /// `Stage` if nothing is proposed.
    pub const fn withdraw(&self) -> Result<Self, PromotionError> {
        match self {
            Self::Proposed { .. } => Ok(Self::Imported),
            other => Err(PromotionError::Stage(other.as_str())),
        }
    }
}

/// Who may use a model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every tenant.
    #[default]
    Everyone,
    /// These tenants; to others there is no such model.
    Only(BTreeSet<TenantId>),
}

impl Audience {
    /// Whether `tenant` may use it.
    #[must_use]
    pub fn has(&self, tenant: TenantId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(tenants) => tenants.contains(&tenant),
        }
    }
}

/// What was decided about one model. A model nobody decided about has [`Listing::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// How far it has come.
    pub stage: Stage,
    /// The most sensitive content it may be given; none is no ceiling of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Classification>,
    /// Who may use it.
    #[serde(default)]
    pub audience: Audience,
    /// Whether a worker is to hold it.
    pub loaded: bool,
}

impl Default for Listing {
    fn default() -> Self {
        Self { stage: Stage::Imported, ceiling: None, audience: Audience::Everyone, loaded: true }
    }
}

impl Listing {
    /// Whether a model with these weights may serve. `two_people` is whether the house wants two people behind it.
    #[must_use]
    pub fn serves(&self, weights: Sha256Digest, two_people: bool) -> bool {
        match &self.stage {
            Stage::Production { weights: promoted, .. } => *promoted == weights,
            Stage::Retired => false,
            Stage::Imported | Stage::Proposed { .. } => !two_people,
        }
    }
}

/// What an alias stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alias {
    /// The model it means.
    pub model: ModelName,
    /// Another one that is tried on a share of the requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary: Option<Canary>,
}

/// A second model behind an alias.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// Which.
    pub model: ModelName,
    /// How many of a hundred requests it gets, 1 to 99.
    pub percent: u8,
}

impl Alias {
    /// The model for one request; `draw` is uniform in 0..100.
    #[must_use]
    pub fn pick(&self, draw: u8) -> &ModelName {
        match &self.canary {
            Some(canary) if draw < canary.percent => &canary.model,
            _ => &self.model,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(n: u128) -> UserId {
        use crate::ids::PrefixedId as _;
        UserId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn two_people_are_needed_for_these_very_weights() {
        let (weights, others) = (Sha256Digest::from_bytes([1; 32]), Sha256Digest::from_bytes([2; 32]));
        let now = Timestamp::from_unix_micros(1_000_000);
        let mut listing = Listing::default();
        assert!(listing.serves(weights, false) && !listing.serves(weights, true));
        assert_eq!(listing.stage.approve(weights, user(2), now), Err(PromotionError::Stage("imported")));
        assert_eq!(listing.stage.propose(weights, user(1), " ", now), Err(PromotionError::Reason));
        listing.stage = listing.stage.propose(weights, user(1), "evaluated in May", now).unwrap();
        assert!(!listing.serves(weights, true), "one person is one person");
        assert_eq!(listing.stage.approve(weights, user(1), now), Err(PromotionError::OwnProposal));
        assert_eq!(listing.stage.approve(others, user(2), now), Err(PromotionError::OtherWeights));
        listing.stage = listing.stage.approve(weights, user(2), now).unwrap();
        assert!(listing.serves(weights, true) && !listing.serves(others, true));
        assert_eq!(listing.stage.propose(weights, user(3), "again", now), Err(PromotionError::Stage("production")));
        assert!(listing.stage.propose(others, user(3), "the next version", now).is_ok());
        let text = serde_json::to_string(&listing).unwrap();
        assert_eq!(serde_json::from_str::<Listing>(&text).unwrap(), listing);
        listing.stage = Stage::Retired;
        assert!(!listing.serves(weights, false));
    }

    #[test]
    fn a_canary_gets_its_share() {
        let name = |text: &str| text.parse::<ModelName>().unwrap();
        let canary = Some(Canary { model: name("next"), percent: 10 });
        let alias = Alias { model: name("this"), canary };
        assert_eq!((0..100).filter(|&draw| alias.pick(draw) == &name("next")).count(), 10);
    }
}
