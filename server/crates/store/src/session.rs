//! Browser sessions: the digest of a token, never the token.

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{SessionId, UserId},
};

use crate::{
    PlatformWrite, Result, TenantWrite,
    tx::{Row, Time, execute, one_row},
};

/// A session as kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names the session for ever.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// When they did.
    pub created_at: Timestamp,
    /// When it ends, unless extended; whoever looks it up checks this.
    pub expires_at: Timestamp,
    /// When it was last used; may lag behind.
    pub last_seen_at: Timestamp,
}

/// The columns [`from_row`] reads, of a table aliased `s`.
macro_rules! session_columns {
    () => {
        "s.id as s_id, s.user_id as s_user_id, s.created_at as s_created_at, s.expires_at as s_expires_at, \
         s.last_seen_at as s_last_seen_at"
    };
}
pub(crate) use session_columns;

pub(crate) fn from_row(row: &Row) -> Result<Session> {
    Ok(Session {
        id: row.id("s_id")?,
        user: row.id("s_user_id")?,
        created_at: row.time("s_created_at")?,
        expires_at: row.time("s_expires_at")?,
        last_seen_at: row.time("s_last_seen_at")?,
    })
}

impl TenantWrite {
    /// Adds a session by the SHA-256 of its token.
    ///
    /// # Errors
    /// `Conflict` on `sessions_token_hash`, `NotFound` if this tenant has no such user.
    pub async fn add_session(&mut self, session: &Session, token_hash: &Sha256Digest) -> Result<()> {
        let tenant = self.tenant.uuid();
        execute!(
            self.tx,
            "insert into sessions (tenant_id, id, user_id, token_hash, created_at, expires_at, last_seen_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            tenant,
            session.id.uuid(),
            session.user.uuid(),
            token_hash.as_bytes().as_slice(),
            Time(session.created_at),
            Time(session.expires_at),
            Time(session.last_seen_at),
        )?;
        Ok(())
    }

    /// Moves a session's end and keeps when it was last used.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such session (any more).
    pub async fn extend_session(&mut self, id: SessionId, expires_at: Timestamp, seen_at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update sessions set expires_at = $3, last_seen_at = $4 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            Time(expires_at),
            Time(seen_at),
        )?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such session (any more).
    pub async fn delete_session(&mut self, id: SessionId) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(self.tx, "delete from sessions where tenant_id = $1 and id = $2", tenant, id.uuid())?)
    }

    /// Ends every session of a user; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_sessions_of(&mut self, user: UserId) -> Result<u64> {
        let tenant = self.tenant.uuid();
        execute!(self.tx, "delete from sessions where tenant_id = $1 and user_id = $2", tenant, user.uuid())
    }
}

impl PlatformWrite {
    /// Clears away the sessions of every tenant that ended before `now`; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired_sessions(&mut self, now: Timestamp) -> Result<u64> {
        execute!(self.tx, "delete from sessions where expires_at < $1", Time(now))
    }
}
