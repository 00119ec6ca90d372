//! Saved alerts, how far each has read its log, and its last firing.

use leeward_domain::{
    Timestamp,
    ids::{AlertId, TenantId, UserId},
};
use leeward_ledger::alert::{Alert, Firing};
use sqlx::types::Json;
use uuid::Uuid;

use super::{log_id, log_of};
use crate::{
    PlatformRead, PlatformWrite, Result, TenantRead, TenantWrite,
    tx::{Row, Time, Tx, execute, fetch_all, fetch_optional, one_row, signed},
};

/// The most alerts one answer holds; whoever adds one keeps to it.
const MOST: i64 = 200;

/// An alert as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAlert {
    /// Names it for ever.
    pub id: AlertId,
    /// What it waits for.
    pub alert: Alert,
    /// Who saved it last, and when; nobody for one of the configuration.
    pub made_by: Option<UserId>,
    /// When.
    pub made_at: Timestamp,
    /// The next record it looks at.
    pub next_seq: u64,
    /// Its last firing, and the place of the record that made it fire.
    pub fired: Option<(Firing, u64)>,
}

/// A log that has records which some alert over it has not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// Which log; none is the platform's.
    pub log: Option<TenantId>,
    /// The first record that some alert has not looked at.
    pub next_seq: u64,
    /// How many records the log has.
    pub entries: u64,
}

fn from_row(row: &Row) -> Result<KeptAlert> {
    let place = row.get::<Option<i64>>("fired_seq")?.map(|_| row.unsigned("fired_seq")).transpose()?;
    Ok(KeptAlert {
        id: row.id("id")?,
        alert: row.json("definition")?,
        made_by: row.id_opt("made_by")?,
        made_at: row.time("made_at")?,
        next_seq: row.unsigned("next_seq")?,
        fired: row.json_opt("fired")?.zip(place),
    })
}

async fn of_log(tx: &mut Tx, log: Uuid) -> Result<Vec<KeptAlert>> {
    let rows = fetch_all!(
        *tx,
        "select id, definition, made_by, made_at, next_seq, fired, fired_seq from audit_alerts where log_id = $1 \
         order by id limit $2",
        log,
        MOST,
    )?;
    rows.iter().map(from_row).collect()
}

async fn add(tx: &mut Tx, log: Uuid, kept: &KeptAlert) -> Result<()> {
    execute!(
        *tx,
        "insert into audit_alerts (log_id, id, name, definition, made_by, made_at, next_seq) \
         values ($1, $2, $3, $4, $5, $6, $7)",
        log,
        kept.id.uuid(),
        kept.alert.name(),
        Json(&kept.alert),
        kept.made_by.map(UserId::uuid),
        Time(kept.made_at),
        signed(kept.next_seq),
    )?;
    Ok(())
}

async fn remove(tx: &mut Tx, log: Uuid, id: AlertId) -> Result<()> {
    one_row(execute!(*tx, "delete from audit_alerts where log_id = $1 and id = $2", log, id.uuid())?)
}

impl TenantRead {
    /// The alerts over the tenant's log, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alerts(&mut self) -> Result<Vec<KeptAlert>> {
        of_log(&mut self.tx, self.tenant.uuid()).await
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alert(&mut self, id: AlertId) -> Result<Option<KeptAlert>> {
        let row = fetch_optional!(
            self.tx,
            "select id, definition, made_by, made_at, next_seq, fired, fired_seq from audit_alerts \
             where log_id = $1 and id = $2",
            self.tenant.uuid(),
            id.uuid(),
        )?;
        row.as_ref().map(from_row).transpose()
    }
}

impl TenantWrite {
    /// Adds an alert.
    ///
    /// # Errors
    /// `Conflict` when there is one of that name.
    pub async fn add_alert(&mut self, kept: &KeptAlert) -> Result<()> {
        let log = self.tenant.uuid();
        add(&mut self.tx, log, kept).await
    }

    /// Deletes an alert.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub async fn delete_alert(&mut self, id: AlertId) -> Result<()> {
        let log = self.tenant.uuid();
        remove(&mut self.tx, log, id).await
    }
}

impl PlatformRead {
    /// The alerts over the log named (the platform's if none).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alerts(&mut self, log: Option<TenantId>) -> Result<Vec<KeptAlert>> {
        of_log(&mut self.tx, log_id(log)).await
    }

    /// Logs with records that some alert has not looked at, at most `limit`, those longest behind first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn watched(&mut self, limit: u32) -> Result<Vec<Watched>> {
        let rows = fetch_all!(
            self.tx,
            "select h.log_id as log_id, h.next_seq as entries, min(a.next_seq) as next_seq \
             from audit_alerts a join audit_heads h on h.log_id = a.log_id where a.next_seq < h.next_seq \
             group by h.log_id, h.next_seq order by h.next_seq - min(a.next_seq) desc, h.log_id limit $1",
            i64::from(limit),
        )?;
        let watched = |row: &Row| {
            Ok(Watched {
                log: log_of(row.get("log_id")?),
                next_seq: row.unsigned("next_seq")?,
                entries: row.unsigned("entries")?,
            })
        };
        rows.iter().map(watched).collect()
    }
}

impl PlatformWrite {
    /// Adds an alert over the log named (the platform's if none).
    ///
    /// # Errors
    /// `Conflict` when there is one of that name.
    pub async fn add_alert(&mut self, log: Option<TenantId>, kept: &KeptAlert) -> Result<()> {
        add(&mut self.tx, log_id(log), kept).await
    }

    /// Deletes an alert over the log named.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub async fn delete_alert(&mut self, log: Option<TenantId>, id: AlertId) -> Result<()> {
        remove(&mut self.tx, log_id(log), id).await
    }

    /// Notes that an alert has looked at everything from `from` up to before `next`, and fired last as said. False if
    /// it is not there any more or somebody else was faster: then nothing of it counts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alert_looked(
        &mut self,
        log: Option<TenantId>,
        id: AlertId,
        (from, next): (u64, u64),
        fired: Option<&(Firing, u64)>,
    ) -> Result<bool> {
        let touched = execute!(
            self.tx,
            "update audit_alerts set next_seq = $4, fired = coalesce($5, fired), fired_seq = coalesce($6, fired_seq) \
             where log_id = $1 and id = $2 and next_seq = $3",
            log_id(log),
            id.uuid(),
            signed(from),
            signed(next),
            fired.map(|(firing, _)| Json(firing)),
            fired.map(|(_, place)| signed(*place)),
        )?;
        Ok(touched == 1)
    }
}
