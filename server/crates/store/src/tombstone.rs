//! Tombstones: the names of keys that were destroyed for good, so that no backup brings back what they sealed.
//!
//! They are written in the transaction that deletes the keys, and kept apart from the database by the gateways. A
//! database that was put back lacks the newest: they are put back too, and the keys deleted again. What runs out by
//! retention has none: put back, it has run out still.

use leeward_domain::{
    Holder, Timestamp,
    ids::{AuditId, ConversationId, TenantId, UserId},
};
use uuid::Uuid;

use crate::{
    Page, PlatformRead, PlatformWrite, Result, TenantRead, TenantWrite, hold,
    page::bounded,
    tx::{Row, Time, Tx, execute, fetch_all, signed},
};

/// Where an erasure is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grave {
    /// When.
    pub at: Timestamp,
    /// The audit record of it.
    pub record: AuditId,
}

/// A destroyed key as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTombstone {
    /// Its place in the order of destruction; there are gaps.
    pub seq: u64,
    /// Whose tenant's it was.
    pub tenant: TenantId,
    /// What it belonged to.
    pub holder: Holder,
    /// The key, as what it sealed names it.
    pub key: String,
    /// Where its destruction is recorded.
    pub grave: Grave,
}

/// An act that destroyed keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptErasure {
    /// When, and its audit record.
    pub grave: Grave,
    /// How many keys.
    pub keys: u64,
}

fn from_row(row: &Row) -> Result<KeptTombstone> {
    Ok(KeptTombstone {
        seq: row.unsigned("seq")?,
        tenant: row.id("tenant_id")?,
        holder: row.parsed("holder")?,
        key: row.get("key_id")?,
        grave: Grave { at: row.time("at")?, record: row.id("record")? },
    })
}

impl PlatformRead {
    /// Tombstones of all tenants that came after the place `after`, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tombstones(&mut self, after: u64, limit: u32) -> Result<Vec<KeptTombstone>> {
        let rows = fetch_all!(
            self.tx,
            "select seq, tenant_id, holder, key_id, at, record from tombstones where seq > $1 order by seq limit $2",
            signed(after),
            bounded(limit),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantRead {
    /// Acts that destroyed keys, the newest first; the cursor is the last one's record.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erasures(&mut self, page: Page<AuditId>) -> Result<Vec<KeptErasure>> {
        let rows = fetch_all!(
            self.tx,
            "select record, min(at) as at, count(*) as n from tombstones where tenant_id = $1 and record < $2 \
             group by record order by record desc limit $3",
            self.tenant.uuid(),
            page.after.map_or(Uuid::max(), AuditId::uuid),
            page.rows(),
        )?;
        rows.iter()
            .map(|row| {
                let grave = Grave { at: row.time("at")?, record: row.id("record")? };
                Ok(KeptErasure { grave, keys: row.unsigned("n")? })
            })
            .collect()
    }

    /// The keys that an act destroyed, in order, after the place `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erased_by(&mut self, record: AuditId, after: u64, limit: u32) -> Result<Vec<KeptTombstone>> {
        let rows = fetch_all!(
            self.tx,
            "select seq, tenant_id, holder, key_id, at, record from tombstones \
             where tenant_id = $1 and record = $2 and seq > $3 order by seq limit $4",
            self.tenant.uuid(),
            record.uuid(),
            signed(after),
            bounded(limit),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantRead {
    /// The keys that were destroyed from `from` on and before `to`, in order, after the place `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn erased_between(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        after: u64,
        limit: u32,
    ) -> Result<Vec<KeptTombstone>> {
        let rows = fetch_all!(
            self.tx,
            "select seq, tenant_id, holder, key_id, at, record from tombstones \
             where tenant_id = $1 and at >= $2 and at < $3 and seq > $4 order by seq limit $5",
            self.tenant.uuid(),
            Time(from),
            Time(to),
            signed(after),
            bounded(limit),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl TenantWrite {
    /// Sets up a tombstone for the key of a conversation that is about to be deleted.
    pub(crate) async fn bury_conversation(&mut self, id: ConversationId, grave: Grave) -> Result<()> {
        hold::settle(&mut self.tx).await?;
        let tenant = self.tenant.uuid();
        if let Tx::Postgres(_) = self.tx {
            // So that nobody gives it a key after this looked for one. SQLite has one writer anyway.
            let lock = "select 1 from conversations where tenant_id = $1 and id = $2 for update";
            execute!(self.tx, lock, tenant, id.uuid())?;
        }
        execute!(
            self.tx,
            "insert into tombstones (tenant_id, holder, key_id, at, record) \
             select k.tenant_id, k.holder, k.id, $3, $4 from data_keys k \
             join conversations c on c.tenant_id = k.tenant_id and c.data_key = k.id \
             where c.tenant_id = $1 and c.id = $2 on conflict do nothing",
            tenant,
            id.uuid(),
            Time(grave.at),
            grave.record.uuid(),
        )?;
        Ok(())
    }

    /// Sets up tombstones for all keys of a person who is about to be deleted.
    pub(crate) async fn bury_user(&mut self, id: UserId, grave: Grave) -> Result<()> {
        hold::settle(&mut self.tx).await?;
        let (tenant, own) = (self.tenant.uuid(), Holder::User(id).to_string());
        if let Tx::Postgres(_) = self.tx {
            let lock = "select 1 from conversations where tenant_id = $1 and user_id = $2 order by id for update";
            execute!(self.tx, lock, tenant, id.uuid())?;
        }
        execute!(
            self.tx,
            "insert into tombstones (tenant_id, holder, key_id, at, record) \
             select k.tenant_id, k.holder, k.id, $4, $5 from data_keys k where k.tenant_id = $1 and (k.holder = $3 \
             or k.id in (select c.data_key from conversations c where c.tenant_id = $1 and c.user_id = $2)) \
             on conflict do nothing",
            tenant,
            id.uuid(),
            own,
            Time(grave.at),
            grave.record.uuid(),
        )?;
        Ok(())
    }
}

impl PlatformWrite {
    /// Sets up tombstones for all data keys of a tenant that is about to be deleted.
    pub(crate) async fn bury_tenant(&mut self, id: TenantId, grave: Grave) -> Result<()> {
        hold::settle(&mut self.tx).await?;
        execute!(
            self.tx,
            "insert into tombstones (tenant_id, holder, key_id, at, record) \
             select k.tenant_id, k.holder, k.id, $2, $3 from data_keys k where k.tenant_id = $1 \
             on conflict do nothing",
            id.uuid(),
            Time(grave.at),
            grave.record.uuid(),
        )?;
        Ok(())
    }

    /// Puts back a tombstone that a restored database lacks, and deletes the key that it brought back. False if the
    /// database knew it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn put_back_tombstone(&mut self, kept: &KeptTombstone) -> Result<bool> {
        hold::settle(&mut self.tx).await?;
        let tenant = kept.tenant.uuid();
        let added = execute!(
            self.tx,
            "insert into tombstones (tenant_id, holder, key_id, at, record) values ($1, $2, $3, $4, $5) \
             on conflict do nothing",
            tenant,
            kept.holder.to_string(),
            kept.key.as_str(),
            Time(kept.grave.at),
            kept.grave.record.uuid(),
        )?;
        execute!(self.tx, "delete from data_keys where tenant_id = $1 and id = $2", tenant, kept.key.as_str())?;
        Ok(added > 0)
    }
}
