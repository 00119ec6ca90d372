-- The first schema. sqlite/0001_init.sql is the same schema in SQLite's types; the file names must agree.
-- Every row of a tenant names it, every reference between rows carries the tenant along, and row-level
-- security (at the end) shows a transaction the rows of the tenant it named and no others.

create table tenants (
    id          uuid        not null,
    name        text        not null,
    status      text        not null check (status in ('active', 'disabled')),
    policy      jsonb       not null,
    wrapped_key bytea       not null,
    created_at  timestamptz not null,
    primary key (id)
);
create unique index tenants_name on tenants (name);

create table users (
    tenant_id     uuid        not null references tenants (id),
    id            uuid        not null,
    email         text        not null,
    display_name  text        not null,
    roles         jsonb       not null,
    status        text        not null check (status in ('active', 'disabled')),
    password_hash text,
    created_at    timestamptz not null,
    last_login_at timestamptz,
    primary key (tenant_id, id)
);
create unique index users_email on users (tenant_id, email);
create index users_by_email on users (email);

create table api_keys (
    tenant_id    uuid        not null,
    id           uuid        not null,
    user_id      uuid        not null,
    name         text        not null,
    prefix       text        not null,
    secret_hash  bytea       not null check (octet_length(secret_hash) = 32),
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create unique index api_keys_name on api_keys (tenant_id, name) where revoked_at is null;
create unique index api_keys_secret_hash on api_keys (secret_hash);
create index api_keys_by_user on api_keys (tenant_id, user_id);

create table sessions (
    tenant_id    uuid        not null,
    id           uuid        not null,
    user_id      uuid        not null,
    token_hash   bytea       not null check (octet_length(token_hash) = 32),
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create unique index sessions_token_hash on sessions (token_hash);
create index sessions_by_user on sessions (tenant_id, user_id);
create index sessions_by_expiry on sessions (expires_at);

create table conversations (
    tenant_id  uuid        not null,
    id         uuid        not null,
    user_id    uuid        not null,
    model      text        not null,
    title      bytea       not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index conversations_recent on conversations (tenant_id, user_id, updated_at, id);

create table messages (
    tenant_id         uuid        not null,
    id                uuid        not null,
    conversation_id   uuid        not null,
    position          bigint      not null,
    role              text        not null,
    content           bytea       not null,
    model             text,
    finish_reason     text,
    prompt_tokens     bigint,
    completion_tokens bigint,
    created_at        timestamptz not null,
    primary key (tenant_id, id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
create unique index messages_position on messages (tenant_id, conversation_id, position);

-- The audit logs. log_id is the tenant, or the nil UUID for the platform's own log; it refers to no table,
-- so that a log outlives its tenant.
create table audit_heads (
    log_id     uuid   not null,
    next_seq   bigint not null check (next_seq >= 0),
    chain_hash bytea  not null check (octet_length(chain_hash) = 32),
    primary key (log_id)
);

create table audit_entries (
    log_id     uuid        not null,
    seq        bigint      not null check (seq >= 0),
    id         uuid        not null,
    at         timestamptz not null,
    event      text        not null,
    phase      text        not null check (phase in ('intent', 'outcome', 'event')),
    actor_id   uuid,
    request_id uuid,
    entry      bytea       not null,
    chain_hash bytea       not null check (octet_length(chain_hash) = 32),
    primary key (log_id, seq)
);
create unique index audit_entries_id on audit_entries (id);
create index audit_entries_by_event on audit_entries (log_id, event, seq);
create index audit_entries_by_actor on audit_entries (log_id, actor_id, seq) where actor_id is not null;

create table audit_open (
    log_id     uuid   not null,
    request_id uuid   not null,
    seq        bigint not null,
    instance   uuid   not null,
    primary key (log_id, request_id)
);

create function audit_entries_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entries is append-only';
end;
$$;
create trigger audit_entries_no_change before update or delete on audit_entries
    for each row execute function audit_entries_append_only();
create trigger audit_entries_no_truncate before truncate on audit_entries
    for each statement execute function audit_entries_append_only();

-- Row-level security, forced so that it binds the tables' owner too. A transaction that named neither a
-- tenant nor the platform's scope sees nothing and can write nothing.
create function leeward_may(row_tenant uuid) returns boolean language sql stable as $$
    select row_tenant = nullif(current_setting('leeward.tenant', true), '')::uuid
        or current_setting('leeward.scope', true) = 'platform'
$$;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenants_isolation on tenants using (leeward_may(id)) with check (leeward_may(id));

alter table users enable row level security;
alter table users force row level security;
create policy users_isolation on users using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy api_keys_isolation on api_keys using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table sessions enable row level security;
alter table sessions force row level security;
create policy sessions_isolation on sessions using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table conversations enable row level security;
alter table conversations force row level security;
create policy conversations_isolation on conversations
    using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table messages enable row level security;
alter table messages force row level security;
create policy messages_isolation on messages using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table audit_heads enable row level security;
alter table audit_heads force row level security;
create policy audit_heads_isolation on audit_heads using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy audit_entries_isolation on audit_entries
    using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_open enable row level security;
alter table audit_open force row level security;
create policy audit_open_isolation on audit_open using (leeward_may(log_id)) with check (leeward_may(log_id));
