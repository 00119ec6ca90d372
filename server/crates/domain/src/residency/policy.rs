//! A tenant's rules, and the bytes they are hashed as.
//!
//! Stored as JSON and named by hash in every audit record, so its form is for ever: a field may be added at the end
//! if it is left out while empty; none may move, go or change its spelling.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Allowed, Classification, Fault, Place, Purpose, Retention};
use crate::Sha256Digest;

/// A tenant's rules: the places allowed for each purpose, its classification ceiling, and how long data is kept.
///
/// A purpose without rules is denied everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResidencyPolicy {
    /// Counts up with each change.
    pub version: u32,
    /// Places that may run models over the tenant's content.
    #[serde(default)]
    pub process: BTreeSet<Allowed>,
    /// Places that may keep the tenant's content.
    #[serde(default)]
    pub store: BTreeSet<Allowed>,
    /// The most sensitive content the tenant may bring.
    pub ceiling: Classification,
    /// Places that may keep backups.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub back_up: BTreeSet<Allowed>,
    /// Places that content may be handed out to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub export: BTreeSet<Allowed>,
    /// Places that may receive measurements and traces.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub telemetry: BTreeSet<Allowed>,
    /// Places the appliance may be administered from.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub administer: BTreeSet<Allowed>,
    /// Places that may hold the keys.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub keys: BTreeSet<Allowed>,
    /// How long each class of data may be kept.
    #[serde(default, skip_serializing_if = "Retention::is_unset")]
    pub retention: Retention,
}

/// A rule whose name no well-described place has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{purpose}: {fault}")]
pub struct PolicyFault {
    /// The list the rule stands in.
    pub purpose: Purpose,
    /// What is wrong with it.
    pub fault: Fault,
}

impl ResidencyPolicy {
    /// The policy a tenant starts with: nothing leaves the site of its own appliance. Who may administer it, and from
    /// where, is left for the tenant to say.
    #[must_use]
    pub fn only(place: &Place) -> Self {
        let here = BTreeSet::from([Allowed::Site(place.site.clone())]);
        Self {
            process: here.clone(),
            store: here.clone(),
            back_up: here.clone(),
            export: here.clone(),
            telemetry: here.clone(),
            keys: here,
            ..Self::nothing(place.ceiling)
        }
    }

    /// Version 1 of a policy that allows nothing anywhere.
    #[must_use]
    pub const fn nothing(ceiling: Classification) -> Self {
        Self {
            version: 1,
            process: BTreeSet::new(),
            store: BTreeSet::new(),
            ceiling,
            back_up: BTreeSet::new(),
            export: BTreeSet::new(),
            telemetry: BTreeSet::new(),
            administer: BTreeSet::new(),
            keys: BTreeSet::new(),
            retention: Retention { conversations: None, audit_capture: None, backups: None, exports: None },
        }
    }

    /// The rules for `purpose`; empty is deny.
    #[must_use]
    pub const fn rules(&self, purpose: Purpose) -> &BTreeSet<Allowed> {
        match purpose {
            Purpose::Process => &self.process,
            Purpose::Store => &self.store,
            Purpose::BackUp => &self.back_up,
            Purpose::Export => &self.export,
            Purpose::Telemetry => &self.telemetry,
            Purpose::Administer => &self.administer,
            Purpose::Keys => &self.keys,
        }
    }

    /// The rules for `purpose`, to change them.
    #[must_use]
    pub const fn rules_mut(&mut self, purpose: Purpose) -> &mut BTreeSet<Allowed> {
        match purpose {
            Purpose::Process => &mut self.process,
            Purpose::Store => &mut self.store,
            Purpose::BackUp => &mut self.back_up,
            Purpose::Export => &mut self.export,
            Purpose::Telemetry => &mut self.telemetry,
            Purpose::Administer => &mut self.administer,
            Purpose::Keys => &mut self.keys,
        }
    }

    /// SHA-256 of the policy's JSON (fields in declaration order, sets sorted).
    #[must_use]
    pub fn hash(&self) -> Sha256Digest {
        Sha256Digest::of(&serde_json::to_vec(self).unwrap_or_default())
    }

