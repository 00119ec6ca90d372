//! What a sign-in or an enrolment remembers between two requests: kept under a token's digest, taken once.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{TenantId, UserId},
};

use crate::{
    PlatformWrite, Result,
    tx::{Time, execute, fetch_optional},
};

/// A ceremony under way.
#[derive(Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// What kind of ceremony; a token of one kind is worth nothing in another.
    pub kind: String,
    /// Who began it, if that was known.
    pub user: Option<UserId>,
    /// What is to be remembered; opaque here.
    pub state: Vec<u8>,
    /// When it is too late to finish.
    pub expires_at: Timestamp,
}

impl PlatformWrite {
    /// Keeps a ceremony under the digest of its token: a tenant's, or nobody's yet.
    ///
    /// # Errors
    /// `NotFound` if there is no such tenant.
    pub async fn add_ceremony(
        &mut self,
        tenant: Option<TenantId>,
        token_hash: &Sha256Digest,
        ceremony: &Ceremony,
    ) -> Result<()> {
        execute!(
            self.tx,
            "insert into ceremonies (tenant_id, token_hash, kind, user_id, state, expires_at) \
             values ($1, $2, $3, $4, $5, $6)",
            tenant.map(TenantId::uuid),
            token_hash.as_bytes().as_slice(),
            ceremony.kind.as_str(),
            ceremony.user.map(UserId::uuid),
            ceremony.state.as_slice(),
            Time(ceremony.expires_at),
        )?;
        Ok(())
    }

    /// Takes a ceremony: with this transaction's commit it is gone. Exactly one taker wins; the caller checks
    /// its kind and end.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_ceremony(&mut self, token_hash: &Sha256Digest) -> Result<Option<(Option<TenantId>, Ceremony)>> {
        let row = fetch_optional!(
            self.tx,
            "delete from ceremonies where token_hash = $1 returning tenant_id, kind, user_id, state, expires_at",
            token_hash.as_bytes().as_slice(),
        )?;
        row.map(|row| {
            let ceremony = Ceremony {
                kind: row.get("kind")?,
                user: row.id_opt("user_id")?,
                state: row.get("state")?,
                expires_at: row.time("expires_at")?,
            };
            Ok((row.id_opt("tenant_id")?, ceremony))
        })
        .transpose()
    }

    /// Clears away the ceremonies nobody finished; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_ceremonies(&mut self, now: Timestamp) -> Result<u64> {
        execute!(self.tx, "delete from ceremonies where expires_at < $1", Time(now))
    }
}
