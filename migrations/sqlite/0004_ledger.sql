-- The audit logs become RFC 6962 trees, and can be searched. Entries keep their bytes; the chain is gone.

drop trigger audit_entries_no_update;

alter table audit_heads drop column chain_hash;
-- The newest time of any record, and what it was before the last append: that append needs to know.
alter table audit_heads add column last_at integer not null default 0;
alter table audit_heads add column before_at integer not null default 0;

alter table audit_entries drop column chain_hash;
alter table audit_entries add column outcome text not null default 'success';
alter table audit_entries add column object_type text;
alter table audit_entries add column object_id text;
alter table audit_entries add column trace text;
alter table audit_entries add column source text;

update audit_entries set
    outcome = case when event like '%.failed' or event like '%.refused' or event like '%.throttled'
        or event like '%.aborted' or event like '%.detected' or event like '%.exited' then 'failure' else 'success' end,
    object_type = json_extract(cast(entry as text), '$.object.type'),
    object_id = json_extract(cast(entry as text), '$.object.id'),
    trace = json_extract(cast(entry as text), '$.trace'),
    source = json_extract(cast(entry as text), '$.source');
update audit_heads set last_at =
    coalesce((select max(at) from audit_entries where audit_entries.log_id = audit_heads.log_id), 0);

create trigger audit_entries_no_update before update on audit_entries
begin
    select raise(abort, 'audit_entries is append-only');
end;

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
    log_id blob    not null check (length(log_id) = 16),
    size   integer not null check (size >= 0),
    root   blob    not null check (length(root) = 32),
    at     integer not null,
    note   text    not null,
    primary key (log_id)
) strict, without rowid;

-- Older checkpoints, about one for each ten minutes.
create table audit_checkpoints (
    log_id blob    not null check (length(log_id) = 16),
    size   integer not null check (size >= 0),
    root   blob    not null check (length(root) = 32),
    at     integer not null,
    note   text    not null,
    primary key (log_id, size)
) strict, without rowid;

-- The trees' hashes, in the tiles of C2SP tlog-tiles: width hashes of 32 bytes each.
create table audit_tiles (
    log_id blob    not null check (length(log_id) = 16),
    level  integer not null check (level between 0 and 63),
    place  integer not null check (place >= 0),
    width  integer not null check (width between 1 and 256),
    hashes blob    not null check (length(hashes) = width * 32),
    primary key (log_id, level, place)
) strict;

-- How a log's key handed over to the next: what exports show to whoever knows only the old one.
create table audit_rotations (
    log_id    blob    not null check (length(log_id) = 16),
    size      integer not null,
    old_key   text    not null,
    new_key   text    not null,
    note      text    not null,
    primary key (log_id, size)
) strict, without rowid;

-- How far each sink has got with each log.
create table audit_sinks (
    sink       text    not null,
    log_id     blob    not null check (length(log_id) = 16),
    next_seq   integer not null check (next_seq >= 0),
    success_at integer,
    error_at   integer,
    error      text,
    primary key (sink, log_id)
) strict, without rowid;
