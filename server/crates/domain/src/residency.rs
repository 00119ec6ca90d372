//! Places, policies and the decision between them. Unset means deny.
//!
//! Thin for now: the two purposes the house already has (processing and storing). The other purposes of
//! the design (backup, export, telemetry, administration, keys) become variants of [`Purpose`] and fields
//! of [`ResidencyPolicy`] when their sinks exist.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Sha256Digest;

/// How sensitive content is; ordered, so a ceiling is a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// May be published.
    Public,
    /// For staff.
    Internal,
    /// Harm if disclosed.
    Confidential,
    /// Serious harm if disclosed.
    Restricted,
}

/// Where something stands: a node, a disk, a database.
///
/// Members stand in the order of their names: an audit record's bytes depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The most sensitive content the place may hold.
    pub ceiling: Classification,
    /// Whose law applies: ISO 3166-1 alpha-2, for example `IT`.
    pub jurisdiction: String,
    /// The region it lies in, for example `eu-south-1` or `Lombardia`.
    pub region: String,
    /// The building or data hall; what policies name.
    pub site: String,
}

/// What is to be done with content at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Run a model over it.
    Process,
    /// Keep it.
    Store,
}

/// A tenant's rules: the sites allowed for each purpose, and its classification ceiling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidencyPolicy {
    /// Counts up with each change.
    pub version: u32,
    /// Sites that may run models over the tenant's content.
    #[serde(default)]
    pub process: BTreeSet<String>,
    /// Sites that may keep the tenant's content.
    #[serde(default)]
    pub store: BTreeSet<String>,
    /// The most sensitive content the tenant may bring.
    pub ceiling: Classification,
}

/// The answer of [`ResidencyPolicy::decide`], recorded with every request.
///
/// Members stand in the order of their names: an audit record's bytes depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Whether it may happen.
    pub allowed: bool,
    /// [`ResidencyPolicy::hash`] at the time.
    pub policy_hash: Sha256Digest,
    /// [`ResidencyPolicy::version`] at the time.
    pub policy_version: u32,
    /// The rule that decided, for people and for the record.
    pub rule: String,
}

impl ResidencyPolicy {
    /// The policy a tenant starts with: its own appliance's site and nothing else.
    #[must_use]
    pub fn only(place: &Place) -> Self {
        Self {
            version: 1,
            process: BTreeSet::from([place.site.clone()]),
            store: BTreeSet::from([place.site.clone()]),
            ceiling: place.ceiling,
        }
    }

    /// SHA-256 of the policy's JSON (fields in declaration order, sets sorted).
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        Sha256Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// Whether content of `class` may be used for `purpose` at `place`. Pure; unset is deny.
    #[must_use]
    pub fn decide(&self, purpose: Purpose, place: &Place, class: Classification) -> Decision {
        let (allowed_sites, name) = match purpose {
            Purpose::Process => (&self.process, "process"),
            Purpose::Store => (&self.store, "store"),
        };
        let (allowed, rule) = if !allowed_sites.contains(&place.site) {
            (false, format!("{name}: site {} is not in the tenant's list", place.site))
        } else if class > self.ceiling {
            (false, format!("ceiling: {class:?} is above the tenant's {:?}", self.ceiling))
        } else if class > place.ceiling {
            (false, format!("ceiling: {class:?} is above site {}'s {:?}", place.site, place.ceiling))
        } else {
            (true, format!("{name}: site {} is in the tenant's list", place.site))
        };
        Decision { allowed, rule, policy_version: self.version, policy_hash: self.hash() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(site: &str) -> Place {
        Place { site: site.into(), region: "r".into(), jurisdiction: "IT".into(), ceiling: Classification::Internal }
    }

    #[test]
    fn unset_is_deny_and_ceilings_hold() {
        let policy = ResidencyPolicy::only(&place("roma"));
        assert!(policy.decide(Purpose::Process, &place("roma"), Classification::Public).allowed);
        assert!(!policy.decide(Purpose::Process, &place("milano"), Classification::Public).allowed);
        assert!(!policy.decide(Purpose::Store, &place("roma"), Classification::Restricted).allowed);
        let empty = ResidencyPolicy { process: BTreeSet::new(), ..policy.clone() };
        assert!(!empty.decide(Purpose::Process, &place("roma"), Classification::Public).allowed);
        assert_ne!(empty.hash(), policy.hash());
    }
}
