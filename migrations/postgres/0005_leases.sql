-- What only one process does at a time, although several could: who does it, and until when unless it says so again.
create table leases (
    name   text        not null primary key,
    holder uuid        not null,
    until  timestamptz not null
);
