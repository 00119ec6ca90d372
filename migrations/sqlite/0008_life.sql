-- Legal holds, what was erased for good, and an index for what has run its time.

-- What a hold names must all fit a conversation for it to be held; one that names nothing holds everything.
create table holds (
    tenant_id       blob    not null references tenants (id),
    id              blob    not null check (length(id) = 16),
    reason          text    not null,
    user_id         blob,
    conversation_id blob,
    from_at         integer,
    to_at           integer,
    placed_by       blob    not null,
    placed_at       integer not null,
    released_by     blob,
    released_at     integer,
    primary key (tenant_id, id)
) strict, without rowid;

-- Destroyed keys, in the order they were destroyed. They refer to nothing: they outlive what they are about.
create table tombstones (
    seq       integer primary key autoincrement,
    tenant_id blob    not null,
    holder    text    not null,
    key_id    text    not null,
    at        integer not null,
    record    blob    not null
) strict;
create unique index tombstones_key on tombstones (tenant_id, key_id);
create index tombstones_record on tombstones (tenant_id, record);

create index conversations_by_age on conversations (tenant_id, updated_at, id);
