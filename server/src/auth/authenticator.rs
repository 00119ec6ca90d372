//! Whose credentials are these? One answer per credential, kept while nobody's rights change.
//!
//! A look-up reads the database once and is then served from memory: [`super::epoch`] tells when to forget.
//! What changes by itself (expiry, idling) is checked at every use. To add a kind of credential: a variant of
//! [`Credential`] and its look-up here.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use leeward_domain::{
    Ambient, Timestamp,
    ids::ProjectId,
    permission::PermissionSet,
    principal::{AuthMethod, Principal},
    sign_in::Stage,
    tenant::Status,
    user::UserKind,
};
use leeward_store::{ApiKey, Grants, PlatformRead, Session, Store, Tenant, TokenGrant, User};
use quick_cache::sync::Cache;

use super::{
    Credential, Identity,
    epoch::{Moment, SecurityEpoch},
    secret::{ApiKeySecret, SessionToken},
    tokens::{Bearer, Tokens},
};
use crate::{
    error::{AppError, Code},
    tasks::Tasks,
};

/// Credentials kept in memory; some 2 KiB each.
const CACHED: usize = 4096;
/// How stale `last_used_at` and `last_seen_at` may be in the database.
const GRAIN: Duration = Duration::from_secs(30);

/// Turns credentials into identities.
pub struct Authenticator {
    store: Store,
    ambient: Ambient,
    tasks: Tasks,
    epoch: SecurityEpoch,
    tokens: Tokens,
    cache: Cache<Credential, Arc<Known>>,
}

impl std::fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authenticator").finish_non_exhaustive()
    }
}

/// An identity without its request, and what must be checked at every use.
struct Known {
    moment: Moment,
    tenant: Arc<Tenant>,
    user: Arc<User>,
    kind: Kind,
    principal: Principal,
    /// The last use, and the last one that was written down, in microseconds since 1970.
    used: AtomicI64,
    noted: AtomicI64,
}

enum Kind {
    Key(Box<ApiKey>),
    Session(Arc<Session>),
    Grant(Box<TokenGrant>, Option<ProjectId>),
}

impl Authenticator {
    /// Looks up in `store`, notes uses on `tasks`.
    #[must_use]
    pub fn new(store: Store, ambient: Ambient, tasks: Tasks, epoch: SecurityEpoch, tokens: Tokens) -> Self {
        Self { store, ambient, tasks, epoch, tokens, cache: Cache::new(CACHED) }
    }

    /// What signs and recognises access tokens.
    #[must_use]
    pub const fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// Something that resolves whenever rights may have changed.
    #[must_use]
    pub const fn epoch(&self) -> &SecurityEpoch {
        &self.epoch
    }

    /// The identity behind what stands after `Bearer`: an access token or an API key.
    ///
    /// # Errors
    /// As [`Authenticator::by_key`]; `invalid_token` for a token, whatever is wrong with it.
    pub async fn by_bearer(&self, bearer: &str, source: Option<IpAddr>) -> Result<Identity, AppError> {
        if bearer.bytes().filter(|byte| *byte == b'.').count() != 2 {
            return self.by_key(bearer, source).await;
        }
        let Bearer { tenant, grant } = self.tokens.recognise(bearer).await?;
        let ended = || AppError::new(Code::InvalidToken, "what the access token stood on has ended; ask for a new one");
        self.identity(Credential::Grant(tenant, grant), None, source).await?.ok_or_else(ended)
    }

    /// The identity behind an API key.
    ///
    /// # Errors
    /// `invalid_api_key`, whatever is wrong with it; `forbidden` when it may not be used from `source`.
    pub async fn by_key(&self, secret: &str, source: Option<IpAddr>) -> Result<Identity, AppError> {
        let hash = ApiKeySecret::parse(secret).ok_or_else(wrong_key)?.hash();
        self.identity(Credential::ApiKey(hash), None, source).await?.ok_or_else(wrong_key)
    }

