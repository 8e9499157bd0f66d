-- Companies that ask to be organisations. `contact` is who can be reached and what was said, JSON sealed under
-- `key_version`; `receipt` is the digest of the secret by which whoever filed reads the state; `org_id` and `staff_id` are
-- what came of it; `decided_by` is who acted last.
create table registration (
  id bytea not null,
  state text not null,
  name text not null,
  uscc text not null,
  division text not null,
  class text not null,
  key_version bigint not null,
  contact bytea not null,
  receipt bytea not null,
  filed_at bigint not null,
  changed_at bigint not null,
  reason text,
  decided_by bytea,
  org_id bytea,
  staff_id bytea,
  version bigint not null,
  constraint registration_pk primary key (id),
  constraint registration_state check (state in ('waiting','confirmed','declined','opened','lapsed'))
);
create index registration_state_ix on registration (state, id);
