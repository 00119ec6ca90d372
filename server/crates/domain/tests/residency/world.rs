//! A small world, so that random policies and places meet often: few names, and the same name as a site, a region
//! and a prefix, where a mix-up would show.

use leeward_domain::residency::{Allowed, Classification, Place, Purpose, ResidencyPolicy, Retention};
use proptest::{collection::btree_set, prelude::*, sample::select};

/// The rules there are.
const RULES: &[&str] = &[
    "roma",
    "bari",
    "IT",
    "Lazio",
    "site:region:Lazio",
    "region:Lazio",
    "region:Puglia",
    "region:roma",
    "jurisdiction:IT",
    "jurisdiction:FR",
];
/// The places there are; the last of each list is named by no rule.
pub(crate) const SITES: &[&str] = &["roma", "bari", "IT", "Lazio", "region:Lazio", "elsewhere"];
pub(crate) const REGIONS: &[&str] = &["Lazio", "Puglia", "roma", "IT", ""];
pub(crate) const JURISDICTIONS: &[&str] = &["IT", "FR", "ZZ"];

pub(crate) fn classes() -> impl Strategy<Value = Classification> {
    select(&Classification::ALL[..])
}

pub(crate) fn purposes() -> impl Strategy<Value = Purpose> {
    select(&Purpose::ALL[..])
}

pub(crate) fn place(site: &str, region: &str, jurisdiction: &str, ceiling: Classification) -> Place {
    Place { ceiling, jurisdiction: jurisdiction.into(), region: region.into(), site: site.into() }
}

pub(crate) fn places() -> impl Strategy<Value = Place> {
    (select(SITES), select(REGIONS), select(JURISDICTIONS), classes())
        .prop_map(|(site, region, jurisdiction, ceiling)| place(site, region, jurisdiction, ceiling))
}

/// One in four rules is set, so that most lists are neither empty nor full.
pub(crate) fn policies() -> impl Strategy<Value = ResidencyPolicy> {
    (any::<u32>(), classes(), any::<[(u16, u16); 7]>(), prop::option::of(1..4_u32)).prop_map(
        |(version, ceiling, masks, days)| {
            let mut policy = ResidencyPolicy { version, ..ResidencyPolicy::nothing(ceiling) };
            for (purpose, (one, two)) in Purpose::ALL.into_iter().zip(masks) {
                let set = |bit: &usize| (one & two) >> bit & 1 == 1;
                let rules = RULES.iter().enumerate().filter(|(bit, _)| set(bit));
                policy.rules_mut(purpose).extend(rules.map(|(_, rule)| rule.parse::<Allowed>().unwrap()));
            }
            policy.retention = Retention { backups: days.and_then(std::num::NonZeroU32::new), ..Retention::default() };
            policy
        },
    )
}

/// Policies of any text whatever, as a store could hold them.
pub(crate) fn wild_policies() -> impl Strategy<Value = ResidencyPolicy> {
    let name = "\\PC{1,8}|(site|region|jurisdiction):?.{0,3}";
    let rule = prop_oneof![
        any::<String>().prop_map(Allowed::Site),
        name.prop_map(Allowed::Site),
        "[^\\p{Cc}]{1,64}".prop_map(Allowed::Region),
        "[A-Z]{2}".prop_map(Allowed::Jurisdiction),
    ];
    (any::<u32>(), classes(), prop::array::uniform7(btree_set(rule, 0..3))).prop_map(|(version, ceiling, lists)| {
        let mut policy = ResidencyPolicy { version, ..ResidencyPolicy::nothing(ceiling) };
        Purpose::ALL.into_iter().zip(lists).for_each(|(purpose, list)| *policy.rules_mut(purpose) = list);
        policy
    })
}
