//! Passkeys. The credential is opaque here: the identity crate's own serialisation.

use leeward_domain::{
    Timestamp,
    ids::{PasskeyId, TenantId, UserId},
};

use crate::{
    PlatformRead, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, fetch_optional, one_row},
};

/// Passkeys a user may have.
pub const MAX_PASSKEYS: usize = 20;

/// A passkey as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Names it for ever.
    pub id: PasskeyId,
    /// Whose it is.
    pub user: UserId,
    /// The authenticator's name for it; unique in the whole database (`passkeys_credential_id`).
    pub credential_id: Vec<u8>,
    /// The public key and counters.
    pub credential: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last used, if ever.
    pub last_used_at: Option<Timestamp>,
}

fn from_row(row: &Row) -> Result<Passkey> {
    Ok(Passkey {
        id: row.id("id")?,
        user: row.id("user_id")?,
        credential_id: row.get("credential_id")?,
        credential: row.get("credential")?,
        name: row.get("name")?,
        created_at: row.time("created_at")?,
        last_used_at: row.time_opt("last_used_at")?,
    })
}

impl TenantRead {
    /// The passkeys of a user, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn passkeys(&mut self, user: UserId) -> Result<Vec<Passkey>> {
        let rows = fetch_all!(
            self.tx,
            "select id, user_id, credential_id, credential, name, created_at, last_used_at from passkeys \
             where tenant_id = $1 and user_id = $2 order by id limit $3",
            self.tenant.uuid(),
            user.uuid(),
            i64::try_from(MAX_PASSKEYS).unwrap_or(i64::MAX),
        )?;
        rows.iter().map(from_row).collect()
    }
}

impl PlatformRead {
    /// Whose passkey it is, before anybody is signed in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_passkey(&mut self, credential_id: &[u8]) -> Result<Option<(TenantId, Passkey)>> {
        let row = fetch_optional!(
            self.tx,
            "select tenant_id, id, user_id, credential_id, credential, name, created_at, last_used_at \
             from passkeys where credential_id = $1",
            credential_id,
        )?;
        row.map(|row| Ok((row.id("tenant_id")?, from_row(&row)?))).transpose()
    }
}

impl TenantWrite {
    /// Adds a passkey.
    ///
    /// # Errors
    /// `Conflict` on `passkeys_credential_id`, `NotFound` if this tenant has no such user.
    pub async fn add_passkey(&mut self, passkey: &Passkey) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into passkeys (tenant_id, id, user_id, credential_id, credential, name, created_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            tenant,
            passkey.id.uuid(),
            passkey.user.uuid(),
            passkey.credential_id.as_slice(),
            passkey.credential.as_slice(),
            passkey.name.as_str(),
            Time(passkey.created_at),
        )?;
        Ok(())
    }

    /// Keeps a use of a passkey, with the counters it moved.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such passkey.
    pub async fn use_passkey(&mut self, id: PasskeyId, credential: &[u8], at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update passkeys set credential = $3, last_used_at = $4 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            credential,
            Time(at),
        )?)
    }

    /// Removes a passkey of a user.
    ///
    /// # Errors
    /// `NotFound` if the user has no such passkey.
    pub async fn delete_passkey(&mut self, user: UserId, id: PasskeyId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "delete from passkeys where tenant_id = $1 and user_id = $2 and id = $3",
            tenant,
            user.uuid(),
            id.uuid(),
        )?)
    }

    /// Removes every passkey of a user; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_passkeys_of(&mut self, user: UserId) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(self.tx, "delete from passkeys where tenant_id = $1 and user_id = $2", tenant, user.uuid())
    }
}
