//! Failed sign-ins, counted under digests of who and where; and the networks users are known from.

use leeward_domain::{Sha256Digest, Timestamp, ids::UserId};

use crate::{
    PlatformRead, PlatformWrite, Result, TenantRead, TenantWrite,
    tx::{Time, execute, fetch_optional, signed},
};

/// What is counted under one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// Attempts since `first_at` that did not end well (or have not ended yet).
    pub count: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// No attempt is made before.
    pub blocked_until: Option<Timestamp>,
}

impl PlatformRead {
    /// What is counted under `bucket`, if anything.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn failures(&mut self, bucket: &Sha256Digest) -> Result<Option<Failures>> {
        let row = fetch_optional!(
            self.tx,
            "select failures, first_at, blocked_until from sign_in_failures where bucket = $1",
            bucket.as_bytes().as_slice(),
        )?;
        row.map(|row| {
            Ok(Failures {
                count: row.unsigned("failures")?,
                first_at: row.time("first_at")?,
                blocked_until: row.time_opt("blocked_until")?,
            })
        })
        .transpose()
    }
}

impl PlatformWrite {
    /// Sets what is counted under `bucket`, until `expires_at`. Read and set in one writing transaction: on both
    /// databases two attempts then count as two.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_failures(
        &mut self,
        bucket: &Sha256Digest,
        failures: Failures,
        expires_at: Timestamp,
    ) -> Result<()> {
        execute!(
            self.tx,
            "insert into sign_in_failures (bucket, failures, first_at, blocked_until, expires_at) \
             values ($1, $2, $3, $4, $5) on conflict (bucket) do update set failures = excluded.failures, \
             first_at = excluded.first_at, blocked_until = excluded.blocked_until, expires_at = excluded.expires_at",
            bucket.as_bytes().as_slice(),
            signed(failures.count),
            Time(failures.first_at),
            failures.blocked_until.map(Time),
            Time(expires_at),
        )?;
        Ok(())
    }

    /// Makes sure that there is a row for `bucket` and holds it until the commit, so that attempts at the same
    /// time take turns. (SQLite's writers take turns anyway.)
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_failures(&mut self, bucket: &Sha256Digest, now: Timestamp) -> Result<Failures> {
        execute!(
            self.tx,
            "insert into sign_in_failures (bucket, failures, first_at, expires_at) values ($1, 0, $2, $2) \
             on conflict (bucket) do update set failures = sign_in_failures.failures",
            bucket.as_bytes().as_slice(),
            Time(now),
        )?;
        let held = self.failures(bucket).await?;
        Ok(held.unwrap_or(Failures { count: 0, first_at: now, blocked_until: None }))
    }

    /// Forgets what is counted under `bucket`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_failures(&mut self, bucket: &Sha256Digest) -> Result<()> {
        execute!(self.tx, "delete from sign_in_failures where bucket = $1", bucket.as_bytes().as_slice())?;
        Ok(())
    }

    /// Clears away what has run its time; gives how many rows there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_failures(&mut self, now: Timestamp) -> Result<u64> {
        execute!(self.tx, "delete from sign_in_failures where expires_at < $1", Time(now))
    }
}

impl TenantRead {
    /// Whether the user signed in from this network since `since`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_network(&mut self, user: UserId, network: &str, since: Timestamp) -> Result<bool> {
        let row = fetch_optional!(
            self.tx,
            "select 1 as known from known_networks where tenant_id = $1 and user_id = $2 and network = $3 \
             and last_used_at >= $4",
            self.tenant.uuid(),
            user.uuid(),
            network,
            Time(since),
        )?;
        Ok(row.is_some())
    }
}

impl TenantWrite {
    /// Keeps that the user signed in from this network.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn keep_network(&mut self, user: UserId, network: &str, at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into known_networks (tenant_id, user_id, network, last_used_at) values ($1, $2, $3, $4) \
             on conflict (tenant_id, user_id, network) do update set last_used_at = excluded.last_used_at",
            tenant,
            user.uuid(),
            network,
            Time(at),
        )?;
        Ok(())
    }
}
