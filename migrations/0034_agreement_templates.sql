-- agreement_template --------------------------------------------------------------------------------------
-- The templates of agreements by their names, and every version of each: one draft and one in force at most.
create table agreement_template (
  id bytea not null,
  name text not null,
  created_at bigint not null,
  version bigint not null,
  constraint agreement_template_pk primary key (id)
);
create unique index agreement_template_name_uq on agreement_template (name);

create table agreement_template_version (
  template_id bytea not null,
  number bigint not null,
  text text not null,
  state text not null,
  words text not null,
  written_by bytea not null,
  written_at bigint not null,
  decision text,
  decided_by bytea,
  decided_at bigint,
  constraint agreement_template_version_pk primary key (template_id, number),
  constraint agreement_template_version_state check (state in ('draft','in_force','superseded','dropped'))
);
