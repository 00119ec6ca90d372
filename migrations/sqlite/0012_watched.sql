-- Alerts over the logs, and what witnesses have seen: of ours, and of other appliances' logs by us.

create table audit_alerts (
    log_id     blob    not null check (length(log_id) = 16),
    id         blob    not null check (length(id) = 16),
    name       text    not null,
    definition text    not null,
    made_by    blob,
    made_at    integer not null,
    -- The next record it looks at.
    next_seq   integer not null check (next_seq >= 0),
    -- Its last firing, and the place of the record that made it fire.
    fired      text,
    fired_seq  integer,
    primary key (log_id, id)
) strict, without rowid;
create unique index audit_alerts_name on audit_alerts (log_id, name);

-- How far each witness has cosigned each log, and what it failed with last.
create table audit_witnesses (
    witness     text    not null,
    log_id      blob    not null check (length(log_id) = 16),
    size        integer not null check (size >= 0),
    cosigned_at integer,
    error       text,
    error_at    integer,
    primary key (witness, log_id)
) strict, without rowid;

-- A checkpoint with cosignatures gives way in the history only to another one that has some.
alter table audit_checkpoints add column cosigned integer not null default 0 check (cosigned in (0, 1));

-- What this appliance has cosigned last of each log of others. log names it as its checkpoints do; these logs are
-- nobody's here, so no tenant sees them.
create table witnessed (
    appliance text    not null,
    log       text    not null,
    size      integer not null check (size >= 0),
    root      blob    not null check (length(root) = 32),
    note      text    not null,
    at        integer not null,
    primary key (appliance, log)
) strict, without rowid;
