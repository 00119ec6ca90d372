//! The names of the unique constraints, the same for both databases.
//!
//! PostgreSQL reports the index's name. SQLite reports the columns, so the table below turns them into the
//! name; the conformance suite breaks every constraint on both.

/// A tenant's name is taken.
pub const TENANTS_NAME: &str = "tenants_name";
/// The tenant has a user with this e-mail address.
pub const USERS_EMAIL: &str = "users_email";
/// The tenant has an unrevoked key of this name.
pub const API_KEYS_NAME: &str = "api_keys_name";
/// The tenant has a user with this external id.
pub const USERS_EXTERNAL_ID: &str = "users_external_id";
/// The person was invited already.
pub const USERS_HOME: &str = "users_home";
/// The tenant has a role of this name.
pub const ROLES_NAME: &str = "roles_name";
/// The tenant has a group of this name.
pub const GROUPS_NAME: &str = "groups_name";
/// The tenant has a group with this external id.
pub const GROUPS_EXTERNAL_ID: &str = "groups_external_id";
/// The passkey is registered already, here or with another user.
pub const PASSKEYS_CREDENTIAL_ID: &str = "passkeys_credential_id";
/// The tenant has an identity provider of this name.
pub const IDENTITY_PROVIDERS_NAME: &str = "identity_providers_name";
/// The tenant trusts an issuer of this name.
pub const TOKEN_ISSUERS_NAME: &str = "token_issuers_name";
/// A tenant trusts this issuer for this audience already.
pub const TOKEN_ISSUERS_ISSUER: &str = "token_issuers_issuer";
/// The tenant has a project of this name.
pub const PROJECTS_NAME: &str = "projects_name";
/// The same secret is there already; never with secrets from a working random source.
pub const API_KEYS_SECRET_HASH: &str = "api_keys_secret_hash";
/// The same session token is there already.
pub const SESSIONS_TOKEN_HASH: &str = "sessions_token_hash";
/// The conversation has a message at this position: somebody else wrote first.
pub const MESSAGES_POSITION: &str = "messages_position";
/// The tenant has had a residency policy of this version.
pub const POLICIES_VERSION: &str = "policies_pkey";
/// The conversation or person has a data key.
pub const DATA_KEYS_HOLDER: &str = "data_keys_holder";
/// The audit record's id was used before.
pub const AUDIT_ENTRIES_ID: &str = "audit_entries_id";
/// The intent is open already, or the outcome's intent is not (any more).
pub const AUDIT_OPEN: &str = "audit_open";

/// The subject of this provider is somebody's already.
pub const PROVIDER_SUBJECTS: &str = "provider_subjects_pkey";
/// The same refresh token is there already; never with secrets from a working random source.
pub const REFRESH_TOKENS: &str = "refresh_tokens_pkey";

const SQLITE_COLUMNS: &[(&str, &str)] = &[
    ("tenants.name", TENANTS_NAME),
    ("users.tenant_id, users.email", USERS_EMAIL),
    ("users.tenant_id, users.external_id", USERS_EXTERNAL_ID),
    ("users.tenant_id, users.home_tenant, users.home_user", USERS_HOME),
    ("roles.tenant_id, roles.name", ROLES_NAME),
    ("groups.tenant_id, groups.name", GROUPS_NAME),
    ("groups.tenant_id, groups.external_id", GROUPS_EXTERNAL_ID),
    ("passkeys.credential_id", PASSKEYS_CREDENTIAL_ID),
    ("identity_providers.tenant_id, identity_providers.name", IDENTITY_PROVIDERS_NAME),
    ("token_issuers.tenant_id, token_issuers.name", TOKEN_ISSUERS_NAME),
    ("token_issuers.issuer, token_issuers.audience", TOKEN_ISSUERS_ISSUER),
    ("projects.tenant_id, projects.name", PROJECTS_NAME),
    ("policies.tenant_id, policies.version", POLICIES_VERSION),
    ("api_keys.tenant_id, api_keys.name", API_KEYS_NAME),
    ("api_keys.secret_hash", API_KEYS_SECRET_HASH),
    ("sessions.token_hash", SESSIONS_TOKEN_HASH),
    ("messages.tenant_id, messages.conversation_id, messages.position", MESSAGES_POSITION),
    ("data_keys.tenant_id, data_keys.holder", DATA_KEYS_HOLDER),
    ("audit_entries.id", AUDIT_ENTRIES_ID),
    ("audit_open.log_id, audit_open.request_id", AUDIT_OPEN),
    ("tenants.id", "tenants_pkey"),
    ("provider_subjects.tenant_id, provider_subjects.provider_id, provider_subjects.subject", PROVIDER_SUBJECTS),
    ("refresh_tokens.token_hash", REFRESH_TOKENS),
];

/// The constraint's name from SQLite's message; the columns themselves for a primary key.
pub(crate) fn from_sqlite_message(message: &str) -> String {
    let columns = message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message);
    SQLITE_COLUMNS.iter().find(|(known, _)| *known == columns).map_or(columns, |(_, name)| name).to_owned()
}

/// The constraint's name from PostgreSQL's: a primary key that callers know goes by its table's name.
pub(crate) fn from_postgres_name(name: &str) -> String {
    if name == "audit_open_pkey" { AUDIT_OPEN.to_owned() } else { name.to_owned() }
}