    /// Refuses rules that people should not be able to make, though stored ones are read (see [`Allowed`]).
    ///
    /// # Errors
    /// Every faulty rule, in the order of [`Purpose::ALL`].
    pub fn check(&self) -> Result<(), Vec<PolicyFault>> {
        let of = |purpose| self.rules(purpose).iter().map(move |rule| (purpose, rule.check()));
        let faults: Vec<_> = Purpose::ALL
            .into_iter()
            .flat_map(of)
            .filter_map(|(purpose, checked)| checked.err().map(|fault| PolicyFault { purpose, fault }))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As written before there were regions, further purposes and retention, with the hash that records name.
    const OLD: &str = r#"{"version":1,"process":["roma-1"],"store":["roma-1"],"ceiling":"confidential"}"#;
    const OLD_HASH: &str = "5fee237f813e156c5e988b90d31520e6e2a529ce1c9adb0b2c7be45424447765";

    #[test]
    fn a_policy_from_before_is_read_and_keeps_its_hash() {
        let old: ResidencyPolicy = serde_json::from_str(OLD).unwrap();
        assert_eq!(serde_json::to_string(&old).unwrap(), OLD);
        assert_eq!(old.hash().to_string(), OLD_HASH);
        assert_eq!(Sha256Digest::of(OLD.as_bytes()).to_string(), OLD_HASH);
    }

    #[test]
    fn what_a_tenant_starts_with_keeps_everything_at_its_site() {
        let place = Place {
            ceiling: Classification::Confidential,
            jurisdiction: "IT".into(),
            region: "Lazio".into(),
            site: "roma-1".into(),
        };
        let first = ResidencyPolicy::only(&place);
        let next_door = Place { site: "roma-2".into(), ..place.clone() };
        for purpose in Purpose::ALL {
            let class = Classification::Confidential;
            assert_eq!(first.ask(purpose, &place, class).is_ok(), purpose != Purpose::Administer, "{purpose}");
            assert!(first.ask(purpose, &next_door, class).is_err(), "{purpose}");
        }
    }

    #[test]
    fn empty_lists_of_the_first_two_purposes_were_always_written() {
        let text = r#"{"version":3,"process":[],"store":["a","b"],"ceiling":"public"}"#;
        let hash = "bd3673e3af320a41057142cb649b57b8afcd9b84dca8bcf5a885cc7162eb522f";
        let old: ResidencyPolicy = serde_json::from_str(text).unwrap();
        assert_eq!((serde_json::to_string(&old).unwrap().as_str(), old.hash().to_string().as_str()), (text, hash));
        let short: ResidencyPolicy = serde_json::from_str(r#"{"version":1,"ceiling":"internal"}"#).unwrap();
        assert_eq!(short, ResidencyPolicy::nothing(Classification::Internal));
    }

    #[test]
    fn a_whole_policy_has_this_form() {
        let text = concat!(
            r#"{"version":2,"process":["roma-1","region:Lazio","jurisdiction:IT"],"store":["roma-1"],"#,
            r#""ceiling":"restricted","back_up":["bari"],"export":["jurisdiction:IT"],"telemetry":["roma-1"],"#,
            r#""administer":["region:Lazio"],"keys":["roma-1"],"retention":{"conversations":365}}"#,
        );
        let policy: ResidencyPolicy = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&policy).unwrap(), text);
        assert_eq!(policy.check(), Ok(()));
        for purpose in Purpose::ALL {
            let mut without = policy.clone();
            assert!(!without.rules(purpose).is_empty(), "{purpose}");
            without.rules_mut(purpose).clear();
            let value = serde_json::to_value(&policy).unwrap();
            assert_eq!(value[purpose.as_str()].as_array().unwrap().len(), policy.rules(purpose).len());
            assert_ne!(without.hash(), policy.hash());
        }
    }

    #[test]
    fn unknown_fields_and_faulty_rules_are_refused() {
        let with = |more: &str| format!(r#"{{"version":1,"ceiling":"internal",{more}}}"#);
        for wrong in [r#""backup":["a"]"#, r#""keys":["jurisdiction:Italy"]"#, r#""keys":["region:"]"#, r#""keys":"a""#]
        {
            assert!(serde_json::from_str::<ResidencyPolicy>(&with(wrong)).is_err(), "{wrong}");
        }
        let policy: ResidencyPolicy = serde_json::from_str(&with(r#""store":["","b"],"keys":["a\u0000"]"#)).unwrap();
        assert_eq!(
            policy.check(),
            Err(vec![
                PolicyFault { purpose: Purpose::Store, fault: Fault::Empty { field: "site" } },
                PolicyFault { purpose: Purpose::Keys, fault: Fault::Control { field: "site" } },
            ]),
        );
    }
}
