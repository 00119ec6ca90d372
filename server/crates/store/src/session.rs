//! Browser sessions: the digest of a token, never the token.

use std::net::IpAddr;

use leeward_domain::{
    Sha256Digest, Timestamp,
    ids::{ProviderId, SessionId, UserId},
    principal::AuthMethod,
    sign_in::Stage,
    tenant::InvalidName,
};

use crate::{
    PlatformWrite, Result, TenantRead, TenantWrite,
    tx::{Row, Time, execute, fetch_all, one_row},
};

/// Sessions shown of one user, newest first.
const MAX_LISTED: i64 = 200;

macro_rules! factors {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// What was shown besides the password, or what stands for it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum SecondFactor { $($(#[doc = $doc])+ $name),+ }

        impl SecondFactor {
            /// The database and JSON spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }

        impl std::str::FromStr for SecondFactor {
            type Err = InvalidName;
            fn from_str(text: &str) -> std::result::Result<Self, InvalidName> {
                match text { $($text => Ok(Self::$name),)+ _ => Err(InvalidName("no such second factor")) }
            }
        }
    };
}

factors! {
    /// A code of an authenticator app.
    Totp = "totp",
    /// A passkey that checked its user.
    Passkey = "passkey",
    /// One of the codes kept for the day the device is lost.
    Recovery = "recovery",
    /// The identity provider's own, which the tenant trusts to have asked for one.
    Provider = "provider",
}

/// The sign-in at an identity provider that a session grew out of: what a logout token names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderSession {
    /// The provider.
    pub provider: ProviderId,
    /// Who the provider says it is (`sub`).
    pub subject: String,
    /// The provider's own session (`sid`), if it tells.
    pub sid: Option<String>,
}

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
    /// How it began.
    pub method: AuthMethod,
    /// What was shown besides.
    pub second_factor: Option<SecondFactor>,
    /// What is missing before it may do everything.
    pub stage: Stage,
    /// Seconds without a request after which it ends; 0 means never.
    pub idle_s: u32,
    /// Where the sign-in came from.
    pub source: Option<IpAddr>,
    /// What the browser called itself, cut short.
    pub user_agent: Option<String>,
    /// The identity provider's session, if there is one.
    pub provider: Option<ProviderSession>,
}

impl Session {
    /// Whether the session has neither come to its end nor lain idle for too long.
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        let idle = std::time::Duration::from_secs(u64::from(self.idle_s));
        self.expires_at > now && (self.idle_s == 0 || now.since(self.last_seen_at) < idle)
    }
}

/// The columns [`from_row`] reads, of a table aliased `s`.
macro_rules! session_columns {
    () => {
        "s.id as s_id, s.user_id as s_user_id, s.created_at as s_created_at, s.expires_at as s_expires_at, \
         s.last_seen_at as s_last_seen_at, s.method as s_method, s.second_factor as s_second_factor, \
         s.stage as s_stage, s.idle_s as s_idle_s, s.source as s_source, s.user_agent as s_user_agent, \
         s.provider_id as s_provider_id, s.provider_sid as s_provider_sid, \
         s.provider_subject as s_provider_subject"
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
        method: row.parsed("s_method")?,
        second_factor: row.parsed_opt("s_second_factor")?,
        stage: row.parsed("s_stage")?,
        idle_s: u32::try_from(row.unsigned("s_idle_s")?).unwrap_or(u32::MAX),
        source: row.parsed_opt("s_source")?,
        user_agent: row.get("s_user_agent")?,
        provider: match (row.id_opt("s_provider_id")?, row.get("s_provider_subject")?) {
            (Some(provider), Some(subject)) => {
                Some(ProviderSession { provider, subject, sid: row.get("s_provider_sid")? })
            }
            _ => None,
        },
    })
}

