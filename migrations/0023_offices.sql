-- assignment ----------------------------------------------------------------------------------------------
-- Into whose hands an office has put a matter, each time anew: the newest line holds, one without anybody lays it down.
create table matter_assignment (
  matter_id bytea not null,
  org_id bytea not null,
  number bigint not null,
  staff_id bytea,
  at bigint not null,
  by_id bytea not null,
  words text,
  constraint matter_assignment_pk primary key (matter_id, org_id, number)
) clustered;

-- advice --------------------------------------------------------------------------------------------------
-- What an office was asked about a matter, and what it said; `closed_*` of the answer, or of whoever took it back.
create table advice (
  id bytea not null,
  matter_id bytea not null,
  state text not null,
  party text not null,
  division text not null,
  asked_at bigint not null,
  asked_by bytea not null,
  asked_org bytea not null,
  words text not null,
  closed_at bigint,
  closed_by bytea,
  closed_org bytea,
  answer text,
  files text not null,
  constraint advice_pk primary key (id)
);
create index advice_matter_ix on advice (matter_id);
create index advice_office_ix on advice (party, division, state);
