//! Asking tenants' policies whether a copy of what is theirs may be kept at a place.

use std::{collections::HashMap, num::NonZeroU32};

use leeward_domain::{
    ids::TenantId,
    residency::{Classification, Decision, Place, Purpose},
};
use leeward_ledger::{EventCode, Record};
use leeward_store::{MAX_PAGE, Page, PlatformRead, Result};

use crate::audit::Draft;

/// What one tenant's policy answered.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) tenant: TenantId,
    name: String,
    class: Classification,
    decision: Decision,
    /// How many days it lets backups be kept.
    pub(super) days: Option<NonZeroU32>,
}

/// Asks every tenant's policy, each for the most sensitive of its conversations.
///
/// # Errors
/// When the database fails.
pub(super) async fn every_tenant(read: &mut PlatformRead, place: &Place) -> Result<Vec<Asked>> {
    let classes: HashMap<TenantId, Classification> = read.highest_classes().await?.into_iter().collect();
    let (mut asked, mut after) = (Vec::new(), None);
    loop {
        let page = read.tenants(Page { after, limit: MAX_PAGE }).await?;
        let Some(last) = page.last() else { return Ok(asked) };
        after = Some(last.id);
        asked.extend(page.into_iter().map(|tenant| {
            // As content counts of which nobody says how sensitive it is.
            let class = classes.get(&tenant.id).copied().unwrap_or(Classification::Internal);
            Asked {
                decision: tenant.policy.decide(Purpose::BackUp, place, class),
                tenant: tenant.id,
                name: tenant.name.to_string(),
                class,
                days: tenant.policy.retention.backups,
            }
        }));
    }
}

/// Those that refuse.
pub(super) fn refusals(asked: &[Asked]) -> Vec<Asked> {
    asked.iter().filter(|asked| !asked.decision.allowed).cloned().collect()
}

impl Asked {
    /// Who refuses and by which rule, for people.
    pub(super) fn said(&self) -> String {
        format!("{} ({}): {}", self.name, self.tenant, self.decision.rule)
    }

    /// A record with the decision, made by `draft` for whichever log.
    pub(super) fn record(&self, draft: &Draft, code: EventCode, object: &str, place: &Place) -> Record {
        let mut record = draft.on(code, "backup", object);
        record.decision = Some(self.decision.clone());
        record.classification = Some(self.class);
        record.place = Some(place.clone());
        record
    }
}
