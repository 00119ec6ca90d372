//! The emergency account, and the two halves that unlock it once: their digests, never the halves.

use leeward_domain::{Sha256Digest, Timestamp, ids::UserId};

use crate::{
    Result, TenantRead, TenantWrite, User,
    tx::{Time, execute, fetch_optional, one_row},
    user::{self, user_columns},
};

/// The seal on a tenant's emergency account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakGlassSeal {
    /// The account.
    pub user: UserId,
    /// The digest of the first half.
    pub first: Sha256Digest,
    /// The digest of the second half.
    pub second: Sha256Digest,
    /// When it was sealed.
    pub sealed_at: Timestamp,
}

impl TenantRead {
    /// The tenant's emergency account, if one was ever sealed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn break_glass_user(&mut self) -> Result<Option<User>> {
        let row = fetch_optional!(
            self.tx,
            concat!(
                "select ",
                user_columns!(),
                " from users u where u.tenant_id = $1 and u.kind = 'break_glass' order by u.id limit 1"
            ),
            self.tenant.uuid(),
        )?;
        row.as_ref().map(user::from_row).transpose()
    }

    /// The seal on the account; none once it was used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn break_glass_seal(&mut self, user: UserId) -> Result<Option<BreakGlassSeal>> {
        let row = fetch_optional!(
            self.tx,
            "select first_hash, second_hash, sealed_at from break_glass_seals where tenant_id = $1 and user_id = $2",
            self.tenant.uuid(),
            user.uuid(),
        )?;
        row.map(|row| {
            let (first, second) = (row.digest("first_hash")?, row.digest("second_hash")?);
            Ok(BreakGlassSeal { user, first, second, sealed_at: row.time("sealed_at")? })
        })
        .transpose()
    }
}

impl TenantWrite {
    /// Seals the account; the halves of a seal before this one are worth nothing from now on.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such user.
    pub async fn set_break_glass_seal(&mut self, seal: &BreakGlassSeal) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into break_glass_seals (tenant_id, user_id, first_hash, second_hash, sealed_at) \
             values ($1, $2, $3, $4, $5) on conflict (tenant_id, user_id) do update set \
             first_hash = excluded.first_hash, second_hash = excluded.second_hash, sealed_at = excluded.sealed_at",
            tenant,
            seal.user.uuid(),
            seal.first.as_bytes().as_slice(),
            seal.second.as_bytes().as_slice(),
            Time(seal.sealed_at),
        )?;
        Ok(())
    }

    /// Uses this very seal up: of two that try at the same time one succeeds.
    ///
    /// # Errors
    /// `NotFound` if it was used or replaced.
    pub async fn take_break_glass_seal(&mut self, seal: &BreakGlassSeal) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "delete from break_glass_seals where tenant_id = $1 and user_id = $2 and first_hash = $3 \
             and second_hash = $4",
            tenant,
            seal.user.uuid(),
            seal.first.as_bytes().as_slice(),
            seal.second.as_bytes().as_slice(),
        )?)
    }
}
