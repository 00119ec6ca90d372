-- What the house decided about its models, and the names that stand for them. The models themselves are in the store on
-- disk; a model nobody decided about has no row. None of it belongs to a tenant.

create table models (
    name    text   not null primary key,
    -- Counts changes, so that of two at the same time one succeeds.
    version bigint not null check (version > 0),
    listing jsonb  not null
);

create table model_aliases (
    alias  text  not null primary key,
    target jsonb not null
);