    /// The identity behind a browser session.
    ///
    /// # Errors
    /// `unauthenticated` when the session has ended.
    pub async fn by_session(&self, token: &SessionToken, source: Option<IpAddr>) -> Result<Identity, AppError> {
        let ended = || AppError::new(Code::Unauthenticated, "the session has ended; sign in again");
        self.identity(Credential::Session(token.hash()), Some(token.csrf()), source).await?.ok_or_else(ended)
    }

    /// Whether a credential that was good still is, for the same user and with no permission less.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn still_holds(&self, identity: &Identity) -> Result<bool, AppError> {
        let again = self.identity(identity.credential, None, identity.principal.source).await?;
        Ok(again.is_some_and(|again| {
            let lost = identity.principal.permissions.iter().any(|held| !again.principal.may(held));
            again.principal.user == identity.principal.user && !lost
        }))
    }

    async fn identity(
        &self,
        credential: Credential,
        csrf: Option<String>,
        source: Option<IpAddr>,
    ) -> Result<Option<Identity>, AppError> {
        let known = match self.cache.get(&credential) {
            Some(known) if self.epoch.holds(known.moment) => known,
            _ => {
                let Some(known) = self.look_up(credential).await? else {
                    self.cache.remove(&credential);
                    return Ok(None);
                };
                let known = Arc::new(known);
                self.cache.insert(credential, Arc::clone(&known));
                known
            }
        };
        let now = self.ambient.now();
        if !known.is_alive(now) {
            return Ok(None);
        }
        known.allows(source)?;
        self.note_use(&known, now);
        let mut principal = known.principal.clone();
        principal.source = source;
        let (session, limited_key) = match &known.kind {
            Kind::Session(session) => (Some(Arc::clone(session)), false),
            Kind::Key(key) => {
                let narrow = key.scopes.is_some() || key.networks.is_some();
                (None, narrow || key.expires_at.is_some() || key.project.is_some())
            }
            Kind::Grant(..) => (None, true),
        };
        let (tenant, user) = (Arc::clone(&known.tenant), Arc::clone(&known.user));
        Ok(Some(Identity { principal, tenant, user, session, csrf, limited_key, credential }))
    }

    async fn look_up(&self, credential: Credential) -> Result<Option<Known>, AppError> {
        let mark = self.epoch.mark();
        let mut read = self.store.platform_read().await?;
        let (tenant, user, grants, kind) = match credential {
            Credential::ApiKey(hash) => {
                let Some(found) = read.find_api_key(&hash).await? else { return Ok(None) };
                (found.tenant, found.user, found.grants, Kind::Key(Box::new(found.key)))
            }
            Credential::Session(hash) => {
                let Some(found) = read.find_session(&hash).await? else { return Ok(None) };
                (found.tenant, found.user, found.grants, Kind::Session(Arc::new(found.session)))
            }
            Credential::Grant(tenant, id) => {
                let Some(found) = read.find_grant(tenant, id).await? else { return Ok(None) };
                (found.tenant, found.user, found.grants, Kind::Grant(Box::new(found.grant), found.project))
            }
        };
        if !may_act(&mut read, &tenant, &user).await? {
            return Ok(None);
        }
        let moment = SecurityEpoch::moment(mark, grants.epoch);
        let principal = principal(&tenant, &user, grants, &kind);
        let last = match &kind {
            Kind::Key(key) => key.last_used_at.map_or(0, Timestamp::unix_micros),
            Kind::Session(session) => session.last_seen_at.unix_micros(),
            Kind::Grant(grant, _) => grant.last_used_at.map_or(0, Timestamp::unix_micros),
        };
        Ok(Some(Known {
            moment,
            tenant: Arc::new(tenant),
            user: Arc::new(user),
            kind,
            principal,
            used: AtomicI64::new(last),
            noted: AtomicI64::new(last),
        }))
    }

    /// Keeps when the credential was last used: in memory at once, in the database now and then.
    fn note_use(&self, known: &Arc<Known>, now: Timestamp) {
        known.used.store(now.unix_micros(), Ordering::Relaxed);
        let noted = known.noted.load(Ordering::Relaxed);
        if now.since(Timestamp::from_unix_micros(noted)) < GRAIN
            || known.noted.compare_exchange(noted, now.unix_micros(), Ordering::Relaxed, Ordering::Relaxed).is_err()
        {
            return;
        }
        let (store, known) = (self.store.clone(), Arc::clone(known));
        self.tasks.spawn(async move {
            let written = async {
                let mut tx = store.tenant_write(known.tenant.id).await?;
                match &known.kind {
                    Kind::Key(key) => tx.touch_api_key(key.id, now).await?,
                    Kind::Session(session) => tx.touch_session(session.id, now).await?,
                    Kind::Grant(grant, _) => tx.touch_grant(grant.id, now).await?,
                }
                tx.commit().await
            };
            match written.await {
                // Ended in the meantime: nothing is left to be noted.
                Ok(()) | Err(leeward_store::StoreError::NotFound) => {}
                Err(error) => tracing::warn!(%error, "could not note the use of a credential"),
            }
        });
    }
}

