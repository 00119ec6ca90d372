-- What the tenant's policy said of each sink, as last put on record.
alter table audit_sinks add column decision jsonb;

-- Legal holds on what was said to a model, and on what is at least so sensitive.
alter table holds add column model text;
alter table holds add column classification text
    check (classification in ('public', 'internal', 'confidential', 'restricted'));
