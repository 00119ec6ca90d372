-- How residency policies change, and what was decided under them.

-- The policies a tenant has had. Version 1 comes with the tenant and nobody proposed it: `enacted` is null.
create table policies (
    tenant_id uuid   not null references tenants (id),
    version   bigint not null check (version > 0),
    policy    jsonb  not null,
    enacted   jsonb,
    primary key (tenant_id, version)
);

create table policy_proposals (
    tenant_id    uuid        not null references tenants (id),
    id           uuid        not null,
    state        text        not null check (state in ('open', 'approved', 'enacted', 'withdrawn', 'superseded')),
    proposal     jsonb       not null,
    -- What it would have replaced when it was made.
    base         jsonb       not null,
    effective_at timestamptz not null,
    created_at   timestamptz not null,
    primary key (tenant_id, id)
);
create index policy_proposals_due on policy_proposals (effective_at) where state = 'approved';

-- How often what was decided, by day (since 1970-01-01 UTC): for planning. The log is the evidence.
-- A deleted tenant's log may still grow, so that no tenant need be there.
create table residency_decisions (
    tenant_id    uuid    not null,
    day          bigint  not null,
    purpose      text    not null,
    site         text    not null,
    region       text    not null,
    jurisdiction text    not null,
    ceiling      text    not null,
    class        text    not null,
    allowed      boolean not null,
    count        bigint  not null check (count > 0),
    primary key (tenant_id, day, purpose, site, region, jurisdiction, ceiling, class, allowed)
);

alter table policies enable row level security;
alter table policies force row level security;
create policy policies_isolation on policies using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table policy_proposals enable row level security;
alter table policy_proposals force row level security;
create policy policy_proposals_isolation on policy_proposals
    using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));

alter table residency_decisions enable row level security;
alter table residency_decisions force row level security;
create policy residency_decisions_isolation on residency_decisions
    using (leeward_may(tenant_id)) with check (leeward_may(tenant_id));
