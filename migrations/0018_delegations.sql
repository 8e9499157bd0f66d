-- delegation ----------------------------------------------------------------------------------------------
-- Who stands in for whom in matters, on which days (YYYY-MM-DD, both included).
create table delegation (
  id bytea not null,
  org_id bytea not null,
  giver_id bytea not null,
  taker_id bytea not null,
  from_on text not null,
  until_on text not null,
  state text not null,
  offered_at bigint not null,
  changed_at bigint not null,
  version bigint not null,
  constraint delegation_pk primary key (id),
  constraint delegation_state check (state in ('offered','accepted','declined','revoked'))
);
create index delegation_giver_ix on delegation (giver_id, id);
create index delegation_taker_ix on delegation (taker_id, id);

-- matter --------------------------------------------------------------------------------------------------
-- In whose place whoever did a step did it.
alter table matter_step add column in_place_of bytea;
