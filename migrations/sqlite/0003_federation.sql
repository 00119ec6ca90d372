-- Federation, tokens, projects. Every tenant table follows 0001's rules: the tenant in every row and reference.

-- Outside parties users sign in with. settings: how to reach it and whom it lets in; secret: sealed under the
-- tenant's key.
create table identity_providers (
    tenant_id  blob not null references tenants (id),
    id         blob not null check (length(id) = 16),
    name       text not null,
    kind       text not null check (kind in ('oidc', 'ldap', 'certificate')),
    enabled    integer not null,
    settings   text not null,
    secret     blob,
    created_at integer not null,
    updated_at integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index identity_providers_name on identity_providers (tenant_id, name);

-- Whose user a subject of a provider is.
create table provider_subjects (
    tenant_id   blob not null,
    provider_id blob not null,
    subject     text not null,
    user_id     blob not null,
    created_at  integer not null,
    primary key (tenant_id, provider_id, subject),
    foreign key (tenant_id, provider_id) references identity_providers (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;
create index provider_subjects_by_user on provider_subjects (tenant_id, user_id);

-- Foreign issuers whose tokens are exchanged for ours. An issuer and audience belong to one tenant only.
create table token_issuers (
    tenant_id  blob not null references tenants (id),
    id         blob not null check (length(id) = 16),
    name       text not null,
    enabled    integer not null,
    issuer     text not null,
    audience   text not null,
    settings   text not null,
    created_at integer not null,
    updated_at integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index token_issuers_name on token_issuers (tenant_id, name);
create unique index token_issuers_issuer on token_issuers (issuer, audience);

-- What access tokens stand on: while the row lives, its tokens do.
create table token_grants (
    tenant_id    blob not null,
    id           blob not null check (length(id) = 16),
    user_id      blob not null,
    kind         text not null check (kind in ('personal', 'api_key', 'workload')),
    name         text not null,
    api_key_id   blob,
    issuer_id    blob,
    subject      text,
    scopes       text,
    created_at   integer not null,
    expires_at   integer not null,
    last_used_at integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    foreign key (tenant_id, api_key_id) references api_keys (tenant_id, id) on delete cascade,
    foreign key (tenant_id, issuer_id) references token_issuers (tenant_id, id) on delete cascade
) strict, without rowid;
create index token_grants_by_user on token_grants (tenant_id, user_id);
create index token_grants_by_expiry on token_grants (expires_at);

create table refresh_tokens (
    tenant_id  blob not null,
    token_hash blob not null check (length(token_hash) = 32),
    grant_id   blob not null,
    created_at integer not null,
    expires_at integer not null,
    -- When it was first exchanged; shortly after that it may be shown again, later its whole grant ends.
    used_at    integer,
    primary key (token_hash),
    foreign key (tenant_id, grant_id) references token_grants (tenant_id, id) on delete cascade
) strict, without rowid;
create index refresh_tokens_by_grant on refresh_tokens (tenant_id, grant_id);

-- Token ids that may be used once, until the token itself has expired.
create table used_tokens (
    tenant_id  blob not null references tenants (id),
    digest     blob not null check (length(digest) = 32),
    expires_at integer not null,
    primary key (tenant_id, digest)
) strict, without rowid;
create index used_tokens_by_expiry on used_tokens (expires_at);

create table projects (
    tenant_id  blob not null references tenants (id),
    id         blob not null check (length(id) = 16),
    name       text not null,
    created_at integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index projects_name on projects (tenant_id, name);

create table project_members (
    tenant_id  blob not null,
    project_id blob not null,
    user_id    blob not null,
    role       text not null check (role in ('admin', 'member')),
    primary key (tenant_id, project_id, user_id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;
create index project_members_by_user on project_members (tenant_id, user_id);

alter table api_keys add column project_id blob;
create index api_keys_by_project on api_keys (tenant_id, project_id) where project_id is not null;

-- The emergency account's credential, in two halves; used once.
create table break_glass_seals (
    tenant_id   blob not null,
    user_id     blob not null,
    first_hash  blob not null check (length(first_hash) = 32),
    second_hash blob not null check (length(second_hash) = 32),
    sealed_at   integer not null,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;

-- The appliance's own: no tenant's rows.

-- Keys that sign access tokens. seed: wrapped by the key-encryption key.
create table signing_keys (
    id          blob not null check (length(id) = 16),
    public_key  blob not null check (length(public_key) = 32),
    seed        blob not null,
    created_at  integer not null,
    signs_from  integer not null,
    primary key (id)
) strict, without rowid;
