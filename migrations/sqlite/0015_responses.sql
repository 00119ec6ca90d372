-- A stored response is a conversation of its own that no chat lists: response names it. Its two messages are what was asked
-- and what was answered. So it has a data key, and is held, exported, erased, run out and backed up as conversations are.
alter table conversations add column response blob check (response is null or length(response) = 16);
create unique index conversations_response on conversations (tenant_id, response) where response is not null;
