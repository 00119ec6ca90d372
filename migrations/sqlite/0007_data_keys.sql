-- Data keys: one for each conversation (or person), wrapped under the tenant's key. id names the key as sealed content
-- does; holder is what the wrapped key is bound to.
create table data_keys (
    tenant_id  blob    not null references tenants (id),
    id         text    not null check (length(id) = 16),
    holder     text    not null check (holder like 'conversation/cnv_%' or holder like 'user/usr_%'),
    wrapped    blob    not null,
    created_at integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create unique index data_keys_holder on data_keys (tenant_id, holder);

-- Null: a conversation from before, sealed under the tenant's key. There is no foreign key, so that of a key that was
-- destroyed alone the name remains: what it sealed is then known to be erased, and not taken for damaged.
alter table conversations add column data_key text;

-- However a conversation goes (with its user, with its tenant, alone), its key goes in the same statement.
create trigger conversations_delete_data_key after delete on conversations
begin
    delete from data_keys where tenant_id = old.tenant_id and id = old.data_key;
end;
