-- How much of what is asked and answered is kept with the audit log, by tenant. What was so before: keyed digests.
alter table tenants add column capture text not null default 'digests'
    check (capture in ('none', 'metadata', 'digests', 'content'));

-- Captured content is a conversation of its own that no chat lists: captured names the inference it is of. So it has a
-- data key, and is held, exported, erased and backed up as conversations are.
alter table conversations add column captured blob check (captured is null or length(captured) = 16);
create unique index conversations_captured on conversations (tenant_id, captured) where captured is not null;
create index conversations_captured_by_age on conversations (tenant_id, updated_at, id) where captured is not null;
-- Each kind runs out by its own time.
drop index conversations_by_age;
create index conversations_by_age on conversations (tenant_id, updated_at, id) where captured is null;
