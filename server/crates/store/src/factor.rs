//! Second factors: authenticator apps, and the codes for the day the device is lost. Secrets arrive sealed.

use leeward_domain::{Sha256Digest, Timestamp, ids::UserId};

use crate::{
    Result, TenantRead, TenantWrite,
    tx::{Time, execute, fetch_optional, one_row, signed},
};

/// An authenticator app as kept; one per user.
#[derive(Clone, PartialEq, Eq)]
pub struct Totp {
    /// The shared secret, sealed under the tenant's key.
    pub secret: Vec<u8>,
    /// The time step of the last code that was taken; no code of this or an earlier step is taken again.
    pub last_step: Option<u64>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When the user showed a first code; until then it counts for nothing.
    pub confirmed_at: Option<Timestamp>,
}

impl TenantRead {
    /// The user's authenticator app, confirmed or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn totp(&mut self, user: UserId) -> Result<Option<Totp>> {
        let row = fetch_optional!(
            self.tx,
            "select secret, last_step, created_at, confirmed_at from totp_factors \
             where tenant_id = $1 and user_id = $2",
            self.tenant.uuid(),
            user.uuid(),
        )?;
        row.map(|row| {
            Ok(Totp {
                secret: row.get("secret")?,
                last_step: row.get::<Option<i64>>("last_step")?.and_then(|step| u64::try_from(step).ok()),
                created_at: row.time("created_at")?,
                confirmed_at: row.time_opt("confirmed_at")?,
            })
        })
        .transpose()
    }

    /// How many recovery codes the user has not used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn recovery_codes_left(&mut self, user: UserId) -> Result<u64> {
        let row = fetch_optional!(
            self.tx,
            "select count(*) as n from recovery_codes where tenant_id = $1 and user_id = $2",
            self.tenant.uuid(),
            user.uuid(),
        )?;
        row.map_or(Ok(0), |row| row.unsigned("n"))
    }
}

impl TenantWrite {
    /// Begins to set up an authenticator app; one that was begun but not confirmed is replaced.
    ///
    /// # Errors
    /// `Conflict` if the user has a confirmed one, `NotFound` if this tenant has no such user.
    pub async fn begin_totp(&mut self, user: UserId, secret: &[u8], now: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "delete from totp_factors where tenant_id = $1 and user_id = $2 and confirmed_at is null",
            tenant,
            user.uuid(),
        )?;
        execute!(
            self.tx,
            "insert into totp_factors (tenant_id, user_id, secret, created_at) values ($1, $2, $3, $4)",
            tenant,
            user.uuid(),
            secret,
            Time(now),
        )?;
        Ok(())
    }

    /// Takes a code of time step `step`; the first one confirms the app. Of two calls with the same step at the
    /// same time, one wins.
    ///
    /// # Errors
    /// `NotFound` if the step (or a later one) was used already, or the user has no app.
    pub async fn use_totp(&mut self, user: UserId, step: u64, now: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update totp_factors set last_step = $3, confirmed_at = coalesce(confirmed_at, $4) \
             where tenant_id = $1 and user_id = $2 and (last_step is null or last_step < $3)",
            tenant,
            user.uuid(),
            signed(step),
            Time(now),
        )?)
    }

    /// Removes the user's app.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub async fn delete_totp(&mut self, user: UserId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "delete from totp_factors where tenant_id = $1 and user_id = $2",
            tenant,
            user.uuid(),
        )?)
    }

    /// Replaces the user's recovery codes, by their digests; none takes them all away.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn set_recovery_codes(&mut self, user: UserId, codes: &[Sha256Digest]) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(self.tx, "delete from recovery_codes where tenant_id = $1 and user_id = $2", tenant, user.uuid(),)?;
        for code in codes {
            execute!(
                self.tx,
                "insert into recovery_codes (tenant_id, user_id, code_hash) values ($1, $2, $3)",
                tenant,
                user.uuid(),
                code.as_bytes().as_slice(),
            )?;
        }
        Ok(())
    }

    /// Takes a recovery code: it is gone with this transaction's commit. Exactly one taker wins.
    ///
    /// # Errors
    /// `NotFound` if the user has no such code (any more).
    pub async fn take_recovery_code(&mut self, user: UserId, code: &Sha256Digest) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "delete from recovery_codes where tenant_id = $1 and user_id = $2 and code_hash = $3",
            tenant,
            user.uuid(),
            code.as_bytes().as_slice(),
        )?)
    }
}
