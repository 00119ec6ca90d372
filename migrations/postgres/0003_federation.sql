-- Federation, tokens, projects. Every tenant table follows 0001's rules: the tenant in every row and reference.

-- Outside parties users sign in with. settings: how to reach it and whom it lets in; secret: sealed under the
-- tenant's key.
create table identity_providers (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    name       text not null,
    kind       text not null check (kind in ('oidc', 'ldap', 'certificate')),
    enabled    boolean not null,
    settings   jsonb not null,
    secret     bytea,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, id)
);
create unique index identity_providers_name on identity_providers (tenant_id, name);

-- Whose user a subject of a provider is.
create table provider_subjects (
    tenant_id   uuid not null,
    provider_id uuid not null,
    subject     text not null,
    user_id     uuid not null,
    created_at  timestamptz not null,
    primary key (tenant_id, provider_id, subject),
    foreign key (tenant_id, provider_id) references identity_providers (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index provider_subjects_by_user on provider_subjects (tenant_id, user_id);

-- Foreign issuers whose tokens are exchanged for ours. An issuer and audience belong to one tenant only.
create table token_issuers (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    name       text not null,
    enabled    boolean not null,
    issuer     text not null,
    audience   text not null,
    settings   jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, id)
);
create unique index token_issuers_name on token_issuers (tenant_id, name);
create unique index token_issuers_issuer on token_issuers (issuer, audience);

-- What access tokens stand on: while the row lives, its tokens do.
create table token_grants (
    tenant_id    uuid not null,
    id           uuid not null,
    user_id      uuid not null,
    kind         text not null check (kind in ('personal', 'api_key', 'workload')),
    name         text not null,
    api_key_id   uuid,
    issuer_id    uuid,
    subject      text,
    scopes       jsonb,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    last_used_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade,
    foreign key (tenant_id, api_key_id) references api_keys (tenant_id, id) on delete cascade,
    foreign key (tenant_id, issuer_id) references token_issuers (tenant_id, id) on delete cascade
);
create index token_grants_by_user on token_grants (tenant_id, user_id);
create index token_grants_by_expiry on token_grants (expires_at);

create table refresh_tokens (
    tenant_id  uuid not null,
    token_hash bytea not null check (length(token_hash) = 32),
    grant_id   uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- When it was first exchanged; shortly after that it may be shown again, later its whole grant ends.
    used_at    timestamptz,
    primary key (token_hash),
    foreign key (tenant_id, grant_id) references token_grants (tenant_id, id) on delete cascade
);
create index refresh_tokens_by_grant on refresh_tokens (tenant_id, grant_id);

-- Token ids that may be used once, until the token itself has expired.
create table used_tokens (
    tenant_id  uuid not null references tenants (id),
    digest     bytea not null check (length(digest) = 32),
    expires_at timestamptz not null,
    primary key (tenant_id, digest)
);
create index used_tokens_by_expiry on used_tokens (expires_at);

create table projects (
    tenant_id  uuid not null references tenants (id),
    id         uuid not null,
    name       text not null,
    created_at timestamptz not null,
    primary key (tenant_id, id)
);
create unique index projects_name on projects (tenant_id, name);

create table project_members (
    tenant_id  uuid not null,
    project_id uuid not null,
    user_id    uuid not null,
    role       text not null check (role in ('admin', 'member')),
    primary key (tenant_id, project_id, user_id),
    foreign key (tenant_id, project_id) references projects (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index project_members_by_user on project_members (tenant_id, user_id);

alter table api_keys add column project_id uuid;
create index api_keys_by_project on api_keys (tenant_id, project_id) where project_id is not null;

-- The emergency account's credential, in two halves; used once.
create table break_glass_seals (
    tenant_id   uuid not null,
    user_id     uuid not null,
    first_hash  bytea not null check (length(first_hash) = 32),
    second_hash bytea not null check (length(second_hash) = 32),
    sealed_at   timestamptz not null,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);

-- The appliance's own: no tenant's rows.

-- Keys that sign access tokens. seed: wrapped by the key-encryption key.
create table signing_keys (
    id          uuid not null,
    public_key  bytea not null check (length(public_key) = 32),
    seed        bytea not null,
    created_at  timestamptz not null,
    signs_from  timestamptz not null,
    primary key (id)
);

-- Row-level security for the tables above, as in 0001.
alter table identity_providers enable row level security;
alter table identity_providers force row level security;
create policy identity_providers_isolation on identity_providers using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table provider_subjects enable row level security;
alter table provider_subjects force row level security;
create policy provider_subjects_isolation on provider_subjects using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table token_issuers enable row level security;
alter table token_issuers force row level security;
create policy token_issuers_isolation on token_issuers using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table token_grants enable row level security;
alter table token_grants force row level security;
create policy token_grants_isolation on token_grants using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy refresh_tokens_isolation on refresh_tokens using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table used_tokens enable row level security;
alter table used_tokens force row level security;
create policy used_tokens_isolation on used_tokens using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table projects enable row level security;
alter table projects force row level security;
create policy projects_isolation on projects using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table project_members enable row level security;
alter table project_members force row level security;
create policy project_members_isolation on project_members using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table break_glass_seals enable row level security;
alter table break_glass_seals force row level security;
create policy break_glass_seals_isolation on break_glass_seals using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));
