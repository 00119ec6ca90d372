-- The audit logs become RFC 6962 trees, and can be searched. Entries keep their bytes; the chain is gone.

-- This migration sees every log, and fills in the new columns of what is there.
select set_config('leeward.scope', 'platform', true);
alter table audit_entries disable trigger audit_entries_no_change;

alter table audit_heads drop column chain_hash;
-- The newest time of any record, and what it was before the last append: that append needs to know.
alter table audit_heads add column last_at timestamptz not null default 'epoch';
alter table audit_heads add column before_at timestamptz not null default 'epoch';

alter table audit_entries drop column chain_hash;
alter table audit_entries add column outcome text not null default 'success';
alter table audit_entries add column object_type text;
alter table audit_entries add column object_id text;
alter table audit_entries add column trace text;
alter table audit_entries add column source text;

update audit_entries set
    outcome = case when event ~ '\.(failed|refused|throttled|aborted|detected|exited)$' then 'failure' else 'success' end,
    object_type = convert_from(entry, 'UTF8')::jsonb #>> '{object,type}',
    object_id = convert_from(entry, 'UTF8')::jsonb #>> '{object,id}',
    trace = convert_from(entry, 'UTF8')::jsonb ->> 'trace',
    source = convert_from(entry, 'UTF8')::jsonb ->> 'source';
update audit_heads set last_at =
    coalesce((select max(at) from audit_entries where audit_entries.log_id = audit_heads.log_id), 'epoch');

alter table audit_entries enable trigger audit_entries_no_change;

-- Listings go by time, then place.
drop index audit_entries_by_event;
drop index audit_entries_by_actor;
create index audit_entries_by_time on audit_entries (log_id, at, seq);
create index audit_entries_by_event on audit_entries (log_id, event, at, seq);
create index audit_entries_by_actor on audit_entries (log_id, actor_id, at, seq) where actor_id is not null;
create index audit_entries_by_object on audit_entries (log_id, object_id, at, seq) where object_id is not null;
create index audit_entries_by_request on audit_entries (log_id, request_id, at, seq) where request_id is not null;
create index audit_entries_by_trace on audit_entries (log_id, trace, at, seq) where trace is not null;
create index audit_entries_by_failure on audit_entries (log_id, at, seq) where outcome = 'failure';

-- How far each log's tree has come: the newest checkpoint, cosignatures and all.
create table audit_trees (
    log_id uuid        not null,
    size   bigint      not null check (size >= 0),
    root   bytea       not null check (octet_length(root) = 32),
    at     timestamptz not null,
    note   text        not null,
    primary key (log_id)
);

-- Older checkpoints, about one for each ten minutes.
create table audit_checkpoints (
    log_id uuid        not null,
    size   bigint      not null check (size >= 0),
    root   bytea       not null check (octet_length(root) = 32),
    at     timestamptz not null,
    note   text        not null,
    primary key (log_id, size)
);

-- The trees' hashes, in the tiles of C2SP tlog-tiles: width hashes of 32 bytes each.
create table audit_tiles (
    log_id uuid   not null,
    level  bigint not null check (level between 0 and 63),
    place  bigint not null check (place >= 0),
    width  bigint not null check (width between 1 and 256),
    hashes bytea  not null check (octet_length(hashes) = width * 32),
    primary key (log_id, level, place)
);

-- How a log's key handed over to the next: what exports show to whoever knows only the old one.
create table audit_rotations (
    log_id  uuid   not null,
    size    bigint not null,
    old_key text   not null,
    new_key text   not null,
    note    text   not null,
    primary key (log_id, size)
);

-- How far each sink has got with each log.
create table audit_sinks (
    sink       text        not null,
    log_id     uuid        not null,
    next_seq   bigint      not null check (next_seq >= 0),
    success_at timestamptz,
    error_at   timestamptz,
    error      text,
    primary key (sink, log_id)
);

alter table audit_trees enable row level security;
alter table audit_trees force row level security;
create policy audit_trees_isolation on audit_trees using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_checkpoints enable row level security;
alter table audit_checkpoints force row level security;
create policy audit_checkpoints_isolation on audit_checkpoints
    using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_tiles enable row level security;
alter table audit_tiles force row level security;
create policy audit_tiles_isolation on audit_tiles using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_rotations enable row level security;
alter table audit_rotations force row level security;
create policy audit_rotations_isolation on audit_rotations
    using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_sinks enable row level security;
alter table audit_sinks force row level security;
create policy audit_sinks_isolation on audit_sinks using (leeward_may(log_id)) with check (leeward_may(log_id));
