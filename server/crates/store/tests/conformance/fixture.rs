//! A fresh database with two tenants in it, and the rows tests begin with.

use std::sync::atomic::{AtomicU64, Ordering};

use leeward_domain::{
    CaptureLevel, Sha256Digest, Timestamp,
    federation::{IssuerSettings, SubjectRule},
    ids::{
        ApiKeyId, AuditId, ConversationId, GrantId, IssuerId, MessageId, PrefixedId, ProviderId, RequestId, SessionId,
        TenantId, UserId,
    },
    permission::{Permission, Role},
    principal::AuthMethod,
    residency::{Classification, Place, ResidencyPolicy},
    sign_in::{SignInPolicy, Stage},
    tenant::Status,
    user::{Origin, UserKind},
};
use leeward_ledger::{Actor, EventCode, Phase, Record};
use leeward_store::{
    ApiKey, Conversation, ConversationKey, DatabaseConfig, GrantKind, Grave, Message, Provider, ProviderSession,
    Session, Store, StoreError, Tenant, TokenGrant, TrustedIssuer, User, WrappedDataKey,
};
use leeward_testkit::{pgbouncer::PgBouncer, postgres::Cluster};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use uuid::Uuid;

/// A microsecond that no rounding survives.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_micros(1_700_000_000_123_457);

/// A database of one test's own.
pub(crate) struct Database {
    pub(crate) store: Store,
    pub(crate) config: DatabaseConfig,
    /// Where SQL behind the store's back goes.
    direct: DatabaseConfig,
    _directory: TempDir,
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let db = Self::empty_sqlite().await;
        db.store.migrate().await.unwrap();
        db
    }

    pub(crate) async fn postgres() -> Self {
        let db = Self::empty_postgres().await;
        db.store.migrate().await.unwrap();
        db
    }

    pub(crate) async fn pooled() -> Self {
        let pooler = PgBouncer::shared().unwrap();
        let url = pooler.fresh_database().await.unwrap();
        let direct = DatabaseConfig::Postgres { url: pooler.direct(&url), max_connections: 8 };
        let config = DatabaseConfig::Postgres { url, max_connections: 8 };
        let db = Self { direct, ..Self::open(config, TempDir::new().unwrap()).await };
        db.store.migrate().await.unwrap();
        db
    }

    pub(crate) async fn empty_sqlite() -> Self {
        let directory = TempDir::new().unwrap();
        let config = DatabaseConfig::Sqlite { path: directory.path().join("leeward.db") };
        Self::open(config, directory).await
    }

    pub(crate) async fn empty_postgres() -> Self {
        let url = Cluster::shared().unwrap().fresh_database().await.unwrap();
        let config = DatabaseConfig::Postgres { url, max_connections: 8 };
        Self::open(config, TempDir::new().unwrap()).await
    }

    async fn open(config: DatabaseConfig, directory: TempDir) -> Self {
        Self { store: Store::connect(&config).await.unwrap(), direct: config.clone(), config, _directory: directory }
    }

    /// Adds a tenant with one user, and gives both.
    pub(crate) async fn tenant(&self, name: &str) -> (Tenant, User) {
        let (tenant, user) = (tenant(name), user(&format!("ada@{name}.example")));
        let mut platform = self.store.platform_write().await.unwrap();
        platform.add_tenant(&tenant).await.unwrap();
        let mut write = platform.into_tenant(tenant.id).await.unwrap();
        write.add_user(&user, Some("$argon2id$test")).await.unwrap();
        write.commit().await.unwrap();
        (tenant, user)
    }

    /// Runs SQL behind the store's back, as the database's owner, outside any scope.
    pub(crate) async fn raw(&self, sql: &str) -> Result<u64, sqlx::Error> {
        match &self.direct {
            DatabaseConfig::Sqlite { path } => {
                let mut connection =
                    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?;
                Ok(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?.rows_affected())
            }
            DatabaseConfig::Postgres { url, .. } => {
                let mut connection = PgConnection::connect(url).await?;
                Ok(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?.rows_affected())
            }
        }
    }
}

/// A fresh id; later ones sort later.
pub(crate) fn id<I: PrefixedId>() -> I {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    I::from_uuid(Uuid::from_u128((0x0192_0000_0000_7000_8000_u128 << 48) | u128::from(count)))
}

pub(crate) fn digest(text: &str) -> Sha256Digest {
    Sha256Digest::of(text.as_bytes())
}

pub(crate) fn tenant(name: &str) -> Tenant {
    let place = Place {
        site: "roma".into(),
        region: "Lazio".into(),
        jurisdiction: "IT".into(),
        ceiling: Classification::Confidential,
    };
    Tenant {
        id: id::<TenantId>(),
        name: name.parse().unwrap(),
        status: Status::Active,
        policy: ResidencyPolicy::only(&place),
        sign_in: SignInPolicy { second_factor: true, ..SignInPolicy::default() },
        capture: CaptureLevel::Metadata,
        wrapped_key: vec![0, 1, 2, 255],
        created_at: NOW,
    }
}

