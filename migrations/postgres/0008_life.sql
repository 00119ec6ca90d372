-- Legal holds, what was erased for good, and an index for what has run its time.

-- What a hold names must all fit a conversation for it to be held; one that names nothing holds everything.
create table holds (
    tenant_id       uuid        not null references tenants (id),
    id              uuid        not null,
    reason          text        not null,
    user_id         uuid,
    conversation_id uuid,
    from_at         timestamptz,
    to_at           timestamptz,
    placed_by       uuid        not null,
    placed_at       timestamptz not null,
    released_by     uuid,
    released_at     timestamptz,
    primary key (tenant_id, id)
);

-- Destroyed keys, in the order they were destroyed. They refer to nothing: they outlive what they are about.
create table tombstones (
    seq       bigint      generated always as identity primary key,
    tenant_id uuid        not null,
    holder    text        not null,
    key_id    text        not null,
    at        timestamptz not null,
    record    uuid        not null
);
create unique index tombstones_key on tombstones (tenant_id, key_id);
create index tombstones_record on tombstones (tenant_id, record);

create index conversations_by_age on conversations (tenant_id, updated_at, id);

alter table holds enable row level security;
alter table holds force row level security;
create policy holds_isolation on holds using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table tombstones enable row level security;
alter table tombstones force row level security;
create policy tombstones_isolation on tombstones using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));
