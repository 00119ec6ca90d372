-- The first schema. ids: 16 bytes of UUID; instants: microseconds since 1970 (UTC); JSON: text.
-- Every row of a tenant names it, and every reference between rows carries the tenant along, so that no
-- row can point into another tenant. postgres/0001_init.sql is the same schema in PostgreSQL's types.

create table tenants (
    id          blob    not null check (length(id) = 16),
    name        text    not null,
    status      text    not null check (status in ('active', 'disabled')),
    policy      text    not null check (json_valid(policy)),
    wrapped_key blob    not null,
    created_at  integer not null,
    primary key (id)
) strict, without rowid;
create unique index tenants_name on tenants (name);

create table users (
    tenant_id     blob    not null references tenants (id),
    id            blob    not null check (length(id) = 16),
    email         text    not null,
    display_name  text    not null,
    roles         text    not null check (json_valid(roles)),
    status        text    not null check (status in ('active', 'disabled')),
    password_hash text,
    created_at    integer not null,
    last_login_at integer,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index users_email on users (tenant_id, email);
create index users_by_email on users (email);

create table api_keys (
    tenant_id    blob    not null,
    id           blob    not null check (length(id) = 16),
    user_id      blob    not null,
    name         text    not null,
    prefix       text    not null,
    secret_hash  blob    not null check (length(secret_hash) = 32),
    created_at   integer not null,
    expires_at   integer,
    revoked_at   integer,
    last_used_at integer,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
) strict, without rowid;
create unique index api_keys_name on api_keys (tenant_id, name) where revoked_at is null;
create unique index api_keys_secret_hash on api_keys (secret_hash);
create index api_keys_by_user on api_keys (tenant_id, user_id);

create table sessions (
    tenant_id    blob    not null,
    id           blob    not null check (length(id) = 16),
    user_id      blob    not null,
    token_hash   blob    not null check (length(token_hash) = 32),
    created_at   integer not null,
    expires_at   integer not null,
    last_seen_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
) strict, without rowid;
create unique index sessions_token_hash on sessions (token_hash);
create index sessions_by_user on sessions (tenant_id, user_id);
create index sessions_by_expiry on sessions (expires_at);

create table conversations (
    tenant_id  blob    not null,
    id         blob    not null check (length(id) = 16),
    user_id    blob    not null,
    model      text    not null,
    title      blob    not null,
    created_at integer not null,
    updated_at integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
) strict;
create index conversations_recent on conversations (tenant_id, user_id, updated_at, id);

create table messages (
    tenant_id         blob    not null,
    id                blob    not null check (length(id) = 16),
    conversation_id   blob    not null,
    position          integer not null,
    role              text    not null,
    content           blob    not null,
    model             text,
    finish_reason     text,
    prompt_tokens     integer,
    completion_tokens integer,
    created_at        integer not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
) strict;
create unique index messages_position on messages (tenant_id, conversation_id, position);

-- The audit logs. log_id is the tenant, or 16 zero bytes for the platform's own log; it refers to no table,
-- so that a log outlives its tenant.
create table audit_heads (
    log_id     blob    not null check (length(log_id) = 16),
    next_seq   integer not null check (next_seq >= 0),
    chain_hash blob    not null check (length(chain_hash) = 32),
    primary key (log_id)
) strict, without rowid;

create table audit_entries (
    log_id     blob    not null check (length(log_id) = 16),
    seq        integer not null check (seq >= 0),
    id         blob    not null check (length(id) = 16),
    at         integer not null,
    event      text    not null,
    phase      text    not null check (phase in ('intent', 'outcome', 'event')),
    actor_id   blob,
    request_id blob,
    entry      blob    not null,
    chain_hash blob    not null check (length(chain_hash) = 32),
    primary key (log_id, seq)
) strict;
create unique index audit_entries_id on audit_entries (id);
create index audit_entries_by_event on audit_entries (log_id, event, seq);
create index audit_entries_by_actor on audit_entries (log_id, actor_id, seq) where actor_id is not null;

create table audit_open (
    log_id     blob    not null check (length(log_id) = 16),
    request_id blob    not null check (length(request_id) = 16),
    seq        integer not null,
    instance   blob    not null check (length(instance) = 16),
    primary key (log_id, request_id)
) strict, without rowid;

create trigger audit_entries_no_update before update on audit_entries
begin
    select raise(abort, 'audit_entries is append-only');
end;
create trigger audit_entries_no_delete before delete on audit_entries
begin
    select raise(abort, 'audit_entries is append-only');
end;
-- INSERT OR REPLACE would delete without firing the delete trigger.
create trigger audit_entries_no_replace before insert on audit_entries
when exists (select 1 from audit_entries where log_id = new.log_id and seq = new.seq)
    or exists (select 1 from audit_entries where id = new.id)
begin
    select raise(abort, 'audit_entries is append-only');
end;
