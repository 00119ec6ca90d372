-- Identity and tenancy. Every tenant table follows 0001's rules: the tenant in every row and reference.

alter table tenants add column sign_in jsonb not null default '{}';
-- Tenants from before the separation of duties keep what they had; their security officers may turn it on.
update tenants set sign_in = '{"self_audit":true}';
alter table users add column kind text not null default 'person' check (kind in ('person', 'service', 'break_glass'));
-- Who keeps the account: 'local', 'scim', or the id of the identity provider that made it.
alter table users add column origin text not null default 'local';
alter table users add column external_id text;
alter table users add column must_change_password boolean not null default false;
-- A guest: signs in at home, and acts here once they accepted.
alter table users add column home_tenant uuid;
alter table users add column home_user uuid;
alter table users add column home_accepted_at timestamptz;
create unique index users_external_id on users (tenant_id, external_id) where external_id is not null;
create unique index users_home on users (tenant_id, home_tenant, home_user) where home_user is not null;
create index users_by_home on users (home_tenant, home_user) where home_user is not null;

alter table sessions add column method text not null default 'password';
alter table sessions add column second_factor text;
-- What is missing before the session may do everything: 'full' means nothing.
alter table sessions add column stage text not null default 'full' check (stage in ('full', 'second_factor', 'enrol_second_factor', 'change_password'));
alter table sessions add column idle_s bigint not null default 0;
alter table sessions add column source text;
alter table sessions add column user_agent text;
alter table sessions add column provider_id uuid;
alter table sessions add column provider_sid text;
alter table sessions add column provider_subject text;
create index sessions_by_provider on sessions (tenant_id, provider_id, provider_subject) where provider_id is not null;

create table roles (
    tenant_id   uuid not null references tenants (id),
    id          uuid not null,
    name        text not null,
    permissions jsonb not null,
    created_at  timestamptz not null,
    primary key (tenant_id, id)
);
create unique index roles_name on roles (tenant_id, name);

create table groups (
    tenant_id   uuid not null references tenants (id),
    id          uuid not null,
    name        text not null,
    external_id text,
    roles       jsonb not null,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    primary key (tenant_id, id)
);
create unique index groups_name on groups (tenant_id, name);
create unique index groups_external_id on groups (tenant_id, external_id) where external_id is not null;

create table group_members (
    tenant_id uuid not null,
    group_id  uuid not null,
    user_id   uuid not null,
    primary key (tenant_id, group_id, user_id),
    foreign key (tenant_id, group_id) references groups (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index group_members_by_user on group_members (tenant_id, user_id);

alter table api_keys add column scopes jsonb;
alter table api_keys add column networks jsonb;
-- The key that took this one's place; both work until this one's expiry.
alter table api_keys add column successor_id uuid;
drop index api_keys_name;
create unique index api_keys_name on api_keys (tenant_id, name) where revoked_at is null and successor_id is null;

-- Second factors and passkeys. Secrets are sealed under the tenant's key.
create table totp_factors (
    tenant_id    uuid not null,
    user_id      uuid not null,
    secret       bytea not null,
    last_step    bigint,
    created_at   timestamptz not null,
    confirmed_at timestamptz,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);

create table recovery_codes (
    tenant_id uuid not null,
    user_id   uuid not null,
    code_hash bytea not null check (length(code_hash) = 32),
    primary key (tenant_id, user_id, code_hash),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);

create table passkeys (
    tenant_id     uuid not null,
    id            uuid not null,
    user_id       uuid not null,
    credential_id bytea not null,
    credential    bytea not null,
    name          text not null,
    created_at    timestamptz not null,
    last_used_at  timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create unique index passkeys_credential_id on passkeys (credential_id);
create index passkeys_by_user on passkeys (tenant_id, user_id);

-- What a sign-in or an enrolment needs to remember between two requests; taken once. No tenant: nobody knows
-- yet who signs in.
create table ceremonies (
    tenant_id  uuid references tenants (id) on delete cascade,
    token_hash bytea not null check (length(token_hash) = 32),
    kind       text not null,
    user_id    uuid,
    state      bytea not null,
    expires_at timestamptz not null,
    primary key (token_hash)
);
create index ceremonies_by_expiry on ceremonies (expires_at);

-- Networks a user has signed in from: their failures are counted apart from a stranger's.
create table known_networks (
    tenant_id    uuid not null,
    user_id      uuid not null,
    network      text not null,
    last_used_at timestamptz not null,
    primary key (tenant_id, user_id, network),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);

-- The appliance's own: no tenant's rows.

-- Failed sign-ins by a digest of what they are counted under (an account and a network, an account, a network).
create table sign_in_failures (
    bucket        bytea not null check (length(bucket) = 32),
    failures      bigint not null,
    first_at      timestamptz not null,
    blocked_until timestamptz,
    expires_at    timestamptz not null,
    primary key (bucket)
);
create index sign_in_failures_by_expiry on sign_in_failures (expires_at);

-- Counts changes to who may do what; every gateway forgets what it cached when it moves.
create table security_epoch (
    id    bigint not null check (id = 1),
    epoch bigint not null,
    primary key (id)
);
insert into security_epoch (id, epoch) values (1, 1);

-- Row-level security for the tables above, as in 0001.
alter table roles enable row level security;
alter table roles force row level security;
create policy roles_isolation on roles using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table groups enable row level security;
alter table groups force row level security;
create policy groups_isolation on groups using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table group_members enable row level security;
alter table group_members force row level security;
create policy group_members_isolation on group_members using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table totp_factors enable row level security;
alter table totp_factors force row level security;
create policy totp_factors_isolation on totp_factors using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy recovery_codes_isolation on recovery_codes using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table passkeys enable row level security;
alter table passkeys force row level security;
create policy passkeys_isolation on passkeys using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table ceremonies enable row level security;
alter table ceremonies force row level security;
create policy ceremonies_isolation on ceremonies using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table known_networks enable row level security;
alter table known_networks force row level security;
create policy known_networks_isolation on known_networks using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));
