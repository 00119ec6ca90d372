-- What searches walk, apart from the entries and filled a moment after them: an append touches few pages.

-- This migration sees every log.
select set_config('leeward.scope', 'platform', true);

create table audit_index (
    log_id      uuid        not null,
    seq         bigint      not null,
    at          timestamptz not null,
    event       text        not null,
    outcome     text        not null,
    actor_id    uuid,
    object_type text,
    object_id   text,
    request_id  uuid,
    trace       text,
    source      text,
    primary key (log_id, seq)
);

-- How far the index of each log goes: the next entry it gets.
create table audit_indexed (
    log_id   uuid   not null primary key,
    next_seq bigint not null check (next_seq >= 0)
);

insert into audit_index (log_id, seq, at, event, outcome, actor_id, object_type, object_id, request_id, trace, source)
    select log_id, seq, at, event, outcome, actor_id, object_type, object_id, request_id, trace, source
    from audit_entries;
insert into audit_indexed (log_id, next_seq) select log_id, next_seq from audit_heads;

drop index audit_entries_by_time;
drop index audit_entries_by_event;
drop index audit_entries_by_actor;
drop index audit_entries_by_object;
drop index audit_entries_by_request;
drop index audit_entries_by_trace;
drop index audit_entries_by_failure;
create index audit_index_by_time on audit_index (log_id, at, seq);
create index audit_index_by_event on audit_index (log_id, event, at, seq);
create index audit_index_by_actor on audit_index (log_id, actor_id, at, seq) where actor_id is not null;
create index audit_index_by_object on audit_index (log_id, object_id, at, seq) where object_id is not null;
create index audit_index_by_request on audit_index (log_id, request_id, at, seq) where request_id is not null;
create index audit_index_by_trace on audit_index (log_id, trace, at, seq) where trace is not null;
create index audit_index_by_failure on audit_index (log_id, at, seq) where outcome = 'failure';

alter table audit_index enable row level security;
alter table audit_index force row level security;
create policy audit_index_isolation on audit_index using (leeward_may(log_id)) with check (leeward_may(log_id));

alter table audit_indexed enable row level security;
alter table audit_indexed force row level security;
create policy audit_indexed_isolation on audit_indexed using (leeward_may(log_id)) with check (leeward_may(log_id));
