//! Conversations that have run their time: deleted a batch at a time, but for those that are held.

use leeward_domain::Timestamp;

use crate::{
    Result, TenantWrite,
    hold::{self, held},
    page::bounded,
    tx::{Time, execute},
};

/// Deletes the oldest conversations of one kind that were last changed before `$2`, but for what a hold holds.
macro_rules! expired {
    ($kind:literal) => {
        concat!(
            "delete from conversations where tenant_id = $1 and id in (select c.id from conversations c \
             where c.tenant_id = $1 and c.updated_at < $2 and c.captured ",
            $kind,
            " and not exists (select 1 from holds h where ",
            held!(),
            ") order by c.updated_at, c.id limit $3)"
        )
    };
}

impl TenantWrite {
    /// Deletes at most `limit` conversations that were last changed before `before` and that no hold holds, the oldest
    /// first, with their messages and keys; says how many they were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expire_conversations(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        hold::settle(&mut self.tx).await?;
        let tenant = self.tenant.uuid();
        execute!(self.tx, expired!("is null"), tenant, Time(before), bounded(limit))
    }

    /// The same with what was captured for the audit log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn expire_captured(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        hold::settle(&mut self.tx).await?;
        let tenant = self.tenant.uuid();
        execute!(self.tx, expired!("is not null"), tenant, Time(before), bounded(limit))
    }
}
