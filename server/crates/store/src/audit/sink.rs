//! How far each sink has got with each log: the spool is the log itself.

use leeward_domain::{
    Timestamp,
    ids::TenantId,
    residency::{Decision, ResidencyPolicy},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{log_id, log_of};
use crate::{
    PlatformRead, PlatformWrite, Result, TenantRead,
    tx::{Row, Time, Tx, execute, fetch_all, signed},
};

/// A sink's progress with one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkState {
    /// The sink's name in the configuration.
    pub sink: String,
    /// Which log; none is the platform's.
    pub log: Option<TenantId>,
    /// The next entry it gets.
    pub next_seq: u64,
    /// When it last took something.
    pub success_at: Option<Timestamp>,
    /// When it last failed.
    pub error_at: Option<Timestamp>,
    /// What it failed with.
    pub error: Option<String>,
}

/// A log that holds entries which a sink has not got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// Which.
    pub log: Option<TenantId>,
    /// The next entry the sink gets.
    pub next_seq: u64,
    /// The policy of the tenant whose log it is; none for the platform's.
    pub policy: Option<ResidencyPolicy>,
    /// What a policy said of this sink when it was last put on record.
    pub decision: Option<Decision>,
}

fn state(row: &Row) -> Result<SinkState> {
    Ok(SinkState {
        sink: row.get("sink")?,
        log: log_of(row.get("log_id")?),
        next_seq: row.unsigned("next_seq")?,
        success_at: row.time_opt("success_at")?,
        error_at: row.time_opt("error_at")?,
        error: row.get("error")?,
    })
}

async fn of_log(tx: &mut Tx, log: Option<TenantId>) -> Result<Vec<SinkState>> {
    let rows = fetch_all!(
        *tx,
        "select sink, log_id, next_seq, success_at, error_at, error from audit_sinks where log_id = $1 order by sink",
        log_id(log),
    )?;
    rows.iter().map(state).collect()
}

impl TenantRead {
    /// Where the sinks are with this tenant's log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_sinks(&mut self) -> Result<Vec<SinkState>> {
        of_log(&mut self.tx, Some(self.tenant)).await
    }
}

impl PlatformRead {
    /// Where the sinks are with the log named.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_sinks(&mut self, log: Option<TenantId>) -> Result<Vec<SinkState>> {
        of_log(&mut self.tx, log).await
    }

    /// Logs that hold entries this sink has not got, at most `limit` in their order from behind `after` on. The first
    /// page has no `after`. The log of a tenant that was deleted is not among them: nobody can say any more where it
    /// may go.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undelivered(
        &mut self,
        sink: &str,
        after: Option<Option<TenantId>>,
        limit: u32,
    ) -> Result<Vec<Undelivered>> {
        // The platform's log is the nil id, the first there is; nothing is before it.
        let (from, behind) = after.map_or((Uuid::nil(), 0), |log| (log_id(log), 1));
        let rows = fetch_all!(
            self.tx,
            "select h.log_id as log_id, coalesce(s.next_seq, 0) as next_seq, t.policy as policy, s.decision as decision \
             from audit_heads h left join tenants t on t.id = h.log_id \
             left join audit_sinks s on s.log_id = h.log_id and s.sink = $1 \
             where h.next_seq > coalesce(s.next_seq, 0) and (h.log_id > $2 or (h.log_id = $2 and $3 = 0)) \
             and (t.id is not null or h.log_id = $4) order by h.log_id limit $5",
            sink,
            from,
            behind,
            Uuid::nil(),
            i64::from(limit),
        )?;
        let due = |row: &Row| {
            Ok(Undelivered {
                log: log_of(row.get("log_id")?),
                next_seq: row.unsigned("next_seq")?,
                policy: row.json_opt("policy")?,
                decision: row.json_opt("decision")?,
            })
        };
        rows.iter().map(due).collect()
    }
}

impl PlatformWrite {
    /// Notes what a sink took: everything before `next_seq`. Never goes back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delivered(&mut self, sink: &str, log: Option<TenantId>, next_seq: u64, at: Timestamp) -> Result<()> {
        execute!(
            self.tx,
            "insert into audit_sinks (sink, log_id, next_seq, success_at) values ($1, $2, $3, $4) \
             on conflict (sink, log_id) do update set next_seq = $3, success_at = $4, error = null, error_at = null \
             where audit_sinks.next_seq <= $3",
            sink,
            log_id(log),
            signed(next_seq),
            Time(at),
        )?;
        Ok(())
    }

    /// Notes that a sink failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undeliverable(&mut self, sink: &str, log: Option<TenantId>, error: &str, at: Timestamp) -> Result<()> {
        execute!(
            self.tx,
            "insert into audit_sinks (sink, log_id, next_seq, error, error_at) values ($1, $2, 0, $3, $4) \
             on conflict (sink, log_id) do update set error = $3, error_at = $4",
            sink,
            log_id(log),
            error,
            Time(at),
        )?;
        Ok(())
    }

    /// Keeps what a tenant's policy says of a sink; its record belongs into the same transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sink_decided(&mut self, sink: &str, log: TenantId, decision: &Decision) -> Result<()> {
        execute!(
            self.tx,
            "insert into audit_sinks (sink, log_id, next_seq, decision) values ($1, $2, 0, $3) \
             on conflict (sink, log_id) do update set decision = $3",
            sink,
            log_id(Some(log)),
            Json(decision),
        )?;
        Ok(())
    }
}
