-- Alerts over the logs, and what witnesses have seen: of ours, and of other appliances' logs by us.

create table audit_alerts (
    log_id     uuid        not null,
    id         uuid        not null,
    name       text        not null,
    definition jsonb       not null,
    made_by    uuid,
    made_at    timestamptz not null,
    -- The next record it looks at.
    next_seq   bigint      not null check (next_seq >= 0),
    -- Its last firing, and the place of the record that made it fire.
    fired      jsonb,
    fired_seq  bigint,
    primary key (log_id, id)
);
create unique index audit_alerts_name on audit_alerts (log_id, name);

alter table audit_alerts enable row level security;
alter table audit_alerts force row level security;
create policy audit_alerts_isolation on audit_alerts using (leeward_may(log_id)) with check (leeward_may(log_id));

-- How far each witness has cosigned each log, and what it failed with last.
create table audit_witnesses (
    witness     text        not null,
    log_id      uuid        not null,
    size        bigint      not null check (size >= 0),
    cosigned_at timestamptz,
    error       text,
    error_at    timestamptz,
    primary key (witness, log_id)
);

alter table audit_witnesses enable row level security;
alter table audit_witnesses force row level security;
create policy audit_witnesses_isolation on audit_witnesses using (leeward_may(log_id)) with check (leeward_may(log_id));

-- A checkpoint with cosignatures gives way in the history only to another one that has some.
alter table audit_checkpoints add column cosigned boolean not null default false;

-- What this appliance has cosigned last of each log of others. log names it as its checkpoints do; these logs are
-- nobody's here, so no tenant sees them.
create table witnessed (
    appliance text        not null,
    log       text        not null,
    size      bigint      not null check (size >= 0),
    root      bytea       not null check (length(root) = 32),
    note      text        not null,
    at        timestamptz not null,
    primary key (appliance, log)
);
