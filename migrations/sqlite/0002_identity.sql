-- Identity and tenancy. Every tenant table follows 0001's rules: the tenant in every row and reference.

alter table tenants add column sign_in text not null default '{}';
-- Tenants from before the separation of duties keep what they had; their security officers may turn it on.
update tenants set sign_in = '{"self_audit":true}';
alter table users add column kind text not null default 'person' check (kind in ('person', 'service', 'break_glass'));
-- Who keeps the account: 'local', 'scim', or the id of the identity provider that made it.
alter table users add column origin text not null default 'local';
alter table users add column external_id text;
alter table users add column must_change_password integer not null default 0;
-- A guest: signs in at home, and acts here once they accepted.
alter table users add column home_tenant blob;
alter table users add column home_user blob;
alter table users add column home_accepted_at integer;
create unique index users_external_id on users (tenant_id, external_id) where external_id is not null;
create unique index users_home on users (tenant_id, home_tenant, home_user) where home_user is not null;
create index users_by_home on users (home_tenant, home_user) where home_user is not null;

alter table sessions add column method text not null default 'password';
alter table sessions add column second_factor text;
-- What is missing before the session may do everything: 'full' means nothing.
alter table sessions add column stage text not null default 'full' check (stage in ('full', 'second_factor', 'enrol_second_factor', 'change_password'));
alter table sessions add column idle_s integer not null default 0;
alter table sessions add column source text;
alter table sessions add column user_agent text;
alter table sessions add column provider_id blob;
alter table sessions add column provider_sid text;
alter table sessions add column provider_subject text;
create index sessions_by_provider on sessions (tenant_id, provider_id, provider_subject) where provider_id is not null;

create table roles (
    tenant_id   blob not null references tenants (id),
    id          blob not null check (length(id) = 16),
    name        text not null,
    permissions text not null,
    created_at  integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index roles_name on roles (tenant_id, name);

create table groups (
    tenant_id   blob not null references tenants (id),
    id          blob not null check (length(id) = 16),
    name        text not null,
    external_id text,
    roles       text not null,
    created_at  integer not null,
    updated_at  integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index groups_name on groups (tenant_id, name);
create unique index groups_external_id on groups (tenant_id, external_id) where external_id is not null;

create table group_members (
    tenant_id blob not null,
    group_id  blob not null,
    user_id   blob not null,
    primary key (tenant_id, group_id, user_id),
    foreign key (tenant_id, group_id) references groups (tenant_id, id) on delete cascade,
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;
create index group_members_by_user on group_members (tenant_id, user_id);

alter table api_keys add column scopes text;
alter table api_keys add column networks text;
-- The key that took this one's place; both work until this one's expiry.
alter table api_keys add column successor_id blob;
drop index api_keys_name;
create unique index api_keys_name on api_keys (tenant_id, name) where revoked_at is null and successor_id is null;

-- Second factors and passkeys. Secrets are sealed under the tenant's key.
create table totp_factors (
    tenant_id    blob not null,
    user_id      blob not null,
    secret       blob not null,
    last_step    integer,
    created_at   integer not null,
    confirmed_at integer,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;

create table recovery_codes (
    tenant_id blob not null,
    user_id   blob not null,
    code_hash blob not null check (length(code_hash) = 32),
    primary key (tenant_id, user_id, code_hash),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;

create table passkeys (
    tenant_id     blob not null,
    id            blob not null check (length(id) = 16),
    user_id       blob not null,
    credential_id blob not null,
    credential    blob not null,
    name          text not null,
    created_at    integer not null,
    last_used_at  integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;
create unique index passkeys_credential_id on passkeys (credential_id);
create index passkeys_by_user on passkeys (tenant_id, user_id);

-- What a sign-in or an enrolment needs to remember between two requests; taken once. No tenant: nobody knows
-- yet who signs in.
create table ceremonies (
    tenant_id  blob references tenants (id) on delete cascade,
    token_hash blob not null check (length(token_hash) = 32),
    kind       text not null,
    user_id    blob,
    state      blob not null,
    expires_at integer not null,
    primary key (token_hash)
) strict, without rowid;
create index ceremonies_by_expiry on ceremonies (expires_at);

-- Networks a user has signed in from: their failures are counted apart from a stranger's.
create table known_networks (
    tenant_id    blob not null,
    user_id      blob not null,
    network      text not null,
    last_used_at integer not null,
    primary key (tenant_id, user_id, network),
    foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict, without rowid;

-- The appliance's own: no tenant's rows.

-- Failed sign-ins by a digest of what they are counted under (an account and a network, an account, a network).
create table sign_in_failures (
    bucket        blob not null check (length(bucket) = 32),
    failures      integer not null,
    first_at      integer not null,
    blocked_until integer,
    expires_at    integer not null,
    primary key (bucket)
) strict, without rowid;
create index sign_in_failures_by_expiry on sign_in_failures (expires_at);

-- Counts changes to who may do what; every gateway forgets what it cached when it moves.
create table security_epoch (
    id    integer not null check (id = 1),
    epoch integer not null,
    primary key (id)
) strict, without rowid;
insert into security_epoch (id, epoch) values (1, 1);