impl TenantRead {
    /// The sessions of one user, newest first, at most 200; those that have ended but were not cleared away
    /// are among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_of(&mut self, user: UserId) -> Result<Vec<Session>> {
        let rows = fetch_all!(
            self.tx,
            concat!(
                "select ",
                session_columns!(),
                " from sessions s where s.tenant_id = $1 and s.user_id = $2 order by s.id desc limit $3"
            ),
            self.tenant.uuid(),
            user.uuid(),
            MAX_LISTED,
        )?;
        rows.iter().map(from_row).collect()
    }
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
            "insert into sessions (tenant_id, id, user_id, token_hash, created_at, expires_at, last_seen_at, \
             method, second_factor, stage, idle_s, source, user_agent, provider_id, provider_sid, \
             provider_subject) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
            tenant,
            session.id.uuid(),
            session.user.uuid(),
            token_hash.as_bytes().as_slice(),
            Time(session.created_at),
            Time(session.expires_at),
            Time(session.last_seen_at),
            session.method.as_str(),
            session.second_factor.map(SecondFactor::as_str),
            session.stage.as_str(),
            i64::from(session.idle_s),
            session.source.map(|source| source.to_string()),
            session.user_agent.as_deref(),
            session.provider.as_ref().map(|it| it.provider.uuid()),
            session.provider.as_ref().and_then(|it| it.sid.as_deref()),
            session.provider.as_ref().map(|it| it.subject.as_str()),
        )?;
        Ok(())
    }

    /// Keeps when a session was last used. Every call is a write: callers do it at most once in a while.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such session (any more).
    pub async fn touch_session(&mut self, id: SessionId, seen_at: Timestamp) -> Result<()> {
        let tenant = self.tenant.uuid();
        one_row(execute!(
            self.tx,
            "update sessions set last_seen_at = $3 where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            Time(seen_at),
        )?)
    }

    /// Moves a session on: what was shown, what is missing now, and a new token (a session that gains rights
    /// gets a new name, so that one planted before is worth nothing).
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such session (any more), `Conflict` on `sessions_token_hash`.
    pub async fn advance_session(
        &mut self,
        id: SessionId,
        stage: Stage,
        shown: Option<SecondFactor>,
        token_hash: &Sha256Digest,
    ) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(
            self.tx,
            "update sessions set stage = $3, second_factor = coalesce($4, second_factor), token_hash = $5 \
             where tenant_id = $1 and id = $2",
            tenant,
            id.uuid(),
            stage.as_str(),
            shown.map(SecondFactor::as_str),
            token_hash.as_bytes().as_slice(),
        )?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// `NotFound` if this tenant has no such session (any more).
    pub async fn delete_session(&mut self, id: SessionId) -> Result<()> {
        let tenant = self.tenant.uuid();
        self.security = true;
        one_row(execute!(self.tx, "delete from sessions where tenant_id = $1 and id = $2", tenant, id.uuid())?)
    }

    /// Ends the sessions that grew out of a sign-in at a provider: that one session of it, or all of the
    /// subject's; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_provider_sessions(
        &mut self,
        provider: ProviderId,
        subject: Option<&str>,
        sid: Option<&str>,
    ) -> Result<Vec<SessionId>> {
        let tenant = self.tenant.uuid();
        self.security = true;
        let rows = fetch_all!(
            self.tx,
            "delete from sessions where tenant_id = $1 and provider_id = $2 \
             and ($3 is null or provider_subject = $3) and ($4 is null or provider_sid = $4) \
             and not ($3 is null and $4 is null) returning id",
            tenant,
            provider.uuid(),
            subject,
            sid,
        )?;
        rows.iter().map(|row| row.id("id")).collect()
    }

    /// Ends every session of a user but one; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_other_sessions(&mut self, user: UserId, keep: SessionId) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
        execute!(
            self.tx,
            "delete from sessions where tenant_id = $1 and user_id = $2 and id <> $3",
            tenant,
            user.uuid(),
            keep.uuid(),
        )
    }

    /// Ends every session of a user; gives how many there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_sessions_of(&mut self, user: UserId) -> Result<u64> {
        let tenant = self.tenant.uuid();
        self.security = true;
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
