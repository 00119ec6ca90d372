-- How residency policies change, and what was decided under them.

-- The policies a tenant has had. Version 1 comes with the tenant and nobody proposed it: `enacted` is null.
create table policies (
    tenant_id blob    not null references tenants (id),
    version   integer not null check (version > 0),
    policy    text    not null,
    enacted   text,
    primary key (tenant_id, version)
) strict, without rowid;

create table policy_proposals (
    tenant_id    blob    not null references tenants (id),
    id           blob    not null check (length(id) = 16),
    state        text    not null check (state in ('open', 'approved', 'enacted', 'withdrawn', 'superseded')),
    proposal     text    not null,
    -- What it would have replaced when it was made.
    base         text    not null,
    effective_at integer not null,
    created_at   integer not null,
    primary key (tenant_id, id)
) strict, without rowid;
create index policy_proposals_due on policy_proposals (effective_at) where state = 'approved';

-- How often what was decided, by day (since 1970-01-01 UTC): for planning. The log is the evidence.
-- A deleted tenant's log may still grow, so that no tenant need be there.
create table residency_decisions (
    tenant_id    blob    not null,
    day          integer not null,
    purpose      text    not null,
    site         text    not null,
    region       text    not null,
    jurisdiction text    not null,
    ceiling      text    not null,
    class        text    not null,
    allowed      integer not null check (allowed in (0, 1)),
    count        integer not null check (count > 0),
    primary key (tenant_id, day, purpose, site, region, jurisdiction, ceiling, class, allowed)
) strict, without rowid;
