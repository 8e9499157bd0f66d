-- Versions of the numbers of the rules after the delivered ones (CH-37.1). A row is a proposal until somebody else
-- approves it; an approved one never changes. `number` is the version, from 2; `begins_on` counts days since 1970.
create table parameter_version (
  id bytea not null,
  name text not null,
  number bigint not null,
  value bigint not null,
  begins_on bigint not null,
  state text not null,
  proposed_by bytea not null,
  proposed_at bigint not null,
  decided_by bytea,
  decided_at bigint,
  version bigint not null,
  constraint parameter_version_pk primary key (id),
  constraint parameter_version_state check (state in ('proposed','approved','rejected'))
);
create unique index parameter_version_number_uq on parameter_version (name, number);
