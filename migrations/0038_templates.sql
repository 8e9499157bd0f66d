-- template ------------------------------------------------------------------------------------------------
-- Templates by their names, of agreements or of notices about one topic, and every version of each: one draft and one in force at
-- most. Those of agreements were in tables of their own.
create table template (
  id bytea not null,
  name text not null,
  kind text not null,
  topic text,
  created_at bigint not null,
  version bigint not null,
  constraint template_pk primary key (id),
  constraint template_kind check (
    (kind = 'agreement' and topic is null)
    or (kind = 'notice' and topic is not null and topic in ('upgrade','maintenance','pause','resumption')))
);
create unique index template_name_uq on template (name);
insert into template (id, name, kind, topic, created_at, version)
  select id, name, 'agreement', null, created_at, version from agreement_template;
drop table agreement_template;

create table template_version (
  template_id bytea not null,
  number bigint not null,
  subject text,
  text text not null,
  state text not null,
  words text not null,
  written_by bytea not null,
  written_at bigint not null,
  decision text,
  decided_by bytea,
  decided_at bigint,
  constraint template_version_pk primary key (template_id, number),
  constraint template_version_state check (state in ('draft','in_force','superseded','dropped'))
);
insert into template_version (template_id, number, subject, text, state, words, written_by, written_at, decision, decided_by, decided_at)
  select template_id, number, null, text, state, words, written_by, written_at, decision, decided_by, decided_at
  from agreement_template_version;
drop table agreement_template_version;
