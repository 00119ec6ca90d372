//! Witnesses: how far each has cosigned our logs, and what we have cosigned of others'.

use leeward_domain::{Timestamp, ids::TenantId, residency::ResidencyPolicy};
use leeward_ledger::{Head, LogId};
use uuid::Uuid;

use super::{SignedHead, log_id, log_of};
use crate::{
    PlatformRead, PlatformWrite, Result, TenantRead,
    tx::{Row, Time, execute, fetch_all, fetch_optional, signed},
};

/// A witness's progress with one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessState {
    /// The witness's name.
    pub witness: String,
    /// The size of the last checkpoint it cosigned; 0 if none.
    pub size: u64,
    /// When it cosigned that.
    pub cosigned_at: Option<Timestamp>,
    /// What it failed with last, if it has not cosigned since.
    pub error: Option<String>,
    /// When it failed.
    pub error_at: Option<Timestamp>,
}

/// A log of which a witness has not seen the newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwitnessed {
    /// Which; none is the platform's.
    pub log: Option<TenantId>,
    /// The size of the last checkpoint it cosigned; 0 if none.
    pub size: u64,
    /// The policy of the tenant whose log it is; none for the platform's.
    pub policy: Option<ResidencyPolicy>,
}

/// What this appliance cosigned last of somebody else's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignedHead {
    /// The head.
    pub head: Head,
    /// The checkpoint, as it came.
    pub note: String,
    /// When it was cosigned.
    pub at: Timestamp,
}

fn state(row: &Row) -> Result<WitnessState> {
    Ok(WitnessState {
        witness: row.get("witness")?,
        size: row.unsigned("size")?,
        cosigned_at: row.time_opt("cosigned_at")?,
        error: row.get("error")?,
        error_at: row.time_opt("error_at")?,
    })
}

impl TenantRead {
    /// How far the witnesses are with this tenant's log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn witnesses(&mut self) -> Result<Vec<WitnessState>> {
        let rows = fetch_all!(
            self.tx,
            "select witness, size, cosigned_at, error, error_at from audit_witnesses where log_id = $1 \
             order by witness limit 100",
            self.tenant.uuid(),
        )?;
        rows.iter().map(state).collect()
    }
}

impl PlatformRead {
    /// Logs whose newest checkpoint this witness has not cosigned, at most `limit` in their order from behind `after` on.
    /// The first page has no `after`. The log of a tenant that was deleted is not among them: nobody can say any more who
    /// may know of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unwitnessed(
        &mut self,
        witness: &str,
        after: Option<Option<TenantId>>,
        limit: u32,
    ) -> Result<Vec<Unwitnessed>> {
        // The platform's log is the nil id, the first there is; nothing is before it.
        let (from, behind) = after.map_or((Uuid::nil(), 0), |log| (log_id(log), 1));
        let rows = fetch_all!(
            self.tx,
            "select t.log_id as log_id, coalesce(w.size, 0) as size, n.policy as policy from audit_trees t \
             left join tenants n on n.id = t.log_id \
             left join audit_witnesses w on w.log_id = t.log_id and w.witness = $1 \
             where t.size > coalesce(w.size, 0) and (t.log_id > $2 or (t.log_id = $2 and $3 = 0)) \
             and (n.id is not null or t.log_id = $4) order by t.log_id limit $5",
            witness,
            from,
            behind,
            Uuid::nil(),
            i64::from(limit),
        )?;
        let due = |row: &Row| {
            Ok(Unwitnessed {
                log: log_of(row.get("log_id")?),
                size: row.unsigned("size")?,
                policy: row.json_opt("policy")?,
            })
        };
        rows.iter().map(due).collect()
    }
}

impl PlatformWrite {
    /// Notes that a witness cosigned a log's checkpoint, and keeps its line with those that are there in the history.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn witnessed(
        &mut self,
        witness: &str,
        log: Option<TenantId>,
        cosigned: &SignedHead,
        line: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.keep_cosigned(log, cosigned, line).await?;
        execute!(
            self.tx,
            "insert into audit_witnesses (witness, log_id, size, cosigned_at) values ($1, $2, $3, $4) \
             on conflict (witness, log_id) do update set size = $3, cosigned_at = $4, error = null, error_at = null",
            witness,
            log_id(log),
            signed(cosigned.head.size),
            Time(now),
        )?;
        Ok(())
    }

    /// Notes that a witness did not cosign, and why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn not_witnessed(
        &mut self,
        witness: &str,
        log: Option<TenantId>,
        error: &str,
        now: Timestamp,
    ) -> Result<()> {
        execute!(
            self.tx,
            "insert into audit_witnesses (witness, log_id, size, error, error_at) values ($1, $2, 0, $3, $4) \
             on conflict (witness, log_id) do update set error = $3, error_at = $4",
            witness,
            log_id(log),
            error,
            Time(now),
        )?;
        Ok(())
    }

    /// What was cosigned last of this appliance's log; the row stays locked until the transaction ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_cosigned(&mut self, appliance: &str, log: LogId) -> Result<Option<CosignedHead>> {
        // So that two requests at the same time cannot both continue the same head.
        execute!(
            self.tx,
            "update witnessed set at = at where appliance = $1 and log = $2",
            appliance,
            log.to_string()
        )?;
        let row = fetch_optional!(
            self.tx,
            "select size, root, note, at from witnessed where appliance = $1 and log = $2",
            appliance,
            log.to_string(),
        )?;
        let read = |row: Row| {
            let head = Head { size: row.unsigned("size")?, root: row.digest("root")? };
            Ok(CosignedHead { head, note: row.get("note")?, at: row.time("at")? })
        };
        row.map(read).transpose()
    }

    /// Keeps what is about to be cosigned, on top of the head `last`; false if somebody was faster.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cosign(&mut self, appliance: &str, log: LogId, last: &Head, new: &CosignedHead) -> Result<bool> {
        let touched = execute!(
            self.tx,
            "insert into witnessed (appliance, log, size, root, note, at) values ($1, $2, $3, $4, $5, $6) \
             on conflict (appliance, log) do update set size = $3, root = $4, note = $5, at = $6 \
             where witnessed.size = $7 and witnessed.root = $8",
            appliance,
            log.to_string(),
            signed(new.head.size),
            new.head.root.as_bytes().as_slice(),
            new.note.as_str(),
            Time(new.at),
            signed(last.size),
            last.root.as_bytes().as_slice(),
        )?;
        Ok(touched == 1)
    }
}