impl Known {
    fn is_alive(&self, now: Timestamp) -> bool {
        match &self.kind {
            Kind::Key(key) => key.revoked_at.is_none() && key.expires_at.is_none_or(|end| end > now),
            Kind::Grant(grant, _) => grant.expires_at > now,
            Kind::Session(session) => {
                // In memory the last use is known exactly.
                let used = Timestamp::from_unix_micros(self.used.load(Ordering::Relaxed));
                let idle = Duration::from_secs(u64::from(session.idle_s));
                session.expires_at > now && (session.idle_s == 0 || now.since(used) < idle)
            }
        }
    }

    fn allows(&self, source: Option<IpAddr>) -> Result<(), AppError> {
        let Kind::Key(key) = &self.kind else { return Ok(()) };
        let Some(networks) = &key.networks else { return Ok(()) };
        let source = source.map(|address| address.to_canonical());
        if source.is_some_and(|source| networks.iter().any(|network| network.contains(&source))) {
            return Ok(());
        }
        let detail = "this API key may not be used from your address; its allowed networks are set where keys are made";
        Err(AppError::new(Code::Forbidden, detail))
    }
}

fn wrong_key() -> AppError {
    AppError::new(Code::InvalidApiKey, "the API key is wrong, revoked or expired; a tenant administrator can make one")
}

/// Whether the tenant and the user may act at all; a guest only while they may at home.
pub(crate) async fn may_act(read: &mut PlatformRead, tenant: &Tenant, user: &User) -> Result<bool, AppError> {
    if tenant.status != Status::Active || user.status != Status::Active {
        return Ok(false);
    }
    let Some(guest) = user.guest_of else { return Ok(true) };
    if guest.accepted_at.is_none() {
        return Ok(false);
    }
    let home = read.find_user(guest.tenant, guest.user).await?;
    Ok(home.is_some_and(|home| home.tenant.status == Status::Active && home.user.status == Status::Active))
}

fn principal(tenant: &Tenant, user: &User, grants: Grants, kind: &Kind) -> Principal {
    let held = grants.permissions.separated(tenant.sign_in.self_audit);
    let (method, api_key, session, permissions) = match kind {
        Kind::Key(key) => {
            let scopes = key.scopes.unwrap_or(PermissionSet::EVERYTHING);
            (AuthMethod::ApiKey, Some(key.id), None, held.intersection(scopes))
        }
        Kind::Grant(grant, _) => {
            let scopes = grant.scopes.unwrap_or(PermissionSet::EVERYTHING);
            (AuthMethod::AccessToken, None, None, held.intersection(scopes))
        }
        Kind::Session(session) => {
            let whole = session.stage == Stage::Full;
            let permissions = if whole { held } else { PermissionSet::NONE };
            (AuthMethod::Session, None, Some(session.id), permissions)
        }
    };
    let project = match kind {
        Kind::Key(key) => key.project,
        Kind::Grant(_, project) => *project,
        Kind::Session(_) => None,
    };
    debug_assert!(user.kind != UserKind::Service || session.is_none(), "a service account never signs in");
    Principal {
        tenant: tenant.id,
        user: user.id,
        api_key,
        project,
        session,
        roles: grants.roles,
        permissions,
        method,
        source: None,
    }
}
