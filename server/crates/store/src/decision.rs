//! How often what was decided, day by day: what a proposed policy is tried on. For planning; the log is the evidence.

use std::collections::BTreeMap;

use leeward_domain::{
    Timestamp,
    ids::TenantId,
    residency::{Past, Place},
};
use leeward_ledger::Decided;

use crate::{
    PlatformWrite, Result, TenantRead,
    tx::{execute, fetch_all, signed},
};

/// The most kinds of decisions one answer sums up.
const KINDS: i64 = 5000;

impl TenantRead {
    /// What was allowed since the day of `since`, by purpose, place and class; each day's counts by themselves.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn allowed_decisions(&mut self, since: Timestamp) -> Result<Vec<Past>> {
        let rows = fetch_all!(
            self.tx,
            "select purpose, site, region, jurisdiction, ceiling, class, cast(sum(count) as bigint) as n \
             from residency_decisions where tenant_id = $1 and day >= $2 and allowed = $3 \
             group by purpose, site, region, jurisdiction, ceiling, class limit $4",
            self.tenant.uuid(),
            since.unix_days(),
            true,
            KINDS,
        )?;
        rows.iter()
            .map(|row| {
                Ok(Past {
                    purpose: row.parsed("purpose")?,
                    place: Place {
                        ceiling: row.parsed("ceiling")?,
                        jurisdiction: row.get("jurisdiction")?,
                        region: row.get("region")?,
                        site: row.get("site")?,
                    },
                    class: row.parsed("class")?,
                    count: row.unsigned("n")?,
                })
            })
            .collect()
    }
}

impl PlatformWrite {
    /// Counts decisions that a tenant's log tells of. Call it in the transaction that takes note of the entries, so
    /// that none counts twice.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_decisions(&mut self, tenant: TenantId, decided: &[Decided]) -> Result<()> {
        let mut sums: BTreeMap<_, u64> = BTreeMap::new();
        for one in decided {
            *sums.entry((one.at.unix_days(), one.purpose, &one.place, one.class, one.allowed)).or_default() += 1;
        }
        for ((day, purpose, place, class, allowed), count) in sums {
            execute!(
                self.tx,
                "insert into residency_decisions \
                 (tenant_id, day, purpose, site, region, jurisdiction, ceiling, class, allowed, count) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                 on conflict (tenant_id, day, purpose, site, region, jurisdiction, ceiling, class, allowed) \
                 do update set count = residency_decisions.count + excluded.count",
                tenant.uuid(),
                day,
                purpose.as_str(),
                place.site.as_str(),
                place.region.as_str(),
                place.jurisdiction.as_str(),
                place.ceiling.as_str(),
                class.as_str(),
                allowed,
                signed(count),
            )?;
        }
        Ok(())
    }

    /// Forgets the counts of days before that of `before`, and says how many rows they were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_decisions(&mut self, before: Timestamp) -> Result<u64> {
        execute!(self.tx, "delete from residency_decisions where day < $1", before.unix_days())
    }
}
