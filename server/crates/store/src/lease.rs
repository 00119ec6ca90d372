//! Leases: what one process does at a time although several could, such as feeding a sink.
//!
//! A lease spares work; it does not protect anything. Clocks of gateways differ and a process may sleep through its
//! lease's end, so what is done under it must bear being done twice.

use std::time::Duration;

use leeward_domain::Timestamp;

use crate::{
    PlatformRead, PlatformWrite, Result,
    tx::{Time, execute, fetch_optional},
};

/// What the lease of a process that is there is called, with its name after it.
pub(crate) const PRESENT: &str = "gateway:";

impl PlatformRead {
    /// Whether any process has said that it is there, and is not over its time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_anybody_present(&mut self, now: Timestamp) -> Result<bool> {
        let name = format!("{PRESENT}%");
        let row = fetch_optional!(
            self.tx,
            "select 1 as one from leases where name like $1 and until > $2 limit 1",
            name,
            Time(now)
        )?;
        Ok(row.is_some())
    }
}

impl PlatformWrite {
    /// Says that this process is there, for `length` from `now`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn present(&mut self, now: Timestamp, length: Duration) -> Result<()> {
        let name = format!("{PRESENT}{}", self.writer.instance);
        self.lease(&name, now, length).await.map(drop)
    }

    /// Forgets the leases that ended more than a day before `now`: gateways that never came back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_leases(&mut self, now: Timestamp) -> Result<u64> {
        execute!(self.tx, "delete from leases where until < $1", Time(now.minus(Duration::from_secs(86_400))))
    }

    /// Takes or keeps the lease called `name` for `length` from `now`; false if another process has it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lease(&mut self, name: &str, now: Timestamp, length: Duration) -> Result<bool> {
        let holder = self.writer.instance;
        let taken = fetch_optional!(
            self.tx,
            "insert into leases (name, holder, until) values ($1, $2, $3) \
             on conflict (name) do update set holder = $2, until = $3 \
             where leases.holder = $2 or leases.until <= $4 returning name",
            name,
            holder,
            Time(now.plus(length)),
            Time(now),
        )?;
        Ok(taken.is_some())
    }
}