pub(crate) fn user(email: &str) -> User {
    User {
        id: id::<UserId>(),
        email: email.parse().unwrap(),
        display_name: "Ada Λ".into(),
        roles: vec![Role::TenantAdmin.into(), Role::Auditor.into()],
        status: Status::Active,
        created_at: NOW,
        last_login_at: None,
        kind: UserKind::Person,
        origin: Origin::Local,
        external_id: None,
        must_change_password: false,
        guest_of: None,
    }
}

pub(crate) fn api_key(user: &User, name: &str) -> ApiKey {
    ApiKey {
        id: id::<ApiKeyId>(),
        user: user.id,
        name: name.into(),
        prefix: "lw_abcd".into(),
        created_at: NOW,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        scopes: Some([Permission::ChatUse].into_iter().collect()),
        networks: Some(vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()]),
        successor: None,
        project: None,
    }
}

pub(crate) fn session(user: &User) -> Session {
    Session {
        id: id::<SessionId>(),
        user: user.id,
        created_at: NOW,
        expires_at: later(60),
        last_seen_at: NOW,
        method: AuthMethod::Passkey,
        second_factor: None,
        stage: Stage::Full,
        idle_s: 900,
        source: Some("192.0.2.7".parse().unwrap()),
        user_agent: Some("Firefox".into()),
        provider: Some(ProviderSession { provider: id::<ProviderId>(), subject: "sub".into(), sid: None }),
    }
}

pub(crate) fn provider(name: &str) -> Provider {
    let settings = json!({
        "connection": {"kind": "oidc", "issuer": "https://login.example.org", "client_id": "leeward"},
        "admission": {"group_roles": [{"group": "staff", "roles": ["member"]}], "match_email": true},
    });
    Provider {
        id: id::<ProviderId>(),
        name: name.into(),
        enabled: true,
        settings: serde_json::from_value(settings).unwrap(),
        secret: Some(vec![0, 1, 255]),
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn issuer(name: &str, issuer: &str, audience: &str, user: &User) -> TrustedIssuer {
    let subject = "system:serviceaccount:grid:forecast".to_owned();
    let scopes = Some([Permission::ChatUse].into_iter().collect());
    TrustedIssuer {
        id: id::<IssuerId>(),
        name: name.into(),
        enabled: true,
        issuer: issuer.into(),
        audience: audience.into(),
        settings: IssuerSettings {
            jwks: Some("{\"keys\":[]}".into()),
            ca_pem: None,
            subjects: vec![SubjectRule { subject, user: user.id, scopes }],
        },
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn grant(user: &User) -> TokenGrant {
    TokenGrant {
        id: id::<GrantId>(),
        user: user.id,
        kind: GrantKind::Personal,
        name: "notebook".into(),
        api_key: None,
        issuer: None,
        subject: None,
        scopes: Some([Permission::ChatUse].into_iter().collect()),
        created_at: NOW,
        expires_at: later(3600),
        last_used_at: None,
    }
}

pub(crate) fn conversation(user: &User) -> Conversation {
    Conversation {
        id: id::<ConversationId>(),
        user: user.id,
        model: "demo".into(),
        title: b"sealed".to_vec(),
        key: ConversationKey::Own(data_key()),
        class: Classification::Internal,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A data key of a name of its own.
pub(crate) fn data_key() -> WrappedDataKey {
    let named = id::<ConversationId>().uuid().simple().to_string();
    WrappedDataKey { id: named[16..].to_owned(), wrapped: vec![0, 255, 7] }
}

pub(crate) fn message(conversation: &Conversation, position: i64) -> Message {
    Message {
        id: id::<MessageId>(),
        conversation: conversation.id,
        position,
        role: "user".into(),
        content: b"sealed".to_vec(),
        model: None,
        finish_reason: None,
        prompt_tokens: None,
        completion_tokens: None,
        created_at: NOW,
    }
}

pub(crate) fn event(tenant: Option<TenantId>) -> Record {
    let mut record = Record::new(id::<AuditId>(), NOW, EventCode::LoginFailed, Phase::Event, Actor::Anonymous);
    record.tenant = tenant;
    record
}

pub(crate) fn step(tenant: Option<TenantId>, request: RequestId, phase: Phase) -> Record {
    let code = if phase == Phase::Intent { EventCode::InferenceIntent } else { EventCode::InferenceCompleted };
    let mut record = Record::new(id::<AuditId>(), NOW, code, phase, Actor::System);
    (record.tenant, record.request) = (tenant, Some(request));
    record
}

/// So many seconds after [`NOW`].
pub(crate) fn later(seconds: u64) -> Timestamp {
    NOW.plus(std::time::Duration::from_secs(seconds))
}

/// The name of the constraint that said no.
pub(crate) fn conflict<T: std::fmt::Debug>(result: Result<T, StoreError>) -> String {
    match result {
        Err(StoreError::Conflict { constraint }) => constraint,
        other => format!("no conflict: {other:?}"),
    }
}

/// Somewhere for what is deleted.
pub(crate) fn grave() -> Grave {
    Grave { at: NOW, record: id() }
}
